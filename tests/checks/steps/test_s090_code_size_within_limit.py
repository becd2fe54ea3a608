"""Only AWS's own text proves that the code is too large; a size is an estimate."""

from __future__ import annotations

import pytest
from situations import a_function, outcome_of
from worlds import a_log_of

from checks.facts.limits import CODE
from checks.facts.sdk import NODE, PYTHON
from checks.model import Impact, Verdict
from checks.s090_code_size_within_limit import UNZIPS_TO

TEXT = "Unzipped size must be smaller than 262144000 bytes"
BARE, REPORTS = a_log_of(["bare"]), a_log_of(["payload"])


def tried(log=BARE, pasted=None, layers=(), **changes):
    answers = {"no_function_instrumentation_errors": pasted} if pasted else {}
    function = a_function(layers=layers, **changes)
    return outcome_of("code_size_within_limit", function=function, log=log, answers=answers)


@pytest.mark.parametrize("how", [{"error": TEXT}, {"pasted": TEXT}])
def test_text_proves_it(how):
    outcome = tried(**how)

    assert (outcome.verdict, outcome.code) == (Verdict.PROBLEM, "too_large")
    assert outcome.impact is Impact.BLIND
    assert TEXT in outcome.saw
    assert "Turn Instrument off" in outcome.actions[-1].do


def test_function_that_reports_runs_on_as_it_was():
    outcome = tried(REPORTS, error=TEXT)

    assert (outcome.verdict, outcome.code) == (Verdict.NOTICE, "too_large")
    assert len(outcome.actions) == 1
    assert "Remove unused dependencies" in outcome.actions[0].do


def test_text_of_another_kind_proves_nothing():
    assert tried(error="Rate exceeded", pasted="No error").verdict is Verdict.OK


@pytest.mark.parametrize(
    ("log", "layers", "words"),
    [
        (BARE, a_function().layers, "is attached, so it fits"),
        (REPORTS, (), "nothing has to fit"),
    ],
)
def test_layer_that_is_there_or_not_needed_fits(log, layers, words):
    outcome = tried(log, layers=layers, code_size=999_999_999)

    assert outcome.verdict is Verdict.OK
    assert words in outcome.saw


@pytest.mark.parametrize(("language", "runtime"), [(NODE, "nodejs22.x"), (PYTHON, "python3.12")])
def test_estimate_is_called_one(language, runtime):
    edge = int((CODE.value - language.unzipped) / UNZIPS_TO)
    fits, too_much = (tried(runtime=runtime, code_size=edge + more) for more in (0, 1))

    assert (fits.verdict, too_much.verdict) == (Verdict.OK, Verdict.NOTICE)
    assert too_much.code == "may_not_fit"
    assert "(an estimate)" in too_much.saw
    assert "perhaps 250 of 250 MB" in too_much.saw
    assert f"Zipped {edge / 1_048_576:.1f} MB" in fits.saw
    assert f"{language.unzipped / 1_048_576:.1f} MB" in fits.saw


def test_what_cannot_be_estimated():
    assert tried(code_size=None).code == "size_unknown"
    assert tried(code_size=None).verdict is Verdict.UNKNOWN
    assert tried(runtime="java21").verdict is Verdict.SKIPPED
