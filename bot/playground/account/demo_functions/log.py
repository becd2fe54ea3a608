"""What only the invocations and the log show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.playground.account.demo_functions.fake_function import (
    FILTER,
    FIREHOSE,
    PROBLEM,
    REGION,
    REQUEST,
    STREAM,
    DemoFunction,
    FakeFunction,
)


def _without_sums(function: FakeFunction) -> None:
    """Its own alone: others share the region."""
    for key in [key for key in function.region.sums if key[0] == function.name]:
        del function.region.sums[key]


def _never_invoked(function: FakeFunction) -> None:
    _without_sums(function)
    function.region.groups.pop(f"/aws/lambda/{function.name}")
    function.group.filters[FILTER] = f"arn:aws:firehose:{REGION}:1:deliverystream/{FIREHOSE}"


def _sampled(function: FakeFunction) -> None:
    function.log(function.payload(sampled_out=True), ago=timedelta(minutes=4))


def _timeouts(function: FakeFunction) -> None:
    function.group.events.clear()
    at, request = function.now - timedelta(minutes=5), REQUEST.format(1)
    for place, line in enumerate(
        (
            f"START RequestId: {request} Version: $LATEST\n",
            f"{at:%Y-%m-%dT%H:%M:%S}.000Z {request} Task timed out after 3.00 seconds\n\n",
        )
    ):
        function.group.events.append((at + timedelta(seconds=place), line, STREAM))


def _stopped(function: FakeFunction) -> None:
    function.group.events.clear()
    function.reports(240, 200, 180)
    function.ends_bare(60, 30, 5)


def _mixed(function: FakeFunction) -> None:
    function.group.events.clear()
    for ago in (40, 30, 20, 10):
        function.reports(ago)
        function.ends_bare(ago - 2)
    function.reports(5)


def _some_time_out(function: FakeFunction) -> None:
    function.group.events.clear()
    function.times_out(30, 20, 10)
    function.reports(5)


def _fails_before_it_logs(function: FakeFunction) -> None:
    function.group.events.clear()
    _without_sums(function)
    function.region.invoked(function.name, function.now - timedelta(minutes=20), 60, errors=60)


def _wrong_org(function: FakeFunction) -> None:
    function.group.events.clear()
    function.log(function.payload(org_id="org-of-others"))


def _ladder_stops(function: FakeFunction) -> None:
    function.variables["SLS_SDK_DEBUG"] = "true"
    function.group.events.clear()
    function.log(
        "⚡ SDK: Wrapper initialization\n",
        "⚡ SDK: Overhead duration: Internal initialization: 14ms\n",
    )


def _prints_a_payload(function: FakeFunction) -> None:
    """Of another invocation, out of what somebody sent it."""
    function.group.events.clear()
    function.log(function.payload(request_id="0ff1ce00-0000-4000-8000-000000000001"))


FUNCTIONS: Mapping[str, DemoFunction] = {
    "healthy": DemoFunction(lambda _: None, "healthy", None, None, in_demo="checkout"),
    "never invoked": DemoFunction(_never_invoked, PROBLEM, "invoked"),
    "sampled": DemoFunction(_sampled, "notice", "traces_not_sampled", None, in_demo="clicks"),
    "timeouts": DemoFunction(_timeouts, PROBLEM, "telemetry_payload_logged", in_demo="reports"),
    "payloads stopped": DemoFunction(_stopped, PROBLEM, "telemetry_payload_logged", in_demo="cart"),
    "payloads mixed": DemoFunction(
        _mixed, PROBLEM, "telemetry_payload_logged", "partial", in_demo="geo"
    ),
    "some time out": DemoFunction(
        _some_time_out, "notice", "telemetry_payload_logged", "partial", in_demo="exports"
    ),
    "fails before it logs": DemoFunction(
        _fails_before_it_logs, PROBLEM, "telemetry_payload_logged"
    ),
    "another org": DemoFunction(_wrong_org, PROBLEM, "payload_names_our_org"),
    "ladder stops": DemoFunction(_ladder_stops, PROBLEM, "wrapper_initialized"),
    "prints a payload": DemoFunction(_prints_a_payload, PROBLEM, "telemetry_payload_logged"),
}
