"""
Deployments over two replicas: one message each, nothing missed, and no alarm about what was repaired.

    python benchmarks/watch.py --deploys 5 --functions 200
    python benchmarks/watch.py --deploys 50 --functions 200 --accounts 5 --spread 600 --kills 14

So many roles deploy so many functions each, at most 15 a second in an account, as Lambda allows. Every deployment takes
layer and variables from its functions; a Dashboard puts half of them back within the settle time. Of the events
5 % never reach the queue, 5 % come twice, and each comes up to SPREAD seconds late, in any order. Replicas are
killed meanwhile. AWS's rates hold, for each account, and CloudTrail's event history is read once more at the end, as
it is every ten minutes. With a SPREAD below the settle time Lambda announces each change as well, in a second and without
a name; a function whose call was lost, while several roles deployed, is then told of in a message without one.

Ends with status 1 when a function that stayed broken was not reported, one that was repaired in time was, a
deployment has no message or several, a LookupEvents was throttled; without KILLS, also when of 99 in 100 deployments
the first message came later than 15 s after the first function was due; and with a SPREAD below the settle time also
when verifying took more than 1.1 times what AWS's rates allow.
"""

from __future__ import annotations

import argparse
import random
import sys
import threading
import time
from collections.abc import Sequence

from deployments import CHANGES_A_SECOND, DOUBLED, LOST, Fleet, prepared
from stage import Replica, Stage
from watch_counts import LIMITING, Counted, allowed, counted, known, told

from bot.playground.account.demo_functions import REGION
from bot.playground.workspace.messages import GENERAL
from bot.store.connection import now
from bot.store.due import CATCH_UP, Due
from bot.watch.model import Watch
from bot.watch.repository import Watches

LATEST = 15.0
"""Seconds from the settle time's end to the first message."""
LAW = 1.1
"""Times as long as AWS's rates allow."""
PATIENCE = 3600.0


def main() -> int:
    """One run."""
    given = _arguments().parse_args()
    each = -(-given.deploys // given.accounts)
    with Stage(1, given.accounts, each * given.functions) as stage:
        fleet = prepared(stage, given.settle, given.spread, each)
        stage.aws.quotas = True
        Watches(stage.redis).add(Watch(GENERAL, "", "U0ADA", now(stage.redis)))
        pair = [_replica(fleet, given) for _ in range(2)]
        for replica in pair:
            replica.start()
        for replica in pair:
            replica.ready()
        began = time.monotonic()
        _deployed(fleet, given, pair)
        for account in fleet.accounts:
            Due(stage.redis).make_due([(CATCH_UP, f"{account.id}/{REGION}")])
        took = settled(fleet) - began - given.settle
        kills = sum(replica.starts for replica in pair) - len(pair)
        result = counted(fleet)
        for replica in pair:
            replica.kill()
        law = allowed(fleet, given.share, pair[0].environment)
        return _judged(given, result, kills, took, law)


def _replica(fleet: Fleet, given: argparse.Namespace) -> Replica:
    return fleet.stage.replica(
        SLSDIAG_EVENTS=fleet.queues,
        SLSDIAG_WATCH_SETTLE=str(given.settle),
        SLSDIAG_AWS_RATE=str(given.share),
    )


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser()
    for name, default in (("deploys", 5), ("functions", 200), ("accounts", 1), ("kills", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--settle", type=int, default=120, help="seconds; SLSDIAG_WATCH_SETTLE")
    parser.add_argument("--spread", type=float, default=20, help="seconds that events may be late")
    parser.add_argument("--share", type=float, default=0.5, help="SLSDIAG_AWS_RATE")
    return parser


def _deployed(fleet: Fleet, given: argparse.Namespace, pair: Sequence[Replica]) -> None:
    """Everything is changed, and all events came that come."""
    ended = threading.Event()
    seconds = given.functions * fleet.paces / CHANGES_A_SECOND + given.spread
    killer = threading.Thread(target=_kill, args=(pair, ended, given.kills, seconds))
    killer.start()
    threads = [
        threading.Thread(target=fleet.deploy, args=(number, given.functions))
        for number in range(given.deploys)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fleet.later.join()
    killer.join()
    ended.set()


def _kill(pair: Sequence[Replica], ended: threading.Event, kills: int, seconds: float) -> None:
    """One of them, again and again, over about that time."""
    chance = random.Random(1)  # noqa: S311 - chaos, not secrets
    for _ in range(kills):
        if ended.wait(chance.uniform(0.5, 1.5) * seconds / kills):
            return
        one = chance.choice(pair)
        one.kill()
        one.start()
        one.ready()


def settled(fleet: Fleet) -> float:
    """When every changed function was verified, or patience ran out; then a while more."""
    ends_at, changed = time.monotonic() + PATIENCE, fleet.broken | fleet.repaired
    while time.monotonic() < ends_at:
        deploys = known(fleet.stage)
        verified = {(it.account, row.name) for it in deploys for row in it.rows if row.kind}
        done_at = time.monotonic()
        if verified >= changed and told(deploys) >= fleet.broken:
            break
        time.sleep(3)
    time.sleep(10)  # whatever is still to be posted
    return done_at


def _judged(given: argparse.Namespace, result: Counted, kills: int, took: float, law: float) -> int:
    late = result.late(given.settle) or [float("inf")]
    p99 = late[max(0, -(-len(late) * 99 // 100) - 1)]
    on_time = given.spread < given.settle
    print(
        f"watch: {given.deploys} deployments of {result.changed} functions in {given.accounts} accounts, "
        f"{kills} kills, events lost {LOST:.0%}, doubled {DOUBLED:.0%}, up to {given.spread:.0f} s late, settle "
        f"time {given.settle} s, share {given.share}: {result.named} messages that name a role, "
        f"{len(result.first) - result.named} that cannot, {result.doubled} doubled, missed {result.missed}, "
        f"false alarms {result.false}; first message {late[len(late) // 2]:.1f} s (p50), {p99:.1f} s (p99), "
        f"{late[-1]:.1f} s (worst) after the settle time; all verified {took:.0f} s after the first settle "
        f"time, AWS's rates allow {law:.0f} s; {result.checks} checks, {result.filtered} calls of "
        f"{LIMITING[0]}; LookupEvents throttled {result.throttled}"
    )
    bad = result.missed or result.false or result.doubled or result.named != given.deploys
    slow = not given.kills and (p99 > LATEST or (on_time and took > LAW * law))
    return 1 if bad or slow or result.throttled else 0


if __name__ == "__main__":
    sys.exit(main())
