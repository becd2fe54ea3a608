"""The windows of a triage: for the text of an error, for what support asks for, and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import InputBlock, PlainTextInputElement
from slack_sdk.models.views import View

from bot.diagnosis import support_text
from bot.slack.blocks import plain, section
from bot.slack.rich_text import block, copyable
from bot.triage.model import Triage, What
from checks.report import Report

_SHORT = 250


def for_support(triage: Triage, report: Report) -> dict[str, object]:
    """What Serverless's support will ask for, ready to copy."""
    notes = [
        f"{note.what.value.replace('_', ' ').capitalize()} {note.step}: {note.text[:_SHORT]}"
        for note in triage.notes[-15:]
        if note.what in {What.ANSWERED, What.RULED_OUT}
    ]
    lines = support_text.bundle(report, notes).split("\n")
    blocks = [block([copyable("\n".join(lines[at : at + 12]))]) for at in range(0, len(lines), 12)]
    view: dict[str, object] = View(
        type="modal",
        title=plain("Text for support", 24),
        close=plain("Close", 24),
        blocks=blocks,
    ).to_dict()
    return view


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
    """Instead of a window, for whoever may not do what it was for."""
    view: dict[str, object] = View(
        type="modal", title=plain("Not done", 24), close=plain("Close", 24), blocks=[section(why)]
    ).to_dict()
    return view


def typed(view: Mapping[str, Any]) -> str:
    """What was pasted into the window."""
    return str(view["state"]["values"][_FIELD][_INPUT].get("value") or "")
