"""
What is said around a digest: the preview before it is kept, the list, the window to snooze.

    A digest daily 09:00 Europe/Berlin, of functions that begin with shop-?
    The next times: Sat 28 Nov 09:00, Sun 29 Nov 09:00, Mon 30 Nov 09:00
    It covers what this channel may see: …
    [Keep it] [Not now]

For one person alone, except that a channel is told of a new digest and of a snooze.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    InputBlock,
    Option,
    PlainTextInputElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.digest.card import of_prefix, plan_of
from bot.digest.diff import function_key
from bot.digest.lines import local, snoozed, titled
from bot.digest.model import CAUSE, Digest, Draft, FunctionState, Plan, Snooze
from bot.digest.schedule import zone_known
from bot.slack.actions import ActionId, numbered
from bot.slack.blocks import Body, body, buttons, context, header, markup, plain, section
from bot.text.visible import visible

KEEP, NOT_NOW = (ActionId.KEEP_DIGEST, "Keep it"), (ActionId.DROP_DIGEST, "Not now")
WINDOW = "digest_snoozed"
UNZONED = "this release of slsdiag does not know its time zone."
ENDS = {
    "1": "for a day",
    "3": "for 3 days",
    "7": "for a week",
    "14": "for 2 weeks",
    "30": "for 30 days",
    "90": "for 90 days",
}
_OPTIONS, _OPTION = 100, 75
_WHAT, _REASON, _END = "what", "reason", "end"
_LONGEST_REASON = 300
_SNOOZES, _OF_ONE, _ASIDE = 10, 5, 200
"""Snoozes that a list shows, those of one digest, and characters of each."""


def preview(draft: Draft, plan: Plan, times: Sequence[datetime], covers: Sequence[str]) -> Body:
    """Before it is kept."""
    of = f"functions that begin with {plan.prefix}" if plan.prefix else "all functions"
    head = f"A digest {plan.words} {plan.zone}, of {of}?"
    when = ", ".join(f"{moment:%a %d %b %H:%M}" for moment in times)
    blocks: list[Block] = [header(head), section(f"The next times: {when} ({plan.zone}).")]
    if plan.quiet:
        hours = plan.quiet.replace("-", " and ")
        blocks.append(section(f"Nothing comes between {hours}: it comes at the end of that."))
    blocks.append(section("\n".join(covers)))
    blocks.append(
        context(
            "It says what became blind and what no longer is, and is silent when nothing changed, "
            "except for a sign of life once a week. It is not kept yet."
        )
    )
    blocks.append(buttons((*KEEP, draft.id), (*NOT_NOW, draft.id)))
    return body(f"{head} The next times: {when}. It is not kept yet.", blocks)


def as_preview(message: Body) -> Body:
    """A digest as it would look now: nothing in it can be clicked."""
    head = "This is how it would look now. It is not kept yet."
    blocks = [block for block in message["blocks"] if block["type"] != "actions"]
    return {"text": f"{head} {message['text']}", "blocks": [context(head).to_dict(), *blocks]}


def notice(digest: Digest) -> Body:
    """The channel is told once that there is a new digest, by whom, and how it ends."""
    head = f"New digest{of_prefix(digest)}: {plan_of(digest)}"
    stop = f"The first comes {local(digest, digest.slot.at)}. To end it: /slsdiag digest stop {digest.id}"
    blocks = [header(head), section(stop), markup(f"Made by <@{digest.place.user}>.")]
    return body(f"{head}. {stop}", blocks)


def listed(digests: Sequence[Digest], viewer: str, unreadable: Sequence[str] = ()) -> Body:
    """The channel's digests, with what is snoozed in them; `unreadable` are ids of further ones."""
    lines: list[str] = []
    blocks: list[Block] = []
    room = _SNOOZES
    for digest in digests:
        lines.append(line(digest, viewer))
        blocks += [section(lines[-1]), markup(f"Made by <@{digest.place.user}>.")]
        shown = digest.snoozes[: min(room, _OF_ONE)]
        room -= len(shown)
        blocks += [context(_snoozed(digest, snooze)[:_ASIDE]) for snooze in shown]
        if len(shown) < len(digest.snoozes):
            blocks.append(context(f"{len(digest.snoozes) - len(shown)} more snoozes."))
        if shown:
            blocks.append(buttons(*(_wake(digest, number, s) for number, s in enumerate(shown))))
    if unreadable:
        lines.append(f"{_others(unreadable)}: {', '.join(unreadable)}")
        blocks.append(section(lines[-1]))
    how = "/slsdiag digest now ID posts one at once, /slsdiag digest stop ID ends one."
    return body("\n".join([*lines, how]), [*blocks, context(how)])


def of_workspace(unreadable: Sequence[str]) -> list[str]:
    """Their owners cannot be read: one line, or none."""
    return [f"{_others(unreadable)}, in this workspace."] if unreadable else []


def line(digest: Digest, viewer: str) -> str:
    """3: daily at 09:00 Europe/Berlin, of shop-*; next Sat 28 Nov 09:00, last posted …"""
    of = _own_prefix(digest) if digest.place.user == viewer else of_prefix(digest)
    suffix = f",{of}" if of else ""
    if not zone_known(digest.plan.zone):
        return f"{digest.id}: {plan_of(digest)}{suffix}; it does not come: {UNZONED}"
    when, run = f"next {local(digest, digest.slot.at)}", digest.waiting
    if run:  # its scan begins ahead of its slot
        when = "being made now" + ("" if run.always else f", for {local(digest, run.since)}")
    posted = f", last posted {local(digest, digest.posted_at)}" if digest.posted_at else ""
    return f"{digest.id}: {plan_of(digest)}{suffix}; {when}{posted}"


def _own_prefix(digest: Digest) -> str:
    """For who made it, and knows the prefix."""
    return f" of {visible(digest.plan.prefix)}*" if digest.plan.prefix else ""


def _others(unreadable: Sequence[str]) -> str:
    count = f"{len(unreadable)} digest{'' if len(unreadable) == 1 else 's'}"
    return f"{count} that this release of slsdiag cannot read"


def _wake(digest: Digest, number: int, snooze: Snooze) -> tuple[str, str, str]:
    label = f"End snooze of {snoozed(snooze)}"
    return numbered(ActionId.WAKE, number), label, f"{digest.id}:{snooze.id}"


def snooze_notice(digest: Digest, snooze: Snooze) -> Body:
    """In the digest's thread, for everybody."""
    what = f"Snoozed until {local(digest, snooze.until)}: {snoozed(snooze)}. {snooze.reason}"
    how = "It is no news until then. To end it: /slsdiag digest list"
    return body(what, [section(what), markup(f"By <@{snooze.by}>."), context(how)])


def window(memory: Sequence[FunctionState], metadata: str) -> dict[str, object]:
    """What is to be snoozed, why, and for how long."""
    whats = [(_option(what, label), token(what)) for what, label in snoozable(memory).items()]
    view: dict[str, object] = View(
        type="modal",
        callback_id=WINDOW,
        title=plain("Snooze", 24),
        submit=plain("Snooze", 24),
        close=plain("Cancel", 24),
        private_metadata=metadata,
        blocks=[
            _select(_WHAT, "What is to be no news for a while?", whats[:_OPTIONS]),
            InputBlock(
                block_id=_REASON,
                label=plain("Why? The digest shows it.", 150),
                element=PlainTextInputElement(action_id=_REASON, max_length=_LONGEST_REASON),
            ),
            _select(_END, "For how long?", [(label, days) for days, label in ENDS.items()]),
        ],
    ).to_dict()
    return view


def snoozable(memory: Sequence[FunctionState]) -> dict[str, str]:
    """What may be snoozed, as a snooze names it and as people read it; causes first."""
    blind = [function for function in memory if function.blind]
    causes: dict[str, Counter[str]] = {}
    for function in blind:
        causes.setdefault(function.cause, Counter())[
            function.headline or titled(function.cause)
        ] += 1
    first = list(causes.items())[: _OPTIONS // 2]
    whats = {f"{CAUSE}{cause}": _most(headlines) for cause, headlines in first}
    whats |= {function_key(function): f"{function.name} ({function.region})" for function in blind}
    return whats


def _most(headlines: Counter[str]) -> str:
    """The most frequent headline, and how many others the same cause has."""
    most = headlines.most_common(1)[0][0]
    return f"{most} (+{len(headlines) - 1} more)" if len(headlines) > 1 else most


def _option(what: str, label: str) -> str:
    return f"All with “{label}”" if what.startswith(CAUSE) else label


def token(what: str) -> str:
    """Short enough for an option's value, which Slack's types hold to 75 characters."""
    return sha256(what.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose in the window."""

    token: str
    """Of what is snoozed."""
    reason: str
    span: timedelta


def chosen(view: Mapping[str, Any]) -> Choice:
    """What the window that was sent holds."""
    values = view["state"]["values"]
    what = values[_WHAT][_WHAT]["selected_option"]["value"]
    days = values[_END][_END]["selected_option"]["value"]
    reason = str(values[_REASON][_REASON].get("value") or "")[:_LONGEST_REASON]
    return Choice(str(what), reason, timedelta(days=int(days)))


def _select(name: str, label: str, options: Sequence[tuple[str, str]]) -> InputBlock:
    return InputBlock(
        block_id=name,
        label=plain(label, 150),
        element=StaticSelectElement(
            action_id=name,
            options=[Option(text=plain(text, _OPTION), value=value) for text, value in options],
        ),
    )


def _snoozed(digest: Digest, snooze: Snooze) -> str:
    return f"Snoozed until {local(digest, snooze.until)}: {snoozed(snooze)}. {snooze.reason}"
