"""
One look at one function: what was typed → where it may be → evidence → report.

Plugs settings, AWS and the runbook together for whoever asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from bot.aws.asked import Asked, Keep, anew
from bot.aws.evidence import Progress, gather
from bot.aws.places import Place, did_you_mean, elsewhere
from bot.errors import NoSuchFunction
from bot.reach import Reach
from bot.settings import LookingSettings, looking_settings
from bot.target import Target, parse
from bot.tracing import Kind, acting
from checks.evidence import Evidence, Expected
from checks.model import Symptom
from checks.report import Report
from checks.runbook import walk


@dataclass(frozen=True)
class Look:
    """A function as it was named, which may be looked at any number of times."""

    places: Sequence[Place]
    """Where it may be, the first one first."""
    target: Target
    org: str | None
    settings: LookingSettings
    answers: Mapping[str, str]

    def report(
        self,
        symptom: Symptom,
        progress: Progress = lambda _: None,
        *,
        keep: Keep = anew,
        now: datetime | None = None,
    ) -> Report:
        """Gather and walk the runbook; where it was found elsewhere than asked, say so."""
        report = walk(self.evidence(progress, keep=keep, now=now), symptom)
        first, found = self.places[0], report.function
        if found.region == first.region and first.account.id in {None, "", found.account}:
            return report
        said = f"Not in {first.region}: found in {found.region} of {found.account}."
        return replace(report, summary=f"{report.summary} {said}")

    def evidence(
        self,
        progress: Progress = lambda _: None,
        *,
        keep: Keep = anew,
        now: datetime | None = None,
    ) -> Evidence:
        """Gather; `now` is the store's time where there is a store."""
        first, others = self.places[0], self.places[1:]
        read = partial(self._evidence, progress=progress, keep=keep, now=now or datetime.now(UTC))
        try:
            with acting(Kind.LOOK, "function"):
                return read(first)
        except NoSuchFunction as error:
            if not others:
                raise did_you_mean(error, first, self.target) from None
        return read(elsewhere(self.target, first, others))

    def _evidence(self, place: Place, *, progress: Progress, keep: Keep, now: datetime) -> Evidence:
        org = self.org or place.org_id or self.settings.org_id
        return gather(
            Asked(place.account, place.region, self.target.name, self.target.qualifier, now),
            expected=Expected(org, self.settings.filter_limit),
            answers=self.answers,
            progress=progress,
            keep=keep,
        )


def look(
    text: str,
    *,
    region: str | None,
    account: str | None,
    org: str | None,
    answers: Mapping[str, str],
    reach: Reach | None = None,
    channel: str | None = None,
    who: str | None = None,
) -> Look:
    """How to look at what `text` names, for `who`; raises a SlsdiagError in words."""
    target = parse(text, region=region, account=account)
    reach = reach or Reach(looking_settings())
    reach.must_agree(target)
    return Look(reach.places(target, channel, who), target, org, reach.settings, answers)
