"""
What a triage shows in its thread: prompts, what somebody chose, reminders, the summary.

Text from AWS and from people stands in `plain_text`. Where a time must be shown in each
reader's own zone it is a date token, which only `mrkdwn` knows; there everything is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    InputBlock,
    PlainTextInputElement,
    RichTextBlock,
    RichTextElementParts,
    RichTextPreformattedElement,
)
from slack_sdk.models.views import View

from bot.render import support
from bot.render.blocks import (
    Body,
    body,
    button,
    context,
    escaped,
    header,
    markup,
    plain,
    section,
)
from bot.render.text import visible
from bot.triage.model import SYMPTOM, Event, Kind, Note, Phase, Prompt, Triage, What
from checks.report import Report

RETRY, SKIP, PROLONG, REMIND, STOP, ELSE = (
    "retry",
    "skip",
    "prolong",
    "remind",
    "stop",
    "something_else",
)
ANSWER = "answer_"
LABELS = {
    RETRY: "Check again",
    SKIP: "Skip",
    PROLONG: "Wait 10 min",
    REMIND: "Remind only me",
    STOP: "Stop",
    ELSE: "Something else…",
}
_OFFERED = {
    Phase.ASKING: (SKIP, STOP),
    Phase.STUCK: (RETRY, PROLONG, SKIP, STOP),
    Phase.WAITING: (RETRY, PROLONG, REMIND, STOP),
}
_SAID = {
    Kind.RETRIED: "asked to check again",
    Kind.SKIPPED: "skipped this",
    Kind.PROLONGED: "asked to wait 10 minutes more",
    Kind.STOPPED: "stopped the triage",
}
_HEADS = {Phase.ASKING: "Question", Phase.STUCK: "To mend", Phase.WAITING: "Waiting"}
_WHATS = {
    What.FOUND: "Found",
    What.MENDED: "Mended",
    What.ANSWERED: "Answered",
    What.SKIPPED: "Skipped",
    What.RULED_OUT: "Ruled out",
    What.UNSEEN: "Could not be seen",
    What.STOPPED: "Stopped",
}
_LONGEST, _SHORT = 1_500, 250


def prompt(triage: Triage) -> Body:
    """
    What is shown now, with what may be pressed:

        checkout: to mend. Is the wrapper environment variable set?
        AWS_LAMBDA_EXEC_WRAPPER belongs to Datadog (/opt/datadog_wrapper).
        Do: …
        [Check again] [Wait 10 min] [Skip] [Stop]
    """
    shown = triage.prompt
    assert shown is not None  # noqa: S101 - narrows: an open triage has a prompt
    blocks = [*_said(triage, shown), *(context(f"Ruled out: {each}") for each in shown.ruled_out)]
    if shown.reminder:
        blocks.append(section(shown.reminder))
    if triage.again:
        blocks.append(context(f"Checked again at {triage.again.at:%H:%M:%S} UTC: still the same."))
    if shown.trouble and shown.looks_at:
        when = date(shown.looks_at)
        blocks.append(
            markup(f"Nothing could be read: {escaped(shown.trouble)[:_SHORT]} I try again {when}.")
        )
    if triage.reminded and triage.phase is Phase.WAITING:
        users = " and ".join(f"<@{user}>" for user in triage.reminded)
        blocks.append(markup(f"When it is over I tell {users}, and nobody else."))
    blocks.append(_buttons(triage, shown))
    return body(_text(triage, shown), blocks)


def chosen(triage: Triage, event: Event) -> Body:
    """The prompt without its buttons: who did what, and that a look is under way."""
    shown = triage.prompt
    assert shown is not None  # noqa: S101 - as above
    blocks = [*_said(triage, shown), markup(_who(event)), context("Looking…")]
    return body(_text(triage, shown), blocks)


def closed(before: Triage, after: Triage) -> Body:
    """A prompt that is behind us."""
    shown = before.prompt
    assert shown is not None  # noqa: S101 - as above
    blocks = _said(before, shown)
    last = next((n for n in reversed(after.notes) if n.step == shown.step and n.by), None)
    if last:
        blocks.append(markup(f"{_WHATS[last.what]} by <@{last.by}> {date(last.at)}."))
    elif before.phase is Phase.WAITING:
        blocks.append(context("The wait is over."))
    return body(_text(before, shown), blocks)


def reminder(triage: Triage) -> Body:
    """For one person, by direct message."""
    said = triage.prompt.saw if triage.prompt else triage.outcome or ""
    told = f"{triage.target}: the wait is over."
    return body(f"{told} {said}", [header(told), section(said or "See the thread.")])


def summary(triage: Triage) -> Body:
    """
    The end: what was found and mended, by whom and when, and what is left.

        checkout: triage done
        Healthy: …
        Found: …
        Mended: …
    """
    head = f"{triage.target}: triage {triage.phase.value}"
    outcome = triage.outcome or ""
    blocks: list[Block] = [header(head), section(outcome[:_LONGEST])]
    for note in _left_out(triage.notes):
        by = f" by <@{note.by}>" if note.by else ""
        said = f": {escaped(note.text)[:_SHORT]}" if note.text else "."
        blocks.append(markup(f"{_did(note)}{by} {date(note.at)}{said}"))
    left = _left(triage)
    if left:
        blocks.append(section(f"Left to do: {left}"))
    return body(f"{head}. {outcome}", blocks)


def _did(note: Note) -> str:
    """An answer says nothing without what was asked."""
    asked = f" {note.step}" if note.what in {What.ANSWERED, What.SKIPPED} else ""
    return f"{_WHATS[note.what]}{asked}"


def for_support(triage: Triage, report: Report) -> Body:
    """What Serverless's support will ask for, ready to copy."""
    told = [
        f"{_did(note)}: {note.text[:_SHORT]}"
        for note in _left_out(triage.notes)
        if note.what in {What.ANSWERED, What.RULED_OUT}
    ]
    text = "\n".join(map(visible, support.bundle(report, told).split("\n")))
    copy = RichTextBlock(
        elements=[RichTextPreformattedElement(elements=[RichTextElementParts.Text(text=text)])]
    )
    said = f"{triage.target}: for Serverless's support, ready to copy"
    return body(said, [header(said), copy])


def date(moment: datetime) -> str:
    """In each reader's own zone; in UTC where Slack cannot."""
    return (
        f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} {{time}}|{moment:%d %b %H:%M} UTC>"
    )


def _said(triage: Triage, shown: Prompt) -> list[Block]:
    head = f"{triage.target}: {_HEADS[triage.phase].lower()}. {shown.title}"
    blocks: list[Block] = [header(head), section(shown.saw or shown.title)]
    if shown.remedy:
        blocks.append(section(f"Do: {shown.remedy}"))
    if shown.until and triage.phase is Phase.WAITING:
        blocks.append(
            markup(
                f"I look again by myself, until {date(shown.until)} at the latest."
                if triage.watched_since
                else f"I come back {date(shown.until)}."
            )
        )
    return blocks


def _text(triage: Triage, shown: Prompt) -> str:
    said = f"{shown.saw} {shown.reminder or ''}".rstrip()
    return f"{triage.target}: {_HEADS[triage.phase].lower()}. {shown.title} {said}"


def _buttons(triage: Triage, shown: Prompt) -> ActionsBlock:
    value = f"{triage.id}:{triage.turn}"
    known = [each for each in shown.options if not each.endswith("…")]
    elements = [button(f"{ANSWER}{n}", each, f"{value}:{each}") for n, each in enumerate(known)]
    if len(known) < len(shown.options):
        elements.append(button(ELSE, LABELS[ELSE], value))
    offered = _OFFERED[triage.phase]
    if shown.step == SYMPTOM:
        offered = (STOP,)
    elements += [button(each, LABELS[each], value) for each in offered]
    return ActionsBlock(elements=elements)


def _who(event: Event) -> str:
    did = _SAID.get(event.kind) or f"chose {escaped(event.text or '')[:300]}"
    return f"<@{event.by}> {did} {date(event.at)}."


def _left_out(notes: Sequence[Note]) -> list[Note]:
    """The newest fifteen, in order: with the rest, what one message holds."""
    return list(notes[-15:])


def _left(triage: Triage) -> str:
    mended = {note.step for note in triage.notes if note.what is What.MENDED}
    open_ = [n.text for n in triage.notes if n.what is What.FOUND and n.step not in mended]
    return " ".join(open_)[:_LONGEST]


WINDOW = "pasted_error"
_FIELD, _INPUT = "error", "text"


def window(metadata: str) -> dict[str, object]:
    """Where the text of an error is pasted."""
    view: dict[str, object] = View(
        type="modal",
        callback_id=WINDOW,
        title=plain("What does it say?", 24),
        submit=plain("Send", 24),
        close=plain("Cancel", 24),
        private_metadata=metadata,
        blocks=[
            InputBlock(
                block_id=_FIELD,
                label=plain("The error's text, as Dashboard shows it", 150),
                hint=plain("Words that look like secrets are removed before it is kept.", 150),
                element=PlainTextInputElement(action_id=_INPUT, multiline=True, max_length=3000),
            )
        ],
    ).to_dict()
    return view


def refused(why: str) -> dict[str, object]:
    """In the place of a window, to whoever may not do what it was for."""
    view: dict[str, object] = View(
        type="modal", title=plain("Not done", 24), close=plain("Close", 24), blocks=[section(why)]
    ).to_dict()
    return view


def typed(view: Mapping[str, Any]) -> str:
    """What was pasted into the window."""
    return str(view["state"]["values"][_FIELD][_INPUT].get("value") or "")
