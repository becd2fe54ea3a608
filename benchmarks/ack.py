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
from pathlib import Path

from bot.playground.workspace import Person, Workspace
from bot.serving import Bot
from bot.serving_settings import serving_settings
from bot.settings import looking_settings

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
        bot = Bot(
            serving_settings(
                {
                    "SLSDIAG_MODE": "http",
                    "SLSDIAG_ADMIN_PORT": "0",
                    "SLACK_BOT_TOKEN": slack.bot_token,
                    "SLACK_SIGNING_SECRET": slack.signing_secret,
                    "SLACK_API_URL": slack.api_url,
                    "SLSDIAG_STATE_DIR": str(Path(state)),
                    "SLSDIAG_PORT": "0",
                }
            ),
            looking_settings(),
        )
        bot.start()
        try:
            slack.delivery.http_url = f"http://127.0.0.1:{bot.port}/slack/events"
            measure(Person(slack), commands)
        finally:
            bot.stop()
            aws.terminate()
            aws.wait()


def measure(person: Person, commands: int) -> None:
    """Fifty at once, then as many acknowledgements while they are under way."""
    slack, began = person.slack, time.perf_counter()
    with ThreadPoolExecutor(8) as pool:
        asked = list(pool.map(lambda n: person.types(f"/slsdiag {NAMES[n % 8]}"), range(commands)))
    slack.waits_for(lambda m: bool(m.blocks), timeout=60)
    first = time.perf_counter() - began
    more = [person.types("/slsdiag help") for _ in range(commands)]
    times = sorted(heard.seconds for heard in (*asked, *more))
    done: list[float] = []
    while len(done) < commands and time.perf_counter() - began < 120:  # noqa: PLR2004 - a bound
        ready = sum(bool(m.buttons()) for m in list(slack.messages))
        done += [time.perf_counter() - began] * (ready - len(done))
        time.sleep(0.05)
    print(
        f"{commands} looks: acknowledged p50 {times[len(times) // 2] * 1000:.0f} ms, "
        f"p99 {times[int(len(times) * 0.99)] * 1000:.0f} ms; first card {first:.2f} s; "
        f"verdicts: first {done[0]:.1f} s, median {done[len(done) // 2]:.1f} s, "
        f"last {done[-1]:.1f} s, {len(done)} of {commands}"
    )


if __name__ == "__main__":
    main()
