"""The region's parts: the two pipes that carry logs and metrics away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.aws import firehose, metrics
from bot.aws.door import Account
from bot.aws.waves import Wave
from checks.evidence import DeliveryStream, MetricPipe, Missing
from checks.evidence.region import LOG_FIREHOSE, METRIC_FIREHOSE


@dataclass(frozen=True, slots=True)
class RegionParts:
    """The same for every function of the region."""

    log_firehose: DeliveryStream | Missing | None
    metric_pipe: MetricPipe | Missing


def region_parts(wave: Wave, account: Account, region: str, now: datetime) -> RegionParts:
    """What it delivered is told only of a stream that exists."""
    found = wave.ask("Firehose", lambda: firehose.delivery_stream(account, region, LOG_FIREHOSE))
    share = wave.ask("deliveries", lambda: metrics.delivered_share(account, region, now))
    pipe = wave.ask("metric stream", lambda: _pipe(account, region))
    stream, delivered = wave.get(found), wave.get(share)
    if isinstance(stream, DeliveryStream):
        stream = replace(stream, delivered_share=delivered)
    return RegionParts(stream, wave.get(pipe))


def _pipe(account: Account, region: str) -> MetricPipe | Missing:
    """Its Firehose is looked at only where there is no metric stream."""
    state = metrics.metric_stream(account, region)
    if isinstance(state, Missing):
        return state
    if state is not None:
        return MetricPipe(state)
    found = firehose.delivery_stream(account, region, METRIC_FIREHOSE)
    if isinstance(found, Missing):
        return MetricPipe(None, None, found.why)
    return MetricPipe(None, found is not None)
