"""
How many signed requests a second the front answers, against a bare endpoint, in one run.

    python benchmarks/front_floor.py [SECONDS]

The floor is a WSGI endpoint that does no more than check the signature. Against it, in turns
and under the same server: the guarded Bolt app answering /slsdiag help, and saving an ask for
/slsdiag checkout in an embedded store that writes each change to disk. Both also under gunicorn's
gthread worker, where it is installed (`pip install gunicorn`). The load comes from `wrk` where
it is installed, else from threads of this process. Signatures are made beforehand: each request
is another one.
"""

from __future__ import annotations

import hashlib
import hmac
import importlib.util
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bot.playground.workspace import Workspace
from bot.store.embedded import Embedded

SECRET = Workspace.signing_secret
CONNECTIONS, PROCESS_THREADS = 16, 16
ROUNDS = 3
LUA = """
local bodies = {}
for line in io.lines(os.getenv('REQUESTS')) do bodies[#bodies + 1] = line end
local at = 0
function request()
  at = at % #bodies + 1
  local stamp, signature, body = bodies[at]:match('^(%d+) (%S+) (.*)$')
  return wrk.format('POST', '/slack/events', {
    ['Content-Type'] = 'application/x-www-form-urlencoded',
    ['X-Slack-Request-Timestamp'] = stamp,
    ['X-Slack-Signature'] = signature,
  }, body)
end
"""


def bare(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """The floor."""
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    stamp = environ["HTTP_X_SLACK_REQUEST_TIMESTAMP"]
    mac = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
    good = hmac.compare_digest("v0=" + mac.hexdigest(), environ["HTTP_X_SLACK_SIGNATURE"])
    start_response("200 OK" if good else "401 Unauthorized", [("Content-Type", "text/plain")])
    return [b""]


def guarded_app() -> Any:
    """The bot's own, without its workers."""
    from bot.app.bootstrap import Parts  # noqa: PLC0415 - only in the process that serves
    from bot.app.listeners import build  # noqa: PLC0415
    from bot.app.processes import who_we_are  # noqa: PLC0415
    from bot.observability.logging import configure  # noqa: PLC0415
    from bot.serving_settings import serving_settings  # noqa: PLC0415
    from bot.settings import read_aws_settings  # noqa: PLC0415
    from bot.slack.http import guarded  # noqa: PLC0415

    configure("ERROR")
    parts = Parts(serving_settings(), read_aws_settings())
    return guarded(build(parts.client, who_we_are(parts.client), parts.services), SECRET)


def serve(which: str) -> None:
    """In a process of its own, until it is ended."""
    from bot.observability.http_server import Listener  # noqa: PLC0415

    application = bare if which == "bare" else guarded_app()
    listener = Listener(application, "127.0.0.1", 0, PROCESS_THREADS)
    listener.start()
    print(listener.port, flush=True)
    signal.pause()


def requests(path: Path, text: str, count: int) -> None:
    """So many signed bodies, one a line."""
    stamp = str(int(time.time()) + 60)
    with path.open("w") as file:
        for n in range(count):
            body = urlencode(
                {
                    "command": "/slsdiag",
                    "text": text,
                    "team_id": "T0DEMO",
                    "channel_id": "C0GENERAL",
                    "user_id": f"U0{n % 100}",
                    "trigger_id": f"{n}.{stamp}",
                    "response_url": "https://hooks.slack.com/commands/1",
                }
            )
            signed = f"v0:{stamp}:{body}".encode()
            signature = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
            file.write(f"{stamp} v0={signature} {body}\n")


def rate(port: int, path: Path, seconds: float) -> float:
    """Answers of status 200 a second."""
    if shutil.which("wrk"):
        script = path.with_suffix(".lua")
        script.write_text(LUA)
        output = subprocess.run(
            ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "-s", str(script),  # noqa: S607
             f"http://127.0.0.1:{port}/slack/events"],
            env=os.environ | {"REQUESTS": str(path)}, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        if "Non-2xx" in output:
            raise SystemExit(output)
        return float(output.partition("Requests/sec:")[2].split()[0])
    return _by_threads(port, path.read_text().splitlines(), seconds)


def _by_threads(port: int, lines: list[str], seconds: float) -> float:
    ends, answered = time.monotonic() + seconds, [0] * CONNECTIONS

    def ask(mine: int) -> None:
        with socket.create_connection(("127.0.0.1", port)) as wire:
            for line in lines[mine::CONNECTIONS] * 50:
                if time.monotonic() > ends:
                    return
                stamp, signature, body = line.split(" ", 2)
                wire.sendall(
                    f"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
                    "Content-Type: application/x-www-form-urlencoded\r\n"
                    f"X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: {signature}\r\n"
                    f"\r\n{body}".encode()
                )
                answered[mine] += wire.recv(65_536).startswith(b"HTTP/1.1 200")

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(answered) / seconds


def started(server: str, which: str, environment: dict[str, str]) -> tuple[Any, int]:
    """The process and its port."""
    if server == "waitress":
        process = subprocess.Popen(
            [sys.executable, __file__, "serve", which],
            env=environment, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        return process, int(process.stdout.readline() if process.stdout else 0)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    target = "front_floor:bare" if which == "bare" else "front_floor:guarded_app()"
    gunicorn = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-k", "gthread", "--threads", str(PROCESS_THREADS),
         "-b", f"127.0.0.1:{port}", "--log-level", "error", target],
        env=environment, cwd=Path(__file__).parent,
    )  # fmt: skip
    while socket.socket().connect_ex(("127.0.0.1", port)):
        time.sleep(0.05)
    time.sleep(1)
    return gunicorn, port


def main() -> None:
    """All of them in turns, so that the machine's noise affects each alike."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 4.0
    servers = ["waitress", *(["gunicorn"] if importlib.util.find_spec("gunicorn") else [])]
    with (
        Workspace() as slack,
        tempfile.TemporaryDirectory() as folder,
        Embedded(Path(folder, "state")) as store,
    ):
        bodies = {text: Path(folder, text) for text in ("help", "checkout")}
        rates: dict[tuple[str, str], list[float]] = {}
        for server in servers:
            environment = os.environ | {
                "SLACK_BOT_TOKEN": slack.bot_token, "SLACK_SIGNING_SECRET": SECRET,
                "SLACK_API_URL": slack.api_url, "SLSDIAG_MODE": "http",
                "REDIS_URL": store, "SLSDIAG_WORKERS": "0", "AWS_REGION": "eu-west-1",
                "PYTHONPATH": str(Path(__file__).parent.parent),
            }  # fmt: skip
            running = {each: started(server, each, environment) for each in ("bare", "app")}
            try:
                for _ in range(ROUNDS):
                    for which, text in (("bare", "help"), ("app", "help"), ("app", "checkout")):
                        requests(bodies[text], text, 60_000)
                        got = rate(running[which][1], bodies[text], seconds)
                        rates.setdefault((server, which if which == "bare" else text), []).append(
                            got
                        )
            finally:
                for process, _ in running.values():
                    process.terminate()
                    process.wait()
        print_ratios(servers, rates)


def print_ratios(servers: list[str], rates: dict[tuple[str, str], list[float]]) -> None:
    """A line a server."""
    for server in servers:
        floor = statistics.median(rates[server, "bare"])
        parts = [f"{server}: bare 1.00 ({floor:.0f}/s)"]
        for text in ("help", "checkout"):
            ratio = statistics.median(rates[server, text]) / floor
            parts.append(f"/slsdiag {text} {ratio:.2f}")
        print(", ".join(parts))


if __name__ == "__main__":
    serve(sys.argv[2]) if sys.argv[1:2] == ["serve"] else main()
