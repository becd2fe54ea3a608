"""
Nudges on their way to a worker, over the same Redis.

A message is (kind, id) and means no more than "this may be due". Nothing is repeated or
stored here: a nudge that is lost, or comes twice, does no harm. There are three queues, so
that long checks never hold up a message, nor a scan a person's check; each has a broker of
its own, because Dramatiq wants one worker a broker.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import cast

import structlog
from dramatiq import Message, Worker
from dramatiq.brokers.redis import RedisBroker
from redis.exceptions import RedisError

from bot.store import keys, scripts
from bot.store.connection import connect
from bot.store.due import CATCH_UP, CHUNK, DEPLOY, ENTRY, HOME

CHECK, POST, SCAN = "look", "post", "scan"  # in Redis, the chart and the metrics: names that stay
QUEUES = tuple(keys.QUEUE(name) for name in (CHECK, POST, SCAN))
"""The lists in which nudges wait."""
POLL = 200
"""Milliseconds; an idle worker notices a nudge within this."""
STOP_LIMIT = 9_000
"""Milliseconds, for the work at hand and then once more for the readers."""

log = structlog.get_logger(__name__)


class Queue(RedisBroker):
    """One queue, without the queue of delayed messages that is never used."""

    def __init__(self, url: str, name: str) -> None:
        """No middleware: it would repeat, time out or measure, and the due sets do."""
        super().__init__(  # type: ignore[no-untyped-call]
            client=connect(url, text=False),
            middleware=[],
            namespace=keys.NAMESPACE,
            heartbeat_timeout=5_000,
            maintenance_chance=1_000_000,
        )
        when_full = scripts.read("when_full").text
        dispatch = cast(bytes, self.scripts["dispatch"].script)
        self.scripts["dispatch"] = self.client.register_script(when_full.encode() + dispatch)
        self.name = name
        self.declare_queue(name)

    def declare_queue(self, queue_name: str) -> None:
        """Without its delayed twin."""
        self.queues.add(queue_name)

    def waiting(self) -> int:
        """How many nudges no worker has taken yet."""
        return int(self.client.llen(keys.QUEUE(self.name)))


class Broker:
    """All queues."""

    def __init__(self, url: str) -> None:
        """Costs no round trip."""
        self.check = Queue(url, CHECK)
        self.post = Queue(url, POST)
        self.scan = Queue(url, SCAN)
        self._sender = ThreadPoolExecutor(1, thread_name_prefix="nudge")

    @property
    def queues(self) -> tuple[Queue, ...]:
        """Each of them."""
        return self.check, self.post, self.scan

    def queue_of(self, kind: str) -> Queue:
        """Where nudges of that kind wait."""
        scans = dict.fromkeys((CHUNK, DEPLOY, CATCH_UP), self.scan)
        return {ENTRY: self.post, HOME: self.post, **scans}.get(kind, self.check)

    def soon(self, kind: str, id_: str) -> None:
        """Nudge without waiting for the store: somebody waits for an acknowledgement."""
        self._sender.submit(self.nudge, kind, id_)

    def nudge(self, kind: str, id_: str) -> None:
        """Have a worker do it now; when that fails, the clock brings it back."""
        queue = self.queue_of(kind)
        try:
            queue.enqueue(Message(queue.name, queue.name, (kind, id_), {}, {}))
        except RedisError as error:
            log.warning("nudge_failed", kind=kind, id=id_, error=type(error).__name__)

    def waiting(self) -> int:
        """How many nudges no worker has taken yet."""
        return sum(queue.waiting() for queue in self.queues)

    def close(self) -> None:
        """Let the connections go; the clock makes up for a nudge that was not sent yet."""
        self._sender.shutdown(cancel_futures=True)
        for queue in self.queues:
            queue.client.close()


class Workers:
    """Threads of this process that do the work."""

    def __init__(self, workers: list[Worker]) -> None:
        """They run already."""
        self._workers = workers

    def stop(self) -> None:
        """Finish what is at hand, within 20 seconds; the rest comes back by its lease."""
        with ThreadPoolExecutor(len(self._workers)) as pool:
            list(pool.map(_stop, self._workers))


def start_workers(broker: Broker, check_threads: int, post_threads: int) -> Workers:
    """Work on all queues, on scans as much as on checks; the actors must be declared."""
    threads = {broker.check: check_threads, broker.post: post_threads, broker.scan: check_threads}
    workers = [
        Worker(queue, worker_threads=count, worker_timeout=POLL) for queue, count in threads.items()
    ]
    for worker in workers:
        worker.start()
    return Workers(workers)


def _stop(worker: Worker) -> None:
    try:
        worker.stop(timeout=STOP_LIMIT)
    except RedisError as error:
        log.warning("worker_left_nudges", error=type(error).__name__)
