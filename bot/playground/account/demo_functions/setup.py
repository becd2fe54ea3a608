"""What goes wrong with a function's own setup: runtime, layers, variables, handler, versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.playground.account.demo_functions.fake_function import (
    NODE,
    PROBLEM,
    PYTHON,
    DemoFunction,
    FakeFunction,
    update_failed,
)

_ONLY_NODE, _ONLY_PYTHON = (NODE,), (PYTHON,)


def _java(function: FakeFunction) -> None:
    function.bare()
    function.config["Runtime"] = "java21"


def _image(function: FakeFunction) -> None:
    function.bare()
    function.config["PackageType"] = "Image"
    for key in ("Runtime", "Handler", "Layers"):
        function.config.pop(key, None)


def _at_the_edge(function: FakeFunction) -> None:
    """Its replicas run in other regions, and log there."""
    function.bare()
    function.region.groups.pop(f"/aws/lambda/{function.name}")
    function.region.sums.pop((function.name, ""))
    role = function.config["Role"].rpartition("/")[2]
    function.account.trusts[role] = ("lambda.amazonaws.com", "edgelambda.amazonaws.com")


def _python_313(function: FakeFunction) -> None:
    function.config["Runtime"] = "python3.13"
    function.silent()


def _five_layers(function: FakeFunction) -> None:
    function.bare()
    function.config["Layers"] = [
        {"Arn": function.layer(f"tools-{n}", "111122223333")} for n in range(5)
    ]


def _layer_gone(function: FakeFunction) -> None:
    function.config["Layers"] = []
    function.silent()


def _datadog(function: FakeFunction) -> None:
    function.variables["AWS_LAMBDA_EXEC_WRAPPER"] = "/opt/datadog_wrapper"
    function.silent()


def _other_path(function: FakeFunction) -> None:
    other = PYTHON if function.language is NODE else NODE
    function.variables["AWS_LAMBDA_EXEC_WRAPPER"] = other.wrapper
    function.silent()


def _org_empty(function: FakeFunction) -> None:
    function.variables["SLS_ORG_ID"] = ""
    function.silent()


def _no_room(function: FakeFunction) -> None:
    function.bare()
    function.variables["TABLES"] = "x" * 3_990


def _sentry(function: FakeFunction) -> None:
    function.variables["NODE_OPTIONS"] = "-r @sentry/aws-serverless/awslambda-auto"
    function.silent()


def _datadog_handler(function: FakeFunction) -> None:
    function.config["Handler"] = "datadog_lambda.handler.handler"
    function.silent()


def _old_version(function: FakeFunction) -> None:
    function.region.function(
        function.name, modified_at=function.now - timedelta(days=90), version="7"
    )
    function.region.functions[function.name]["7"]["Runtime"] = function.language.runtime
    function.region.aliases[function.name] = {"live": "7"}
    function.region.invoked(
        function.name, function.now - timedelta(minutes=30), 40, f"{function.name}:live"
    )


def _called_by_number(function: FakeFunction) -> None:
    function.region.function(
        function.name, modified_at=function.now - timedelta(days=90), version="5"
    )
    function.region.functions[function.name]["5"]["Runtime"] = function.language.runtime
    function.region.invoked(
        function.name, function.now - timedelta(minutes=30), 4_000, f"{function.name}:5"
    )


FUNCTIONS: Mapping[str, DemoFunction] = {
    "java": DemoFunction(
        _java, PROBLEM, "runtime_supported", languages=_ONLY_NODE, in_demo="invoices"
    ),
    "image": DemoFunction(_image, PROBLEM, "runtime_supported", languages=_ONLY_NODE),
    "at the edge": DemoFunction(_at_the_edge, PROBLEM, "runtime_supported", region="us-east-1"),
    "python 3.13": DemoFunction(
        _python_313, PROBLEM, "runtime_supported", "down", _ONLY_PYTHON, in_demo="refunds"
    ),
    "toggle off": DemoFunction(
        FakeFunction.bare, PROBLEM, "function_instrumented", in_demo="thumbnails"
    ),
    "code too large": DemoFunction(
        update_failed("Unzipped size must be smaller than 262144000 bytes"),
        PROBLEM,
        "code_size_within_limit",
    ),
    "five layers": DemoFunction(_five_layers, PROBLEM, "layer_slot_to_spare", in_demo="recommend"),
    "layer gone": DemoFunction(_layer_gone, PROBLEM, "layer_attached", "down", in_demo="billing"),
    "Datadog's wrapper": DemoFunction(_datadog, PROBLEM, "wrapper_set", in_demo="orders"),
    "the other runtime's path": DemoFunction(_other_path, PROBLEM, "wrapper_set", "down"),
    "org id empty": DemoFunction(_org_empty, PROBLEM, "org_id_set", in_demo="emails"),
    "no room": DemoFunction(_no_room, PROBLEM, "environment_has_room"),
    "Sentry's preload": DemoFunction(
        _sentry, PROBLEM, "no_conflicting_tool", languages=_ONLY_NODE, in_demo="sessions"
    ),
    "Datadog's handler": DemoFunction(
        _datadog_handler, PROBLEM, "no_conflicting_tool", languages=_ONLY_PYTHON
    ),
    "old version": DemoFunction(
        _old_version, PROBLEM, "traffic_on_instrumented_version", "partial", in_demo="payments"
    ),
    "called by number": DemoFunction(
        _called_by_number, PROBLEM, "traffic_on_instrumented_version", "partial", in_demo="pricing"
    ),
}
