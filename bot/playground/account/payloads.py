"""A SERVERLESS_TELEMETRY line as the SDK would write it, for the demo and the tests."""

from __future__ import annotations

import base64
import gzip

OUTCOMES = {"success": 1, "error_unhandled": 3, "error_handled": 5}


def telemetry_line(
    *,
    service: str,
    org_id: str = "org-1a2b3c4d",
    runtime: str = "nodejs",
    sdk_version: str = "0.15.15",
    request_id: str = "5eed0000-0000-4000-8000-000000000001",
    outcome: str = "success",
    sampled_out: bool = False,
) -> str:
    """One line, prefix and all."""
    name = "@serverless/aws-lambda-sdk" if runtime == "nodejs" else "serverless-aws-lambda-sdk"
    sdk = _text(1, name) + _text(2, sdk_version) + _text(3, runtime)
    tags = _text(1, org_id) + _text(3, service) + _field(5, sdk)
    invocation = _text(9, request_id) + _text(11, "$LATEST") + _number(14, OUTCOMES[outcome])
    span = _text(4, "aws.lambda") + _field(7, _field(100, _field(100, invocation)))
    payload = _field(1, tags) + _field(3, span) + _field(3, _text(4, "aws.lambda.invocation"))
    if sampled_out:
        payload += _number(6, 1)
    packed = gzip.compress(payload, mtime=0)
    return f"SERVERLESS_TELEMETRY.TZ.{base64.b64encode(packed).decode()}"


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:  # noqa: PLR2004 - seven bits a byte
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _field(number: int, value: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _text(number: int, value: str) -> bytes:
    return _field(number, value.encode())


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)
