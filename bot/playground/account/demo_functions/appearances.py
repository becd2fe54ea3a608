"""Functions that are not what their configuration looks like: only their log shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.playground.account.demo_functions.fake_function import (
    DEPLOY_RULE,
    NODE,
    PROBLEM,
    PYTHON,
    TRAIL,
    DemoFunction,
    FakeFunction,
)
from bot.playground.account.model import EventRule

_ONLY_NODE = (NODE,)
_WRAPPER = "AWS_LAMBDA_EXEC_WRAPPER"


def _wrapped_by(path: str) -> Callable[[FakeFunction], None]:
    """Payloads come: whatever it is, it starts the SDK."""

    def break_it(function: FakeFunction) -> None:
        function.variables[_WRAPPER] = path

    return break_it


def _wrapped_by_opentelemetry(function: FakeFunction) -> None:
    own = function.layer("opentelemetry-nodejs-0_9_0", "184161586896")
    function.config.setdefault("Layers", []).append({"Arn": own})
    function.variables[_WRAPPER] = "/opt/otel-handler"


def _cannot_start(spelled: Callable[[str], str]) -> Callable[[FakeFunction], None]:
    """Of the path that the SDK's wrapper has."""

    def break_it(function: FakeFunction) -> None:
        function.variables[_WRAPPER] = spelled(function.language.wrapper)
        function.group.events.clear()
        function.cannot_start(20, 10, 5)

    return break_it


def _other_file_name(path: str) -> str:
    return path.replace("exec-wrapper", "exec_wrapper") if "exec-" in path else f"{path}c"


def _sdk_from_npm(function: FakeFunction) -> None:
    function.config["Layers"] = []
    function.variables.pop(_WRAPPER, None)


def _sdk_in_the_image(function: FakeFunction) -> None:
    _sdk_from_npm(function)
    function.config["PackageType"] = "Image"
    for key in ("Runtime", "Handler", "Layers"):
        function.config.pop(key, None)


def _handler_of_a_layer(function: FakeFunction) -> None:
    function.config["Handler"] = "tracekit.entry.handle"
    own = function.layer("platform-tracekit", "210987654321")
    function.config.setdefault("Layers", []).append({"Arn": own})
    function.group.events.clear()
    function.ends_bare(20, 10, 5)


def _removed(minutes_ago: int) -> Callable[[FakeFunction], None]:
    """A deployment rewrote layers and variables; the filter is left."""

    def break_it(function: FakeFunction) -> None:
        filters = dict(function.group.filters)
        function.bare()
        function.group.filters.update(filters)
        function.group.events.clear()
        function.reports(300, 240)
        if minutes_ago:
            function.ends_bare(20, 10, 5)
        function.changed(timedelta(minutes=minutes_ago))

    return break_it


def _old_runtime(function: FakeFunction) -> None:
    function.bare()
    old = {NODE: "nodejs12.x", PYTHON: "python3.6"}
    function.config["Runtime"] = old[function.language]


def _managed_instances(function: FakeFunction) -> None:
    """$LATEST is instrumented; what all traffic goes to was published before."""
    pool = f"arn:aws:lambda:eu-west-1:{function.account.id}:capacity-provider:bulk"
    lives = {"LambdaManagedInstancesCapacityProviderConfig": {"CapacityProviderArn": pool}}
    function.config["CapacityProviderConfig"] = lives
    _uninstrumented(function, "$LATEST.PUBLISHED", "$LATEST.PUBLISHED")


def _durable(function: FakeFunction) -> None:
    function.config["DurableConfig"] = {"RetentionPeriodInDays": 14, "ExecutionTimeout": 3600}
    function.region.aliases[function.name] = {"durable": "3"}
    _uninstrumented(function, "3", "durable")


def _uninstrumented(function: FakeFunction, version: str, through: str) -> None:
    at = function.now - timedelta(days=3)
    made = function.region.function(function.name, modified_at=at, version=version)
    made["Runtime"] = function.language.runtime
    function.group.events.clear()
    function.ends_bare(20, 10, 5)
    function.region.invoked(function.name, at + timedelta(days=2), 40, f"{function.name}:{through}")


def _unheard(
    broken: Callable[[FakeFunction], None],
    *,
    trail: bool = True,
    rule: bool = True,
    other: bool = False,
) -> Callable[[FakeFunction], None]:
    """Dashboard does not hear of the deployment, unless another trail records it."""

    def break_it(function: FakeFunction) -> None:
        broken(function)
        function.account.trail.trails |= {TRAIL: trail, "audit": other}
        function.region.rules[DEPLOY_RULE] = EventRule(enabled=rule)

    return break_it


FUNCTIONS: Mapping[str, DemoFunction] = {
    "own start script": DemoFunction(
        _wrapped_by("/var/task/bin/start.sh"), "notice", "wrapper_set", None, in_demo="docs"
    ),
    "another tool's wrapper, yet payloads": DemoFunction(
        _wrapped_by_opentelemetry, "notice", "wrapper_set", None
    ),
    "SDK from npm or PyPI": DemoFunction(_sdk_from_npm, "healthy", None, None, in_demo="suggest"),
    "SDK in the image": DemoFunction(_sdk_in_the_image, "healthy", None, None),
    "blank behind the wrapper's path": DemoFunction(
        _cannot_start(lambda path: f"{path} "), PROBLEM, "wrapper_set", "down", in_demo="labels"
    ),
    "wrapper's path in quotation marks": DemoFunction(
        _cannot_start(lambda path: f"'{path}'"), PROBLEM, "wrapper_set", "down"
    ),
    "wrapper's file name is wrong": DemoFunction(
        _cannot_start(_other_file_name), PROBLEM, "wrapper_set", "down"
    ),
    "wrapper left over": DemoFunction(
        _cannot_start(lambda _: "/opt/lumigo_wrapper"),
        PROBLEM,
        "wrapper_set",
        "down",
        in_demo="shipping",
    ),
    "handler of a layer": DemoFunction(
        _handler_of_a_layer, PROBLEM, "telemetry_payload_logged", in_demo="quotes"
    ),
    "removed by a deployment": DemoFunction(
        _removed(120), PROBLEM, "function_instrumented", in_demo="loyalty"
    ),
    "removed a moment ago": DemoFunction(_removed(0), "waiting", "function_instrumented", None),
    "removed, and the trail is stopped": DemoFunction(
        _unheard(_removed(120), trail=False), PROBLEM, "function_instrumented"
    ),
    "removed a moment ago, and the rule is disabled": DemoFunction(
        _unheard(_removed(0), rule=False), PROBLEM, "function_instrumented"
    ),
    "removed a moment ago, and another trail records it": DemoFunction(
        _unheard(_removed(0), trail=False, other=True), "waiting", "function_instrumented", None
    ),
    "runtime that AWS no longer updates": DemoFunction(
        _old_runtime, PROBLEM, "runtime_supported", in_demo="legacy"
    ),
    "managed instances": DemoFunction(
        _managed_instances, PROBLEM, "traffic_on_instrumented_version", languages=_ONLY_NODE
    ),
    "durable function": DemoFunction(
        _durable, PROBLEM, "traffic_on_instrumented_version", languages=_ONLY_NODE
    ),
}
