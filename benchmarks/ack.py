"""
Acknowledgement, first card and verdict in Slack, with 50 looks under way and a slow AWS.

    python benchmarks/ack.py [COMMANDS]

Bot, fake Slack and fake AWS run for real in this machine's processes; AWS answers in one
second. Prints the acknowledgement's p50 and p99, and when the first card and the verdicts came.
All looks are at one account and region, so AWS's quotas, of which half is used, bound the
last verdicts.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from bot.playground.workspace import Person, Response, Workspace

PAUSE = 0.02
"""Seconds between the commands that come while others are under way."""
NAMES = ("checkout", "orders", "billing", "search", "emails", "inventory", "reports", "clicks")


def main() -> None:
    """Run it once."""
    commands = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    aws = subprocess.Popen(
        [sys.executable, "-m", "bot.playground.account", "--latency", "1"],
        stdout=subprocess.PIPE,
        text=True,
    )
    os.environ.update(
        AWS_ENDPOINT_URL=(aws.stdout.readline() if aws.stdout else "").strip(),
        AWS_ACCESS_KEY_ID="demo",
        AWS_SECRET_ACCESS_KEY="demo",  # noqa: S106 - the fake takes any
        AWS_REGION="eu-west-1",
        AWS_DEFAULT_REGION="eu-west-1",
    )
    with Workspace() as slack, tempfile.TemporaryDirectory() as state:
        bot = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "import sys; from bot.cli import main; sys.exit(main())",
                "serve",
            ],
            env=os.environ
            | {
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_SIGNING_SECRET": slack.signing_secret,
                "SLACK_API_URL": slack.api_url,
                "SLSDIAG_MODE": "http",
                "SLSDIAG_STATE_DIR": state,
                "SLSDIAG_PORT": "0",
                "SLSDIAG_ADMIN_PORT": "0",
                "SLSDIAG_LOG_LEVEL": "ERROR",
            },
            stderr=subprocess.PIPE,
            text=True,
        )
        line = bot.stderr.readline() if bot.stderr else ""
        port = int(line.partition("on port ")[2].partition(";")[0])
        slack.delivery.http_url = f"http://127.0.0.1:{port}/slack/events"
        try:
            measure(Person(slack), commands)
        finally:
            for process in (bot, aws):
                process.terminate()
                process.wait()


def measure(person: Person, commands: int) -> None:
    """So many at once; then, while they are under way, as many again, one after the other."""
    slack, began = person.slack, time.perf_counter()
    with ThreadPoolExecutor(8) as pool:
        burst = list(pool.map(lambda n: person.types(f"/slsdiag {NAMES[n % 8]}"), range(commands)))
    slack.waits_for(lambda m: bool(m.blocks), timeout=60)
    first = time.perf_counter() - began
    in_flight = []
    for n in range(commands):
        in_flight.append(person.types(f"/slsdiag {NAMES[n % 8]}"))
        time.sleep(PAUSE)
    under_way = commands - verdicts(person)
    done: list[float] = []
    while len(done) < 2 * commands and time.perf_counter() - began < 120:  # noqa: PLR2004 - a bound
        done += [time.perf_counter() - began] * (verdicts(person) - len(done))
        time.sleep(0.05)
    print(f"{commands} at once: acknowledged {percentiles(burst)}; first card {first:.2f} s")
    print(
        f"{commands} more, {under_way} of the first under way at the end: {percentiles(in_flight)}"
    )
    print(
        f"verdicts: {len(done)} of {2 * commands}, first {done[0]:.1f} s, median of the first "
        f"{commands} {done[commands // 2]:.1f} s, last of them {done[commands - 1]:.1f} s"
    )


def verdicts(person: Person) -> int:
    """Cards that are done."""
    return sum(bool(m.buttons()) for m in list(person.slack.messages))


def percentiles(responses: list[Response]) -> str:
    """p50 and p99, in milliseconds."""
    times = sorted(each.seconds * 1000 for each in responses)
    return f"p50 {times[len(times) // 2]:.0f} ms, p99 {times[int(len(times) * 0.99)]:.0f} ms"


if __name__ == "__main__":
    main()
