"""Lambda's answers → the function's configuration and its aliases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.aws.door import Account
from bot.aws.operations import FUNCTION_CONFIGURATION, LIST_ALIASES
from bot.aws.texts import plain
from bot.aws.variables import environment
from checks.evidence import Environment, LambdaFunction, Missing
from checks.sdk import is_our_wrapper, sdk_layer

_PAGES = 20


@dataclass(frozen=True, slots=True)
class Lead:
    """A name by which a version is invoked, with its share of that name's invocations."""

    name: str
    version: str
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Configuration:
    """A function's configuration, taken apart at the door."""

    function: LambdaFunction
    environment: Environment | Missing
    environment_size: int | Missing
    log_group: str

    @property
    def instrumented(self) -> bool | None:
        """Whether layer, wrapper and org id are all there; None if variables are hidden."""
        if isinstance(self.environment, Missing):
            return None
        wrapper = self.environment.get("AWS_LAMBDA_EXEC_WRAPPER")
        ours = isinstance(wrapper, str) and is_our_wrapper(wrapper)
        layered = any(map(sdk_layer, self.function.layers))
        return ours and layered and bool(self.environment.get("SLS_ORG_ID"))


def read(account: Account, region: str, name: str, qualifier: str | None) -> Configuration:
    """Ask Lambda; raises botocore's errors."""
    arguments = {"FunctionName": name} | ({"Qualifier": qualifier} if qualifier else {})
    return configuration(account.call(FUNCTION_CONFIGURATION, region, **arguments), qualifier)


def configuration(answer: Mapping[str, Any], qualifier: str | None) -> Configuration:
    """One function of GetFunctionConfiguration's or ListFunctions' answer."""
    variables = environment(answer.get("Environment") or {})
    kept, size = (variables,) * 2 if isinstance(variables, Missing) else variables
    function = _function(answer, qualifier)
    group = (answer.get("LoggingConfig") or {}).get("LogGroup")
    return Configuration(function, kept, size, str(group or f"/aws/lambda/{function.name}"))


def _function(answer: Mapping[str, Any], qualifier: str | None) -> LambdaFunction:
    arn = ":".join(str(answer["FunctionArn"]).split(":")[:7])
    layers = answer.get("Layers") or []
    return LambdaFunction(
        name=str(answer["FunctionName"]),
        arn=arn,
        region=arn.split(":")[3],
        account=arn.split(":")[4],
        runtime=None if answer.get("PackageType") == "Image" else answer.get("Runtime"),
        handler=answer.get("Handler"),
        layers=tuple(str(layer["Arn"]) for layer in layers),
        modified_at=modified_at(str(answer["LastModified"])),
        qualifier=qualifier,
        version=str(answer.get("Version") or "$LATEST"),
        update_status=answer.get("LastUpdateStatus"),
        error=_error(answer),
        code_size=_size(answer, layers),
    )


def modified_at(text: str) -> datetime:
    """2026-11-23T12:00:00.000+0000, as Lambda writes it; UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def _error(answer: Mapping[str, Any]) -> str | None:
    failed = answer.get("LastUpdateStatus") == "Failed" or answer.get("State") == "Failed"
    text = answer.get("LastUpdateStatusReason") or answer.get("StateReason")
    return plain(text) if failed and text else None


def _size(answer: Mapping[str, Any], layers: list[Mapping[str, Any]]) -> int | None:
    code = answer.get("CodeSize")
    if code is None:
        return None
    return int(code) + sum(int(layer.get("CodeSize") or 0) for layer in layers)


def aliases(account: Account, region: str, name: str) -> tuple[Lead, ...]:
    """Where each alias leads that leads to a published version."""
    found: list[Lead] = []
    arguments: dict[str, Any] = {"FunctionName": name}
    for _ in range(_PAGES):
        answer = account.call(LIST_ALIASES, region, **arguments)
        for alias in answer.get("Aliases") or []:
            found += _leads(alias)
        if not answer.get("NextMarker"):
            break
        arguments["Marker"] = answer["NextMarker"]
    return tuple(lead for lead in found if lead.version != "$LATEST")


def _leads(alias: Mapping[str, Any]) -> list[Lead]:
    """An alias may send a share of its invocations to a second version."""
    shares = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    rest = 1.0 - sum(shares.values())
    name, version = str(alias["Name"]), str(alias["FunctionVersion"])
    return [Lead(name, version, rest), *(Lead(name, str(v), w) for v, w in shares.items())]
