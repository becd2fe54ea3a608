"""
The fields of a protobuf message from a stranger, within what one payload may cost.

No schema is needed: whoever reads knows the numbers of the fields that it wants.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

FIELD_LIMIT, SECONDS_LIMIT = 20_000, 0.2
"""Of one payload, nested fields included; the seconds are processor time."""
TEXT_LIMIT = 256
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5

Value = int | bytes


class Undecodable(ValueError):
    """A telemetry line that cannot be read."""


class Meter:
    """What one payload has cost so far."""

    def __init__(self) -> None:
        self.fields, self.size = 0, 0
        self._ends_at = time.thread_time() + SECONDS_LIMIT

    def count(self) -> None:
        """One more field."""
        self.fields += 1
        if self.fields > FIELD_LIMIT:
            raise Undecodable("too many fields")
        if self.fields % 256 == 0 and time.thread_time() > self._ends_at:
            raise Undecodable("took too long")


class Fields:
    """The fields of one protobuf message; absent ones are empty, unknown ones passed over."""

    def __init__(self, message: bytes, meter: Meter) -> None:
        self._values: dict[int, list[Value]] = {}
        for number, value in _read(message, meter):
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


def _read(message: bytes, meter: Meter) -> Iterator[tuple[int, Value]]:
    at = 0
    while at < len(message):
        meter.count()
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
