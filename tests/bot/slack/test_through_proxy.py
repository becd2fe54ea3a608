"""
Slack behind a proxy that wants credentials, and by no other way: its name is not in any DNS.

The proxy, TLS and the process are real.
"""

from __future__ import annotations

import base64
import json
import os
import select
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from urllib.parse import urlsplit

import pytest
import trustme

from bot.playground.workspace import Person, Workspace

pytestmark = pytest.mark.slow

SLACK, PASSWORD = "slack.test", "p@ss-x-secret"
WANTED = "Basic " + base64.b64encode(f"bot:{PASSWORD}".encode()).decode()
DEAD = "http://127.0.0.1:9"
RUN = "import sys; from bot.cli import main; sys.exit(main())"


class _Tunnel(StreamRequestHandler):
    rbufsize = 0  # what follows the head is relayed

    def handle(self) -> None:
        proxy = self.server
        assert isinstance(proxy, ForwardProxy)
        line = self.rfile.readline()
        head = list(iter(self.rfile.readline, b"\r\n"))
        named = (each.decode().strip().partition(": ") for each in head)
        headers = {name.lower(): value for name, _, value in named}
        method, address = line.decode().split()[:2]
        if proxy.status != 200:
            return self._refuse(proxy.status)
        if headers.get("proxy-authorization") != WANTED:
            return self._refuse(407)
        where = urlsplit(f"//{address}" if method == "CONNECT" else address)
        proxy.asked.append(where.hostname or "")
        with socket.create_connection(("127.0.0.1", where.port or 80)) as there:
            if method == "CONNECT":
                self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                there.sendall(line + b"".join(head) + b"\r\n")
            proxy.open.append(self.connection)
            self._relay(there)
        return None

    def _refuse(self, status: int) -> None:
        self.wfile.write(f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n".encode())

    def _relay(self, there: socket.socket) -> None:
        other = {self.connection: there, there: self.connection}
        while True:
            for each in select.select(list(other), [], [])[0]:
                if not (data := each.recv(65_536)):
                    return
                other[each].sendall(data)


class ForwardProxy(ThreadingTCPServer):
    """Whatever host is asked for, it is on this machine."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Tunnel)
        self.asked: list[str] = []
        self.open: list[socket.socket] = []
        self.status = 200

    @property
    def url(self) -> str:
        return f"http://bot:{PASSWORD.replace('@', '%40')}@127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_: object) -> None:
        """A tunnel that is cut is no news."""

    def cut(self) -> None:
        for each in self.open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def proxy() -> Iterator[ForwardProxy]:
    with ForwardProxy() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def slack(authority: trustme.CA) -> Iterator[Workspace]:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(SLACK).configure_cert(tls)
    with Workspace(name=SLACK, tls=tls) as workspace:
        yield workspace


@pytest.fixture
def behind(proxy: ForwardProxy, authority: trustme.CA, tmp_path: Path) -> dict[str, str]:
    """The variables of a process behind the proxy."""
    trusted = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(trusted))
    named = {each: "" for each in os.environ if each.lower().endswith("_proxy")}
    return named | {"HTTPS_PROXY": proxy.url, "SSL_CERT_FILE": str(trusted)}


@pytest.fixture
def log(start_process, redis_url, slack, proxy, behind) -> Path:
    """Of a bot that serves by Socket Mode, as soon as it does."""
    more = {"REDIS_URL": redis_url, "SLSDIAG_LOG_LEVEL": "DEBUG"}
    _, log = start_process("serve", **more, **behind)
    slack.sockets.wait(most=30)
    return log


def test_bot_hears_and_answers_through_the_proxy(log, slack, proxy):
    ada = Person(slack)

    assert ada.types("/slsdiag orders").status == 200
    assert slack.waits_for(lambda m: "orders is not reporting" in m.text, timeout=30)
    ada.types("/slsdiag orders", channel="C0SECRET")  # no member: by its response URL
    assert slack.waits_for(
        lambda m: m.seen_by == "U0ADA" and "orders is not reporting" in m.text, 30
    )

    assert {"auth.test", "users.info", "chat.postMessage"} <= set(slack.calls)
    assert set(proxy.asked) == {SLACK}


def test_socket_comes_again_through_the_proxy(log, slack, proxy):
    proxy.cut()
    slack.sockets.wait(most=30)
    opened = slack.sockets.opened
    slack.sockets.refresh()
    slack.sockets.wait(most=30)

    assert slack.sockets.opened > opened
    assert Person(slack).types("/slsdiag help").status == 200


@pytest.mark.parametrize("status", [407, 503])
def test_proxy_that_refuses_for_a_while_is_tried_again(log, slack, proxy, until, status):
    proxy.status = status
    proxy.cut()
    until(lambda: log.read_text().count("socket_not_opened") > 1, 30)
    proxy.status = 200

    slack.sockets.wait(most=30)
    assert Person(slack).types("/slsdiag help").status == 200
    assert not [each for each in (PASSWORD, WANTED, "p%40ss") if each in log.read_text()]


def test_host_in_no_proxy_is_not_reached_through_it(start_process, redis_url, slack, proxy, behind):
    process, log = start_process("serve", REDIS_URL=redis_url, **behind | {"NO_PROXY": ".test"})

    assert process.wait(60) == 4  # without the proxy there is no such name
    assert "Slack could not be reached" in log.read_text()
    assert "through the proxy" not in log.read_text()
    assert not proxy.asked


def test_refusal_at_the_start_names_the_proxy(start_process, redis_url, slack, proxy, behind):
    proxy.status = 407
    process, log = start_process("serve", REDIS_URL=redis_url, **behind)

    assert process.wait(60) == 4
    assert f"through the proxy http://127.0.0.1:{proxy.server_address[1]} " in log.read_text()
    assert "x-secret" not in log.read_text()


def _slsdiag(*verb: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", RUN, *verb],
        env={name: value for name, value in (os.environ | more).items() if value},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_aws_is_reached_through_the_proxy_and_doctor_says_so(aws, slack, proxy, behind):
    from bot.playground.account.demo_functions import demo

    demo(aws.account())
    behind |= {
        "AWS_ENDPOINT_URL": aws.url.replace("127.0.0.1", "aws.test"),
        "HTTP_PROXY": proxy.url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_API_URL": slack.api_url,
    }

    checked = _slsdiag("check", "orders", **behind)
    assert checked.returncode == 1, checked.stderr
    assert set(proxy.asked) == {"aws.test"}

    run = _slsdiag("doctor", "--json", **behind)
    shown = f"http://127.0.0.1:{proxy.server_address[1]}"
    found = {each["check"]: each for each in json.loads(run.stdout)["checks"]}
    assert found["proxy"]["outcome"] == "ok"
    assert found["proxy"]["saw"] == f"{shown} for Slack, {shown} for AWS."
    assert "x-secret" not in run.stdout + run.stderr


def test_doctor_says_that_connections_are_direct(aws, slack, proxy, behind):
    behind |= {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_API_URL": slack.api_url,
        "NO_PROXY": SLACK,
    }
    run = _slsdiag("doctor", "--json", **behind)

    found = {each["check"]: each for each in json.loads(run.stdout)["checks"]}
    assert found["proxy"]["saw"] == "None: Slack and AWS are reached directly."
    assert found["slack_token"]["outcome"] == "unknown"  # there is no such name
    assert not proxy.asked


def test_demo_uses_no_proxy():
    names = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
    dead = dict.fromkeys(names, DEAD) | {"NO_PROXY": "", "no_proxy": ""}

    run = _slsdiag("demo", "--once", "/slsdiag orders", **dead)

    assert run.returncode == 0, run.stderr
    assert "belongs to Datadog" in run.stdout
