"""A line of the user's own that quotes the SDK or the platform is no evidence, in any shape."""

from __future__ import annotations

import json

import pytest
from shapes_of import SHAPES, lines_of

from bot.logs.reading import read_text
from bot.playground.account.payloads import telemetry_line
from checks.log.sample import Rung

REQUEST = "5eed0000-0000-4000-8000-000000000001"
PAYLOAD = telemetry_line(service="orders")
AT = "2026-11-23T09:00:00.000Z"
OWN = {
    "the runtime's format": f"{AT}\t{REQUEST}\tINFO\t{PAYLOAD}",
    "the runtime's format, of Python": f"[INFO]\t{AT}\t{REQUEST}\t{PAYLOAD}",
    "a time of one's own": f"2026-11-23 09:00:00,123 {PAYLOAD}",
    "a quotation": f"> {PAYLOAD}",
    "a stream's name": f"2026/11/23/[$LATEST]0123456789abcdef {PAYLOAD}",
    "indented": f"    {PAYLOAD}",
    "JSON": json.dumps({"timestamp": AT, "message": PAYLOAD}),
    "a word before": f"forwarding {PAYLOAD}",
    "a word before the bolt": "it said ⚡ SDK: Wrapper initialization",
    "a name that ends so": "MySDK: Wrapper initialization",
}
"""None is a print of the payload itself: that is one by its request id alone (checks/log/counts.py)."""
INVOCATION = (
    f"START RequestId: {REQUEST} Version: $LATEST",
    f"{AT}\t{REQUEST}\tINFO\tcharged",
    "{own}",
    f"END RequestId: {REQUEST}",
    f"REPORT RequestId: {REQUEST}\tDuration: 3.00 ms\tBilled Duration: 3 ms",
)
PACKS_LINES = [
    name
    for name in SHAPES
    if "bolt" not in name and name not in {"indented but for its first", "tail --format json"}
]


@pytest.mark.parametrize("own", OWN)
def test_quoted_in_an_invocation(own):
    text = "\n".join(INVOCATION).replace("{own}", OWN[own])
    wrong = {}
    for shape in PACKS_LINES:
        reading = read_text(SHAPES[shape](lines_of(text)))
        if (reading.rung, reading.status) != (Rung.NOTHING, 1):
            wrong[shape] = reading

    assert not wrong


@pytest.mark.parametrize("own", ["the runtime's format", "the runtime's format, of Python"])
def test_quoted_where_the_platform_logs_nothing(own):
    for shape in PACKS_LINES:
        assert read_text(SHAPES[shape](lines_of(OWN[own]))).rung is Rung.NOTHING, shape


def test_a_function_s_json_line_is_no_shell():
    line = json.dumps({"timestamp": AT, "level": "INFO", "requestId": REQUEST, "message": PAYLOAD})

    assert read_text(line).rung is Rung.NOTHING
    assert read_text(f"{line}\n{line}").rung is Rung.NOTHING


def test_a_line_break_of_nodes_hides_no_line():
    """Node's runtime logs a new line within a message as a carriage return."""
    text = "\n".join(INVOCATION).replace("{own}", f"{AT}\t{REQUEST}\tINFO\tgot\r{PAYLOAD}")

    assert read_text(text).rung is Rung.NOTHING
