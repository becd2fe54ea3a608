"""Error texts as people see them: the right kind, and a remedy of its own for each."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from planted import NO_PAYLOAD
from situations import FIREHOSE, a_function, evidence

from checks.error_remedies import REMEDIES
from checks.evidence import Filter
from checks.facts.error_texts import ErrorKind
from checks.runbook import walk

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases/errors.yaml").read_text())
STEPS = {"060": "no_account_integration_errors", "070": "no_function_instrumentation_errors"}
KINDS = {
    "SCP": ErrorKind.SERVICE_CONTROL_POLICY,
    "KMS": ErrorKind.KMS,
    "layers count": ErrorKind.LAYERS,
    "layers two versions": ErrorKind.LAYER_VERSIONS,
    "Firehose missing": ErrorKind.FIREHOSE_MISSING,
    "CloudTrail quota": ErrorKind.TRAILS,
    "role quota and buckets": ErrorKind.QUOTA,
    "unknown": ErrorKind.OTHER,
}
"""Where the cases' word for a kind is another one than ours."""
FILTERS = {"no filter": 0, "one foreign filter": 1, "two foreign filters": 2}
WORDS = {
    "remove dependencies or layers": "Remove unused dependencies or layers",
    "delete old versions": "Delete old function and layer versions",
    "raise the quota": "quota",
    "remove one": "Remove one",
    "remove the older one": "older version",
    "region is not served": "serves this region",
    "or a service control policy": "service control policy",
    "shorten or move variables": "Shorten variables, or move",
    "remove that variable": "Remove the reserved variable",
    "the key's policy must allow Dashboard's role": "key's policy allow ServerlessRole",
    "move to a supported runtime first": "Move to a supported runtime first",
    "wait a minute": "Wait a minute",
    "wait until it is Active": "Active",
    "fix the function's role": "Fix the function's role",
    "the organization's administrators must allow it": "organization's administrators",
    "widen the boundary": "Widen the permissions boundary",
    "see the filters": "Remove a subscription filter that nobody needs",
    "toggle again in a few minutes": "Wait a few minutes",
    "find who else calls Lambda's API": "who else calls Lambda's API",
    "invoke the function once": "send a test event",
    "then toggle": "Turn Instrument off, save, turn it on",
    "use a group of the class STANDARD": "class STANDARD",
    "toggle again": "Turn Instrument off, save, turn it on",
    "say what removing and adding the integration does to the whole account, then how": (
        "For every function of the account: remove this account's integration and add it again"
    ),
    "delete one": "delete an unused one",
    "the role is gone or its trust was changed": "exists and trusts",
    "Dashboard's list is old": "Reload the list",
    "remove a trail": "Remove a trail",
    "delete the leftover role first": "Delete the IAM role that is left over",
    "remove buckets": "remove what nobody needs",
    "shorten or remove": "remove what nobody needs",
    "that organization must remove it": "Have that organization remove",
    "the role or its trust is gone": "exists and trusts Serverless",
    "enable the region": "Enable the region",
    "contact support with the text": "support",
}


def line_of(case):
    step = STEPS[case["step"]]
    count = FILTERS.get(case.get("with"), 5 if "five" in case.get("with", "") else 0)
    changes = {
        "answers": {step: case["text"]},
        "filters": tuple(Filter(f"other-{n}", f"{FIREHOSE}-{n}") for n in range(count)),
        "function": a_function(layers=()),
        "environment": {},
        "log": NO_PAYLOAD,
    }
    if case.get("with") == "no Firehose":
        changes["log_firehose"] = None
    return walk(evidence(**changes)).line(step)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kind']}: {case['text'][:40]}")
def test_kind_and_remedy(case):
    line = line_of(case)
    kind = KINDS.get(case["kind"]) or ErrorKind(case["kind"])

    if not (kind is ErrorKind.OTHER and case["step"] == "060"):
        assert line.code == kind.name.lower()
    assert all(WORDS[wanted] in line.remedy for wanted in case["remedy"]), line.remedy
    if kind is not ErrorKind.OTHER:
        assert "Serverless's support" not in line.remedy
    assert "FEATURES" not in line.saw


def test_every_kind_has_a_remedy():
    assert set(REMEDIES) == set(ErrorKind)
    assert all(len(remedy.headline) <= 60 for remedy in REMEDIES.values())
