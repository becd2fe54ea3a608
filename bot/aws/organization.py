"""
The organization's accounts as this process knows them, and how it learns of them.

`roster` never waits for AWS: it gives what is known to this process or stored by another one, and has
the accounts listed again in the background where that is old. `refresh` waits. Processes of one bot share what was listed through its store. Where
AWS does not list the accounts, what it listed last is used for a day, and that is reported.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Lock, Thread
from typing import Protocol

from bot.aws.client import Account
from bot.aws.errors import NO_CREDENTIALS_MESSAGE, or_missing
from bot.aws.organization_listing import REGIONS, listed
from bot.aws.organization_operations import LIST_ACCOUNTS
from bot.errors import SlsdiagError
from bot.organization import NO_ROSTER, Listing, Roster, roster
from bot.organization_settings import OrganizationSettings
from checks.evidence import Missing
from checks.grammar import counted, duration

FRESH = timedelta(minutes=10)
"""Age up to which a listing is used without asking AWS."""
KEPT = timedelta(days=1)
"""Age up to which it is used where AWS does not list the accounts again."""
RETRY = 60.0
"""Seconds until AWS is asked again after it refused."""
LOOKED_EVERY = 1.0
"""Seconds between two looks at what other processes stored, while nothing is known here."""
OTHERS_TAKE, POLLED = 90.0, 0.5
"""Seconds that another process is given to list the accounts, and between two looks."""
NOT_YET = Missing("They have not been listed yet.")
NAME = "organization"
"""In place of an account, where the organization itself could not be read."""


class Shelf(Protocol):
    """Where processes of one bot keep what one of them listed."""

    def get(self) -> Listing | None:
        """What was listed last, up to a day ago."""

    def put(self, listing: Listing) -> None:
        """For the others."""

    def mine(self) -> bool:
        """Whether this process is to list; False while another one does."""

    def over(self) -> None:
        """The process is through with it, whether it could list them or not."""


class OwnShelf:
    """Of one process alone."""

    def get(self) -> None:
        """Nobody else lists."""

    def put(self, listing: Listing) -> None:
        """For nobody."""

    def mine(self) -> bool:
        """Always."""
        return True

    def over(self) -> None:
        """Nobody waits."""


class Organization:
    """One that the settings name."""

    def __init__(
        self,
        settings: OrganizationSettings,
        open_: Callable[[], Account],
        partition: str,
        shelf: Shelf | None = None,
    ) -> None:
        """Calls nothing; `open_` gives the account that lists the others."""
        self.settings = settings
        self._open, self._partition, self._shelf = open_, partition, shelf or OwnShelf()
        self.region = REGIONS.get(partition, "us-east-1")
        self.listing: Listing | None = None
        self.refused: Missing | None = NOT_YET
        """Why it could not be listed when that was tried last."""
        self._roster = NO_ROSTER
        self._tried_at = self._looked_at = float("-inf")
        self._lock = Lock()

    def roster(self) -> Roster:
        """The accounts to read, as far as they are known."""
        if self.listing is None and time.monotonic() - self._looked_at > LOOKED_EVERY:
            self._looked_at = time.monotonic()
            self._take(self._shelf.get())
        if self._due and not self._lock.locked():
            Thread(target=self.refresh, name="organization", daemon=True).start()
        return self._roster if self._age < KEPT else NO_ROSTER

    def refresh(self) -> Roster:
        """The same, listed again where that is old; one thread lists, and others wait for it."""
        with self._lock:
            if self._due:
                self._tried_at = time.monotonic()
                self._refresh()
        return self._roster if self._age < KEPT else NO_ROSTER

    def complaints(self, channel: str | None = None) -> Iterator[str]:
        """What of it could not be read, in sentences; a channel is shown no account's number."""
        if self.refused:
            why = self.refused.why
            if self._age < KEPT:
                yield f"The organization's accounts could not be listed, so those of {duration(self._age)} ago are used: {why}"
            else:
                yield f"The organization's accounts could not be listed, so none of them is checked: {why}"
        if (lost := self.roster().unplaced) and channel is None:
            yield (
                f"{counted(len(lost), 'account')} moved between units while they were listed, and "
                f"{'is' if len(lost) == 1 else 'are'} not checked now: {', '.join(lost[:5])}."
            )

    @property
    def _age(self) -> timedelta:
        return datetime.now(UTC) - self.listing.read_at if self.listing else timedelta.max

    @property
    def _due(self) -> bool:
        waited = time.monotonic() - self._tried_at
        return self._age > FRESH and waited > RETRY

    def _refresh(self) -> None:
        ends_at = time.monotonic() + OTHERS_TAKE
        while not self._take(self._shelf.get()):
            if self._shelf.mine() or time.monotonic() > ends_at:
                self._list()
                self._shelf.over()
                return
            if self._age < KEPT:  # good enough until the other process is through
                return
            time.sleep(POLLED)

    def _take(self, listing: Listing | None) -> bool:
        """Use what another process listed; whether it is fresh."""
        if listing and (self.listing is None or listing.read_at > self.listing.read_at):
            self._use(listing)
        return self._age <= FRESH

    def _list(self) -> None:
        try:
            account = self._open()
        except SlsdiagError:
            self.refused = Missing(NO_CREDENTIALS_MESSAGE)
            return
        read = partial(listed, account, self.region, self.settings, datetime.now(UTC))
        found = or_missing(LIST_ACCOUNTS, self.region, read)
        if isinstance(found, Missing):
            self.refused = found
            return
        self._use(found)
        self._shelf.put(found)

    def _use(self, listing: Listing) -> None:
        self._roster = roster(self.settings, listing, self._partition)
        self.listing, self.refused = listing, None
