"""A standard queue of Amazon SQS: messages hide while they are received, and come in any order."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from uuid import uuid4

_POISON = 3
"""Amazon SQS Developer Guide, "Available CloudWatch metrics for Amazon SQS"."""


@dataclass
class Waiting:
    """One message."""

    body: str
    id: str = field(default_factory=lambda: str(uuid4()))
    handle: str = ""
    hidden_until: float = 0.0
    received: int = 0
    sent_at: float = field(default_factory=time.monotonic)


@dataclass
class Queue:
    """Faults hold for what is sent after they were set."""

    name: str
    visibility: float = 120.0
    """Seconds."""
    tries: int = 5
    dead: Queue | None = None
    """Where a message goes that was received so often, and never deleted."""
    lost: float = 0.0
    """Share of messages that never arrive, as EventBridge's best effort allows."""
    doubled: float = 0.0
    """Share that arrives twice."""
    mixed: bool = False
    messages: list[Waiting] = field(default_factory=list)
    dice: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311 - no secret
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def send(self, body: str) -> None:
        """A message arrives, or does not."""
        with self._changed:
            times = 0 if self.dice.random() < self.lost else 1
            times *= 2 if self.dice.random() < self.doubled else 1
            self.messages += [Waiting(body) for _ in range(times)]
            self._changed.notify_all()

    def receive(self, most: int, wait: float, visibility: float | None = None) -> list[Waiting]:
        """Up to `most` messages, as soon as there is one."""
        ends_at = time.monotonic() + wait
        with self._changed:
            while True:
                found = self._visible()[:most]
                left = ends_at - time.monotonic()
                if found or left <= 0:
                    break
                self._changed.wait(min(left, 0.2))
            until = time.monotonic() + (self.visibility if visibility is None else visibility)
            for message in found:
                message.received += 1
                message.handle, message.hidden_until = str(uuid4()), until
            return found

    def _visible(self) -> list[Waiting]:
        now = time.monotonic()
        visible = [message for message in self.messages if message.hidden_until <= now]
        for message in [each for each in visible if self.dead and each.received >= self.tries]:
            assert self.dead  # noqa: S101 - narrows
            self.messages.remove(message)
            visible.remove(message)
            self.dead.send(message.body)
        if self.mixed:
            self.dice.shuffle(visible)
        return visible

    def delete(self, handle: str) -> None:
        """By its newest handle; SQS says nothing of an older one."""
        with self._changed:
            self.messages = [message for message in self.messages if message.handle != handle]

    @property
    def oldest(self) -> float | None:
        """Seconds that the oldest message has waited; one that was received more often than thrice does not count."""
        with self._changed:
            sent = [each.sent_at for each in self.messages if each.received <= _POISON]
        return time.monotonic() - min(sent) if sent else None

    @property
    def depth(self) -> tuple[int, int]:
        """How many can be received now, and how many are hidden."""
        now = time.monotonic()
        with self._changed:
            hidden = sum(message.hidden_until > now for message in self.messages)
            return len(self.messages) - hidden, hidden
