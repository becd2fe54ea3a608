"""AWS Lambda: configurations, versions, aliases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.playground.account.answers.call import Answer, Call, page
from bot.playground.account.faults import AwsError
from checks.function_ref import FunctionRef

_PAGE = 50
_ONLY_OF_ONE = frozenset(
    {"State", "StateReason", "StateReasonCode"}
    | {"LastUpdateStatus", "LastUpdateStatusReason", "LastUpdateStatusReasonCode"}
)
"""Keys that a listing leaves out."""


def _name_and_qualifier(call: Call) -> tuple[str, str | None]:
    """A name, a partial or a whole ARN, each perhaps with a qualifier."""
    parts = str(call.arguments["FunctionName"]).split(":")
    if "function" in parts:
        parts = parts[parts.index("function") + 1 :]
    inside = parts[1] if len(parts) > 1 else None
    return parts[0], call.arguments.get("Qualifier") or inside


def _versions(call: Call) -> tuple[str, dict[str, dict[str, Any]]]:
    name, qualifier = _name_and_qualifier(call)
    versions = call.region.functions.get(name)
    if versions is None:
        raise _absent(call, name, qualifier)
    return name, versions


def _absent(call: Call, name: str, qualifier: str | None) -> AwsError:
    arn = call.arn("lambda", f"function:{FunctionRef(name, qualifier).spelled}")
    return AwsError("ResourceNotFoundException", f"Function not found: {arn}", 404)


def _configuration(call: Call) -> Answer:
    name, versions = _versions(call)
    qualifier = _name_and_qualifier(call)[1]
    version = call.region.aliases.get(name, {}).get(str(qualifier), qualifier or "$LATEST")
    if version not in versions:
        raise _absent(call, name, qualifier)
    configuration = versions[version]
    return _qualified(configuration, qualifier) if qualifier else configuration


def _qualified(configuration: Mapping[str, Any], qualifier: str) -> Answer:
    return {**configuration, "FunctionArn": f"{configuration['FunctionArn']}:{qualifier}"}


def _listed(configuration: Mapping[str, Any]) -> Answer:
    return {key: value for key, value in configuration.items() if key not in _ONLY_OF_ONE}


def _size(call: Call) -> int:
    return min(int(call.arguments.get("MaxItems") or _PAGE), _PAGE)


def _paged(call: Call, key: str, things: list[Answer]) -> Answer:
    some, marker = page(things, call.arguments.get("Marker"), _size(call))
    return {key: list(some)} | ({"NextMarker": marker} if marker else {})


def _functions(call: Call) -> Answer:
    """Sorted by name; only the page that is asked for is written out."""
    functions = call.region.functions
    names, marker = page(sorted(functions), call.arguments.get("Marker"), _size(call))
    listed = [_listed(functions[name]["$LATEST"]) for name in names]
    return {"Functions": listed} | ({"NextMarker": marker} if marker else {})


def _listed_versions(call: Call) -> Answer:
    _, versions = _versions(call)
    ordered = sorted(versions, key=lambda version: (version.isdigit(), version.zfill(12)))
    return _paged(call, "Versions", [_listed(_qualified(versions[v], v)) for v in ordered])


def _aliases(call: Call) -> Answer:
    name, _ = _versions(call)
    aliases = []
    for alias, version in sorted(call.region.aliases.get(name, {}).items()):
        shares = call.region.weights.get((name, alias))
        routing = {"RoutingConfig": {"AdditionalVersionWeights": shares}} if shares else {}
        arn = call.arn("lambda", f"function:{FunctionRef(name, alias).spelled}")
        aliases.append({"AliasArn": arn, "Name": alias, "FunctionVersion": version} | routing)
    return _paged(call, "Aliases", aliases)


ANSWERS = {
    "GetFunctionConfiguration": _configuration,
    "ListFunctions": _functions,
    "ListVersionsByFunction": _listed_versions,
    "ListAliases": _aliases,
}
