"""
The tools' inputs and outputs as JSON Schemas, for clients that hold the answers to them.

An output is what the command line prints with --json, or its document of an error.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from bot.scan.model import ProblemClass
from checks.log.sample import Rung
from checks.model import Impact, Overall, Symptom, Verdict

Schema = dict[str, Any]

LONGEST_NAME, LONGEST_LOG = 512, 2_000_000
"""Characters."""
TEXT: Schema = {"type": "string"}
TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}


def one_of(words: type[StrEnum], *, nullable: bool = False) -> Schema:
    """One of an enumeration's words."""
    return {"enum": [*(word.value for word in words), *([None] if nullable else [])]}


def many(item: Schema) -> Schema:
    """A list of such."""
    return {"type": "array", "items": item}


def record(**properties: Schema) -> Schema:
    """An object with all of these, and maybe more: keys are only ever added."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def inputs(required: tuple[str, ...] = (), **properties: Schema) -> Schema:
    """What a tool takes, and nothing else."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def document(**properties: Schema) -> Schema:
    """What a tool gives, or the document of an error."""
    given = record(schema={"const": 1}, **properties)
    return {"type": "object", "anyOf": [given, _ERROR]}


def asked(description: str, most: int = LONGEST_NAME, **more: Any) -> Schema:
    """A text that a client gives."""
    return {"type": "string", "description": description, "maxLength": most, **more}


_ERROR = record(schema={"const": 1}, error=record(code=TEXT, message=TEXT))
_ACTION = record(
    do=TEXT,
    command=TEXT_OR_NULL,
    link={"anyOf": [record(label=TEXT, url=TEXT), {"type": "null"}]},
    relief=FLAG,
    caution=TEXT_OR_NULL,
)
_STEP = record(
    step=TEXT,
    title=TEXT,
    section=TEXT,
    outcome=one_of(Verdict),
    because=TEXT_OR_NULL,
    headline=TEXT_OR_NULL,
    saw=TEXT,
    remedy=TEXT_OR_NULL,
    actions=many(_ACTION),
    presumed=FLAG,
    until=TEXT_OR_NULL,
    question=TEXT_OR_NULL,
    answers=many(TEXT),
)
REPORT = document(
    function=record(
        name=TEXT, qualifier=TEXT_OR_NULL, region=TEXT, account=TEXT, runtime=TEXT_OR_NULL
    ),
    checked_at=TEXT,
    verdict=one_of(Overall),
    cause=TEXT_OR_NULL,
    impact=one_of(Impact, nullable=True),
    headline=TEXT_OR_NULL,
    summary=TEXT,
    changed={"type": ["object", "null"]},
    steps=many(_STEP),
)
SCAN = document(
    checked_at=TEXT,
    functions=COUNT,
    verdicts={"type": "object", "additionalProperties": COUNT},
    causes=many(
        record(
            cause=TEXT,
            **{"class": one_of(ProblemClass)},
            headline=TEXT_OR_NULL,
            count=COUNT,
            functions=many(record(name=TEXT, region=TEXT, account=TEXT, impact=TEXT_OR_NULL)),
        )
    ),
    verified_exactly=COUNT,
    coverage={"type": "object"},
    unreadable=many(record(account=TEXT, region=TEXT, why=TEXT)),
)
LOG = document(
    rung=one_of(Rung),
    saw=TEXT,
    payloads=many(
        record(
            org_id=TEXT,
            service=TEXT,
            sdk=record(name=TEXT, version=TEXT, runtime=TEXT),
            request_id=TEXT_OR_NULL,
            outcome=TEXT_OR_NULL,
            is_coldstart=FLAG,
            sampled_out=FLAG,
            truncated=FLAG,
            spans=many(TEXT),
            events=many(TEXT),
        )
    ),
    undecodable=COUNT,
    not_decoded=COUNT,
    problems=many(TEXT),
)
LINT = document(
    files=COUNT,
    functions=COUNT,
    findings=many(
        record(
            file=TEXT,
            line=COUNT,
            column=COUNT,
            function=TEXT_OR_NULL,
            step=TEXT,
            outcome=TEXT,
            headline=TEXT,
            actions=many(_ACTION),
        )
    ),
    unknown=many(record(file=TEXT, line=COUNT, function=TEXT_OR_NULL, step=TEXT_OR_NULL, why=TEXT)),
)
_LISTED = {
    "step": TEXT,
    "title": TEXT,
    "section": TEXT,
    "reads": many(TEXT),
    "symptom": FLAG,
    "explained_by": many(TEXT),
}
RUNBOOK = document(steps=many(record(**_LISTED)))
CHECK = document(**_LISTED, why=TEXT, answers=many(TEXT))
SYMPTOM = one_of(Symptom) | {
    "description": "What is missing in Dashboard. Default: both.",
    "default": Symptom.BOTH.value,
}
