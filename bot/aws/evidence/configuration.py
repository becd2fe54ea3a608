"""Lambda's answers → a function's configuration, and where its aliases lead. Calls nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from sys import intern
from typing import Any

from bot.aws.evidence.variables import environment
from bot.aws.texts import plain, value
from checks.evidence import Environment, LambdaFunction, Missing
from checks.facts.sdk import is_our_wrapper, sdk_layer
from checks.facts.states import FUNCTION_FAILS, UPDATE_FAILED


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
    execution_role: str | None = None
    """The ARN of the function's own role."""

    @property
    def instrumented(self) -> bool | None:
        """Whether layer, wrapper and org id are all there; None if variables are hidden."""
        if isinstance(self.environment, Missing):
            return None
        wrapper = self.environment.get("AWS_LAMBDA_EXEC_WRAPPER")
        ours = isinstance(wrapper, str) and is_our_wrapper(wrapper)
        layered = any(map(sdk_layer, self.function.layers))
        return ours and layered and bool(self.environment.get("SLS_ORG_ID"))


def configuration(answer: Mapping[str, Any], qualifier: str | None) -> Configuration:
    """One function of GetFunctionConfiguration's or ListFunctions' answer."""
    variables = environment(answer.get("Environment") or {})
    safe, size = (variables,) * 2 if isinstance(variables, Missing) else variables
    function = _function(answer, qualifier)
    group = (answer.get("LoggingConfig") or {}).get("LogGroup")
    role = str(answer["Role"]) if answer.get("Role") else None
    return Configuration(function, safe, size, str(group or f"/aws/lambda/{function.name}"), role)


def _function(answer: Mapping[str, Any], qualifier: str | None) -> LambdaFunction:
    arn = ":".join(str(answer["FunctionArn"]).split(":")[:7])
    layers = answer.get("Layers") or []
    return LambdaFunction(
        name=str(answer["FunctionName"]),
        arn=arn,
        region=intern(arn.split(":")[3]),  # one text for all functions of a scan
        account=intern(arn.split(":")[4]),
        runtime=_runtime(answer),
        handler=value(answer["Handler"]) if answer.get("Handler") else None,
        layers=tuple(str(layer["Arn"]) for layer in layers),
        modified_at=modified_at(str(answer["LastModified"])),
        qualifier=qualifier,
        version=str(answer.get("Version") or "$LATEST"),
        update_status=answer.get("LastUpdateStatus"),
        error=_error(answer),
        error_code=_error_code(answer),
        code_size=_size(answer, layers),
        read_on=datetime.now(UTC).date(),
        managed_instances=bool(answer.get("CapacityProviderConfig")),
        durable=bool(answer.get("DurableConfig")),
    )


def _runtime(answer: Mapping[str, Any]) -> str | None:
    runtime = None if answer.get("PackageType") == "Image" else answer.get("Runtime")
    return intern(runtime) if runtime else runtime


def modified_at(text: str) -> datetime:
    """2026-11-23T12:00:00.000+0000, as Lambda writes it; UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def _error(answer: Mapping[str, Any]) -> str | None:
    text = answer.get("LastUpdateStatusReason") or answer.get("StateReason")
    return plain(text, (str(answer["FunctionName"]),)) if _failed(answer) and text else None


def _error_code(answer: Mapping[str, Any]) -> str | None:
    code = answer.get("LastUpdateStatusReasonCode") or answer.get("StateReasonCode")
    return plain(code or "Failed") if _failed(answer) else None


def _failed(answer: Mapping[str, Any]) -> bool:
    update, state = str(answer.get("LastUpdateStatus")), str(answer.get("State"))
    return UPDATE_FAILED.value.get(update, False) or FUNCTION_FAILS.value.get(state, False)


def _size(answer: Mapping[str, Any], layers: list[Mapping[str, Any]]) -> int | None:
    code = answer.get("CodeSize")
    if code is None:
        return None
    return int(code) + sum(int(layer.get("CodeSize") or 0) for layer in layers)


def leads_of(alias: Mapping[str, Any]) -> list[Lead]:
    """An alias may send a share of its invocations to a second version."""
    shares = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    rest = 1.0 - sum(shares.values())
    name, version = str(alias["Name"]), str(alias["FunctionVersion"])
    return [Lead(name, version, rest), *(Lead(name, str(v), w) for v, w in shares.items())]
