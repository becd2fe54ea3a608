"""
OpenTelemetry traces, where OTEL_EXPORTER_OTLP_ENDPOINT says where to send them.

Needs the extra `otel`. The trace's id is the id in the log, so that one leads to the other; an
acknowledgement and the checks that follow it, in whatever process, are one trace. The standard
OTEL_… variables are read by the SDK itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

import structlog

from bot.observability.tracing import OK, Act, ActKind, Watcher, current

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
TIMEOUTS = ("OTEL_EXPORTER_OTLP_TIMEOUT", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT")
PATIENCE = 3.0
"""Seconds with a collector that is away, instead of the SDK's ten: the end of the process waits."""
LACKING = "is set, but slsdiag was installed without its extra otel: there are no traces."

log = structlog.get_logger(__name__)


def watcher(environment: Mapping[str, str]) -> Watcher | None:
    """What makes a span of each act; None where it is not wanted, or not installed."""
    wanted = next((name for name in ENDPOINTS if environment.get(name)), None)
    if wanted is None:
        return None
    try:
        return _spans(None if any(map(environment.get, TIMEOUTS)) else PATIENCE)
    except ImportError:
        log.warning("no_traces", why=f"{wanted} {LACKING}")
        return None


@cache
def _spans(patience: float | None) -> Watcher:
    tracer = _tracer(patience)
    from opentelemetry.trace import Status, StatusCode  # noqa: PLC0415 - an extra

    @contextmanager
    def spanned(act: Act) -> Iterator[None]:
        if act.kind is ActKind.AWS_REQUEST:
            yield
            return
        attributes = {f"slsdiag.{name}": value for name, value in act.labels.items()}
        # never the exception itself: its text may hold what was read
        with tracer.start_as_current_span(
            f"{act.kind} {act.name}",
            attributes=attributes,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield
            finally:
                span.set_attribute("slsdiag.code", act.code)
                if act.code != OK:
                    span.set_status(Status(StatusCode.ERROR))

    return spanned


def _tracer(patience: float | None) -> Tracer:
    """One that sends in the background, and what is left when the process ends."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 - an extra
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator  # noqa: PLC0415

    class Ids(RandomIdGenerator):
        """The request's id names the trace."""

        def generate_trace_id(self) -> int:
            return int(current(), 16) if current() else super().generate_trace_id()

    provider = TracerProvider(
        id_generator=Ids(), resource=Resource.create({"service.name": "slsdiag"})
    )
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(timeout=patience)))
    return provider.get_tracer("slsdiag")
