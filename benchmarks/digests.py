"""
Digests over two replicas: one message a slot, and none where nothing changed.

    python benchmarks/digests.py [CHANGES] [KILLS]
    python benchmarks/digests.py slot [FUNCTIONS]   how late its message comes, by default of 50

Eight digests: four zones, each over its last spring and its last autumn change of clocks. First
the clocks: every minute of five days around each change is walked through, and each local date
must bring its slot once. Then the replicas: the same slots come due in the store, one after
the other, all digests at once; in so many of them another function lost its wrapper, in as many
nothing changed, and with KILLS one replica at a time is killed meanwhile. The scan that ended
last is forgotten before each slot, so that each looks anew.

Ends with status 1 when a slot was lost or posted twice, a digest said that nothing changed, or its
message came before its slot or more than 2 s after it.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from stage import Replica, Stage

from bot.conversation import Conversation
from bot.digest.ahead import begins_at
from bot.digest.model import Digest, Plan, Slot
from bot.digest.repository import Digests, KeepResult
from bot.digest.schedule import following, slots_at
from bot.playground.account.demo_functions import REGION
from bot.playground.workspace.messages import GENERAL
from bot.playground.workspace.model import TEAM, Message
from bot.store.connection import now

CHANGES = (
    # zone, the time that spring skips, its date, the time that autumn repeats, its date
    ("Europe/Berlin", "02:30", "2026-03-29", "02:30", "2026-10-25"),
    ("America/New_York", "02:30", "2026-03-08", "01:30", "2026-11-01"),
    ("Australia/Sydney", "02:30", "2026-10-04", "02:30", "2026-04-05"),
    ("America/Havana", "00:30", "2026-03-08", "00:30", "2026-11-01"),
)
AROUND = 2
"""Days before and after a change."""
PATIENCE = 120.0
SETTLED = timedelta(seconds=200)
"""What is due later than this waits for its slot, not for work."""


@dataclass(frozen=True)
class Change:
    """One digest and the local dates around one change of clocks."""

    plan: Plan
    dates: tuple[str, ...]

    @property
    def id(self) -> str:
        """Of its digest: six characters, as people type them."""
        return f"{CHANGED.index(self):06x}"


def changes() -> list[Change]:
    """Both of each zone."""
    return [
        Change(Plan(f"daily {at}", zone), tuple(_around(date)))
        for zone, skipped, spring, repeated, autumn in CHANGES
        for at, date in ((skipped, spring), (repeated, autumn))
    ]


def _around(date: str) -> list[str]:
    day = datetime.fromisoformat(date)
    return [f"{day + timedelta(days=n):%Y-%m-%d}" for n in range(-AROUND, AROUND + 1)]


CHANGED = changes()


def main() -> int:
    """The clocks, then the replicas."""
    if sys.argv[1:2] == ["slot"]:
        return lateness(int(sys.argv[2]) if len(sys.argv) > 2 else 50)  # noqa: PLR2004 - one more
    sizes = [int(each) for each in sys.argv[1:]]
    rounds, kills = (*sizes, 3, 0)[:2] if not sizes else (*sizes, 0)[:2]
    return clocks() or replicas(rounds, kills)


def clocks() -> int:
    """By schedule.py alone, `now` handed in."""
    wrong = 0
    for change in CHANGED:
        zone = ZoneInfo(change.plan.zone)
        at = datetime.fromisoformat(change.dates[0]).replace(tzinfo=zone).astimezone(UTC)
        ran: Counter[str] = Counter()
        slot = following(change.plan, at, at)
        for _ in range((2 * AROUND + 1) * 24 * 60 + 60):
            at += timedelta(minutes=1)
            runs, slot = slots_at(change.plan, slot, at, at)
            ran.update([runs.name] if runs else [])
        wrong += sum(ran[date] != 1 for date in change.dates)
    dates = sum(len(change.dates) for change in CHANGED)
    print(
        f"clocks: {len(CHANGED)} changes, {dates} local dates walked by the minute: {wrong} wrong"
    )
    return 1 if wrong else 0


def lateness(functions: int) -> int:
    """Of the first slot, whose scan's length nobody knows yet, and of two that follow."""
    with Stage(1, 1, functions) as stage:
        for _ in range(2):
            stage.replica().start()
        for each in stage.replicas:
            each.ready()
        stage.slack.sockets.wait(2)
        digests, late = Digests(stage.redis), []
        at = now(stage.redis).replace(microsecond=0) + timedelta(seconds=65)
        first = replace(a_digest(CHANGED[0], at), slot=Slot(at, "2026-01-01"))
        assert digests.keep(first, ()) is KeepResult.NOW  # noqa: S101 - or nothing is measured
        for number in range(3):
            blind(stage, number)
            message = stage.slack.waits_for(partial(_is_of, f":2026-01-0{number + 1}:1"), 200)[0]
            late.append(float(message.ts) - at.timestamp())
            stage.redis.delete("none", *stage.redis.scan_iter("slsdiag:scanned:*"))
            at = now(stage.redis).replace(microsecond=0) + timedelta(seconds=65)
            known = digests.load(first.id)
            assert known  # noqa: S101 - as above
            moved = replace(known, slot=Slot(at, f"2026-01-0{number + 2}"))
            digests.save(moved, claim=None, due_at=begins_at(moved))
    seconds = ", ".join(f"{each:.1f}" for each in late)
    print(f"digests of {functions} functions: posted {seconds} s after their slots")
    return 0 if all(0 <= each <= 2 for each in late) else 1  # noqa: PLR2004 - promised


def _is_of(key: str, message: Message) -> bool:
    payload = (message.metadata or {}).get("event_payload") or {}
    return str(payload.get("key", "")).endswith(key)


def replicas(rounds: int, kills: int) -> int:
    """Two processes, one store."""
    began = time.monotonic()
    with Stage(1, 1, 2 * rounds + 20) as stage:
        pair = [stage.replica() for _ in range(2)]
        for each in pair:
            each.start()
        for each in pair:
            each.ready()
        stage.slack.sockets.wait(2)
        digests = Digests(stage.redis)
        for change in CHANGED:
            assert digests.keep(a_digest(change, now(stage.redis)), ()) is KeepResult.NOW  # noqa: S101 - or nothing is measured
        ended = threading.Event()
        killer = threading.Thread(target=_kill, args=(pair, ended, kills))
        killer.start()
        expected: set[str] = set()
        for number in range(2 * rounds):
            if number % 2 == 0:
                blind(stage, number)
                expected |= {
                    f"{c.id}:{c.dates[number // 2 % len(c.dates)]}-{number}:1" for c in CHANGED
                }
            slots_come(stage, digests, number)
            settle(stage)
        ended.set()
        killer.join()
        return counted(stage, expected, sum(each.starts for each in pair) - 2, began)


def a_digest(change: Change, at: datetime) -> Digest:
    """As the desk keeps it; its first slot is far away."""
    place = Conversation(TEAM, GENERAL, "U0ADA")
    return Digest(change.id, place, change.plan, at, Slot(at + timedelta(days=1), "2000-01-01"))


def blind(stage: Stage, number: int) -> None:
    """One more function loses its wrapper."""
    region = stage.aws.account(stage.account_id("a0")).region(REGION)
    variables = region.functions[f"f{number}"]["$LATEST"]["Environment"]["Variables"]
    variables["AWS_LAMBDA_EXEC_WRAPPER"] = "/opt/datadog_wrapper"
    region.groups[f"/aws/lambda/f{number}"].events.clear()


def slots_come(stage: Stage, digests: Digests, number: int) -> None:
    """The next local date of every digest is due in a moment."""
    stage.redis.delete("none", *stage.redis.scan_iter("slsdiag:scanned:*"))
    at = now(stage.redis) + timedelta(seconds=0.3)
    for change in CHANGED:
        name = f"{change.dates[number // 2 % len(change.dates)]}-{number}"
        while known := digests.load(change.id):
            due = replace(known, slot=Slot(at, name), created=at)
            if digests.save(due, claim=None, due_at=at):
                break


def settle(stage: Stage) -> None:
    """Until every digest had its turn and every message was sent."""
    ends_at = time.monotonic() + PATIENCE
    while time.monotonic() < ends_at:
        soon = (now(stage.redis) + SETTLED).timestamp() * 1000
        if not stage.redis.zrangebyscore("slsdiag:due", "-inf", soon):
            return
        time.sleep(0.1)
    raise TimeoutError(stage.redis.zrange("slsdiag:due", 0, -1))


def counted(stage: Stage, expected: set[str], kills: int, began: float) -> int:
    """From what Slack holds."""
    ids = {change.id for change in CHANGED}
    with stage.slack.lock:
        keys = Counter(
            str(message.metadata["event_payload"]["key"])
            for message in stage.slack.public(GENERAL)
            if message.metadata and message.thread_ts is None
        )
    posted = {key for key in keys if key.partition(":")[0] in ids}
    lost, silent_broken = expected - posted, posted - expected
    doubled = [key for key, count in keys.items() if count > 1]
    parked = stage.redis.zcard("slsdiag:parked")
    print(
        f"replicas: 2, zones {len(CHANGES)}, changes of clocks {len(CHANGED)}, {kills} kills: "
        f"{len(expected)} slots with news, {len(posted)} messages, lost {len(lost)}, doubled "
        f"{len(doubled)}; {len(expected)} slots without news, {len(silent_broken)} messages; "
        f"{parked} put aside; {time.monotonic() - began:.0f} s"
    )
    for each in [*lost, *silent_broken, *doubled][:10]:
        print(f"  ! {each}")
    return 1 if lost or silent_broken or doubled or parked else 0


def _kill(pair: list[Replica], ended: threading.Event, kills: int) -> None:
    chance = random.Random(1)  # noqa: S311 - chaos, not secrets
    for _ in range(kills):
        if ended.wait(chance.uniform(2, 5)):
            return
        one = chance.choice(pair)
        one.kill()
        one.start()
        one.ready()


if __name__ == "__main__":
    sys.exit(main())
