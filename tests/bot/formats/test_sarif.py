"""SARIF, held to its schema and to what GitHub's code scanning asks for."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hostile import HOSTILE, findings
from jsonschema import Draft4Validator

from bot.formats import sarif
from bot.formats.findings import Finding, Findings, Unknown
from bot.formats.fingerprints import relative
from bot.formats.wording import paragraphs
from checks.runbook import RUNBOOK

SCHEMA = Path(__file__).parents[2] / "fixtures" / "schemas" / "sarif-2.1.0-rtm.5.json"


@pytest.fixture(scope="module")
def held():
    """Reads a log back, by the schema and by GitHub's rules; gives its run."""
    validator = Draft4Validator(json.loads(SCHEMA.read_text()))

    def held(text):
        document = json.loads(text)
        assert [error.message for error in validator.iter_errors(document)] == []
        (run,) = document["runs"]
        rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        for result in run["results"]:
            assert rules[result["ruleIndex"]] == result["ruleId"]
            assert result["message"]["text"]
            (location,) = result["locations"]
            uri = location["physicalLocation"]["artifactLocation"]["uri"]
            assert urlsplit(uri)[:2] == ("", "")
            assert not uri.startswith(("/", "./"))
        return run

    return held


def a_finding(line=7, outcome="problem", file="./my api/serverless.yml"):
    return Finding(file, line, 5, "orders", "wrapper_set", outcome, "Datadog owns it", ())


def test_a_problem(held):
    (result,) = held(sarif.document(Findings(1, 1, (a_finding(),))))["results"]

    assert (result["ruleId"], result["level"]) == ("wrapper_set", "error")
    assert result["message"]["text"] == "orders: Datadog owns it"
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "my%20api/serverless.yml", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 7, "startColumn": 5},
            },
            "logicalLocations": [{"name": "orders", "kind": "function"}],
        }
    ]


def test_levels_follow_the_outcome(held):
    unknown = Unknown("a.yml", 1, None, None, "Fn::ForEach")
    given = Findings(1, 1, (a_finding(), a_finding(outcome="notice")), (unknown,))
    results = held(sarif.document(given))["results"]

    assert [each["level"] for each in results] == ["error", "note", "note"]
    assert [each["properties"]["outcome"] for each in results] == ["problem", "notice", "unknown"]
    assert results[2]["message"]["text"] == "Not known before the deploy: Fn::ForEach"


def test_every_step_is_a_rule_that_github_can_show(held):
    run = held(sarif.document(Findings(1, 1, ())))
    rules = run["tool"]["driver"]["rules"]

    assert run["results"] == []
    assert [rule["id"] for rule in rules] == [*(step.slug for step in RUNBOOK), "file_read"]
    for rule in rules:
        assert rule["help"]["text"].strip()
        for part in ("shortDescription", "fullDescription"):
            assert 0 < len(rule[part]["text"]) <= 1_024


def test_a_fingerprint_outlives_a_move_but_not_another_file(held):
    (old,), (moved,), (elsewhere,) = (
        held(sarif.document(Findings(1, 1, (found,))))["results"]
        for found in (a_finding(), a_finding(line=70), a_finding(file="serverless.yml"))
    )

    assert old["partialFingerprints"] == moved["partialFingerprints"]
    assert old["partialFingerprints"] != elsewhere["partialFingerprints"]


def test_an_error_is_a_run_that_failed(held):
    run = held(sarif.error("lint", "usage", "No template was found."))
    (invocation,) = run["invocations"]

    assert not invocation["executionSuccessful"]
    (notification,) = invocation["toolExecutionNotifications"]
    assert notification["message"]["text"] == "No template was found."


def test_hostile_texts_come_back_as_they_are_shown(held):
    given = findings()
    results = held(sarif.document(given))["results"]
    uris = [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in results]

    assert len(results) == 2 * len(HOSTILE)
    assert [r["message"]["text"].split("\n")[0] for r in results[:200]] == [
        paragraphs([f"{each.function + ': ' if each.function else ''}{each.headline}"])
        for each in given.findings
    ]
    assert all(uri.isascii() for uri in uris)
    assert [unquote(uri, errors="surrogatepass") for uri in uris] == [
        relative(each.file) for each in given.every
    ]
