"""
What an agent waits for: `slsdiag mcp` until it has answered *initialize*, beside an empty server.

    python benchmarks/mcp_start.py [RUNS]

The empty server is the same SDK's, with its standard streams and nothing else. Both are started in
turn, so many times each (10). Prints the medians of the time and of the most memory that was
resident, and the ratios; status 1 where one is above 1.3.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

LIMIT = 1.3
EMPTY = """
import anyio
from mcp.server import Server
from mcp.server.stdio import stdio_server

async def serve():
    server = Server("empty")
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())

anyio.run(serve)
"""
OURS = "import sys; from bot.cli import main; sys.exit(main(['mcp']))"
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "start", "version": "1"},
    },
}


def started(program: str) -> tuple[float, float]:
    """Seconds until the answer, and megabytes by then."""
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None  # noqa: S101 - narrows: it is a pipe
        assert process.stdout is not None  # noqa: S101 - likewise
        process.stdin.write(json.dumps(INITIALIZE).encode() + b"\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        seconds = time.perf_counter() - began
        status = Path(f"/proc/{process.pid}/status").read_text()
        process.stdin.close()
    if "serverInfo" not in answer.get("result", {}):
        sys.exit(f"no answer to initialize: {answer}")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return seconds, int(peak.split()[1]) / 1000


def main() -> None:
    """Both in turn."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    pairs = [(started(EMPTY), started(OURS)) for _ in range(runs)]
    worst = 0.0
    for place, (what, unit) in enumerate((("time", "s"), ("memory", "MB"))):
        empty, ours = (statistics.median(pair[which][place] for pair in pairs) for which in (0, 1))
        worst = max(worst, ours / empty)
        print(f"{what}: {ours:.2f} {unit}, empty {empty:.2f} {unit}: {ours / empty:.2f} x")
    sys.exit(worst > LIMIT)


if __name__ == "__main__":
    main()
