"""Who only connects keeps nobody else waiting, on either port."""

from __future__ import annotations

import resource
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.client import HTTPConnection

import pytest

from bot.observability.http_server import IDLE

pytestmark = pytest.mark.slow

HALF = b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Le"
BODYLESS = b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\ncommand="


@pytest.fixture
def mode() -> str:
    return "http"


@pytest.fixture(autouse=True)
def files() -> Iterator[None]:
    """Both ends of each connection are in this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8_192)), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def connect() -> Iterator[Callable[..., list[socket.socket]]]:
    with ExitStack() as stack:

        def connect(port: int, count: int, sent: bytes = b"") -> list[socket.socket]:
            made = []
            for _ in range(count):
                wire = socket.create_connection(("127.0.0.1", port), timeout=10)
                stack.enter_context(wire)
                if sent:
                    wire.sendall(sent)
                made.append(wire)
            return made

        yield connect


def livez(port: int) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/livez")
    status = connection.getresponse().status
    connection.close()
    return status


def closed(wire: socket.socket) -> bool:
    wire.setblocking(False)
    try:
        return wire.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


@pytest.mark.parametrize("sent", [b"", HALF, BODYLESS], ids=["silent", "headers", "body"])
def test_a_thousand_idle_connections_keep_nobody_waiting(ada, bot, connect, sent):
    connect(bot.port, 1_000, sent)
    connect(bot.admin_port, 300, sent)

    response = ada.types("/slsdiag help")
    assert response.status == 200
    assert response.seconds < 1
    assert livez(bot.admin_port) == 200


def test_beyond_the_limit_the_oldest_that_never_asked_give_way(ada, bot, connect):
    kept = HTTPConnection("127.0.0.1", bot.admin_port, timeout=5)
    kept.request("GET", "/livez")
    assert kept.getresponse().read()
    first, *others = connect(bot.admin_port, 150)

    assert livez(bot.admin_port) == 200
    assert closed(first)
    assert not closed(others[-1])
    kept.request("GET", "/livez")  # on the connection that had asked before
    assert kept.getresponse().status == 200
    kept.close()


def test_a_byte_now_and_then_does_not_hold_a_connection(bot, connect, until):
    silent, slow = *connect(bot.port, 1), *connect(bot.port, 1, HALF)
    began = time.monotonic()

    def over() -> bool:
        if not closed(slow):
            slow.setblocking(True)
            slow.sendall(b"n")
            time.sleep(0.2)
            return False
        return closed(silent)

    until(over, IDLE + 10)
    assert time.monotonic() - began > IDLE - 1
