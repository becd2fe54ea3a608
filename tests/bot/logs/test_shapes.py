"""Every capture of the real SDKs reads the same in every shape."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from shapes_of import SHAPES, lines_of

from bot.logs.reading import read_log

FOLDER = Path(__file__).parents[2] / "captures"
PLAIN = {path.stem: path.read_text() for path in sorted(FOLDER.glob("*.log"))}
INVOKED = {
    path.stem: "\n".join(x["message"].rstrip("\n") for x in json.loads(path.read_text())["events"])
    for path in sorted((FOLDER / "cloudwatch").glob("*.json"))
}
"""With the platform's lines."""
TEXTS = {**PLAIN, **{f"cloudwatch/{name}": text for name, text in INVOKED.items()}}


def proved(raw):
    reading = read_log(raw)
    return reading.rung, reading.payloads, reading.undecodable, reading.problems, reading.status


EXPECTED = {name: proved(text.encode()) for name, text in TEXTS.items()}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_changes_nothing(shape):
    wrong = {
        name: found
        for name, text in TEXTS.items()
        if (found := proved(SHAPES[shape](lines_of(text)).encode())) != EXPECTED[name]
    }

    assert not wrong


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_mark_of_the_encoding_changes_nothing(encoding):
    for name, text in TEXTS.items():
        assert proved(text.encode(encoding)) == EXPECTED[name]
