"""
Planted secrets, and every outlet they could leave by.

    python benchmarks/canaries.py [SECRETS]

The secrets (of the kinds that secrecy.py makes) stand in environment variables, wrappers, handlers,
filters, log lines, tags of telemetry, reasons of Lambda and CloudFormation, and in what people type,
wherever they may, and paste. Then functions are looked at, by
command, step and triage, at log level DEBUG; and everything that came out is searched: Slack's
messages, the log, the keys and values of the store and its files, the metrics, the traces,
JSON, JUnit's XML and `--for-support` of `check`, and bundles. Each secret is looked for raw, in base64 and hex, URL-encoded and JSON-escaped.
"""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import urlopen

from planting import forms, plant
from secrecy import SHAPES, made
from stage import EXTERNAL_ID, Stage

from bot.playground.workspace import Person, Workspace
from bot.playground.workspace.model import Message

PASTED_AT_ONCE = 12
TYPED = (
    "{}",
    "f0:{}",
    "f0 --account {}",
    "scan {}",
    "step {} f0",
    "digest daily 09:00 {}",
    "stop {}",
)


def secrets(count: int) -> list[str]:
    """So many of secrecy.py's, from all over its list, the same in every run."""
    chance, shapes = random.Random(7), list(SHAPES.items())  # noqa: S311 - planted
    step = max(1, len(shapes) // count)
    some = (shapes * (count // len(shapes) + 1))[::step][:count]
    return [made(kind, shape, chance).text for kind, shape in some]


def main() -> None:
    """Plant, look, search."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    planted = secrets(count)
    with Stage(seed=1, accounts=1, functions=6) as stage, collector() as (traces, brought):
        plant(stage.aws.account(stage.account_id("a0")), stage.functions, planted)
        bot = stage.replica(
            SLSDIAG_MODE="http", SLSDIAG_PORT="0", SLACK_SIGNING_SECRET=stage.slack.signing_secret,
            SLSDIAG_LOG_LEVEL="DEBUG", OTEL_EXPORTER_OTLP_ENDPOINT=traces,
            OTEL_BSP_SCHEDULE_DELAY="500",
        )  # fmt: skip
        bot.start()
        bot.ready()
        port = int(bot.log.read_text().partition("on port ")[2].partition(";")[0])
        stage.slack.delivery.http_url = f"http://127.0.0.1:{port}/slack/events"
        _talk(stage, planted)
        outlets = dict(_outlets(stage, bot))
        outlets["traces"] = "".join(brought)
    found = {
        name: sum(any(form in text for form in forms(secret)) for secret in planted)
        for name, text in outlets.items()
    }
    sizes = ", ".join(f"{name} {len(text) // 1000} kB" for name, text in outlets.items())
    print(f"{count} secrets planted; searched {sizes}; found {found}")
    names = {"metrics": "slsdiag_", "traces": "look function", "log": '"level"'}
    empty = [name for name, text in outlets.items() if names.get(name, "f0") not in text]
    if empty:
        print(f"nothing came out by {empty}: the search shows nothing there")
    sys.exit(bool(sum(found.values()) or empty))


@contextmanager
def collector() -> Iterator[tuple[str, list[str]]]:
    """Where OTLP over HTTP is taken, and what it brought."""
    brought: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            packed = self.headers.get("Content-Encoding") == "gzip"
            brought.append((gzip.decompress(sent) if packed else sent).decode("latin-1"))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", brought
        server.shutdown()


def _talk(stage: Stage, planted: list[str]) -> None:
    ada = Person(stage.slack)
    for function in stage.functions:
        ada.types(f"/slsdiag {function} --account a0")
        ada.types(f"/slsdiag step wrapper_set {function} --account a0")
    ada.types("/slsdiag triage f0 --account a0")
    for secret in planted:
        for around in TYPED:
            ada.types(f"/slsdiag {around.format(secret)}")
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        with stage.slack.lock:
            asked = [m for m in stage.slack.messages if "Stop" in m.buttons() and m.thread_ts]
            done = sum("Check again" in m.buttons() for m in stage.slack.messages)
        if asked and done >= 2 * len(stage.functions):
            break
        time.sleep(0.2)
    ada.mentions(f"f0 {planted[0]}")
    _paste(stage, ada, planted)


def _paste(stage: Stage, ada: Person, planted: list[str]) -> None:
    """Each secret once, as the text of an error, in one triage after the other."""
    for number in range(0, len(planted), PASTED_AT_ONCE):
        lines = [f"It says {each} and fails." for each in planted[number:][:PASTED_AT_ONCE]]
        ada.types("/slsdiag stop")
        _paste_one(stage.slack, ada, "\n".join(lines))


def _paste_one(slack: Workspace, ada: Person, pasted: str) -> None:
    began = len(slack.messages)

    def asked(*labels: str) -> tuple[Message, str]:
        """The newest message with one of these buttons, and which."""
        fits = slack.waits_for(
            lambda m: m.buttons().keys() & set(labels) and m in slack.messages[began:], 30
        )[-1]
        return fits, next(label for label in labels if label in fits.buttons())

    ada.types("/slsdiag triage f0 --account a0")
    label = ""
    while label != "Something else…":
        message, label = asked("Something else…", "All of them, always", "Both")
        ada.clicks(message, label)
    slack.waits_for(lambda _: ada.user in slack.store.views, 10)
    ada.submits(text=pasted)
    slack.waits_for(lambda m: "[removed]" in str(m.blocks) and m in slack.messages[began:], 30)


def _outlets(stage: Stage, bot: object) -> Iterator[tuple[str, str]]:
    with stage.slack.lock:
        # What people typed is theirs; what is searched is what the bot said.
        messages = [m for m in stage.slack.messages if m.user == "U0SLSDIAG"]
        texts = [
            f"{m.text} {json.dumps(m.blocks, ensure_ascii=False)} {m.metadata}" for m in messages
        ]
        yield "Slack", "\n".join(texts)
    port = bot.health_port()  # type: ignore[attr-defined]
    with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        yield "metrics", answer.read().decode()
    values = [key + " " + str(stage.value(key)) for key in stage.redis.scan_iter()]
    yield "store", "\n".join(values)
    files = [path.read_bytes().decode("latin-1") for path in stage.state.rglob("*.aof")]
    yield "store's files", "\n".join(files)
    yield "log", bot.log.read_text()  # type: ignore[attr-defined]
    for form in ("--json", "--for-support", "--format=junit"):
        done = subprocess.run(
            [sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())",
             "check", "f0", "--account", "a0", form],
            env=bot.environment, capture_output=True, text=True, check=False,  # type: ignore[attr-defined]
        )  # fmt: skip
        yield f"check {form}", done.stdout + done.stderr
    yield "bundles", "".join(_bundled(stage, bot))


def _bundled(stage: Stage, bot: object) -> Iterator[str]:
    """All that the bundles of all functions hold, unpacked."""
    for name in stage.functions:
        file = stage.state / f"{name}.zip"
        subprocess.run(
            [sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())",
             "bundle", name, "--account", "a0", "-o", str(file)],
            env=bot.environment, capture_output=True, check=False,  # type: ignore[attr-defined]
        )  # fmt: skip
        with zipfile.ZipFile(file) as archive:
            yield from (archive.read(member).decode() for member in archive.namelist())


if __name__ == "__main__":
    assert EXTERNAL_ID  # noqa: S101 - a secret of the stage's own, which is not searched
    main()
