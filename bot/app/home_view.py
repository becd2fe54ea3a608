"""
App Home of one person: what is open, their reports, their digests, and how the bot is.

Text from AWS and from people stands in `plain_text`; links and date tokens are built here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    DividerBlock,
)
from slack_sdk.models.views import View

from bot.app.lists import others
from bot.diagnosis.card import headline
from bot.diagnosis.model import Diagnosis
from bot.slack.actions import ActionId
from bot.slack.blocks import context, escaped, header, markup, plain, section
from bot.slack.rich_text import date_token as date
from bot.triage.model import Phase, Triage

MOST = 10
"""Of each list: a Home takes 100 blocks, and a person reads fewer."""
_SUMMARY, _NAME = 300, 80
AWAY = "My store is away, so I cannot say. Nothing is lost; please try again in a minute."
_PARTS = {
    "store": ("Store: answers.", "Store: does not answer. What is asked now must be asked again."),
    "clock": ("Clock: runs.", "Clock: stopped. Waits end late until it runs again."),
    "slack_posts": (
        "Messages: Slack takes them.",
        "Messages: Slack lets me post nothing. They are stored, and sent when it does again.",
    ),
    "slack": ("Slack: connected.", "Slack: not connected. I may miss what is typed."),
}


@dataclass(frozen=True, slots=True)
class Linked:
    """Something with a card: `link` is its https address, None while it is not posted."""

    what: Diagnosis | Triage
    link: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that one person's Home shows. `read_at` is when it was gathered."""

    read_at: datetime
    health: Mapping[str, bool]
    open: Sequence[Linked] = ()
    reports: Sequence[Linked] = ()
    digests: Sequence[str] = ()
    """A line each."""
    notice: str | None = None
    """What just happened, where Home is shown again because of it."""
    available: bool = field(default=True)
    """False when the store is away, so that nothing can be shown."""
    unread_triages: Sequence[str] = ()
    unread_reports: Sequence[str] = ()
    """Ids of further ones, which this release cannot read."""


def home(page: Page) -> dict[str, object]:
    """The view."""
    blocks = [*_top(page), *_open(page), *_reports(page), *_digests(page), *_health(page)]
    view: dict[str, object] = View(type="home", blocks=blocks).to_dict()
    return view


def _top(page: Page) -> Iterator[Block]:
    buttons = [
        ButtonElement(
            text=plain("Diagnose", 75), action_id=ActionId.HOME_DIAGNOSE, style="primary"
        ),
        ButtonElement(text=plain("Refresh", 75), action_id=ActionId.HOME_REFRESH),
    ]
    if page.notice:
        yield section(page.notice)
    yield section(
        "Metrics or traces of a Lambda function are missing? Name the function, and I find out why."
    )
    yield ActionsBlock(elements=buttons)
    yield markup(f"What follows is as of {date(page.read_at)}.")


def _open(page: Page) -> Iterator[Block]:
    yield header("Open triages and waits")
    if not page.open:
        yield section("None of yours." if page.available else AWAY)
    for linked in page.open[:MOST]:
        triage = linked.what
        assert isinstance(triage, Triage)  # noqa: S101 - narrows: the caller put triages here
        shown = triage.prompt
        yield section(f"{triage.target}: {triage.phase if shown else 'looking'}. {_title(triage)}")
        until = shown.until if shown and triage.phase is Phase.WAITING else None
        rest = f"until {date(until)}" if until else f"begun {date(triage.started_at)}"
        yield markup(_with(linked.link, triage.target, rest))
    yield from map(context, others(page.unread_triages))


def _reports(page: Page) -> Iterator[Block]:
    yield header("Your recent reports")
    if not page.reports:
        yield section("None of the last seven days." if page.available else AWAY)
    for linked in page.reports[:MOST]:
        diagnosis = linked.what
        assert isinstance(diagnosis, Diagnosis)  # noqa: S101 - as above
        assert diagnosis.report  # noqa: S101 - likewise: only diagnoses with a report
        yield section(f"{headline(diagnosis.report)}. {diagnosis.report.summary[:_SUMMARY]}")
        about = diagnosis.report.function
        where = escaped(f"{about.region} · {about.account}")
        checked = f"{where} · checked {date(diagnosis.report.checked_at)}"
        yield markup(_with(linked.link, diagnosis.target, checked))
    if len(page.reports) > MOST:
        yield context(f"{len(page.reports) - MOST} more: /slsdiag history in their channels.")
    yield from map(context, others(page.unread_reports))


def _digests(page: Page) -> Iterator[Block]:
    yield header("Your digests and watches")
    yield section("\n".join(page.digests[:MOST]) or ("None." if page.available else AWAY))


def _health(page: Page) -> Iterator[Block]:
    yield DividerBlock()
    healthy = all(page.health.values())
    yield header("slsdiag itself: healthy" if healthy else "slsdiag itself: not healthy")
    yield section("\n".join(_PARTS[name][0 if good else 1] for name, good in page.health.items()))


def _title(triage: Triage) -> str:
    return triage.prompt.title if triage.prompt else ""


def _with(link: str | None, name: str, rest: str) -> str:
    return f"<{link}|Open {escaped(name[:_NAME])}> · {rest}" if link else rest
