"""What a bundle does not hold of what AWS and people said, listed for whoever passes it on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from bot.store.coding import encode
from bot.text.redaction import REMOVED
from checks.evidence import Evidence, Missing, Withheld

KEPT = (
    "names and ARNs of the function, its layers, aliases, log group, filters and roles",
    "account numbers and regions",
    "names of environment variables, and the values of those that the checks read",
    "request ids, times and outcomes of invocations",
    "AWS's reasons for failures, without what looks like a secret",
)
"""What whoever passes the file on should know that it shows."""


def removals(evidence: Evidence) -> list[dict[str, Any]]:
    """Each as {"what", "part", "count"}, with what was taken out where it came in."""
    environment, log = evidence.environment, evidence.log
    values = () if isinstance(environment, Missing) else environment.values()
    lines = () if isinstance(log, Missing) else log.sightings
    withheld = sum(isinstance(value, Withheld) for value in values)
    counted = [
        _removal("values of environment variables", "environment", withheld),
        _removal("text of log lines", "log", len(lines)),
        _removal("bodies of telemetry payloads", "log", sum(bool(line.payload) for line in lines)),
        *_redactions(evidence),
    ]
    return [each for each in counted if each["count"]]


def _removal(what: str, part: str, count: int) -> dict[str, Any]:
    return {"what": what, "part": part, "count": count}


def _redactions(evidence: Evidence) -> Iterator[dict[str, Any]]:
    """By the part of the evidence, where words stand for what was taken out."""
    held = json.loads(encode(evidence))["value"]
    for part in (field.name for field in fields(evidence)):
        count = json.dumps(held[part]).count(REMOVED)
        yield _removal("texts that look like secrets", part, count)
