"""
Exact looks at what was blind: a scan does not verify what looks well to it.

Without them "no longer blind" could never be said of a function that was mended.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from bot.aws.places import Place
from bot.digest.model import Digest, Key
from bot.errors import SlsdiagError
from bot.fleet.exact import Once, exactly
from bot.fleet.model import Seen
from bot.reach import Reach

MOST = 60
"""Functions of one digest's turn; the others keep their state, and have their turn next time."""
LONGEST = 60.0
"""Seconds: less than a lease is renewed for."""
AT_ONCE = 4


@dataclass(frozen=True)
class Verifier:
    """All it needs is handed in."""

    reach: Reach

    def __call__(self, digest: Digest, doubtful: Sequence[Seen], /) -> Mapping[Key, Seen | None]:
        """By account, region and name; None for what is gone."""
        if not doubtful:
            return {}
        places, keep = self._places(digest), Once()
        work = [
            (places[each.account, each.region], each)
            for each in doubtful[:MOST]
            if (each.account, each.region) in places
        ]
        ends_at = time.monotonic() + LONGEST

        def look(item: tuple[Place, Seen]) -> tuple[Key, Seen | None] | None:
            place, seen = item
            if time.monotonic() > ends_at:
                return None
            found = exactly(place, seen, self.reach.expected(place), keep)
            return (seen.account, seen.region, seen.name), found

        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="exact") as pool:
            return dict(each for each in pool.map(look, work) if each)

    def _places(self, digest: Digest) -> dict[tuple[str, str], Place]:
        """What the digest's channel may see, by account number and region."""
        found: dict[tuple[str, str], Place] = {}
        try:
            named = self.reach.fleet((), (), digest.channel)
        except SlsdiagError:
            return found
        for name, region in named:
            place = self.reach.place(name, region, digest.place.user)
            try:
                found[place.account.identify(region), region] = place
            except (BotoCoreError, ClientError):
                continue
        return found
