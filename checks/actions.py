"""
Actions that several steps recommend, each possible for the function at hand.

Dashboard's Instrument toggle changes $LATEST and nothing else: a published version is frozen,
so there the way is a new deployment. Where AWS refuses every update of a function because of
its runtime, the runtime comes first.
"""

from __future__ import annotations

from dataclasses import replace

from checks.commands import invoke
from checks.evidence import LambdaFunction
from checks.facts.runtimes import recommended, updates_blocked
from checks.facts.sdk import breaks_on_import, language_of, too_old
from checks.model import Action, Page

INTEGRATIONS = "Dashboard › Settings › Integrations"
EDIT = f"{INTEGRATIONS} › Edit"
INSTRUMENTATION = ("function_instrumented", "layer_attached", "wrapper_set", "org_id_set")
"""What the toggle puts on a function and takes off it."""
UNDONE_BY = (
    "a deployment with stages.STAGE.observability: false undoes it; with osls or Serverless "
    "Framework 3 the toggle is the only switch"
)
"""What Serverless Framework and its relatives do about the toggle (`facts/framework.py`)."""
IN_CODE = "serverless.yml, SAM, CDK or Terraform"
SHIPS_LATEST = "publishing ships whatever is in $LATEST"
SUPPORT = "Serverless's support (the widget in Dashboard)"


def turn_on(function: LambdaFunction) -> tuple[Action, ...]:
    """Switch Instrument on for the first time."""
    return _through_dashboard(function, "Turn Instrument on and save", UNDONE_BY)


def turn_off_and_on(function: LambdaFunction, caution: str | None = None) -> tuple[Action, ...]:
    """Have Dashboard put layer, variables and filter on the function again."""
    return _through_dashboard(
        function,
        "Turn Instrument off, save, turn it on and save again",
        caution,
    )


def turn_off(function: LambdaFunction) -> tuple[Action, ...]:
    """Have Dashboard take everything of its own off $LATEST; a version stays as it is."""
    if function.frozen:
        return ()
    do, way = "Turn Instrument off and save", _toggle(function)
    return (Action(do, Page.DASHBOARD, undoes=INSTRUMENTATION, way=way),)


def _toggle(function: LambdaFunction) -> str:
    return f"{EDIT} › {function.name} › Instrument"


def _through_dashboard(
    function: LambdaFunction, do: str, caution: str | None = None
) -> tuple[Action, ...]:
    if first := make_supported(function):
        return (first,)
    if function.frozen:
        return publish(function)
    way = _toggle(function)
    toggle = Action(do, Page.DASHBOARD, caution=caution, instruments=True, way=way)
    return (*_move_first(function), toggle)


def where_supported(function: LambdaFunction, *actions: Action) -> tuple[Action, ...]:
    """`actions`, which help nobody as long as there is no SDK for the function."""
    first = make_supported(function)
    return (first,) if first else actions


def make_supported(function: LambdaFunction) -> Action | None:
    """What must change before the SDK can be put on the function at all; None: nothing."""
    runtime = function.runtime
    if function.at_the_edge:
        return Action(
            "Leave Instrument alone, which would break the CloudFront association; trace what "
            "stands behind the distribution instead"
        )
    if runtime is None:
        package = change_in_code("Package it as a zip with a Node.js or Python runtime")
        return replace(package, undoes=("runtime_supported",))
    if breaks_on_import(runtime):
        return _to_a_runtime_that_works(function)
    if language_of(runtime) is None or too_old(runtime):
        return change_in_code(f"Use a supported runtime ({recommended(runtime)})")
    return None


def _to_a_runtime_that_works(function: LambdaFunction) -> Action:
    """Python 3.12 cannot be had everywhere."""
    if not function.newest_runtimes_only:
        return change_in_code("Move to python3.12 or python3.11 (before you instrument it again)")
    kind = "Managed instances" if function.managed_instances else "Durable functions"
    return change_in_code(
        "Move to nodejs22.x or later, or to an ordinary function on python3.12 "
        f"({kind} need Python 3.13 or later)"
    )


def move_to_supported(function: LambdaFunction) -> Action:
    """Where AWS refuses every update because of the runtime."""
    return Action(
        f"Move the function from {function.runtime} to a runtime that AWS still updates "
        f"({recommended(function.runtime)}) in {IN_CODE}, then deploy",
        Page.CODE,
    )


def _move_first(function: LambdaFunction) -> tuple[Action, ...]:
    blocked = updates_blocked(function.runtime, function.read_on)
    return (move_to_supported(function),) if blocked else ()


def publish(function: LambdaFunction) -> tuple[Action, ...]:
    """The way for a published version, on a runtime that AWS lets be published."""
    return (*_move_first(function), publish_again(function))


def publish_again(function: LambdaFunction) -> Action:
    """The way for a published version, which nothing can change any more."""
    return Action(
        f"Instrument $LATEST, then deploy {function.name} through your pipeline so that the alias "
        "moves to a new version",
        Page.VERSIONS,
        caution=SHIPS_LATEST,
    )


def publish_after_instrumenting() -> Action:
    """A stack update publishes versions before Dashboard instruments $LATEST (inferred)."""
    return Action(
        "In the pipeline, publish the version and move the alias only after Dashboard has "
        "instrumented $LATEST; else each deploy that rewrites the configuration loses the SDK again"
    )


def deploy_again(function: LambdaFunction) -> Action:
    """Lambda then says why, or the update succeeds."""
    return Action(
        f"Deploy {function.name} again through your pipeline, and read the error that Lambda gives",
        Page.CODE,
    )


def change_in_code(what: str) -> Action:
    """The change that the next deployment does not undo."""
    return Action(f"{what} in {IN_CODE}, then deploy")


def log_to_standard_class() -> Action:
    """The only class that is known to take subscription filters."""
    return change_in_code(
        "Let the function log to a log group of the class STANDARD (the class of an existing "
        "group cannot be changed)"
    )


def invoke_once(function: LambdaFunction) -> Action:
    """Wait for traffic, or make some."""
    return Action(
        "Wait for the next invocation, or send a test event that does no harm; then check again",
        Page.CODE,
        invoke(function),
        caution="it runs your code",
    )


def ask_support(what: str) -> Action:
    """What only the platform's own people can answer."""
    return Action(f"Send {what} to {SUPPORT}", Page.DASHBOARD)
