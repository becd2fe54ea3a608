"""
One check of one function: a target → where it may be → evidence → report.

Plugs settings, AWS and the runbook together for whoever asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from bot.aws.accounts import OWN_HIDDEN, Accounts
from bot.aws.client import Account
from bot.aws.evidence.gather import Confirmed, Progress, gather
from bot.aws.evidence.request import Cache, FunctionRequest, uncached
from bot.aws.locate import Location, Names, did_you_mean, elsewhere, nothing_stored
from bot.aws.organization_places import more_locations
from bot.changes.lookup import who_changed
from bot.errors import NoSuchFunction, UsageError
from bot.observability.tracing import ActKind, acting
from bot.settings import AwsSettings, read_aws_settings
from bot.target import Target
from checks.evidence import Evidence, LambdaFunction
from checks.instrumentation_errors import still_valid
from checks.model import Symptom
from checks.report import Report, noted
from checks.runbook import walk

More = Callable[[], tuple[Sequence[Location], str]]
"""Further places where it may be, and why some are not among them."""


def _no_more() -> tuple[Sequence[Location], str]:
    return (), ""


Observer = Callable[[Account, Evidence], None]


def nobody(_: Account, __: Evidence) -> None:
    """For the command line, which remembers nothing."""


@dataclass(frozen=True)
class FunctionCheck:
    """A function as it was named, which may be checked any number of times."""

    places: Sequence[Location]
    """Where it may be, the first one first."""
    target: Target
    org: str | None
    settings: AwsSettings
    answers: Mapping[str, str]
    answered_at: datetime
    """When they were given: an error pasted then is void once a payload is newer."""
    names: Names = nothing_stored
    more: More = _no_more
    """Further places, asked for where it is in none of `places`; what is not among them."""

    seen: Observer = nobody
    """Is given what was read of a function, and by which account's credentials."""

    def report(
        self,
        symptom: Symptom,
        progress: Progress = lambda _: None,
        *,
        confirmed: Confirmed | None = None,
        cache: Cache = uncached,
        now: datetime | None = None,
    ) -> Report:
        """Gather and walk the runbook."""
        evidence = self.evidence(progress, confirmed=confirmed, cache=cache, now=now)
        return self.judged(evidence, symptom)

    def judged(self, evidence: Evidence, symptom: Symptom) -> Report:
        """What the runbook says of it; where it was found elsewhere than asked, say so."""
        return noted(walk(evidence, symptom), self.found_elsewhere(evidence.function))

    def found_elsewhere(self, function: LambdaFunction) -> str | None:
        """A sentence, where it is not in the first place; else None."""
        first = self.places[0]
        if function.region == first.region and first.account.id in {None, "", function.account}:
            return None
        return f"Not in {first.region}: found in {function.region} of {function.account}."

    def named(self, report: Report, *, seconds: float, users: bool) -> Report:
        """With who made the change that the cause is about, where it is about one."""
        if report.sought is None:
            return report
        account, now = self.account_of(report), datetime.now(UTC)
        changed = who_changed(account, report.sought, now, seconds=seconds, users=users)
        return replace(report, changed=changed)

    def account_of(self, report: Report) -> Account:
        """The account that the report is of; our own may not know its number."""
        number = report.function.account
        accounts = [place.account for place in self.places]
        of_number = (account for account in accounts if account.id == number)
        return next(of_number, accounts[0])

    def evidence(
        self,
        progress: Progress = lambda _: None,
        *,
        confirmed: Confirmed | None = None,
        cache: Cache = uncached,
        now: datetime | None = None,
    ) -> Evidence:
        """Gather; `now` is the store's time where there is a store."""
        read = partial(
            self._evidence,
            progress=progress,
            confirmed=confirmed,
            cache=cache,
            now=now or datetime.now(UTC),
        )
        try:
            with acting(ActKind.CHECK, "function"):
                return read(self.places[0])
        except NoSuchFunction as error:
            return read(self._elsewhere(error))

    def _elsewhere(self, error: NoSuchFunction) -> Location:
        """Where else it is; an `error` that says where it was looked for in vain."""
        first, others = self.places[0], self.places[1:]
        more, unasked = self.more()
        try:
            if not others and not more:
                raise did_you_mean(error, first, self.target, self.names) from None
            return elsewhere(self.target, first, [*others, *more], self.names)
        except NoSuchFunction as nowhere:
            if not unasked:
                raise
            raise NoSuchFunction(f"{nowhere} {unasked}", nowhere.candidates) from None

    def _evidence(
        self,
        place: Location,
        *,
        progress: Progress,
        confirmed: Confirmed | None,
        cache: Cache,
        now: datetime,
    ) -> Evidence:
        evidence = gather(
            FunctionRequest(place.account, place.region, self.target, now),
            expected=self.settings.expected(self.org or place.org_id),
            answers=self.answers,
            progress=progress,
            confirmed=confirmed,
            cache=cache,
        )
        self.seen(place.account, evidence)
        given = dict.fromkeys(self.answers, self.answered_at)
        return replace(evidence, answers=still_valid(self.answers, given, evidence))


def function_check(
    target: Target,
    *,
    org: str | None = None,
    answers: Mapping[str, str] = {},
    accounts: Accounts | None = None,
    channel: str | None = None,
    who: str | None = None,
    names: Names = nothing_stored,
    seen: Observer = nobody,
) -> FunctionCheck:
    """How to check `target` for `who`; raises a SlsdiagError in words."""
    accounts = accounts or Accounts(read_aws_settings())
    accounts.must_agree(target, channel)
    places: Sequence[Location] = accounts.locations(target, channel, who)
    more: More = partial(more_locations, accounts, target, channel, who)
    if not places:
        places, unasked = more()
        if not places:
            raise UsageError(unasked or OWN_HIDDEN)
        more = _no_more
    given = accounts.settings, answers, datetime.now(UTC), names, more, seen
    return FunctionCheck(places, target, org, *given)
