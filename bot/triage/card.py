"""
What a triage shows in its thread: prompts, what somebody chose, reminders, the summary.

What AWS and people wrote stands in rich and plain text, where Slack parses nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.diagnosis.card import JOIN, Course, action_pieces
from bot.diagnosis.styled import styled
from bot.slack.actions import ActionId, numbered
from bot.slack.blocks import Body, body, button, context, escaped, header, markup, plain, section
from bot.slack.rich_text import Part, Piece, block, listed, moment, paragraph, person, text
from bot.slack.rich_text import date_token as date
from bot.triage.model import SYMPTOM, Event, EventKind, Note, Phase, Prompt, Triage, What
from checks.grammar import counted
from checks.runbook import short_name

RETRY, SKIP, PROLONG, REMIND, STOP, ELSE, SUPPORT, ATTACH = (
    ActionId.RETRY,
    ActionId.SKIP,
    ActionId.PROLONG,
    ActionId.REMIND,
    ActionId.STOP_TRIAGE,
    ActionId.SOMETHING_ELSE,
    ActionId.SUPPORT_TEXT,
    ActionId.ATTACH_BUNDLE,
)
LABELS = {
    RETRY: "Check again",
    SKIP: "Skip",
    PROLONG: "Wait 10 min",
    REMIND: "Remind only me",
    STOP: "Stop",
    ELSE: "Something else…",
    SUPPORT: "Text for support",
    ATTACH: "Attach bundle…",
}
FIXED_IT = "I fixed it"
_OFFERED = {
    Phase.ASKING: (SKIP, STOP),
    Phase.STUCK: (RETRY, ELSE, SKIP, STOP),
    Phase.WAITING: (RETRY, PROLONG, REMIND, STOP),
}
_AFTER_A_TRY = (RETRY, PROLONG, ELSE, SKIP, STOP)
_DID = {
    EventKind.RETRIED: "says it is fixed",
    EventKind.SKIPPED: "skipped this",
    EventKind.PROLONGED: "asked to wait 10 minutes more",
    EventKind.STOPPED: "stopped the triage",
}
_WHATS = {
    What.FOUND: "Found",
    What.FIXED: "Fixed",
    What.ANSWERED: "Answered",
    What.SKIPPED: "Skipped",
    What.RULED_OUT: "Ruled out",
    What.UNSEEN: "Could not be read",
    What.STOPPED: "Stopped",
}
_LONGEST, _SHORT = 1_500, 250


def prompt(triage: Triage) -> Body:
    """
    What is shown now, with what may be clicked:

        orders · Datadog owns the exec wrapper
        AWS_LAMBDA_EXEC_WRAPPER belongs to Datadog (/opt/datadog_wrapper).
        1. Remove Datadog …
        12 checks passed before this one.
        [I fixed it] [Something else…] [Skip] [Stop]
    """
    shown = _prompt(triage)
    blocks = [*_top(triage, shown), *(context(f"Ruled out: {cause}") for cause in shown.ruled_out)]
    if shown.passed and triage.phase is not Phase.WAITING:
        blocks.append(context(f"{counted(shown.passed, 'check')} passed before this one."))
    if shown.reminder:
        blocks.append(section(shown.reminder))
    if triage.again:
        blocks.append(markup(f"Checked again {date(triage.again.at)}: still the same."))
    if shown.trouble and shown.looks_at:
        why, when = escaped(shown.trouble)[:_SHORT], date(shown.looks_at)
        blocks.append(markup(f"Nothing could be read: {why} The next try is {when}."))
    if triage.reminded and triage.phase is Phase.WAITING:
        users = " and ".join(f"<@{user}>" for user in triage.reminded)
        blocks.append(markup(f"The end of the wait is reported to {users}, and nobody else."))
    return body(_text(triage, shown), [*blocks, _buttons(triage, shown)])


def chosen(triage: Triage, event: Event) -> Body:
    """The prompt without its buttons: who did what, and that a check is under way."""
    shown = _prompt(triage)
    did = _DID.get(event.kind) or f"chose {(event.text or '')[:300]}"
    who = block([paragraph([person(event.by or ""), text(f" {did}, "), moment(event.at)])])
    return body(_text(triage, shown), [*_top(triage, shown), who, context("Checking…")])


def closed(before: Triage, after: Triage) -> Body:
    """A closed prompt: one line, and how it ended."""
    shown = _prompt(before)
    last = next((n for n in reversed(after.notes) if n.step == shown.step and n.by), None)
    blocks: list[Block] = [header(_head(before, shown))]
    if last and last.by:
        how = last.text if last.what is What.ANSWERED else _WHATS[last.what]
        parts = [text(how[:_SHORT], bold=True), text(" — "), person(last.by), text(", ")]
        blocks.append(block([paragraph([*parts, moment(last.at)])]))
    elif before.phase is Phase.WAITING and _over(shown, after):
        blocks.append(context("The wait is over."))
    return body(_text(before, shown), blocks)


def _over(shown: Prompt, after: Triage) -> bool:
    at = after.report.checked_at if after.report else None
    return bool(shown.until and at and at >= shown.until)


def reminder(triage: Triage, thread: str | None) -> Body:
    """For one person, by direct message, with the way to the thread."""
    what = triage.prompt.saw if triage.prompt else triage.outcome or ""
    head = f"{triage.target}: the wait is over."
    blocks: list[Block] = [header(head), section(what or "See the thread.")]
    if thread:
        there = ButtonElement(text=plain("Open the thread", 75), action_id=JOIN[0], url=thread)
        blocks.append(ActionsBlock(elements=[there]))
    return body(f"{head} {what}", blocks)


def summary(triage: Triage) -> Body:
    """
    The end: what was found and fixed, by whom and when, what is left, how long it took.

        orders: triage done
        All is well …
        • Found 12:03: …
        • Fixed 12:17 — Sam: …
        [Text for support] [Attach bundle…]
    """
    head = f"{triage.target}: triage {triage.phase.value}"
    outcome = (triage.outcome or "")[:_LONGEST]
    pieces: list[Piece] = [paragraph(styled(outcome, triage.started_at))] if outcome else []
    if triage.notes:
        pieces.append(listed([_line(note) for note in triage.notes[-15:]]))
    if left := _left(triage):
        pieces.append(paragraph([text("Left to do: ", bold=True), text(left)]))
    blocks: list[Block] = [header(head), *([block(pieces)] if pieces else [])]
    if triage.report:
        value = f"{triage.id}:{triage.turn}"
        offered = [button(action, LABELS[action], value) for action in (SUPPORT, ATTACH)]
        blocks.append(ActionsBlock(elements=[*offered]))
    return body(f"{head}. {outcome}", blocks)


def course(triage: Triage) -> Course:
    """The line on the card: who works on it, what is waited for, how it ended."""
    shown = triage.prompt
    if not triage.finished:
        until = shown.until if shown and triage.phase is Phase.WAITING else None
        if until and not triage.watched_since:
            return _course([text("Checks again by itself "), moment(until)], "Waiting.")
        if until:
            waits = [text("Waiting for the first payload after the fix, until "), moment(until)]
            return _course(waits, "Waiting for the first payload after the fix.")
        return _course([person(triage.place.user), text(" is fixing this ↓")], "Being fixed.")
    fixes = [note for note in triage.notes if note.what is What.FIXED]
    if fixes:
        minutes = round((fixes[-1].at - triage.started_at).total_seconds() / 60)
        took = f"{minutes} min" if minutes else "less than a minute"
        by = [text(" by "), person(fixes[-1].by)] if fixes[-1].by else []
        parts = [text("✅ Fixed", bold=True), *by, text(f" in {took}.")]
        return _course(parts, f"Fixed in {took}.", over=True)
    return _course([text(f"The triage ended: {triage.phase.value}.")], "Over.", over=True)


def _course(parts: Sequence[Part], words: str, *, over: bool = False) -> Course:
    return Course(tuple(parts), words, over)


def _prompt(triage: Triage) -> Prompt:
    shown = triage.prompt
    assert shown is not None  # noqa: S101 - narrows: an open triage has a prompt
    return shown


def _head(triage: Triage, shown: Prompt) -> str:
    match triage.phase:
        case Phase.ASKING:
            return f"{triage.target} · question: {shown.title}"
        case Phase.WAITING:
            return f"{triage.target} · waiting: {shown.headline or shown.title}"
    return f"{triage.target} · {shown.headline or shown.title}"


def _top(triage: Triage, shown: Prompt) -> list[Block]:
    near = triage.report.checked_at if triage.report else triage.started_at
    pieces = [paragraph(styled(shown.saw or shown.title, near, triage.target))]
    if triage.report and shown.actions:
        for number, action in enumerate(shown.actions):
            pieces += action_pieces(triage.report, action, number)
    elif shown.remedy:
        pieces.append(paragraph(styled(shown.remedy, near)))
    if shown.until and triage.phase is Phase.WAITING:
        watches = "Checks every 30 s for the first payload after your fix, until "
        how = watches if triage.watched_since else "Checks again by itself: "
        pieces.append(paragraph([text(how), moment(shown.until)]))
    return [header(_head(triage, shown)), block(pieces)]


def _text(triage: Triage, shown: Prompt) -> str:
    return f"{_head(triage, shown)}. {shown.saw} {shown.reminder or ''}".rstrip()


def _buttons(triage: Triage, shown: Prompt) -> ActionsBlock:
    value = f"{triage.id}:{triage.turn}"
    choices = [option for option in shown.options if not option.endswith("…")]
    elements = [
        button(numbered(ActionId.ANSWER, n), option, f"{value}:{option}")
        for n, option in enumerate(choices)
    ]
    if len(choices) < len(shown.options):
        elements.append(button(ELSE, LABELS[ELSE], value))
    offered = _AFTER_A_TRY if shown.tried else _OFFERED[triage.phase]
    if triage.phase is not Phase.STUCK:
        offered = (STOP,) if shown.step == SYMPTOM else _OFFERED[triage.phase]
    fresh = triage.phase is Phase.STUCK and not shown.tried
    labels = {**LABELS, RETRY: FIXED_IT} if fresh else LABELS
    elements += [button(action, labels[action], value) for action in offered]
    return ActionsBlock(elements=elements)


def _line(note: Note) -> list[Part]:
    """An answer says nothing without what was asked."""
    is_answer = note.what in {What.ANSWERED, What.SKIPPED}
    step = f" ({short_name(note.step)})" if is_answer else ""
    parts = [text(f"{_WHATS[note.what]}{step} ", bold=True), moment(note.at)]
    if note.by:
        parts += [text(" — "), person(note.by)]
    return [*parts, text(f": {note.text[:_SHORT]}")] if note.text else parts


def _left(triage: Triage) -> str:
    fixed = {note.step for note in triage.notes if note.what is What.FIXED}
    open_ = [n.text for n in triage.notes if n.what is What.FOUND and n.step not in fixed]
    return " ".join(open_)[:_LONGEST]
