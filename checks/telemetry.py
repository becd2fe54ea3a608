"""
One SERVERLESS_TELEMETRY line → Payload.

The line is base64 of (gzipped) protobuf `serverless.instrumentation.v1.TracePayload`; field
numbers as in the vendor's schema package 0.2.3 (Python) and 0.15.6 (Node), which agree. Log
text is anyone's to write, so every length is capped and whatever does not fit is `Undecodable`.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

PREFIX = "SERVERLESS_TELEMETRY."
LINE_LIMIT = 1_048_576
"""Characters; a log event has 1 MB at most, the SDK truncates at 262,144."""
PAYLOAD_LIMIT = 8_388_608
"""Bytes after inflating; real payloads stay under 1 MB."""
TEXT_LIMIT = 256
ITEM_LIMIT = 5_000

_OUTCOMES = {
    1: "success",
    2: "error_initialization",
    3: "error_unhandled",
    4: "error_timeout",
    5: "error_handled",
}
_GZIPPED, _PLAIN = "TZ", "T"
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5

Value = int | bytes


class Undecodable(ValueError):
    """A telemetry line that cannot be read."""


@dataclass(frozen=True, slots=True)
class Payload:
    """What is kept of one trace payload: no tag, event or error text of the user's."""

    org_id: str
    service: str
    """The function's name."""
    sdk_name: str
    sdk_version: str
    sdk_runtime: str
    request_id: str | None
    outcome: str | None
    is_coldstart: bool
    sampled_out: bool
    truncated: bool
    spans: tuple[str, ...]
    events: tuple[str, ...]
    version: str | None
    """The function's version that ran."""


def is_telemetry(line: str) -> bool:
    """Whether `line` begins as the SDK's own payload lines do."""
    return line.startswith((f"{PREFIX}{_GZIPPED}.", f"{PREFIX}{_PLAIN}."))


def decode(line: str) -> Payload:
    """The payload of `line`, or Undecodable."""
    if len(line) > LINE_LIMIT:
        raise Undecodable("too long")
    if not is_telemetry(line):
        raise Undecodable("not a telemetry line")
    kind, _, body = line[len(PREFIX) :].partition(".")
    try:
        raw = base64.b64decode(body.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Undecodable("not base64") from error
    return _payload(_inflated(raw) if kind == _GZIPPED else raw)


def _inflated(raw: bytes) -> bytes:
    """One gzip member, whole, within the limit."""
    inflater = zlib.decompressobj(31)
    try:
        plain = inflater.decompress(raw, PAYLOAD_LIMIT)
    except zlib.error as error:
        raise Undecodable("not gzip") from error
    if not inflater.eof or inflater.unused_data:
        raise Undecodable("too large, cut off or more than one part")
    return plain


def _payload(message: bytes) -> Payload:
    top = _Fields(message)
    tags, lambda_tags = _Fields(top.bytes(1)), _Fields(b"")
    spans: list[str] = []
    for span in map(_Fields, top.all_bytes(3)):
        spans.append(span.text(4))
        if spans[-1] == "aws.lambda":
            lambda_tags = _Fields(_Fields(_Fields(span.bytes(7)).bytes(100)).bytes(100))
    sdk = _Fields(tags.bytes(5))
    return Payload(
        org_id=tags.text(1),
        service=tags.text(3),
        sdk_name=sdk.text(1),
        sdk_version=sdk.text(2),
        sdk_runtime=sdk.text(3),
        request_id=lambda_tags.text(9) or None,
        outcome=_OUTCOMES.get(lambda_tags.number(14)),
        is_coldstart=bool(lambda_tags.number(2)),
        sampled_out=bool(top.number(6)),
        truncated=bool(top.number(7)),
        spans=tuple(spans),
        events=tuple(_Fields(event).text(5) for event in top.all_bytes(4)),
        version=lambda_tags.text(11) or None,
    )


class _Fields:
    """The fields of one protobuf message; absent ones are empty, unknown ones passed over."""

    def __init__(self, message: bytes) -> None:
        self._values: dict[int, list[Value]] = {}
        for count, (number, value) in enumerate(_read(message)):
            if count >= ITEM_LIMIT:
                raise Undecodable("too many fields")
            self._values.setdefault(number, []).append(value)

    def all_bytes(self, number: int) -> list[bytes]:
        """Every value of a repeated field."""
        values = self._values.get(number, [])
        if any(isinstance(value, int) for value in values):
            raise Undecodable("a field of another type")
        return [value for value in values if isinstance(value, bytes)]

    def bytes(self, number: int) -> bytes:
        """The last value, as protobuf has it."""
        values = self.all_bytes(number)
        return values[-1] if values else b""

    def text(self, number: int) -> str:
        """The last value as text, shortened."""
        try:
            return self.bytes(number).decode()[:TEXT_LIMIT]
        except UnicodeDecodeError as error:
            raise Undecodable("not text") from error

    def number(self, number: int) -> int:
        """The last value as a number; 0 where absent."""
        value = self._values.get(number, [0])[-1]
        if not isinstance(value, int):
            raise Undecodable("a field of another type")
        return value


def _read(message: bytes) -> Iterator[tuple[int, Value]]:
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, wire = key >> 3, key & 7
        if wire == _VARINT:
            value, at = _varint(message, at)
            yield number, value
            continue
        if wire == _BYTES:
            size, at = _varint(message, at)
        elif wire in {_FIXED64, _FIXED32}:
            size = 8 if wire == _FIXED64 else 4
        else:
            raise Undecodable("an unknown wire type")
        if at + size > len(message):
            raise Undecodable("cut off")
        if wire == _BYTES:
            yield number, message[at : at + size]
        at += size


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            break
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 - the bit that says another byte follows
            return value, at
    raise Undecodable("a broken number")
