"""
`slsdiag logs` in every shape, against the plain lines, in one run; and mutated logs.

    python benchmarks/logs.py [MUTATED] [SHAPE …]

For a log of payloads (the captures) and for one of a chatty function, prints processor time and
peak memory per MB of each shape over those of the plain lines, the largest first: 2 × at most.
Then so many logs (10,000) of random shapes are changed at random and read: none may end in
anything but a reading or a refusal. Status 1 where one of it does not hold.
"""

from __future__ import annotations

import random
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from bot.logs.reading import NotALog, read_log
from bot.playground.account.payloads import telemetry_line

TESTS = Path(__file__).parent.parent / "tests"
sys.path.insert(0, str(TESTS / "bot" / "logs"))
SHAPES: dict[str, Callable[[Sequence[Any]], str]]
lines_of: Callable[[str], list[Any]]
SHAPES, lines_of = (getattr(import_module("shapes_of"), name) for name in ("SHAPES", "lines_of"))

MOST = 2.0
SHOWN = 5
RUNS = 2
SIZE = 150_000
"""Characters of each log: enough to measure, little enough for eighty shapes."""


def captures() -> str:
    """Payloads above all."""
    text = "\n".join(path.read_text() for path in sorted((TESTS / "captures").glob("*.log")))
    return text[:SIZE].rpartition("\n")[0]


def chatty(invocations: int = 60) -> str:
    """Twenty lines of the user's own beside each payload."""
    lines = []
    for number in range(invocations):
        request = f"5eed0000-0000-4000-8000-{number:012}"
        payload = telemetry_line(service="orders", request_id=request)
        own = f"2026-11-23T09:00:00.000Z\t{request}\tINFO\tcharged the card of customer {number}"
        lines += [f"START RequestId: {request} Version: $LATEST", *[own] * 20, payload]
        lines += [f"END RequestId: {request}", f"REPORT RequestId: {request}\tDuration: 3.00 ms"]
    return "\n".join(lines)


def cost(raw: bytes, unpacked: int = 0) -> tuple[float, float]:
    """Seconds and bytes, per byte read; of what is packed, per byte of the log in it."""
    seconds = []
    for _ in range(RUNS):
        began = time.process_time()
        read_log(raw)
        seconds.append(time.process_time() - began)
    tracemalloc.start()
    read_log(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    size = max(len(raw), unpacked)
    return min(seconds) / size, peak / size


def ratios(what: str, text: str, shapes: Sequence[str]) -> bool:
    """Whether each shape is within the bound."""
    lines = lines_of(text)
    raw = SHAPES["plain"](lines).encode()
    plain = cost(raw)
    found = []
    for shape in shapes:
        mine = cost(SHAPES[shape](lines).encode(), len(raw))
        found.append((mine[0] / plain[0], mine[1] / plain[1], shape))
    print(
        f"{what}, {len(text) / 1e6:.1f} MB: {len(found)} shapes; plain {plain[0] * 1e6:.2f} s a MB"
    )
    for title, of in (("time", 0), ("memory", 1)):
        largest = sorted(found, key=lambda row: -float(row[of]))[:SHOWN]
        print(f"  {title}: " + ", ".join(f"{row[of]:.2f} × {row[2]}" for row in largest))
    return all(max(row[0], row[1]) <= MOST for row in found)


def mutated(chance: random.Random, raw: bytes) -> bytes:
    """A few bytes changed, taken, doubled, put in or cut off."""
    data = bytearray(raw)
    for _ in range(chance.randrange(1, 8)):
        at, size = chance.randrange(len(data) + 1), chance.randrange(1, 200)
        match chance.randrange(6):
            case 0:
                data[at : at + 1] = chance.randbytes(1)
            case 1:
                del data[at : at + size]
            case 2:
                data[at:at] = data[at : at + size] * chance.randrange(1, 5)
            case 3:
                data[at:at] = chance.choice(TOKENS)
            case 4:
                data[at : at + size] = chance.randbytes(size)
            case _:
                del data[chance.randrange(len(data) // 2 + 1) + len(data) // 2 :]
    return bytes(data)


TOKENS = (
    b"{", b"}", b"[", b"]", b'"', b",", b"\n", b"\r", b"\t", b"\x00", b"\x1b[", b"\x1b]8;;", b"\\u",
    b"&a *a", b"<<: *a", b"---\n", b"%", b"!!python/object:x", b"|", b"> ", b"9" * 5000, b"\xff\xfe",
    b"START RequestId: ", b"SERVERLESS_TELEMETRY.TZ.", b"SDK: Wrapper initialization",
    b"2026-02-30T25:61:00Z ", b'{"type":"platform.report","record":{}}', b"timestamp,message\n",
)  # fmt: skip


def crashes(count: int) -> int:
    """How many mutated logs end in neither a reading nor a refusal."""
    texts = [chatty(2), *(path.read_text() for path in sorted((TESTS / "captures").glob("*.log")))]
    texts = [text for text in texts if len(text) < 6000]  # noqa: PLR2004 - many small ones find more
    names, crashed = list(SHAPES), 0
    for number in range(count):
        chance = random.Random(number)  # noqa: S311 - logs, no secrets
        shape = chance.choice(names)
        raw = SHAPES[shape](lines_of(chance.choice(texts))).encode()
        try:
            read_log(mutated(chance, raw))
        except NotALog:
            continue
        except Exception as error:  # noqa: BLE001 - this is what is counted
            crashed += 1
            print(f"  {number}, {shape}: {type(error).__name__}")
    return crashed


def main() -> None:
    """Measure, then mutate."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    shapes = sys.argv[2:] or list(SHAPES)
    good = [ratios("captures", captures(), shapes), ratios("a chatty function", chatty(), shapes)]
    crashed = crashes(count)
    print(f"{crashed} of {count:,} mutated logs crashed")
    sys.exit(0 if all(good) and not crashed else 1)


if __name__ == "__main__":
    main()
