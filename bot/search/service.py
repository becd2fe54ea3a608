"""What one person may mean in one channel: the names that exist there, and what they requested."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from bot.search.inventory import Inventory
from bot.search.model import Answer, Listing, Named
from bot.search.ranking import Catalogue, catalogue, search
from bot.search.requests import RequestHistory
from bot.store.connection import StoreError
from bot.target import command, mentioned, of_command, sure
from bot.target.mentions import MOST
from checks.function_ref import FunctionRef

CATALOGUES = 4
"""Kept by one process: of what every channel may see, and of a few that see more."""
_WORD = re.compile(r"[A-Za-z0-9_-]{3,64}")
_PART = re.compile(r"[A-Za-z0-9]{2,30}")
_MOST_PARTS = 4
"""Words that a name may be made of."""
MOST_ALIKE = 2
"""Names that only resemble one in the message; the message's own follow them."""


class Ready:
    """Catalogues, made once for each reading of the names; the newest few are stored."""

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
class SearchService:
    """Searches; no call to AWS is made or waited for."""

    inventory: Inventory
    requests: RequestHistory
    ready: Ready = field(default_factory=Ready)

    def search(
        self,
        typed: str,
        user: str,
        channel: str,
        *,
        within: FunctionRef | None = None,
        refresh: bool = True,
    ) -> Answer:
        """The likeliest first; `channel` is "" where none was chosen; `within` a mention's place."""
        entries = self.inventory.entries(channel)
        if refresh:
            self.inventory.refresh(entries)
        available = self.ready(tuple(entry.listing for entry in entries if entry.listing))
        region, account = (within.region, within.account) if within else (None, None)
        functions = search(typed, available, self._often(user, channel), region=region)
        there = tuple(function for function in functions if account in {None, function.account})
        return Answer(there, tuple(entries))

    def meant(self, text: str, user: str, channel: str) -> tuple[str, ...]:
        """Commands for the functions that a message names: those that exist before the others."""
        named = (*mentioned(text), *self._known_in(text, channel))
        exist: list[FunctionRef] = []
        alike: list[FunctionRef] = []
        for function in named:
            for existing in self._there(function, user, channel):
                (exist if existing.spelled == function.spelled else alike).append(existing)
        spelled = {function.spelled for function in exist}
        left = [function for function in named if function.spelled not in spelled]
        certain = [function for function in sure(text) if function.spelled not in spelled]
        offered = map(command, [*exist, *certain, *alike[:MOST_ALIKE], *left])
        return tuple(dict.fromkeys(offered))[:MOST]

    def resembling(self, words: str, user: str, channel: str) -> tuple[str, ...]:
        """
        Commands for the functions that one of the words names, or whose names hold all of them.

        Nothing is read from AWS.
        """
        parts = words.split()
        named = [function.spelled for function in self._known_in(words, channel)]
        if not named and 2 <= len(parts) <= _MOST_PARTS and all(map(_PART.fullmatch, parts)):  # noqa: PLR2004 - several
            named = [words]
        try:
            functions = [
                x
                for name in named
                for x in self.search(name, user, channel, refresh=False).functions
            ]
        except (StoreError, OSError):  # the words are answered all the same
            return ()
        there = [function for function in functions if function.spelled in named] or functions
        return tuple(dict.fromkeys(map(command, there[:MOST])))

    def begins_one(self, prefix: str, channel: str) -> bool | None:
        """Whether the name of a function there begins so; None where not all names are known."""
        try:
            entries = self.inventory.entries(channel)
        except (StoreError, OSError):
            return None
        self.inventory.refresh(entries)
        listings = [entry.listing for entry in entries if entry.listing]
        if any(name.startswith(prefix) for listing in listings for name in listing.names):
            return True
        complete = [listing for listing in listings if listing.whole and not listing.why]
        return False if entries and len(complete) == len(entries) else None

    def _known_in(self, text: str, channel: str) -> list[FunctionRef]:
        """Plain words of a message that names nothing for sure, where functions are called so."""
        if sure(text):
            return []
        try:
            entries = self.inventory.entries(channel)
        except (StoreError, OSError):
            return []
        available = self.ready(tuple(entry.listing for entry in entries if entry.listing))
        return [
            FunctionRef(word)
            for word in dict.fromkeys(_WORD.findall(text))
            if word in available.places
        ]

    def _there(self, mention: FunctionRef, user: str, channel: str) -> list[Named]:
        """Where it is, so far as names were read, and what resembles it."""
        try:
            return list(self.search(mention.spelled, user, channel, within=mention).functions)
        except (StoreError, OSError):
            return []

    def _often(self, user: str, channel: str) -> Mapping[str, float]:
        """The channel's own, and the person's, less what this channel may not see."""
        theirs = self.requests.often(user)
        channels = self.requests.often(channel) if channel else {}
        scores = {
            words: max(theirs.get(words, 0.0), channels.get(words, 0.0))
            for words in theirs.keys() | channels.keys()
        }
        named = {words: of_command(words) for words in scores}
        accounts = {
            function.account for function in named.values() if function and function.account
        }
        hidden = {
            account for account in accounts if self.inventory.accounts.hidden(account, channel)
        }
        return {c: s for c, s in scores.items() if (n := named[c]) and n.account not in hidden}
