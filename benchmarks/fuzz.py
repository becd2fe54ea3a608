"""
Random input for what reads strangers' words: the decoder, the target's parser, the redactor, the
signature check.

    python benchmarks/fuzz.py [SECONDS] [decoder|log|target|redactor|signature …]

So many seconds each (60), by atheris where it is installed (`pip install atheris`), guided by
what the code does, else by hypothesis. Whatever is raised that is not the reader's own refusal is
a crash, and so is a broken promise: a token that the redactor left, a target that does not parse
again, an answer that is not 4xx. Prints how many inputs were tried; status 1 at a crash.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import hmac
import importlib.util
import io
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from typing import Any

READERS = (
    "bot.logs.document",
    "bot.logs.envelope",
    "bot.logs.shapes",
    "bot.text.redaction",
    "bot.slack.http",
    "bot.slack.schema",
    "bot.target",
    "checks.log.protobuf",
    "checks.log.telemetry",
)
if sys.argv[1:2] == ["one"]:
    import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore]

    instrumented = atheris.instrument_imports(include=list(READERS))
else:
    instrumented = nullcontext()
with instrumented:
    from bot.errors import UsageError
    from bot.logs.reading import NotALog, read_log
    from bot.slack.http import examined, understood
    from bot.target import parse
    from bot.text.redaction import REMOVED, redacted, shown, token_like
    from checks.log.protobuf import Undecodable
    from checks.log.telemetry import decode

SECRET, NOW = "fuzzed", 1_790_000_000
TOKEN = "ghp_" + "a1B2" * 9


def decoder(data: bytes) -> None:
    """Any line, and any message well wrapped."""
    wrapped = base64.b64encode(data).decode()
    zipped = base64.b64encode(gzip.compress(data, 1)).decode()
    for line in (
        data.decode("latin-1"),
        f"SERVERLESS_TELEMETRY.T.{wrapped}",
        f"SERVERLESS_TELEMETRY.TZ.{wrapped}",
        f"SERVERLESS_TELEMETRY.TZ.{zipped}",
    ):
        try:
            decode(line)
        except Undecodable:
            continue


def log(data: bytes) -> None:
    """Any bytes: a reading, or a refusal."""
    with suppress(NotALog):
        read_log(data)


def target(data: bytes) -> None:
    """Any text; a target parses again to itself; a refusal mentions nobody and repeats no token."""
    text = data.decode("utf-8", "replace")
    try:
        found = parse(text)
    except UsageError as error:
        message = str(error)
    else:
        spelled = found.spelled
        assert parse(f"function:{spelled}").spelled == spelled, text  # noqa: S101 - the promise
        return
    assert "<" not in message and not token_like(message), text  # noqa: S101, PT018 - likewise


def redactor(data: bytes) -> None:
    """Any text around a token: the token is gone."""
    text = data.decode("utf-8", "replace")
    assert not token_like(redacted(text).replace(REMOVED, " ")), text  # noqa: S101 - the promise
    assert TOKEN not in redacted(f"{text[:2000]} {TOKEN} {text[2000:4000]}")  # noqa: S101 - likewise
    shown(text)


def signature(data: bytes) -> None:
    """Any headers and body: refused with 4xx, and let in only when signed and whole."""
    stamp, _, rest = data.partition(b"\n")
    signed, _, body = rest.partition(b"\n")
    _asked(stamp.decode("latin-1"), signed.decode("latin-1"), body)
    mac = hmac.new(SECRET.encode(), b"v0:%d:" % NOW + data, hashlib.sha256).hexdigest()
    assert _asked(str(NOW), f"v0={mac}", data) is None  # noqa: S101 - the promise


def _asked(stamp: str, signed: str, body: bytes) -> int | None:
    environ: dict[str, Any] = {
        "PATH_INFO": "/slack/events",
        "REQUEST_METHOD": "POST",
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/json" if body[:1] == b"{" else "text/plain",
        "HTTP_X_SLACK_REQUEST_TIMESTAMP": stamp,
        "HTTP_X_SLACK_SIGNATURE": signed,
        "wsgi.input": io.BytesIO(body),
    }
    status, read = examined(environ, SECRET, NOW)
    assert status is None or 400 <= status < 500  # noqa: S101, PLR2004 - the promise
    if status is None:
        understood(environ, read)
    return status


TARGETS: dict[str, Callable[[bytes], None]] = {
    each.__name__: each for each in (decoder, log, target, redactor, signature)
}


def by_atheris(name: str, seconds: int) -> None:
    """In this process, which ends with it."""
    atheris.Setup(
        [sys.argv[0], f"-max_total_time={seconds}", "-max_len=8192", "-print_final_stats=1",
         "-verbosity=0"],
        TARGETS[name],
    )  # fmt: skip
    atheris.Fuzz()


def by_hypothesis(name: str, seconds: int) -> int:
    """How many inputs."""
    from hypothesis import HealthCheck, given, settings  # noqa: PLC0415 - only where it is used
    from hypothesis import strategies as st  # noqa: PLC0415

    tried, ends = 0, time.monotonic() + seconds

    @settings(
        max_examples=2_000, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.one_of(st.binary(max_size=4096), st.text(max_size=2048).map(_utf8)))
    def once(data: bytes) -> None:
        nonlocal tried
        tried += 1
        if time.monotonic() < ends:
            TARGETS[name](data)

    while time.monotonic() < ends:
        once()
    return tried


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def main() -> None:
    """One target after the other, each in a process of its own."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    crashed = []
    for name in sys.argv[2:] or TARGETS:
        if importlib.util.find_spec("atheris"):
            done = subprocess.run(
                [sys.executable, __file__, "one", name, str(seconds)],
                capture_output=True, text=True, check=False, timeout=seconds + 60,
            )  # fmt: skip
            stats = dict(
                line.removeprefix("stat::").split(":", 1)
                for line in done.stderr.splitlines()
                if line.startswith("stat::")
            )
            tried = stats.get("number_of_executed_units", "?").strip()
            print(f"{name}: {tried} inputs in {seconds} s by atheris, status {done.returncode}")
            if done.returncode:
                crashed.append(name)
                print(done.stdout[-3000:], done.stderr[-2000:])
        else:
            tried = str(by_hypothesis(name, seconds))
            print(f"{name}: {tried} inputs in {seconds} s by hypothesis")
    sys.exit(bool(crashed))


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        by_atheris(sys.argv[2], int(sys.argv[3]))
    else:
        main()
