"""What is said before a bundle is attached: who will see it, what it holds, what was taken out."""

from __future__ import annotations

from slack_sdk.models.blocks import ActionsBlock
from slack_sdk.models.views import View

from bot.agents.bundle import file_name, manifest
from bot.attachments.service import Held, command
from bot.slack.actions import ActionId
from bot.slack.blocks import Body, body, button, context, plain, section, words
from bot.slack.rich_text import Piece, block, listed, moment, paragraph, text
from bot.triage.model import Triage

WINDOW = "attach_bundle"
ALREADY = "The bundle of that check is in this thread already, or is about to be."
_EVERYBODY = (
    "everybody in this channel can download it, also guests, and people of another organization "
    "where the channel is shared with one."
)
_WHAT = " the report and the evidence of the check of "
_ALONE = "only you, because this is a direct message."


def window(held: Held, metadata: str, channel: str) -> dict[str, object]:
    """
    The view:

        Who will see it: everybody in this channel …
        It holds the report and the evidence of the check of 23 Nov 12:00. In it are:
        • names and ARNs of the function …
        Taken out:
        • values of environment variables (3)
        slsdiag-orders-20261123T120000Z.zip, 5 KB
        [Attach] [Cancel]
    """
    blocks = [block(_pieces(held, alone=channel.startswith("D"))), context(_file(held))]
    view: dict[str, object] = View(
        type="modal",
        callback_id=WINDOW,
        title=plain("Attach bundle", 24),
        submit=plain("Attach", 24),
        close=plain("Cancel", 24),
        private_metadata=metadata,
        blocks=blocks,
    ).to_dict()
    return view


def _file(held: Held) -> str:
    return f"{file_name(held.evidence)}, {-(-len(held.content) // 1024)} KB"


def _pieces(held: Held, *, alone: bool) -> list[Piece]:
    document = manifest(held.evidence, held.asked)
    removed = [f"{each['what']} ({each['count']})" for each in document["removed"]] or ["nothing"]
    checked = moment(held.evidence.now)
    return [
        paragraph([text("Who will see it: ", bold=True), text(_ALONE if alone else _EVERYBODY)]),
        paragraph([text("It holds", bold=True), text(_WHAT), checked, text(". In it are:")]),
        listed([[text(each)] for each in document["kept"]]),
        paragraph([text("Taken out:", bold=True)]),
        listed([[text(each)] for each in removed]),
    ]


def gone(triage: Triage, once: str, *, stored: bool) -> Body:
    """
    The evidence is not there; a new check is offered, which `once` names, where evidence is stored.

    `stored`: this installation stores evidence at all.
    """
    way = f"On the command line: {command(triage)}"
    if not stored:
        return words(f"This installation stores no evidence (SLSDIAG_EVIDENCE_TTL is 0). {way}")
    id_, _, round_ = triage.id.rpartition("-")
    said = (
        "The evidence of that check is no longer stored: slsdiag keeps it for a day. Check again, "
        f"then click Attach bundle… here once more. {way}"
    )
    again = button(ActionId.CHECK_AGAIN, "Check again", f"{id_}:{round_}:bundle-{once}")
    return body(said, [section(said), ActionsBlock(elements=[again])])
