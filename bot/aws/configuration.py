"""
Lambda's answers → the function's configuration and its variables. Secrets stop here.

Only what `READABLE` names leaves AWS with its value; of every other variable its name and
whether it was empty.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.aws.door import Account
from bot.aws.operations import FUNCTION_CONFIGURATION, LIST_ALIASES
from checks.evidence import Environment, LambdaFunction, Missing, Withheld
from checks.instrumentation_error import quoted
from checks.sdk import is_our_wrapper, sdk_layer

READABLE = frozenset(
    {
        "AWS_LAMBDA_EXEC_WRAPPER",
        "SLS_ORG_ID",
        "SLS_DEV_MODE_ORG_ID",
        "SLS_SDK_DEBUG",
    }
)
READABLE_PREFIX = "SLS_DISABLE_"
_PRELOADS = ("-r", "--require", "--import")
_VALUE_LIMIT = 256


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
    environment = answer.get("Environment") or {}
    variables = environment.get("Variables") or {}
    hidden = _hidden(environment)
    arn = ":".join(str(answer["FunctionArn"]).split(":")[:7])
    layers = answer.get("Layers") or []
    function = LambdaFunction(
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
    return Configuration(
        function,
        hidden or {name: _kept(name, value) for name, value in variables.items()},
        hidden or len(json.dumps(variables, separators=(",", ":")).encode()),
        str((answer.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{function.name}"),
    )


def modified_at(text: str) -> datetime:
    """2026-11-23T12:00:00.000+0000, as Lambda writes it; UTC."""
    return datetime.fromisoformat(text.replace("+0000", "+00:00")).astimezone(UTC)


def _hidden(environment: Mapping[str, Any]) -> Missing | None:
    """Variables that Lambda could not decrypt for us are unreadable, not absent."""
    error = environment.get("Error")
    if not error:
        return None
    return Missing(
        f"they are encrypted with a key that slsdiag may not use ({error.get('ErrorCode')}).",
        "kms:Decrypt",
    )


def _kept(name: str, value: str) -> str | Withheld:
    if name in READABLE or name.startswith(READABLE_PREFIX):
        return value[:_VALUE_LIMIT]
    if name == "NODE_OPTIONS":
        return preloads(value)
    return Withheld(empty=not value)


def preloads(options: str) -> str:
    """Of NODE_OPTIONS only the paths of -r, --require and --import."""
    try:
        words = shlex.split(options)
    except ValueError:
        words = options.split()
    kept: list[str] = []
    for place, word in enumerate(words):
        flag, equals, path = word.partition("=")
        if flag in _PRELOADS:
            following = words[place + 1] if place + 1 < len(words) else ""
            kept += [flag, path if equals else following]
    return " ".join(kept)[:_VALUE_LIMIT]


def _error(answer: Mapping[str, Any]) -> str | None:
    failed = answer.get("LastUpdateStatus") == "Failed" or answer.get("State") == "Failed"
    text = answer.get("LastUpdateStatusReason") or answer.get("StateReason")
    return quoted(str(text)) if failed and text else None


def _size(answer: Mapping[str, Any], layers: list[Mapping[str, Any]]) -> int | None:
    code = answer.get("CodeSize")
    if code is None:
        return None
    return int(code) + sum(int(layer.get("CodeSize") or 0) for layer in layers)


def aliases(account: Account, region: str, name: str) -> tuple[tuple[str, str], ...]:
    """(alias, version) pairs of aliases that lead to a published version."""
    found: list[tuple[str, str]] = []
    arguments: dict[str, Any] = {"FunctionName": name}
    while True:
        answer = account.call(LIST_ALIASES, region, **arguments)
        for alias in answer.get("Aliases") or []:
            shares = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
            found += [(alias["Name"], v) for v in (alias["FunctionVersion"], *shares)]
        if not answer.get("NextMarker"):
            return tuple(pair for pair in found if pair[1] != "$LATEST")
        arguments["Marker"] = answer["NextMarker"]
