"""
Functions of one account and region that are checked at about the same time.

Some of what a check reads costs as many calls for all of them as for one: CloudWatch's sums, and
what is the same for the whole region. What could not be read for all is read for each alone, unless
AWS refuses it to this role. A check of one function is a batch of one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from bot.aws.client import Account, Pages
from bot.aws.errors import or_missing
from bot.aws.evidence import metrics
from bot.aws.evidence.metrics import Recent, Sums
from bot.aws.evidence.once import Once
from bot.aws.operations import LIST_METRICS
from checks.evidence import Forwarding, Missing
from checks.evidence.function import FILTER_NAME

T = TypeVar("T")
Many = Callable[[Sequence[str]], Mapping[str, T] | Missing]
MOST = 50
"""Functions of a batch: sums by the minute of some thirty busy ones fill a page of CloudWatch's."""
_PAGES = 20
_PAGES_OF_ONE = 10


def default_group(name: str) -> str:
    """Where Lambda logs to by default."""
    return f"/aws/lambda/{name}"


@dataclass(frozen=True, slots=True)
class Batch:
    """`of_place` outlasts the batch: what is the same for all batches of a place is read once."""

    account: Account
    region: str
    names: tuple[str, ...]
    now: datetime
    """When this was wanted; aware, UTC."""
    of_place: Once = field(default_factory=Once)
    _read: Once = field(default_factory=Once)

    def recent(self, name: str) -> Recent | Missing:
        """Invocations and errors of the last day, by the minute."""
        return self._of(name, "recent", self._recent)

    def older(self, name: str) -> Sums | Missing:
        """Earlier invocations, by the hour."""
        return self._of(name, "older", self._older)

    def forwarding(self, name: str) -> Forwarding | Missing:
        """What our filter on the log group that Lambda makes forwarded lately."""
        return self._of(name, "forwarding", self._forwarding)

    def qualifiers(self, name: str) -> frozenset[str] | Missing:
        """
        The aliases and versions by which it was invoked within two weeks.

        CloudWatch's Resource is then "name:live" or "name:7".
        """
        if len(self.names) > 1:
            most = min(_PAGES, len(self.names))
            of_all = self.once("qualifiers", partial(self._qualifiers, None, most))
            if not isinstance(of_all, Missing):
                return of_all.get(name, frozenset())
            if of_all.action is not None:
                return of_all
        alone = partial(self._qualifiers, name, _PAGES_OF_ONE)
        of_one = self._read(f"qualifiers of {name}", alone)
        return of_one if isinstance(of_one, Missing) else of_one.get(name, frozenset())

    def once(self, what: str, read: Callable[[], T]) -> T:
        """What `read` gives, which is the same for every function of the place."""
        return self.of_place(f"{what}:{self.account.key}:{self.region}", read)

    def _of(self, name: str, what: str, read: Many[T]) -> T | Missing:
        values = self._read(what, lambda: read(self.names))
        if isinstance(values, Missing) and values.action is None and len(self.names) > 1:
            values = read((name,))
        return values if isinstance(values, Missing) else values[name]

    def _recent(self, names: Sequence[str]) -> Mapping[str, Recent] | Missing:
        return metrics.recent(self.account, self.region, _whole(names), self.now)

    def _older(self, names: Sequence[str]) -> Mapping[str, Sums] | Missing:
        return metrics.older(self.account, self.region, _whole(names), self.now)

    def _forwarding(self, names: Sequence[str]) -> Mapping[str, Forwarding] | Missing:
        groups = {default_group(name): name for name in names}
        read = metrics.forwarding(self.account, self.region, [*groups], self.now, FILTER_NAME)
        if isinstance(read, Missing):
            return read
        return {groups[group]: forwarded for group, forwarded in read.items()}

    def _qualifiers(self, name: str | None, most: int) -> Mapping[str, frozenset[str]] | Missing:
        """Of one function, or of all that were invoked by any; at most so many pages."""
        of_one = [{"Name": "FunctionName", "Value": name}] if name else []

        def read() -> Mapping[str, frozenset[str]]:
            found: dict[str, set[str]] = defaultdict(set)
            pages = Pages(
                self.account,
                self.region,
                LIST_METRICS,
                most,
                Namespace="AWS/Lambda",
                MetricName="Invocations",
                Dimensions=[*of_one, {"Name": "Resource"}],
            )
            for page in pages.all():
                for function, qualifier in map(_qualified, page.get("Metrics") or []):
                    found[function] |= {qualifier} - {""}
            return {function: frozenset(some) for function, some in found.items() if some}

        return or_missing(LIST_METRICS, self.region, read)


def _whole(names: Iterable[str]) -> Mapping[str, Sequence[str]]:
    return dict.fromkeys(names, ())


def _qualified(metric: Mapping[str, Any]) -> tuple[str, str]:
    """The function and the qualifier of one of CloudWatch's metrics."""
    named = (one["Value"] for one in metric["Dimensions"] if one["Name"] == "Resource")
    name, _, qualifier = next(named, "").partition(":")
    return name, qualifier
