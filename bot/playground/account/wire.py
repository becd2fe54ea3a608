"""
AWS's three protocols: a request → what it asks for; an answer or an error → bytes.

rest-json (Lambda), json (Logs, CloudWatch, Firehose) and query (CloudFormation, IAM, STS).
Of Lambda's paths those of functions are known by name, also what nothing answers; any other is
called by its method and path, so that it still shows in the list of calls.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

from bot.playground.account.faults import AwsError

SERVICES = {
    "lambda": "lambda",
    "logs": "logs",
    "monitoring": "cloudwatch",
    "firehose": "firehose",
    "cloudformation": "cloudformation",
    "iam": "iam",
    "sts": "sts",
    "secretsmanager": "secretsmanager",
    "tagging": "resourcegroupstaggingapi",
    "organizations": "organizations",
    "cloudtrail": "cloudtrail",
    "sqs": "sqs",
    "events": "events",
}
"""Names by the name that a request is signed for."""
_QUERY = frozenset({"cloudformation", "iam", "sts"})
_SIGNED = re.compile(
    r"Credential=(?P<key>[^/]+)/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request"
)


_FUNCTIONS = re.compile(r"/2015-03-31/functions(?:/(?P<name>[^/]+)(?:/(?P<what>[a-z]+))?)?/?")
_OPERATIONS = {
    ("GET", None, True): "ListFunctions",
    ("POST", None, True): "CreateFunction",
    ("GET", None, False): "GetFunction",
    ("DELETE", None, False): "DeleteFunction",
    ("GET", "configuration", False): "GetFunctionConfiguration",
    ("PUT", "configuration", False): "UpdateFunctionConfiguration",
    ("PUT", "code", False): "UpdateFunctionCode",
    ("POST", "invocations", False): "Invoke",
    ("GET", "versions", False): "ListVersionsByFunction",
    ("POST", "versions", False): "PublishVersion",
    ("GET", "aliases", False): "ListAliases",
    ("POST", "aliases", False): "CreateAlias",
}
"""By method, what is asked of a function, and whether of all functions."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request, read."""

    service: str
    operation: str
    region: str
    key: str
    arguments: Mapping[str, Any]


class Reply(NamedTuple):
    """One answer, written."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def read(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Request:
    """What is asked; AwsError for a request that is not signed or not readable."""
    signed = _SIGNED.search(headers.get("Authorization") or "")
    if not signed:
        raise AwsError("MissingAuthenticationToken", "Missing Authentication Token", 403)
    service = SERVICES.get(signed["service"], signed["service"])
    operation, arguments = _request(service, method, path, headers, body)
    return Request(service, operation, signed["region"], signed["key"], arguments)


def _request(
    service: str, method: str, path: str, headers: Mapping[str, str], body: bytes
) -> tuple[str, Mapping[str, Any]]:
    try:
        if service == "lambda":
            return _of_path(method, path, body)
        target = headers.get("X-Amz-Target")
        if target:
            return target.rpartition(".")[2], json.loads(body or b"{}")
        return _of_form(body.decode())
    except ValueError as error:
        raise AwsError("SerializationException", "The request cannot be read.") from error


def _of_path(method: str, path: str, body: bytes) -> tuple[str, Mapping[str, Any]]:
    parts = urlsplit(path)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    sent = json.loads(body) if body else {}
    match = _FUNCTIONS.fullmatch(parts.path)
    operation = _OPERATIONS.get((method, match["what"], match["name"] is None)) if match else None
    if match is None or operation is None:
        return f"{method.title()} {parts.path[:60]}", sent | query
    name = {"FunctionName": unquote(match["name"])} if match["name"] else {}
    return operation, sent | query | name


def _of_form(text: str) -> tuple[str, Mapping[str, Any]]:
    """Action and arguments; `Name.member.N` becomes a list, in order of N."""
    arguments: dict[str, Any] = {}
    numbered: dict[str, dict[int, str]] = {}
    for key, values in parse_qs(text, keep_blank_values=True).items():
        name, member, number = key.partition(".member.")
        if member and number.isdigit():
            numbered.setdefault(name, {})[int(number)] = values[0]
        else:
            arguments[key] = values[0]
    arguments |= {name: [members[n] for n in sorted(members)] for name, members in numbered.items()}
    return str(arguments.pop("Action", "Unknown")), arguments


def answered(request: Request, answer: Mapping[str, Any]) -> Reply:
    """The reply that holds `answer`."""
    if request.service not in _QUERY:
        return Reply(200, {"Content-Type": "application/json"}, json.dumps(answer).encode())
    inside = f"<{request.operation}Result>{_xml(answer)}</{request.operation}Result>"
    text = f"<{request.operation}Response>{inside}{_METADATA}</{request.operation}Response>"
    return Reply(200, {"Content-Type": "text/xml"}, text.encode())


_REQUEST_ID = "5eed0000-0000-4000-8000-00000000aaaa"
_METADATA = f"<ResponseMetadata><RequestId>{_REQUEST_ID}</RequestId></ResponseMetadata>"


def _xml(value: object) -> str:
    if isinstance(value, Mapping):
        return "".join(f"<{key}>{_xml(item)}</{key}>" for key, item in value.items())
    if isinstance(value, list):
        return "".join(f"<member>{_xml(item)}</member>" for item in value)
    return escape(str(value))


def refused(service: str, error: AwsError) -> Reply:
    """The reply that holds `error`, in the form of the service's protocol."""
    if service in _QUERY:
        detail = f"<Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>"
        text = (
            f"<ErrorResponse><Error><Type>Sender</Type>{detail}</Error>"
            f"<RequestId>{_REQUEST_ID}</RequestId></ErrorResponse>"
        )
        return Reply(error.status, {"Content-Type": "text/xml"}, text.encode())
    document = {"message": error.message}
    headers = {"Content-Type": "application/json"}
    if service == "lambda":
        headers["x-amzn-ErrorType"] = error.code
    else:
        document["__type"] = error.code
    return Reply(error.status, headers, json.dumps(document).encode())
