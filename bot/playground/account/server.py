"""
HTTP for the fake account: AWS's three protocols, latency, faults, and a list of all calls.

The service and the region come from the request's signature, as at AWS; so does the account,
where its keys came from AssumeRole.
"""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

from bot.playground.account.answers import AwsError, answer
from bot.playground.account.model import AwsAccount

HOME = "123456789012"
_SIGNED = re.compile(
    r"Credential=(?P<key>[^/]+)/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request"
)
_LAMBDA = re.compile(
    r"^/2015-03-31/functions(?:/(?P<name>[^/]+)/(?P<what>configuration|aliases))?/?$"
)
_LAMBDA_OPERATIONS = {
    "configuration": "GetFunctionConfiguration",
    "aliases": "ListAliases",
    None: "ListFunctions",
}
_READS = ("Get", "List", "Describe", "Filter", "AssumeRole")


class Call(NamedTuple):
    """One request that arrived."""

    service: str
    operation: str
    region: str
    account: str


@dataclass
class Fault:
    """An error to answer with."""

    service: str
    operation: str
    code: str
    status: int
    probability: float = 1.0
    region: str | None = None


class FakeAws:
    """A fake AWS on the loopback address; a context manager."""

    def __init__(self, port: int = 0, seed: int = 0) -> None:
        """`port` 0 takes any free one."""
        self.latency = 0.0
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.accounts: dict[str, AwsAccount] = {}
        self._random = random.Random(seed)  # noqa: S311 - faults, not secrets
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """What AWS_ENDPOINT_URL is set to."""
        return f"http://127.0.0.1:{self._server.server_port}"

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

    def fail(
        self,
        service: str,
        operation: str = "*",
        code: str = "AccessDeniedException",
        *,
        status: int = 400,
        probability: float = 1.0,
        region: str | None = None,
    ) -> None:
        """Answer with `code` from now on."""
        self.faults.append(Fault(service, operation, code, status, probability, region))

    def heal(self) -> None:
        """No more faults."""
        self.faults.clear()

    def mutations(self) -> list[Call]:
        """The calls that would have changed something."""
        return [call for call in self.calls if not call.operation.startswith(_READS)]

    def respond(self, call: Call, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Answer one call, or raise AwsError."""
        self.calls.append(call)
        if self.latency:
            time.sleep(self.latency)
        for fault in self.faults:
            if (
                fault.service == call.service
                and fault.operation in {"*", call.operation}
                and fault.region in {None, call.region}
                and self._random.random() < fault.probability
            ):
                raise AwsError(fault.code, _words(fault, call), fault.status)
        account = self.account(call.account)
        return answer(account, account.region(call.region), call.service, call.operation, arguments)


def _words(fault: Fault, call: Call) -> str:
    if fault.code.startswith("AccessDenied"):
        who = f"arn:aws:sts::{call.account}:assumed-role/slsdiag/demo"
        return f"User: {who} is not authorized to perform: {call.service}:{call.operation}"
    return "Rate exceeded" if "hrottl" in fault.code else "Something went wrong."


def _handler(aws: FakeAws) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            signed = _SIGNED.search(self.headers.get("Authorization") or "")
            if not signed:
                self._send(403, "application/json", b'{"__type":"MissingAuthenticationToken"}')
                return
            service = signed["service"]
            operation, arguments = self._request(service, body)
            key = signed["key"]
            account = key.removeprefix("FAKE") if key.startswith("FAKE") else HOME
            call = Call(service, operation, signed["region"], account)
            try:
                found = aws.respond(call, arguments)
            except AwsError as error:
                self._send(error.status, *_error(service, error))
            else:
                self._send(200, *_answer(service, operation, found))

        def _request(self, service: str, body: bytes) -> tuple[str, Mapping[str, Any]]:
            if service == "lambda":
                return _of_path(self.path)
            target = self.headers.get("X-Amz-Target")
            if target:
                return target.rpartition(".")[2], json.loads(body)
            form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            return form.pop("Action", "Unknown"), form

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if kind == "application/json" and status >= 400:  # noqa: PLR2004 - HTTP's errors
                self.send_header("x-amzn-ErrorType", json.loads(body).get("__type", ""))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


def _of_path(path: str) -> tuple[str, Mapping[str, Any]]:
    parts = urlsplit(path)
    match = _LAMBDA.match(parts.path)
    if not match:
        return f"Unknown {parts.path[:40]}", {}
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    name = {"FunctionName": unquote(match["name"])} if match["name"] else {}
    return _LAMBDA_OPERATIONS[match["what"]], query | name


def _is_xml(service: str) -> bool:
    return service in {"cloudformation", "iam", "sts"}


def _answer(service: str, operation: str, found: Mapping[str, Any]) -> tuple[str, bytes]:
    if not _is_xml(service):
        return "application/json", json.dumps(found).encode()
    result = "".join(f"<{key}>{_xml(value)}</{key}>" for key, value in found.items())
    text = f"<{operation}Response><{operation}Result>{result}</{operation}Result></{operation}Response>"
    return "text/xml", text.encode()


def _xml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "".join(f"<{key}>{_xml(each)}</{key}>" for key, each in value.items())
    if isinstance(value, list):
        return "".join(f"<member>{_xml(each)}</member>" for each in value)
    return escape(str(value))


def _error(service: str, error: AwsError) -> tuple[str, bytes]:
    if _is_xml(service):
        told = f"<Code>{error.code}</Code><Message>{escape(error.message)}</Message>"
        text = f"<ErrorResponse><Error><Type>Sender</Type>{told}</Error></ErrorResponse>"
        return "text/xml", text.encode()
    document = {"__type": error.code, "message": error.message, "Message": error.message}
    return "application/json", json.dumps(document).encode()
