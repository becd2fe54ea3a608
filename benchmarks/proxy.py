"""
How soon the demo answers with a proxy set that is dead, against without one.

    python benchmarks/proxy.py [RUNS]

Prints both medians of a whole `slsdiag demo --once` and the median of the pairs' ratios, and fails
above a ratio of 1.5: a single connection that tried the proxy would cost seconds.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

MOST = 1.5
DEMO = ("-c", "import sys; from bot.cli import main; sys.exit(main())", "demo", "--once")
NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
DEAD = "http://192.0.2.1:3128"
"""An address for documentation: what is sent there is not answered, or refused at once."""


def seconds(proxy: str | None) -> float:
    """One conversation, from the start of the process to its end."""
    bare = {
        name: value for name, value in os.environ.items() if not name.endswith(("PROXY", "proxy"))
    }
    set_ = {spelled: proxy for name in NAMES for spelled in (name, name.lower()) if proxy}
    began = time.perf_counter()
    subprocess.run(
        (sys.executable, *DEMO, "/slsdiag orders"),
        env=bare | set_,
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - began


def main() -> None:
    """In turn, so that a busy machine slows down both."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    pairs = [(seconds(DEAD), seconds(None)) for _ in range(runs)]
    dead, none = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(
        f"demo: dead proxy {dead:.2f} s, no proxy {none:.2f} s, ratio {ratio:.2f} (at most {MOST})"
    )
    if ratio > MOST:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
