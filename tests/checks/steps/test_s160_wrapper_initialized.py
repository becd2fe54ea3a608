"""How far the SDK says it came, where it was asked to say so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from situations import NOON, OURS_NODE, a_function, a_log, outcome_of, seen
from worlds import MINUTE, a_log_of

from checks.log.line import LogLine
from checks.log.sample import Kind, Rung
from checks.model import Impact, Verdict
from checks.s160_wrapper_initialized import CODES

ON = OURS_NODE | {"SLS_SDK_DEBUG": "true"}
RUNGS = [rung for rung in Rung if rung is not Rung.TELEMETRY]
DONE = seen(Kind.FINISHED)


def tried(log, environment=ON, **changes):
    return outcome_of(
        "wrapper_initialized", log=log, environment=environment, function=a_function(**changes)
    )


@pytest.mark.parametrize(
    ("ended", "code"), [(1, "read_in_part"), (3, "read_in_part"), (4, "nothing")]
)
def test_few_ends_of_a_log_that_was_read_in_part_prove_no_rung(ended, code):
    log = a_log_of(["bare"] * ended)

    assert tried(replace(log, bound="the newest page")).code == code
    assert tried(log).code == "nothing"


@pytest.mark.parametrize("rung", RUNGS)
def test_rung_that_it_stopped_at_is_its_own_finding(rung):
    lines = [] if rung is Rung.NOTHING else [seen(Kind(rung.value))]
    outcome = tried(a_log(*lines, DONE))

    assert (outcome.verdict, outcome.code) == (Verdict.PROBLEM, rung.value)
    assert outcome.code in CODES
    assert outcome.impact is Impact.BLIND
    assert "support" in outcome.actions[-1].do


@pytest.mark.parametrize(
    ("rung", "node", "python"),
    [
        (Rung.NOTHING, "Turn Instrument off", "Turn Instrument off"),
        (Rung.ORG_ID_MISSING, "Turn Instrument off", "Turn Instrument off"),
        (Rung.WRAPPER_INITIALIZED, "Set the handler to a function of", "Set the handler to"),
        (Rung.SETUP_FAILED, "Send the SDK's debug lines", "Send the SDK's debug lines"),
        (Rung.SDK_INITIALIZED, "Take out any tool, library or preload", "Take out any tool or lib"),
        (Rung.INVOCATION_STARTED, "Take out what ends the process", "Take out what ends"),
    ],
)
def test_what_helps_is_what_the_rung_lacks(rung, node, python):
    log = a_log(*([] if rung is Rung.NOTHING else [seen(Kind(rung.value))]), DONE)

    assert tried(log).actions[0].do.startswith(node)
    assert tried(log, runtime="python3.12").actions[0].do.startswith(python)
    (move,) = tried(log, runtime="python3.13").actions
    assert move.do.startswith("Move to python3.12")


@pytest.mark.parametrize(
    ("runtime", "end"), [("nodejs22.x", "process.exit"), ("python3.12", "os._exit")]
)
def test_end_of_the_process_is_called_as_its_language_does(runtime, end):
    outcome = tried(a_log(seen(Kind.INVOCATION_STARTED), DONE), runtime=runtime)

    assert f"({end})" in outcome.actions[0].do


def test_headlines_differ():
    headlines = set()
    for rung in RUNGS:
        lines = [] if rung is Rung.NOTHING else [seen(Kind(rung.value))]
        headlines.add(tried(a_log(*lines, DONE)).headline)

    assert len(headlines) == len(RUNGS)


@pytest.mark.parametrize("environment", [ON, OURS_NODE])
def test_payload_is_the_end_of_the_ladder(environment):
    outcome = tried(a_log_of(["payload"]), environment)

    assert (outcome.verdict, "telemetry payload" in outcome.saw) == (Verdict.OK, True)


@pytest.mark.parametrize("value", [None, ""])
def test_it_says_nothing_unless_it_is_asked_to(value):
    environment = OURS_NODE if value is None else OURS_NODE | {"SLS_SDK_DEBUG": value}
    outcome = tried(a_log(DONE), environment)

    assert outcome.verdict is Verdict.SKIPPED
    assert "SLS_SDK_DEBUG" in outcome.actions[0].command


@pytest.mark.parametrize("value", ["false", "0", "no", "OFF "])
def test_value_that_reads_as_off_switches_it_on(value):
    environment = OURS_NODE | {"SLS_SDK_DEBUG": value}

    assert f"is {value}, which switches it on" in tried(a_log(DONE), environment).saw
    assert "switches it on" in tried(a_log_of(["payload"]), environment).saw
    assert "switches it on" not in tried(a_log(DONE)).saw


@pytest.mark.parametrize(
    ("ends", "verdict", "code"),
    [
        (["timed_out"], Verdict.OK, ""),
        (["crashed", "out_of_memory"], Verdict.OK, ""),
        (["timed_out", "bare"], Verdict.PROBLEM, "nothing"),
        ([], Verdict.UNKNOWN, "not_invoked"),
    ],
)
def test_what_was_cut_short_is_not_the_sdks_doing(ends, verdict, code):
    outcome = tried(a_log_of(ends))

    assert (outcome.verdict, outcome.code) == (verdict, code)


def test_lines_from_before_the_change_do_not_count():
    old = a_log(LogLine(Kind.SDK_INITIALIZED, NOON - 3 * MINUTE, "r-0"), DONE)
    changed = NOON - 3 * MINUTE + MINUTE / 2

    assert tried(old).code == "sdk_initialized"
    assert tried(old, modified_at=changed).code == "not_invoked"


def test_ladder_begins_anew_where_payloads_stopped():
    outcome = tried(a_log_of(["payload", "bare", "bare", "bare"]))

    assert (outcome.verdict, outcome.code) == (Verdict.PROBLEM, "nothing")
    assert tried(a_log_of(["payload", "bare", "bare"])).verdict is Verdict.OK
