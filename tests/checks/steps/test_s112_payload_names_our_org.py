"""The SDK never checks its org id; only the payload shows where the data goes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from situations import LATELY, YESTERDAY, a_function, a_log, a_payload, outcome_of, seen

from checks.evidence import Expected
from checks.log.sample import Kind
from checks.model import Impact, Verdict


def logged(*orgs, at=LATELY):
    return a_log(
        *(
            seen(Kind.TELEMETRY, at + timedelta(seconds=n), a_payload(org_id=org))
            for n, org in enumerate(orgs)
        )
    )


def tried(log, expected=None, **changes):
    return outcome_of(
        "payload_names_our_org",
        log=log,
        expected=Expected(org_id=expected),
        function=a_function(**changes),
    )


@pytest.mark.parametrize(
    ("orgs", "expected", "verdict", "code"),
    [
        (("org-a",), None, Verdict.OK, ""),
        (("org-a",), "org-a", Verdict.OK, ""),
        (("org-a", "org-a"), "org-a", Verdict.OK, ""),
        (("org-b",), "org-a", Verdict.PROBLEM, "other_org"),
        (("org-a", "org-b"), "org-a", Verdict.PROBLEM, "other_org"),
        (("",), "org-a", Verdict.PROBLEM, "other_org"),
        (("undefined",), "org-a", Verdict.PROBLEM, "other_org"),
        (("undefined",), None, Verdict.PROBLEM, "impossible"),
        (("org-a", "null"), None, Verdict.PROBLEM, "impossible"),
        (("${env:ORG}",), None, Verdict.PROBLEM, "impossible"),
        (("org-a", "org-b"), None, Verdict.OK, ""),
    ],
)
def test_finding_of_each_org(orgs, expected, verdict, code):
    outcome = tried(logged(*orgs), expected)

    assert (outcome.verdict, outcome.code) == (verdict, code)
    assert (outcome.impact is Impact.BLIND) == (verdict is Verdict.PROBLEM)
    assert all(org in outcome.saw for org in orgs)


def test_other_org_is_told_with_the_expected_one():
    outcome = tried(logged("org-b"), "org-a")

    assert "org-a" in outcome.saw
    assert "org-a" in outcome.actions[-1].command


def test_no_payload_tells_nothing():
    assert tried(a_log(seen(Kind.FINISHED))).verdict is Verdict.SKIPPED
    assert tried(logged("org-b", at=YESTERDAY - timedelta(hours=1)), "org-a").verdict is (
        Verdict.SKIPPED
    )


def test_payload_that_cannot_be_read_leaves_it_unknown():
    outcome = tried(a_log(seen(Kind.UNDECODABLE)), "org-a")

    assert (outcome.verdict, outcome.code) == (Verdict.UNKNOWN, "not_readable")


def test_no_org_is_named_as_none():
    assert "the org none" in tried(logged("")).saw


def test_frozen_version_gets_its_org_by_a_deployment():
    outcome = tried(logged("org-b"), "org-a", qualifier="live", version="7")

    assert outcome.actions[-1].command is None
    assert "new version is published" in outcome.actions[-1].do
