"""
Redis servers that fail over, fill up, forget, or are not what they should be.

    python benchmarks/store_faults.py [ROUNDS]

The bot in a process of its own. ROUNDS failovers, each to the replica that is in step, while somebody
asks all the time: how long until the bot is ready and a request is acknowledged and answered. Then a
store that is full for a while, and one that keeps nothing and restarts. Then stores on which it must
not start.

Ends with status 1 when a promise was broken: ten seconds after a fault everything goes on, whatever was
acknowledged is answered, and each unfit store is refused in one line that names REDIS_URL.
"""

from __future__ import annotations

import contextlib
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

from stage import Replica, Stage

from bot.playground.account.demo_functions import healthy, healthy_account
from bot.playground.stores import Forwarder, Server, fail_over
from bot.playground.workspace import Person

GOES_ON = 10.0
"""Seconds; docs/promises.md."""
PATIENCE = 60.0
FUNCTIONS = 50
"""One for each request, so that each answer is a card of its own."""
asked: list[str] = []
"""The functions of acknowledged requests."""
KEEPS = {"appendonly": "yes", "maxmemory_policy": "noeviction"}


def main() -> int:
    """All of it."""
    rounds = int(sys.argv[1]) if sys.argv[1:] else 3
    with tempfile.TemporaryDirectory() as folder, Stage(1, 0, 0) as stage:
        account = stage.aws.account()
        for number in range(FUNCTIONS):
            bed = healthy(account, f"f{number}")
        healthy_account(account, bed.now)
        here = Path(folder)
        return max(
            failovers(stage, here, rounds),
            full(stage, here),
            forgets(stage, here),
            unfit(stage, here),
        )


def failovers(stage: Stage, folder: Path, rounds: int) -> int:
    """From one server to the other, and back."""
    ready, acknowledgements, answers = [], [], []
    with Server(folder / "a", **KEEPS) as first, Server(folder / "b", **KEEPS) as second:
        second.follow(first)
        address, a, b = Forwarder(first.port), first, second
        with running(stage, address.url) as bot:
            ask(stage)
            for _ in range(rounds):
                took(b.synced)
                fail_over(a, b, address)
                began = time.monotonic()
                took(lambda: acknowledged(stage))
                acknowledgements.append(time.monotonic() - began)
                answers.append(answered(stage) + acknowledgements[-1])
                took(lambda: is_ready(bot))
                ready.append(time.monotonic() - began)
                a, b = b, a
        address.close()
    slowest = max(answers)
    print(
        f"failovers {rounds}: a request acknowledged after at most {max(acknowledgements):.1f} s, answered "
        f"after {slowest:.1f} s, ready by {max(ready):.1f} s"
    )
    return 0 if slowest <= GOES_ON else 1


def full(stage: Stage, folder: Path) -> int:
    """It refuses what is new, finishes what was begun, and goes on when there is room."""
    with Server(folder / "full", **KEEPS) as server, running(stage, server.url) as bot:
        ask(stage)
        with server.client() as redis:
            redis.config_set("maxmemory", "100kb")
            refused = not acknowledged(stage)
            noticed = took(lambda: not is_ready(bot))
            redis.config_set("maxmemory", "0")
            goes_on = took(lambda: is_ready(bot) and acknowledged(stage))
        goes_on += answered(stage)
    print(
        f"full: new requests refused: {refused}, not ready after {noticed:.1f} s, goes on and answers "
        f"{goes_on:.1f} s after there is room"
    )
    return 0 if refused and noticed <= GOES_ON and goes_on <= GOES_ON else 1


def forgets(stage: Stage, folder: Path) -> int:
    """A store without persistence restarts: people are told, and it goes on."""
    with Server(folder / "forgets") as server, running(stage, server.url) as bot:
        ask(stage)
        server.kill()
        server.start()
        words = "My store has lost its data"
        reported = took(lambda: any(words in m.text for m in stage.slack.public()))
        goes_on = took(lambda: is_ready(bot) and acknowledged(stage)) + answered(stage)
    print(f"forgets: told {reported:.1f} s after its restart, goes on {goes_on:.1f} s later")
    return 0 if reported <= GOES_ON and goes_on <= GOES_ON else 1


def unfit(stage: Stage, folder: Path) -> int:
    """None of them is begun with."""
    kinds = {
        "evicts (allkeys-lru)": {**KEEPS, "maxmemory_policy": "allkeys-lru"},
        "evicts (volatile-lru)": {**KEEPS, "maxmemory_policy": "volatile-lru"},
        "cluster": {"cluster_enabled": "yes"},
        "replica": KEEPS,
        "foreign": KEEPS,
    }
    wrong = 0
    for number, (kind, options) in enumerate(kinds.items()):
        with Server(folder / f"unfit{number}", **options) as server:
            with server.client() as redis:
                if kind == "foreign":
                    redis.hset("slsdiag:home", mapping={"team": "T0ANOTHER", "name": "n"})
            if kind == "replica":
                with Server(folder / "primary") as primary:
                    server.follow(primary)
                    took(server.synced)
                    message = refusal(stage, server.url)
            else:
                message = refusal(stage, server.url)
        good = message.count("\n") == 1 and "REDIS_URL" in message
        wrong += not good
        print(f"{kind}: {message.strip()}")
    return 1 if wrong else 0


def refusal(stage: Stage, url: str) -> str:
    """What the process says that does not start."""
    replica = stage.replica(REDIS_URL=url)
    replica.start()
    took(lambda: replica.dead)
    return replica.log.read_text()


@contextlib.contextmanager
def running(stage: Stage, url: str) -> Iterator[Replica]:
    """A bot over that store."""
    replica = stage.replica(REDIS_URL=url)
    replica.start()
    replica.ready()
    stage.slack.sockets.wait(1)
    try:
        yield replica
    finally:
        replica.kill()


def ask(stage: Stage) -> None:
    """One that is answered."""
    took(lambda: acknowledged(stage))
    answered(stage)


def acknowledged(stage: Stage) -> bool:
    """Whether a request was."""
    name = f"f{len(asked)}"
    taken = Person(stage.slack).types(f"/slsdiag {name}").text.startswith(f"Checking {name}.")
    asked.extend([name] if taken else [])
    return taken


def answered(stage: Stage) -> float:
    """Seconds until there is a result for each."""

    def all_there() -> bool:
        texts = " ".join(m.text for m in stage.slack.public())
        shown = set(re.findall(r"(\S+) is healthy", texts))
        return shown.issuperset(asked)

    return took(all_there)


def is_ready(bot: Replica) -> bool:
    """As the platform asks."""
    with (
        contextlib.suppress(OSError),
        urlopen(f"http://127.0.0.1:{bot.health_port()}/readyz", timeout=5) as answer,
    ):
        return bool(answer.status == 200)  # noqa: PLR2004 - HTTP's OK
    return False


def took(true: Callable[[], object]) -> float:
    """Seconds until it is."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > PATIENCE:
            raise TimeoutError
        time.sleep(0.05)
    return time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main())
