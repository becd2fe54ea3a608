"""
One record of a document or a table → LogEvent: which part is the message, when, which stream.

The names are those of CloudWatch Logs, Logs Insights, subscription filters, Docker and the usual
log shippers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from checks.log.line import LogEvent

MESSAGES = ("message", "@message", "msg", "log", "_raw", "raw", "body", "text", "line")
"""Names of the message, in lower case; the first that is there counts."""
_TIMES = ("timestamp", "@timestamp", "time", "ts", "date", "eventtime", "ingestiontime")
_STREAMS = ("logstreamname", "@logstream", "logstream")
_ZONE = re.compile(r"\s*\(?(Z|UTC|[+-]\d\d:?\d\d)\)?$")
_SECONDS, _MILLISECONDS = range(10**9, 10**10), range(10**12, 10**13)
"""Numbers that are a time: from 2001 on, to the year 2286."""


def event_of(record: Mapping[str, Any]) -> LogEvent | None:
    """The event, or None where no part of it is a message."""
    parts = {key.lower(): value for key, value in record.items()}
    message = next((parts[name] for name in MESSAGES if parts.get(name)), None)
    if message is None:
        message = _only_text(parts.values())
    if isinstance(message, dict):  # a shipper took the JSON line apart
        message = json.dumps(message)
    if not isinstance(message, str):
        return None
    at = next((moment for name in _TIMES if (moment := time_of(parts.get(name)))), None)
    stream = next((parts[name] for name in _STREAMS if isinstance(parts.get(name), str)), None)
    return LogEvent(message, at, stream)


def event_of_row(row: Iterable[Any]) -> LogEvent | None:
    """The same for values without names: the longest text that is no time."""
    values = [value for value in row if value is not None]
    message = max(
        (value for value in values if isinstance(value, str) and not time_of(value)),
        key=len,
        default=None,
    )
    at = next((moment for value in values if (moment := time_of(value))), None)
    return LogEvent(message, at) if message is not None else None


def time_of(value: Any) -> datetime | None:
    """A time as a number or as text, whatever its zone's spelling; UTC where it has none."""
    if isinstance(value, str):
        if not value.isdecimal():
            return _spelled(value)
        value = int(value) if len(value) < 20 else 0  # noqa: PLR2004 - no time has so many digits
    if not isinstance(value, int | float):
        return None
    if int(value) in _MILLISECONDS:
        value /= 1000
    elif int(value) not in _SECONDS:
        return None
    return datetime.fromtimestamp(value, UTC)


def _spelled(text: str) -> datetime | None:
    if not text[:4].isdecimal() or len(text) > 48:  # noqa: PLR2004 - none is longer
        return None
    text = _ZONE.sub(r"\1", text.replace("/", "-").replace(",", ".")).replace("UTC", "Z")
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # the 30th of February
        return None


def _only_text(values: Iterable[Any]) -> str | None:
    """The one text among `values` that is no time, where there is but one."""
    texts = [value for value in values if isinstance(value, str) and not time_of(value)]
    return texts[0] if len(texts) == 1 else None
