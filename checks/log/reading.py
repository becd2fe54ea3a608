"""The events of a log that somebody has → what `slsdiag logs` says about it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from checks.log.counts import ENOUGH_BARE, End
from checks.log.sample import LogEvent, LogSample, Rung, read_events
from checks.log.telemetry import Budget, Payload


@dataclass(frozen=True, slots=True)
class Reading:
    """What a log alone proves. `problems` are steps' slugs, in runbook order."""

    rung: Rung
    saw: str
    payloads: tuple[Payload, ...]
    undecodable: int
    not_decoded: int
    """Payload lines beyond what one file may cost; they were only counted."""
    problems: tuple[str, ...]
    status: int
    understood: bool
    """Whether any line was recognized."""


def read(events: Sequence[LogEvent], org: str | None = None) -> Reading:
    """What `events` prove; with `org`, also whether the payloads go there."""
    budget = Budget()
    sample = read_events(events, budget=budget)
    problems = _problems(sample, org)
    return Reading(
        rung=sample.rung,
        saw=_saw(sample, budget.not_decoded),
        payloads=sample.payloads,
        undecodable=sample.undecodable - budget.not_decoded,
        not_decoded=budget.not_decoded,
        problems=problems,
        status=_status(sample, problems),
        understood=bool(sample.sightings),
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
            *(["telemetry_payload_logged"] if _contradicted(sample) else []),
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


def _contradicted(sample: LogSample) -> bool:
    """Enough invocations after the last payload ran to their end without one."""
    return len(sample.counts.newer_bare) >= ENOUGH_BARE


def _status(sample: LogSample, problems: tuple[str, ...]) -> int:
    if sample.rung is Rung.TELEMETRY:
        proved = {"telemetry_payload_logged", "payload_names_our_org"}
        return 1 if proved & set(problems) else 0
    return 1 if problems else 3


_MEANINGS = {
    Rung.NOTHING: "The SDK logged nothing",
    Rung.ORG_ID_MISSING: "The SDK says that SLS_ORG_ID is missing",
    Rung.WRAPPER_INITIALIZED: "The wrapper ran, but the SDK did not load: the handler was not found "
    "in the function's code",
    Rung.SETUP_FAILED: "The SDK's setup failed with an error of its own",
    Rung.SDK_INITIALIZED: "The SDK loaded, but no invocation reached it",
    Rung.INVOCATION_STARTED: "An invocation reached the SDK, but no payload followed",
}
_ENDS = (
    (End.TIMED_OUT, "timed out"),
    (End.CRASHED, "crashed or failed"),
    (End.OUT_OF_MEMORY, "ran out of memory"),
)


def _saw(sample: LogSample, not_decoded: int) -> str:
    if not sample.sightings:
        return "No line was recognized."
    if sample.rung is not Rung.TELEMETRY:
        return f"{_MEANINGS[sample.rung]}. {_invocations(sample)}"
    return f"{_payloads(sample, not_decoded)}. {_invocations(sample)}{_after(sample)}"


def _payloads(sample: LogSample, not_decoded: int) -> str:
    number = len(sample.payloads) + sample.undecodable
    out = sum(payload.sampled_out for payload in sample.payloads)
    unreadable = sample.undecodable - not_decoded
    return ", ".join(
        (
            f"{number} telemetry payload{'' if number == 1 else 's'}",
            *([f"{out} of them sampled out"] if out else []),
            *([f"{unreadable} not readable"] if unreadable else []),
            *([f"{not_decoded} only counted: there are too many"] if not_decoded else []),
        )
    )


def _invocations(sample: LogSample) -> str:
    ends = [f"{number} {what}" for end, what in _ENDS if (number := sample.counts.count(end))]
    if not (sample.finished or ends):
        return "The log holds no end of an invocation."
    return f"Invocations: {', '.join([f'{sample.finished} ended', *ends])}."


def _after(sample: LogSample) -> str:
    bare = len(sample.counts.newer_bare)
    if not bare:
        return ""
    ended = "1 invocation" if bare == 1 else f"{bare} invocations"
    return f" After the last payload {ended} ended without one."


def as_json(reading: Reading) -> dict[str, Any]:
    """The document of `slsdiag logs --json`, schema 1."""
    return {
        "schema": 1,
        "rung": reading.rung.value,
        "saw": reading.saw,
        "payloads": [_payload(payload) for payload in reading.payloads],
        "undecodable": reading.undecodable,
        "not_decoded": reading.not_decoded,
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
