"""
The steps of the runbook over what is planned: one function → what each of them says. Pure.

A step is tried with every combination of what its settings may turn out to be. Where all agree it
has its answer; where one of them would be a problem and another none, it is unknown. What exists
only after the deploy (log, invocations, the integration) is `Missing`, and steps that need it are
not tried. Dashboard puts its own layer, variables and filter on the function after the deploy, so
their absence is no finding; steps that ask whether there will be room for them are tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, product
from typing import Any

from bot.lint.evidence import dashboards, evidence
from bot.lint.intrinsics import ACCOUNT, ANY_REGION
from bot.lint.model import Planned, PlannedFunction
from bot.lint.tree import Place
from checks.evidence import (
    Evidence,
    Expected,
    Filter,
    LogGroup,
)
from checks.facts.limits import ENVIRONMENT
from checks.model import NOT_READ, Finding, Outcome, Verdict, skipped, unknown
from checks.runbook import step_named, try_step

UNSUPPORTED = "runtime_supported"
LOG_PIPE = "traces_reach_the_log_pipe"
_ANYTHING: Mapping[str, tuple[Any, ...]] = {
    "runtime": ("nodejs22.x", "python3.12", "python3.13", "java21"),
    "handler": (
        "index.handler",
        "/opt/python/lumigo_tracer._handler",
        "datadog_lambda.handler.handler",
    ),
    "layers": (
        (),
        tuple(f"arn:aws:lambda:{ANY_REGION}:{ACCOUNT}:layer:unknown-{n}:1" for n in range(5)),
    ),
    "wrapper": (None, "/opt/another-wrapper"),
    "node_options": (None, "-r @sentry/aws-serverless/awslambda-auto"),
    "log_class": ("STANDARD", "INFREQUENT_ACCESS"),
    "size": (0, ENVIRONMENT.value),
    "filters": ((), tuple(Filter(f"unknown-{n}", "") for n in range(5))),
}
"""What a setting may turn out to be of which nothing is known: something good and something bad."""
RESTS_ON: Mapping[str, tuple[str, ...]] = {
    UNSUPPORTED: ("runtime",),
    "region_supported": (),
    "subscription_filter_to_spare": ("filters",),
    "code_size_within_limit": ("runtime",),
    "layer_slot_to_spare": ("layers",),
    "wrapper_set": ("wrapper", "layers", "runtime"),
    "environment_has_room": ("size", "wrapper", "runtime"),
    "no_conflicting_tool": ("handler", "node_options", "layers", "runtime"),
    LOG_PIPE: ("log_class",),
}
"""The settings that decide each step which can be decided before a deploy; runbook order."""
_LISTS = frozenset({"layers", "filters"})
"""Of these, what is not known comes on top of what is."""
_UNDECIDED = "Can't tell before the deploy"
_MOST_TRIED = 256
_QUIET = frozenset({Verdict.OK, Verdict.NOTICE, Verdict.SKIPPED})


def _before_a_deploy(outcome: Outcome, evidence: Evidence) -> Finding:
    """What Dashboard does after the deploy, or what lies behind the log group, is not asked."""
    assert isinstance(outcome, Finding)  # noqa: S101 - narrows: these steps neither wait nor ask
    if outcome.code == "not_set":
        return skipped("Dashboard sets it after the deploy.")
    if outcome.verdict is not Verdict.UNKNOWN:
        return outcome
    group = evidence.log_group
    if isinstance(group, LogGroup) and group.takes_filters is None:
        return unknown(
            NOT_READ, _UNDECIDED, f"Whether the class {group.log_class} takes filters is not known."
        )
    return skipped("It is not known before the deploy.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a step says, and of which place of the file."""

    step: str
    finding: Finding
    place: Place
    why: str | None = None
    """Of an unknown one."""


def answers(function: PlannedFunction, expected: Expected, now: datetime) -> Iterator[Answer]:
    """What is not ok. Where there is no SDK for the runtime, nothing else matters."""
    trial = _Trial(function, expected, now)
    for slug in RESTS_ON:
        answer = trial.answer(slug)
        if answer is None:
            continue
        yield answer
        if slug == UNSUPPORTED and answer.finding.verdict is Verdict.PROBLEM:
            return


class _Trial:
    """One function while its steps are tried."""

    def __init__(self, function: PlannedFunction, expected: Expected, now: datetime) -> None:
        self.function, self.expected, self.now = function, expected, now
        variables = function.variables
        self.settings: dict[str, Planned[Any]] = {
            "runtime": function.runtime,
            "handler": function.handler,
            "layers": function.layers,
            "wrapper": variables.wrapper,
            "node_options": variables.node_options,
            "size": variables.size,
            "log_class": function.log_class,
            "filters": function.filters,
        }

    def answer(self, slug: str) -> Answer | None:
        """None: ok, or nothing that the file could say."""
        if not self._said(slug):
            return None
        step = step_named(slug)
        assert step is not None  # noqa: S101 - a test holds the table to the runbook
        changers = [self.settings[name].changer for name in RESTS_ON[slug]]
        for changed in (False, True) if any(changers) else (True,):
            worlds = self._worlds(slug, changed=changed)
            outcomes = [_before_a_deploy(try_step(step, each), each) for each in worlds]
            finding, verdicts = outcomes[0], {outcome.verdict for outcome in outcomes}
            if verdicts == {Verdict.PROBLEM} or (changed and verdicts <= _QUIET):
                place = self._place(slug, finding)
                return Answer(slug, finding, place) if finding.headline else None
        return self._unknown(slug, finding)

    def _said(self, slug: str) -> bool:
        """Whether a file of this kind says anything that the step could go by."""
        if slug == "region_supported":
            return self.function.region is not None
        return slug != "code_size_within_limit" or self.function.code_size is not None

    def _worlds(self, slug: str, *, changed: bool) -> Iterator[Evidence]:
        """The evidence for each combination, the likeliest first; `changed`: by what may change it."""
        names = RESTS_ON[slug]
        choices = [self._choices(name, changed=changed) for name in names]
        base = {name: self._choices(name, changed=changed)[0] for name in self.settings}
        for values in islice(product(*choices), _MOST_TRIED):
            known = {**base, **dict(zip(names, values, strict=True))}
            if slug == LOG_PIPE:
                known["filters"] = (*known["filters"], *dashboards(known["log_class"]))
            yield evidence(self.function, known, self.expected, self.now)

    def _choices(self, name: str, *, changed: bool) -> tuple[Any, ...]:
        planned = self.settings[name]
        more: tuple[Any, ...] = ()
        if planned.open or (changed and planned.changer):
            more = _ANYTHING.get(name, ())
        if name in _LISTS:
            more = tuple((*had, *others) for had in planned.options or ((),) for others in more)
        return tuple(dict.fromkeys((*planned.options, *more)))

    def _unknown(self, slug: str, finding: Finding) -> Answer:
        """For the first reason."""
        settings = [self.settings[name] for name in RESTS_ON[slug]]
        undecided = unknown(NOT_READ, _UNDECIDED, finding.saw)
        if changer := next((each.changer for each in settings if each.changer), None):
            return Answer(slug, undecided, changer.place, changer.why)
        unsure = next((each for each in settings if each.why), settings[0])
        return Answer(slug, undecided, unsure.place, unsure.why)

    def _place(self, slug: str, finding: Finding) -> Place:
        """Where it is said what the finding is about."""
        function, variables = self.function, self.function.variables
        if slug == UNSUPPORTED:
            return function.edge or function.runtime.place
        if slug == "no_conflicting_tool":
            return self._place_of_tool(finding)
        places = {
            "region_supported": function.region.place if function.region else function.place,
            "subscription_filter_to_spare": function.filters.place,
            "code_size_within_limit": function.place,
            "layer_slot_to_spare": function.layers.place,
            "wrapper_set": variables.wrapper.place,
            "environment_has_room": variables.place,
            LOG_PIPE: function.log_class.place,
        }
        return places[slug]

    def _place_of_tool(self, finding: Finding) -> Place:
        function = self.function
        if finding.code == "preload":
            return function.variables.node_options.place
        return function.layers.place if finding.code == "beside" else function.handler.place
