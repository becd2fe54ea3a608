"""A case of aws.yaml → the fake account's world. Times in it are ago."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.playground.account.demo_functions import FIREHOSE, NODE, PUBLISHER, PYTHON, Language
from bot.playground.account.model import AwsAccount, Region
from bot.playground.account.payloads import telemetry_line

World = Mapping[str, Any]
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
ERRORS = {"timeout", "out_of_memory", "import_error", "exit_127"}


def ago(text: str) -> timedelta:
    """40m, 3h, 2d"""
    return timedelta(**{UNITS[text[-1]]: float(text[:-1])})


def build(account: AwsAccount, case: Mapping[str, Any], defaults: World) -> datetime:
    """Everything that the case states, over what all have."""
    world = {**defaults, **(case.get("world") or {})}
    now = datetime.now(UTC).replace(microsecond=0)
    region = account.region(world["region"])
    _integration(account, region, case, world, now)
    _function(region, case["function"], world, now)
    trusted = world.get("role_trusts", ["lambda.amazonaws.com"])
    account.trusts[f"{case['function']}-role"] = tuple(trusted)
    _log(region, case["function"], world, now)
    return now


def _integration(
    account: AwsAccount, region: Region, case: Mapping[str, Any], world: World, now: datetime
) -> None:
    stack = case.get("stack", world["stack"])
    if stack != "absent":
        stack = {**world["stack"], **stack}
        account.stack(
            now - ago(stack["created"]),
            stack["status"],
            region=stack["region"],
            reason=stack.get("reason"),
            name=stack["name"],
            failures=[tuple(each) for each in stack.get("events") or ()],
        )
    account.roles.update(case.get("roles", world["roles"]))
    region.firehoses |= {"serverless_metrics-firehose": "ACTIVE", **world["firehose"]}
    region.metric_streams |= world["metric_stream"]
    region.delivered = 1.0


def language_of(world: World) -> Language:
    """By the runtime."""
    return PYTHON if world["runtime"].startswith("python") else NODE


def _function(region: Region, name: str, world: World, now: datetime) -> None:
    frozen = {"$LATEST": {}, **(world.get("versions") or {})}
    for version, differs in frozen.items():
        _version(region, name, version, {**world, **differs}, now)
    for alias, leads in (world.get("aliases") or {}).items():
        region.aliases.setdefault(name, {})[alias] = leads["version"]
        if leads.get("also"):
            region.weights[name, alias] = leads["also"]


def _version(region: Region, name: str, version: str, world: World, now: datetime) -> None:
    language = language_of(world)
    wrapper = {"the SDK's own path": language.wrapper}
    layers = [
        f"arn:aws:lambda:{region.name}:{PUBLISHER}:layer:{language.layer}:1"
        if each == "sls-sdk"
        else each
        for each in world["layers"]
    ]
    answer = region.function(
        name,
        modified_at=now - ago(world["changed"]),
        runtime=None if world["package"] == "image" else world["runtime"],
        version=version,
        layers=layers,
        environment={key: wrapper.get(value, value) for key, value in world["variables"].items()},
    )
    if world["package"] != "image":
        answer["Handler"] = world["handler"]
    if isinstance(world["log_group"], Mapping):
        group = world["log_group"]["name"].replace("NAME", name)
        answer["LoggingConfig"] = {"LogFormat": world["log_format"], "LogGroup": group}
    if pool := world.get("capacity_provider"):
        arn = f"arn:aws:lambda:{region.name}:{region.account}:capacity-provider:{pool}"
        lives = {"CapacityProviderArn": arn}
        answer["CapacityProviderConfig"] = {"LambdaManagedInstancesCapacityProviderConfig": lives}
    update = world.get("last_update") or {}
    keys = {"status": "", "code": "ReasonCode", "reason": "Reason"}
    answer.update({f"LastUpdateStatus{keys[key]}": value for key, value in update.items()})


def _log(region: Region, name: str, world: World, now: datetime) -> None:
    if world["log_group"] != "absent":
        group = region.group(world["log_group"]["name"].replace("NAME", name))
        group.log_class = world["log_group"]["class"]
        for each in world["filters"]:
            group.filters[each["name"]] = _destination(region, each["to"])
            if each.get("pattern"):
                group.patterns[each["name"]] = each["pattern"]
    for each in world["invocations"]:
        for at in _spread(each, now):
            _invocation(region, name, world, each, at)
    for other in world.get("other_groups") or ():
        group = region.group(other["name"])
        group.events.append((now - timedelta(hours=1), "hello\n", _stream(now, "$LATEST", "a")))
        for number in range(other["filters"]):
            group.filters[f"filter-{number}"] = _destination(region, f"function other-{number}")
    if stated := world.get("metrics"):
        at = now - ago(stated["to"])
        region.invoked(name, at, stated["invocations"], errors=stated["errors"])


def _destination(region: Region, to: str) -> str:
    kind, _, target = to.partition(" ")
    if kind == "firehose":
        return (
            f"arn:aws:firehose:{region.name}:{region.account}:deliverystream/{target or FIREHOSE}"
        )
    if kind == "function":
        return f"arn:aws:lambda:{region.name}:{region.account}:function:{target}"
    return to


def _spread(group: Mapping[str, Any], now: datetime) -> Iterator[datetime]:
    first, last, count = now - ago(group["from"]), now - ago(group["to"]), group["count"]
    step = (last - first) / max(count - 1, 1)
    yield from (first + number * step for number in range(count))


def _stream(at: datetime, version: str, box: str) -> str:
    return f"{at:%Y/%m/%d}/[{version}]{box * 32}"


def _invocation(
    region: Region, name: str, world: World, group: Mapping[str, Any], at: datetime
) -> None:
    version, end = group.get("version", "$LATEST"), group["end"]
    through = group.get("through")
    failed = int(end in ERRORS)
    resource = f"{name}:{through}" if through else name
    region.invoked(name, at, 1, resource, errors=failed)
    log = region.group(world["log_group"]["name"].replace("NAME", name))
    request = f"5eed0000-0000-4000-8000-{len(log.events) + 1:012d}"
    lines = _lines(end, name, world, request, version, at)
    stream = _stream(at, version, group.get("box", "a"))
    for place, line in enumerate(lines):
        log.events.append((at + timedelta(milliseconds=place), line, stream))
    log.events.sort(key=lambda event: event[0])


def _lines(
    end: str, name: str, world: World, request: str, version: str, at: datetime
) -> list[str]:
    own = f"{at:%Y-%m-%dT%H:%M:%S.000}Z\t{request}\tINFO\tworking\n"
    if end == "own_lines_only":
        return [f'{{"timestamp": "{at:%Y-%m-%dT%H:%M:%S}Z", "requestId": "{request}"}}\n']
    variables, language = world["variables"], language_of(world)
    payload = telemetry_line(
        service=name,
        org_id=variables.get("SLS_ORG_ID", ""),
        runtime=language.kind,
        sdk_version=language.sdk_version,
        request_id=request,
    )
    inside = {
        "payload": [own, f"{payload}\n"],
        "bare": [own],
        "timeout": [
            own,
            f"{at:%Y-%m-%dT%H:%M:%S.000}Z {request} Task timed out after 15 seconds\n",
        ],
        "out_of_memory": [
            f"RequestId: {request} Error: Runtime exited with error: signal: killed\n"
        ],
        "import_error": [
            "[ERROR] Runtime.ImportModuleError: Unable to import module 'app'\nTraceback\n"
        ],
        "exit_127": [f"RequestId: {request} Error: Runtime exited with error: exit status 127\n"],
    }[end]
    status = {
        "out_of_memory": "\tStatus: error\tError Type: Runtime.OutOfMemory",
        "exit_127": "\tStatus: error\tError Type: Runtime.ExitError",
    }.get(end, "")
    wrapper = variables.get("AWS_LAMBDA_EXEC_WRAPPER", "")
    before = [f"{wrapper}: does not exist\n"] if end == "exit_127" else []
    return [
        *before,
        f"START RequestId: {request} Version: {version}\n",
        *inside,
        f"END RequestId: {request}\n",
        f"REPORT RequestId: {request}\tDuration: 5.00 ms\tBilled Duration: 5 ms{status}\t\n",
    ]


SERVICES = {"logs": "logs", "cloudformation": "cloudformation", "lambda": "lambda"}


def refusals(case: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Service, operation, code, message."""
    for action, error in (case.get("refused") or {}).items():
        service, _, operation = action.partition(":")
        code, message = re.split(r": ", error, maxsplit=1)
        yield SERVICES[service], operation, code, message
