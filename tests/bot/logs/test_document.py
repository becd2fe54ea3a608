"""Documents: where their events are, that a cut one is said to be cut, and what bombs may cost."""

from __future__ import annotations

import base64
import gzip
import json
import time
import tracemalloc
from contextlib import suppress

import pytest
from shapes_of import SHAPES, lines_of

from bot.logs.document import events_of, is_own_format
from bot.logs.file import NotALog
from bot.logs.json_text import json_documents
from bot.logs.reading import read_text
from bot.logs.yaml_text import is_yaml, yaml_documents
from bot.playground.account.payloads import telemetry_line

LINES = lines_of("\n".join(["one", telemetry_line(service="orders"), "three"]))
JSON_SHAPES = ["filter-log-events", "get-log-events", "Insights results", "subscription record"]


@pytest.mark.parametrize("shape", JSON_SHAPES)
@pytest.mark.parametrize("left", [0.2, 0.5, 0.9, 0.99])
def test_a_cut_document_is_said_to_be_cut(shape, left):
    text = SHAPES[shape](LINES).rstrip()

    with pytest.raises(NotALog, match=r"was cut off|broken"):
        read_text(text[: int(len(text) * left)])


def test_a_document_without_its_beginning_is_cut_too():
    text = SHAPES["filter-log-events"](LINES)

    with pytest.raises(NotALog, match="its beginning is missing"):
        read_text(text[text.index('"timestamp"') :])


def test_broken_in_the_middle_names_the_line():
    text = SHAPES["filter-log-events"](LINES).replace('"timestamp"', "timestamp", 1)

    with pytest.raises(NotALog, match="broken in line 5"):
        read_text(text)


def test_cut_yaml_is_said_to_be_cut():
    text = SHAPES["--output yaml"](LINES)

    with pytest.raises(NotALog, match="YAML that was cut off"):
        read_text(text[: text.index("SERVERLESS") + 200])


@pytest.mark.parametrize(
    "text",
    ["[ERROR] Runtime.ImportModuleError: no", "[INFO]\t2026", "{not json", '"so he said'][:2],
)
def test_lines_that_begin_like_json_are_lines(text):
    assert json_documents(text) is None


def test_json_without_an_event_is_no_log_line():
    assert read_text('{"name": "orders", "version": 3}').understood is False


def test_an_empty_answer_is_empty():
    assert events_of(json_documents('{"events": [], "searchedLogStreams": []}')) == []


@pytest.mark.parametrize(
    ("documents", "own"),
    [
        ([{"time": "x", "type": "platform.start", "record": {}}], True),
        ([{"level": "INFO", "requestId": "r", "message": "hi"}], True),
        ([{"message": "hi"}], False),
        ([{"message": "START RequestId: r", "requestId": "r"}], False),
        (["a line"], False),
    ],
)
def test_which_documents_are_the_functions_own(documents, own):
    assert is_own_format(documents) is own


def test_packed_lines_of_an_invocation():
    tail = base64.b64encode(b"START\nEND").decode()

    found = events_of([{"StatusCode": 200, "LogResult": tail}])
    assert [each.message for each in found] == ["START", "END"]


BOMBS = {
    "aliases": "events:\n- &a [x, x]\n" + "".join(
        f"- &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    ),
    "merges": "events:\n- &a {x: 1}\n" + "".join(
        f"- &{new} {{<<: [{', '.join([f'*{old}'] * 9)}]}}\n"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    ),
    "depth": "events:\n- " + "[" * 50_000,
    "depth in block": "events:\n" + "".join(f"{' ' * n}- \n" for n in range(1, 800)),
    "constructors": "events:\n- !!python/object/apply:os.system ['true']\n",
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_yaml_costs_no_more_than_its_size(bomb):
    assert is_yaml(BOMBS[bomb])
    tracemalloc.start()
    began = time.process_time()
    with suppress(NotALog):
        yaml_documents(BOMBS[bomb])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert time.process_time() - began < 5
    assert peak < 50_000_000


def test_what_is_packed_is_unpacked_within_bounds():
    """Sixty of them would be 600 MB."""
    packed = base64.b64encode(gzip.compress(bytes(10 << 20))).decode()
    tracemalloc.start()
    found = events_of([{"awslogs": {"data": packed}} for _ in range(60)])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert len(found) <= 7
    assert peak < 400_000_000


def test_deep_json_is_no_crash():
    assert read_text('{"a":' * 100_000 + "1").understood is False
    nested: object = json.loads('{"events": ' * 400 + "[]" + "}" * 400)
    assert events_of([nested]) == []
