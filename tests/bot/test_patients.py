"""Every planted cause is found over the wire: cause, verdict, impact, exit status."""

from __future__ import annotations

import json
import logging

import pytest

from bot.looking import look
from bot.playground.account.patients import CANARIES, ORG, PATIENTS, plant
from checks.model import Symptom
from checks.report import as_json, exit_status

CASES = [
    pytest.param(patient, language, id=f"{name} {language.kind}")
    for name, patient in PATIENTS.items()
    for language in patient.languages
]
STATUS = {"healthy": 0, "notice": 0, "problem": 1, "waiting": 3}


@pytest.mark.parametrize(("patient", "language"), CASES)
def test_planted_cause_is_found(aws, patient, language, caplog):
    caplog.set_level(logging.DEBUG)
    plant(aws.account(), patient, language)
    org = ORG if patient.cause == "payload_names_our_org" else None

    report = look("checkout", region=None, account=None, org=org, answers={}).report(Symptom.BOTH)

    assert (report.verdict, report.cause, report.impact) == (
        patient.verdict,
        patient.cause,
        patient.impact,
    )
    assert exit_status(report) == STATUS[patient.verdict]
    assert aws.mutations() == []
    told = json.dumps(as_json(report)) + caplog.text
    assert not [canary for canary in CANARIES if canary in told]


def test_every_cause_has_a_patient():
    """All but the one that needs another partition, and the region's notice."""
    causes = {patient.cause for patient in PATIENTS.values()} - {None}

    assert len(causes) == 23


def test_qualifier_is_looked_at_with_its_own_configuration(aws):
    plant(aws.account(), PATIENTS["old version"], PATIENTS["old version"].languages[0])

    report = look("checkout:live", region=None, account=None, org=None, answers={}).report(
        Symptom.BOTH
    )

    assert report.function.qualifier == "live"
    assert report.cause == "function_instrumented"
