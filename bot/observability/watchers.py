"""The watchers of what a serving process does: its metrics, its log, and its traces if wanted."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import structlog

from bot.observability import metrics, spans
from bot.observability.tracing import Act, ActKind, watch

log = structlog.get_logger(__name__)


def begin(environment: Mapping[str, str] = os.environ) -> None:
    """At the start of a process; a second time changes nothing."""
    watch(metrics.count)
    watch(logged)
    if traced := spans.watcher(environment):
        watch(traced)


@contextmanager
def logged(act: Act) -> Iterator[None]:
    """A line for each act that is over, at DEBUG; the id comes by itself (see bot/observability/logging.py)."""
    try:
        yield
    finally:
        if act.kind is not ActKind.AWS_REQUEST:
            log.debug(
                act.kind.value,
                name=act.name,
                seconds=round(act.seconds, 4),
                code=act.code,
                **act.labels,
            )
