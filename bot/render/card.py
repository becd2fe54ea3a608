"""The card in the channel, and every step in its thread. Data in, blocks out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.render import console, path
from bot.render.blocks import (
    Body,
    body,
    button,
    buttons,
    context,
    escaped,
    header,
    markup,
    section,
)
from checks.model import Overall, Verdict
from checks.report import Line, Report

CHECK_AGAIN = ("check_again", "Check again")
MEANT = re.compile(r"meant_\d")
GUIDE = ("guide", "Guide me")
STOP_WAIT = ("stop_wait", "Stop")
LOOKING_AT = "Looking at "
_MESSAGE_CHARACTERS, _MESSAGE_LINES = 9_000, 20
_LINK_CHARACTERS = 350
"""What a link, and the block that it stands in, add to a step."""
_CHOICES = 5
JOIN = ("join", "Join the triage")


@dataclass(frozen=True, slots=True)
class Offer:
    """A line on a card, and where it leads; None where Slack did not tell the address."""

    text: str
    url: str | None


def question(sentence: str, choices: Sequence[str]) -> Body:
    """
    A question with commands that may have been meant:

        There is no function chekout in eu-west-1. Did you mean checkout?
        [checkout]
    """
    meant = [
        (f"meant_{number}", each.removeprefix("function:"), each)
        for number, each in enumerate(choices[:_CHOICES])
    ]
    return body(sentence, [section(sentence), buttons(*meant)])


def looking(target: str, left: Sequence[str] = ()) -> Body:
    """
    The card at first, and after a while what is still being read:

        checkout: looking…
        Still reading: invocations, log
    """
    said = f"Still reading: {', '.join(left)}" if left else "Asking AWS."
    return body(f"{target}: looking. {said}", [header(f"{target}: looking…"), section(said)])


def card(report: Report, token: str, offer: Offer | None = None) -> Body:
    """
    The verdict, its cause and the remedy:

        checkout: problem (blind)
        AWS_LAMBDA_EXEC_WRAPPER belongs to Datadog (/opt/datadog_wrapper).
        Do: Only one tool can hold it. …
        [Check again]
    """
    blocks: list[Block] = [header(headline(report)), section(report.summary)]
    if remedy := _remedy(report):
        blocks.append(section(f"Do: {remedy}"))
    cause = (line for line in report.steps if line.step == report.cause)
    blocks += [link for line in cause for link in _link(report, line)]
    follows = [line.title for line in report.steps if line.because == report.cause and line.because]
    if follows:
        blocks.append(context(f"Follows from it: {' '.join(follows)}"))
    blocks += [context(each) for each in ([offer.text] if offer else []) + [_where(report)]]
    waits = report.verdict is Overall.WAITING
    if offer:
        blocks.append(_joining(token, offer, waits=waits))
    else:
        blocks.append(_buttons(token, STOP_WAIT if waits else GUIDE))
    return body(f"{headline(report)}. {report.summary}", blocks)


def step(report: Report, slug: str, token: str, now: datetime) -> Body:
    """
    One step's outcome, and how old what it was judged by is:

        orders: wrapper_set, problem
        Problem: Is the wrapper environment variable set?
        …
        Read at 12:03:04 UTC, 40 s ago.
        [Check again]
    """
    line = next(each for each in report.steps if each.step == slug)
    head = f"{_name(report)}: {slug}, {line.outcome.value}"
    age = max(0, round((now - report.checked_at).total_seconds()))
    read = f"Read at {report.checked_at:%H:%M:%S} UTC, {age} s ago. {_where(report)}"
    blocks: list[Block] = [header(head), section(_said(line)), context(read), _buttons(token)]
    return body(f"{head}. {line.saw}", blocks)


def headline(report: Report) -> str:
    """checkout: problem (blind)"""
    return f"{_name(report)}: {report.verdict}{f' ({report.impact})' if report.impact else ''}"


def _name(report: Report) -> str:
    function = report.function
    return f"{function.name}:{function.qualifier}" if function.qualifier else function.name


def complaint(target: str, sentence: str, token: str) -> Body:
    """The card of an ask that came to nothing."""
    blocks: list[Block] = [
        header(f"{target}: could not be checked"),
        section(sentence),
        _buttons(token),
    ]
    return body(f"{target}: could not be checked. {sentence}", blocks)


def misnamed(target: str) -> Body:
    """In the place of a card that should be gone."""
    said = f"{target}: not checked. Whoever asked was told why."
    return body(said, [section(said)])


def steps(report: Report) -> list[Body]:
    """Every step, in as many messages as Slack's limits ask for."""
    messages: list[Body] = []
    for number, lines in enumerate(_pages(report.steps), 1):
        blocks = [block for line in lines for block in _shown(report, line)]
        messages.append(body(f"{headline(report)}: every step, part {number}", blocks))
    return [*messages, way(report)]


def way(report: Report) -> Body:
    """
    The hops that the data takes, and the last good one:

        orders: how far its data comes
        ok        Runtime
        …
        Traces stop at: Wrapper. That is yours to mend, in your AWS account.
    """
    head = f"{_name(report)}: how far its data comes"
    lines = path.text(report)
    told = [line for line in lines if line.endswith(".")]
    return body(f"{head}. {' '.join(told)}", [header(head), section("\n".join(lines))])


def private(report: Report) -> Body:
    """The verdict for the asker alone, where the bot may not post; `steps` follow it."""
    invite = "Type /invite @slsdiag to get the card, the thread and the waits."
    blocks: list[Block] = [header(headline(report)), section(report.summary)]
    if remedy := _remedy(report):
        blocks.append(section(f"Do: {remedy}"))
    blocks += [context(_where(report)), context(invite)]
    return body(f"{headline(report)}. {report.summary} {invite}", blocks)


def _pages(lines: Sequence[Line]) -> Iterator[list[Line]]:
    page: list[Line] = []
    size = 0
    for line in lines:
        length = len(_said(line)) + _LINK_CHARACTERS
        if page and (size + length > _MESSAGE_CHARACTERS or len(page) >= _MESSAGE_LINES):
            yield page
            page, size = [], 0
        page.append(line)
        size += length
    if page:
        yield page


def _shown(report: Report, line: Line) -> list[Block]:
    """A step, and where in the AWS console it is seen, unless all is well."""
    blocks: list[Block] = [section(_said(line))]
    if line.outcome not in {Verdict.OK, Verdict.SKIPPED}:
        blocks += _link(report, line)
    return blocks


def _link(report: Report, line: Line) -> list[Block]:
    url = console.page(report, line)
    return [markup(f"<{escaped(url)}|Open it in the AWS console>")] if url else []


def _said(line: Line) -> str:
    parts = [f"{line.outcome.value.capitalize()}: {line.title}", line.saw]
    if line.because:
        parts.append(f"Follows from {line.because}.")
    elif line.remedy:
        parts.append(f"Do: {line.remedy}")
    if line.presumed:
        parts.append(f"Presumed, not seen: {line.question}")
    return "\n".join(parts)


def _remedy(report: Report) -> str | None:
    return next((line.remedy for line in report.steps if line.step == report.cause), None)


def _where(report: Report) -> str:
    function = report.function
    runtime = function.runtime or "container image"
    return f"{runtime} · {function.region} · {function.account}"


def _joining(token: str, offer: Offer, *, waits: bool) -> ActionsBlock:
    action, label = JOIN
    join = [ButtonElement(text=label, action_id=action, url=offer.url)] if offer.url else []
    pressed = [button(*each, token) for each in ((STOP_WAIT,) if waits else ()) + (CHECK_AGAIN,)]
    return ActionsBlock(elements=[*join, *pressed])


def _buttons(token: str, *more: tuple[str, str]) -> ActionsBlock:
    return buttons(*((*each, token) for each in (*more, CHECK_AGAIN)))
