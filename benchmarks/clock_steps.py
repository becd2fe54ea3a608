"""
Clocks that are stepped while people wait: nothing early, nothing lost, nothing late.

    python benchmarks/clock_steps.py [WAITS]

Three installations at once: a bot with its own store, whose clocks are one and step
together; a bot whose clock steps over a store whose clock is right; and the other way round. In
each the clock goes forward and back by an hour and by a day. Around every step WAITS triages begin a
wait of six seconds, and a digest's slot is an hour's step away.

Ends with status 1 when a wait ended early or not at all, one in a hundred later than two seconds, a
slot was posted twice or not, or livez was not 200. Needs the package faketime.
"""

from __future__ import annotations

import re
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from stage import Replica, Stage

from bot.conversation import Conversation
from bot.digest.model import Digest, Plan
from bot.digest.repository import Digests
from bot.digest.schedule import following
from bot.playground.account.demo_functions import REGION, healthy, healthy_account
from bot.playground.clocks import SteppedClock
from bot.playground.stores import Server
from bot.playground.workspace import Person
from bot.playground.workspace.messages import GENERAL
from bot.playground.workspace.model import TEAM, Message
from bot.store.connection import connect, now

HOUR, DAY = 3600, 86_400
OWN, BOTS, STORES = INSTALLATIONS = ("own store", "bot's clock", "store's clock")
STEPS = (HOUR, -HOUR, DAY, -DAY)
WAIT, LATE = 6.0, 2.0
LONG_AFTER = 30.0
"""Seconds after which a wait that has not ended counts as lost."""
SHORT = (
    "-c",
    "import sys; from datetime import timedelta; from bot.triage import machine; "
    f"machine.PROLONGED_BY = timedelta(seconds={WAIT}); "
    "from bot.cli import main; sys.exit(main())",
    "serve",
)
"""`slsdiag serve`, whose button *Wait 10 min* waits for less."""
NUMBER = re.compile(r"-1:message-(\d+)$")
DIGEST = "abc123"


@dataclass
class Counts:
    """Of one installation."""

    ended: list[float] = field(default_factory=list)
    """Seconds from each click to the message after its wait."""
    lost: int = 0
    dead: int = 0
    """Times that livez was not 200."""


def main() -> int:
    """All three."""
    waits = int(sys.argv[1]) if sys.argv[1:] else 3
    with ThreadPoolExecutor(len(INSTALLATIONS)) as pool:
        return max(pool.map(partial(installation, waits=waits), INSTALLATIONS))


def installation(which: str, waits: int) -> int:
    """One of them, with all steps."""
    began = time.monotonic()
    with Stage(1, 0, 0) as stage, ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        clock = SteppedClock(folder)
        faked = clock.environment | {
            "PYTHONPATH": f"{clock.environment['PYTHONPATH']}:{Path(__file__).parent.parent}",
            # a Python that reads a file at each look at its clock would be what is measured
            "FAKETIME_NO_CACHE": "0",
            "FAKETIME_CACHE_DURATION": "1",
        }
        if which == OWN:
            replica = stage.replica(SHORT, SLSDIAG_STATE_DIR=str(folder / "state"), **faked)
            url = f"unix://{folder}/state/store/store.sock"
        else:
            environment = clock.environment if which == STORES else {}
            server = Server(folder / "store", environment, appendonly="yes")
            url = stack.enter_context(server).url
            replica = stage.replica(SHORT, REDIS_URL=url, **({} if environment else faked))
        replica.start()
        stack.callback(ended, replica)
        replica.ready()
        stage.slack.sockets.wait(1)
        counts = Counts()
        keep_a_digest(url)
        to_the_cause(stage, waits)
        with watched(replica, counts):
            for step in STEPS:
                around(stage, clock, step, waits, counts)
        return print_result(which, stage, replica, counts, began)


def ended(replica: Replica) -> None:
    """As its platform would end it, and with it its own store."""
    replica.signal(signal.SIGTERM)
    if replica.process:
        replica.process.wait(30)


def keep_a_digest(url: str) -> None:
    """Daily, half an hour from now; its first slot is in reach of one hour's step."""
    with connect(url) as redis:
        at = now(redis)
        plan = Plan(f"daily {at + timedelta(minutes=30):%H:%M}", "UTC")
        digest = Digest(
            DIGEST, Conversation(TEAM, GENERAL, "U0ADA"), plan, at, following(plan, at, at)
        )
        Digests(redis).keep(digest, ())


def to_the_cause(stage: Stage, waits: int) -> None:
    """
    Each triage stands at something to fix, and may wait.

    In the bot's own account: a role's credentials expire by the bot's clock, at AWS, too.
    """
    account, ada = stage.aws.account(), Person(stage.slack)
    region = account.region(REGION)
    for number in range(waits):
        function = f"f{number}"
        bed = healthy(account, function)
        variables = region.functions[function]["$LATEST"]["Environment"]["Variables"]
        variables["AWS_LAMBDA_EXEC_WRAPPER"] = "/opt/datadog_wrapper"
        bed.silent()
        if not number:
            healthy_account(account, bed.now)
        ada.types(f"/slsdiag triage {function}")
        ada.clicks(prompt(stage, function, "I fixed it"), "I fixed it")
        prompt(stage, function, "Wait 10 min")


def prompt(stage: Stage, function: str, words: str) -> Message:
    """The function's newest message with these words, and buttons."""

    def fits(message: Message) -> bool:
        content = f"{message.text} {message.blocks}"
        return function in message.text and words in content and bool(message.buttons())

    return stage.slack.waits_for(fits, timeout=LONG_AFTER)[-1]


def around(stage: Stage, clock: SteppedClock, step: float, waits: int, counts: Counts) -> None:
    """Begin the waits, step in their midst, and see when each ends."""
    ada, clicked, before = Person(stage.slack), {}, {}
    for number in range(waits):
        shown = prompt(stage, f"f{number}", "Wait 10 min")
        thread = str(shown.thread_ts)
        before[thread] = newest(stage, thread)
        clicked[thread] = time.monotonic()
        ada.clicks(shown, "Wait 10 min")
    time.sleep(WAIT / 4)
    clock.step(step)
    deadline = time.monotonic() + WAIT + LONG_AFTER
    while clicked and time.monotonic() < deadline:
        for thread in list(clicked):
            if newest(stage, thread) > before[thread]:
                counts.ended.append(time.monotonic() - clicked.pop(thread))
        time.sleep(0.05)
    counts.lost += len(clicked)


def newest(stage: Stage, thread: str) -> int:
    """The number of the triage's last message."""
    with stage.slack.lock:
        keys = [
            str((m.metadata or {}).get("event_payload", {}).get("key", ""))
            for m in stage.slack.public(GENERAL)
            if m.thread_ts == thread
        ]
    return max((int(found[1]) for key in keys if (found := NUMBER.search(key))), default=0)


class watched:  # noqa: N801 - a context manager, read like a function
    """Ask livez all the while."""

    def __init__(self, replica: Replica, counts: Counts) -> None:
        """Of one process."""
        self._port = replica.health_port()
        self._counts, self._ended = counts, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._ended.wait(0.2):
            try:
                with urlopen(f"http://127.0.0.1:{self._port}/livez", timeout=5) as answer:
                    answer.read()
            except (URLError, OSError):
                self._counts.dead += 1

    def __enter__(self) -> None:
        """Begin."""
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        """End."""
        self._ended.set()
        self._thread.join()


def print_result(which: str, stage: Stage, replica: Replica, counts: Counts, began: float) -> int:
    """Its line; 1 when a promise was broken."""
    took = sorted(counts.ended)
    early = sum(each < WAIT for each in took)
    found = replica.buckets("slsdiag_timer_lateness_seconds")
    late = round(found[float("inf")] - found[LATE]) if found else -1
    with stage.slack.lock:
        slots = Counter(
            str(m.metadata["event_payload"]["key"]).split(":")[1]
            for m in stage.slack.public(GENERAL)
            if m.metadata and DIGEST in str(m.metadata) and m.thread_ts is None
        )
    print(
        f"{which}: {len(took) + counts.lost} waits over {len(STEPS)} steps: early {early}, lost "
        f"{counts.lost}, claimed more than {LATE:.0f} s late {late}; next message after a click on "
        f"an {WAIT:.0f} s wait: {min(took, default=0):.1f} to {max(took, default=0):.1f} s; "
        f"digest slots posted {dict(slots)}; livez failed {counts.dead}; "
        f"{time.monotonic() - began:.0f} s"
    )
    posted = [] if which == BOTS else [1]  # a slot is a time of the store's clock
    good = not (early or counts.lost or late or counts.dead) and list(slots.values()) == posted
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
