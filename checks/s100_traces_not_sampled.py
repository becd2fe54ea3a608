"""
Are traces being sampled?

A busy container keeps about one trace in five. A sampled-out invocation still logs its
payload, marked as such, so only the payloads tell: a missing payload is never sampling.

Runbook: Check If Traces Are Being Sampled
"""

from __future__ import annotations

from checks.evidence import Environment, LambdaFunction, LogSample, Missing, readable
from checks.model import Finding, notice, ok, skipped, unknown
from checks.sdk import NODE, SAMPLING_VARIABLE, Language, is_on, language_of
from checks.telemetry import Payload


def check(function: LambdaFunction, log: LogSample, environment: Environment | Missing) -> Finding:
    """Tried: Node 0.15.15 keeps 20 % from 6 quick invocations on; debug or an error keeps all."""
    recent = log.since(function.modified_at)
    payloads = recent.payloads
    if not payloads and recent.undecodable:
        return unknown("Telemetry is logged, but not readable, so sampling cannot be told.")
    if not payloads:
        return skipped("There is no payload to tell it from; sampling never hides a payload.")
    sampled = [each for each in payloads if each.sampled_out]
    if not sampled:
        return ok(f"None of {len(payloads)} payloads is sampled out.")
    said = f"{len(sampled)} of {len(payloads)} payloads are sampled out: their traces do not show"
    return notice(f"{said}.{_set(environment)}", _switch(function, sampled[-1]))


def _set(environment: Environment | Missing) -> str:
    if isinstance(environment, Missing) or not is_on(readable(environment, SAMPLING_VARIABLE)):
        return ""
    return f" {SAMPLING_VARIABLE} is set, without effect on these."


def _switch(function: LambdaFunction, payload: Payload) -> str:
    """What SLS_DISABLE_TRACE_SAMPLING does on this very version."""
    language = language_of(function.runtime)
    version = payload.sdk_version
    if language is None:
        return "Sampling is by design; it keeps every error."
    if language is NODE:
        return (
            f"Sampling is by design and keeps every error. {SAMPLING_VARIABLE} does nothing on "
            f"Node.js SDK {version or '0.15.15'}; while SLS_SDK_DEBUG is set, nothing is sampled."
        )
    if _older(version, language):
        return (
            f"Sampling is by design and keeps every error. SDK {version} does not know "
            f"{SAMPLING_VARIABLE} (since 0.3.1); while SLS_SDK_DEBUG is set, nothing is sampled."
        )
    return (
        "Sampling is by design and keeps every error. "
        f"To see every trace, set {SAMPLING_VARIABLE} to true."
    )


def _older(version: str | None, language: Language) -> bool:
    numbers = tuple(int(part) for part in (version or "").split(".") if part.isdigit())
    return bool(numbers) and numbers < language.sampling_switch_since
