"""
One log event → what it tells: the lines of the SDK, of the runtime and of the platform.

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

from checks.telemetry import LINE_LIMIT, Payload, Undecodable, decode, is_telemetry


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One event of a log. `at` is aware; both it and `stream` are None in a plain file."""

    message: str
    at: datetime | None = None
    stream: str | None = None


class Kind(StrEnum):
    """What one line tells."""

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
    CRASHED = "crashed"
    HANDLER_RAN = "handler_ran"
    """A user's line with a request id: the handler itself ran."""


@dataclass(frozen=True, slots=True)
class Sighting:
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
_INIT_ERROR = re.compile(
    r"\S+Z\tundefined\tERROR\tUncaught Exception|\[ERROR\]\s+Runtime\.|INIT_REPORT .*Status: (?:error|timeout)"
)
_USER_LINE = re.compile(rf"(?:\[\w+\]\t)?\d{{4}}-\d\d-\d\dT[\d:.]+Z\t({_UUID})\t")
_STATUS = re.compile(r"\tStatus: (\w+)")
_ERROR_TYPE = re.compile(r"\tError Type: (\S+)")


def read_line(event: LogEvent) -> Sighting | None:
    """What `event` tells, None where it tells nothing."""
    text = event.message[: LINE_LIMIT + 64].lstrip("\ufeff")
    if is_telemetry(text):
        return _telemetry(text, event)
    for kind, beginning in _SDK_LINES:
        if text.startswith(beginning):
            return Sighting(kind, event.at)
    if text.startswith("{"):
        return _json_line(text, event)
    return _platform_line(text, event)


def _telemetry(text: str, event: LogEvent) -> Sighting:
    try:
        payload = decode(text.rstrip("\r\n"))
    except Undecodable:
        return Sighting(Kind.UNDECODABLE, event.at)
    return Sighting(Kind.TELEMETRY, event.at, payload.request_id, payload.version, payload)


def _platform_line(text: str, event: LogEvent) -> Sighting | None:
    head = text[:2000]
    if match := _START.match(head):
        return Sighting(Kind.STARTED, event.at, match[1], match[2])
    if match := _TIMED_OUT.match(head):
        return Sighting(Kind.TIMED_OUT, event.at, match[1])
    if match := _END.match(head):
        return Sighting(Kind.FINISHED, event.at, match[1])
    if match := _REPORT.match(head):
        return Sighting(_reported(head), event.at, match[1])
    if match := _EXITED.match(head):
        return Sighting(Kind.CRASHED, event.at, match[1])
    if _INIT_ERROR.match(head):
        return Sighting(Kind.CRASHED, event.at)
    if match := _USER_LINE.match(head):
        return Sighting(Kind.HANDLER_RAN, event.at, match[1])
    return None


def _reported(head: str) -> Kind:
    """REPORT has a status only where the invocation did not end by itself."""
    status, error = _STATUS.search(head), _ERROR_TYPE.search(head)
    return _ended(status[1] if status else "success", error[1] if error else "")


def _ended(status: str, error: str) -> Kind:
    if status == "timeout":
        return Kind.TIMED_OUT
    if status in {"error", "failure"} and error.startswith("Runtime."):
        return Kind.CRASHED
    return Kind.FINISHED


def _json_line(text: str, event: LogEvent) -> Sighting | None:
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
        return Sighting(Kind.HANDLER_RAN, event.at, request)
    return None


def _platform_event(kind: str, record: dict[str, Any], event: LogEvent) -> Sighting | None:
    request, version = _text(record, "requestId"), _text(record, "version")
    ended = _ended(_text(record, "status") or "success", _text(record, "errorType") or "")
    if kind == "platform.start":
        return Sighting(Kind.STARTED, event.at, request, version)
    if kind in {"platform.report", "platform.runtimeDone"}:
        return Sighting(ended, event.at, request)
    if kind == "platform.initReport" and ended is not Kind.FINISHED:
        return Sighting(Kind.CRASHED, event.at)
    return None


def _text(record: dict[str, Any], key: str) -> str | None:
    value = record.get(key)
    return value[:128] if isinstance(value, str) else None
