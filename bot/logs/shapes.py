"""
The text of a log, in whichever shape → its events, each message as the function logged it.

First what surrounds all (JSON, YAML, CSV), then what stands before each line, last what happened
to a line on its way. Who reads the events is `checks.log.sample`, whatever the shape was.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.logs.document import events_of, is_own_format
from bot.logs.envelope import BOLT, Envelope, envelope_of
from bot.logs.json_text import json_documents
from bot.logs.record import MESSAGES, event_of
from bot.logs.yaml_text import is_yaml, yaml_documents
from checks.log.line import LogEvent
from checks.log.telemetry import LINE_LIMIT, PREFIX, is_telemetry

SHAPES = (
    "plain lines; what aws logs filter-log-events, get-log-events and tail print; the CloudWatch "
    "console's list and CSV; Logs Insights as CSV, JSON or table; exports to S3; subscription "
    "records; JSON lines; sam logs, serverless logs, awslogs and docker logs"
)
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_PAYLOAD = re.compile(r"SERVERLESS_TELEMETRY\.TZ?\.[A-Za-z0-9+/=]*+(?=[\s\"'`|,;<)\\]|$)")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}$")
_WRAPPED = 256
"""A payload in a line so short goes on in the next: the smallest real one has 400 characters."""
_SDK_LINE = re.compile(
    r"SDK: (?:Wrapper initialization|Overhead duration: Internal init|Invocation: start)"
)
_QUOTED_ORG = re.compile(r"Missing .{1,8}?SLS_ORG_ID.{1,8}? environment")
_DASHED = re.compile(rf"(START|END|REPORT) - ({_UUID})(?: - (?=Version))?")
_SPACED = re.compile(
    rf"(\d{{4}}-\d\d-\d\d) (\d\d:\d\d:[\d.]{{2,12}})(?: \([+-]\d\d:\d\d\))?(?:\t| - )({_UUID})(?:\t| - )"
)
"""A user's line, as `serverless logs` prints it."""
_BEGAN = re.compile(rf"START RequestId: ({_UUID})")
_ENDED = re.compile(rf"(?:END|REPORT) RequestId: ({_UUID})")
_LOST_ESCAPE = re.compile(r"\[\d{1,3}(?:;\d{1,3}){0,4}m")
_DELIMITERS = ",;\t"
_HEAD = 4096


def parse(text: str) -> list[LogEvent]:
    """The events of `text`, oldest first where it can be seen; or NotALog."""
    documents = json_documents(text)
    if documents is not None and not is_own_format(documents):
        events = _unwrapped(events_of(documents))
    elif documents is None and is_yaml(text):
        events = _unwrapped(events_of(yaml_documents(text)))
    else:
        events = _of_table(text) or _of_lines(_lines(text))
    restored = [_restored(event) for event in events]
    return restored[::-1] if _is_newest_first(restored) else restored


def _lines(text: str) -> list[str]:
    """A carriage return within a line is the function's own: Node's runtime logs it for a new line."""
    if "\n" not in text:
        text = text.replace("\r", "\n")
    if "\xa0" in text:
        text = text.replace("\xa0", " ")
    lines = [line for line in text.replace("\r\n", "\n").split("\n") if line]
    if "\x1b" in text:
        from click import unstyle  # noqa: PLC0415 - few logs have colors

        return [unstyle(line) if "\x1b" in line else line for line in lines]
    if "[0m" in text:
        return [_LOST_ESCAPE.sub("", line[:_HEAD]) + line[_HEAD:] for line in lines]
    return lines


def _of_lines(lines: Sequence[str]) -> list[LogEvent]:
    envelope = envelope_of(lines)
    events: list[LogEvent] = []
    current = _Message()
    for line in lines:
        opened = envelope.opened(line)
        more = line if opened is None else opened[0]
        if current.goes_on(more, joins=opened is None and envelope.joins):
            current.add(more)
        elif opened is not None:
            events += current.events()
            current = _Message([more], len(more), opened[1] or current.at, opened[2])
    return events + current.events()


@dataclass(slots=True)
class _Message:
    """One event's lines."""

    lines: list[str] = field(default_factory=list)
    size: int = 0
    at: datetime | None = None
    stream: str | None = None

    def goes_on(self, line: str, *, joins: bool) -> bool:
        """Whether `line` is more of it: always where the envelope `joins` what has none."""
        if not self.lines or self.size + len(line) > LINE_LIMIT:
            return False
        if is_telemetry(self.lines[0]):
            return _is_more_of_payload(self.lines, self.size, line)
        return joins or (line.startswith("Traceback (") and self.lines[-1].startswith("[ERROR] "))

    def add(self, line: str) -> None:
        """One more line."""
        self.lines.append(line)
        self.size += len(line)

    def events(self) -> list[LogEvent]:
        """It, or nothing where no line was taken."""
        if not self.lines:
            return []
        glue = "" if is_telemetry(self.lines[0]) else "\n"
        return [LogEvent(glue.join(self.lines), self.at, self.stream)]


def _is_more_of_payload(lines: Sequence[str], size: int, line: str) -> bool:
    """Whether a mail program or a terminal broke a payload, and `line` is its next part."""
    if not _BASE64.match(line):
        return False
    first, last = lines[0], lines[-1]
    if (size - first.index(".", len(PREFIX)) - 1) % 4:  # whole ones are groups of four
        return True
    return len(first) <= _WRAPPED and len(last) >= max(len(first), len(line))


def _unwrapped(events: Sequence[LogEvent]) -> list[LogEvent]:
    """Of a document: its messages may have been printed by a tool themselves."""
    envelope = envelope_of([event.message for event in events])
    if envelope.form is None:
        return list(events)
    return [_opened(event, envelope) for event in events]


def _opened(event: LogEvent, envelope: Envelope) -> LogEvent:
    opened = envelope.opened(event.message)
    if opened is None:
        return event
    message, at, stream = opened
    return LogEvent(message, event.at or at, event.stream or stream)


def _of_table(text: str) -> list[LogEvent]:
    """The rows of a CSV whose header names the message; none where it has no such header."""
    header = text.lstrip("\ufeff\r\n ").partition("\n")[0][:_HEAD].strip().lower()
    delimiter = max(_DELIMITERS, key=header.count)
    names = [name.strip().strip("\"'") for name in header.split(delimiter)]
    if not any(name in MESSAGES for name in names):
        return []
    csv.field_size_limit(LINE_LIMIT)
    rows = csv.reader(_kept_ends(text.lstrip("\ufeff\r\n ")), delimiter=delimiter)
    try:
        records = [dict(zip(names, row, strict=False)) for row in rows][1:]
    except csv.Error:  # a quotation mark that nothing closes
        return []
    return _unwrapped([event for record in records if (event := event_of(record))])


def _kept_ends(text: str) -> Iterator[str]:
    return (f"{line}\n" for line in text.split("\n"))


def _restored(event: LogEvent) -> LogEvent:
    """As the function logged it: what follows a payload, the bolt and the quotation marks."""
    message = event.message
    if is_telemetry(message):
        match = _PAYLOAD.match(message)
        return replace(event, message=match[0]) if match else event
    head = message[:160]
    if "SDK" in head:
        if match := _SDK_LINE.search(head):
            before = head[: match.start()]
            if not before.strip() or BOLT.fullmatch(before):
                return replace(event, message=f"⚡ {message[match.start() :]}")
        if head.startswith("Serverless SDK Warning"):
            return replace(
                event, message=_QUOTED_ORG.sub('Missing "SLS_ORG_ID" environment', message, 1)
            )
    if " - " in head[:9]:
        return replace(event, message=_DASHED.sub(r"\1 RequestId: \2 ", message, 1))
    if head[10:11] == " " and (match := _SPACED.match(head)):
        rest = message[match.end() :]
        return replace(event, message=f"{match[1]}T{match[2]}Z\t{match[3]}\t{rest}")
    return event


def _is_newest_first(events: Iterable[LogEvent]) -> bool:
    """Whether more invocations end before they begin than the other way."""
    ended: set[str] = set()
    begun: set[str] = set()
    backwards = 0
    for event in events:
        head = event.message[:64]
        if (match := _BEGAN.match(head)) and match[1] not in begun:
            begun.add(match[1])
            backwards += 1 if match[1] in ended else -1
        elif match := _ENDED.match(head):
            ended.add(match[1])
    return backwards > 0
