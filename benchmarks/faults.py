"""
Random mixes of refusals, throttling and server errors against every planted patient.

    python benchmarks/faults.py [MIXES] [SEED]

Counts false healthy, causes lost although their own evidence stayed readable, and calls that
would have changed something; exits 1 unless all are 0. Without faults the planted verdict must
come out, which tests hold.
"""

from __future__ import annotations

import os
import random
import sys
import threading
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import boto3

from bot.aws.door import Account
from bot.aws.evidence import Asked, gather
from bot.aws.rates import Rates
from bot.errors import SlsdiagError
from bot.playground.account import FakeAws
from bot.playground.account.patients import ORG, PATIENTS, REGION, plant
from checks.evidence import Expected
from checks.report import Report
from checks.runbook import walk

OPERATIONS = (
    ("lambda", "GetFunctionConfiguration"),
    ("lambda", "ListAliases"),
    ("cloudformation", "DescribeStacks"),
    ("cloudformation", "ListStacks"),
    ("cloudformation", "DescribeStackEvents"),
    ("monitoring", "GetMetricData"),
    ("monitoring", "ListMetricStreams"),
    ("logs", "DescribeSubscriptionFilters"),
    ("logs", "DescribeLogGroups"),
    ("logs", "FilterLogEvents"),
    ("firehose", "DescribeDeliveryStream"),
    ("iam", "GetRole"),
)
REFUSALS = (
    ("AccessDeniedException", 403),
    ("ThrottlingException", 400),
    ("InternalFailure", 500),
    ("ServiceUnavailable", 503),
)
# What has to be readable for a cause to be named, beside the configuration.
OWN: Mapping[str, set[str]] = {
    "invoked": {"GetMetricData"},
    "ten_minutes_passed": {"DescribeStacks"},
    "integration_stack_exists": {"DescribeStacks"},
    "integration_stack_in_us_east_1": {"DescribeStacks"},
    "no_account_integration_errors": {"GetRole"},
    "subscription_filter_to_spare": {"DescribeSubscriptionFilters"},
    "telemetry_payload_logged": {"FilterLogEvents"},
    "payload_names_our_org": {"FilterLogEvents"},
    "traffic_on_instrumented_version": {"ListAliases", "GetMetricData"},
    "wrapper_initialized": {"FilterLogEvents"},
    "traces_reach_the_log_pipe": {
        "DescribeSubscriptionFilters",
        "DescribeDeliveryStream",
        "GetMetricData",
    },
    "metrics_reach_the_metric_stream": {"ListMetricStreams", "DescribeDeliveryStream"},
}
FLAKY, PERMANENT = 0.1, 1.0
_own = threading.local()


def bench() -> tuple[FakeAws, Account]:
    """
    One thread's own fake account and session, made once, and clients of this mix alone.

    botocore's retry quota is a client's own: after some mixes with nothing but errors it would
    not try again, which is another thing than a fault of this mix.
    """
    if not hasattr(_own, "bench"):
        aws = FakeAws()
        aws.__enter__()
        session = boto3.Session("demo", "demo", region_name=REGION)
        _own.bench = aws, _Pointed(session, aws.url)
    aws, pointed = _own.bench
    return aws, Account(pointed, Rates(1.0))


class _Pointed:
    """A session whose clients all go to one address."""

    def __init__(self, session: boto3.Session, url: str) -> None:
        self._session, self._url = session, url
        self.events = session.events

    def client(self, service: str, **arguments: object) -> object:
        """As boto3's."""
        session: object = self._session
        return session.client(service, endpoint_url=self._url, **arguments)  # type: ignore[attr-defined]


def spoil(aws: FakeAws, dice: random.Random) -> set[str]:
    """Plant faults; the operations that are gone for good."""
    gone = set()
    for service, operation in OPERATIONS:
        roll, (code, status) = dice.random(), dice.choice(REFUSALS)
        if operation == "GetFunctionConfiguration":
            roll += 0.2
        if roll < 0.25:  # noqa: PLR2004 - a quarter
            aws.fail(service, operation, code, status=status, probability=PERMANENT)
            gone.add(operation)
        elif roll < 0.35:  # noqa: PLR2004 - a tenth
            aws.fail(service, operation, code, status=status, probability=FLAKY)
            if code == "AccessDeniedException":
                gone.add(operation)
    return gone


def mix(seed: int) -> Counter[str]:
    """One patient under one mix of faults."""
    dice = random.Random(seed)  # noqa: S311 - a simulation
    name, patient = dice.choice(list(PATIENTS.items()))
    aws, account = bench()
    aws.heal()
    aws.accounts.clear()
    aws.calls.clear()
    plant(aws.account(), patient, dice.choice(patient.languages))
    gone = spoil(aws, dice)
    expected = Expected(ORG if patient.cause == "payload_names_our_org" else None)
    asked = Asked(account, REGION, "checkout", None, datetime.now(UTC))
    try:
        report = walk(gather(asked, expected=expected, answers={}))
    except SlsdiagError:
        return Counter(unreadable_configuration=1, mutations=len(aws.mutations()))
    found = judged(report, name, gone)
    found["mutations"] += len(aws.mutations())
    return found


def judged(report: Report, name: str, gone: set[str]) -> Counter[str]:
    """What one report counts for."""
    patient = PATIENTS[name]
    found = Counter(reports=1)
    if report.verdict == "healthy" and patient.verdict != "healthy":
        found["false_healthy"] += 1
    if patient.verdict in {"problem", "waiting"} and not OWN.get(patient.cause or "", set()) & gone:
        found["own_evidence_readable"] += 1
        if report.cause != patient.cause:
            found["cause_lost"] += 1
            print(f"lost: {name}: {report.cause} instead of {patient.cause}; gone {sorted(gone)}")
    if patient.verdict == "healthy" and report.verdict == "problem":
        found["false_problem"] += 1
    return found


def main() -> None:
    """Run all mixes, many at once: most of their time they wait to try again."""
    mixes = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1  # noqa: PLR2004 - the second argument
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    with ThreadPoolExecutor(12) as pool:
        total: Counter[str] = sum(
            pool.map(mix, range(seed * 1_000_000, seed * 1_000_000 + mixes)), Counter()
        )
    shown = ("reports", "own_evidence_readable", "unreadable_configuration")
    wrong = ("false_healthy", "cause_lost", "false_problem", "mutations")
    print(f"{mixes} mixes, seed {seed}:", *(f"{key} {total[key]}" for key in (*shown, *wrong)))
    sys.exit(any(total[key] for key in wrong))


if __name__ == "__main__":
    main()
