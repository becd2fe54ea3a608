"""
Time to verdict of one function, against a bare script that makes the same calls.

    python benchmarks/check.py [RUNS]

The fake account runs in a process of its own. Both sides are fresh processes; the bare one
replays, with boto3 and two waves of threads, exactly the calls that the check made. Prints the
ratio of the medians for a 25 ms and a 100 ms round trip, and how fast `runbook` starts.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
SLSDIAG = str(Path(sys.executable).with_name("slsdiag"))


def seconds(command: list[str]) -> float:
    """Wall time of one run."""
    began = time.perf_counter()
    done = subprocess.run(command, check=False, capture_output=True)
    if done.returncode not in {0, 1, 3}:
        raise SystemExit(done.stderr.decode())
    return time.perf_counter() - began


def paired(ours: list[str], floor: list[str], runs: int) -> tuple[float, float, float]:
    """Medians in turn, and the median of the pairs' ratios."""
    seconds(ours), seconds(floor)
    pairs = [(seconds(ours), seconds(floor)) for _ in range(runs)]
    first, second = (statistics.median(side) for side in zip(*pairs, strict=True))
    return first, second, statistics.median(a / b for a, b in pairs)


def main() -> None:
    """Run all of it."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # people have their bytecode cached
    for latency in (0.025, 0.1):
        server = subprocess.Popen(
            [sys.executable, "-m", "bot.playground.account", "--latency", str(latency)],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            url = (server.stdout.readline() if server.stdout else "").strip()
            os.environ.update(
                AWS_ENDPOINT_URL=url,
                AWS_ACCESS_KEY_ID="demo",
                AWS_SECRET_ACCESS_KEY="demo",  # noqa: S106 - the fake takes any
                AWS_REGION="eu-west-1",
                AWS_DEFAULT_REGION="eu-west-1",
            )
            for name in ("checkout", "orders"):
                ours, floor, ratio = paired(
                    [SLSDIAG, "check", name, "--json"],
                    [sys.executable, str(HERE / "floor.py"), name],
                    runs,
                )
                print(
                    f"{latency * 1000:.0f} ms, {name}: check {ours:.2f} s, "
                    f"same calls bare {floor:.2f} s, ratio {ratio:.2f}"
                )
        finally:
            server.terminate()
            server.wait()
    ours, floor, ratio = paired(
        [SLSDIAG, "runbook"], [sys.executable, "-c", "import typer, rich"], runs
    )
    print(f"runbook {ours:.2f} s, import typer and rich {floor:.2f} s, ratio {ratio:.2f}")
    print(json.dumps({"runs": runs}))


if __name__ == "__main__":
    main()
