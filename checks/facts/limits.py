"""AWS's limits that steps go by."""

from __future__ import annotations

from datetime import timedelta

from checks.facts.fact import Certainty, Fact

_QUOTAS = "AWS Lambda quotas"

FILTERS: Fact[tuple[int, int]] = Fact(
    "Subscription filters a log group takes: at least, at most",
    (2, 5),
    "two: botocore 1.44.5, PutSubscriptionFilter; five: AWS's quota page, by cfn-lint's E2529 "
    "(aws-cloudformation/cfn-lint #4688, September 2026)",
    Certainty.CONTESTED,
)
LAYERS: Fact[int] = Fact("Layers a function", 5, _QUOTAS, Certainty.DOCUMENTED)
ENVIRONMENT: Fact[int] = Fact(
    "Bytes of all variables of a function together", 4096, _QUOTAS, Certainty.DOCUMENTED
)
CODE: Fact[int] = Fact(
    "Bytes of code and layers together, unzipped", 262_144_000, _QUOTAS, Certainty.DOCUMENTED
)
LONGEST_RUN: Fact[timedelta] = Fact(
    "The longest timeout of a function", timedelta(minutes=15), _QUOTAS, Certainty.DOCUMENTED
)
FIREHOSE_BUFFER: Fact[timedelta] = Fact(
    "How long Firehose keeps records back at most",
    timedelta(minutes=15),
    "Amazon Data Firehose, BufferingHints",
    Certainty.DOCUMENTED,
)
METRIC_QUERIES: Fact[int] = Fact(
    "Queries of one GetMetricData", 500, "CloudWatch API reference", Certainty.DOCUMENTED
)
METRIC_POINTS: Fact[tuple[int, int]] = Fact(
    "Data points a second of GetMetricData, for an account and region: as older pages have it for "
    "what began more than three hours ago, and as newer ones have it",
    (90_000, 396_000),
    "CloudWatch service quotas; counted by time range and period, whether or not there are values",
    Certainty.DOCUMENTED,
)
