"""What is wrong with the filter that carries log lines to the platform, as findings of its step."""

from __future__ import annotations

from checks.actions import turn_off_and_on
from checks.error_remedies import REMEDIES, for_function
from checks.evidence import Filter, Forwarding, LambdaFunction, LogGroup, Missing
from checks.evidence.function import FILTER_NAME, our_filter
from checks.evidence.region import LOG_FIREHOSE
from checks.facts.error_texts import ErrorKind
from checks.filter_slots import leads_to, listed
from checks.grammar import counted, times
from checks.log.filter_pattern import lets_payloads_through
from checks.model import Action, Finding, Page, notice, problem, unknown

Filters = tuple[Filter, ...] | Missing


def our_way(filters: Filters, account_filters: Filters | None) -> Filter | None:
    """On the log group, else one of the account's policies that leads to us."""
    if isinstance(filters, Missing):
        return None
    if own := our_filter(filters):
        return own
    policies = account_filters if isinstance(account_filters, tuple) else ()
    return next((policy for policy in policies if policy.reaches_us), None)


def gap_at_filter(
    function: LambdaFunction,
    log_group: LogGroup | Missing,
    filters: Filters,
    account_filters: Filters | None,
) -> Finding | None:
    """Whether log lines leave the group at all, in our direction, payloads among them."""
    if isinstance(filters, Missing):
        return None
    ours = our_way(filters, account_filters)
    if ours is None and isinstance(log_group, LogGroup) and log_group.takes_filters is False:
        return _class_takes_none(function, log_group)
    if ours is None:
        return _no_filter(function, filters, account_filters)
    if not ours.reaches_us:
        return _leads_elsewhere(function, ours)
    if lets_payloads_through(ours.pattern) is False:
        return _pattern_lets_none_through(function, ours)
    return None


def _class_takes_none(function: LambdaFunction, log_group: LogGroup) -> Finding:
    return problem(
        "log_class",
        REMEDIES[ErrorKind.LOG_CLASS].headline,
        f"The log group {log_group.name} is of the class {log_group.log_class}, which takes no "
        "subscription filters.",
        *for_function(ErrorKind.LOG_CLASS, function),
    )


def _no_filter(
    function: LambdaFunction, filters: tuple[Filter, ...], account_filters: Filters | None
) -> Finding:
    others = f" It has {listed(filters, function)}." if filters else ""
    hidden = (
        f" Whether a policy of the account's forwards its lines is not known: {account_filters.why}"
        if isinstance(account_filters, Missing)
        else ""
    )
    return problem(
        "no_filter",
        "The logs filter is missing",
        f"The log group has no filter {FILTER_NAME}, so no trace leaves it.{others}{hidden}",
        *turn_off_and_on(function),
    )


def _leads_elsewhere(function: LambdaFunction, ours: Filter) -> Finding:
    return problem(
        "filter_elsewhere",
        "The logs filter leads elsewhere",
        f"{ours.name} leads to {leads_to(ours, function)}, not to {LOG_FIREHOSE}.",
        Action(f"Delete the filter {ours.name} of that log group", Page.MONITOR),
        *turn_off_and_on(function),
    )


def _pattern_lets_none_through(function: LambdaFunction, ours: Filter) -> Finding:
    return problem(
        "pattern",
        "The logs filter's pattern lets no payload through",
        f"{ours.name}'s pattern ({ours.pattern}) lets no payload through.",
        Action("Empty the filter's pattern, or delete the filter", Page.MONITOR),
        *turn_off_and_on(function),
    )


def undelivered(
    function: LambdaFunction, forwarding: Forwarding | Missing | None, ours: Filter | None
) -> Finding | None:
    """CloudWatch Logs counts what the destination refused, as for a role that is gone."""
    if forwarding is None or isinstance(forwarding, Missing) or not forwarding.errors:
        return None
    name = ours.name if ours else FILTER_NAME
    failure = f"CloudWatch Logs could not deliver {times(forwarding.errors)} by {name} lately"
    if not forwarding.forwarded:
        return problem(
            "not_delivered",
            "The logs filter cannot deliver",
            f"{failure}, and delivered nothing: its role may be gone, or may not write to the stream.",
            *turn_off_and_on(function),
        )
    return notice(
        "partly_delivered",
        "The logs filter could not deliver some lines",
        f"{failure}, beside {counted(forwarding.forwarded, 'event')} that it forwarded.",
    )


def unclear_pattern(function: LambdaFunction, ours: Filter | None) -> Finding | None:
    """A pattern in a form of which it cannot be said what it lets through."""
    if ours is None or lets_payloads_through(ours.pattern) is not None:
        return None
    return unknown(
        "pattern_unclear",
        "Can't tell whether the filter's pattern fits",
        f"Whether {ours.name}'s pattern ({ours.pattern}) lets payloads through is unclear.",
        Action("Empty the filter's pattern, which lets every line through", Page.MONITOR),
        *turn_off_and_on(function),
    )
