"""Changes to a plan: bad ones, each with the step that must find it, and good ones, which nothing may find."""

import random
from dataclasses import dataclass
from typing import Any

from written import Marked

SERVERLESS = ("Serverless 3", "Serverless 4", "Serverless JSON")
FOUR = ("Serverless 4", "Serverless JSON")


@dataclass(frozen=True)
class Change:
    """`apply(plan, key)` changes the plan of the function `key` and marks what it planted."""

    name: str
    step: str | None
    apply: Any
    outcome: str = "problem"
    kinds: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    runtimes: tuple[str, ...] = ("nodejs", "python")

    def fits(self, project, plan, key):
        if self.kinds and project.kind not in self.kinds:
            return False
        return project.kind not in self.without and runtime_of(plan, key).startswith(self.runtimes)


def runtime_of(plan, key):
    return plan["functions"][key].get("runtime") or plan["shared"]["runtime"]


def put(settings, name, value):
    """In the place of what is there, marked."""
    settings.pop(name, None)
    settings[Marked(name)] = value


def variable(name, value):
    def apply(plan, key):
        env = dict(plan["functions"][key].get("env", {}))
        env[Marked(name)] = value
        plan["functions"][key]["env"] = env

    return apply


def setting(name, value):
    return lambda plan, key: put(plan["functions"][key], name, value)


def shared_variable(name, value):
    def apply(plan, key):
        plan["shared"]["env"] = {**plan["shared"].get("env", {}), Marked(name): value}

    return apply


def shared_setting(name, value):
    def apply(plan, key):
        for settings in plan["functions"].values():
            settings.pop(name, None)
        put(plan["shared"], name, value)

    return apply


def full_environment(plan, key):
    env = {
        **plan["functions"][key].get("env", {}),
        **{f"V{n}": "x" * 240 for n in range(16)},
        "W": "y" * 100,
    }
    put(plan["functions"][key], "env", env)


def group_class(name):
    def apply(plan, key):
        plan["groups"] = {key: [(Marked("LogGroupClass"), name)]}

    return apply


def filters(count, *, mark=True):
    def apply(plan, key):
        names = [f"Filter{number}" for number in range(count)]
        names[-1] = Marked(names[-1]) if mark else names[-1]
        plan["filters"] = [(name, key) for name in names]

    return apply


def switch(value, stage="dev"):
    def apply(plan, key):
        plan["app"] = "shop"
        plan["stages"] = {stage: {Marked("observability"): value}}

    return apply


def switch_without_app(plan, key):
    plan["stages"] = {"default": {Marked("observability"): True}}


def plugin(name, custom=None):
    def apply(plan, key):
        plan["plugins"] = ["serverless-offline", Marked(name)]
        if custom:
            plan["custom"] = custom

    return apply


def region(name):
    return lambda plan, _: put(plan, "region", name)


LAYERS = [f"tool-{n}" for n in range(5)]
WRAPPER = "AWS_LAMBDA_EXEC_WRAPPER"
SHARED = ("Serverless 3", "Serverless 4", "Serverless JSON", "SAM", "SAM JSON")
BAD = [
    Change("Datadog's wrapper", "wrapper_set", variable(WRAPPER, "/opt/datadog_wrapper")),
    Change("OpenTelemetry's wrapper", "wrapper_set", variable(WRAPPER, "/opt/otel-handler")),
    Change("Lumigo's wrapper", "wrapper_set", variable(WRAPPER, "/opt/lumigo_wrapper")),
    Change("an unknown wrapper", "wrapper_set", variable(WRAPPER, "/opt/acme/start")),
    Change("a script of its own", "wrapper_set", variable(WRAPPER, "/var/task/run.sh")),
    Change("a wrapper with blanks", "wrapper_set", variable(WRAPPER, " /opt/dynatrace ")),
    Change(
        "a shared wrapper", "wrapper_set", shared_variable(WRAPPER, "/opt/bootstrap"), kinds=SHARED
    ),
    Change("Python 3.13", "runtime_supported", setting("runtime", "python3.13")),
    Change("Python 3.14", "runtime_supported", setting("runtime", "python3.14")),
    Change("Java", "runtime_supported", setting("runtime", "java21")),
    Change("a custom runtime", "runtime_supported", setting("runtime", "provided.al2023")),
    Change("Ruby", "runtime_supported", setting("runtime", "ruby3.4")),
    Change(
        "a shared Python 3.13",
        "runtime_supported",
        shared_setting("runtime", "python3.13"),
        kinds=SHARED,
    ),
    Change(
        "an image",
        "runtime_supported",
        setting("image", "repo@sha256:0"),
        without=("SAM", "SAM JSON"),
    ),
    Change("five layers", "layer_slot_to_spare", setting("layers", LAYERS)),
    Change(
        "five shared layers",
        "layer_slot_to_spare",
        shared_setting("layers", LAYERS),
        kinds=SHARED,
    ),
    Change("4 KB of variables", "environment_has_room", full_environment),
    Change(
        "Sentry's preload",
        "no_conflicting_tool",
        variable("NODE_OPTIONS", "-r @sentry/serverless/dist/awslambda-auto"),
        runtimes=("nodejs",),
    ),
    Change(
        "New Relic's handler",
        "no_conflicting_tool",
        setting("handler", "newrelic-lambda-wrapper.handler"),
        runtimes=("nodejs",),
    ),
    Change(
        "Datadog's handler",
        "no_conflicting_tool",
        setting("handler", "datadog_lambda.handler.handler"),
        runtimes=("python",),
    ),
    Change(
        "a handler in a layer",
        "no_conflicting_tool",
        setting("handler", "/opt/python/tracer.handler"),
        runtimes=("python",),
    ),
    Change("infrequent access", "traces_reach_the_log_pipe", group_class("INFREQUENT_ACCESS")),
    Change("delivery class", "traces_reach_the_log_pipe", group_class("DELIVERY")),
    Change("five filters", "subscription_filter_to_spare", filters(5)),
    Change("two filters", "subscription_filter_to_spare", filters(2), outcome="notice"),
    Change(
        "provisioned concurrency",
        "traffic_on_instrumented_version",
        setting("provisioned", 2),
        outcome="notice",
    ),
    Change("SnapStart", "traffic_on_instrumented_version", setting("snap", True), outcome="notice"),
    Change("China", "region_supported", region("cn-north-1"), kinds=SERVERLESS),
    Change(
        "a region without layers",
        "region_supported",
        region("me-central-1"),
        outcome="notice",
        kinds=SERVERLESS,
    ),
    Change("muted", "telemetry_payload_logged", setting("muted", True), kinds=SERVERLESS),
    Change(
        "the framework's log class",
        "traces_reach_the_log_pipe",
        setting("log_class", "INFREQUENT_ACCESS"),
        kinds=FOUR,
    ),
    Change("observability off", "function_instrumented", switch(False), kinds=FOUR),
    Change("off by default", "function_instrumented", switch(False, "default"), kinds=FOUR),
    Change("Axiom", "function_instrumented", switch("axiom"), kinds=FOUR),
    Change("no such provider", "function_instrumented", switch("datadog"), kinds=FOUR),
    Change("no app", "function_instrumented", switch_without_app, kinds=FOUR),
    Change(
        "Datadog's plugin",
        "no_conflicting_tool",
        plugin("serverless-plugin-datadog"),
        kinds=SERVERLESS,
        runtimes=("python",),
    ),
    Change(
        "New Relic's plugin",
        "no_conflicting_tool",
        plugin("serverless-newrelic-lambda-layers"),
        kinds=SERVERLESS,
    ),
    Change(
        "Lumigo's plugin with layers",
        "no_conflicting_tool",
        plugin("serverless-lumigo", {"lumigo": {"useLayers": True}}),
        kinds=SERVERLESS,
    ),
]


def many_variables(plan, key):
    env = plan["functions"][key].get("env", {})
    plan["functions"][key]["env"] = {**env, **{f"SETTING_{n}": f"value {n}" for n in range(40)}}


def unmarked(name, value):
    def apply(plan, key):
        plan["functions"][key][name] = value

    return apply


def plain_variable(name, value):
    def apply(plan, key):
        env = plan["functions"][key].get("env", {})
        plan["functions"][key]["env"] = {**env, name: value}

    return apply


def on_with_app(plan, key):
    plan["app"] = "shop"
    plan["stages"] = {"default": {"observability": True}}


def plugins(*names):
    def apply(plan, key):
        plan["plugins"] = list(names)

    return apply


def another_function(plan, key):
    plan["functions"]["another"] = dict(plan["functions"][key])


GOOD = [
    Change("nothing", None, lambda *_: None),
    Change("three layers", None, unmarked("layers", [f"lib-{n}" for n in range(3)])),
    Change("no layer", None, unmarked("layers", [])),
    Change("many variables", None, many_variables),
    Change("source maps", None, plain_variable("NODE_OPTIONS", "--enable-source-maps")),
    Change("debug", None, plain_variable("SLS_SDK_DEBUG", "true")),
    Change("a secret", None, plain_variable("API_KEY", "c2VjcmV0LXNlY3JldC1zZWNyZXQ=")),
    Change("Node.js 24", None, unmarked("runtime", "nodejs24.x"), runtimes=("nodejs",)),
    Change("Python 3.11", None, unmarked("runtime", "python3.11"), runtimes=("python",)),
    Change(
        "standard class", None, lambda p, k: p.update(groups={k: [("LogGroupClass", "STANDARD")]})
    ),
    Change("one filter", None, filters(1, mark=False)),
    Change("another function", None, another_function),
    Change(
        "harmless plugins",
        None,
        plugins("serverless-offline", "serverless-esbuild"),
        kinds=SERVERLESS,
    ),
    Change("Sentry's plugin", None, plugins("serverless-sentry"), kinds=SERVERLESS),
    Change("on, with an app", None, on_with_app, kinds=FOUR),
    Change("not muted", None, unmarked("muted", False), kinds=SERVERLESS),
]


def cases(changes, projects, most, seed=7):
    """(project, change, function's key), spread evenly over projects and changes."""
    found = []
    for project in projects:
        plan = project.plan()
        for change in changes:
            for key in plan["functions"]:
                if change.fits(project, plan, key):
                    found.append((project, change, key))
                    break
    random.Random(seed).shuffle(found)  # noqa: S311 - the same cases in each run
    first = {change.name: each for each in reversed(found) for _, change, _ in [each]}
    found.sort(key=lambda each: first[each[1].name] is not each)
    return found[:most] if most else found
