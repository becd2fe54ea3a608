"""
The region's parts: the two pipes that carry logs and metrics away.

From Firehose's and CloudWatch's answers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from botocore.exceptions import ClientError

from bot.aws.client import Account, Pages
from bot.aws.errors import code_of, or_missing
from bot.aws.evidence.metric_data import query, series
from bot.aws.operations import DELIVERY_STREAM, METRIC_DATA, METRIC_STREAMS
from bot.aws.parallel import Wave
from bot.aws.texts import plain
from checks.evidence import DeliveryStream, MetricPipe, Missing
from checks.evidence.region import BUFFER, COUNTED, LOG_FIREHOSE, METRIC_FIREHOSE, METRIC_STREAM

_PERIOD = 300
_NO_FIGURES = Missing("Records came in, and CloudWatch has no figures of deliveries.")
_PAGES = 10


@dataclass(frozen=True, slots=True)
class RegionParts:
    """The same for every function of the region."""

    log_firehose: DeliveryStream | Missing | None
    metric_pipe: MetricPipe | Missing


@dataclass(frozen=True, slots=True)
class Deliveries:
    """What the log Firehose did lately."""

    records_in: int
    share: float | Missing | None
    """Of what came in, the share that was delivered; None if nothing came in long enough ago."""


def region_parts(wave: Wave, account: Account, region: str, now: datetime) -> RegionParts:
    """What it delivered matters only of a stream that exists."""
    described = wave.ask("Firehose", _delivery_stream, account, region, LOG_FIREHOSE)
    counted = wave.ask("deliveries", _deliveries, account, region, now)
    running = wave.ask("metric stream", _metric_stream, account, region)
    leads = wave.ask("metric stream's Firehose", _delivery_stream, account, region, METRIC_FIREHOSE)
    stream = _counted(wave.get(described), wave.get(counted))
    return RegionParts(stream, _pipe(wave.get(running), wave.get(leads)))


def _counted(
    stream: DeliveryStream | Missing | None, counted: Deliveries | Missing
) -> DeliveryStream | Missing | None:
    if not isinstance(stream, DeliveryStream):
        return stream
    if isinstance(counted, Missing):
        return replace(stream, delivered_share=counted)
    return replace(stream, delivered_share=counted.share, records_in=counted.records_in)


def _pipe(
    state: str | Missing | None, leads: DeliveryStream | Missing | None
) -> MetricPipe | Missing:
    if isinstance(state, Missing):
        return state
    if isinstance(leads, Missing):
        return MetricPipe(
            state,
            None,
            leads.why,
            firehose_action=leads.action,
            firehose_denied_by=leads.denied_by,
        )
    return MetricPipe(state, leads is not None, None, leads.status if leads else None)


def _delivery_stream(account: Account, region: str, name: str) -> DeliveryStream | Missing | None:
    """The stream called `name`, None where there is none."""

    def read() -> DeliveryStream | None:
        try:
            answer = account.call(DELIVERY_STREAM, region, DeliveryStreamName=name, Limit=1)
        except ClientError as error:
            if code_of(error) == "ResourceNotFoundException":
                return None
            raise
        stream = answer["DeliveryStreamDescription"]
        failure = (stream.get("FailureDescription") or {}).get("Type")
        return DeliveryStream(
            str(stream["DeliveryStreamARN"]),
            str(stream["DeliveryStreamStatus"]),
            plain(failure) if failure else None,
        )

    return or_missing(DELIVERY_STREAM, region, read)


def _deliveries(account: Account, region: str, now: datetime) -> Deliveries | Missing:
    """
    What came into the log Firehose lately, and the share of it that was delivered.

    DeliveryToHttpEndpoint.Success is an average of 0 and 1 (AWS Firehose's metrics; from the
    documents, not seen on the platform's own stream).
    """
    of_ours = {"DeliveryStreamName": LOG_FIREHOSE}
    queries = [
        query("came", "AWS/Firehose", "IncomingRecords", "Sum", _PERIOD, of_ours),
        query(
            "went", "AWS/Firehose", "DeliveryToHttpEndpoint.Success", "Average", _PERIOD, of_ours
        ),
    ]

    def read() -> Deliveries:
        by_query = series(account, region, queries, now - COUNTED, now)
        came, went = by_query.get("came", []), [value for _, value in by_query.get("went", [])]
        due = any(value for at, value in came if at <= now - BUFFER)
        share = sum(went) / len(went) if went else (_NO_FIGURES if due else None)
        return Deliveries(int(sum(value for _, value in came)), share)

    return or_missing(METRIC_DATA, region, read)


def _metric_stream(account: Account, region: str) -> str | Missing | None:
    """The state of the metric stream, None where there is none."""

    def read() -> str | None:
        for page in Pages(account, region, METRIC_STREAMS, _PAGES).all():
            for stream in page.get("Entries") or []:
                if stream["Name"] == METRIC_STREAM:
                    return str(stream["State"])
        return None

    return or_missing(METRIC_STREAMS, region, read)
