"""
The window in which a function is searched for and a check of it requested: data in, a view out.

    Diagnose
    Which function?              [search]
    What should I do?            [Report: check once, and say what is wrong]
    Where should the answer go?  [channel]   Leave it empty to get a direct message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    ConversationFilter,
    ConversationSelectElement,
    ExternalDataSelectElement,
    InputBlock,
    Option,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.search.model import Answer, InventoryEntry, Named
from bot.slack.actions import ActionId
from bot.slack.blocks import context, plain
from bot.target import command
from checks.grammar import duration

WINDOW = "diagnose_window"
FUNCTION, DOES, CHANNEL = ActionId.PICK_FUNCTION, "picked_deed", ActionId.PICK_CHANNEL
REPORT, GUIDE = "report", "triage"
STILL_READING = "still-reading"
_LABEL, _VALUE = 75, 150
_TASKS = {
    REPORT: "Report: check once, and say what is wrong",
    GUIDE: "Guide me: check, ask, wait and check again",
}


def window(
    channel: str, entries: Sequence[InventoryEntry], *, dispatch: bool, unproved: str | None = None
) -> dict[str, object]:
    """
    `dispatch`: Slack reports at once which channel is chosen, because that decides what is seen.

    `unproved`: why the names of the chosen channel are not offered.
    """
    blocks: list[Block] = [
        _function(),
        *(context(note) for note in (unproved, *_gaps(entries)) if note),
        _task(),
        _channel(dispatch=dispatch),
    ]
    view: dict[str, object] = View(
        type="modal",
        callback_id=WINDOW,
        title=plain("Diagnose", 24),
        submit=plain("Start", 24),
        close=plain("Cancel", 24),
        private_metadata=channel,
        blocks=blocks,
    ).to_dict()
    return view


def _function() -> InputBlock:
    return InputBlock(
        block_id=FUNCTION,
        label=plain("Which function?", 150),
        hint=plain("Part of its name will do, or a console link.", 150),
        element=ExternalDataSelectElement(
            action_id=FUNCTION, placeholder=plain("Search for a name", 150), min_query_length=0
        ),
    )


def _task() -> InputBlock:
    choices = [Option(text=plain(text, _LABEL), value=task) for task, text in _TASKS.items()]
    return InputBlock(
        block_id=DOES,
        label=plain("What should I do?", 150),
        element=StaticSelectElement(action_id=DOES, options=choices, initial_option=choices[0]),
    )


def _channel(*, dispatch: bool) -> InputBlock:
    return InputBlock(
        block_id=CHANNEL,
        label=plain("Where should the answer go?", 150),
        hint=plain("Leave it empty to get the answer as a direct message.", 150),
        optional=True,
        dispatch_action=dispatch,
        element=ConversationSelectElement(
            action_id=CHANNEL,
            placeholder=plain("A channel", 150),
            response_url_enabled=True,
            filter=ConversationFilter(include=["public", "private"], exclude_bot_users=True),
        ),
    )


def options(answer: Answer, typed: str | None, now: datetime | None) -> list[dict[str, Any]]:
    """What a search found; `typed` is a name to take as it stands, where it may be one."""
    offered = [
        _option(function.spelled, command(function), _place(function, now))
        for function in answer.functions
    ]
    if typed and not any(typed == function.spelled for function in answer.functions):
        offered.append(_option(f"Look for {typed}, as typed", f"function:{typed}"))
    if answer.incomplete and not answer.functions:
        regions = ", ".join(dict.fromkeys(entry.region for entry in answer.incomplete))
        label = f"Still reading the names of {regions}: search again"
        offered.append(_option(label, STILL_READING))
    return offered


def chosen(view: Mapping[str, Any]) -> tuple[str, str, str | None]:
    """What was filled in: the function as a command, what to do, the channel."""
    values = view["state"]["values"]
    function = values[FUNCTION][FUNCTION]["selected_option"]["value"]
    task = values[DOES][DOES]["selected_option"]["value"]
    return function, task, values[CHANNEL][CHANNEL].get("selected_conversation")


def _option(label: str, value: str, description: str | None = None) -> dict[str, Any]:
    detail = plain(description, _LABEL) if description else None
    option: dict[str, Any] = Option(
        text=plain(label, _LABEL), value=value[:_VALUE], description=detail
    ).to_dict()
    return option


def _place(named: Named, now: datetime | None) -> str:
    age = (
        f" · listed {_ago(now - named.read_at)}" if named.read_at and now else " · requested before"
    )
    return f"{named.region} · {named.account}{age}"


def _ago(age: timedelta) -> str:
    return "just now" if age < timedelta(minutes=2) else f"{duration(age)} ago"


def _gaps(entries: Sequence[InventoryEntry]) -> list[str]:
    """Which names are missing from the list, and why: a line each."""
    reading = [entry.region for entry in entries if not entry.whole]
    gaps = [f"{s.region}: {s.listing.why}" for s in entries if s.listing and s.listing.why]
    if reading:
        regions = ", ".join(dict.fromkeys(reading))
        gaps.append(f"The names of {regions} are still being read: search again in a moment.")
    if not entries:
        gaps.append("No region is set, so I know no names: type the whole name.")
    return [f"Not all names are listed. {gap}" for gap in gaps[:3]]
