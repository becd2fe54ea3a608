"""Every planted cause is found over the wire (cause, verdict, impact, exit status) and shown by the rules."""

from __future__ import annotations

import json
import logging

import pytest
from situations import contradictions

from bot.diagnosis.gather import function_check
from bot.playground.account.demo_functions import CANARIES, DEMO_FUNCTIONS, ORG, plant
from bot.target import Target
from checks.model import Symptom
from checks.report import as_json, exit_status
from tests.bot.agents.bundles import replays
from tests.bot.diagnosis.card_rules import follows_the_rules

CASES = [
    pytest.param(wanted, language, id=f"{name} {language.kind}")
    for name, wanted in DEMO_FUNCTIONS.items()
    for language in wanted.languages
]
STATUS = {"healthy": 0, "notice": 0, "problem": 1, "waiting": 3, "undetermined": 3}


@pytest.mark.parametrize(("wanted", "language"), CASES)
def test_planted_cause_is_found(aws, wanted, language, caplog):
    caplog.set_level(logging.DEBUG)
    plant(aws.account(), wanted, language)
    org = ORG if wanted.cause == "payload_names_our_org" else None

    checkable = function_check(Target("checkout", region=wanted.region), org=org)
    evidence = checkable.evidence()
    report = checkable.judged(evidence, Symptom.BOTH)

    assert (report.verdict, report.cause, report.impact) == (
        wanted.verdict,
        wanted.cause,
        wanted.impact,
    )
    assert contradictions(report) == []
    assert exit_status(report) == STATUS[wanted.verdict]
    assert aws.mutations() == []
    text = json.dumps(as_json(report)) + caplog.text
    assert not [canary for canary in CANARIES if canary in text]
    follows_the_rules(report)
    assert replays(checkable, evidence, report)


def test_every_cause_has_a_demo_function():
    """All but the one that needs another partition, and the region's notice."""
    causes = {wanted.cause for wanted in DEMO_FUNCTIONS.values()} - {None}

    assert len(causes) == 23


def test_qualifier_is_looked_at_with_its_own_configuration(aws):
    plant(aws.account(), DEMO_FUNCTIONS["old version"], DEMO_FUNCTIONS["old version"].languages[0])

    report = function_check(Target.of("checkout:live")).report(Symptom.BOTH)

    assert report.function.qualifier == "live"
    assert report.cause == "function_instrumented"


@pytest.mark.parametrize(("seconds", "verdict"), [(None, "waiting"), ("0", "problem")])
def test_how_long_a_repair_is_awaited_is_a_setting(aws, monkeypatch, seconds, verdict):
    wanted = DEMO_FUNCTIONS["removed a moment ago"]
    plant(aws.account(), wanted, wanted.languages[0])
    if seconds:
        monkeypatch.setenv("SLSDIAG_WATCH_SETTLE", seconds)

    report = function_check(Target("checkout")).report(Symptom.BOTH)

    assert (report.verdict, report.cause) == (verdict, "function_instrumented")
