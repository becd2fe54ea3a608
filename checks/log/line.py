"""
One log event → what it shows: the lines of the SDK, of the runtime and of the platform.

Matched at the start of the message only: a user's own line that quotes the SDK begins with a
time stamp, or sits inside JSON. Texts as captured from Node 0.15.15 and Python 0.3.3; the
platform's as AWS documents them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from checks.log.protobuf import Undecodable
from checks.log.telemetry import LINE_LIMIT, Budget, Payload, decode, is_telemetry


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One event of a log. `at` is aware; both it and `stream` are None in a plain file."""

    message: str
    at: datetime | None = None
    stream: str | None = None


class Kind(StrEnum):
    """What one line shows."""

    ORG_ID_MISSING = "org_id_missing"
    WRAPPER_INITIALIZED = "wrapper_initialized"
    SETUP_FAILED = "setup_failed"
    SDK_INITIALIZED = "sdk_initialized"
    INVOCATION_STARTED = "invocation_started"
    TELEMETRY = "telemetry"
    UNDECODABLE = "undecodable"
    """A telemetry line that cannot be read."""
    STARTED = "started"
    FINISHED = "finished"
    """The invocation ran to its end, with or without an error of the user's."""
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    CANNOT_START = "cannot_start"
    """The exec wrapper does not exist or may not be executed: exit status 127 or 126."""
    HANDLER_RAN = "handler_ran"
    """A user's line with a request id: the handler itself ran."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line, without its text."""

    kind: Kind
    at: datetime | None
    request_id: str | None = None
    version: str | None = None
    payload: Payload | None = None


_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_SDK_LINES = (
    (Kind.WRAPPER_INITIALIZED, "⚡ SDK: Wrapper initialization"),
    (Kind.SDK_INITIALIZED, "⚡ SDK: Overhead duration: Internal initialization"),
    (Kind.INVOCATION_STARTED, "⚡ SDK: Invocation: start"),
    (
        Kind.ORG_ID_MISSING,
        'Serverless SDK Warning: Cannot instrument function: Missing "SLS_ORG_ID"',
    ),
    (Kind.SETUP_FAILED, "Fatal Serverless SDK Error"),
)
_START = re.compile(rf"START RequestId: ({_UUID})(?: Version: (\S+))?")
_END = re.compile(rf"END RequestId: ({_UUID})")
_REPORT = re.compile(rf"REPORT RequestId: ({_UUID})")
_TIMED_OUT = re.compile(rf"(?:\S+Z )?({_UUID}) Task timed out after")
_EXITED = re.compile(rf"(?:\S+Z )?(?:RequestId: )?({_UUID})?\s*Error: Runtime exited")
_KILLED = re.compile(r"Runtime exited with error: signal: killed")
"""Lambda kills what takes more memory than it has (AWS, "Troubleshoot invocation issues")."""
_NO_WRAPPER = re.compile(r"Runtime exited with error: exit status 12[67]\b")
"""What the runtime's bootstrap exits with where it cannot start AWS_LAMBDA_EXEC_WRAPPER (read)."""
_INIT_ERROR = re.compile(
    r"\S+Z\s+undefined\s+ERROR\s+Uncaught Exception"
    r"|\[ERROR\] (?:Runtime\.|\w*(?:Import|ModuleNotFound|Syntax)Error\b|[^\r\n]*[\r\n]+Traceback )"
    r"|INIT_REPORT .*Status: (?:error|timeout)"
)
"""No request id: Python's own report of an exception that no handler caught begins so, too."""
_USER_LINE = re.compile(rf"(?:\[\w+\][\t ]+)?\d{{4}}-\d\d-\d\dT[\d:.]+Z[\t ]+({_UUID})[\t ]")
_STATUS = re.compile(r"\sStatus: (\w+)")
_ERROR_TYPE = re.compile(r"\sError Type: (\S+)")
_NOT_THE_HANDLERS = ("Runtime.", "Sandbox.", "Extension.")
"""Types of errors that are not an exception of the handler's own."""


def read_line(event: LogEvent, budget: Budget | None = None) -> LogLine | None:
    """What `event` shows, None where it shows nothing; a payload is charged to `budget`."""
    text = event.message[: LINE_LIMIT + 64].lstrip("\ufeff")
    if is_telemetry(text):
        return _telemetry(text, event, budget)
    for kind, beginning in _SDK_LINES:
        if text.startswith(beginning):
            return LogLine(kind, event.at)
    if text.startswith("{"):
        return _json_line(text, event)
    return _platform_line(text, event)


def _telemetry(text: str, event: LogEvent, budget: Budget | None) -> LogLine:
    try:
        payload = decode(text.rstrip("\r\n"), budget)
    except Undecodable:
        return LogLine(Kind.UNDECODABLE, event.at)
    return LogLine(Kind.TELEMETRY, event.at, payload.request_id, payload.version, payload)


def _platform_line(text: str, event: LogEvent) -> LogLine | None:
    head = text[:2000]
    if match := _START.match(head):
        return LogLine(Kind.STARTED, event.at, match[1], match[2])
    if match := _TIMED_OUT.match(head):
        return LogLine(Kind.TIMED_OUT, event.at, match[1])
    if match := _END.match(head):
        return LogLine(Kind.FINISHED, event.at, match[1])
    if match := _REPORT.match(head):
        return LogLine(_reported(head), event.at, match[1])
    if match := _EXITED.match(head):
        return LogLine(_exited(head), event.at, match[1])
    if _INIT_ERROR.match(head):
        return LogLine(Kind.CRASHED, event.at)
    if match := _USER_LINE.match(head):
        return LogLine(Kind.HANDLER_RAN, event.at, match[1])
    return None


def _exited(head: str) -> Kind:
    if _KILLED.search(head):
        return Kind.OUT_OF_MEMORY
    return Kind.CANNOT_START if _NO_WRAPPER.search(head) else Kind.CRASHED


def _reported(head: str) -> Kind:
    """REPORT has a status only where the invocation did not end by itself."""
    status, error = _STATUS.search(head), _ERROR_TYPE.search(head)
    if status and status[1] == "error" and not error:
        return Kind.CRASHED
    return _ended(status[1] if status else "success", error[1] if error else "")


def _ended(status: str, error: str) -> Kind:
    """An exception that the handler raised is an end like any other."""
    if status == "timeout":
        return Kind.TIMED_OUT
    if status not in {"error", "failure"} or not error.startswith(_NOT_THE_HANDLERS):
        return Kind.FINISHED
    return Kind.OUT_OF_MEMORY if error == "Runtime.OutOfMemory" else Kind.CRASHED


def _json_line(text: str, event: LogEvent) -> LogLine | None:
    """Lambda's JSON log format: the platform's events, or a user's line."""
    try:
        line = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(line, dict):
        return None
    record = line.get("record")
    if isinstance(line.get("type"), str) and isinstance(record, dict):
        return _platform_event(line["type"], record, event)
    request = line.get("requestId") or line.get("AWSRequestId")
    if isinstance(request, str) and re.fullmatch(_UUID, request):
        return LogLine(Kind.HANDLER_RAN, event.at, request)
    return None


def _platform_event(kind: str, record: dict[str, Any], event: LogEvent) -> LogLine | None:
    request, version = _text(record, "requestId"), _text(record, "version")
    ended = _ended(_text(record, "status") or "success", _text(record, "errorType") or "")
    if kind == "platform.start":
        return LogLine(Kind.STARTED, event.at, request, version)
    if kind in {"platform.report", "platform.runtimeDone"}:
        return LogLine(ended, event.at, request)
    if kind == "platform.initReport" and ended is not Kind.FINISHED:
        return LogLine(Kind.CRASHED, event.at)
    return None


def _text(record: dict[str, Any], key: str) -> str | None:
    value = record.get(key)
    return value[:128] if isinstance(value, str) else None
