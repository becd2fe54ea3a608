"""Hostile lines cost little, and end as "could not be decoded"."""

from __future__ import annotations

import base64
import gzip
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs.reading import read_text
from bot.playground.account.payloads import telemetry_line
from checks.log.protobuf import FIELD_LIMIT, SECONDS_LIMIT, TEXT_LIMIT, Undecodable
from checks.log.sample import LogEvent, read_events
from checks.log.telemetry import (
    LARGEST_PAYLOADS,
    LINE_LIMIT,
    PAYLOAD_LIMIT,
    Budget,
    NotDecoded,
    decode,
)

PREFIX = "SERVERLESS_TELEMETRY.TZ."


def line(raw: bytes) -> str:
    return PREFIX + base64.b64encode(gzip.compress(raw)).decode()


def field(number: int, value: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(value)) + value


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def filled(part: bytes, size: int = PAYLOAD_LIMIT - 64) -> bytes:
    return part * (size // len(part))


FLAG = b"\x30\x01"
DEEP = field(7, field(100, field(100, FLAG * 4)))
COSTLY = {
    "the 13 kB line that cost 2 s": filled(field(3, FLAG * 5000), 8 << 20),
    "flags": filled(FLAG),
    "spans of flags": filled(field(3, FLAG * 500)),
    "spans of one flag": filled(field(3, FLAG)),
    "spans of the function's own": filled(field(3, field(4, b"aws.lambda") + DEEP)),
    "empty spans": filled(field(3, b"")),
    "names": filled(field(3, field(4, b"n" * 40))),
    "long names": filled(field(3, field(4, b"n" * 100_000))),
    "one long name": filled(field(3, field(4, b"n" * (PAYLOAD_LIMIT - 128)))),
    "events": filled(field(4, field(5, "é".encode() * 10))),
    "fixed numbers": filled(b"\x0d\x00\x00\x00\x00"),
    "long numbers": filled(b"\x30" + b"\xff" * 8 + b"\x01"),
    "tags again and again": filled(field(1, field(1, b"org") + field(5, FLAG))),
    "zeros": bytes(PAYLOAD_LIMIT - 64),
    "larger than is inflated": bytes(PAYLOAD_LIMIT * 8),
}


def spent(line: str) -> float:
    began = time.process_time()
    read_events([LogEvent(line)])
    return time.process_time() - began


@pytest.mark.parametrize("name", COSTLY)
def test_no_line_costs_more_than_a_fifth_of_a_second(name):
    costly = line(COSTLY[name])

    assert min(spent(costly) for _ in range(2)) < 0.2


def test_fields_are_counted_over_all_parts():
    whole = field(3, FLAG * 99) * (FIELD_LIMIT // 100)

    assert decode(line(whole))
    with pytest.raises(Undecodable, match="fields"):
        decode(line(whole + FLAG * 101))


def test_real_payloads_are_far_from_every_bound():
    folder = Path(__file__).parent.parent / "captures"
    lines = [
        each
        for path in sorted(folder.glob("*.log"))
        for each in path.read_text().splitlines()
        if each.startswith("SERVERLESS_TELEMETRY.")
    ]
    costs = []
    for each in lines:
        budget = Budget()
        decode(each, budget)
        costs.append((Budget().fields - budget.fields, Budget().size - budget.size))

    assert len(costs) > 500
    assert max(fields for fields, _ in costs) * 100 < FIELD_LIMIT
    assert max(size for _, size in costs) * 100 < PAYLOAD_LIMIT


def test_what_goes_beyond_the_budget_is_counted():
    costly, real = line(filled(field(3, FLAG * 99))), telemetry_line(service="orders")
    budget = Budget()
    sample = read_events([LogEvent(real), *[LogEvent(costly)] * 400, LogEvent(real)], budget=budget)

    assert len(sample.payloads) == 1
    assert sample.undecodable == 401
    assert budget.not_decoded == 401 - LARGEST_PAYLOADS


def test_ordinary_payloads_all_fit_into_the_budget():
    budget = Budget()
    sample = read_events([LogEvent(telemetry_line(service="orders"))] * 4000, budget=budget)

    assert len(sample.payloads) == 4000
    assert budget.not_decoded == 0


def test_file_says_what_was_only_counted():
    costly = line(filled(field(3, FLAG * 99)))
    reading = read_text("\n".join([*[costly] * 30, telemetry_line(service="orders")]))

    assert (len(reading.payloads), reading.undecodable, reading.not_decoded) == (1, 20, 10)
    assert "31 telemetry payloads" in reading.saw
    assert "20 not readable, 10 only counted" in reading.saw


def test_reading_stops_when_nobody_waits_for_it():
    left = iter([False] * 3)
    budget = Budget(stopped=lambda: next(left, True))
    sample = read_events([LogEvent(telemetry_line(service="orders"))] * 10, budget=budget)

    assert len(sample.payloads) == 3


BOMB = """
import base64, resource, time, zlib
packer = zlib.compressobj(9, zlib.DEFLATED, 31)
zeros = bytes(1 << 20)
raw = b"".join(packer.compress(zeros) for _ in range(740)) + packer.flush()
line = "SERVERLESS_TELEMETRY.TZ." + base64.b64encode(raw).decode()
from checks.log.sample import LogEvent, read_events
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
began = time.process_time()
sample = read_events([LogEvent(line)])
spent = time.process_time() - began
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(len(line), sample.undecodable, grown // 1024, spent)
"""


@pytest.mark.slow
def test_bomb_of_740_megabytes_is_bounded():
    out = subprocess.run(
        [sys.executable, "-c", BOMB], capture_output=True, text=True, check=True, timeout=60
    ).stdout.split()
    length, undecodable, megabytes, seconds = map(float, out)

    assert 900_000 < length < 1_048_576
    assert undecodable == 1
    assert megabytes < 64
    assert seconds < 1


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param(PREFIX + "!!!", id="not base64"),
        pytest.param(PREFIX + "aGVsbG8=", id="not gzip"),
        pytest.param(line(b"\x0a\xff"), id="cut off"),
        pytest.param(line(b"\x0b"), id="unknown wire type"),
        pytest.param(line(b"\xff" * 20), id="endless number"),
        pytest.param(line(b"\x08\x01"), id="number for a message"),
        pytest.param(line(b"\x0a\x00\x08\x01"), id="number beside a message"),
        pytest.param(line(b"\x32\x01a"), id="text for a number"),
        pytest.param(line(b"")[:-9] + "!" + line(b"")[-9:], id="not base64 in one place"),
        pytest.param(line(b"\x09" + b"\x01" * 7), id="number of eight bytes cut off"),
        pytest.param(line(b"\x0d" + b"\x01" * 3), id="number of four bytes cut off"),
        pytest.param(line(b"\x30\x01" * 20_001), id="too many fields"),
        pytest.param(line((b"\x1a\x08" + b"\x30\x01" * 4) * 5000), id="too many in parts"),
        pytest.param(PREFIX + base64.b64encode(gzip.compress(b"") * 2).decode(), id="two members"),
        pytest.param(line(b"\x0a\x03\x0a\x01\xff"), id="not text"),
        pytest.param(line(b"")[:-8], id="truncated"),
        pytest.param(PREFIX + "A" * 1_048_600, id="too long"),
    ],
)
def test_hostile_line_is_undecodable(hostile):
    with pytest.raises(Undecodable):
        decode(hostile)
    assert read_events([LogEvent(hostile)]).undecodable == 1


def plain(body: str) -> str:
    return f"SERVERLESS_TELEMETRY.T.{body}"


def test_line_may_be_as_long_as_a_log_event():
    body = plain(base64.b64encode(field(1, field(1, b"org"))).decode())
    longest = body.ljust(LINE_LIMIT)

    assert decode(longest).org_id == "org"
    with pytest.raises(Undecodable, match="too long"):
        decode(f"{longest} ")


def test_what_a_payload_leaves_out_is_none_or_empty():
    for each in (line(b""), plain("")):
        payload = decode(each)
        assert (payload.request_id, payload.version, payload.outcome) == (None, None, None)
        assert (payload.org_id, payload.spans, payload.events) == ("", (), ())
        flags = payload.is_coldstart, payload.sampled_out, payload.truncated
        assert flags == (False, False, False)


def test_numbers_of_eight_and_of_four_bytes_are_passed_over():
    raw = b"\x09" + b"\xff" * 8 + b"\x0d" + b"\xff" * 4 + FLAG

    assert decode(line(raw)).sampled_out


def test_figures():
    budget = Budget()

    assert (LINE_LIMIT, PAYLOAD_LIMIT, FIELD_LIMIT, SECONDS_LIMIT, TEXT_LIMIT) == (
        1 << 20,
        1 << 20,
        20_000,
        0.2,
        256,
    )
    assert (budget.fields, budget.size, budget.seconds, LARGEST_PAYLOADS) == (
        400_000,
        20 << 20,
        4.0,
        20,
    )
    assert not budget.stopped()
    assert decode(line(field(1, field(1, b"n" * 300)))).org_id == "n" * 256


@pytest.mark.parametrize("used_up", ["fields", "size", "seconds"])
def test_budget_is_spent_with_any_of_its_parts(used_up):
    real = telemetry_line(service="orders")
    spent, left = Budget(**{used_up: 0}), Budget(**{used_up: 1})

    assert (spent.spent, left.spent) == (True, False)
    with pytest.raises(NotDecoded):
        decode(real, spent)
    assert decode(real, left)
    assert (spent.not_decoded, left.not_decoded) == (1, 0)


@given(st.binary(max_size=300))
def test_any_bytes_decode_or_are_undecodable(raw):
    try:
        decode(line(raw))
    except Undecodable:
        return


@given(st.text(max_size=200))
def test_any_text_is_read(message):
    read_events([LogEvent(message), LogEvent("{" + message), LogEvent(PREFIX + message)])
