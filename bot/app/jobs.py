"""By kind: how a thing that is due is done, and who hears of it where it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bot.app.services import Services
from bot.digest.settling import Settling
from bot.digest.work import DigestWork
from bot.jobs.actors import Job
from bot.search.repository import INVENTORY
from bot.slack.sender import UNCONFIRMED, Sender
from bot.store.due import (
    CHUNK,
    COPIES,
    DIAGNOSIS,
    DIGEST,
    DRAFT,
    ENTRY,
    HOME,
    INQUIRY,
    SCAN,
    TRIAGE,
    Claim,
)
from bot.store.messages import Entry

MAY_NOT_POST = "The bot may not post in this channel any more."
NOT_POSTED = "A message of this triage could not be posted, or it is not clear that it was."
GIVEN_UP = "slsdiag failed at this again and again: please ask whoever runs it to look at its log."


def jobs(
    services: Services,
    digests: DigestWork,
    sender: Sender,
    show_home: Callable[[str], None],
    leave_home: Callable[[Claim], object],
) -> dict[str, Job]:
    """One for each kind."""
    scans, drafts, runs = services.scans, services.previews, services.scans.runs
    inventory = services.search.inventory
    return {
        DIAGNOSIS: Job(services.diagnosis_work.run, _given_up(services.diagnosis.give_up)),
        ENTRY: Job(sender.send, sender.give_up),
        HOME: Job(show_home, leave_home),
        COPIES: Job(sender.take_back, sender.leave_copies),
        TRIAGE: Job(services.triage_work.run, _given_up(services.triages.give_up)),
        INQUIRY: Job(scans.inquire, partial(scans.give_up, why=GIVEN_UP)),
        SCAN: Job(runs.scan, partial(runs.give_up_scan, why=GIVEN_UP)),
        CHUNK: Job(runs.chunk, runs.give_up),
        DRAFT: Job(drafts.show, partial(drafts.give_up, why=GIVEN_UP)),
        DIGEST: Job(digests.run, digests.give_up),
        INVENTORY: Job(inventory.read, _given_up(inventory.give_up)),
    }


def _given_up(end: Callable[[str, str], None]) -> Callable[[Claim], None]:
    """`end` takes an id, and what to say."""
    return lambda claim: end(claim.id, GIVEN_UP)


@dataclass(frozen=True)
class LostMessages:
    """Called with each message that could not be posted; whether anybody else reports it."""

    services: Services
    settling: Settling

    def __call__(self, entry: Entry) -> bool:
        """Whoever's message it is: there is nothing under that id for the others."""
        why = entry.error or ""
        unclear = why.startswith(UNCONFIRMED)
        ended = self.services.triages.lost(entry, NOT_POSTED if unclear else MAY_NOT_POST)
        return (
            self.services.diagnosis.went_private(entry)
            or self.services.scans.went_private(entry)
            or self.settling.lost(entry, why)
            or ended
        )
