"""
HTTP for the fake account: latency, faults, quotas, and a list of all calls.

The service and the region come from the request's signature, as at AWS; so does the account,
where its keys came from AssumeRole.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple, Self

from bot.playground.account import wire
from bot.playground.account.answers import answer
from bot.playground.account.faults import AwsError, Fault, Quotas, spelled, status_of
from bot.playground.account.model import KEY_PREFIX, AwsAccount

HOME = "123456789012"
_STOPS_WITHIN = 0.02
"""Seconds; http.server's own half a second is felt by every test that starts one."""
_READS = ("Get", "List", "Describe", "Filter", "Lookup", "AssumeRole")


class Call(NamedTuple):
    """One request that arrived."""

    service: str
    operation: str
    region: str
    account: str


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    """A wave of calls comes at once; a full backlog costs the caller a second."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that was killed hangs up: no error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class FakeAws:
    """A fake AWS on the loopback address; a context manager."""

    def __init__(self, port: int = 0, seed: int = 0, *, quotas: bool = False) -> None:
        """`port` 0 takes any free one."""
        self.latency = 0.0
        self.clock_ahead = 0.0
        """Seconds by which the Date of an answer is ahead of this machine's."""
        self.quotas = quotas
        self.calls: list[Call] = []
        self.latencies: dict[str, float] = {}
        """Seconds by operation, where it is another than `latency`."""
        self.throttles: Counter[str] = Counter()
        """Calls that were refused for exceeding a rate, by operation."""
        self.faults: list[Fault] = []
        self.accounts: dict[str, AwsAccount] = {}
        self._buckets = Quotas()
        self._random = random.Random(seed)  # noqa: S311 - faults, not secrets
        self._server = _Server(("127.0.0.1", port), _handler(self))
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_STOPS_WITHIN,), daemon=True
        )

    @property
    def url(self) -> str:
        """What AWS_ENDPOINT_URL is set to."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def throttled(self) -> int:
        """Calls that were refused for exceeding a rate."""
        return self.throttles.total()

    def __enter__(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()

    def account(self, id_: str = HOME) -> AwsAccount:
        """The account, empty at first."""
        return self.accounts.setdefault(id_, AwsAccount(id_))

    def clock(self) -> datetime:
        """The fake's time is the real one."""
        return datetime.now(UTC)

    def fail(
        self,
        service: str,
        operation: str = "*",
        code: str = "AccessDeniedException",
        *,
        status: int | None = None,
        probability: float = 1.0,
        region: str | None = None,
        message: str | None = None,
        account: str | None = None,
    ) -> None:
        """Answer with `code` from now on, by default with its true status and words."""
        name = wire.SERVICES.get(service, service)
        if name not in wire.SERVICES.values():
            raise ValueError(f"There is no service {service} here.")
        self.faults.append(
            Fault(name, operation, code, probability, region, message, status, account)
        )

    def heal(self) -> None:
        """No more faults."""
        self.faults.clear()

    def mutations(self) -> list[Call]:
        """The calls that would have changed something."""
        return [call for call in self.calls if not call.operation.startswith(_READS)]

    def respond(self, request: wire.Request) -> dict[str, Any]:
        """Answer one call, or raise AwsError."""
        accepted = request.key.startswith(KEY_PREFIX)
        call = Call(
            request.service,
            request.operation,
            request.region,
            request.key.removeprefix(KEY_PREFIX) if accepted else HOME,
        )
        self.calls.append(call)
        if latency := self.latencies.get(call.operation, self.latency):
            time.sleep(latency)
        self._refuse(call, request)
        account = self.account(call.account)
        return answer(self.accounts, account, account.region(call.region), request)

    def _refuse(self, call: Call, request: wire.Request) -> None:
        for fault in list(self.faults):
            fits = fault.fits(*call)
            if fits and self._random.random() < fault.probability:
                raise fault.error(call.operation, call.account, call.region, request.arguments)
        if self.quotas and not self._buckets.take(*call):
            self.throttles[call.operation] += 1
            code = spelled(call.service, "Throttling")
            raise AwsError(code, "Rate exceeded", status_of(call.service, code))


class _Handler(BaseHTTPRequestHandler):
    """Serves one connection."""

    aws: FakeAws
    protocol_version = "HTTP/1.1"
    # Head and body leave in one segment: sent apart, each call waits 40 ms for an ACK.
    wbufsize = -1
    disable_nagle_algorithm = True

    def __getattr__(self, name: str) -> Any:
        """Every method alike: http.server calls do_GET, do_POST and so on."""
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        reply = _reply(self.aws, self.command, self.path, dict(self.headers), body)
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)
        self.wfile.flush()

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The Date header."""
        return super().date_time_string((timestamp or time.time()) + self.aws.clock_ahead)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _handler(aws: FakeAws) -> type[BaseHTTPRequestHandler]:
    return type("Handler", (_Handler,), {"aws": aws})


def _reply(
    aws: FakeAws, method: str, path: str, headers: dict[str, str], body: bytes
) -> wire.Reply:
    service = "lambda"
    try:
        request = wire.read(method, path, headers, body)
        service = request.service
        return wire.answered(request, aws.respond(request))
    except AwsError as error:
        return wire.refused(service, error)
