"""Exact checks of the functions of a deployment, within AWS's rates and after people's own checks."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bot.aws.accounts import Accounts
from bot.aws.by_number import location_of
from bot.aws.evidence.once import Once
from bot.scan.model import Seen
from bot.scan.verify import Batches, exactly
from bot.watch.model import Deploy, Row
from checks.model import Overall

AT_ONCE = 8
"""Checks of one deployment: a person's check waits behind no more calls than these make at once."""


@dataclass(frozen=True)
class Checker:
    """A `Check` of bot/watch/work.py."""

    accounts: Accounts

    def __call__(
        self, deploy: Deploy, rows: Sequence[Row], seconds: float, /
    ) -> Mapping[str, Seen | None]:
        """What cannot be read is undetermined."""
        place = location_of(self.accounts, deploy.account, deploy.region)
        unread = {row.name: _unread(deploy, row) for row in rows}
        if place is None:
            return unread
        cache, ends_at = Once(), time.monotonic() + seconds
        expected = self.accounts.expected(place)
        batches = Batches([(deploy.region, seen) for seen in unread.values()], cache)

        def check(row: Row) -> tuple[str, Seen | None] | None:
            if time.monotonic() > ends_at:
                return None
            batch = batches.of(deploy.region, place, row.name)
            return row.name, exactly(place, unread[row.name], expected, cache, batch)

        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="watch") as pool:
            return dict(filter(None, pool.map(check, rows)))


def _unread(deploy: Deploy, row: Row) -> Seen:
    verdict = Overall.UNDETERMINED.value
    return Seen(row.name, deploy.region, deploy.account, verdict)
