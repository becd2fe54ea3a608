"""The machine: every phase is reached, none is a dead end, and what is finished stays so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from situations import (
    NOON,
    OURS_NODE,
    a_function,
    a_log,
    a_payload,
    a_stack,
    evidence,
    seen,
)

from bot.conversation import Conversation
from bot.triage import machine, prompts
from bot.triage.messages import acknowledged, updates
from bot.triage.model import Event, EventKind, Phase, Triage, What
from checks import instrumentation_errors as known
from checks.evidence import Missing
from checks.log.sample import Kind as Sight
from checks.runbook import walk

BLANK = Triage("t-1", "checkout", Conversation("T", "C", "U"), "t:1:card", NOON)
DATADOG = {**OURS_NODE, "AWS_LAMBDA_EXEC_WRAPPER": "/opt/datadog_wrapper"}
SILENT = a_log(seen(Sight.FINISHED))
SITUATIONS = {
    "healthy": evidence(),
    "another's wrapper": evidence(environment=DATADOG, log=SILENT),
    "young": evidence(stack=a_stack(created_at=NOON - timedelta(minutes=4))),
    "bare": evidence(function=a_function(layers=()), environment={}, log=SILENT),
    "silent": evidence(log=SILENT),
    "not invoked since": evidence(log=a_log()),
    "no payload yet": evidence(log=a_log()),
    "hidden": evidence(log=Missing("Denied.", "logs:FilterLogEvents")),
    "no stack": evidence(stack=Missing("Denied.", "cloudformation:DescribeStacks")),
}
ILL = SITUATIONS["another's wrapper"]
BY = "U0ADA"


def event(kind: EventKind, text: str | None = None, at=NOON) -> Event:
    return Event(kind, at, None if kind is EventKind.CLOCK else BY, text)


def moved(triage: Triage, happened: Event, found) -> Triage:
    """As the desk moves it."""
    if happened.kind is EventKind.STOPPED:
        return machine.stopped(triage, happened, "Stopped.")
    if happened.kind is EventKind.PROLONGED:
        return machine.prolonged(triage, happened)
    updated = machine.with_reply(triage, happened)
    if not machine.needs_check(triage, happened):
        return updated
    return machine.advance(updated, happened, replace(found, now=happened.at))


def begun(symptom: str = "Both", extent: str = "All of them, always") -> Triage:
    """Up to the first look."""
    asked = machine.with_reply(machine.begin(BLANK), event(EventKind.ANSWERED, symptom))
    return machine.with_reply(asked, event(EventKind.ANSWERED, extent))


def answered(triage: Triage, found) -> Triage:
    """Both questions of a healthy account."""
    triage = moved(triage, event(EventKind.CLOCK), found)
    while triage.phase is Phase.ASKING:
        triage = moved(triage, event(EventKind.ANSWERED, triage.prompt.options[0]), found)
    return triage


def test_first_question_is_what_is_missing():
    triage = machine.begin(BLANK)

    assert triage.phase is Phase.ASKING
    assert triage.prompt.options == ("Traces", "Metrics", "Both")
    assert machine.accepts(triage, event(EventKind.ANSWERED, "Traces"), 1)
    assert not machine.accepts(triage, event(EventKind.SKIPPED), 1)
    assert not machine.accepts(triage, event(EventKind.ANSWERED, "Traces"), 0)


def test_healthy_function_ends_after_its_questions():
    triage = answered(begun(), SITUATIONS["healthy"])

    assert triage.phase is Phase.DONE
    assert triage.outcome.startswith("Healthy: ")
    assert [n.what for n in triage.notes] == [What.ANSWERED] * 4


def test_second_question_is_where_and_since_when_and_needs_no_look():
    first = machine.begin(BLANK)
    chosen = event(EventKind.ANSWERED, "Traces")
    asked = machine.with_reply(first, chosen)

    assert not machine.needs_check(first, chosen)
    assert (asked.phase, asked.prompt.step) == (Phase.ASKING, "extent")
    assert asked.prompt.ruled_out == ("The metric stream: traces do not go through it.",)
    assert asked.message == first.message + 1


@pytest.mark.parametrize(
    ("extent", "asked"),
    [
        (
            "All of them, always",
            ["no_account_integration_errors", "no_function_instrumentation_errors"],
        ),
        ("All of them, they worked before", ["no_account_integration_errors"]),
        ("Only this one, always", ["no_function_instrumentation_errors"]),
        ("Only this one, it worked before", []),
    ],
)
def test_what_a_person_says_first_saves_questions(extent, asked):
    triage = moved(begun("Both", extent), event(EventKind.CLOCK), SITUATIONS["healthy"])
    questions = []
    while triage.phase is Phase.ASKING:
        questions.append(triage.prompt.step)
        triage = moved(triage, event(EventKind.ANSWERED, "No error"), SITUATIONS["healthy"])

    assert questions == asked
    out = [note.step for note in triage.notes if note.what is What.RULED_OUT]
    assert sorted(out + asked) == sorted([known.ACCOUNT_ERRORS, known.FUNCTION_ERRORS])


def test_instrumenting_is_not_ruled_out_where_something_of_it_is_missing():
    ill = SITUATIONS["another's wrapper"]
    begins = begun("Both", "Only this one, it worked before")
    cause = moved(begins, event(EventKind.CLOCK), ill)
    assert (cause.phase, cause.prompt.step) == (Phase.STUCK, "wrapper_set")

    triage = moved(cause, event(EventKind.SKIPPED), ill)
    assert (triage.phase, triage.prompt.step) == (Phase.ASKING, known.FUNCTION_ERRORS)


def test_proven_cause_starts_with_its_first_action():
    report = walk(SITUATIONS["another's wrapper"])
    triage = machine.begin(replace(BLANK, report=report))

    assert (triage.phase, triage.prompt.step) == (Phase.STUCK, "wrapper_set")
    assert triage.prompt.actions == report.line("wrapper_set").actions
    assert triage.prompt.passed > 5
    (posted, drawn) = updates(BLANK, triage)
    assert list(labels(posted)) == ["I fixed it", "Something else…", "Skip", "Stop"]
    assert drawn.of == BLANK.card
    assert "is fixing this" in str(drawn.body["blocks"])


def labels(entry):
    rows = [block for block in entry.body["blocks"] if block["type"] == "actions"]
    return [each["text"]["text"] for row in rows for each in row["elements"]]


def test_what_is_said_to_be_fixed_is_watched_until_the_first_payload():
    ill = SITUATIONS["another's wrapper"]
    triage = machine.begin(replace(BLANK, report=walk(ill)))
    watched = moved(triage, event(EventKind.RETRIED), ill)
    assert (watched.phase, watched.message) == (Phase.WAITING, triage.message)
    assert watched.prompt.looks_at == NOON + timedelta(seconds=30)
    assert watched.prompt.until == NOON + timedelta(minutes=20)

    quiet = SITUATIONS["not invoked since"]
    still = moved(watched, event(EventKind.CLOCK, at=NOON + timedelta(seconds=30)), quiet)
    assert (still.phase, still.prompt.step) == (Phase.WAITING, prompts.PAYLOAD)  # nothing is asked
    late = event(EventKind.CLOCK, at=NOON + timedelta(minutes=20))
    given_up = moved(still, late, ill)
    assert given_up.phase is Phase.STUCK
    posted = next(entry for entry in updates(still, given_up) if entry.kind == "post")
    assert labels(posted)[:2] == ["Check again", "Wait 10 min"]
    done = moved(still, event(EventKind.CLOCK, at=NOON + timedelta(minutes=1)), evidence())
    assert done.phase is Phase.DONE


def test_pasted_error_is_asked_about_again_after_a_fix():
    healthy = SITUATIONS["no payload yet"]
    asked = answered_until(begun(), healthy, known.FUNCTION_ERRORS)
    pasted = moved(asked, event(EventKind.ANSWERED, "Rate exceeded"), healthy)
    assert (pasted.phase, pasted.prompt.step) == (Phase.STUCK, known.FUNCTION_ERRORS)

    retried = machine.with_reply(pasted, event(EventKind.RETRIED))
    assert known.FUNCTION_ERRORS not in retried.answers


def test_newer_payload_overrules_a_pasted_error():
    healthy = SITUATIONS["no payload yet"]
    asked = answered_until(begun(), healthy, known.FUNCTION_ERRORS)
    pasted = moved(asked, event(EventKind.ANSWERED, "Rate exceeded"), healthy)
    later = NOON + timedelta(minutes=2)
    came = evidence(log=a_log(seen(Sight.TELEMETRY, at=later, payload=a_payload())))

    after = moved(pasted, event(EventKind.CLOCK, at=later + timedelta(minutes=1)), came)
    assert known.FUNCTION_ERRORS not in after.answers
    assert after.phase is not Phase.STUCK


def answered_until(triage, found, step):
    triage = moved(triage, event(EventKind.CLOCK), found)
    while triage.prompt.step != step:
        triage = moved(triage, event(EventKind.ANSWERED, triage.prompt.options[0]), found)
    return triage


def test_pasted_text_is_taken_at_a_proven_cause():
    ill = SITUATIONS["another's wrapper"]
    triage = machine.begin(replace(BLANK, report=walk(ill)))
    pasted = moved(triage, event(EventKind.ANSWERED, "Rate exceeded"), ill)

    assert pasted.answers == {known.FUNCTION_ERRORS: "Rate exceeded"}
    assert pasted.prompt.step == known.FUNCTION_ERRORS


def test_wait_is_over_only_when_it_is():
    young = SITUATIONS["young"]
    triage = moved(begun(), event(EventKind.CLOCK), young)
    early = moved(
        triage, event(EventKind.CLOCK, at=NOON + timedelta(minutes=1)), SITUATIONS["bare"]
    )
    late = moved(triage, event(EventKind.CLOCK, at=triage.prompt.until), young)
    over = [
        any("The wait is over" in str(entry.body) for entry in updates(triage, after))
        for after in (early, late)
    ]

    assert early.phase is not Phase.WAITING
    assert over == [False, True]


def test_wait_ends_by_the_clock_and_goes_on():
    young = SITUATIONS["young"]
    triage = moved(begun(), event(EventKind.CLOCK), young)

    assert triage.phase is Phase.WAITING
    assert triage.prompt.looks_at == triage.prompt.until == NOON + timedelta(minutes=6)
    later = event(EventKind.CLOCK, at=triage.prompt.until)
    assert moved(triage, later, young).phase is Phase.ASKING


def test_cause_is_mended_and_by_whom():
    triage = answered(begun(), SITUATIONS["another's wrapper"])
    assert (triage.phase, triage.prompt.step) == (Phase.STUCK, "wrapper_set")

    triage = moved(triage, event(EventKind.RETRIED), SITUATIONS["healthy"])

    assert triage.phase is Phase.DONE
    fixes = [note for note in triage.notes if note.what is What.FIXED]
    assert [(note.step, note.by) for note in fixes] == [("wrapper_set", BY)]


def test_retry_that_finds_the_same_is_no_news():
    triage = answered(begun(), SITUATIONS["another's wrapper"])
    triage = replace(triage, prompt=replace(triage.prompt, tried=True))
    again = moved(triage, event(EventKind.RETRIED), SITUATIONS["another's wrapper"])

    assert again.again
    assert (again.message, again.notes) == (triage.message, triage.notes)
    assert [entry.kind for entry in updates(triage, again)] == ["update"]


def test_symptom_is_watched_for_three_minutes_after_i_did_it():
    silent = SITUATIONS["silent"]
    triage = answered(begun(), silent)
    assert (triage.phase, triage.prompt.step) == (Phase.STUCK, prompts.PAYLOAD)

    triage = moved(triage, event(EventKind.RETRIED), silent)
    assert triage.phase is Phase.WAITING
    assert triage.prompt.looks_at == NOON + machine.WATCHED_EVERY
    messages = triage.message
    for seconds in range(15, 180, 15):
        triage = moved(triage, event(EventKind.CLOCK, at=NOON + timedelta(seconds=seconds)), silent)
        assert triage.phase is Phase.WAITING
    assert triage.message == messages
    end = event(EventKind.CLOCK, at=NOON + machine.WATCHED_FOR)
    assert moved(triage, end, silent).phase is Phase.STUCK

    came = moved(
        triage, event(EventKind.CLOCK, at=NOON + timedelta(seconds=40)), SITUATIONS["healthy"]
    )
    assert came.phase is Phase.DONE
    assert "It took 40 s." in came.notes[-1].text


def test_skipped_cause_is_walked_past_and_left():
    triage = answered(begun(), SITUATIONS["another's wrapper"])
    triage = answered(moved(triage, event(EventKind.SKIPPED), ILL), ILL)

    assert triage.phase is Phase.DONE
    assert "wrapper_set" in triage.skipped


def test_metrics_alone_ask_nothing_about_the_log():
    triage = answered(begun("Metrics"), SITUATIONS["silent"])

    assert triage.phase is Phase.DONE


def test_reminder_for_one_is_a_direct_message_and_no_new_one_in_the_thread():
    young = SITUATIONS["young"]
    triage = replace(
        moved(begun(), event(EventKind.CLOCK), young), remind=BY, remind_too=("U0BOB",)
    )
    after = moved(triage, event(EventKind.CLOCK, at=triage.prompt.until), young)

    sent = [(entry.kind, entry.channel) for entry in updates(triage, after)]
    assert sent == [("update", "C"), ("post", BY), ("post", "U0BOB"), ("update", "C")]
    assert after.reminded == ()  # of one wait, not of those that follow
    assert len({entry.key for entry in updates(triage, after)}) == len(sent)


@pytest.mark.parametrize("kind", [EventKind.RETRIED, EventKind.CLOCK])
def test_wait_outlives_looks_that_read_nothing(kind):
    triage = moved(begun(), event(EventKind.CLOCK), SITUATIONS["young"])
    before = triage.prompt
    early = NOON + timedelta(minutes=1)
    troubled = machine.unseen(triage, "AWS did not answer.", event(kind, at=early))

    assert (troubled.phase, troubled.message) == (Phase.WAITING, triage.message)
    assert (troubled.prompt.until, troubled.prompt.looks_at) == (before.until, before.looks_at)
    assert troubled.prompt.trouble == "AWS did not answer."
    assert troubled.again is None  # nothing was found, so nothing is "still the same"
    seen_again = moved(troubled, event(EventKind.CLOCK, at=before.until), SITUATIONS["young"])
    assert seen_again.phase is Phase.ASKING


def test_wait_that_reads_nothing_tries_ever_later_and_after_an_hour_asks():
    triage = moved(begun(), event(EventKind.CLOCK), SITUATIONS["young"])
    first, looks = triage.prompt.until, []
    while triage.phase is Phase.WAITING:
        looks.append(triage.prompt.looks_at)
        triage = machine.unseen(triage, "No answer.", event(EventKind.CLOCK, at=looks[-1]))

    assert [round((at - first).total_seconds() / 60) for at in looks] == [
        0,
        1,
        2,
        4,
        8,
        16,
        31,
        46,
        61,
    ]
    assert (triage.phase, triage.prompt.step) == (Phase.STUCK, machine.UNSEEN)


def test_first_look_that_reads_nothing_is_not_the_waits_end():
    troubled = machine.unseen(BLANK, "No answer.", event(EventKind.CLOCK))

    assert (troubled.phase, troubled.message) == (Phase.WAITING, 1)
    assert troubled.prompt.looks_at == NOON + machine.TRIED_AFTER
    assert moved(troubled, event(EventKind.CLOCK), SITUATIONS["young"]).phase is Phase.WAITING


def test_what_the_clock_finds_mended_is_theirs_who_said_so():
    triage = answered(begun(), SITUATIONS["silent"])
    bob = replace(event(EventKind.RETRIED), by="U0BOB")
    watched = moved(triage, bob, SITUATIONS["silent"])
    came = moved(
        watched, event(EventKind.CLOCK, at=NOON + timedelta(seconds=40)), SITUATIONS["healthy"]
    )

    assert [(n.what, n.by) for n in came.notes if n.what is What.FIXED] == [(What.FIXED, "U0BOB")]


def test_what_nobody_said_to_have_mended_is_nobodys():
    triage = answered(begun(), SITUATIONS["another's wrapper"])
    waiting = moved(triage, event(EventKind.PROLONGED), SITUATIONS["another's wrapper"])
    came = moved(waiting, event(EventKind.CLOCK, at=waiting.prompt.until), SITUATIONS["healthy"])

    assert [n.by for n in came.notes if n.what is What.FIXED] == [None]


@pytest.mark.parametrize("pending", [(), (event(EventKind.RETRIED),)])
def test_stop_is_taken_whatever_is_under_way(pending):
    for triage in (BLANK, answered(begun(), SITUATIONS["silent"])):
        busy = replace(triage, pending=pending)
        assert machine.accepts(busy, event(EventKind.STOPPED), busy.turn)
        assert machine.stopped(busy, event(EventKind.STOPPED), "Stopped.").finished


class Conversations(RuleBasedStateMachine):
    """Any evidence, any clicks, in any order."""

    def __init__(self):
        super().__init__()
        self.now = NOON
        self.triage = BLANK
        self.keys: set[str] = set()

    @initialize(waits=st.booleans())
    def open(self, waits):
        self._become(BLANK if waits else machine.begin(BLANK))

    @rule(
        kind=st.sampled_from([k for k in EventKind if k is not EventKind.CLOCK]),
        situation=st.sampled_from(sorted(SITUATIONS)),
        choice=st.integers(0, 5),
        stale=st.booleans(),
    )
    def click(self, kind, situation, choice, stale):
        options = self.triage.prompt.options if self.triage.prompt else ()
        text = options[choice % len(options)] if kind is EventKind.ANSWERED and options else None
        happened = event(kind, text, self.now)
        if not machine.accepts(self.triage, happened, self.triage.turn - stale):
            return
        assert not self.triage.finished
        if kind is not EventKind.STOPPED:
            shown = {entry.key for entry in acknowledged(self.triage, happened)}
            assert shown
            assert not self.keys & shown  # each click shows who clicked
            self.keys |= shown
        self._become(moved(self.triage, happened, SITUATIONS[situation]))

    @precondition(lambda self: self.triage.phase is Phase.WAITING)
    @rule(situation=st.sampled_from(sorted(SITUATIONS)))
    def clock(self, situation):
        prompt = self.triage.prompt
        if prompt:
            self.now = max(self.now, prompt.looks_at)
        self._become(moved(self.triage, event(EventKind.CLOCK, at=self.now), SITUATIONS[situation]))

    @precondition(lambda self: not self.triage.finished)
    @rule(by_clock=st.booleans())
    def nothing_readable(self, by_clock):
        before = self.triage
        kind = EventKind.CLOCK if by_clock and before.phase is Phase.WAITING else EventKind.RETRIED
        self._become(machine.unseen(before, "No answer.", event(kind, at=self.now)))
        since = before.prompt.troubled_since if before.prompt else None
        patient = self.now - (since or self.now) < machine.TRIED_FOR
        if before.phase is Phase.WAITING and patient:
            assert self.triage.phase is Phase.WAITING
            assert self.triage.prompt.trouble == "No answer."

    @precondition(lambda self: self.triage.finished)
    @rule(kind=st.sampled_from(list(EventKind)), situation=st.sampled_from(sorted(SITUATIONS)))
    def finished_stays(self, kind, situation):
        assert moved(self.triage, event(kind, "x", self.now), SITUATIONS[situation]) == self.triage
        assert not machine.accepts(self.triage, event(kind, "x"), self.triage.turn)

    @invariant()
    def somebody_moves_next(self):
        triage = self.triage
        match triage.phase:
            case Phase.WAITING if triage.prompt:
                assert triage.prompt.looks_at >= self.now
            case Phase.ASKING:
                assert triage.prompt.options
            case Phase.STUCK:
                assert machine.accepts(triage, event(EventKind.RETRIED, at=self.now), triage.turn)
            case Phase.DONE | Phase.STOPPED:
                assert triage.outcome

    def teardown(self):
        """From wherever it is, somebody who answers, fixes and skips comes to an end."""
        for _ in range(60):
            if self.triage.finished:
                return
            prompt, steps = self.triage.prompt, [event(EventKind.RETRIED, at=self.now)]
            match self.triage.phase:
                case Phase.WAITING:
                    self.now = max(self.now, prompt.looks_at) if prompt else self.now
                    steps = [event(EventKind.CLOCK, at=self.now)]
                case Phase.ASKING:
                    steps = [event(EventKind.ANSWERED, prompt.options[0], self.now)]
                case Phase.STUCK:
                    steps.append(event(EventKind.SKIPPED, at=self.now))
            for happened in steps:
                by_clock = happened.kind is EventKind.CLOCK
                if by_clock or machine.accepts(self.triage, happened, self.triage.turn):
                    self._become(moved(self.triage, happened, SITUATIONS["healthy"]))
        raise AssertionError(self.triage)

    def _become(self, after: Triage) -> None:
        """Every message has a key of its own, and each prompt can be told from the last."""
        sent = [entry.key for entry in updates(self.triage, after) if entry.kind == "post"]
        assert not self.keys & set(sent)
        self.keys |= set(sent)
        if after.prompt != self.triage.prompt and after.prompt and self.triage.prompt:
            shown = after.prompt.step, after.phase
            if shown != (self.triage.prompt.step, self.triage.phase):
                assert after.turn > self.triage.turn
        self.triage = replace(after, version=self.triage.version + 1)


Conversations.TestCase.settings = settings(max_examples=200, stateful_step_count=30, deadline=None)
TestConversations = pytest.mark.slow(Conversations.TestCase)


@pytest.mark.parametrize("phase", list(Phase))
def test_every_phase_is_reached(phase):
    reached = {
        Phase.ASKING: machine.begin(BLANK),
        Phase.WAITING: moved(begun(), event(EventKind.CLOCK), SITUATIONS["young"]),
        Phase.STUCK: answered(begun(), SITUATIONS["another's wrapper"]),
        Phase.DONE: answered(begun(), SITUATIONS["healthy"]),
        Phase.STOPPED: moved(machine.begin(BLANK), event(EventKind.STOPPED), SITUATIONS["healthy"]),
    }

    assert reached[phase].phase is phase
