"""Whether the bot hears of deployments: its queues, what waits in them, and the trail that fills them."""

from __future__ import annotations

from bot.aws.accounts import Accounts
from bot.aws.by_number import location_of
from bot.aws.locate import Location
from bot.aws.queues import Depth, depth
from bot.aws.trail.status import records_changes
from bot.doctor.model import Check, ok, problem, unknown
from bot.settings import EventQueue
from checks.evidence import Missing

GRANT = "Add what slsdiag policy --watch prints to the role's policy."
MANY = 1_000
"""Messages: more than a bot that works leaves waiting."""


def queues(accounts: Accounts, channel: str | None) -> list[Check]:
    """Two checks for each queue of the settings that `channel` may see; none where none is set."""
    visible = [
        queue
        for queue in accounts.settings.events
        if channel is None or not accounts.hidden(queue.account, channel)
    ]
    return [check for queue in visible for check in _of(accounts, queue)]


def _of(accounts: Accounts, queue: EventQueue) -> list[Check]:
    name = f"{queue.account}/{queue.region}"
    place = location_of(accounts, queue.account, queue.region)
    if place is None:
        saw = "The account of the queue is not configured, or does not answer."
        remedy = "Name the account in SLSDIAG_ACCOUNTS, or take its queue out of SLSDIAG_EVENTS."
        return [problem(f"events:{name}", saw, remedy)]
    return [_queue(f"events:{name}", depth(place, queue.url)), _trail(f"trail:{name}", place)]


def _queue(check: str, found: Depth | Missing) -> Check:
    if isinstance(found, Missing):
        return problem(check, found.why, GRANT) if found.action else unknown(check, found.why)
    waits = f"{found.waiting:,} waiting, {found.in_flight:,} being taken"
    if isinstance(found.dead, Missing):
        return unknown(check, f"{waits}; dead letters: {found.dead.why}")
    if found.dead is None:
        remedy = "Make the queue by slsdiag watch template."
        return problem(check, f"{waits}; it has no queue of dead letters.", remedy)
    if found.dead:
        saw = f"{waits}; {found.dead:,} dead letters: messages that slsdiag could not read."
        return problem(check, saw, "Look at them in the queue of dead letters, then purge it.")
    if found.waiting > MANY:
        return problem(check, f"{waits}.", "Check that a bot or a worker runs and reads the queue.")
    return ok(check, f"{waits}; no dead letters.")


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
