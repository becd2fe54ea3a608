"""
The steps in order, and the walk over them.

`try_step` tries one, `walk` all. What explains what is data of the steps; cause and verdict
are derived here from the outcomes alone, so that anyone can derive them again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from inspect import signature
from types import ModuleType
from typing import get_args, get_type_hints

from checks import (
    s010_invoked,
    s012_runtime_supported,
    s014_region_supported,
    s020_ten_minutes_passed,
    s030_function_instrumented,
    s040_integration_stack_exists,
    s050_integration_stack_in_us_east_1,
    s060_no_account_integration_errors,
    s070_no_function_instrumentation_errors,
    s080_subscription_filter_to_spare,
    s090_code_size_within_limit,
    s100_traces_not_sampled,
    s110_telemetry_payload_logged,
    s112_payload_names_our_org,
    s118_layer_slot_to_spare,
    s120_layer_attached,
    s130_wrapper_set,
    s140_org_id_set,
    s145_environment_has_room,
    s150_no_conflicting_tool,
    s155_traffic_on_instrumented_version,
    s160_wrapper_initialized,
    s170_traces_reach_the_log_pipe,
    s180_metrics_reach_the_metric_stream,
)
from checks.evidence import Evidence, Missing
from checks.model import Ask, Finding, Outcome, Symptom, Verdict, Wait, allow, skipped, unknown
from checks.report import Line, Report, Subject
from checks.verdict import because, judge

_MODULES = (
    s010_invoked,
    s012_runtime_supported,
    s014_region_supported,
    s020_ten_minutes_passed,
    s030_function_instrumented,
    s040_integration_stack_exists,
    s050_integration_stack_in_us_east_1,
    s060_no_account_integration_errors,
    s070_no_function_instrumentation_errors,
    s080_subscription_filter_to_spare,
    s090_code_size_within_limit,
    s100_traces_not_sampled,
    s110_telemetry_payload_logged,
    s112_payload_names_our_org,
    s118_layer_slot_to_spare,
    s120_layer_attached,
    s130_wrapper_set,
    s140_org_id_set,
    s145_environment_has_room,
    s150_no_conflicting_tool,
    s155_traffic_on_instrumented_version,
    s160_wrapper_initialized,
    s170_traces_reach_the_log_pipe,
    s180_metrics_reach_the_metric_stream,
)
_NOT_READ_FROM_AWS = frozenset({"now", "answers", "expected"})
WORDS = {
    "environment": "environment variables",
    "environment_size": "environment variables",
    "filters": "log group's subscription filters",
    "invocations": "invocations",
    "log": "function's log",
    "log_firehose": "Firehose stream",
    "log_group": "log group",
    "metric_pipe": "metric stream",
    "role": "role ServerlessRole",
    "stack": "integration stack",
    "traffic": "published versions and their traffic",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the runbook, as its module declares it."""

    number: str
    slug: str
    title: str
    why: str
    """The rest of the docstring, for people."""
    section: str
    """A heading of RUNBOOK.md."""
    symptom: bool
    explained_by: tuple[str, ...]
    """In runbook order; a symptom is explained by more (see `verdict.py`)."""
    answers: tuple[str, ...]
    """The known answers of a step that may ask a person."""
    check: Callable[..., Outcome]

    @property
    def reads(self) -> tuple[str, ...]:
        """The parts of the evidence that it names, less those that AWS is not asked for."""
        return tuple(part for part in _parts(self.check) if part not in _NOT_READ_FROM_AWS)


def _step(module: ModuleType) -> Step:
    number, slug = module.__name__.rpartition(".")[2][1:].split("_", 1)
    title, _, rest = (module.__doc__ or "").strip().partition("\n\n")
    why, _, section = rest.rpartition("\n\nRunbook: ")
    explained = frozenset(getattr(module, "EXPLAINED_BY", ()))
    order = [each.__name__.rpartition(".")[2].split("_", 1)[1] for each in _MODULES]
    return Step(
        number=number,
        slug=slug,
        title=title,
        why=" ".join(why.split("\n")).replace("  ", " "),
        section=section,
        symptom=getattr(module, "SYMPTOM", False),
        explained_by=tuple(slug for slug in order if slug in explained),
        answers=getattr(module, "ANSWERS", ()),
        check=module.check,
    )


@cache
def _parts(check: Callable[..., Outcome]) -> dict[str, bool]:
    """The names of the parts, and whether the step copes with a missing one itself."""
    hints = get_type_hints(check)
    return {name: Missing in get_args(hints[name]) for name in signature(check).parameters}


RUNBOOK: tuple[Step, ...] = tuple(map(_step, _MODULES))
_BY_SLUG: Mapping[str, Step] = {step.slug: step for step in RUNBOOK}


def step_named(slug: str) -> Step | None:
    """The step called `slug`, None if there is none."""
    return _BY_SLUG.get(slug)


def try_step(step: Step, evidence: Evidence) -> Outcome:
    """Hand `step` the parts that it names; a missing one makes it unknown."""
    parts = {name: getattr(evidence, name) for name in _parts(step.check)}
    for name, copes in _parts(step.check).items():
        part = parts[name]
        if isinstance(part, Missing) and not copes:
            return unknown(f"Could not read the {WORDS[name]}: {part.why}", allow(part))
    return step.check(**parts)


def walk(evidence: Evidence, symptom: Symptom = Symptom.BOTH) -> Report:
    """Try every step in order; after a wait the rest are skipped."""
    outcomes: dict[str, Outcome] = {}
    waiting: Wait | None = None
    for step in RUNBOOK:
        outcome = skipped(_LATER) if waiting else try_step(step, evidence)
        outcomes[step.slug] = outcome
        waiting = outcome if isinstance(outcome, Wait) else waiting
    found = {slug: verdict_of(outcome) for slug, outcome in outcomes.items()}
    lines = tuple(_line(step, outcomes[step.slug], found, symptom) for step in RUNBOOK)
    downs = [s for s, o in outcomes.items() if isinstance(o, Finding) and o.down]
    verdict, cause, impact, summary = judge(RUNBOOK, lines, symptom, downs, evidence)
    function = evidence.function
    subject = Subject(
        function.name, function.qualifier, function.region, function.account, function.runtime
    )
    return Report(subject, evidence.now, verdict, cause, impact, summary, lines)


_LATER = "Not tried yet: the platform may put it right while the integration settles."


def verdict_of(outcome: Outcome) -> Verdict:
    """How `outcome` counts in a report, where a question is answered by what it presumes."""
    match outcome:
        case Finding():
            return outcome.verdict
        case Ask():
            return outcome.presumes.verdict
        case Wait():
            return Verdict.WAIT


def _line(step: Step, outcome: Outcome, found: Mapping[str, Verdict], symptom: Symptom) -> Line:
    asked = outcome if isinstance(outcome, Ask) else None
    said = asked.presumes if asked else outcome
    assert not isinstance(said, Ask)  # noqa: S101 - narrows the type: an Ask presumes a Finding
    return Line(
        step=step.slug,
        title=step.title,
        section=step.section,
        outcome=found[step.slug],
        because=because(step, RUNBOOK, found, symptom),
        saw=said.saw,
        remedy=said.remedy,
        presumed=asked is not None,
        until=said.until if isinstance(said, Wait) else None,
        question=asked.question if asked else None,
        answers=asked.answers if asked else (),
    )
