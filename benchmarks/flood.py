"""
A flood of commands against a slow AWS: who is still answered, how soon, and at what cost in memory.

    python benchmarks/flood.py [SECONDS] [A_SECOND]

Several people type without pause, by default 50 commands a second for a minute, while AWS takes
two seconds for each answer and SLSDIAG_LIMITS is set as in the chart. Somebody else types now and
then, within the limits, and must get a card for each. The memory is compared from the end of the
first fifth on.
"""

from __future__ import annotations

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from stage import Stage

from bot.playground.workspace import Person
from bot.playground.workspace.delivery import Response

LIMITS = "user=10,channel=30,workspace=120"
PEOPLE = 8
LATENCY = 2.0
ELSEWHERE = "C0QUIET"


def main() -> None:
    """Flood it once; the exit status says whether the figures held."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    rate = float(sys.argv[2]) if len(sys.argv) > 2 else 50.0  # noqa: PLR2004 - the second word
    with Stage(seed=1, accounts=1, functions=20) as stage:
        stage.aws.latency = LATENCY
        stage.slack.store.channel(ELSEWHERE, "quiet", "U0SLSDIAG")
        bot = stage.replica(
            SLSDIAG_MODE="http", SLSDIAG_PORT="0", SLACK_SIGNING_SECRET=stage.slack.signing_secret,
            SLSDIAG_LIMITS=LIMITS,
        )  # fmt: skip
        bot.start()
        bot.ready()
        port = int(bot.log.read_text().partition("on port ")[2].partition(";")[0])
        stage.slack.delivery.http_url = f"http://127.0.0.1:{port}/slack/events"
        flood = [Person(stage.slack, f"U0F{n}", name=f"f{n}") for n in range(PEOPLE)]
        calm = Person(stage.slack, "U0CALM", name="calm")
        pid = bot.process.pid if bot.process else 0
        calm.types("/slsdiag f0 --account a0", ELSEWHERE)
        responses: list[Response] = []
        memory: list[int] = []
        asked: list[Response] = []
        ended = threading.Event()

        def watch() -> None:
            while not ended.wait(0.5):
                memory.append(resident(pid))

        def type_(person: Person, text: str) -> None:
            responses.append(person.types(text))

        def ask() -> None:
            every = max(7.0, seconds / 8)
            while not ended.wait(every):
                asked.append(calm.types("/slsdiag f1 --account a0", ELSEWHERE))

        threads = [threading.Thread(target=each) for each in (watch, ask)]
        for thread in threads:
            thread.start()
        began = time.monotonic()
        with ThreadPoolExecutor(32) as pool:
            for n in range(int(seconds * rate)):
                time.sleep(max(0.0, began + n / rate - time.monotonic()))
                person, text = flood[n % PEOPLE], f"/slsdiag f{n % 20} --account a0"
                pool.submit(type_, person, text)
        took = time.monotonic() - began
        ended.set()
        for thread in threads:
            thread.join()
        served = served_within(stage, len(asked) + 1, 60)
    print_result(responses, asked, served, memory, took)


def served_within(stage: Stage, wanted: int, limit: float) -> int:
    """Cards of the calm person's that hold a verdict."""
    ends = time.monotonic() + limit
    while True:
        with stage.slack.lock:
            done = sum(m.channel == ELSEWHERE and bool(m.buttons()) for m in stage.slack.messages)
        if done >= wanted or time.monotonic() > ends:
            return done
        time.sleep(0.2)


def resident(pid: int) -> int:
    """Bytes of memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


def print_result(
    responses: list[Response], asked: list[Response], served: int, memory: list[int], took: float
) -> None:
    """The figures, and an exit status."""
    times = sorted(each.seconds for each in [*responses, *asked])
    p99 = times[int(len(times) * 0.99)]
    bad = sum(each.status != 200 for each in responses)  # noqa: PLR2004 - HTTP's OK
    over = sum("try again" in each.text for each in responses)
    settled = memory[len(memory) // 5 :]
    spread = max(settled) / settled[0] - 1, min(settled) / settled[0] - 1
    print(
        f"{len(responses)} commands in {took:.0f} s ({len(responses) / took:.0f}/s): acknowledged p50 "
        f"{times[len(times) // 2] * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, not answered {bad}, "
        f"told to wait {over}; another person: {served} of {len(asked) + 1} served; memory "
        f"{settled[0] / 1e6:.0f} MB, {spread[1]:+.1%} to {spread[0]:+.1%}"
    )
    flat = max(map(abs, spread)) <= 0.10  # noqa: PLR2004 - the figure
    sys.exit(not (p99 < 1 and not bad and served == len(asked) + 1 and flat))


if __name__ == "__main__":
    main()
