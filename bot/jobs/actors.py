"""
What a worker does with a nudge: call the handler of its kind, and log what goes wrong.

A handler claims the thing itself, and finds nothing to claim when the nudge is late or
doubled. When it raises, or dies with its process, the due set brings the thing back after
the lease. What was claimed often enough without a result is handed to `give_up`, then put
aside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog
from dramatiq import Actor

from bot.jobs.broker import Broker
from bot.store.due import Claim, Due

Handler = Callable[[str], None]
GiveUp = Callable[[Claim], None]
GIVE_UP_LEASE = timedelta(seconds=60)

log = structlog.get_logger(__name__)


def declare_actors(
    broker: Broker, due: Due, handlers: Mapping[str, Handler], give_up: GiveUp
) -> None:
    """Make all queues call the handler of a nudge's kind with its id."""

    def work(kind: str, id_: str) -> None:
        try:
            _do(kind, id_, due, handlers, give_up)
        except Exception:
            log.exception("work_failed", kind=kind, id=id_)

    for queue in broker.queues:
        Actor(
            work,
            broker=queue,
            actor_name=queue.name,
            queue_name=queue.name,
            priority=0,
            options={},
        )


def _do(kind: str, id_: str, due: Due, handlers: Mapping[str, Handler], give_up: GiveUp) -> None:
    if kind not in handlers:
        log.warning("kind_unknown", kind=kind, id=id_)
    elif not due.spent(kind, id_):
        handlers[kind](id_)
    elif claim := due.claim(kind, id_, GIVE_UP_LEASE):
        log.error("given_up", kind=kind, id=id_)
        give_up(claim)
        due.park(claim)
