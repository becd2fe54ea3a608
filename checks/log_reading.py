"""
A log that somebody has as text → what `slsdiag logs` says about it. Pure.

Plain text, one event a line; or the JSON of `aws logs filter-log-events`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from checks.log_sample import LogEvent, LogSample, Rung, read_events
from checks.telemetry import Payload

_TAIL = re.compile(
    r"^(?P<at>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) "
    r"(?P<stream>\d{4}/\d\d/\d\d/\S*\[[^\]]+\]\S+) (?P<message>.*)$"
)


class NotALog(ValueError):
    """JSON, but not that of FilterLogEvents."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a log alone proves. `problems` are steps' slugs, in runbook order."""

    rung: Rung
    saw: str
    payloads: tuple[Payload, ...]
    undecodable: int
    problems: tuple[str, ...]
    status: int


def parse(text: str) -> list[LogEvent]:
    """The events of `text`, or NotALog."""
    if not text.lstrip().startswith(("{", "[")):
        return [_tailed(line) for line in text.splitlines()]
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return [_tailed(line) for line in text.splitlines()]
    if isinstance(document, dict) and isinstance(document.get("events"), list):
        document = document["events"]
    if isinstance(document, dict) and {"type", "record"} <= set(document):
        return [LogEvent(text)]
    if not isinstance(document, list) or not all(isinstance(each, dict) for each in document):
        raise NotALog("it is JSON, but not what aws logs filter-log-events prints")
    return [_event(each) for each in document]


def _tailed(line: str) -> LogEvent:
    """A plain line, or one with the time and stream that `aws logs tail` puts before it."""
    match = _TAIL.match(line[:4096])
    if not match:
        return LogEvent(line)
    try:
        at = datetime.fromisoformat(match["at"]).astimezone(UTC)
    except (ValueError, OverflowError):  # the 30th of February
        at = None
    return LogEvent(line[match.start("message") :], at, match["stream"])


def _event(event: dict[str, Any]) -> LogEvent:
    message, at, stream = event.get("message"), event.get("timestamp"), event.get("logStreamName")
    if not isinstance(message, str):
        raise NotALog("an event of it has no message")
    moment = None
    if isinstance(at, int | float) and 0 <= at < 4e15:  # noqa: PLR2004 - what a datetime can hold
        moment = datetime.fromtimestamp(min(at / 1000, 2.5e11), UTC)
    return LogEvent(message, moment, stream if isinstance(stream, str) else None)


def read(text: str, org: str | None = None) -> Reading:
    """What `text` proves; with `org`, also whether the payloads go there."""
    sample = read_events(parse(text))
    problems = _problems(sample, org)
    return Reading(
        rung=sample.rung,
        saw=_saw(sample),
        payloads=sample.payloads,
        undecodable=sample.undecodable,
        problems=problems,
        status=_status(sample, problems),
    )


def _ran(sample: LogSample) -> bool:
    """An invocation ran to its end, or the handler itself spoke; nothing was cut short."""
    cut = sample.timed_out or sample.crashed
    return bool(sample.finished or sample.handler_ran) and not cut


def _problems(sample: LogSample, org: str | None) -> tuple[str, ...]:
    if sample.rung is Rung.TELEMETRY:
        orgs = {payload.org_id for payload in sample.payloads}
        return (
            *(["traces_not_sampled"] if any(p.sampled_out for p in sample.payloads) else []),
            *(["payload_names_our_org"] if org and orgs - {org} else []),
        )
    if sample.rung is Rung.NOTHING:
        return ("telemetry_payload_logged",) if sample.finished else ()
    wrapped = sample.rung in {Rung.WRAPPER_INITIALIZED, Rung.SETUP_FAILED, Rung.SDK_INITIALIZED}
    debugged = sample.rung is not Rung.ORG_ID_MISSING
    return (
        "telemetry_payload_logged",
        *(["org_id_set"] if not debugged else []),
        *(["no_conflicting_tool"] if wrapped and _ran(sample) else []),
        *(["wrapper_initialized"] if debugged and _ran(sample) else []),
    )


def _status(sample: LogSample, problems: tuple[str, ...]) -> int:
    if sample.rung is Rung.TELEMETRY:
        return 1 if "payload_names_our_org" in problems else 0
    return 1 if problems else 3


_SAID = {
    Rung.NOTHING: "No line of the SDK's",
    Rung.ORG_ID_MISSING: "The SDK says that SLS_ORG_ID is missing",
    Rung.WRAPPER_INITIALIZED: "The wrapper ran, but the SDK did not load: the handler was not found "
    "in the function's code",
    Rung.SETUP_FAILED: "The SDK's set-up failed with an error of its own",
    Rung.SDK_INITIALIZED: "The SDK loaded, but no invocation reached it",
    Rung.INVOCATION_STARTED: "An invocation reached the SDK, but no payload followed",
}


def _saw(sample: LogSample) -> str:
    ends = (
        f"invocations: {sample.finished} ended, {sample.timed_out} timed out, "
        f"{sample.crashed} crashed"
    )
    if sample.rung is Rung.TELEMETRY:
        out = sum(payload.sampled_out for payload in sample.payloads)
        return (
            f"{len(sample.payloads) + sample.undecodable} telemetry payloads, {out} of them sampled "
            f"out, {sample.undecodable} not readable; {ends}."
        )
    return f"{_SAID[sample.rung]}; {ends}."


def as_json(reading: Reading) -> dict[str, Any]:
    """The document of `slsdiag logs --json`, schema 1."""
    return {
        "schema": 1,
        "rung": reading.rung.value,
        "saw": reading.saw,
        "payloads": [_payload(each) for each in reading.payloads],
        "undecodable": reading.undecodable,
        "problems": list(reading.problems),
    }


def _payload(payload: Payload) -> dict[str, Any]:
    return {
        "org_id": payload.org_id,
        "service": payload.service,
        "sdk": {
            "name": payload.sdk_name,
            "version": payload.sdk_version,
            "runtime": payload.sdk_runtime,
        },
        "request_id": payload.request_id,
        "outcome": payload.outcome,
        "is_coldstart": payload.is_coldstart,
        "sampled_out": payload.sampled_out,
        "truncated": payload.truncated,
        "spans": list(payload.spans),
        "events": list(payload.events),
    }
