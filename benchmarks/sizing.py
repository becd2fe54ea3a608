"""
What an installation of so many functions takes: a digest by one bot and one worker, all else idle.

    python benchmarks/sizing.py [FUNCTIONS …]     by default 50, 500, 5,000 and 50,000

One function in forty is broken, and no account has more than 500. Prints a row of docs/sizing.md for each:
the time from slot to message, the calls to AWS, CPU and peak memory of both processes, and what the
store holds more than before. The bot uses half of AWS's rates. The fake AWS runs beside it on the same
processors, so the time of the largest fleets is more than that of AWS's own.
"""

from __future__ import annotations

import math
import os
import re
import sys
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from digests import CHANGED, a_digest
from fleet import WORKER
from stage import SERVE, Replica, Stage

from bot.digest.model import Slot
from bot.digest.repository import Digests, KeepResult
from bot.playground.account.demo_functions import REGION
from bot.playground.workspace.model import Message
from bot.store.connection import now

SIZES = (50, 500, 5_000, 50_000)
IN_AN_ACCOUNT, BROKEN, THREADS, PATIENCE = 500, 40, "8", 560.0
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Used:
    """By one process, since its start."""

    cpu: float
    """Seconds."""
    peak: float
    """MB."""


def used(replica: Replica) -> Used:
    """From Linux, while it still runs."""
    proc = Path(f"/proc/{replica.process.pid if replica.process else 0}")
    user, system = (proc / "stat").read_text().rpartition(")")[2].split()[11:13]
    peak = re.search(r"VmHWM:\s+(\d+)", (proc / "status").read_text())
    return Used((int(user) + int(system)) / _TICKS, int(peak[1]) / 1024 if peak else 0.0)


def row(functions: int) -> str:
    """Of the table, measured."""
    accounts = math.ceil(functions / IN_AN_ACCOUNT)
    with Stage(1, accounts, functions // accounts) as stage:
        broken(stage)
        settings = {"REDIS_URL": stage.store.url, "SLSDIAG_AWS_RATE": "0.5"}
        bot = stage.replica(SERVE, **settings, SLSDIAG_WORKERS="0")
        worker = stage.replica(WORKER, **settings, SLSDIAG_WORKERS=THREADS)
        for each in (bot, worker):
            each.start()
        for each in (bot, worker):
            each.ready(PATIENCE)
        stage.slack.sockets.wait()
        idle, held = used(worker), memory(stage)
        stage.aws.calls.clear()
        took, message = digested(stage)
        served, worked = used(bot), used(worker)
        cells = (
            f"{functions:,}",
            f"{accounts:,}",
            f"{took:.0f} s",
            f"{len(stage.aws.calls):,}",
            f"{worked.cpu - idle.cpu:.1f} s",
            f"{worked.peak:.0f} MB",
            f"{served.peak:.0f} MB",
            f"{memory(stage) - held:.1f} MB",
        )
        print(f"  {message.text[:120]}", file=sys.stderr)
        return f"| {' | '.join(cells)} |"


def broken(stage: Stage) -> None:
    """One function in so many loses its wrapper."""
    for name in stage.names:
        region = stage.aws.account(stage.account_id(name)).region(REGION)
        for function in stage.functions[::BROKEN]:
            variables = region.functions[function]["$LATEST"]["Environment"]["Variables"]
            variables["AWS_LAMBDA_EXEC_WRAPPER"] = "/opt/datadog_wrapper"
            region.groups[f"/aws/lambda/{function}"].events.clear()


def memory(stage: Stage) -> float:
    """MB that the store's data takes now."""
    return int(stage.redis.info("memory")["used_memory"]) / 1e6


def digested(stage: Stage) -> tuple[float, Message]:
    """The seconds from the slot to the digest's message, and the message."""
    digests, at = Digests(stage.redis), now(stage.redis) + timedelta(seconds=1)
    due = replace(a_digest(CHANGED[0], at), slot=Slot(at, "2026-01-01"), created=at)
    assert digests.keep(due, ()) is KeepResult.NOW  # noqa: S101 - or nothing is measured
    known = digests.load(due.id)
    assert known  # noqa: S101 - as above
    digests.save(known, claim=None, due_at=at)
    began = time.monotonic() + 1
    message = stage.slack.waits_for(lambda m: m.text.startswith("Digest"), PATIENCE)[0]
    return time.monotonic() - began, message


def main() -> None:
    """A row for each size."""
    for functions in [int(each) for each in sys.argv[1:]] or SIZES:
        print(row(functions), flush=True)


if __name__ == "__main__":
    main()
