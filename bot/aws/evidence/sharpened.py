"""Invocations in the hour in which the integration settled, as finely as CloudWatch keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.aws.evidence.metric_data import HOUR, MINUTE
from bot.aws.evidence.metrics import Span, invocation_sums, start_of_hour
from bot.aws.evidence.request import FunctionRequest
from checks.evidence import Invocations, Missing
from checks.timeline import invoked_since, may_include

_KEPT_BY_PERIOD = ((MINUTE, timedelta(days=15)), (300, timedelta(days=63)))


def sharpened(
    request: FunctionRequest, resources: Sequence[str], counts: Invocations, settled: datetime
) -> Invocations | Missing:
    """With the hour of `settled` in finer periods, if only that hour may hold later ones."""
    period = next((p for p, age in _KEPT_BY_PERIOD if request.now - settled < age), HOUR)
    if period == HOUR or invoked_since(counts, settled) or not may_include(counts, settled):
        return counts
    hour = start_of_hour(settled)
    span = Span(period, hour, hour + timedelta(hours=1))
    wanted = {request.name: resources}
    finer = invocation_sums(request.account, request.region, wanted, span, ("Invocations",))
    if isinstance(finer, Missing):
        return finer
    rest = [entry for entry in counts.sums if entry[0] != hour]
    sums = sorted([*rest, *finer["Invocations", request.name]], reverse=True)
    return replace(counts, sums=tuple(sums))
