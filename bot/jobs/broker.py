"""
Nudges on their way to a worker, over the same Redis.

A message is (kind, id) and says no more than "look whether this is due". Nothing is tried
again and nothing is kept here: a nudge that is lost, or comes twice, does no harm. There
are three queues, so that long looks never keep a message from being posted, nor a scan a
person's look; each has a broker of its own, because Dramatiq wants one worker a broker.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import structlog
from dramatiq import Message, Worker
from dramatiq.brokers.redis import RedisBroker
from redis.exceptions import RedisError

from bot.store.connection import connect
from bot.store.due import CHUNK, ENTRY

LOOK, POST, SCAN = "look", "post", "scan"
NAMESPACE = "slsdiag"
QUEUES = tuple(f"{NAMESPACE}:{name}" for name in (LOOK, POST, SCAN))
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
            namespace=NAMESPACE,
            heartbeat_timeout=5_000,
            maintenance_chance=1_000_000,
        )
        self.name = name
        self.declare_queue(name)

    def declare_queue(self, queue_name: str) -> None:
        """Without its delayed twin."""
        self.queues.add(queue_name)

    def waiting(self) -> int:
        """How many nudges no worker has taken yet."""
        return int(self.client.llen(f"{self.namespace}:{self.name}"))


class Broker:
    """All queues."""

    def __init__(self, url: str) -> None:
        """Costs no round trip."""
        self.look = Queue(url, LOOK)
        self.post = Queue(url, POST)
        self.scan = Queue(url, SCAN)
        self._sender = ThreadPoolExecutor(1, thread_name_prefix="nudge")

    @property
    def queues(self) -> tuple[Queue, ...]:
        """Each of them."""
        return self.look, self.post, self.scan

    def soon(self, kind: str, id_: str) -> None:
        """Nudge without waiting for the store: somebody waits for an acknowledgement."""
        self._sender.submit(self.nudge, kind, id_)

    def nudge(self, kind: str, id_: str) -> None:
        """Have a worker look at it now; when that fails, the clock will do it."""
        queue = {ENTRY: self.post, CHUNK: self.scan}.get(kind, self.look)
        try:
            queue.enqueue(Message(queue.name, queue.name, (kind, id_), {}, {}))
        except RedisError as error:
            log.warning("nudge_failed", kind=kind, id=id_, error=type(error).__name__)

    def waiting(self) -> int:
        """How many nudges no worker has taken yet."""
        return sum(queue.waiting() for queue in self.queues)

    def close(self) -> None:
        """Send what is to be sent soon, then let the connections go."""
        self._sender.shutdown()
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


def start_workers(broker: Broker, look_threads: int, post_threads: int) -> Workers:
    """Work on all queues, on scans as much as on looks; the actors must be declared."""
    threads = {broker.look: look_threads, broker.post: post_threads, broker.scan: look_threads}
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
