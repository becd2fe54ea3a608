"""
Whether the bot hears of deployments: its queues, the rules and the trail that fill them, and what arrived.

AWS is asked what waits and whether anything may come; the store, what came and how far the event history was read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from bot.aws import event_rules
from bot.aws.accounts import Accounts
from bot.aws.by_number import location_of
from bot.aws.locate import Location
from bot.aws.queues import Depth, depth, oldest
from bot.aws.trail.status import records_changes
from bot.doctor import arrivals
from bot.doctor.model import Check, ok, problem, skipped, unknown
from bot.regions import partition_of
from bot.settings import EventQueue
from bot.store.events import Arrival
from checks.evidence import Missing
from checks.grammar import duration

GRANT = "Add what slsdiag policy --watch prints to the role's policy."
MAKE = "Make the queue by slsdiag watch template."
RUNS = "Check that a bot or a worker runs and reads the queue."
MANY = 1_000
"""Messages: more than a bot that works leaves waiting."""
LONG = timedelta(minutes=15)
"""Likewise of how long one waits: what cannot be read is a dead letter earlier."""


def queues(
    accounts: Accounts, channel: str | None, arrived: Mapping[str, Arrival] | str
) -> list[Check]:
    """
    Of each queue of the settings that `channel` may see; none where none is set.

    `arrived` is what the store knows, by place, or why that is not known.
    """
    visible = [
        queue
        for queue in accounts.settings.events
        if channel is None or not accounts.hidden(queue.account, channel)
    ]
    return [check for queue in visible for check in _of(accounts, queue, arrived)]


def _of(
    accounts: Accounts, queue: EventQueue, arrived: Mapping[str, Arrival] | str
) -> Iterator[Check]:
    place = location_of(accounts, queue.account, queue.region)
    if place is None:
        saw = "The account of the queue is not configured, or does not answer."
        remedy = "Name the account in SLSDIAG_ACCOUNTS, or take its queue out of SLSDIAG_EVENTS."
        yield problem(f"events:{queue.place}", saw, remedy)
    else:
        yield _queue(queue, place)
        yield _rules(queue, place)
        yield _trail(f"trail:{queue.place}", place)
    if isinstance(arrived, str):
        yield skipped(f"last_event:{queue.place}", arrived)
        return
    yield from arrivals.judged(queue.place, arrived[queue.place], datetime.now(UTC))


def _queue(queue: EventQueue, place: Location) -> Check:
    check, found = f"events:{queue.place}", depth(place, queue.url)
    if isinstance(found, Missing):
        return unknown(check, found.why, GRANT if found.action else None)
    age = oldest(place, queue.url, datetime.now(UTC))
    waits = f"{found.waiting:,} waiting, {found.in_flight:,} being taken{_age(found, age)}"
    if found.dead is None:
        return problem(check, f"{waits}; it has no queue of dead letters.", MAKE)
    if found.dead and not isinstance(found.dead, Missing):
        letters = "1 dead letter" if found.dead == 1 else f"{found.dead:,} dead letters"
        saw = f"{waits}; {letters}: messages that slsdiag could not read."
        return problem(check, saw, "Look at them in the queue of dead letters, then purge it.")
    if found.waiting > MANY or (isinstance(age, timedelta) and age > LONG):
        return problem(check, f"{waits}.", RUNS)
    return _unread(check, waits, found, age) or ok(check, f"{waits}; no dead letters.")


def _age(found: Depth, age: timedelta | Missing | None) -> str:
    """Of the oldest message, where one waits and it was measured."""
    waits = found.waiting + found.in_flight > 0 and isinstance(age, timedelta)
    return f", the oldest for {duration(age)}" if waits and isinstance(age, timedelta) else ""


def _unread(check: str, waits: str, found: Depth, age: timedelta | Missing | None) -> Check | None:
    """None where everything was read."""
    if isinstance(found.dead, Missing):
        remedy = GRANT if found.dead.action else None
        return unknown(check, f"{waits}; dead letters: {found.dead.why}", remedy)
    if isinstance(age, Missing):
        remedy = GRANT if age.action else None
        return unknown(check, f"{waits}; the age of the oldest: {age.why}", remedy)
    if age is None and found.waiting:
        return unknown(
            check, f"{waits}; CloudWatch has not measured yet how long the oldest waits."
        )
    return None


def _rules(queue: EventQueue, place: Location) -> Check:
    """Every rule of the template: there, enabled, and with the queue as a target."""
    check, arn = f"rules:{queue.place}", _arn(queue, place)
    wrong, unread = [], list[Missing]()
    for name in event_rules.NAMES:
        rule = event_rules.rule(place, name)
        if isinstance(rule, Missing):
            unread.append(rule)
        elif rule is None:
            wrong.append(f"{name} does not exist")
        elif not rule.enabled:
            wrong.append(f"{name} is disabled")
        elif arn not in rule.targets:
            wrong.append(f"{name} does not send to the queue")
    if wrong:
        remedy = "Enable the rules, or deploy again what slsdiag watch template prints."
        return problem(check, f"{', '.join(wrong)}.", remedy)
    if unread:
        return unknown(check, unread[0].why, GRANT if unread[0].action else None)
    return ok(check, f"{len(event_rules.NAMES)} rules are enabled and send to the queue.")


def _arn(queue: EventQueue, place: Location) -> str:
    name = queue.url.rpartition("/")[2]
    return f"arn:{partition_of(place.region) or 'aws'}:sqs:{queue.region}:{queue.account}:{name}"


def _trail(check: str, place: Location) -> Check:
    records = records_changes(place)
    if isinstance(records, Missing):
        return unknown(check, records.why, GRANT if records.action else None)
    if records:
        return ok(check, "A trail records management events.")
    return problem(
        check,
        "No trail records management events, so calls come by the catch-up alone, minutes late.",
        "Create a trail for management events: the first copy is free (AWS CloudTrail pricing).",
    )
