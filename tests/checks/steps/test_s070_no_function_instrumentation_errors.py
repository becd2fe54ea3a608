"""Lambda's own reason first, then what a person pasted; evidence decides what words mean."""

from __future__ import annotations

import pytest
from situations import FIREHOSE, HEALTHY_LOG, a_function, a_log, outcome_of, seen
from worlds import a_log_of

from checks.error_remedies import CODES as KINDS
from checks.error_remedies import code_of
from checks.evidence import DeliveryStream, Expected, Filter, Missing
from checks.facts.error_texts import OWN_REASONS, REASON_CODES, ErrorKind
from checks.instrumentation_errors import ANSWERS, NONE, SOME
from checks.log.sample import Kind
from checks.model import Ask, Verdict
from checks.s070_no_function_instrumentation_errors import CODES, QUESTION

SLUG = "no_function_instrumentation_errors"
BARE = a_log(seen(Kind.FINISHED))
HIDDEN = Missing("Denied.", "logs:DescribeSubscriptionFilters")
THROTTLED = "Rate exceeded"
TEST_MESSAGE = "Could not deliver test message to the specified Firehose stream"


def others(count):
    return tuple(Filter(f"other-{n}", f"{FIREHOSE}-{n}") for n in range(count))


def tried(answer=None, *, log=BARE, filters=(), **changes):
    expected = changes.pop("expected", Expected())
    firehose = changes.pop("log_firehose", DeliveryStream(FIREHOSE, "ACTIVE"))
    return outcome_of(
        SLUG,
        answers={SLUG: answer} if answer else {},
        function=a_function(**changes),
        log=log,
        filters=filters,
        expected=expected,
        log_firehose=firehose,
    )


def done(outcome):
    return [action.do for action in outcome.actions]


def test_codes_are_its_own_and_the_kinds_of_texts():
    assert set(CODES) == {"update_failed", "updating", *KINDS}
    assert tried(error_code="InternalError").code == "update_failed"
    assert tried(update_status="InProgress").code == "updating"
    assert tried("Oops").code == code_of(ErrorKind.OTHER)


def test_without_an_error_only_dashboard_can_tell():
    outcome = tried()

    assert isinstance(outcome, Ask)
    assert (outcome.question, outcome.answers) == (QUESTION, ANSWERS)
    assert outcome.presumes.verdict is Verdict.OK
    assert tried(NONE) == outcome.presumes


def test_update_under_way_is_a_notice_unless_somebody_answered():
    outcome = tried(update_status="InProgress")

    assert (outcome.verdict, done(outcome)) == (
        Verdict.NOTICE,
        ["Check again when it has finished"],
    )
    assert tried(NONE, update_status="InProgress").verdict is Verdict.OK
    assert tried("Oops", update_status="InProgress").verdict is Verdict.PROBLEM


@pytest.mark.parametrize("code", [code for code, kind in REASON_CODES.value.items()])
@pytest.mark.parametrize("log", [BARE, HEALTHY_LOG], ids=["silent", "reporting"])
def test_code_of_a_failed_update_has_its_kind(code, log):
    kind = REASON_CODES.value[code]
    outcome = tried(error_code=code, log=log)
    reporting = log is HEALTHY_LOG

    assert outcome.code == ("update_failed" if kind is ErrorKind.OTHER else code_of(kind))
    assert outcome.verdict is (Verdict.NOTICE if reporting else Verdict.PROBLEM)
    assert code in outcome.saw
    assert ("and reports" in outcome.saw) is reporting
    deploys = any("Deploy checkout again" in each for each in done(outcome))
    assert deploys is (reporting or kind is ErrorKind.OTHER)
    assert len(outcome.actions) == (
        1 + (kind in OWN_REASONS) if reporting else len(outcome.actions)
    )


def test_failed_update_without_a_reason_says_so():
    plain = tried(error_code="InternalError").saw
    with_text = tried(error_code="InternalError", error="Oops").saw

    assert plain.endswith("failed (InternalError), without a reason.")
    assert with_text.endswith("failed (InternalError: Oops).")
    assert tried(error="Oops").saw.endswith("failed (Oops).")


def test_reason_of_the_update_comes_before_what_was_pasted():
    outcome = tried("Cannot reference more than 5 layers.", error=THROTTLED)

    assert outcome.code == code_of(ErrorKind.THROTTLED)


@pytest.mark.parametrize("answer", [SOME, "There is one"])
def test_error_without_its_text_wants_the_text(answer):
    outcome = tried(answer)

    assert (outcome.verdict, outcome.code) == (Verdict.PROBLEM, code_of(ErrorKind.OTHER))
    assert outcome.saw == "Dashboard shows an error beside the function."
    assert done(outcome) == ["Send that text to Serverless's support (the widget in Dashboard)"]


@pytest.mark.parametrize(
    ("filters", "expected", "kind"),
    [
        ((), Expected(), ErrorKind.THROTTLED),
        (others(2), Expected(), ErrorKind.THROTTLED),
        (others(4), Expected(), ErrorKind.THROTTLED),
        (others(5), Expected(), ErrorKind.FILTER_LIMIT),
        (others(2), Expected(filter_limit=2), ErrorKind.FILTER_LIMIT),
        ((*others(5), Filter("logs", FIREHOSE)), Expected(), ErrorKind.THROTTLED),
        (HIDDEN, Expected(), ErrorKind.THROTTLED),
    ],
)
@pytest.mark.parametrize("pasted", [True, False])
def test_rate_exceeded_means_the_filters_where_they_prove_it(filters, expected, kind, pasted):
    how = {"answer": THROTTLED} if pasted else {"error": THROTTLED}
    outcome = tried(**how, filters=filters, expected=expected)

    assert outcome.code == code_of(kind)
    first = "Remove a subscription filter" if kind is ErrorKind.FILTER_LIMIT else "Wait a few"
    assert done(outcome)[0].startswith(first)
    assert done(outcome)[-1].startswith("Turn Instrument off")


@pytest.mark.parametrize(
    ("firehose", "kind"),
    [
        (None, ErrorKind.FIREHOSE_MISSING),
        (DeliveryStream(FIREHOSE, "ACTIVE"), ErrorKind.FIREHOSE_NOT_READY),
        (DeliveryStream(FIREHOSE, "CREATING"), ErrorKind.FIREHOSE_NOT_READY),
        (Missing("Denied."), ErrorKind.FIREHOSE_NOT_READY),
    ],
)
def test_firehose_is_missing_only_where_it_was_not_found(firehose, kind):
    assert tried(TEST_MESSAGE, log_firehose=firehose).code == code_of(kind)


def test_pasted_text_is_quoted_with_its_kind():
    text = "Cannot reference more than 5 layers."
    outcome = tried(text)

    assert outcome.verdict is Verdict.PROBLEM
    assert outcome.saw == f"Dashboard says (layer limit): {text}"
    assert len(done(outcome)) == 2
    assert len(tried("x" * 999).saw) < 400


PASTED = {
    "Cannot reference more than 5 layers.": True,
    "Unzipped size must be smaller than 262144000 bytes": True,
    "Layer version arn:x does not exist.": True,
    "An update is in progress": True,
    "KMSAccessDeniedException": True,
    "LimitExceededException": False,
    "Firehose is unable to assume role x": False,
    "not supported for log groups in the INFREQUENT_ACCESS class": False,
    "Rate exceeded": False,
    "Oops": False,
}
"""Whether a payload proves it wrong: what keeps the filter off the log group, it does not."""


@pytest.mark.parametrize(("text", "overruled"), PASTED.items())
def test_payload_overrules_a_pasted_error_of_what_it_proves(text, overruled):
    silent, reporting = tried(text), tried(text, log=HEALTHY_LOG)

    assert silent.verdict is Verdict.PROBLEM
    assert reporting.verdict is (Verdict.NOTICE if overruled else Verdict.PROBLEM)
    assert (reporting.code, reporting.headline) == (silent.code, silent.headline)
    if overruled:
        assert reporting.saw == f"{silent.saw.rstrip('.')}. Yet the function reports."
        assert not any(action.instruments for action in reporting.actions)
        assert reporting.actions == silent.actions[: len(reporting.actions)]


def test_payload_of_before_the_error_is_of_no_use_once_they_stopped():
    stopped = a_log_of(["payload", "bare", "bare", "bare"])

    assert tried("Cannot reference more than 5 layers.", log=stopped).verdict is Verdict.PROBLEM


def test_frozen_version_is_deployed_again_not_toggled():
    outcome = tried(THROTTLED, qualifier="live", version="7")

    assert not any(each.startswith("Turn Instrument") for each in done(outcome))


def test_text_that_is_plain_means_what_it_says_whatever_is_full_or_missing():
    text = "Cannot reference more than 5 layers."

    assert tried(text, log_firehose=None).code == code_of(ErrorKind.LAYERS)
    assert tried(text, filters=others(5)).code == code_of(ErrorKind.LAYERS)


def test_headline_is_of_the_kind_or_of_the_failed_update():
    assert tried(error_code="InternalError").headline == "The function's last update failed"
    assert tried(error=THROTTLED).headline == "AWS throttled the instrumentation"
