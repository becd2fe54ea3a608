"""
A rollout under load: two replicas, each replaced in turn by one of another release.

    python benchmarks/rolling.py [RESTARTS] [additive|schema|REVISION] [TRIAGES]

The one that is replaced gets SIGTERM while the new one starts. Meanwhile people run triages with
two waits each (crowd.py), and one person types a command every half second. The other release
is this code with fields more (`additive`), with the next schema (`schema`), or the code of a
git REVISION. Old and new alternate, so that each reads what the other wrote. Ends with status 1
when something was lost or doubled, or a command was not answered.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from crowd import SHORT, Crowd, counted
from stage import SERVE, Replica, Stage

from bot.playground.workspace import Person
from bot.playground.workspace.model import BOT_USER, Message

HERE = Path(__file__)
RELEASE = (str(HERE.with_name("release.py")),)
PAUSE = 4.0
"""Seconds that both releases work side by side before the next one is replaced."""
LOGGED = {"SLSDIAG_LOG_LEVEL": "INFO"}
EVERY = 0.5
CHANNEL = "C0ROLLING"
SETTLES_WITHIN = 180.0
DRAINED_WITHIN = 60.0
"""What a platform waits before it kills, as the docs advise."""
Start = Callable[[str], Replica]


def main() -> int:
    """One rollout, back and forth."""
    restarts = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    other = sys.argv[2] if len(sys.argv) > 2 else "additive"  # noqa: PLR2004 - the second word
    triages = int(sys.argv[3]) if len(sys.argv) > 3 else 20  # noqa: PLR2004 - the third
    with Stage(1, max(1, triages // 10), min(10, triages)) as stage:
        start = starter(stage, other)
        running = [start("this"), start("this")]
        for each in running:
            each.ready()
        stage.slack.sockets.wait(2)
        crowd = Crowd(stage, SHORT, SHORT)
        typist = Typist(stage)
        drained: list[float] = []
        acts = (crowd.run, typist.run)
        people = [threading.Thread(target=act, daemon=True) for act in acts]
        for thread in people:
            thread.start()
        for release, number in zip(
            itertools.cycle(["other", "this"]), range(restarts), strict=False
        ):
            typist.stopping_at = time.monotonic()
            running[number % 2] = replaced(running[number % 2], release, start, drained)
            time.sleep(PAUSE)
        people[0].join()
        typist.over.set()
        people[1].join()
        return print_result(stage, crowd, typist, drained, restarts, other)


@dataclass
class Typist:
    """Types steadily, in a channel of their own, and never a second time."""

    stage: Stage
    stopping_at: float = 0.0
    """When a replica was last stopped."""
    over: threading.Event = field(default_factory=threading.Event)
    typed: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def run(self) -> None:
        """Until it is over."""
        self.stage.slack.store.channel(CHANNEL, "rolling", BOT_USER)
        person = Person(self.stage.slack, "U0TYPIST", name="typist")
        names = itertools.cycle(self.stage.functions)
        while not self.over.wait(EVERY):
            name = next(names)
            response = person.types(f"/slsdiag {name} --account {self.stage.names[0]}", CHANNEL)
            self.slowest = max(self.slowest, response.seconds)
            if name in response.text:
                self.typed.append(name)
            else:
                since = time.monotonic() - response.seconds - self.stopping_at
                self.unanswered.append(
                    f"{name}, typed {since:+.2f} s after a SIGTERM: {response.status} {response.text}"
                )

    def cards(self) -> list[Message]:
        """What was posted for the requests."""
        with self.stage.slack.lock:
            return [m for m in self.stage.slack.public(CHANNEL) if m.thread_ts is None]

    def notes(self) -> int:
        """How many requests were answered by an edit of the card that stood already."""
        with self.stage.slack.lock:
            return sum(
                m.channel == CHANNEL and m.text.startswith("Checking ") and " again." in m.text
                for m in self.stage.slack.messages
            )

    def lost(self) -> int:
        """Requests that have neither a card nor a note, and cards without a verdict."""
        found = self.cards()
        unanswered = max(0, len(self.typed) - len(found) - self.notes())
        return unanswered + sum("Checking " in m.text for m in found)

    def doubled(self) -> int:
        """Cards that were posted twice for one request."""
        keys = [((m.metadata or {}).get("event_payload") or {}).get("key") for m in self.cards()]
        return len(keys) - len(set(keys))


def starter(stage: Stage, other: str) -> Start:
    """Starts a replica of this release or of the other."""
    shims = {"additive", "schema"}
    code = None if other in shims else unpacked(stage.state / "other", other)

    def start(release: str) -> Replica:
        if release == "this":
            made = stage.replica(SERVE, **LOGGED)
        elif code is None:
            made = stage.replica(RELEASE, RELEASE=other, **LOGGED)
        else:
            made = stage.replica(SERVE, PYTHONPATH=str(code))
        made.start()
        return made

    return start


def unpacked(folder: Path, revision: str) -> Path:
    """The code of a revision."""
    folder.mkdir()
    archive = subprocess.run(
        ["git", "archive", revision, "bot", "checks"],  # noqa: S607 - as on anybody's path
        cwd=HERE.parent.parent,
        check=True,
        capture_output=True,
    ).stdout
    subprocess.run(["tar", "x", "-C", str(folder)], input=archive, check=True)  # noqa: S607 - likewise
    return folder


def replaced(old: Replica, release: str, start: Start, drained: list[float]) -> Replica:
    """SIGTERM the old one while the new one starts; both must have done so in the end."""
    new = start(release)
    began = time.monotonic()
    if old.process:
        old.process.terminate()
        old.process.wait(DRAINED_WITHIN)
    drained.append(time.monotonic() - began)
    new.ready()
    return new


def print_result(
    stage: Stage, crowd: Crowd, typist: Typist, drained: list[float], restarts: int, other: str
) -> int:
    """What became of it all."""

    def settled() -> bool:
        """Two releases hand things to each other all the time: for a moment one is aside."""
        aside = stage.redis.zcard("slsdiag:parked")
        return not typist.lost() and not aside and counted(crowd).kept

    until = time.monotonic() + SETTLES_WITHIN
    while time.monotonic() < until and not settled():
        time.sleep(0.5)
    counts, lost, doubled = counted(crowd), typist.lost(), typist.doubled()
    left = stage.redis.zcard("slsdiag:parked")
    asides = Counter(
        "put aside" if "put_aside" in line else "taken back"
        for each in stage.replicas
        for line in each.log.read_text().splitlines()
        if "put_aside" in line or "taken_back" in line
    )
    print(f"rolling, {restarts} restarts, this release and {other}:")
    print(f"  {counts.summary_line()}")
    print(
        f"  commands {len(typist.typed) + len(typist.unanswered)}, unanswered "
        f"{len(typist.unanswered)}, lost {lost}, doubled {doubled}, slowest answer "
        f"{max(crowd.slowest, typist.slowest):.2f} s; drained within {max(drained):.1f} s; "
        f"{dict(asides)}, {left} still aside"
    )
    for each in (counts.lost + counts.doubled + counts.left_open + typist.unanswered)[:10]:
        print(f"  ! {each}")
    kept = counts.kept and not (typist.unanswered or lost or doubled or left)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
