"""
Random mixes of refusals, throttling and server errors against every demo function.

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

from bot.aws.client import Account
from bot.aws.evidence.gather import FunctionRequest, gather
from bot.aws.parallel import Rates
from bot.errors import SlsdiagError
from bot.playground.account import FakeAws
from bot.playground.account.demo_functions import DEMO_FUNCTIONS, ORG, REGION, plant
from checks.evidence import Evidence, Expected, LogSample, Missing, NoStack
from checks.function_ref import FunctionRef
from checks.report import Report
from checks.runbook import walk

OPERATIONS = (
    ("lambda", "GetFunctionConfiguration"),
    ("lambda", "ListAliases"),
    ("cloudformation", "DescribeStacks"),
    ("cloudformation", "ListStacks"),
    ("cloudformation", "DescribeStackEvents"),
    ("cloudtrail", "DescribeTrails"),
    ("cloudtrail", "GetTrailStatus"),
    ("events", "ListRules"),
    ("monitoring", "GetMetricData"),
    ("monitoring", "ListMetricStreams"),
    ("monitoring", "ListMetrics"),
    ("logs", "DescribeSubscriptionFilters"),
    ("logs", "DescribeLogGroups"),
    ("logs", "DescribeAccountPolicies"),
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
OWN_OF_FUNCTIONS: Mapping[str, set[str]] = {
    "fails before it logs": {"FilterLogEvents", "GetMetricData"},
    "called by number": {"ListAliases", "ListMetrics", "GetMetricData"},
    "managed instances": {"ListAliases", "ListMetrics", "GetMetricData"},
    "no stack": {"DescribeStacks", "GetRole"},
    "stack deleted": {"DescribeStacks", "ListStacks"},
    "at the edge": {"GetRole", "GetMetricData"},
}
EXCUSED_BY: Mapping[str, set[str]] = {
    "forwarded by the account's policy": {"DescribeAccountPolicies"},
    "SDK from npm or PyPI": {"FilterLogEvents"},
    "SDK in the image": {"FilterLogEvents"},
}
"""What has to be readable for an unusual function to be known as well: without it, it is a problem."""
READ_BY = {
    "filters": "DescribeSubscriptionFilters",
    "invocations": "GetMetricData",
    "log": "FilterLogEvents",
    "log_firehose": "DescribeDeliveryStream",
    "metric_pipe": "ListMetricStreams",
    "role": "GetRole",
    "stack": "DescribeStacks",
    "account_filters": "DescribeAccountPolicies",
    "traffic": "ListAliases",
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
    """One demo function under one mix of faults."""
    dice = random.Random(seed)  # noqa: S311 - a simulation
    name, wanted = dice.choice(list(DEMO_FUNCTIONS.items()))
    aws, account = bench()
    aws.heal()
    aws.accounts.clear()
    aws.calls.clear()
    plant(aws.account(), wanted, dice.choice(wanted.languages))
    gone = spoil(aws, dice)
    expected = Expected(ORG if wanted.cause == "payload_names_our_org" else None)
    asked = FunctionRequest(account, wanted.region, FunctionRef("checkout"), datetime.now(UTC))
    try:
        evidence = gather(asked, expected=expected, answers={})
    except SlsdiagError:
        return Counter(unreadable_configuration=1, mutations=len(aws.mutations()))
    found = judged(walk(evidence), name, gone | unread(evidence))
    found["mutations"] += len(aws.mutations())
    return found


def unread(evidence: Evidence) -> set[str]:
    """Operations of parts that were not read: on a busy machine one may come too late."""
    parts = {operation: getattr(evidence, part) for part, operation in READ_BY.items()}
    gone = {operation for operation, part in parts.items() if isinstance(part, Missing)}
    if isinstance(evidence.stack, NoStack) and evidence.stack.unreadable:
        gone.add("DescribeStacks")
    if isinstance(evidence.log, LogSample) and evidence.log.bound:
        gone.add("FilterLogEvents")
    return gone


def judged(report: Report, name: str, gone: set[str]) -> Counter[str]:
    """What one report counts for."""
    wanted = DEMO_FUNCTIONS[name]
    found = Counter(reports=1)
    if report.verdict == "healthy" and wanted.verdict != "healthy":
        found["false_healthy"] += 1
        print(f"false healthy: {name}; gone {sorted(gone)}")
    own = OWN_OF_FUNCTIONS.get(name) or OWN.get(wanted.cause or "", set())
    if wanted.verdict in {"problem", "waiting"} and not own & gone:
        found["own_evidence_readable"] += 1
        if report.cause != wanted.cause:
            found["cause_lost"] += 1
            print(f"lost: {name}: {report.cause} instead of {wanted.cause}; gone {sorted(gone)}")
    excused = EXCUSED_BY.get(name, set()) & gone
    if wanted.verdict == "healthy" and report.verdict == "problem" and not excused:
        found["false_problem"] += 1
        print(f"false problem: {name}: {report.cause}; gone {sorted(gone)}")
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
