"""
Is a subscription filter free for the platform?

Traces leave the log group through one of its few subscription filters. When others hold all
of them, instrumenting the function fails.

Runbook: Check for Function Instrumentation Errors
"""

from __future__ import annotations

from collections.abc import Mapping

from checks.actions import EDIT, where_supported
from checks.evidence import Expected, Filter, LambdaFunction, Missing
from checks.evidence.function import our_filter
from checks.facts.error_texts import ErrorKind, classify
from checks.facts.limits import FILTERS
from checks.filter_slots import Slots, described, limit_of, listed, room_for_ours, slots
from checks.grammar import counted, others, verb
from checks.instrumentation_errors import texts_of
from checks.model import Action, Finding, Hop, Page, notice, ok, problem

HOP = Hop.FILTER
PAGE = Page.MONITOR
SHORT_NAME = "subscription filter free"
CODES = ("full", "may_be_full")
FILTER = "subscription filter"
INSTRUMENT = Action(
    "Instrument the function; remove a filter only if Dashboard then reports LimitExceeded",
    Page.DASHBOARD,
    way=EDIT,
)


def check(
    function: LambdaFunction,
    filters: tuple[Filter, ...],
    account_filters: tuple[Filter, ...] | Missing | None,
    most_filters: int | Missing | None,
    expected: Expected,
    answers: Mapping[str, str],
) -> Finding:
    """A count that reaches the limit proves that no slot is left, or AWS's own error."""
    if ours := our_filter(filters):
        return ok(f"{ours.name} is on the log group, with {others(len(filters) - 1)}.")
    besides = _of_account(account_filters, function)
    refused = _refused(function, answers)
    state = slots(filters, expected, most_filters)
    if filters and (refused or state is Slots.FULL):
        proof = " AWS refused one more." if refused else ""
        return _full(function, filters, f"{proof}{besides}")
    if state is Slots.UNCLEAR:
        return _may_be_full(function, filters, besides)
    taken = _taken(len(filters), limit_of(expected, most_filters))
    named = f": {listed(filters, function)}" if filters else ""
    return ok(f"{taken}{named}.{besides}")


def _refused(function: LambdaFunction, answers: Mapping[str, str]) -> bool:
    """Whether AWS said, to Lambda or to Dashboard, that there is no room."""
    texts = texts_of(function, answers)
    return any(classify(text) is ErrorKind.FILTER_LIMIT for text in texts)


def _full(function: LambdaFunction, filters: tuple[Filter, ...], besides: str) -> Finding:
    return problem(
        "full",
        f"No room for the logs filter: {len(filters)} taken",
        f"No slot is left on the log group, which has {_named(function, filters)}.{besides}",
        *room_for_ours(function, filters),
    )


def _may_be_full(function: LambdaFunction, filters: tuple[Filter, ...], besides: str) -> Finding:
    return notice(
        "may_be_full",
        f"There may be no room for the logs filter: {len(filters)} taken",
        f"The log group has {_named(function, filters)}. Whether it takes "
        f"{' or '.join(map(str, FILTERS.value))} is not known.{besides}",
        *where_supported(function, INSTRUMENT),
    )


def _named(function: LambdaFunction, filters: tuple[Filter, ...]) -> str:
    return f"{counted(len(filters), FILTER)}: {listed(filters, function)}"


def _taken(count: int, limit: int | None) -> str:
    of = f"{count} of {limit} subscription filters" if limit else counted(count, FILTER)
    return f"{of} {verb(count)} taken"


def _of_account(
    account_filters: tuple[Filter, ...] | Missing | None, function: LambdaFunction
) -> str:
    if account_filters is None or isinstance(account_filters, Missing):
        return ""
    return "".join(
        f" A policy of the account's forwards its lines as well: {described(filter_, function)}."
        for filter_ in account_filters
    )
