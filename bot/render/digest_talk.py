"""
What is said around a digest: the preview before it is kept, the list, the window to snooze.

For one person alone, except that a channel is told of a new digest and of a snooze.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

from bot.digest.diff import function
from bot.digest.model import Digest, Draft, Known, Plan, Snooze
from bot.render.blocks import (
    Body,
    body,
    buttons,
    context,
    header,
    markup,
    plain,
    section,
)
from bot.render.digest import plan_of
from bot.render.digest_lines import local
from bot.render.text import visible

KEEP, NOT_NOW = ("digest_keep", "Keep it"), ("digest_drop", "Not now")
WAKE = "digest_wake"
WINDOW = "digest_snoozed"
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
    """
    Before it is kept:

        A digest daily 09:00 Europe/Berlin, of functions that begin with shop-?
        The next times: Sat 28 Nov 09:00, Sun 29 Nov 09:00, Mon 30 Nov 09:00
        It covers what this channel may see: …
        [Keep it] [Not now]
    """
    of = f"functions that begin with {plan.prefix}" if plan.prefix else "all functions"
    head = f"A digest {plan.words} {plan.zone}, of {of}?"
    quiet = (
        f"Nothing comes between {plan.quiet.replace('-', ' and ')}: it comes at the end of that."
    )
    when = ", ".join(f"{each:%a %d %b %H:%M}" for each in times)
    blocks: list[Block] = [header(head), section(f"The next times: {when} ({plan.zone}).")]
    if plan.quiet:
        blocks.append(section(quiet))
    blocks.append(section("\n".join(covers)))
    blocks.append(
        context(
            "It says what became blind and what no longer is, and is silent when nothing changed, "
            "except for a sign of life once a week. It is not kept yet."
        )
    )
    blocks.append(buttons((*KEEP, draft.id), (*NOT_NOW, draft.id)))
    return body(f"{head} The next times: {when}. It is not kept yet.", blocks)


def notice(digest: Digest) -> Body:
    """The channel is told once that there is a new digest, by whom, and how it ends."""
    of = f" of {visible(digest.plan.prefix)}*" if digest.plan.prefix else ""
    head = f"New digest{of}: {plan_of(digest)}"
    stop = f"The first comes {local(digest, digest.slot.at)}. To end it: /slsdiag digest stop {digest.id}"
    blocks = [header(head), section(stop), markup(f"Made by <@{digest.place.user}>.")]
    return body(f"{head}. {stop}", blocks)


def listed(digests: Sequence[Digest]) -> Body:
    """The channel's digests, with what is snoozed in them."""
    lines: list[str] = []
    blocks: list[Block] = []
    room = _SNOOZES
    for each in digests:
        lines.append(line(each))
        blocks += [section(lines[-1]), markup(f"Made by <@{each.place.user}>.")]
        shown = each.snoozes[: min(room, _OF_ONE)]
        room -= len(shown)
        blocks += [context(_snoozed(each, snooze)[:_ASIDE]) for snooze in shown]
        if len(shown) < len(each.snoozes):
            blocks.append(context(f"{len(each.snoozes) - len(shown)} more snoozes."))
        if shown:
            blocks.append(buttons(*(_wake(each, number, s) for number, s in enumerate(shown))))
    how = "/slsdiag digest now ID posts one at once, /slsdiag digest stop ID ends one."
    return body("\n".join([*lines, how]), [*blocks, context(how)])


def line(digest: Digest) -> str:
    """3: daily at 09:00 Europe/Berlin, of shop-*; next Sat 28 Nov 09:00, last posted …"""
    of = f", of {visible(digest.plan.prefix)}*" if digest.plan.prefix else ""
    when = "being made now" if digest.waiting else f"next {local(digest, digest.slot.at)}"
    posted = f", last posted {local(digest, digest.posted_at)}" if digest.posted_at else ""
    return f"{digest.id}: {plan_of(digest)}{of}; {when}{posted}"


def _wake(digest: Digest, number: int, snooze: Snooze) -> tuple[str, str, str]:
    label = f"End snooze of {_short(snooze)}"
    return f"{WAKE}_{number}", label, f"{digest.id}:{snooze.id}"


def told_snooze(digest: Digest, snooze: Snooze) -> Body:
    """In the digest's thread, for everybody."""
    said = f"Snoozed until {local(digest, snooze.until)}: {_short(snooze)}. {snooze.reason}"
    how = "It is no news until then. To end it: /slsdiag digest list"
    return body(said, [section(said), markup(f"By <@{snooze.by}>."), context(how)])


def window(known: Sequence[Known], metadata: str) -> dict[str, object]:
    """What is to be snoozed, why, and for how long."""
    whats = [(label, token(what)) for what, label in snoozable(known).items()]
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


def snoozable(known: Sequence[Known]) -> dict[str, str]:
    """What may be snoozed, as a snooze names it and as people read it; causes first."""
    blind = [each for each in known if each.blind]
    causes = list(dict.fromkeys(each.cause for each in blind))[: _OPTIONS // 2]
    whats = {f"cause:{cause}": f"All with the cause {cause}" for cause in causes}
    whats |= {function(each): f"{each.name} ({each.region})" for each in blind}
    return whats


def token(what: str) -> str:
    """Short enough for an option's value, which Slack's types hold to 75 characters."""
    return sha256(what.encode()).hexdigest()[:16]


def chosen(view: Mapping[str, Any]) -> tuple[str, str, timedelta]:
    """The token of what, why, and for how long."""
    values = view["state"]["values"]
    what = values[_WHAT][_WHAT]["selected_option"]["value"]
    days = values[_END][_END]["selected_option"]["value"]
    reason = str(values[_REASON][_REASON].get("value") or "")[:_LONGEST_REASON]
    return str(what), reason, timedelta(days=int(days))


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
    return f"Snoozed until {local(digest, snooze.until)}: {_short(snooze)}. {snooze.reason}"


def _short(snooze: Snooze) -> str:
    kind, _, what = snooze.what.partition(":")
    return what if kind == "cause" else what.rpartition("/")[2]
