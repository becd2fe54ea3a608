from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from bot.conversation import Conversation
from bot.diagnosis.model import Diagnosis, Stage
from bot.store.coding import SCHEMA, UnknownSchema, decode, encode
from bot.store.messages import Entry, EntryKind, State
from checks.model import Impact, Overall, Verdict
from checks.report import Line, Report, Subject

NOON = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)
PLACE = Conversation("T1", "C1", "U1", thread_ts="171.5")
LINE = Line(
    *("invoked", "It was invoked", "Before you begin", Verdict.WAIT, None, "Seen.", None),
    presumed=True,
    until=NOON,
    question="Which?",
    answers=("a", "b…"),
)
REPORT = Report(
    Subject("checkout", None, "eu-west-1", "111122223333", "nodejs22.x"),
    NOON,
    Overall.PROBLEM,
    "invoked",
    Impact.BLIND,
    "Not invoked.",
    (LINE, LINE),
)

RECORDS = {
    "a new ask": Diagnosis("d1", "checkout", PLACE, NOON),
    "one with a report": Diagnosis(
        *("d1", "checkout", PLACE, NOON),
        stage=Stage.REPORTED,
        report=REPORT,
        seen_at=NOON,
        candidates=("a", "b"),
        version=7,
    ),
    "a message": Entry(
        "d1:1:card", EntryKind.POST, "C1", {"text": "<ü>", "blocks": [{"a": 1}]}, "d1"
    ),
    "a sent message": Entry(
        *("d1:1:card", EntryKind.UPDATE, "C1", {}, "d1"),
        of="x",
        state=State.SENT,
        ts="17.1",
        tries=2,
    ),
}


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS.keys())
def test_a_record_comes_back_as_it_was(record):
    assert decode(type(record), encode(record)) == record


@pytest.mark.parametrize("schema", [SCHEMA + 1, 0, None, "1"])
def test_another_schema_is_refused(schema):
    document = json.loads(encode(RECORDS["a new ask"])) | {"schema": schema}
    with pytest.raises(UnknownSchema, match="run the release that wrote it"):
        decode(Diagnosis, json.dumps(document))


def test_a_text_that_is_no_record_is_refused():
    with pytest.raises(UnknownSchema):
        decode(Diagnosis, "[]")
