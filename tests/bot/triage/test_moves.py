"""Each move of the machine alone: what it takes, which fields it changes and which figures it sets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from situations import NOON, OURS_NODE, a_function, a_log, a_stack, evidence, seen

from bot.conversation import Conversation
from bot.triage import machine, prompts
from bot.triage.model import Event, EventKind, Extent, Note, Phase, Prompt, Triage, What
from checks import instrumentation_errors as known
from checks.evidence import Missing
from checks.log.sample import Kind
from checks.model import Symptom

BLANK = Triage("t-1", "checkout", Conversation("T", "C", "U"), "t:1:card", NOON)
MINUTE = timedelta(minutes=1)
HEALTHY, SILENT = evidence(), evidence(log=a_log(seen(Kind.FINISHED)))
DATADOG = evidence(
    environment={**OURS_NODE, "AWS_LAMBDA_EXEC_WRAPPER": "/opt/datadog_wrapper"},
    log=a_log(seen(Kind.FINISHED)),
)
YOUNG = evidence(stack=a_stack(created_at=NOON - 4 * MINUTE))
ANSWERED, RETRIED, SKIPPED = EventKind.ANSWERED, EventKind.RETRIED, EventKind.SKIPPED
PROLONGED, STOPPED, CLOCK = EventKind.PROLONGED, EventKind.STOPPED, EventKind.CLOCK
NO_ERRORS = {known.ACCOUNT_ERRORS: "No error", known.FUNCTION_ERRORS: "No error"}


def event(kind, text=None, at=NOON, by="U0ADA"):
    return Event(kind, at, None if kind is CLOCK else by, text)


def prompt(step="wrapper_set", **more):
    return Prompt(step, "Is it?", "It is not.", **more)


def at(phase, step="wrapper_set", **changes):
    return replace(BLANK, phase=phase, prompt=prompt(step), turn=3, message=2, **changes)


def answered(**changes):
    """Everything that only a person can say was said."""
    return replace(
        at(Phase.ASKING, known.FUNCTION_ERRORS),
        symptom=Symptom.BOTH,
        answers=NO_ERRORS,
        **changes,
    )


def advanced(triage, found, kind=CLOCK, now=NOON, by="U0ADA"):
    return machine.advance(triage, event(kind, at=now, by=by), replace(found, now=now))


def notes(triage, what):
    return [note for note in triage.notes if note.what is what]


@pytest.mark.parametrize(
    ("phase", "step", "kinds"),
    [
        (Phase.ASKING, "symptom", {ANSWERED, STOPPED, CLOCK}),
        (Phase.ASKING, "extent", {ANSWERED, SKIPPED, STOPPED, CLOCK}),
        (Phase.ASKING, known.ACCOUNT_ERRORS, {ANSWERED, SKIPPED, RETRIED, STOPPED, CLOCK}),
        (Phase.STUCK, "wrapper_set", {ANSWERED, SKIPPED, RETRIED, PROLONGED, STOPPED, CLOCK}),
        (Phase.WAITING, "ten_minutes_passed", {RETRIED, PROLONGED, STOPPED, CLOCK}),
        (Phase.DONE, "wrapper_set", set()),
        (Phase.STOPPED, "wrapper_set", set()),
    ],
)
def test_what_is_accepted_where(phase, step, kinds):
    triage = at(phase, step)
    accepted = {kind for kind in EventKind if machine.accepts(triage, event(kind, "x"), 3)}

    assert accepted == kinds
    assert not any(machine.accepts(triage, event(kind, "x"), 2) for kind in EventKind)
    busy = replace(triage, pending=(event(RETRIED),))
    blank = replace(triage, prompt=None)
    for held in (busy, blank):
        left = {kind for kind in EventKind if machine.accepts(held, event(kind, "x"), 3)}
        assert left == kinds & {STOPPED}


def test_answer_without_words_is_none():
    assert not machine.accepts(at(Phase.ASKING), event(ANSWERED, ""), 3)
    assert not machine.accepts(at(Phase.ASKING), event(ANSWERED), 3)


def test_begins_with_a_question_that_needs_no_check():
    triage = machine.begin(BLANK)

    assert (triage.phase, triage.prompt.step) == (Phase.ASKING, "symptom")
    assert (triage.turn, triage.message) == (1, 1)
    assert not machine.needs_check(triage, event(ANSWERED, "Traces"))
    assert machine.needs_check(triage, event(SKIPPED))
    assert machine.needs_check(at(Phase.ASKING, "extent"), event(ANSWERED, "x"))
    assert machine.needs_check(BLANK, event(ANSWERED, "x"))


def test_stop_ends_everything_once():
    triage = at(Phase.STUCK, pending=(event(RETRIED),))
    ended = machine.stopped(triage, event(STOPPED), "Stopped.")

    assert (ended.phase, ended.outcome, ended.turn) == (Phase.STOPPED, "Stopped.", 4)
    assert (ended.pending, ended.prompt) == ((), None)
    assert ended.notes == (Note(What.STOPPED, NOON, "wrapper_set", "", "U0ADA"),)
    assert machine.stopped(BLANK, event(STOPPED), "x").notes[0].step == ""
    assert machine.stopped(ended, event(STOPPED), "Again.") is ended


@pytest.mark.parametrize("kind", [ANSWERED, SKIPPED, RETRIED, PROLONGED, CLOCK])
def test_nothing_is_heard_where_nothing_is_shown(kind):
    for deaf in (BLANK, replace(at(Phase.DONE), prompt=prompt())):
        assert machine.with_reply(deaf, event(kind, "x")) is deaf


def test_answer_is_noted_and_part_of_the_evidence():
    triage = machine.with_reply(
        replace(at(Phase.ASKING, known.ACCOUNT_ERRORS), answers={"a": "b"}),
        event(ANSWERED, "No error"),
    )

    assert triage.answers == {"a": "b", known.ACCOUNT_ERRORS: "No error"}
    assert triage.notes == (Note(What.ANSWERED, NOON, known.ACCOUNT_ERRORS, "No error", "U0ADA"),)


@pytest.mark.parametrize(
    ("text", "symptom", "ruled_out"),
    [
        ("Traces", Symptom.TRACES, ["metric stream"]),
        ("Metrics", Symptom.METRICS, ["log"]),
        ("Both", Symptom.BOTH, []),
        ("anything else", Symptom.BOTH, []),
    ],
)
def test_first_answer_is_the_symptom_and_the_next_question_follows(text, symptom, ruled_out):
    triage = machine.with_reply(machine.begin(BLANK), event(ANSWERED, text))
    out = notes(triage, What.RULED_OUT)

    assert triage.symptom is symptom
    assert [(note.step, note.at, note.by) for note in out] == [("symptom", NOON, None)] * len(out)
    assert len(out) == len(ruled_out)
    assert all(word in note.text for word, note in zip(ruled_out, out, strict=True))
    assert triage.prompt.ruled_out == tuple(note.text for note in out)
    assert (triage.phase, triage.prompt.step) == (Phase.ASKING, "extent")
    assert triage.prompt.options == tuple(prompts.EXTENTS)
    assert (triage.turn, triage.message, triage.again) == (2, 2, None)


def test_second_answer_is_where_and_since_when():
    said = {
        text: machine.with_reply(at(Phase.ASKING, "extent"), event(ANSWERED, text)).extent
        for text in (*prompts.EXTENTS, "anything else")
    }

    assert [(each.alone, each.worked) for each in said.values()] == [
        (True, False),
        (True, True),
        (False, False),
        (False, True),
        (None, None),
    ]


def test_skip_is_noted_by_what_it_skips():
    triage = machine.with_reply(at(Phase.STUCK, skipped=("invoked",)), event(SKIPPED))

    assert triage.skipped == ("invoked", "wrapper_set")
    assert triage.notes == (Note(What.SKIPPED, NOON, "wrapper_set", "Is it?", "U0ADA"),)


@pytest.mark.parametrize(
    ("phase", "step", "watched"),
    [
        (Phase.STUCK, prompts.PAYLOAD, True),
        (Phase.STUCK, "invoked", True),
        (Phase.STUCK, "wrapper_set", True),
        (Phase.WAITING, prompts.PAYLOAD, False),
    ],
)
def test_what_is_said_to_be_fixed_is_watched(phase, step, watched):
    before = NOON - MINUTE
    triage = machine.with_reply(at(phase, step, watched_since=before), event(RETRIED))

    assert triage.watched_since == (NOON if watched else before)
    assert triage.retried_by == "U0ADA"


@pytest.mark.parametrize("kind", [PROLONGED, CLOCK])
def test_these_say_nothing(kind):
    triage = at(Phase.WAITING)

    assert machine.with_reply(triage, event(kind)) is triage


@pytest.mark.parametrize(
    ("until", "minutes"), [(None, 10), (NOON - MINUTE, 10), (NOON + 5 * MINUTE, 15)]
)
def test_ten_minutes_more_from_the_later_of_now_and_the_end(until, minutes):
    shown = prompt(until=until, options=("a",), trouble="x", troubled_since=NOON)
    triage = machine.prolonged(replace(at(Phase.STUCK), prompt=shown), event(PROLONGED))

    end = NOON + minutes * MINUTE
    assert (triage.phase, triage.turn, triage.message) == (Phase.WAITING, 4, 2)
    assert triage.prompt == prompt(until=end, looks_at=end)
    assert machine.prolonged(BLANK, event(PROLONGED)) is BLANK


@pytest.mark.parametrize("watched", [True, False])
def test_fix_stays_tried_when_its_watch_gives_way_to_a_wait(watched):
    since = NOON if watched else None
    triage = machine.prolonged(at(Phase.WAITING, watched_since=since), event(PROLONGED))

    assert triage.prompt.tried is watched


@pytest.mark.parametrize("by", ["U0ADA", None])
def test_check_that_reads_nothing_moves_a_wait_by_its_trouble_only(by):
    shown = prompt(until=NOON + 9 * MINUTE, looks_at=NOON + 9 * MINUTE)
    waiting = replace(at(Phase.WAITING, again=event(RETRIED)), prompt=shown)
    triage = machine.unseen(waiting, "No answer.", event(RETRIED, by=by))

    assert triage.prompt == replace(shown, trouble="No answer.", troubled_since=NOON)
    assert (triage.turn, triage.message, triage.again) == (4 if by else 3, 2, None)


def test_wait_whose_time_has_come_is_tried_after_a_minute_then_ever_later():
    shown = prompt(looks_at=NOON, trouble="x", troubled_since=NOON - 2 * MINUTE)
    waiting = replace(at(Phase.WAITING), prompt=shown)
    again = machine.unseen(waiting, "y", event(CLOCK)).prompt

    assert (again.looks_at, again.troubled_since) == (NOON + 2 * MINUTE, NOON - 2 * MINUTE)
    fresh = replace(waiting, prompt=prompt(looks_at=NOON))
    assert machine.unseen(fresh, "y", event(CLOCK)).prompt.looks_at == NOON + MINUTE
    late = replace(waiting, prompt=replace(shown, troubled_since=NOON - 59 * MINUTE))
    assert machine.unseen(late, "y", event(CLOCK)).prompt.looks_at == NOON + 15 * MINUTE
    hour = replace(waiting, prompt=replace(shown, troubled_since=NOON - 60 * MINUTE))
    ended = machine.unseen(hour, "y", event(CLOCK))
    assert (ended.phase, ended.prompt.step, ended.prompt.saw) == (Phase.STUCK, "unseen", "y")
    assert (ended.turn, ended.message) == (4, 3)


def test_first_check_that_reads_nothing_shows_a_wait():
    triage = machine.unseen(BLANK, "No answer.", event(CLOCK))

    assert (triage.phase, triage.turn, triage.message) == (Phase.WAITING, 1, 1)
    assert triage.prompt.title


def test_person_who_is_asked_is_told_that_nothing_could_be_read():
    for phase in (Phase.ASKING, Phase.STUCK):
        triage = machine.unseen(at(phase), "No answer.", event(RETRIED))
        assert (triage.phase, triage.prompt.step) == (Phase.STUCK, "unseen")


def test_nothing_moves_what_is_finished():
    for phase in (Phase.DONE, Phase.STOPPED):
        ended = at(phase)
        assert advanced(ended, HEALTHY) is ended


def test_question_shows_what_only_dashboard_can_answer():
    triage = advanced(replace(BLANK, symptom=Symptom.BOTH), HEALTHY)
    shown = triage.prompt

    assert (triage.phase, shown.step) == (Phase.ASKING, known.ACCOUNT_ERRORS)
    assert shown.title.endswith("?")
    assert shown.saw
    assert shown.options
    assert (shown.remedy, shown.until, shown.looks_at) == (None, None, None)
    assert triage.report


def test_wait_shows_its_end_and_what_it_waits_for():
    triage = advanced(answered(), YOUNG)
    shown = triage.prompt

    assert (triage.phase, shown.step) == (Phase.WAITING, "ten_minutes_passed")
    assert shown.until == shown.looks_at == NOON + 6 * MINUTE
    assert shown.saw
    assert not notes(triage, What.FOUND)


def test_problem_shows_its_remedy_and_is_noted_once():
    triage = advanced(answered(), DATADOG)

    assert (triage.phase, triage.prompt.step) == (Phase.STUCK, "wrapper_set")
    assert triage.prompt.remedy
    assert (triage.turn, triage.message) == (4, 3)
    (found,) = notes(triage, What.FOUND)
    assert found == Note(What.FOUND, NOON, "wrapper_set", triage.prompt.saw)
    asked = replace(triage, phase=Phase.ASKING, prompt=prompt("other"))
    assert notes(advanced(asked, DATADOG), What.FOUND) == [found]


def test_same_prompt_again_is_no_news():
    stuck = replace(advanced(answered(), DATADOG), watched_since=NOON - 20 * MINUTE)
    again = advanced(stuck, DATADOG, RETRIED)

    assert (again.turn, again.message) == (stuck.turn + 1, stuck.message)
    assert again.again == event(RETRIED)
    assert (again.prompt, again.watched_since) == (replace(stuck.prompt, tried=True), None)
    for other in (
        replace(stuck, prompt=replace(stuck.prompt, saw="Something else.")),
        replace(stuck, phase=Phase.WAITING),
        replace(stuck, prompt=replace(stuck.prompt, step="invoked")),
    ):
        news = advanced(other, DATADOG, RETRIED)
        assert (news.again, news.message) == (None, stuck.message + 1)


def test_symptom_stops_it_only_if_no_cause_does():
    assert advanced(answered(), SILENT).prompt.step == prompts.PAYLOAD
    both = advanced(answered(skipped=("wrapper_set",)), DATADOG)
    assert both.phase is Phase.DONE  # the symptom follows from what was skipped


def test_what_cannot_explain_the_symptom_does_not_stop_it():
    triage = replace(answered(), symptom=Symptom.METRICS)

    assert advanced(triage, SILENT).phase is Phase.DONE
    assert advanced(replace(triage, symptom=None), SILENT).phase is Phase.STUCK


def test_function_that_was_not_invoked_since_its_change_is_shown():
    changed = evidence(function=a_function(modified_at=NOON - MINUTE), log=a_log())
    triage = advanced(answered(), changed)
    unread = replace(changed, log=Missing("Denied.", "logs:FilterLogEvents"))
    uncounted = replace(changed, invocations=Missing("Denied.", "cloudwatch:GetMetricData"))

    assert (triage.phase, triage.prompt.step) == (Phase.STUCK, prompts.PAYLOAD)
    assert advanced(answered(), unread).phase is Phase.DONE
    assert advanced(answered(), uncounted).phase is Phase.DONE


def test_reminder_comes_with_what_follows_the_wait_for_the_integration():
    waiting = advanced(answered(), YOUNG)
    after = advanced(waiting, SILENT, now=NOON + 6 * MINUTE)

    assert after.prompt.reminder == prompts.INVOKE
    assert advanced(waiting, YOUNG).prompt.reminder is None
    assert advanced(answered(), SILENT).prompt.reminder is None


def test_end_of_a_wait_of_one_person_is_no_message_in_the_thread():
    waiting = replace(advanced(answered(), YOUNG), remind="U0BOB", remind_too=("U0EVE",))
    later = NOON + 6 * MINUTE
    ended = advanced(waiting, SILENT, now=later)
    clicked = advanced(waiting, SILENT, RETRIED, now=later)
    still = advanced(waiting, YOUNG, now=NOON + MINUTE)

    assert (ended.message, ended.remind, ended.remind_too) == (waiting.message, None, ())
    assert clicked.message == waiting.message + 1
    assert (still.remind, still.remind_too) == ("U0BOB", ("U0EVE",))
    other = replace(waiting, prompt=replace(waiting.prompt, step="x"))
    kept = advanced(other, YOUNG, now=NOON + MINUTE)
    assert (kept.remind, kept.remind_too) == ("U0BOB", ("U0EVE",))


def watched(minutes=0, **changes):
    since = NOON - minutes * MINUTE
    return answered(watched_since=since, retried_by="U0BOB", **changes)


def test_fix_is_watched_every_30_seconds_for_20_minutes():
    stuck = replace(watched(), phase=Phase.STUCK, prompt=prompt(prompts.PAYLOAD))
    waiting = advanced(stuck, SILENT, RETRIED)

    assert (waiting.phase, waiting.turn, waiting.message) == (Phase.WAITING, 4, 2)
    assert waiting.prompt.looks_at == NOON + timedelta(seconds=30)
    assert waiting.prompt.until == NOON + 20 * MINUTE
    assert advanced(waiting, SILENT, now=NOON + MINUTE).turn == waiting.turn
    assert advanced(waiting, SILENT, RETRIED, now=NOON + MINUTE).turn == waiting.turn + 1
    last = advanced(waiting, SILENT, now=NOON + timedelta(seconds=1190))
    assert last.prompt.looks_at == NOON + 20 * MINUTE
    assert advanced(waiting, SILENT, now=NOON + 20 * MINUTE).phase is Phase.STUCK
    assert advanced(replace(waiting, prompt=None), SILENT).turn == waiting.turn + 1


def test_cause_is_watched_too_and_then_tried():
    assert advanced(watched(), DATADOG).phase is Phase.WAITING
    over = advanced(watched(minutes=20), DATADOG)
    assert (over.phase, over.watched_since, over.prompt.tried) == (Phase.STUCK, None, True)


def test_what_was_found_and_is_fixed_is_noted_once_with_who_did_it():
    stuck = advanced(answered(), DATADOG)
    done = advanced(stuck, HEALTHY, RETRIED)
    later = replace(stuck, phase=Phase.ASKING, prompt=prompt("other"))
    by_clock = advanced(replace(later, retried_by="U0BOB"), HEALTHY)

    (note,) = notes(done, What.FIXED)
    assert (note.step, note.at, note.by) == ("wrapper_set", NOON, "U0ADA")
    assert "exec-wrapper" in note.text
    assert [note.by for note in notes(by_clock, What.FIXED)] == ["U0BOB"]
    reopened = replace(done, phase=Phase.ASKING, prompt=prompt("other"))
    assert len(notes(advanced(reopened, HEALTHY), What.FIXED)) == 1
    assert notes(advanced(answered(), HEALTHY), What.FIXED) == []


def test_first_payload_after_a_fix_is_noted_with_the_time_it_took():
    stuck = advanced(answered(), SILENT)
    came = advanced(replace(stuck, watched_since=NOON - timedelta(seconds=40)), HEALTHY, RETRIED)
    unwatched = advanced(replace(stuck, watched_since=None), HEALTHY, RETRIED)

    assert notes(came, What.FIXED)[0].text.endswith("It took 40 s.")
    assert "It took" not in notes(unwatched, What.FIXED)[0].text
    other = replace(advanced(answered(), DATADOG), watched_since=NOON)
    assert "It took" not in notes(advanced(other, HEALTHY, RETRIED), What.FIXED)[0].text


@pytest.mark.parametrize(
    ("extent", "steps"),
    [
        (Extent(alone=True, worked=True), [known.ACCOUNT_ERRORS, known.FUNCTION_ERRORS]),
        (Extent(alone=True, worked=False), [known.ACCOUNT_ERRORS]),
        (Extent(alone=False, worked=True), [known.FUNCTION_ERRORS]),
        (Extent(alone=False, worked=False), []),
        (Extent(), []),
    ],
)
def test_what_a_person_said_rules_questions_out(extent, steps):
    triage = advanced(replace(BLANK, symptom=Symptom.BOTH, extent=extent), HEALTHY)
    out = notes(triage, What.RULED_OUT)

    assert [note.step for note in out] == steps
    assert all(note.text and note.at == NOON for note in out)
    if triage.prompt:
        assert triage.prompt.ruled_out == tuple(note.text for note in out)
    assert (triage.prompt is None) == (len(steps) == 2)
    again = advanced(replace(triage, phase=Phase.ASKING, prompt=prompt("x")), HEALTHY)
    assert len(notes(again, What.RULED_OUT)) == len(steps)


def test_question_that_was_answered_is_not_ruled_out():
    triage = advanced(answered(extent=Extent(alone=True, worked=True)), HEALTHY)

    assert notes(triage, What.RULED_OUT) == []


def test_what_was_ruled_out_earlier_is_not_said_again():
    asked = replace(BLANK, symptom=Symptom.BOTH, extent=Extent(alone=True))
    first = advanced(asked, HEALTHY)
    later = advanced(
        replace(first, answers={known.FUNCTION_ERRORS: "No error"}),
        DATADOG,
        now=NOON + MINUTE,
    )

    assert first.prompt.ruled_out
    assert later.prompt.ruled_out == ()


def test_end_says_the_verdict_and_what_could_not_be_read():
    denied = evidence(metric_pipe=Missing("Denied.", "cloudwatch:ListMetricStreams"))
    done = advanced(answered(), denied)
    (unread,) = notes(done, What.UNSEEN)

    assert (done.phase, done.prompt, done.turn) == (Phase.DONE, None, 4)
    assert done.outcome == f"Undetermined: {done.report.summary}"
    assert (unread.step, unread.at) == ("metrics_reach_the_metric_stream", NOON)
    assert "Denied." in unread.text
    assert notes(advanced(answered(), HEALTHY), What.UNSEEN) == []


def test_another_problem_is_noted_beside_the_first():
    first = advanced(answered(), DATADOG)
    fixed = replace(first, phase=Phase.ASKING, prompt=prompt("x"))
    second = advanced(fixed, SILENT, RETRIED)

    assert [note.step for note in notes(second, What.FOUND)] == ["wrapper_set", machine.PAYLOAD]


def test_same_question_again_does_not_repeat_what_was_ruled_out():
    asked = replace(BLANK, symptom=Symptom.BOTH, extent=Extent(alone=True))
    first = advanced(asked, HEALTHY)
    again = advanced(first, HEALTHY, RETRIED, now=NOON + MINUTE)

    assert again.again
    assert (first.prompt.ruled_out == (), again.prompt.ruled_out) == (False, ())


def test_watch_that_the_clock_begins_is_another_prompt():
    stuck = replace(watched(), phase=Phase.STUCK, prompt=prompt(machine.PAYLOAD))

    assert advanced(stuck, SILENT).turn == stuck.turn + 1


@pytest.mark.parametrize(
    ("found", "step"), [(DATADOG, "wrapper_set"), (SILENT, prompts.PAYLOAD), (HEALTHY, None)]
)
def test_while_a_payload_may_come_a_cause_is_shown_and_nothing_is_asked(found, step):
    watched = answered(watched_since=NOON - MINUTE)
    after = advanced(watched, found)

    assert (after.prompt and after.prompt.step) == step
    assert after.phase is (Phase.WAITING if step else Phase.DONE)


def test_question_of_a_person_waits_until_the_payload_was_given_up():
    quiet = evidence(log=a_log())
    watched = replace(answered(watched_since=NOON - MINUTE), answers={})

    assert advanced(watched, quiet).prompt.step == prompts.PAYLOAD
    late = advanced(watched, quiet, now=NOON - MINUTE + machine.WATCHED_FOR)
    assert (late.phase, late.prompt.step) == (Phase.ASKING, known.ACCOUNT_ERRORS)


@pytest.mark.parametrize(
    ("step", "tried", "again"),
    [
        ("wrapper_set", True, True),
        ("wrapper_set", False, False),
        ("org_id_set", True, False),
        ("org_id_set", False, False),
    ],
)
def test_cause_that_a_fix_did_not_cure_was_tried(step, tried, again):
    stuck = replace(answered(), phase=Phase.STUCK, prompt=prompt(step, tried=tried))

    assert advanced(stuck, DATADOG).prompt.tried is again
