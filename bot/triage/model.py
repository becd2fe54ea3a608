"""A triage as it is kept. Frozen; `machine.py` moves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.conversation import Conversation, Owner
from bot.target import Target
from checks.model import Action, Symptom
from checks.report import Report

SYMPTOM, EXTENT = "symptom", "extent"
"""Not steps of the runbook: the first questions, what is missing, and where and since when."""
FIRST = frozenset({SYMPTOM, EXTENT})


class Phase(StrEnum):
    """Who moves next: the clock, the person, the person after a fix; nobody in the last two."""

    WAITING = "waiting"
    ASKING = "asking"
    STUCK = "stuck"
    DONE = "done"
    STOPPED = "stopped"


FINISHED = frozenset({Phase.DONE, Phase.STOPPED})


class EventKind(StrEnum):
    """What happened."""

    ANSWERED = "answered"
    RETRIED = "retried"
    SKIPPED = "skipped"
    PROLONGED = "prolonged"
    """*Wait 10 min*."""
    STOPPED = "stopped"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a person did, or that the clock brought."""

    kind: EventKind
    at: datetime
    by: str | None = None
    """A Slack user's id; None for the clock."""
    text: str | None = None
    """The answer; of pasted text what is left after redaction."""


class What(StrEnum):
    """What a line of the summary is about."""

    FOUND = "found"
    FIXED = "mended"  # as records have it
    """As records spell it."""
    ANSWERED = "answered"
    SKIPPED = "skipped"
    RULED_OUT = "ruled_out"
    UNSEEN = "unseen"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the summary."""

    what: What
    at: datetime
    step: str
    text: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the person is shown now."""

    step: str
    title: str
    saw: str
    remedy: str | None = None
    ruled_out: tuple[str, ...] = ()
    """What need not be asked or fixed, and why: sentences, shown once."""
    reminder: str | None = None
    """What to do besides, shown once."""
    options: tuple[str, ...] = ()
    """The known answers, while asking; one that ends in "…" wants the error's text."""
    until: datetime | None = None
    """While waiting: the end that is shown."""
    looks_at: datetime | None = None
    """While waiting: when the clock checks next."""
    trouble: str | None = None
    """Why the last check of a wait could read nothing."""
    troubled_since: datetime | None = None
    """Checks have come to nothing since."""
    headline: str | None = None
    """What is wrong; None for a question."""
    actions: tuple[Action, ...] = ()
    """What to do about it."""
    passed: int = 0
    """Checks before this one that passed."""
    tried: bool = False
    """The person said that it is fixed, it was watched, and nothing came."""


@dataclass(frozen=True, slots=True)
class Extent:
    """What a person says of where and since when data is missing; None: they did not say."""

    alone: bool | None = None
    """Other functions' data does show in Dashboard."""
    worked: bool | None = None
    """This function's did, before."""


@dataclass(frozen=True, slots=True)
class Triage:
    """`version` is the store's compare-and-set number."""

    id: str
    target: str
    place: Conversation
    card: str
    """Key of the outbox entry whose message is the thread's root."""
    started_at: datetime
    function: str = ""
    """The key of the function that its report is about (`FunctionRef.key`)."""
    region: str | None = None
    account: str | None = None
    symptom: Symptom | None = None
    """None until the person has said what is missing."""
    extent: Extent = Extent()
    phase: Phase = Phase.WAITING
    prompt: Prompt | None = None
    turn: int = 0
    """Raised by each new prompt; buttons carry it, so that a stale one is told apart."""
    message: int = 0
    """Number of the message that shows the prompt."""
    answers: Mapping[str, str] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    pending: tuple[Event, ...] = ()
    """Accepted, and not yet acted upon."""
    again: Event | None = None
    """The last check that found the same as the one before."""
    watched_since: datetime | None = None
    """When the person said that it is fixed; checked again and again for a while."""
    retried_by: str | None = None
    """Who said so last: what a later check finds fixed is theirs."""
    remind: str | None = None
    """*Remind only me*: the user who is told of the wait's end, and nobody else."""
    remind_too: tuple[str, ...] = ()
    """Others who asked the same."""
    report: Report | None = None
    """Of the last check."""
    outcome: str | None = None
    """The last sentence, once finished."""
    version: int = 0
    trace: str = ""
    """Of the request that moved it last (bot/observability/tracing.py)."""

    @property
    def ref(self) -> Target:
        """The function, as it was named."""
        return Target.of(self.target, self.region, self.account)

    @property
    def channel(self) -> str:
        """Slack's id of the channel."""
        return self.place.channel

    @property
    def owner(self) -> Owner:
        """Whose it is."""
        number = self.report.function.account if self.report else self.function.partition("/")[0]
        return Owner(self.channel, self.place.user, self.account, self.reminded, number or None)

    @property
    def finished(self) -> bool:
        """Whether nothing moves it any more."""
        return self.phase in FINISHED

    @property
    def reminded(self) -> tuple[str, ...]:
        """Who are told of the wait's end, in place of the thread; empty: the thread is."""
        return (self.remind, *self.remind_too) if self.remind else ()

    @property
    def subject(self) -> str:
        """What no other open triage of its channel is about."""
        return "" if self.finished else self.function
