"""Hostile lines cost little, and end as "could not be decoded"."""

from __future__ import annotations

import base64
import gzip
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.log_sample import LogEvent, read_events
from checks.telemetry import Undecodable, decode

PREFIX = "SERVERLESS_TELEMETRY.TZ."


def line(raw: bytes) -> str:
    return PREFIX + base64.b64encode(gzip.compress(raw)).decode()


BOMB = """
import base64, resource, time, zlib
packer = zlib.compressobj(9, zlib.DEFLATED, 31)
zeros = bytes(1 << 20)
raw = b"".join(packer.compress(zeros) for _ in range(740)) + packer.flush()
line = "SERVERLESS_TELEMETRY.TZ." + base64.b64encode(raw).decode()
from checks.log_sample import LogEvent, read_events
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
began = time.process_time()
sample = read_events([LogEvent(line)])
spent = time.process_time() - began
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(len(line), sample.undecodable, grown // 1024, spent)
"""


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
        pytest.param(line(b"\x30\x01" * 6000), id="too many fields"),
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


@given(st.binary(max_size=300))
def test_any_bytes_decode_or_are_undecodable(raw):
    try:
        decode(line(raw))
    except Undecodable:
        return


@given(st.text(max_size=200))
def test_any_text_is_read(message):
    read_events([LogEvent(message), LogEvent("{" + message), LogEvent(PREFIX + message)])
