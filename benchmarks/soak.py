"""
One triage a second, for as long as is asked: the bot's memory and descriptors, the store's keys.

    python benchmarks/soak.py [MINUTES]

Each triage is typed, asked a question, and stopped. Every minute a line is printed; `kept` are
the keys without an expiry: those that would be there for ever. Ends with status 1 when memory
or descriptors of the second half grew by more than 10 % over those of the first, when keys
without an expiry grew, or when a triage was not ended.
"""

from __future__ import annotations

import itertools
import os
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from redis import Redis
from stage import Stage

from bot.playground.workspace import Person
from bot.playground.workspace.messages import GENERAL
from bot.playground.workspace.model import Message

FUNCTIONS = 50
SAMPLE = 5.0
MINUTE = 60.0
WARM = 60.0
"""Seconds until pools, caches and connections are what they will be."""
GROWTH = 1.10
KEPT_GROWTH = 5
ENDS_WITHIN = 120.0


@dataclass(frozen=True)
class Sample:
    """At one moment."""

    minute: float
    memory: float
    """MiB, resident."""
    descriptors: int
    threads: int
    keys: int
    kept: int
    triages: int

    def summary_line(self) -> str:
        """One line."""
        each = self.keys / max(self.triages, 1)
        return (
            f"{self.minute:5.1f} min: {self.memory:6.1f} MiB, {self.descriptors} descriptors, "
            f"{self.threads} threads; {self.keys} keys ({each:.1f} a triage), {self.kept} kept"
        )


@dataclass
class People:
    """One types each second, another clicks *Stop* at each question."""

    stage: Stage
    typed: int = 0
    clicked: set[str] = field(default_factory=set)
    over: threading.Event = field(default_factory=threading.Event)

    def types(self) -> None:
        """Once a second."""
        names = itertools.cycle(self.stage.functions)
        person = Person(self.stage.slack)
        started = time.monotonic()
        while not self.over.wait(max(0.0, started + self.typed - time.monotonic())):
            person.types(f"/slsdiag triage {next(names)} --account a0")
            self.typed += 1

    def clicks(self) -> None:
        """As soon as there is something to click."""
        person = Person(self.stage.slack, "U0STOP", name="stop")
        while not self.over.wait(0.2):
            for message in self.messages("· question: "):
                if message.ts not in self.clicked and "Stop" in message.buttons():
                    self.clicked.add(message.ts)
                    person.clicks(message, "Stop")

    def messages(self, words: str) -> list[Message]:
        """What holds these words."""
        with self.stage.slack.lock:
            return [m for m in self.stage.slack.public(GENERAL) if words in m.text]

    def ended(self) -> int:
        """Triages that have their summary."""
        return len(self.messages(": triage "))


def main() -> int:
    """So many minutes."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    with Stage(1, 1, FUNCTIONS) as stage:
        replica = stage.replica()
        replica.start()
        replica.ready()
        stage.slack.sockets.wait()
        people = People(stage)
        for act in (people.types, people.clicks):
            threading.Thread(target=act, daemon=True).start()
        pid = replica.process.pid if replica.process else 0
        samples = watched(stage.redis, people, pid, minutes)
        until = time.monotonic() + ENDS_WITHIN
        typed = people.typed
        while time.monotonic() < until and people.ended() < typed:
            time.sleep(1)
        people.over.set()
        return print_result(samples, typed, people.ended())


def watched(redis: Redis, people: People, pid: int, minutes: float) -> list[Sample]:
    """Samples, printed each minute."""
    began, printed_at = time.monotonic(), 0.0
    samples: list[Sample] = []
    while (passed := time.monotonic() - began) < minutes * MINUTE:
        time.sleep(SAMPLE)
        samples.append(sample(redis, people, pid, passed / MINUTE))
        if passed - printed_at >= MINUTE:
            printed_at = passed
            print(samples[-1].summary_line(), flush=True)
    return samples


def sample(redis: Redis, people: People, pid: int, minute: float) -> Sample:
    """Now."""
    status = dict(
        line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines()
    )
    asked = redis.pipeline(transaction=False)
    for key in redis.scan_iter(count=1000):
        asked.ttl(key)
    kept = sum(left == -1 for left in asked.execute())
    return Sample(
        minute,
        int(status["VmRSS"].split()[0]) / 1024,
        len(os.listdir(f"/proc/{pid}/fd")),  # noqa: PTH208 - only how many
        int(status["Threads"]),
        int(redis.dbsize()),
        kept,
        people.typed,
    )


def print_result(samples: list[Sample], typed: int, ended: int) -> int:
    """The halves, compared."""
    warm = [each for each in samples if each.minute * MINUTE >= WARM] or samples
    first, second = warm[: len(warm) // 2] or warm, warm[len(warm) // 2 :]
    growth = {
        name: median(getattr(each, name) for each in second)
        / max(1, median(getattr(each, name) for each in first))
        for name in ("memory", "descriptors", "threads")
    }
    kept = Counter({"first": first[0].kept, "last": second[-1].kept})
    print(samples[-1].summary_line())
    shown = ", ".join(f"{name} x {value:.3f}" for name, value in growth.items())
    print(
        f"{typed} triages, {ended} ended; second half over first: {shown}; keys without an "
        f"expiry {kept['first']} → {kept['last']}"
    )
    flat = all(value <= GROWTH for value in growth.values())
    bounded = kept["last"] <= kept["first"] + KEPT_GROWTH
    return 0 if flat and bounded and ended >= typed else 1


if __name__ == "__main__":
    sys.exit(main())
