"""
Situations that people described in public, and what a report must say of each.

NOT_YET lists those whose report is not right yet; a listed one that is right fails, so that the
list can only shrink.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
import yaml
from situations import a_function, contradictions

from bot.diagnosis.gather import function_check
from bot.target import parse
from checks.account_actions import integrate_again
from checks.actions import ask_support, turn_off_and_on
from checks.evidence import Missing
from checks.facts.runtimes import LIFECYCLES
from checks.filter_slots import room_for_ours
from checks.model import Symptom, granting
from checks.report import as_json, spelled
from checks.variable_actions import remove_wrapper
from tests.bot.agents.bundles import replays
from tests.bot.diagnosis.card_rules import follows_the_rules

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER))

from world import build, refusals  # noqa: E402 - its folder is put on the path above

DOCUMENT = yaml.safe_load((FOLDER / "aws.yaml").read_text())
CASES = {case["id"]: case for case in DOCUMENT["cases"]}
WORLDS = {
    case["function"]: case["world"] for case in reversed(DOCUMENT["cases"]) if "world" in case
}
"""A case without a world of its own has that of its function's first."""
ADVICE = {
    "toggle_instrument": r"Turn Instrument o",
    "toggle_instrument_before_the_runtime": r"(?<!then deploy\. )Turn Instrument o",
    "remove_the_wrapper": r"[Rr]emove .*AWS_LAMBDA_EXEC_WRAPPER|Remove the tool that sets it",
    "remove_a_filter_without_proof": r"Remove a subscription filter",
    "remove_the_integration": r"[Rr]emove this account's integration",
    "add_it_again": r"add (it|the integration) again",
    "contact_support": r"Serverless's support",
    "allow_the_action_to_slsdiag": r"to slsdiag's role",
}
NOT_YET = frozenset({})


def wrong(case, report):
    """What the report says that it must not, or does not that it must."""
    expect = case["expect"]
    steps = {line.step: line for line in report.steps}
    remedy = (steps[report.cause].remedy or "") if report.cause else ""
    for key in ("verdict", "cause", "impact"):
        if getattr(report, key) not in expect.get(key, [getattr(report, key)]):
            yield f"{key} {getattr(report, key)}"
    for slug, allowed in (expect.get("steps") or {}).items():
        if steps[slug].outcome not in allowed:
            yield f"{slug} {steps[slug].outcome}"
    yield from wrong_words(expect, report, remedy)
    if expect.get("first_action_is_relief") and not re.match(
        r"(Now: )?(Remove|Set|Fix|Correct)", remedy, re.IGNORECASE
    ):
        yield f"relief is not first: {remedy}"


def wrong_words(expect, report, remedy):
    """In any case of letters."""
    document = str(as_json(report)).replace("\\n", " ").lower()
    for text, key in ((document, "says"), (remedy.lower(), "remedy_says")):
        for choice in expect.get(key) or ():
            if not any(_stated(word, report).lower() in text for word in choice):
                yield f"{key}: none of {choice}"
    for word in expect.get("never_says") or ():
        if word.lower() in document:
            yield f"says {word}"
    advised = "\n".join(line.remedy or "" for line in report.steps)
    for what in expect.get("never_advises") or ():
        if re.search(ADVICE[what], advised):
            yield f"advises {what}"


def _stated(word, report):
    """A choice that the case describes instead of spelling it out."""
    if word != "the year of AWS's date":
        return word
    return str(LIFECYCLES.value[report.function.runtime].deprecated.year)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_report_of_a_case_is_right(aws, case, monkeypatch):
    world = WORLDS.get(case["function"])
    build(aws.account(), {"world": world, **case}, DOCUMENT["defaults"])
    for refusal in refusals(case):
        aws.fail(*refusal[:3], message=refusal[3])
    answers = dict(each.split("=", 1) for each in (case.get("ask") or [])[1::2])
    for name, value in (case.get("settings") or {}).items():
        monkeypatch.setenv(name, str(value))
    region = (world or {}).get("region")
    checkable = function_check(parse(case["function"], region=region), answers=answers)
    evidence = checkable.evidence()
    report = checkable.judged(evidence, Symptom.BOTH)
    found = [*wrong(case, report), *map(str, contradictions(report))]

    assert bool(found) == (case["id"] in NOT_YET), found or "right by now: take it off the list"
    follows_the_rules(report)
    assert replays(checkable, evidence, report)


def test_advice_is_found_where_it_is_given():
    function = a_function(runtime="nodejs12.x")
    given = [
        *turn_off_and_on(a_function()),
        remove_wrapper(function),
        *room_for_ours(function, ()),
        integrate_again(),
        ask_support("it"),
        *granting(Missing("Denied.", "logs:FilterLogEvents")),
    ]
    said = [action.do for action in given]

    for what, pattern in ADVICE.items():
        assert any(re.search(pattern, each) for each in said), what
    moved = spelled(turn_off_and_on(function))
    assert not re.search(ADVICE["toggle_instrument_before_the_runtime"], moved)


def test_the_list_names_cases():
    assert set(CASES) >= NOT_YET
