"""
JSON and YAML documents → their log events.

Any nesting: an event is what holds a message, wherever it stands. What is packed (the data of a
subscription, the tail of an invocation) is unpacked, within what one file may have.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from typing import Any

from bot.logs.file import SIZE_LIMIT, NotALog
from bot.logs.json_text import json_documents
from bot.logs.record import MESSAGES, event_of, event_of_row, time_of
from checks.log.line import LogEvent

_DEPTH = 12
_REQUESTS = ("requestId", "AWSRequestId", "awsRequestId", "function_request_id", "request_id")
_PLATFORM = re.compile(r"(?:START|END|REPORT) RequestId: ")


def is_own_format(documents: list[Any]) -> bool:
    """
    Whether these are a function's own lines in Lambda's JSON format, one document each.

    Else each document is a shell around a line, or around many.
    """
    if not all(isinstance(document, dict) for document in documents):
        return False
    if any(
        isinstance(document.get("record"), dict) and "type" in document for document in documents
    ):
        return True
    if any(_PLATFORM.match(str(document.get("message", ""))[:64]) for document in documents):
        return False
    return any(name in document for document in documents for name in _REQUESTS)


def events_of(documents: list[Any]) -> list[LogEvent]:
    """The events of all of them, in their order."""
    room = [SIZE_LIMIT]
    return [event for document in documents for event in _events(document, 0, room)]


def _events(value: Any, depth: int, room: list[int]) -> Iterator[LogEvent]:
    if isinstance(value, str):
        yield LogEvent(value)
    elif depth > _DEPTH:
        return
    elif isinstance(value, dict):
        yield from _of_object(value, depth, room)
    elif isinstance(value, list):
        yield from _of_list(value, depth, room)


def _of_object(value: dict[str, Any], depth: int, room: list[int]) -> Iterator[LogEvent]:
    packed = [value[name] for name in ("data", "LogResult") if isinstance(value.get(name), str)]
    inner = [part for part in value.values() if isinstance(part, dict | list)]
    if packed and not any(name in value for name in MESSAGES):
        yield from _unpacked(packed[0], depth, room)
    elif any(value.get(name) for name in (*MESSAGES, "Message", "MESSAGE")) or not inner:
        event = event_of(value)
        if event:
            yield event
    else:
        for part in inner:
            yield from _events(part, depth + 1, room)


def _of_list(value: list[Any], depth: int, room: list[int]) -> Iterator[LogEvent]:
    if value and all(isinstance(cell, dict) and "field" in cell for cell in value):
        fields = {str(cell["field"]): cell.get("value") for cell in value}
        event = event_of(fields)  # a row of Logs Insights
    elif _is_row(value):
        event = event_of_row(value)
    else:
        for item in value:
            yield from _events(item, depth + 1, room)
        return
    if event:
        yield event


def _is_row(value: list[Any]) -> bool:
    """`--query 'events[].[timestamp,message]'`: scalars, one of them a time."""
    scalar = all(isinstance(item, str | int | float | None) for item in value)
    return scalar and 1 < len(value) <= _DEPTH and any(time_of(item) for item in value)


def _unpacked(data: str, depth: int, room: list[int]) -> Iterator[LogEvent]:
    """Base64, as in `awslogs.data`, Kinesis records and an invocation's `LogResult`."""
    try:
        raw = base64.b64decode(data, validate=True)
        if raw.startswith(b"\x1f\x8b"):
            raw = zlib.decompressobj(31).decompress(raw, max(room[0], 1))
    except (binascii.Error, ValueError, zlib.error):
        return
    room[0] -= len(raw)
    if room[0] <= 0:
        return
    text = raw.decode("utf-8", errors="replace")
    try:
        documents = json_documents(text)
    except NotALog:
        documents = None
    if documents is None:
        yield from (LogEvent(line) for line in text.split("\n") if line)
    else:
        for document in documents:
            yield from _events(document, depth + 1, room)
