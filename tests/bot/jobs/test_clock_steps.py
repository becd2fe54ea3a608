"""The wall clock of a bot is stepped while it runs; its store's clock is right."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from itertools import pairwise

import pytest

from bot.jobs.clock import TICK

pytestmark = pytest.mark.slow

HOUR, DAY = 3600, 86_400
LATE = 2.0
"""Seconds by which a tick may be late; docs/promises.md."""

BEFORE, AFTER = 3, 6
"""Ticks before the first step, and after each."""

PRINTED = re.compile(r"tick ([\d.]+) (True|False);")
TICKING = """
import sys, time
from bot.jobs.broker import Broker
from bot.jobs.clock import Clock
from bot.store.connection import connect
from bot.store.due import Due
url = sys.argv[1]
tick = lambda: print(f"tick {time.monotonic()} {clock.alive()};", flush=True)
clock = Clock(Due(connect(url)), Broker(url), every=(tick,))
clock.start()
sys.stdin.read()
clock.stop()
"""


@pytest.mark.parametrize("steps", [(HOUR, -HOUR), (-HOUR,), (DAY, -2 * DAY), (400 * DAY,)], ids=str)
def test_a_step_of_the_wall_clock_neither_stalls_nor_hurries_a_tick(
    redis_url, redis, stepped_clock, until, steps
):
    ticks = []

    def read(lines):
        for line in lines:  # the log writes there, too, from other threads
            ticks.extend((float(at), alive) for at, alive in PRINTED.findall(line))

    with subprocess.Popen(
        [sys.executable, "-c", TICKING, redis_url],
        env=os.environ | stepped_clock.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        reader = threading.Thread(target=read, args=(process.stdout,), daemon=True)
        reader.start()
        try:
            until(lambda: len(ticks) >= BEFORE, 20)
            for number, step in enumerate(steps, 1):
                stepped_clock.step(step)
                until(lambda n=number: len(ticks) >= BEFORE + AFTER * n, LATE + AFTER)
        finally:
            process.stdin.close()
            reader.join(20)
    gaps = [later - earlier for (earlier, _), (later, _) in pairwise(ticks)]
    assert max(gaps) < LATE
    # a step may bring one tick at once, no more
    regular = (AFTER - 2) * len(steps)
    assert ticks[BEFORE - 1 + AFTER * len(steps)][0] - ticks[BEFORE - 1][0] > regular * TICK * 0.9
    assert {alive for _, alive in ticks} == {"True"}
