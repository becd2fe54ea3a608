"""
What comes late, or in part, is no answer.

For each demo function everything is read once; then again and again from what was remembered, each time
with one read spoiled. A function that is not healthy must never be called healthy, and no check
may report a problem that it does not report when everything is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ClientError

from bot.aws import operations as op
from bot.aws.client import Account, token_names
from bot.aws.evidence.gather import FunctionRequest, gather
from bot.aws.operations import Operation
from bot.aws.parallel import GivenUp, Rates
from bot.playground.account import FakeAws
from bot.playground.account.demo_functions import DEMO_FUNCTIONS, ORG, plant
from bot.playground.account.model import AwsAccount
from checks.evidence import Expected
from checks.function_ref import FunctionRef
from checks.model import Verdict
from checks.report import Report
from checks.runbook import walk

LOG = "the log, by a pattern"

pytestmark = pytest.mark.slow

Which = Callable[[Operation, Mapping[str, Any]], bool]
Spoil = Callable[[Operation, Mapping[str, Any]], Mapping[str, Any]]


def _all_of(wanted: Operation) -> Which:
    return lambda operation, _: operation is wanted


def _metric(namespace: str, period: int) -> Which:
    def fits(operation: Operation, arguments: Mapping[str, Any]) -> bool:
        if operation is not op.METRIC_DATA:
            return False
        first = arguments["MetricDataQueries"][0]["MetricStat"]
        return (first["Metric"]["Namespace"], first["Period"]) == (namespace, period)

    return fits


def _listed(namespace: str) -> Which:
    return lambda o, arguments: o is op.LIST_METRICS and arguments["Namespace"] == namespace


METRICS: Mapping[str, Which] = {
    "invocations of a day": _metric("AWS/Lambda", 60),
    "earlier invocations": _metric("AWS/Lambda", 3600),
    "invocations of versions": _metric("AWS/Lambda", 86_400),
    "deliveries": _metric("AWS/Firehose", 300),
    "what was forwarded": _metric("AWS/Logs", 300),
    "when others forwarded": _metric("AWS/Logs", 3600),
}
LISTS: Mapping[str, Which] = {
    "versions by number": _listed("AWS/Lambda"),
    "filters of the region": _listed("AWS/Logs"),
    LOG: lambda o, arguments: o is op.LOG_EVENTS and "filterPattern" in arguments,
    "the log, every line": lambda o, a: o is op.LOG_EVENTS and "filterPattern" not in a,
    **{
        each.action: _all_of(each)
        for each in (
            op.LIST_ALIASES,
            op.LIST_STACKS,
            op.METRIC_DATA,
            op.METRIC_STREAMS,
            op.FILTERS,
            op.LOG_GROUPS,
            op.ACCOUNT_POLICIES,
            op.EVENT_RULES,
        )
    },
}
SINGLE: Mapping[str, Which] = {
    "a version": lambda o, arguments: o is op.FUNCTION_CONFIGURATION and "Qualifier" in arguments,
    **{
        f"{each.service} {each.method}": _all_of(each)
        for each in (op.DESCRIBE_STACKS, op.STACK_EVENTS, op.DELIVERY_STREAM, op.ROLE)
    },
    "the function's own role": _all_of(op.FUNCTIONS_ROLE),
    "trails": _all_of(op.DESCRIBE_TRAILS),
    "whether a trail is logging": _all_of(op.TRAIL_STATUS),
    "what another trail records": _all_of(op.EVENT_SELECTORS),
}
NEVER_ASKED = {op.WHO_AM_I, op.LIST_FUNCTIONS, op.TAGGED, op.LOOKUP_EVENTS}
NEEDED: Mapping[str, str] = {
    "forwarded by the account's policy": op.ACCOUNT_POLICIES.action,
    "SDK from npm or PyPI": LOG,
    "SDK in the image": LOG,
    "own start script": LOG,
    "another tool's wrapper, yet payloads": LOG,
    "update failed for the owner's reason": LOG,
}
"""What an unusual function is known by alone: without it, it is a problem by what is configured."""


def late(_: Operation, __: Mapping[str, Any]) -> Mapping[str, Any]:
    """The wave is over before it comes."""
    raise GivenUp


def _endless() -> Spoil:
    """Pages without end that hold nothing."""
    numbers = count()

    def endless(operation: Operation, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        empty = {name: [] if isinstance(v, list) else v for name, v in answer.items()}
        return empty | {token_names(operation)[1]: f"more-{next(numbers)}"}

    return endless


def partial_data(operation: Operation, answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """CloudWatch says so itself."""
    none = {"Timestamps": [], "Values": [], "StatusCode": "PartialData"}
    return {**answer, "MetricDataResults": [r | none for r in answer["MetricDataResults"]]}


@dataclass
class Remembered(Account):
    """Asks AWS each thing once."""

    memory: dict[str, dict[str, Any]] = field(default_factory=dict)
    which: Which = lambda *_: False
    spoil: Spoil = late

    def call(self, operation: Operation, region: str, **arguments: Any) -> dict[str, Any]:
        spoiled = self.which(operation, arguments)
        if spoiled and self.spoil is late:
            raise GivenUp
        token = token_names(operation)[0]
        if str(arguments.get(token)).startswith("more-"):
            del arguments[token]
        key = f"{operation.method} {region} {arguments}"
        if key not in self.memory:
            try:
                self.memory[key] = super().call(operation, region, **arguments)
            except ClientError as error:
                self.memory[key] = {"raises": error}
        if "raises" in self.memory[key]:
            raise self.memory[key]["raises"]
        return dict(self.spoil(operation, self.memory[key])) if spoiled else self.memory[key]


@dataclass
class Known:
    """A demo function, and how it is judged with all of its evidence."""

    name: str
    account: Remembered
    aws: FakeAws
    planted: dict[str, AwsAccount]
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    whole: Report | None = None
    asked: list[tuple[Operation, Mapping[str, Any]]] = field(default_factory=list)

    def note(self, *asked: Any) -> bool:
        """Spoils nothing."""
        self.asked.append(asked)
        return False

    def report(self, which: Which = lambda *_: False, spoil: Spoil = late) -> Report:
        self.aws.accounts = self.planted
        self.account.which, self.account.spoil = which, spoil
        wanted = DEMO_FUNCTIONS[self.name]
        request = FunctionRequest(self.account, wanted.region, FunctionRef("checkout"), self.now)
        expected = Expected(ORG if wanted.cause == "payload_names_our_org" else None)
        return walk(gather(request, expected=expected, answers={}))


@pytest.fixture(scope="module")
def known(session) -> Iterator[list[Known]]:
    found = []
    with FakeAws() as aws, pytest.MonkeyPatch.context() as patched:
        patched.setenv("AWS_ENDPOINT_URL", aws.url)
        for name, wanted in DEMO_FUNCTIONS.items():
            aws.accounts = {}
            plant(aws.account(), wanted, wanted.languages[0])
            account = Remembered(session, Rates(1.0), "123456789012")
            one = Known(name, account, aws, aws.accounts)
            one.whole = one.report(one.note)
            found.append(one)
        yield found


def _problems(report: Report) -> set[str]:
    return {line.step for line in report.steps if line.outcome is Verdict.PROBLEM}


def _wrong(known: list[Known], read: str, which: Which, spoil: Spoil) -> Iterator[str]:
    for each in known:
        if not any(which(*asked) for asked in each.asked):
            continue
        whole, part = each.whole, each.report(which, spoil)
        if part.verdict == "healthy" != whole.verdict:
            yield f"{each.name}: healthy"
        new = _problems(part) - _problems(whole)
        if new and read != NEEDED.get(each.name):
            yield f"{each.name}: {new}"


SPOILED = [
    *((read, which, late) for read, which in {**METRICS, **LISTS, **SINGLE}.items()),
    *((read, which, _endless()) for read, which in LISTS.items()),
    *((read, which, partial_data) for read, which in METRICS.items()),
]


@pytest.mark.parametrize(
    ("read", "which", "spoil"),
    [pytest.param(*each, id=f"{each[0]} {each[2].__name__}") for each in SPOILED],
)
def test_what_is_late_or_in_part_is_no_answer(known, read, which, spoil):
    wrong = list(_wrong(known, read, which, spoil))

    assert wrong == [], "\n".join(wrong)


def test_every_operation_of_a_check_is_spoiled(known):
    asked = {operation for each in known for operation, _ in each.asked}
    whiches = [which for _, which, _ in SPOILED]

    assert asked | NEVER_ASKED == set(op.OPERATIONS)
    for each in known:
        for operation, arguments in each.asked:
            spoiled = any(which(operation, arguments) for which in whiches)
            assert spoiled or operation is op.FUNCTION_CONFIGURATION
