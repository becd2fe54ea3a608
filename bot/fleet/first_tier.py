"""
The first look at a region's functions, by calls per page.

It judges by the same steps as one check. What it does not read is missing there, so it may be
less certain than a check and is never different: where the parts that it did read leave a
doubt, the function is undetermined, and else unverified, never healthy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.aws import inventory
from bot.aws.account_parts import AccountParts
from bot.aws.configuration import Configuration
from bot.aws.places import Place
from bot.aws.region_parts import RegionParts
from bot.fleet.model import UNVERIFIED, Kind, Seen
from checks.evidence import Environment, Evidence, Expected, Invocations, LambdaFunction, Missing
from checks.model import Overall, Verdict
from checks.other_tools import tool_coexisting_by_handler, tool_defeating_by_handler
from checks.report import Report
from checks.runbook import RUNBOOK, walk
from checks.s030_function_instrumented import signs_of
from checks.timeline import Stack, invoked_since, may_include, settled_at

NOT_READ = Missing("A scan's first look does not read it.")
_BEHIND = Missing("Its log forwarded events, which CloudWatch has not counted as invocations yet.")
_UNREAD = frozenset({"log", "log_group", "filters", "traffic"})
_BLURRED = frozenset(step.slug for step in RUNBOOK if _UNREAD & set(step.reads))
"""Steps that read what the first look does not."""
_DISPROVED = frozenset({"no_conflicting_tool"})
"""Steps whose problem is none where a payload was logged, which the first look does not read."""
_LARGE_CODE = 20_000_000
"""Zipped bytes; the layer fits beside less, whatever it unzips to (see its step)."""
_FULL_ENVIRONMENT = 3_000
"""Bytes; below that there is room for all that the SDK needs, whatever else differs."""


@dataclass
class FirstTier:
    """One account and region."""

    place: Place
    account: AccountParts
    region: RegionParts
    expected: Expected
    now: datetime
    forwarding: frozenset[str] | Missing
    _judged: dict[object, tuple[str, str | None, Kind | None]] = field(default_factory=dict)

    def seen(self, configurations: Sequence[Configuration]) -> Iterator[Seen]:
        """At most `inventory.AT_ONCE` functions."""
        names = [each.function.name for each in configurations]
        sums = inventory.invocations(self.place.account, self.place.region, names, self.now)
        sums |= self._earlier(configurations, sums)
        for each in configurations:
            yield self._seen(each, sums[each.function.name])

    def _earlier(
        self,
        configurations: Sequence[Configuration],
        sums: dict[str, Invocations | Missing],
    ) -> dict[str, Invocations | Missing]:
        """Of instrumented functions that nobody invoked lately, as far back as is kept."""
        settled = _settled(self.account.stack)
        idle = [
            each.function.name
            for each in configurations
            if _signed(each)
            and isinstance(found := sums[each.function.name], Invocations)
            and not found.sums
            and (settled is None or settled < found.looked_from)
        ]
        if not idle:
            return {}
        place = self.place
        return inventory.invocations(place.account, place.region, idle, self.now, inventory.KEPT)

    def _seen(self, found: Configuration, invocations: Invocations | Missing) -> Seen:
        function = found.function
        forwards = not isinstance(self.forwarding, Missing) and found.log_group in self.forwarding
        evidence = Evidence(
            now=self.now,
            function=function,
            environment=found.environment,
            environment_size=found.environment_size,
            stack=self.account.stack,
            role=self.account.role,
            log_firehose=self.region.log_firehose,
            metric_pipe=self.region.metric_pipe,
            log_group=NOT_READ,
            filters=NOT_READ,
            invocations=self._counted(found, invocations, forwards=forwards),
            log=NOT_READ,
            traffic=NOT_READ,
            expected=self.expected,
        )
        like = shape(evidence, forwards=forwards)
        if like not in self._judged:
            self._judged[like] = judged(evidence, forwards=forwards)
        verdict, cause, kind = self._judged[like]
        count = (
            sum(n for _, _, n in invocations.sums) if isinstance(invocations, Invocations) else 0
        )
        return Seen(function.name, function.region, function.account, verdict, cause, kind, count)

    def _counted(
        self, found: Configuration, invocations: Invocations | Missing, *, forwards: bool
    ) -> Invocations | Missing:
        """
        No sums tell little where its log forwarded something: they lag, and a check reads the log.

        That a bare function was idle for two weeks does not tell that it always was.
        """
        if isinstance(invocations, Missing) or invocations.sums:
            return invocations
        if forwards:
            return _BEHIND
        if _signed(found):
            return invocations
        settled = _settled(self.account.stack)
        known = settled is not None and settled >= invocations.looked_from
        return invocations if known else NOT_READ


def judged(evidence: Evidence, *, forwards: bool) -> tuple[str, str | None, Kind | None]:
    """Verdict, cause and class by the first look alone."""
    report = walk(evidence)
    if report.cause in _DISPROVED:
        return Overall.UNDETERMINED.value, None, None
    if report.verdict is not Overall.UNDETERMINED:
        return report.verdict.value, report.cause, kind_of(report, evidence)
    doubts = {line.step for line in report.steps if line.outcome is Verdict.UNKNOWN} - _BLURRED
    well = forwards and not doubts
    return (UNVERIFIED if well else report.verdict.value), None, None


def kind_of(report: Report, evidence: Evidence) -> Kind | None:
    """The class of a problem; None of all else."""
    if report.verdict is not Overall.PROBLEM:
        return None
    if not isinstance(evidence.environment, Missing) and not signs_of(
        evidence.function, evidence.environment
    ):
        return Kind.NOT_INSTRUMENTED
    return Kind.QUIET if report.cause == "invoked" else Kind.BLIND


def _signed(found: Configuration) -> bool:
    return isinstance(found.environment, Missing) or bool(
        signs_of(found.function, found.environment)
    )


def _settled(stack: Stack | Missing) -> datetime | None:
    return None if isinstance(stack, Missing) else settled_at(stack)


def shape(evidence: Evidence, *, forwards: bool) -> object:
    """
    All that the steps may judge a first look by, of one account and region.

    Functions of one shape are judged once: names, times and counts are only told, by no step
    decided on, except whether there was an invocation since the integration settled.
    """
    size = evidence.environment_size
    return (
        _plain(evidence.function),
        _variables(evidence.environment),
        size if not isinstance(size, int) or size > _FULL_ENVIRONMENT else 0,
        _invoked(evidence.invocations, _settled(evidence.stack)),
        forwards,
    )


def _plain(function: LambdaFunction) -> object:
    handler, size = function.handler or "", function.code_size
    return (
        function.runtime,
        tool_defeating_by_handler(handler),
        tool_coexisting_by_handler(handler),
        handler.startswith("/opt/"),
        function.layers,
        function.update_status,
        function.error,
        size if size is None or size > _LARGE_CODE else 0,
    )


def _variables(environment: Environment | Missing) -> object:
    return environment if isinstance(environment, Missing) else frozenset(environment.items())


def _invoked(invocations: Invocations | Missing, settled: datetime | None) -> object:
    """Whether there was any, and whether one may have come after the integration settled."""
    if isinstance(invocations, Missing) or not invocations.sums:
        return invocations if isinstance(invocations, Missing) else None
    if settled is None:
        return True
    return bool(invoked_since(invocations, settled) or may_include(invocations, settled))
