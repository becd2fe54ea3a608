"""
The planted causes: what was read of a function, and what is right to say of it.

Each is broken on purpose, so the right answer is known beforehand and is not slsdiag's own. They
come from the demo functions in each language, from situations that people described in public
(tests/cases), and from those of the steps' tests, as they are and moved to another place.
"""

from __future__ import annotations

import os
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml

from bot.agents.bundle import EVIDENCE, MANIFEST, REPORT, Asked, pack
from bot.diagnosis.gather import function_check
from bot.playground.account import FakeAws
from bot.playground.account.demo_functions import DEMO_FUNCTIONS, ORG, plant
from bot.target import Target, parse
from checks.evidence import Evidence
from checks.runbook import walk

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
sys.path[:0] = [str(TESTS / "checks"), str(TESTS / "cases")]
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "demo",
    "AWS_SECRET_ACCESS_KEY": "demo",
    "AWS_REGION": "eu-west-1",
    "AWS_CONFIG_FILE": "/nonexistent",
    "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
}
KEYS = ("verdict", "cause", "impact")


@dataclass(frozen=True, slots=True)
class Case:
    """One planted cause; `right` has what may be said of each key."""

    name: str
    """For whoever reads the results: it must not reach who is asked."""
    evidence: Evidence
    right: Mapping[str, tuple[str | None, ...]]

    def bundle(self) -> bytes:
        """As `slsdiag bundle` writes it, with an empty object in the report's place."""
        return without_report(pack(self.evidence, Asked(), walk(self.evidence)))

    def allows(self, said: Mapping[str, Any]) -> bool:
        """Whether verdict, cause and impact are right."""
        return all(said.get(key) in self.right[key] for key in self.right)


def cases() -> list[Case]:
    """All of them, the same in every run but for the times."""
    with fake_aws() as aws:
        found = [*_demo_functions(aws), *_described(aws)]
    return [*found, *situations()]


@contextmanager
def fake_aws() -> Iterator[FakeAws]:
    """A fake AWS, which the environment of this process leads to."""
    with FakeAws() as aws:
        os.environ.update(CREDENTIALS | {"AWS_ENDPOINT_URL": aws.url})
        os.environ.pop("AWS_PROFILE", None)
        yield aws


def _fresh(aws: FakeAws) -> Any:
    aws.accounts.clear()
    aws.heal()
    return aws.account()


def _demo_functions(aws: FakeAws) -> Iterator[Case]:
    for name, wanted in DEMO_FUNCTIONS.items():
        for language in wanted.languages:
            plant(_fresh(aws), wanted, language)
            org = ORG if wanted.cause == "payload_names_our_org" else None
            evidence = function_check(Target("checkout", region=wanted.region), org=org).evidence()
            right = {key: (getattr(wanted, key),) for key in KEYS}
            yield Case(f"{name}, {language.kind}", evidence, right)


def _described(aws: FakeAws) -> Iterator[Case]:
    world: Any = import_module("world")
    stated = yaml.safe_load((TESTS / "cases" / "aws.yaml").read_text())
    worlds = {
        case["function"]: case["world"] for case in reversed(stated["cases"]) if "world" in case
    }
    for case in stated["cases"]:
        about = {"world": worlds.get(case["function"]), **case}
        world.build(_fresh(aws), about, stated["defaults"])
        for service, operation, code, message in world.refusals(case):
            aws.fail(service, operation, code, message=message)
        answers = dict(each.split("=", 1) for each in (case.get("ask") or [])[1::2])
        region = (about["world"] or {}).get("region")
        with _settings(case.get("settings") or {}):
            check = function_check(parse(case["function"], region=region), answers=answers)
            evidence = check.evidence()
        right = {key: tuple(case["expect"][key]) for key in KEYS if key in case["expect"]}
        yield Case(case["id"], evidence, right)


@contextmanager
def _settings(given: Mapping[str, object]) -> Iterator[None]:
    os.environ.update({name: str(value) for name, value in given.items()})
    try:
        yield
    finally:
        for name in given:
            del os.environ[name]


def situations() -> Iterator[Case]:
    """Those of the steps' tests."""
    healthy = import_module("situations").evidence
    for planted in import_module("planted").PLANTED:
        changes, verdict, cause, impact = planted.values
        right = {
            "verdict": (verdict.value,),
            "cause": (cause,),
            "impact": (impact.value if impact else None,),
        }
        evidence = healthy(**changes)
        yield Case(planted.id, evidence, right)
        yield Case(f"{planted.id}, elsewhere", _elsewhere(evidence), right)


def _elsewhere(evidence: Evidence) -> Evidence:
    """The same function under another name, in another account."""
    was = evidence.function
    arn = was.arn.replace(was.account, "210987654321").replace(was.name, "moved")
    return replace(evidence, function=replace(was, name="moved", account="210987654321", arn=arn))


def without_report(content: bytes) -> bytes:
    """A bundle that does not hold its own answer."""
    asked = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as held, zipfile.ZipFile(asked, "w") as written:
        for name in (EVIDENCE, MANIFEST):
            written.writestr(held.getinfo(name), held.read(name))
        written.writestr(zipfile.ZipInfo(REPORT), b"{}\n")
    return asked.getvalue()
