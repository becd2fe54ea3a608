"""What a desk sees of one function: through what is kept, by the store's clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.aws.under_way import UnderWay
from bot.diagnosis.desk import Progress
from bot.diagnosis.model import Diagnosis
from bot.kept import Kept
from bot.looking import Look, look
from bot.reach import Reach
from bot.store.evidence import Evidence as Shared
from bot.triage.model import Triage
from checks.evidence import Evidence
from checks.model import Symptom
from checks.report import Report


@dataclass(frozen=True)
class Sight:
    """All it needs is handed in."""

    reach: Reach
    shared: Shared
    ttl: timedelta
    """Zero keeps nothing."""
    now: Callable[[], datetime]
    _under_way: UnderWay = field(default_factory=UnderWay)

    def report(self, diagnosis: Diagnosis, progress: Progress) -> Report:
        """A `Looker` of the desk for asks; raises a SlsdiagError when nothing can be checked."""
        keep = self.keep(fresh=diagnosis.fresh)
        report = self._look(diagnosis).report(Symptom.BOTH, progress, keep=keep, now=self.now())
        return replace(report, checked_at=keep.oldest) if keep.oldest else report

    def evidence(self, triage: Triage, *, fresh: bool) -> Evidence:
        """A `Gatherer` of the desk for triages; raises likewise."""
        return self._look(triage).evidence(keep=self.keep(fresh=fresh), now=self.now())

    def keep(self, *, fresh: bool) -> Kept:
        """For one look, which reads all of it anew where it is `fresh`."""
        return Kept(self.shared, self._under_way, self.ttl, fresh=fresh)

    def _look(self, ask: Diagnosis | Triage) -> Look:
        return look(
            ask.target,
            region=ask.region,
            account=ask.account,
            org=None,
            answers={},
            reach=self.reach,
            channel=ask.channel,
            who=ask.place.user,
        )
