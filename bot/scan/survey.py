"""
The first tier: a region's functions, by calls a page.

It decides by the same steps as one check. What it does not read is missing there, so it may be
less certain than a check and is never different (bot/scan/judgment.py). Where nothing of that could
change the answer, as in an account without an integration, it is as exact as a check.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.aws.evidence import inventory
from bot.aws.evidence.account import AccountParts
from bot.aws.evidence.configuration import Configuration
from bot.aws.evidence.gather import parts_of
from bot.aws.evidence.region import RegionParts
from bot.aws.locate import Location
from bot.scan.judgment import Judgment, deciding_parts, judged, nameless, settled_of
from bot.scan.memory import basis_of
from bot.scan.model import NEWS, Seen
from checks.evidence import Evidence, Expected, Invocations, Missing
from checks.model import Overall
from checks.s030_function_instrumented import signs_of

NOT_READ = Missing("The first tier of a scan does not read it.")
_BEHIND = Missing("Its log forwarded events, which CloudWatch has not counted as invocations yet.")


@dataclass
class FirstTier:
    """One account and region."""

    place: Location
    account: AccountParts
    region: RegionParts
    expected: Expected
    now: datetime
    forwarding: frozenset[str] | Missing
    _judged: dict[object, Judgment] = field(default_factory=dict)

    def seen(self, configurations: Sequence[Configuration]) -> Iterator[Seen]:
        """At most `inventory.AT_ONCE` functions."""
        names = [configured.function.name for configured in configurations]
        sums = inventory.invocations(self.place.account, self.place.region, names, self.now)
        sums |= self._earlier(configurations, sums)
        for configured in configurations:
            yield self._seen(configured, sums[configured.function.name])

    def _earlier(
        self,
        configurations: Sequence[Configuration],
        sums: dict[str, Invocations | Missing],
    ) -> dict[str, Invocations | Missing]:
        """Of instrumented functions that nobody invoked lately, as far back as CloudWatch has sums."""
        settled = settled_of(self.account.stack)
        idle = [
            configured.function.name
            for configured in configurations
            if _signed(configured)
            and isinstance(counts := sums[configured.function.name], Invocations)
            and not counts.sums
            and (settled is None or settled < counts.looked_from)
        ]
        if not idle:
            return {}
        place = self.place
        return inventory.invocations(place.account, place.region, idle, self.now, inventory.KEPT)

    def _seen(self, configuration: Configuration, invocations: Invocations | Missing) -> Seen:
        function, group = configuration.function, configuration.log_group
        forwards = not isinstance(self.forwarding, Missing) and group in self.forwarding
        counted = self._counted(configuration, invocations, forwards=forwards)
        judgment = self._judgment(self._evidence(configuration, counted), forwards=forwards)
        suspicious = judgment.kind in NEWS or judgment.verdict == Overall.UNDETERMINED.value
        parts = configuration, self.account, self.region, self.expected, judgment
        sums = invocations.sums if isinstance(invocations, Invocations) else ()
        return Seen(
            function.name,
            function.region,
            function.account,
            judgment.verdict,
            judgment.cause,
            judgment.kind,
            sum(count for _, _, count in sums),
            exact=judgment.decided,
            saw=judgment.saw,
            impact=judgment.impact,
            headline=nameless(judgment.headline, function.name),
            runtime=function.runtime,
            basis=basis_of(*parts) if suspicious and not judgment.decided else None,
        )

    def _judgment(self, evidence: Evidence, *, forwards: bool) -> Judgment:
        """Made once for all functions that are alike."""
        like = deciding_parts(evidence, forwards=forwards)
        if like not in self._judged:
            self._judged[like] = judged(evidence, forwards=forwards)
        return self._judged[like]

    def _evidence(
        self, configuration: Configuration, invocations: Invocations | Missing
    ) -> Evidence:
        return Evidence(
            now=self.now,
            function=configuration.function,
            environment=configuration.environment,
            environment_size=configuration.environment_size,
            **parts_of(AccountParts, self.account),
            **parts_of(RegionParts, self.region),
            log_group=NOT_READ,
            filters=NOT_READ,
            invocations=invocations,
            log=NOT_READ,
            traffic=NOT_READ,
            expected=self.expected,
        )

    def _counted(
        self, configuration: Configuration, invocations: Invocations | Missing, *, forwards: bool
    ) -> Invocations | Missing:
        """
        No sums mean little where its log forwarded something: they lag, and a check reads the log.

        A bare function that was idle for two weeks was not necessarily always idle.
        """
        if isinstance(invocations, Missing) or invocations.sums:
            return invocations
        if forwards:
            return _BEHIND
        if _signed(configuration):
            return invocations
        settled = settled_of(self.account.stack)
        covered = settled is not None and settled >= invocations.looked_from
        return invocations if covered else NOT_READ


def _signed(configuration: Configuration) -> bool:
    return isinstance(configuration.environment, Missing) or bool(
        signs_of(configuration.function, configuration.environment)
    )
