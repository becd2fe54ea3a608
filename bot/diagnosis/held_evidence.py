"""
The evidence of each check in Slack, held for a day, so that a bundle can be made of it later.

It stands beside what a check caches for the next one, and is redacted alike. Its key holds what the
channel may see, the function and the moment of the check, so a report leads to its own evidence.
"""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.access import Viewers
from bot.store.coding import Unreadable, decode, encode
from bot.store.connection import StoreError
from bot.store.sharing import SharedValues
from checks.evidence import Evidence

HELD_FOR = timedelta(days=1)
LARGEST = 200_000
"""Characters, compressed; some 2,000 are usual (benchmarks/causes). Evidence of more is not held."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class HeldEvidence:
    """Its dependencies are passed in."""

    shared: SharedValues
    viewers: Viewers

    def hold(self, evidence: Evidence, channel: str) -> None:
        """Whatever becomes of it, the check goes on."""
        packed = b64encode(zlib.compress(encode(evidence).encode())).decode()
        if len(packed) > LARGEST:
            log.warning("evidence_not_held", characters=len(packed))
            return
        scope = self._scope(evidence.function.ref.key, evidence.now, channel)
        try:
            self.shared.put(scope, packed, HELD_FOR)
        except (StoreError, OSError) as error:
            log.warning("evidence_not_held", error=type(error).__name__)

    def find(self, function: str, checked_at: datetime, channel: str) -> Evidence | None:
        """Of the check of the function with that key at that moment; None once it is gone."""
        stored = self.shared.get(self._scope(function, checked_at, channel))
        if stored is None:
            return None
        with suppress(Unreadable, NotBase64, zlib.error, UnicodeDecodeError):
            return decode(Evidence, zlib.decompress(b64decode(stored[0])).decode())
        return None

    def _scope(self, function: str, at: datetime, channel: str) -> str:
        moment = round(at.timestamp() * 1000)
        return f"held:{self.viewers.scope(channel)}:{function}:{moment}"
