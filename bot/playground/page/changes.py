"""
What the visitor may do to the fake account: each change is what AWS would then answer.

No clock is patched. To let time pass, the account grows older: its stack's creation is moved
back, and the bot learns of it at its next check.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.playground.account import FakeAws
from bot.playground.account.demo_functions import (
    FILTER,
    FIREHOSE,
    NODE,
    ORG,
    PYTHON,
    REGION,
    SECRETS,
    FakeFunction,
    healthy_account,
)
from bot.playground.account.demo_functions.deployed import ORG_ID, ROLE, WRAPPER, deploy, undo
from bot.playground.account.demo_functions.fake_function import TRAIL
from bot.playground.demo import SETTLE
from checks.facts.integration import SETTLES_IN

DATADOG_LAYER = ("Datadog-Extension", "464622532012")
"""Name and account."""
STACK_REGION = "us-east-1"
YOUNG, SOON = timedelta(minutes=6), timedelta(seconds=10)
_LATE, _IN_TIME = timedelta(seconds=25), timedelta(seconds=7)
_NEXT_REPAIR = {None: _LATE, _LATE: _IN_TIME, _IN_TIME: None}
SLOW = 2.0
"""Seconds that each of AWS's answers takes when it is slow: long enough to watch."""


@dataclass(frozen=True, slots=True)
class FunctionChange:
    """Something done to one function; gives what to show."""

    label: str
    make: Callable[[FakeFunction], str]


@dataclass(frozen=True, slots=True)
class AccountChange:
    """Something done to the whole account; gives what to show."""

    label: str
    make: Callable[[FakeAws], str]


def bed_of(aws: FakeAws, name: str) -> FakeFunction:
    """The function as it stands, now."""
    bed = FakeFunction(aws.account(), name, NODE, datetime.now(UTC))
    python = str(bed.config.get("Runtime", "")).startswith("python")
    return FakeFunction(bed.account, name, PYTHON, bed.now) if python else bed


def reports(bed: FakeFunction) -> bool:
    """Whether the SDK would start in the function as it is set up."""
    return (
        bed.config.get("Runtime") == bed.language.runtime
        and any(bed.language.layer in layer["Arn"] for layer in bed.config["Layers"])
        and bed.variables.get(WRAPPER) == bed.language.wrapper
        and bool(bed.variables.get(ORG_ID))
        and "NODE_OPTIONS" not in bed.variables
    )


def _changed(bed: FakeFunction) -> None:
    bed.config["LastModified"] = f"{bed.now:%Y-%m-%dT%H:%M:%S}.000+0000"


def _deploy(bed: FakeFunction) -> str:
    news = reports(bed)
    deploy(bed)
    done = f"Role {ROLE} deployed {bed.name} without the SDK's layer and variables."
    if not news:
        return f"{done} It did not report before, so slsdiag has no news."
    return f"{done} slsdiag hears of it, and checks it in {SETTLE} seconds."


def _undo(bed: FakeFunction) -> str:
    undo(bed)
    return f"Role {ROLE} deployed {bed.name} with layer and variables again, and it was invoked."


def _take_wrapper(bed: FakeFunction) -> str:
    bed.variables[WRAPPER] = "/opt/datadog_wrapper"
    bed.config["Layers"] = [*bed.config["Layers"], {"Arn": bed.layer(*DATADOG_LAYER)}]
    _changed(bed)
    return f"{WRAPPER} of {bed.name} is now Datadog's."


def _delete_layer(bed: FakeFunction) -> str:
    bed.config["Layers"] = []
    _changed(bed)
    return f"{bed.name} has no layers any more."


def _remove_org(bed: FakeFunction) -> str:
    bed.variables.pop(ORG_ID, None)
    _changed(bed)
    return f"{ORG_ID} of {bed.name} is gone."


def _fill_filters(bed: FakeFunction) -> str:
    bed.group.filters.clear()
    bed.group.filters.update({f"shipper-{n}": f"arn:aws:lambda:::{n}" for n in range(1, 6)})
    return f"All five subscription filters of {bed.name} belong to others."


def _invoke(bed: FakeFunction) -> str:
    reporting = reports(bed)
    bed.log(*([bed.payload()] if reporting else []), ago=timedelta())
    bed.region.invoked(bed.name, bed.now)
    what = "logged its telemetry payload" if reporting else "ran, but logged no telemetry payload"
    return f"{bed.name} was invoked and {what}."


def _fix(bed: FakeFunction) -> str:
    """Instrument it again; its past stays in its log."""
    function = bed.region.function(
        bed.name,
        modified_at=bed.now,
        runtime=bed.language.runtime,
        layers=[bed.layer(bed.language.layer)],
        environment=SECRETS | {WRAPPER: bed.language.wrapper, ORG_ID: ORG},
    )
    bed.region.functions[bed.name] = {"$LATEST": function}
    bed.region.aliases.pop(bed.name, None)
    for sums in [key for key in bed.region.sums if key[0] == bed.name and key[1]]:
        del bed.region.sums[sums]
    arn = f"arn:aws:firehose:{REGION}:{bed.account.id}:deliverystream/{FIREHOSE}"
    bed.group.filters.clear()
    bed.group.filters[FILTER] = arn
    return f"{bed.name} is set up again. Invoke it, so that it can prove it."


def _fix_all(aws: FakeAws) -> str:
    _settled(aws, datetime.now(UTC) - timedelta(days=30))
    aws.heal()
    aws.latency, aws.account().repairs_after = 0.0, None
    for name in aws.account().region(REGION).functions:
        _fix(bed_of(aws, name))
        _invoke(bed_of(aws, name))
    return "Everything is healthy, and every function was invoked once."


def _delete_stack(aws: FakeAws) -> str:
    now = datetime.now(UTC)
    for stack in aws.account().region(STACK_REGION).stacks:
        if stack.deleted_at is None:
            stack.status, stack.deleted_at = "DELETE_COMPLETE", now
    aws.account().roles.clear()
    return "The integration's stack and its role are deleted."


def _young(aws: FakeAws) -> str:
    _settled(aws, datetime.now(UTC) - YOUNG)
    return "The integration's stack is six minutes old: slsdiag will wait for the rest of the ten."


def _old_soon(aws: FakeAws) -> str:
    _settled(aws, datetime.now(UTC) - SETTLES_IN.value + SOON)
    return (
        "The stack is 9 minutes 50 seconds old. slsdiag learns of it at its next check: click Check "
        "again, and it comes back by itself ten seconds from now."
    )


def _settled(aws: FakeAws, created_at: datetime) -> None:
    """A whole integration whose only stack was created then."""
    aws.account().region(STACK_REGION).stacks.clear()
    healthy_account(aws.account(), created_at + timedelta(days=30))


def _deny_logs(aws: FakeAws) -> str:
    aws.heal()
    aws.fail("logs", "FilterLogEvents")
    return "slsdiag may not read logs any more: what it cannot see, it must not call healthy."


def _repairs(aws: FakeAws) -> str:
    """Never, later than the check after a deployment, or sooner; then never again."""
    account = aws.account()
    account.repairs_after = _NEXT_REPAIR[account.repairs_after]
    after = account.repairs_after
    if after is None:
        return "Dashboard repairs no deploy any more."
    spoken = (
        "after slsdiag spoke" if after > timedelta(seconds=SETTLE) else "so slsdiag says nothing"
    )
    return f"Dashboard repairs each deploy after {after.seconds} seconds now, {spoken}."


def _trail(aws: FakeAws) -> str:
    trails = aws.account().trail.trails
    trails[TRAIL] = not trails[TRAIL]
    if trails[TRAIL]:
        return f"{TRAIL} is logging again."
    return f"{TRAIL} is stopped: Dashboard hears of no deploy, and slsdiag does not hear by whom."


def _slow(aws: FakeAws) -> str:
    aws.latency = 0.0 if aws.latency else SLOW
    return "AWS takes its time now." if aws.latency else "AWS answers at once again."


DEPLOYMENTS: Mapping[str, FunctionChange] = {
    "deploy": FunctionChange("Deploy", _deploy),
    "undo": FunctionChange("Undo", _undo),
}
FUNCTION_CHANGES: Mapping[str, FunctionChange] = {
    "take_wrapper": FunctionChange("Let Datadog take the wrapper", _take_wrapper),
    "delete_layer": FunctionChange("Delete the layer", _delete_layer),
    "remove_org": FunctionChange("Remove the org id", _remove_org),
    "fill_filters": FunctionChange("Fill the filters", _fill_filters),
    "fix": FunctionChange("Fix it", _fix),
    "invoke": FunctionChange("Invoke it", _invoke),
}
ACCOUNT_CHANGES: Mapping[str, AccountChange] = {
    "delete_stack": AccountChange("Delete the integration stack", _delete_stack),
    "young": AccountChange("Make the stack six minutes old", _young),
    "old_soon": AccountChange("Let the ten minutes end in ten seconds", _old_soon),
    "deny_logs": AccountChange("Forbid reading logs", _deny_logs),
    "repairs": AccountChange("Let Dashboard repair deploys, or not", _repairs),
    "trail": AccountChange("Stop Dashboard's trail, or start it", _trail),
    "slow": AccountChange("Make AWS slow, or quick again", _slow),
    "fix_all": AccountChange("Fix everything", _fix_all),
}
