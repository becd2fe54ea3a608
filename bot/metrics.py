"""What GET /metrics tells, besides what the Prometheus client itself knows of the process."""

from __future__ import annotations

from prometheus_client import Histogram

TIMER_LATENESS = Histogram(
    "slsdiag_timer_lateness_seconds",
    "How long after its time a triage's wait was looked at.",
    buckets=(0.5, 1, 1.5, 2, 3, 5, 10, 20, 30, 60, 120, 600),
)
