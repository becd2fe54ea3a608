"""
Scans over many processes: what a killed worker costs, and what more workers bring.

    python benchmarks/fleet.py chaos   [FUNCTIONS] [KILLS]   a worker killed so often in one scan
    python benchmarks/fleet.py workers [FUNCTIONS]           1, 2 and 4 workers, 16 account-regions
    python benchmarks/fleet.py crowd                         40 people ask at once
    python benchmarks/fleet.py memory  [FUNCTIONS]           a worker's memory over five scans
    python benchmarks/fleet.py store   [FUNCTIONS]           what a scan costs the store

Each prints its counts and ends with status 1 when a promise was broken.
"""

from __future__ import annotations

import random
import re
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from stage import SERVE, Replica, Stage

from bot.playground.account.demo_functions import REGION
from bot.playground.workspace import Person
from bot.playground.workspace.model import Message

WORKER = (*SERVE[:2], "worker")
ASKED_RATIO = 3.0
LIMIT = 900.0


def main() -> int:
    """One scenario."""
    name, *rest = sys.argv[1:] or ["chaos"]
    sizes = [int(each) for each in rest]
    match name:
        case "chaos":
            return chaos(*(sizes or [2000]))
        case "workers":
            return workers(*(sizes or [2000]))
        case "crowd":
            return crowd()
        case "memory":
            return memory(*(sizes or [2000]))
        case "store":
            return store(*(sizes or [2000]))
    print(f"There is no scenario {name}.")
    return 2


def chaos(functions: int, kills: int = 5) -> int:
    """Of two workers, one at a time dies while one account and region is scanned."""
    with Stage(1, 1, functions) as stage:
        blind = spoil(stage)
        stage.aws.latency = 0.025
        pair = started(stage, 2, threads=8)
        ended = threading.Event()
        thread = threading.Thread(target=killer, args=(pair, ended, kills))
        thread.start()
        card, took = scanned(stage)
        ended.set()
        thread.join()
        time.sleep(2)
        named = Counter(re.findall(r"• (\S+) \(", " ".join(_text(m) for m in replies(stage, card))))
        cards = [m for m in stage.slack.public() if m.thread_ts is None]
        doubled = [name for name, count in named.items() if count > 1]
        missing = [name for name in blind if name not in named]
        seen = int(re.search(r"of ([\d,]+) functions?\.", card.text)[1].replace(",", ""))  # type: ignore[index]
        print(
            f"chaos: {functions:,} functions, {pair[0].starts + pair[1].starts - 2} kills: "
            f"{seen:,} reported, {len(blind)} blind, lost {len(missing)}, doubled {len(doubled)}, "
            f"{len(cards)} summary; {took:.0f} s"
        )
        kept = not doubled and not missing and seen == functions and len(cards) == 1
        return 0 if kept and set(named) == set(blind) else 1


def killer(pair: list[Replica], ended: threading.Event, kills: int) -> None:
    """One of the two at a time, back at once."""
    chance = random.Random(1)  # noqa: S311 - chaos, not secrets
    for _ in range(kills):
        if ended.wait(chance.uniform(2, 5)):
            return
        worker = chance.choice(pair)
        worker.kill()
        worker.start()


def workers(functions: int) -> int:
    """Each worker has four threads, so that more of them look at more places at once."""
    took: dict[int, float] = {}
    for count in (1, 2, 4):
        with Stage(1, 16, functions) as stage:
            stage.aws.latency = 0.2
            started(stage, count, threads=4)
            _, took[count] = scanned(stage)
            print(
                f"{count} workers, 16 account-regions of {functions:,} functions, 200 ms round "
                f"trip: {took[count]:.1f} s, {took[1] / took[count]:.2f} × one"
            )
    return 0 if took[1] / took[4] >= ASKED_RATIO else 1


def crowd() -> int:
    """Forty people, one scan, forty answers."""
    with Stage(1, 1, 200) as stage:
        started(stage, 1, threads=16)
        people = [Person(stage.slack, f"U0C{n}", name=f"c{n}") for n in range(40)]
        stage.aws.calls.clear()
        with ThreadPoolExecutor(40) as pool:
            responses = list(pool.map(lambda p: p.types("/slsdiag scan"), people))
        ends_at = time.monotonic() + 120
        while (answers := len(results(stage))) < len(people) and time.monotonic() < ends_at:
            time.sleep(0.1)
        listed = Counter((c.account, c.region) for c in stage.aws.calls if "ListF" in c.operation)
        pages = max(listed.values())
        print(
            f"crowd: {len(people)} asks, {answers} answers, each account and region listed "
            f"{pages / 4:.0f} times, slowest acknowledgement {max(h.seconds for h in responses):.2f} s"
        )
        return 0 if answers == len(people) and pages == 4 else 1  # noqa: PLR2004 - 200 functions


def memory(functions: int) -> int:
    """After the first scan has warmed it."""
    with Stage(1, 1, functions) as stage:
        spoil(stage, functions // 20)
        (worker,) = started(stage, 1, threads=8)
        used = []
        for number in range(5):
            scanned(stage, number + 1)
            used.append(resident(worker))
        growth = used[-1] / used[1] - 1
        sizes = ", ".join(f"{each:.0f}" for each in used)
        print(f"memory of a worker after each scan of {functions:,}: {sizes} MB, {growth:+.1%}")
        return 0 if growth < 0.1 else 1  # noqa: PLR2004 - flat


def store(functions: int) -> int:
    """Bytes and operations, of functions seen and of functions verified; idle ones taken off."""
    found = []
    for blind in (0, 100):
        with Stage(1, 1, functions) as stage:
            if blind:
                spoil(stage, blind)
            started(stage, 1, threads=8)
            quiet = operations(stage)
            time.sleep(10)
            before = operations(stage)
            idle = (before - quiet) / 10
            _, took = scanned(stage)
            names = list(stage.redis.scan_iter("slsdiag:scan:*:*"))
            kept = sum(int(stage.redis.memory_usage(name, samples=0) or 0) for name in names)
            found.append((operations(stage) - before - idle * took, kept))
    (seen, kept), (whole, _) = found
    print(
        f"store, {functions:,} functions: {kept / functions:.0f} bytes and {seen / functions:.2f} "
        f"operations a function, {(whole - seen) / 100:.0f} operations a look"
    )
    return 0


def operations(stage: Stage) -> int:
    """Of the store, since its start."""
    return int(stage.redis.info("stats")["total_commands_processed"])


def started(stage: Stage, count: int, threads: int) -> list[Replica]:
    """A bot that only hears, and so many workers."""
    bot = stage.replica(REDIS_URL=stage.store.url, SLSDIAG_WORKERS="0")
    made = [
        stage.replica(WORKER, REDIS_URL=stage.store.url, SLSDIAG_WORKERS=str(threads))
        for _ in range(count)
    ]
    for each in (bot, *made):
        each.start()
    for each in (bot, *made):
        each.ready()
    stage.slack.sockets.wait()
    return made


def spoil(stage: Stage, count: int = 100) -> list[str]:
    """So many of the first account's functions lose their wrapper."""
    blind = stage.functions[:: max(1, len(stage.functions) // count)]
    region = stage.aws.account(stage.account_id("a0")).region(REGION)
    for name in blind:
        variables = region.functions[name]["$LATEST"]["Environment"]["Variables"]
        variables["AWS_LAMBDA_EXEC_WRAPPER"] = "/opt/datadog_wrapper"
        region.groups[f"/aws/lambda/{name}"].events.clear()
    return blind


def scanned(stage: Stage, number: int = 1) -> tuple[Message, float]:
    """Ask for a scan and wait; its card, and how long it took."""
    began = time.monotonic()
    Person(stage.slack).types("/slsdiag scan")
    while len(results(stage)) < number:
        if time.monotonic() - began > LIMIT:
            raise TimeoutError([m.text for m in stage.slack.messages][-3:])
        time.sleep(0.05)
    took = time.monotonic() - began
    return results(stage)[-1], took


def results(stage: Stage) -> list[Message]:
    """The cards that hold a result."""
    with stage.slack.lock:
        public = stage.slack.public()
    return [m for m in public if "Verified exactly" in m.text and "Check again" in m.buttons()]


def replies(stage: Stage, card: Message) -> list[Message]:
    """The names in its thread."""
    with stage.slack.lock:
        return [m for m in stage.slack.public() if m.thread_ts == card.ts]


def _text(message: Message) -> str:
    return str(message.blocks).replace("\\n", " ")


def resident(replica: Replica) -> float:
    """MB."""
    pid = replica.process.pid if replica.process else 0
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096 / 1e6


if __name__ == "__main__":
    sys.exit(main())
