"""
Does sampling let the traces through?

A busy container keeps about one trace in five. A sampled-out invocation still logs its
payload, marked as such, so only the payloads tell: a missing payload is never sampling.

Runbook: Check If Traces Are Being Sampled
"""

from __future__ import annotations

from checks.evidence import Environment, LambdaFunction, LogSample, Missing, readable
from checks.facts.sdk import NODE, SAMPLING_VARIABLE, Language, is_on, language_of
from checks.grammar import counted
from checks.log.telemetry import Payload
from checks.model import Action, Finding, Hop, Page, Symptom, notice, ok, skipped, unknown
from checks.variable_actions import set_value

EXPLAINS = Symptom.TRACES
HOP = Hop.LOG_LINE
PAGE = Page.MONITOR
CODES = ("sampled_out", "not_readable")


def check(function: LambdaFunction, log: LogSample, environment: Environment | Missing) -> Finding:
    """Tried: Node 0.15.15 keeps 20 % from 6 quick invocations on; debug or an error keeps all."""
    recent = log.since(function.modified_at)
    payloads = recent.payloads
    if not payloads and recent.undecodable:
        return unknown(
            "not_readable",
            "The payloads cannot be decoded",
            "Telemetry is logged but not readable, so whether it is sampled can't be determined.",
        )
    if not payloads:
        return skipped("There is no payload to judge by, and sampling never hides one.")
    sampled = [payload for payload in payloads if payload.sampled_out]
    if not sampled:
        return ok(f"{counted(len(payloads), 'payload')} read, none sampled out.")
    of = counted(len(payloads), "payload")
    hidden = "its trace does" if len(sampled) == 1 else "their traces do"
    saw = f"Sampled out: {len(sampled)} of {of}; {hidden} not show"
    return notice(
        "sampled_out",
        f"Sampled out: {len(sampled)} of {counted(len(payloads), 'trace')}",
        f"{saw}.{_set(environment)} {_by_design(function, sampled[-1])}",
        *_switch(function, sampled[-1]),
    )


def _set(environment: Environment | Missing) -> str:
    if not is_on(readable(environment, SAMPLING_VARIABLE)):
        return ""
    return f" {SAMPLING_VARIABLE} is set, without effect on these."


def _by_design(function: LambdaFunction, payload: Payload) -> str:
    """What SLS_DISABLE_TRACE_SAMPLING does on this very version."""
    language, version = language_of(function.runtime), payload.sdk_version
    by_design = "Sampling is by design and keeps every error."
    if language is NODE:
        return (
            f"{by_design} {SAMPLING_VARIABLE} does nothing on Node.js SDK {version or '0.15.15'}; while "
            "SLS_SDK_DEBUG is set, nothing is sampled."
        )
    if language and _older(version, language):
        return (
            f"{by_design} SDK {version} does not know {SAMPLING_VARIABLE} (since 0.3.1); while "
            "SLS_SDK_DEBUG is set, nothing is sampled."
        )
    return by_design


def _switch(function: LambdaFunction, payload: Payload) -> tuple[Action, ...]:
    """To see every trace, on a version that has a switch for it."""
    language = language_of(function.runtime)
    if language is None or language is NODE or _older(payload.sdk_version, language):
        return ()
    what = f"To see every trace, set {SAMPLING_VARIABLE} to true"
    return (set_value(function, SAMPLING_VARIABLE, "true", what),)


def _older(version: str | None, language: Language) -> bool:
    numbers = tuple(int(part) for part in (version or "").split(".") if part.isdigit())
    return bool(numbers) and numbers < language.sampling_switch_since
