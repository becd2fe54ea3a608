"""
What GET /metrics shows, besides what the Prometheus client itself measures of the process.

Labels come from our own tables: services, operations, methods, queues and classes, never names of
people or functions. Only what scans counted has the numbers of accounts, of a bounded number of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.observability.tracing import Act, ActKind

TIMER_LATENESS = Histogram(
    "slsdiag_timer_lateness_seconds",
    "How long after its end a triage's wait was checked.",
    buckets=(0.5, 1, 1.5, 2, 3, 5, 10, 20, 30, 60, 120, 600),
)
ACK = Histogram(
    "slsdiag_ack_seconds",
    "From a request of Slack's that arrived to its answer; Slack waits for three seconds.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5),
)
VERDICT = Histogram(
    "slsdiag_verdict_seconds",
    "From a request to its report, saved.",
    buckets=(0.25, 0.5, 1, 2, 3, 5, 10, 20, 30, 60, 120),
)
AWS_CALLS = Counter(
    "slsdiag_aws_calls", "Requests to AWS, each try counted.", ("service", "operation")
)
AWS_THROTTLES = Counter(
    "slsdiag_aws_throttles",
    "Those that AWS throttled.",
    ("service", "operation"),
)
SLACK_CALLS = Counter("slsdiag_slack_calls", "Calls of Slack's Web API.", ("method",))
SLACK_LIMITED = Counter("slsdiag_slack_limited", "Those that Slack answered with 429.", ("method",))
SLACK_REFUSED = Counter(
    "slsdiag_slack_refused",
    "Those that Slack refused, by what it means: wait, not_here, our_fault, limited, unclear.",
    ("method", "means"),
)
STORE_FORGOT = Counter(
    "slsdiag_store_forgot", "Times that the store was found without anything it had held."
)
WATCH_LAG = Histogram(
    "slsdiag_watch_lag_seconds",
    "From the arrival of a deployment's first event to the first results of its checks.",
    buckets=(1, 5, 15, 30, 60, 90, 120, 125, 130, 135, 150, 180, 300, 600),
)
WATCH_EVENTS = Counter(
    "slsdiag_watch_events", "New events, by source: call, state, stack, catch_up.", ("source",)
)
WATCH_DROPPED = Counter(
    "slsdiag_watch_dropped",
    "Events that led to nothing, by reason: doubled, failed, other, not_configured, unreadable.",
    ("reason",),
)
LIMITED = "ratelimited"
THROTTLED = "throttled"


@contextmanager
def count(act: Act) -> Iterator[None]:
    """A watcher of bot/observability/tracing.py."""
    try:
        yield
    finally:
        _counted(act)


def _counted(act: Act) -> None:
    match act.kind:
        case ActKind.ACK:
            ACK.observe(act.seconds)
        case ActKind.AWS_REQUEST:
            AWS_CALLS.labels(act.labels["service"], act.name).inc()
            if act.code == THROTTLED:
                AWS_THROTTLES.labels(act.labels["service"], act.name).inc()
        case ActKind.SLACK:
            SLACK_CALLS.labels(act.name).inc()
            if act.code == LIMITED:
                SLACK_LIMITED.labels(act.name).inc()
            if means := act.labels.get("refusal"):
                SLACK_REFUSED.labels(act.name, means).inc()


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits in the store, at one moment. Ages in seconds, 0 where nothing waits."""

    outbox_oldest: float
    due_oldest: float
    queues: Mapping[str, int]
    """Nudges that no worker has taken yet."""
    parked: int


@dataclass(frozen=True, slots=True)
class Functions:
    """How many functions of one account and region a scan found in one class."""

    account: str
    region: str
    class_: str
    number: int


class _Functions(Collector):
    """Read at each scrape; all processes of a bot show the same."""

    def __init__(self, read: Callable[[], Sequence[Functions]]) -> None:
        self._read = read

    def collect(self) -> Iterator[GaugeMetricFamily]:
        gauge = GaugeMetricFamily(
            "slsdiag_functions",
            "Functions by the last scan of each account and region; the same in every process.",
            labels=["account", "region", "class"],
        )
        for each in self._read():
            gauge.add_metric([each.account, each.region, each.class_], each.number)
        yield gauge


class _Store(Collector):
    """Read at each scrape; of a store that is away only that is shown."""

    def __init__(self, read: Callable[[], Backlog | None]) -> None:
        self._read = read

    def collect(self) -> Iterator[GaugeMetricFamily]:
        backlog = self._read()
        yield _gauge("store_up", "Whether the store answered.", float(backlog is not None))
        if backlog is None:
            return
        yield _gauge(
            "outbox_oldest_seconds",
            "Age of the oldest message that Slack has not taken.",
            backlog.outbox_oldest,
        )
        yield _gauge(
            "due_oldest_seconds",
            "How long the longest due thing waits for a worker.",
            backlog.due_oldest,
        )
        yield _gauge("parked", "Things put aside for a person to look at.", backlog.parked)
        waiting = GaugeMetricFamily(
            "slsdiag_queue_waiting", "Nudges that no worker has taken.", labels=["queue"]
        )
        for queue, length in backlog.queues.items():
            waiting.add_metric([queue], length)
        yield waiting


def registry(
    read: Callable[[], Backlog | None], functions: Callable[[], Sequence[Functions]] = tuple
) -> CollectorRegistry:
    """All of this process's, and its store's; both give nothing within a second at the latest."""
    both = CollectorRegistry(auto_describe=False)
    both.register(REGISTRY)  # what collects may be collected
    both.register(_Store(read))
    both.register(_Functions(functions))
    return both


def _gauge(name: str, help_text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"slsdiag_{name}", help_text, value=value)
