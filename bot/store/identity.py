"""
Whose store this is, and whether it is still the same one.

A store belongs to one workspace: the bots of two would work on each other's requests. And it has a
name, drawn when it is first used. When a process, or the state folder, remembers that name and the
store does not, it has lost everything, although it answers.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from secrets import token_hex

import structlog
from redis import Redis

from bot.errors import UsageError
from bot.observability.metrics import STORE_FORGOT
from bot.store import keys
from bot.store.scripts import Script

NOTICE_LASTS = 3600
"""Seconds for which no other process informs a conversation of the same loss."""

log = structlog.get_logger(__name__)


class Recognition(StrEnum):
    """What the store turned out to be."""

    SAME = "same"
    FOREIGN = "foreign"
    """Of another workspace."""
    LOST = "lost"
    """Empty, though it was not: nobody had noticed yet."""
    LOST_BEFORE = "lost_before"
    """Another process has noticed and logged it."""
    ANOTHER = "another"


@dataclass
class StoreIdentity:
    """As one process remembers it; `memory` is a file that the next start reads, if there may be one."""

    redis: Redis
    team: str
    setting: str
    """The setting that names the store."""
    memory: Path | None = None
    ours: bool = True
    """False while the store is another workspace's."""
    _name: str = ""

    def __post_init__(self) -> None:
        """Costs no round trip."""
        self._check = Script(self.redis, "identity_check")
        if self.memory:
            with contextlib.suppress(OSError, UnicodeDecodeError):
                self._name = self.memory.read_text(encoding="ascii").strip()

    def require(self) -> None:
        """At the start: a UsageError where the store belongs to another workspace."""
        if self._recognized() is Recognition.FOREIGN:
            raise UsageError(
                f"{self.setting} names a store that belongs to another workspace's bot: give each "
                "workspace a store of its own."
            )

    def check(self) -> Recognition:
        """To be called every now and then."""
        recognition = self._recognized()
        if (recognition is not Recognition.FOREIGN) is not self.ours:
            self.ours = not self.ours
            log.error("store_is_ours_again" if self.ours else "store_of_another_workspace")
        return recognition

    def _recognized(self) -> Recognition:
        """A loss is logged once."""
        word, name = self._check(team=self.team, remembered=self._name, drawn=token_hex(8))
        recognition = Recognition(word)
        if recognition is Recognition.LOST:
            STORE_FORGOT.inc()
            log.error("store_forgot", lost="requests, waits, digests and messages on their way")
        if recognition is Recognition.ANOTHER:
            log.warning("store_is_another_one")
        if recognition is not Recognition.FOREIGN and name != self._name:
            self._name = name
            self._remember()
        return recognition

    def _remember(self) -> None:
        """Where there is no folder, this process alone remembers."""
        if self.memory and self.memory.parent.is_dir():
            with contextlib.suppress(OSError):
                self.memory.write_text(f"{self._name}\n", encoding="ascii")


def first_notice(redis: Redis, conversation: str) -> bool:
    """Whether no other process has lately informed `conversation` of a loss; now it counts as one."""
    notice = keys.LOSS_NOTICE(conversation)
    return bool(redis.set(notice, 1, nx=True, ex=NOTICE_LASTS))
