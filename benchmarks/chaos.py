"""
Triages under faults: nothing lost, nothing doubled, nothing early.

    python benchmarks/chaos.py kills   [TRIAGES] [SEED]   kill -9 at random, 11 % Slack faults
    python benchmarks/chaos.py points  [TRIAGES] [SEED]   kill -9 at each named point
    python benchmarks/chaos.py store   [TRIAGES] [SEED]   kill -9 of the store, 3 times
    python benchmarks/chaos.py freezes [TRIAGES] [SEED]   SIGSTOP past the lease
    python benchmarks/chaos.py lag     [TRIAGES] [SEED]   history later than the settle time
    python benchmarks/chaos.py timers  [TRIAGES] [SEED]   lateness, nothing wrong
    python benchmarks/chaos.py restart [TRIAGES] [SEED]   all replicas down over the waits' ends
    python benchmarks/chaos.py settle                     how long an unclear post stays unclear
    python benchmarks/chaos.py away    [SECONDS]          the store away, stopped and frozen
    python benchmarks/chaos.py race    [ROUNDS]           two processes, 50 triages due at once

Each prints its counts and ends with status 1 when a promise was broken. The fake Slack's
history lags by a random 0 to 50 % of the settle time in all of them.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from operator import attrgetter

import crash
from crowd import SHORT, Crowd, counted
from stage import CRASHING, Replica, Stage

from bot.conversation import Conversation
from bot.diagnosis import notices
from bot.diagnosis.gather import function_check
from bot.playground.workspace import Person
from bot.playground.workspace.faults import Faults
from bot.slack.sender import SETTLES_IN
from bot.store.connection import connect, now
from bot.store.due import TRIAGE, Due, Leases
from bot.store.outbox import COPIES_AFTER
from bot.store.records import Records
from bot.target import Target
from bot.triage.lookup import TriageLookup
from bot.triage.model import Phase, Prompt, Triage
from bot.triage.service import TriageService
from bot.triage.work import TriageWork
from checks.evidence import Evidence

A_COHORT = 25
"""Triages of one account: their looks at a wait's end share AWS's rate."""
FAULTS = Faults(
    dropped_before=0.02,
    dropped_after=0.02,
    error_before=0.01,
    error_after=0.01,
    trouble_before=0.01,
    trouble_after=0.01,
    late=0.01,
    limited=0.02,
)
LATE = 2.0
"""Seconds by which timers may be late, but for one of a hundred."""
FEW, MANY = 100, 1000
"""Triages of a run that shows little, and of one that shows all that is asked."""
PATIENCE = 30.0
"""Seconds until a point counts as out of reach, and the next one is tried."""
Disturb = Callable[[Stage, random.Random, threading.Event, Counter[str]], None]


def main() -> int:
    """One scenario."""
    name, *rest = sys.argv[1:] or ["kills"]
    size = int(rest[0]) if rest else 0
    seed = int(rest[1]) if len(rest) > 1 else 1
    match name:
        case "kills":
            return crowded(size or 1000, seed, kills, FAULTS)
        case "points":
            return crowded(size or 450, seed, points, FAULTS, pace=1.2)
        case "store":
            return crowded(size or 200, seed, store_kills, FAULTS)
        case "freezes":
            return crowded(size or 300, seed, freezes, FAULTS)
        case "lag":
            faults = Faults(dropped_after=0.25)  # a small run must have some, too
            return crowded(size or 200, seed, calm, faults, lag=3 * SETTLES_IN.total_seconds())
        case "timers":
            return crowded(size or 200, seed, calm, Faults(), cohort=10)
        case "restart":
            return restart(size or 50, seed)
        case "settle":
            return settle()
        case "away":
            return away(size or 60)
        case "race":
            return race(size or 100)
    print(f"There is no scenario {name}.")
    return 2


def crowded(
    triages: int,
    seed: int,
    disturb: Disturb,
    faults: Faults,
    lag: float | None = None,
    cohort: int = A_COHORT,
    pace: float = 4.0,
) -> int:
    """So many triages, `pace` of them begun a second, while `disturb` does its worst."""
    began = time.monotonic()
    with Stage(seed, max(1, triages // cohort), min(triages, cohort)) as stage:
        stage.slack.store.lag = SETTLES_IN.total_seconds() / 2 if lag is None else lag
        crowd = Crowd(stage) if triages > A_COHORT else Crowd(stage, SHORT, SHORT)
        crowd.pace = pace
        did: Counter[str] = Counter()
        with disturbed(stage, disturb, seed, did):
            stage.slack.faults = faults
            crowd.run()
        stage.slack.faults = Faults()
        at_the_end = counted(crowd)
        wait_for_sweeps(stage)
        counts = counted(crowd)
        parked = stage.redis.zcard("slsdiag:parked")
        print(f"{disturb.__name__}, seed {seed}: {dict(did)}")
        print(f"  {counts.summary_line()}")
        print(
            f"  copies: {stage.slack.calls['chat.delete']} deleted, {len(at_the_end.doubled)} there "
            f"when the last triage ended; {parked} things put aside; slowest acknowledgement "
            f"{crowd.slowest:.2f} s; {stage.slack.calls['chat.postMessage']} posts, "
            f"{stage.slack.calls['conversations.replies']} looks at threads; "
            f"{time.monotonic() - began:.0f} s"
        )
        for each in (counts.lost + counts.doubled + counts.left_open)[:10]:
            print(f"  ! {each}")
        for id_ in sorted({each.partition(":")[0] for each in counts.lost if ":" in each})[:5]:
            print(f"  ? {stored(stage, id_)}")
        late = lateness(stage)
        if disturb is calm and lag is None:
            return 0 if counts.kept and late <= LATE else 1
        deleted = stage.slack.calls["chat.delete"]
        shown = deleted if disturb is calm else sum(did.values())
        if shown < least(disturb, triages):
            print("  ! too little happened for these counts to show anything")
        return 0 if counts.kept and shown >= least(disturb, triages) else 1


def stored(stage: Stage, id_: str) -> str:
    """What the store holds of a lost triage, and when it is due: why it stands still."""
    triage = Records(stage.redis, TRIAGE, Triage).load(id_)
    due_at = stage.redis.zscore("slsdiag:due", f"{TRIAGE}:{id_}")
    held = stage.redis.hget("slsdiag:claims", f"{TRIAGE}:{id_}")
    shown = triage and (triage.phase, triage.version, triage.prompt, triage.outcome)
    due_in = due_at and due_at / 1000 - now(stage.redis).timestamp()
    return f"{id_}: {shown}; due in {due_in} s, claim {held!r}"


def least(disturb: Disturb, triages: int) -> int:
    """Disturbances (for `calm`: copies taken back) without which a run shows nothing."""
    if triages < FEW:
        return 1
    if disturb is kills:
        return 14
    if disturb is points:
        return 20 * len(crash.POINTS) if triages >= MANY else 5 * len(crash.POINTS)
    return 3 if disturb is store_kills else 1


@contextmanager
def disturbed(
    stage: Stage, disturb: Disturb, seed: int, did: Counter[str]
) -> Iterator[threading.Event]:
    """The replicas, and the disturbance in the background."""
    chance, ended = random.Random(seed), threading.Event()  # noqa: S311 - chaos, not secrets
    kinds = (CRASHING, None, CRASHING) if disturb is points else (None, None)
    for arguments in kinds:
        made = stage.replica(arguments) if arguments else stage.replica()
        made.start(CRASH_AT="claim:before:1000000")
        made.ready()
    stage.slack.sockets.wait(len(kinds))
    thread = threading.Thread(target=disturb, args=(stage, chance, ended, did), daemon=True)
    thread.start()
    try:
        yield ended
    finally:
        ended.set()
        thread.join()
        for each in stage.replicas:
            if each.dead:
                each.start(CRASH_AT="claim:before:1000000")


def calm(stage: Stage, chance: random.Random, ended: threading.Event, did: Counter[str]) -> None:
    """Nothing."""


def kills(stage: Stage, chance: random.Random, ended: threading.Event, did: Counter[str]) -> None:
    """One of the two at a time, back at once."""
    while not ended.wait(chance.uniform(6, 18)):
        _again(chance.choice(stage.replicas))
        did["kill -9"] += 1


def points(stage: Stage, chance: random.Random, ended: threading.Event, did: Counter[str]) -> None:
    """Two of the three replicas end themselves, at one point after the other."""
    lock, tried = threading.Lock(), Counter[str]()

    def crashes(replica: Replica) -> None:
        replica.kill()
        while not ended.is_set():
            with lock:
                point = min(crash.POINTS, key=lambda each: did[each] + tried[each] / 2)
                tried[point] += 1
                hit = chance.randint(1, 3)
            replica.start(CRASH_AT=f"{point}:{hit}")
            until = time.monotonic() + PATIENCE
            while not replica.dead and not ended.is_set() and time.monotonic() < until:
                time.sleep(0.05)
            with lock:
                did[point] += replica.dead
                tried[point] -= replica.dead
            replica.kill()

    threads = [threading.Thread(target=crashes, args=(each,)) for each in stage.replicas[::2]]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def store_kills(
    stage: Stage, chance: random.Random, ended: threading.Event, did: Counter[str]
) -> None:
    """Three times, evenly; a bot notices and starts it again."""
    while did["store kill -9"] < 3 and not ended.wait(chance.uniform(25, 45)):  # noqa: PLR2004 - asked
        with connect(stage.store.url) as redis:
            os.kill(redis.info("server")["process_id"], signal.SIGKILL)
        did["store kill -9"] += 1


def freezes(stage: Stage, chance: random.Random, ended: threading.Event, did: Counter[str]) -> None:
    """One of the two stands still for longer than any lease."""
    while not ended.wait(chance.uniform(10, 25)):
        frozen = chance.choice(stage.replicas)
        frozen.signal(signal.SIGSTOP)
        ended.wait(40)
        frozen.signal(signal.SIGCONT)
        did["freeze of 40 s"] += 1


def _again(replica: Replica) -> None:
    replica.kill()
    replica.start()


def wait_for_sweeps(stage: Stage) -> None:
    """Until what was posted twice was looked at once more."""
    until = time.monotonic() + COPIES_AFTER / 1000 + 60
    while time.monotonic() < until:
        waiting = stage.redis.zrange("slsdiag:due", 0, -1)
        if not [each for each in waiting if str(each).startswith(("copies:", "entry:"))]:
            return
        time.sleep(1)


def lateness(stage: Stage) -> float:
    """What the replicas' own metrics say of timers: the bucket of the 99th of 100, in seconds."""
    counts: Counter[float] = Counter()
    for each in stage.replicas:
        try:
            each.ready(10)
            counts.update(each.buckets("slsdiag_timer_lateness_seconds"))
        except (OSError, TimeoutError):
            continue
    total = counts.get(float("inf"), 0)
    p99 = min((bound for bound, n in counts.items() if n >= 0.99 * total), default=float("inf"))
    print(f"  timers claimed since the replicas' last start: {total:.0f}, p99 within {p99} s")
    return p99


def restart(triages: int, seed: int) -> int:
    """Both replicas die before the waits end, and come back after."""
    with Stage(seed, max(1, triages // A_COHORT), min(triages, A_COHORT)) as stage:
        crowd = Crowd(stage)
        for _ in range(2):
            stage.replica().start()
        for each in stage.replicas:
            each.ready()
        stage.slack.sockets.wait(2)
        back: list[float] = []

        def outage() -> None:
            ramp = triages / crowd.pace
            time.sleep(ramp + crowd.first_wait - 5)
            for each in stage.replicas:
                each.kill()
            time.sleep(15)
            for each in stage.replicas:
                each.start()
            for each in stage.replicas:
                each.ready()
            back.append(time.time())

        thread = threading.Thread(target=outage)
        thread.start()
        crowd.run()
        thread.join()
        counts = counted(crowd)
        after = sorted(
            float(message.ts) - back[0]
            for key, message in crowd._keys()  # noqa: SLF001 - the two are one
            if key.endswith(":message-2")
        )
        print(f"restart, seed {seed}: {counts.summary_line()}")
        print(f"  what was due meanwhile came {after[0]:.1f} to {after[-1]:.1f} s after readiness")
        lateness(stage)
        return 0 if counts.kept and after[-1] <= 10 else 1  # noqa: PLR2004 - asked


def settle() -> int:
    """From a card that landed unclearly to what waits for it: its edit with the verdict."""
    kept = True
    for how, limit in (("hung up", 20), ("answered 500", 20), ("killed after the post", 90)):
        with Stage(1, 1, 1) as stage:
            killed = how.startswith("killed")
            replica = stage.replica(CRASHING) if killed else stage.replica()
            replica.start(CRASH_AT="post:after:1")
            replica.ready()
            stage.slack.sockets.wait()
            stage.slack.store.lag = SETTLES_IN.total_seconds() / 2
            if not killed:
                share = "dropped_after" if how == "hung up" else "error_after"
                stage.slack.faults = Faults(**{share: 1.0})
            Person(stage.slack).types("/slsdiag f0 --account a0")
            stage.slack.waits_for(lambda m: "Checking f0…" in m.text, timeout=30)
            landed = time.monotonic()
            stage.slack.faults = Faults()
            if killed:
                if replica.process:
                    replica.process.wait()
                replica.start(CRASH_AT="post:after:1000000")
            stage.slack.waits_for(lambda m: "f0 is healthy" in m.text, timeout=120)
            took = time.monotonic() - landed
            posts = len([m for m in stage.slack.public() if m.thread_ts is None])
            print(f"Slack {how}: settled after {took:.1f} s (limit {limit}), {posts} card")
            kept &= took <= limit and posts == 1
    return 0 if kept else 1


def away(seconds: float) -> int:
    """The store is away: stopped, then frozen; people type meanwhile, and a wait ends."""
    kept = True
    for how in ("stopped", "frozen"):
        with Stage(1, 2, 8) as stage:
            replica = stage.replica(REDIS_URL=stage.store.url)
            replica.start()
            replica.ready()
            stage.slack.sockets.wait()
            person = Person(stage.slack)
            person.types("/slsdiag f0 --account a0")
            stage.slack.waits_for(lambda m: "f0 is healthy" in m.text, timeout=30)
            settles = datetime.now(UTC) + timedelta(seconds=seconds / 2 + 5)
            Crowd(stage).settles("a1", settles, replaced=False)
            person.types("/slsdiag f7 --account a1")
            stage.slack.waits_for(lambda m: m.text.startswith("f7 · waiting: ") and m.thread_ts)
            time.sleep(2)  # a post whose mark the outage swallowed would be unclear: see settle
            with connect(stage.store.url) as redis:
                pid = redis.info("server")["process_id"]
            os.kill(pid, signal.SIGKILL if how == "stopped" else signal.SIGSTOP)
            responses = []
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                responses.append(person.types("/slsdiag f1 --account a0"))
                time.sleep(1)
            if how == "stopped":
                stage.store.ensure()
            else:
                os.kill(pid, signal.SIGCONT)
            back = time.monotonic()
            while person.types("/slsdiag f2 --account a0").text != notices.checking("f2")["text"]:
                time.sleep(0.2)
            stage.slack.waits_for(lambda m: "f2 is healthy" in m.text, timeout=60)
            took = time.monotonic() - back
            stage.slack.waits_for(lambda m: m.text.startswith("f7 · question: "), timeout=60)
            came = time.monotonic() - back
            slowest = max(each.seconds for each in responses)
            refusals = sum("could not save" in each.text for each in responses)
            print(
                f"store {how} for {seconds:.0f} s: {len(responses)} commands, {refusals} told so, slowest "
                f"answer {slowest:.2f} s; a verdict {took:.1f} s after it was back, what a wait was "
                f"for {came:.1f} s"
            )
            kept &= slowest < 1 and refusals == len(responses) and max(took, came) <= 10  # noqa: PLR2004 - asked
    return 0 if kept else 1


def race(rounds: int) -> int:
    """Two processes want the same 50 triages at the same moment."""
    with Stage(1, 1, 1) as stage, multiprocessing.Pool(2) as pool:
        records = Records(stage.redis, TRIAGE, Triage)
        os.environ.update(stage.replica().environment)
        found = function_check(Target("f0", account="a0")).evidence()
        lost = doubled = 0
        for number in range(rounds):
            ids = [f"r{number}-{n}" for n in range(50)]
            at = now(stage.redis) + timedelta(seconds=0.3)
            for id_ in ids:
                records.open(a_wait(id_, at), (), once=None)
                opened = records.load(id_)
                if opened:
                    records.save(opened, claim=None, due_at=at)
            looks = pool.starmap(racer, [(stage.store.url, ids, at, found)] * 2, chunksize=1)
            moved = [each for id_ in ids if (each := records.load(id_)) and each.message == 2]  # noqa: PLR2004 - one more
            lost += len(ids) - len(moved)
            doubled += sum(looks) - len(moved) + sum(each.version != 2 for each in moved)  # noqa: PLR2004 - two saves
        print(f"race: {rounds} rounds of 50 due triages: lost {lost}, doubled {doubled}")
        return 1 if lost or doubled else 0


def racer(url: str, ids: list[str], at: datetime, found: Evidence) -> int:
    """One of the two: works on all of them in an order of its own; how many it looked at."""
    looked = 0

    def gather(triage: Triage, *, fresh: bool) -> Evidence:  # noqa: ARG001 - as the work calls it
        nonlocal looked
        looked += 1
        return replace(found, now=datetime.now(UTC))

    with connect(url) as redis:
        due = Due(redis)
        records = Records(redis, TRIAGE, Triage, attrgetter("subject"))
        lookup = TriageLookup(records, Unrestricted())
        service = TriageService(
            lookup, lambda *_: None, partial(now, redis), lambda _: None, lambda _: ()
        )
        work = TriageWork(service, due, Leases(due), gather)
        order = random.sample(ids, len(ids))
        time.sleep(max(0.0, (at - now(redis)).total_seconds()) + 0.01)
        for id_ in order:
            work.run(id_)
    return looked


class Unrestricted:
    """Every channel sees every account."""

    def scope(self, _: str) -> str:
        """One for all."""
        return ""

    def hidden(self, *_: str) -> bool:
        """Nothing is."""
        return False


def a_wait(id_: str, until: datetime) -> Triage:
    """A triage whose wait ends then."""
    prompt = Prompt("ten_minutes_passed", "Settles", "It settles.", until=until, looks_at=until)
    place = Conversation("T", "C", "U")
    return Triage(
        id_, "f0", place, "c", until, phase=Phase.WAITING, prompt=prompt, turn=1, message=1
    )


if __name__ == "__main__":
    sys.exit(main())
