"""
Takes events off the queues, in a thread for each, in every process that works.

Several processes share a queue: SQS gives each message to one of them, and again to another if it is
not deleted in time. A message is deleted once its event is stored. One that nothing of ours sent
is left, and becomes a dead letter, which doctor reports.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import structlog

from bot.aws import queues
from bot.aws.accounts import Accounts
from bot.aws.by_number import location_of
from bot.aws.queues import Message
from bot.errors import SlsdiagError
from bot.settings import EventQueue
from bot.store.connection import StoreError
from bot.watch.events import Dropped, change_in
from bot.watch.intake import Intake
from bot.watch.model import Change
from checks.evidence import Missing

PAUSE = 5.0
"""Seconds after a failure; a queue that cannot be read is asked for as long as the bot runs."""

log = structlog.get_logger(__name__)


@dataclass
class Poller:
    """Of one queue. Its dependencies are passed in."""

    queue: EventQueue
    accounts: Accounts
    intake: Intake
    may_work: Callable[[], bool]
    wait: int = queues.LONG_POLL
    """Seconds that a call waits for a message."""
    _stopping: threading.Event = field(default_factory=threading.Event)
    _complaint: str = ""

    def start(self) -> None:
        """In a thread that does not hold up the end of the process: a call may wait for long."""
        threading.Thread(target=self._run, name="events", daemon=True).start()

    def stop(self) -> None:
        """Take nothing more; what is being received comes again."""
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                why = self.poll() if self.may_work() else "the store is not this bot's"
            except (SlsdiagError, StoreError, OSError) as error:
                why = type(error).__name__
            except Exception as error:
                why = type(error).__name__
                log.exception("events_failed", region=self.queue.region)
            self._complain(why)
            if why:
                self._stopping.wait(PAUSE)

    def _complain(self, why: str | None) -> None:
        """Once for each reason."""
        if why and why != self._complaint:
            log.warning("events_not_read", region=self.queue.region, why=why)
        self._complaint = why or ""

    def poll(self) -> str | None:
        """Once; why it could not be done, or None."""
        place = location_of(self.accounts, self.queue.account, self.queue.region)
        if place is None:
            return "the queue's account is not configured, or does not answer"
        messages = queues.receive(place, self.queue.url, self.wait)
        if isinstance(messages, Missing):
            return messages.why
        if self._stopping.is_set() or not messages:
            return None
        changes, done = self._read(messages)
        self.intake.take(changes)
        failed = queues.delete(place, self.queue.url, done)
        return failed.why if isinstance(failed, Missing) else None

    def _read(self, messages: Sequence[Message]) -> tuple[list[Change], list[Message]]:
        """The changes, and the messages that may be deleted once these are stored."""
        changes, done = [], []
        for message in messages:
            read = change_in(message.body)
            if isinstance(read, Change) and self._configured(read):
                changes.append(read)
            else:
                reason = "not_configured" if isinstance(read, Change) else read.value
                self.intake.drop(self.queue.place, reason)
            if read is not Dropped.UNREADABLE:
                done.append(message)
        return changes, done

    def _configured(self, change: Change) -> bool:
        here = (self.queue.account, self.queue.region)
        there = (change.account, change.region)
        return there == here or location_of(self.accounts, *there) is not None


class Pollers:
    """One for each queue of the settings."""

    def __init__(self, accounts: Accounts, intake: Intake, may_work: Callable[[], bool]) -> None:
        """Nothing is read yet."""
        of = partial(Poller, accounts=accounts, intake=intake, may_work=may_work)
        self._pollers = [of(queue) for queue in accounts.settings.events]

    def start(self) -> None:
        """Begin to read."""
        for poller in self._pollers:
            poller.start()

    def stop(self) -> None:
        """Take nothing more."""
        for poller in self._pollers:
            poller.stop()
