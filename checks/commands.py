"""
Commands that a person can copy: bash, AWS CLI v2 and jq, nothing else.

`update-function-configuration` replaces all variables of a function. So a change of one reads
the configuration, changes it and writes it back under its RevisionId: AWS refuses the write
when somebody else changed the function meanwhile, and jq stops where the variables could not
be decrypted (AWS then sends an Error and no variables). Of the answer only the status is
printed: the rest holds the values of all variables.

Functions are named by their ARN, so that a command typed with another account's credentials is
refused and does not change a function of the same name.
"""

from __future__ import annotations

import json
from shlex import quote

from checks.evidence import LambdaFunction
from checks.evidence.region import METRIC_STREAM

CAUTION = "rewrites the function's variables, all others unchanged"
_READ_VARIABLES = (
    'if .Environment.Error then error("the variables cannot be read") '
    "else (.Environment.Variables // {}) end"
)


def set_variable(function: LambdaFunction, name: str, value: str) -> str | None:
    """Set one variable of $LATEST; None for a published version, which is frozen."""
    return _changed(function, f"{_key(name)} = {json.dumps(value)}")


def remove_variable(function: LambdaFunction, name: str) -> str | None:
    """Remove one variable of $LATEST; None for a published version, which is frozen."""
    return _changed(function, f"del({_key(name)})")


def invoke(function: LambdaFunction) -> str | None:
    """Run the function once with an empty event; None where AWS wants a version that is not known."""
    if function.durable and not function.qualifier:
        return None
    qualifier = f" --qualifier {quote(function.qualifier)}" if function.qualifier else ""
    return (
        f"aws lambda invoke {_named(function)}{qualifier} --payload '{{}}' "
        "--cli-binary-format raw-in-base64-out /dev/stdout"
    )


def list_versions(function: LambdaFunction) -> str:
    """Which versions there are, and when each was made."""
    return (
        f"aws lambda list-versions-by-function {_named(function)} --output table "
        "--query 'Versions[].[Version,LastModified,Description]'"
    )


def start_stream(region: str) -> str:
    """Start the region's metric stream, which somebody stopped."""
    return f"aws cloudwatch start-metric-streams --names {METRIC_STREAM} --region {region}"


def start_trail(arn: str) -> str:
    """Start a trail, which somebody stopped, in its home Region."""
    return f"aws cloudtrail start-logging --name {quote(arn)} --region {arn.split(':')[3]}"


def enable_rule(name: str, region: str) -> str:
    """Enable a rule of EventBridge, which somebody disabled."""
    return f"aws events enable-rule --name {quote(name)} --region {region}"


def _changed(function: LambdaFunction, change: str) -> str | None:
    if function.frozen:
        return None
    wanted = (
        "{FunctionName: .FunctionArn, RevisionId, "
        f"Environment: {{Variables: ({_READ_VARIABLES} | {change})}}}}"
    )
    return (
        f"aws lambda get-function-configuration {_named(function)} --output json "
        f"| jq {quote(wanted)} "
        f"| aws lambda update-function-configuration --region {function.region} "
        "--cli-input-json file:///dev/stdin --query LastUpdateStatus"
    )


def _named(function: LambdaFunction) -> str:
    return f"--function-name {quote(function.arn)} --region {function.region}"


def _key(name: str) -> str:
    return f".{name}"
