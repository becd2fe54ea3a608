"""GitLab's code quality report."""

from __future__ import annotations

import json
import re

from hostile import HOSTILE, findings

from bot.formats import gitlab
from bot.formats.findings import Finding, Findings, Unknown
from bot.formats.wording import shown

SEVERITIES = {"info", "minor", "major", "critical", "blocker"}


def held(document):
    """Read back, and held to what GitLab's page asks of each entry."""
    issues = json.loads(document)
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in SEVERITIES
        assert re.fullmatch(r"[0-9a-f]{64}", issue["fingerprint"])
        assert not issue["location"]["path"].startswith("./")
        assert issue["location"]["lines"]["begin"] >= 1
    fingerprints = [issue["fingerprint"] for issue in issues]
    assert len(set(fingerprints)) == len(fingerprints)
    return issues


def a_finding(line=7, step="wrapper_set", file="./api/serverless.yml", outcome="problem"):
    return Finding(file, line, 5, "orders", step, outcome, "Datadog owns the exec wrapper", ())


def test_a_problem():
    (issue,) = held(gitlab.document(Findings(1, 1, (a_finding(),))))

    assert issue["description"] == "orders: Datadog owns the exec wrapper"
    assert (issue["check_name"], issue["severity"]) == ("wrapper_set", "major")
    assert issue["location"] == {"path": "api/serverless.yml", "lines": {"begin": 7}}


def test_severities_say_what_is_worst():
    unknown = Unknown("a.yml", 1, None, None, "Fn::ForEach")
    given = Findings(
        1, 1, (a_finding(), a_finding(step="layer_attached", outcome="notice")), (unknown,)
    )

    assert [issue["severity"] for issue in held(gitlab.document(given))] == [
        "major",
        "info",
        "minor",
    ]


def test_a_fingerprint_outlives_a_move_but_not_another_file():
    (old,), (moved,), (elsewhere,) = (
        held(gitlab.document(Findings(1, 1, (found,))))
        for found in (a_finding(), a_finding(line=70), a_finding(file="web/serverless.yml"))
    )

    assert old["fingerprint"] == moved["fingerprint"] != elsewhere["fingerprint"]


def test_two_findings_of_one_step_are_told_apart():
    assert len(held(gitlab.document(Findings(1, 1, (a_finding(), a_finding(line=9)))))) == 2


def test_an_error_is_no_clean_report():
    (issue,) = held(gitlab.error("lint", "usage", "No template was found."))

    assert (issue["severity"], issue["description"]) == ("blocker", "No template was found.")


def test_hostile_texts_come_back_as_they_are_shown():
    given = findings()
    issues = held(gitlab.document(given))

    assert len(issues) == 2 * len(HOSTILE)
    assert [each["description"] for each in issues[:200]] == [
        shown(f"{each.function + ': ' if each.function else ''}{each.headline}")
        for each in given.findings
    ]
