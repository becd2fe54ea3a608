"""What is said before there is a report, and where there is none. Data in, blocks out."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from bot.diagnosis.card import CHECK_AGAIN
from bot.slack.actions import ActionId, numbered
from bot.slack.blocks import Body, body, buttons, header, section, words

NOT_CONFIRMED_YET = "AWS is slow to answer, and I am still reading its configuration."
_CHOICES = 5


def question(sentence: str, choices: Sequence[str]) -> Body:
    """
    A question with commands that may have been meant:

        There is no function chekout in eu-west-1. Did you mean checkout?
        [checkout]
    """
    meant = [
        (numbered(ActionId.CHOICE, number), command.replace("function:", "", 1), command)
        for number, command in enumerate(choices[:_CHOICES])
    ]
    return body(sentence, [section(sentence), buttons(*meant)])


def checking(what: str) -> Body:
    """At once, for the requester only: Slack lets nobody take it back, so it must stay true."""
    return words(f"Checking {what}. The card appears in this channel.")


def checking_again(what: str, url: str | None) -> Body:
    """The same, where a card of it stands in the channel."""
    where = f"<{url}|Its card> in this channel" if url else "Its card in this channel"
    message = words(f"Checking {what} again.")
    return {**message, "text": f"{message['text']} {where} shows the result."}


def in_progress(target: str, left: Sequence[str] = ()) -> Body:
    """
    The card at first, and after a while what is still being read:

        Checking checkout…
        Still reading: invocations, log
    """
    progress = f"Still reading: {', '.join(left)}" if left else "Asking AWS."
    return body(
        f"Checking {target}… {progress}", [header(f"Checking {target}…"), section(progress)]
    )


def complaint(target: str, sentence: str, token: str) -> Body:
    """The card of a request that came to nothing."""
    head = f"⚪ {target}: could not be checked"
    blocks: list[Block] = [header(head), section(sentence), buttons((*CHECK_AGAIN, token))]
    return body(f"{head}. {sentence}", blocks)


def try_again(sentence: str, token: str) -> Body:
    """For the requester only: nothing could be read, which may be different in a minute."""
    return body(sentence, [section(sentence), buttons((*CHECK_AGAIN, token))])
