"""The window of *Show*: every function behind one cause of a scan."""

from __future__ import annotations

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.scan.clusters import many
from bot.scan.lines import named, named_cause, state_of_all
from bot.scan.model import Cluster
from bot.slack.blocks import context, plain, section
from bot.text.visible import folded

_PAGE, _PAGES = 2_800, 20
"""Characters of a section, and sections: some thousand functions."""


def window(cause: Cluster) -> dict[str, object]:
    """
    The view:

        🟠 not reporting: SDK layer missing, 35 functions
        • invoices (eu-west-1 of 123456789012 · shop · not verified)
    """
    head = f"{state_of_all(cause)}: {named_cause(cause)}, {many(len(cause.functions))}"
    pages = list(folded([f"• {named(function)}" for function in cause.functions], _PAGE))
    blocks: list[Block] = [section(head), *map(section, pages[:_PAGES])]
    if len(pages) > _PAGES:
        blocks.append(context("More than fit here: slsdiag scan --csv lists all of them."))
    view: dict[str, object] = View(
        type="modal", title=plain("Functions", 24), close=plain("Close", 24), blocks=blocks
    ).to_dict()
    return view
