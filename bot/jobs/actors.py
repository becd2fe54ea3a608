"""
What a worker does with a nudge: call the handler of its kind, and log what goes wrong.

A handler makes the claim itself, and finds nothing to claim when the nudge is late or
doubled. When it raises, or dies with its process, the due set brings the member back after
the lease. What was claimed often enough without a result is set aside, and its kind's
`give_up` then frees whoever waits for it. A member of an unknown kind is set aside at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog
from dramatiq import Actor

from bot.jobs.broker import Broker
from bot.store.due import TRIES, Claim, Due
from bot.store.quarantine import Quarantine

GIVE_UP_LEASE = timedelta(seconds=60)
UNCLAIMED_LEASE = timedelta(seconds=20)
"""For how long a member that could not even be claimed stays out of the way of others."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """How the work of one kind is done."""

    handle: Callable[[str], None]
    give_up: Callable[[Claim], object]
    """
    Frees and informs whoever waits for the work. It is parked already.

    What is saved under the claim counts; a new due time takes it back from the parked members.
    """


def declare_actors(
    broker: Broker,
    due: Due,
    quarantine: Quarantine,
    jobs: Mapping[str, Job],
    may_work: Callable[[], bool],
) -> None:
    """
    Make all queues do the job of a nudge's kind with its id.

    `may_work` is False while the store is another workspace's: what is due there is not ours.
    """
    workers = _Workers(due, quarantine, jobs, may_work)
    for queue in broker.queues:
        Actor(
            workers.work,
            broker=queue,
            actor_name=queue.name,
            queue_name=queue.name,
            priority=0,
            options={},
        )


class _Workers:
    def __init__(
        self,
        due: Due,
        quarantine: Quarantine,
        jobs: Mapping[str, Job],
        may_work: Callable[[], bool],
    ) -> None:
        self._may_work = may_work
        self._due, self._quarantine, self._jobs = due, quarantine, jobs
        self._handlers = quarantine.guarding({kind: job.handle for kind, job in jobs.items()})

    def work(self, kind: str, id_: str) -> None:
        """Never raises: nobody would catch it."""
        if not self._may_work():
            return
        try:
            if kind not in self._jobs:
                self._set_aside(kind, id_)
            elif (tries := self._due.tries(kind, id_)) < TRIES:
                self._handle(kind, id_, tries)
            elif claim := self._due.claim(kind, id_, GIVE_UP_LEASE):
                self._give_up(claim)
        except Exception:  # its lease brings it back; the worker goes on with the rest
            log.exception("work_failed", kind=kind, id=id_)

    def _handle(self, kind: str, id_: str, tries: int) -> None:
        try:
            self._handlers[kind](id_)
        except Exception:  # of any kind: it is counted, and raised again
            if self._due.tries(kind, id_) == tries:  # it never came to a claim: that counts, too
                self._due.claim(kind, id_, UNCLAIMED_LEASE)
            raise

    def _give_up(self, claim: Claim) -> None:
        log.error("given_up", kind=claim.kind, id=claim.id)
        self._due.park(claim)  # first: a give_up that fails is not repeated forever
        try:
            self._jobs[claim.kind].give_up(claim)
        except Exception:  # it must not come back forever because nobody could be told
            log.exception("give_up_failed", kind=claim.kind, id=claim.id)
        finally:
            self._due.finish(claim)

    def _set_aside(self, kind: str, id_: str) -> None:
        """Only what is due, and nobody works on: a release that knows the kind may hold it."""
        if self._due.claim(kind, id_, GIVE_UP_LEASE):
            self._quarantine.set_aside(kind, id_, None, unknown_kind=True)
        log.warning("kind_unknown", kind=kind, id=id_)
