"""What is kept of a request for a check. Frozen; `service.py` and `work.py` move it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.conversation import Conversation, Owner
from bot.target import Target
from checks.report import Report


class Stage(StrEnum):
    """How far a request is."""

    CHECKING = "looking"  # as records have it
    REPORTED = "reported"
    FAILED = "failed"
    """Nothing could be checked; `complaint` says why."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One request. `version` is the store's compare-and-set number."""

    id: str
    target: str
    """What the person named, in canonical spelling (see bot/target.py)."""
    place: Conversation
    asked_at: datetime
    region: str | None = None
    """A region that the person gave is binding."""
    account: str | None = None
    only: str | None = None
    """A step's slug: show that one check, from the cache where it is fresh."""
    stage: Stage = Stage.CHECKING
    round: int = 1
    """Raised by each accepted *Check again*; buttons carry it, so that a stale one is told apart."""
    private: bool = False
    """The bot may not post in the channel: the answer goes to the requester only."""
    report: Report | None = None
    seen_at: datetime | None = None
    """When the evidence of `report` was gathered."""
    complaint: str | None = None
    confirmed: bool = False
    """A read has shown that the function exists. Until then nobody but the requester sees its name."""
    misnamed: bool = False
    """What was typed names no function that can be found: asking again would change nothing."""
    candidates: tuple[str, ...] = ()
    """Did you mean: commands offered as buttons."""
    guide: bool = False
    """A triage begins as soon as the report is there."""
    posted_at: datetime | None = None
    """When it was first asked for; its card is not much younger."""
    begun: bool = False
    """What follows from this round's report was done: its triage began, where it asks for one."""
    drawn: str = ""
    """What its card shows of a triage, in short, as it was drawn last from here (card_changes.py)."""
    summarized: bool = False
    """The thread holds a summary, which later rounds edit."""
    before: Mapping[str, str] = field(default_factory=dict)
    """What was wrong in the round before, by check (bot/diagnosis/summary.py)."""
    name_due: datetime | None = None
    """When to look again for who made the change that the cause is about (naming.py)."""
    version: int = 0
    trace: str = ""
    """Of the request that asked last (bot/observability/tracing.py)."""

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
        found_in = self.report.function.account if self.report else None
        return Owner(self.channel, self.place.user, self.account, function_account=found_in)

    @property
    def fresh(self) -> bool:
        """One step is served from what is kept; all else, and *Check again*, is read again."""
        return self.only is None or self.round > 1
