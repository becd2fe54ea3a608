"""What one person may mean in one channel: the names that exist there, and what they ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from bot.diagnosis.model import Diagnosis
from bot.finding.inventory import Inventory
from bot.finding.model import Answer, Listing, Named, spelled
from bot.finding.named import MOST, Hint, hints, sure
from bot.finding.search import Catalogue, catalogue, search
from bot.store.asked import Asked
from bot.store.connection import StoreError

CATALOGUES = 4
"""Kept by one process: of what every channel may see, and of a few that see more."""
MOST_ALIKE = 2
"""Names that only resemble one in the message; the message's own follow them."""


class Ready:
    """Catalogues, made once for each reading of the names; the newest few are kept."""

    def __init__(self) -> None:
        """None is made."""
        self._made: dict[tuple[int, ...], Catalogue] = {}
        self._lock = Lock()

    def __call__(self, listings: tuple[Listing, ...]) -> Catalogue:
        """Of these very listings: a catalogue holds them, so that their ids stay theirs."""
        key = tuple(map(id, listings))
        with self._lock:
            if key not in self._made:
                while len(self._made) >= CATALOGUES:
                    del self._made[next(iter(self._made))]
                self._made[key] = catalogue(listings)
            return self._made[key]


@dataclass(frozen=True)
class Finder:
    """Searches; no call to AWS is made or waited for."""

    inventory: Inventory
    asked: Asked
    ready: Ready = field(default_factory=Ready)

    def noted(self, ask: Diagnosis) -> None:
        """A report came: what it is about comes first from now on."""
        about = ask.report.function if ask.report else None
        if about:
            name = f"{about.name}:{about.qualifier}" if about.qualifier else about.name
            command = Named(name, about.region, about.account).command
            self.asked.note(ask.place.user, ask.channel, f"{ask.id}:{ask.round}", command)

    def search(
        self,
        typed: str,
        user: str,
        channel: str,
        *,
        within: Hint | None = None,
        refresh: bool = True,
    ) -> Answer:
        """The likeliest first; `channel` is "" where none was chosen; `within` a hint's place."""
        shelves = self.inventory.shelves(channel)
        if refresh:
            self.inventory.refresh(shelves)
        known = self.ready(tuple(shelf.listing for shelf in shelves if shelf.listing))
        region, account = (within.region, within.account) if within else (None, None)
        found = search(typed, known, self._often(user, channel), region=region)
        there = tuple(each for each in found if account in {None, each.account})
        return Answer(there, tuple(shelves))

    def meant(self, text: str, user: str, channel: str) -> tuple[str, ...]:
        """Commands for the functions that a message names: those that exist before the others."""
        named = hints(text)
        exist: list[str] = []
        alike: list[str] = []
        for hint in named:
            found = self._there(hint, user, channel)
            exist += [each.command for each in found if each.name == hint.name]
            alike += [each.command for each in found if each.name != hint.name]
        known = {each.name for command in exist if (each := spelled(command))}
        left = [hint.command for hint in named if hint.name not in known]
        certain = [hint.command for hint in sure(text) if hint.name not in known]
        return tuple(dict.fromkeys([*exist, *certain, *alike[:MOST_ALIKE], *left]))[:MOST]

    def resembling(self, words: str, user: str, channel: str) -> tuple[str, ...]:
        """Commands for the functions whose names hold all these words, or nearly; reads nothing."""
        try:
            found = self.search(words, user, channel, refresh=False).found
        except (StoreError, OSError):  # the words are answered all the same
            return ()
        return tuple(each.command for each in found[:MOST])

    def _there(self, hint: Hint, user: str, channel: str) -> list[Named]:
        """Where it is, so far as names were read, and what resembles it."""
        try:
            return list(self.search(hint.name, user, channel, within=hint).found)
        except (StoreError, OSError):
            return []

    def _often(self, user: str, channel: str) -> Mapping[str, float]:
        """The channel's own, and the person's, less what this channel may not see."""
        hidden = self.inventory.hidden(channel)
        theirs = self.asked.often(user)
        channels = self.asked.often(channel) if channel else {}
        scores = {
            each: max(theirs.get(each, 0.0), channels.get(each, 0.0))
            for each in theirs.keys() | channels.keys()
        }
        named = {each: spelled(each) for each in scores}
        return {c: s for c, s in scores.items() if (n := named[c]) and n.account not in hidden}
