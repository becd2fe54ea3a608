"""`python -m bot.playground.account`: the demo account for a trial by hand."""

from __future__ import annotations

import argparse
import sys

from bot.playground.account.demo_functions import demo
from bot.playground.account.server import FakeAws
from bot.termination import Termination


def main() -> None:
    """Serve until interrupted; the first line printed is the address."""
    parser = argparse.ArgumentParser(prog="python -m bot.playground.account")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds a call takes")
    options = parser.parse_args()
    termination = Termination()
    with FakeAws(options.port) as aws:
        variables = demo(aws.account())
        aws.latency = options.latency
        sys.stdout.write(f"{aws.url}\n")
        for name, what in variables.items():
            sys.stdout.write(f"{name}: {what}\n")
        sys.stdout.flush()
        termination.wait()


if __name__ == "__main__":
    main()
