"""
What the bot sees of one function: through what is cached, by the store's clock.

Evidence is cached by scope, for requests that do not want a fresh check. A part that could not be
read is never cached: the permission may be granted the next minute.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

import structlog

from bot.aws.accounts import Accounts
from bot.aws.client import Account
from bot.aws.evidence.account import AccountParts
from bot.aws.evidence.function import FunctionParts
from bot.aws.evidence.region import RegionParts
from bot.aws.local_flight import UnderWay
from bot.aws.locate import Names, nothing_stored
from bot.changes.lookup import who_changed
from bot.changes.memory import Seen, checked, known_since, last_well
from bot.changes.repository import Setups, place_key
from bot.conversation import Conversation
from bot.diagnosis.gather import FunctionCheck, Observer, function_check, nobody
from bot.diagnosis.held_evidence import HeldEvidence
from bot.diagnosis.model import Diagnosis
from bot.diagnosis.service import NOT_FOR_THIS_CHANNEL
from bot.diagnosis.work import Confirmed, Progress
from bot.errors import Ambiguous, NoSuchFunction, SlsdiagError, UsageError
from bot.store.coding import Unreadable, decode, encode
from bot.store.connection import StoreError
from bot.store.sharing import SharedValues
from bot.target import Target
from checks.change import Changed, Untold
from checks.evidence import DeploymentEvents, Evidence, LambdaFunction, Missing
from checks.model import Symptom
from checks.report import Report, Subject

log = structlog.get_logger(__name__)
T = TypeVar("T")
NAMED_WITHIN = 40.0
"""Seconds; CloudTrail was reported to take 35 (docs/facts/aws.md), and nobody waits for the card."""
CHANGED_FOR = timedelta(days=1)
SCOPES: dict[str, type[Any]] = {
    "account": AccountParts,
    "region": RegionParts,
    "function": FunctionParts,
    "events": DeploymentEvents,
}


@dataclass
class EvidenceCache:
    """A `Cache` of bot/aws/evidence/request.py. `fresh` reads again, and caches what it read."""

    shared: SharedValues
    under_way: UnderWay
    ttl: timedelta
    fresh: bool
    oldest: datetime | None = None
    """When the oldest part was read that came from the store."""

    def __call__(self, key: str, read: Callable[[], T], /) -> T:
        """The parts of one scope."""
        if not self.fresh and (cached := self._cached(key)) is not None:
            parts: T = cached
            return parts
        value = self.under_way(key, read)
        if self.ttl and _whole(value):
            self.shared.put(key, encode(value), self.ttl)
        return value

    def _cached(self, key: str) -> Any:
        stored = self.shared.get(key)
        if stored is None:
            return None
        text, read_at = stored
        try:
            value = decode(SCOPES[key.partition(":")[0]], text)
        except Unreadable:
            return None
        self.oldest = min(self.oldest or read_at, read_at)
        return value


def _whole(value: Any) -> bool:
    """Whether every part of it was read."""
    parts = [getattr(value, field.name) for field in fields(value)]
    parts += [getattr(part, field.name) for part in parts for field in _fields(part)]
    return not any(isinstance(part, Missing) for part in parts)


def _fields(value: Any) -> Any:
    return fields(value) if hasattr(value, "__dataclass_fields__") else ()


class Request(Protocol):
    """A check or a triage: which function is meant, where, and who wants to know."""

    @property
    def ref(self) -> Target: ...
    @property
    def place(self) -> Conversation: ...


@dataclass(frozen=True)
class CachedGatherer:
    """Its dependencies are passed in."""

    accounts: Accounts
    shared: SharedValues
    ttl: timedelta
    """Zero keeps nothing."""
    now: Callable[[], datetime]
    names: Names = nothing_stored
    """What is stored of a place's functions, for suggestions."""
    setups: Setups | None = None
    """What checks saw before; None where nothing is remembered."""
    _under_way: UnderWay = field(default_factory=UnderWay)

    def report(self, diagnosis: Diagnosis, progress: Progress, confirmed: Confirmed) -> Report:
        """A `Checker` of `DiagnosisWork`; raises a SlsdiagError when nothing can be checked."""
        cache = self.cache(fresh=diagnosis.fresh)
        now = self.now()

        def read(check: FunctionCheck) -> Report:
            evidence = check.evidence(progress, confirmed=confirmed, cache=cache, now=now)
            self._hold(evidence, diagnosis)
            return check.judged(evidence, Symptom.BOTH)

        report = self._checked(diagnosis, read, fresh=diagnosis.fresh)
        return replace(report, checked_at=cache.oldest) if cache.oldest else report

    def evidence(self, request: Request, /, *, fresh: bool) -> Evidence:
        """A `Gatherer` of `TriageService`; raises likewise."""
        cache, now = self.cache(fresh=fresh), self.now()
        read = self._checked
        evidence = read(request, lambda it: it.evidence(cache=cache, now=now), fresh=fresh)
        if self.accounts.hidden(evidence.function.account, request.place.channel):
            raise UsageError(NOT_FOR_THIS_CHANNEL)
        self._hold(evidence, request)
        return evidence

    def changed(self, request: Request, report: Report, /) -> Changed:
        """
        Who made the change that the report's cause is about; a `ChangeLookup` of `Aftermath`.

        A channel reads it, so no IAM user is named. What was found is kept: it does not change any more.
        """
        assert report.sought  # noqa: S101 - narrows: only such a report is asked about
        try:
            account = self._function_check(request).account_of(report)
        except SlsdiagError:  # the settings have changed meanwhile
            return Changed(report.sought.at, why=Untold.UNREACHABLE)
        function = report.function
        seen = self.setups.seen(_place(account, function), function.name) if self.setups else []
        sought = known_since(report.sought, last_well(seen, report.cause))
        key = f"changed:{account.key}:{sought}"
        if stored := self.shared.get(key):
            with suppress(Unreadable):
                return decode(Changed, stored[0])
        found = who_changed(account, sought, self.now(), seconds=NAMED_WITHIN, users=False)
        if found.by and sought.at:
            self.shared.put(key, encode(found), CHANGED_FOR)
        return found

    def cache(self, *, fresh: bool) -> EvidenceCache:
        """For one check, which reads all of it again where it is `fresh`."""
        return EvidenceCache(self.shared, self._under_way, self.ttl, fresh=fresh)

    def _checked(self, request: Request, read: Callable[[FunctionCheck], T], *, fresh: bool) -> T:
        """What is not fresh was noted when it was read."""
        check = self._function_check(request, self._note if fresh else nobody)
        try:
            return read(check)
        except (NoSuchFunction, Ambiguous):  # they name what there is instead
            self.accounts.recheck(check.places, request.place.channel)
            raise

    def _hold(self, evidence: Evidence, request: Request) -> None:
        """Also what was read in part: a bundle shows what was seen."""
        if self.ttl:
            HeldEvidence(self.shared, self.accounts).hold(evidence, request.place.channel)

    def _note(self, account: Account, evidence: Evidence) -> None:
        setup, function = checked(evidence), evidence.function
        if self.setups is None or setup is None:
            return
        try:
            self.setups.note(_place(account, function), {function.name: setup})
        except (StoreError, OSError) as error:  # the check goes on without
            log.warning("setup_not_noted", error=type(error).__name__)

    def remembered(self, setups: Setups, diagnosis: Diagnosis) -> list[Seen]:
        """
        Setups of a report's function that checks saw, oldest first.

        None where the settings no longer lead to the function.
        """
        if diagnosis.report is None:
            return []
        try:
            account = self._function_check(diagnosis).account_of(diagnosis.report)
        except SlsdiagError:
            return []
        function = diagnosis.report.function
        return setups.seen(_place(account, function), function.name)

    def _function_check(self, request: Request, seen: Observer = nobody) -> FunctionCheck:
        return function_check(
            request.ref,
            accounts=self.accounts,
            channel=request.place.channel,
            who=request.place.user,
            names=self.names,
            seen=seen,
        )


def _place(account: Account, function: LambdaFunction | Subject) -> str:
    return place_key(account.key, function.account, function.region)
