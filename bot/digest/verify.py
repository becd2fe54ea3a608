"""
Exact looks at what was blind: a scan does not verify what looks well to it.

Without them "no longer blind" could never be said of a function that was fixed.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bot.account_settings import account_of
from bot.aws.accounts import Accounts
from bot.aws.errors import FAILED
from bot.aws.evidence.once import Once
from bot.aws.locate import Location
from bot.digest.model import Digest, Key
from bot.errors import SlsdiagError
from bot.scan.model import Seen
from bot.scan.verify import Batches, exactly

MOST = 60
"""Functions of one digest's run; the others keep their state, and are checked in the next one."""
LONGEST = 60.0
"""Seconds: less than a lease is renewed for."""
AT_ONCE = 4


@dataclass(frozen=True)
class Verifier:
    """Its dependencies are passed in."""

    accounts: Accounts

    def __call__(self, digest: Digest, doubtful: Sequence[Seen], /) -> Mapping[Key, Seen | None]:
        """By account, region and name; None for what is gone."""
        if not doubtful:
            return {}
        wanted = {function.account for function in doubtful}
        places, cache = self._places(digest, wanted), Once()
        work = [
            ((function.account, function.region), function)
            for function in doubtful[:MOST]
            if (function.account, function.region) in places
        ]
        batches, ends_at = Batches(work, cache), time.monotonic() + LONGEST

        def check(item: tuple[tuple[str, str], Seen]) -> tuple[Key, Seen | None] | None:
            where, seen = item
            place = places[where]
            if time.monotonic() > ends_at:
                return None
            batch = batches.of(where, place, seen.name)
            exact = exactly(place, seen, self.accounts.expected(place), cache, batch)
            return (*where, seen.name), exact

        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="exact") as pool:
            return dict(result for result in pool.map(check, work) if result)

    def _places(self, digest: Digest, wanted: Collection[str]) -> dict[tuple[str, str], Location]:
        """What the digest's channel may see of these accounts, by account number and region."""
        places: dict[tuple[str, str], Location] = {}
        try:
            named = self.accounts.account_regions((), (), digest.channel)
        except SlsdiagError:
            return places
        for name, region in named:
            role = self.accounts.role(name)
            if role and account_of(role) not in wanted:
                continue
            place = self.accounts.location(name, region, digest.place.user)
            try:
                places[place.account.identify(region), region] = place
            except FAILED:
                continue
        return places
