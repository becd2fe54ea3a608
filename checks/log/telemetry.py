"""
One SERVERLESS_TELEMETRY line → Payload.

The line is base64 of (gzipped) protobuf `serverless.instrumentation.v1.TracePayload`; field
numbers as in the vendor's schema package 0.2.3 (Python) and 0.15.6 (Node), which agree. Log
text is anyone's to write, so what one payload may cost is bounded as a whole, nested messages
included, and so is what all payloads of a check may cost together (`Budget`). Whatever does not
fit is `Undecodable`. The largest of 816 real payloads has 4 kB and 98 fields.
"""

from __future__ import annotations

import base64
import binascii
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from checks.log.protobuf import FIELD_LIMIT, SECONDS_LIMIT, Fields, Meter, Undecodable

PREFIX = "SERVERLESS_TELEMETRY."
LINE_LIMIT = 1_048_576
"""Characters; a log event has 1 MB at most, the SDK truncates at 262,144."""
PAYLOAD_LIMIT = 1_048_576
"""Bytes after inflating."""
LARGEST_PAYLOADS = 20
"""A check's payloads may cost as much as so many of the largest. Ordinary ones all fit."""

_OUTCOMES = {
    1: "success",
    2: "error_initialization",
    3: "error_unhandled",
    4: "error_timeout",
    5: "error_handled",
}
_GZIPPED, _PLAIN = "TZ", "T"


class NotDecoded(Undecodable):
    """It was not tried: earlier payloads have used up the budget."""


@dataclass
class Budget:
    """What may still be spent on the payloads of one check, or of one file."""

    fields: int = LARGEST_PAYLOADS * FIELD_LIMIT
    size: int = LARGEST_PAYLOADS * PAYLOAD_LIMIT
    """Bytes after inflating."""
    seconds: float = LARGEST_PAYLOADS * SECONDS_LIMIT
    stopped: Callable[[], bool] = field(default=lambda: False)
    """Whether nobody waits for the result any more."""
    not_decoded: int = 0
    """Lines that were not tried."""

    @property
    def spent(self) -> bool:
        """Whether no further payload may be decoded."""
        return min(self.fields, self.size, self.seconds) <= 0


@dataclass(frozen=True, slots=True)
class Payload:
    """What is read of one trace payload: no tag, event or error text of the user's."""

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


def decode(line: str, budget: Budget | None = None) -> Payload:
    """The payload of `line`, taken off `budget`; or Undecodable."""
    budget = budget or Budget()
    if budget.spent:
        budget.not_decoded += 1
        raise NotDecoded
    meter, began = Meter(), time.thread_time()
    try:
        return _decoded(line, meter)
    finally:
        budget.fields -= meter.fields
        budget.size -= meter.size
        budget.seconds -= time.thread_time() - began


def _decoded(line: str, meter: Meter) -> Payload:
    if len(line) > LINE_LIMIT:
        raise Undecodable("too long")
    if not is_telemetry(line):
        raise Undecodable("not a telemetry line")
    kind, _, body = line[len(PREFIX) :].partition(".")
    try:
        raw = base64.b64decode(body.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Undecodable("not base64") from error
    plain = _inflated(raw, meter) if kind == _GZIPPED else raw
    meter.size = len(plain)
    return _payload(plain, meter)


def _inflated(raw: bytes, meter: Meter) -> bytes:
    """One gzip member, whole, within the limit."""
    inflater = zlib.decompressobj(31)
    try:
        plain = inflater.decompress(raw, PAYLOAD_LIMIT)
    except zlib.error as error:
        raise Undecodable("not gzip") from error
    meter.size = len(plain)
    if not inflater.eof or inflater.unused_data:
        raise Undecodable("too large, cut off or more than one part")
    return plain


def _payload(message: bytes, meter: Meter) -> Payload:
    fields = partial(Fields, meter=meter)
    top = fields(message)
    tags = fields(top.bytes(1))
    spans = [(span.text(4), span) for span in map(fields, top.all_bytes(3))]
    own = next((span.bytes(7) for name, span in reversed(spans) if name == "aws.lambda"), b"")
    lambda_tags = fields(fields(fields(own).bytes(100)).bytes(100))
    sdk = fields(tags.bytes(5))
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
        spans=tuple(name for name, _ in spans),
        events=tuple(fields(event).text(5) for event in top.all_bytes(4)),
        version=lambda_tags.text(11) or None,
    )
