"""
Events of changes, in the shapes that AWS documents and public samples show.

Each function gives an event and the resources by which it can be looked up. What
LookupEvents can look up for each event is partly a guess (docs/facts/aws.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from bot.playground.account.trail import Event
from bot.playground.account.trail.makers import Maker

Composed = tuple[Event, Sequence[tuple[str, str]]]
_SKEW = timedelta(seconds=1)
"""A call is complete a moment after what it changed."""
_SHOWN = (
    "FunctionName",
    "FunctionArn",
    "Runtime",
    "Role",
    "Handler",
    "MemorySize",
    "Timeout",
    "Version",
    "LastUpdateStatus",
)


def event(
    service: str,
    name: str,
    maker: Maker,
    at: datetime,
    place: tuple[str, str],
    request: Mapping[str, Any] | None,
    response: Mapping[str, Any] | None = None,
    **more: Any,
) -> Event:
    """Any event; `place` is account and region."""
    account, region = place
    called = {"eventSource": f"{service}.amazonaws.com", "eventName": name, "awsRegion": region}
    by = {"sourceIPAddress": maker.address, "userAgent": maker.agent}
    sides = {"requestParameters": request, "responseElements": response}
    ids = {"eventID": str(uuid4()), "recipientAccountId": account}
    begin = {"userIdentity": dict(maker.identity), "eventTime": f"{at:%Y-%m-%dT%H:%M:%SZ}"}
    return {**_ALIKE, **begin, **called, **by, **sides, **ids, **more}


_ALIKE = {
    "eventVersion": "1.11",
    "readOnly": False,
    "eventType": "AwsApiCall",
    "managementEvent": True,
    "eventCategory": "Management",
}


def updated(
    config: Mapping[str, Any],
    maker: Maker,
    at: datetime,
    sent: Mapping[str, Any],
    name: str = "UpdateFunctionConfiguration20150331v2",
    **more: Any,
) -> Composed:
    """A function, by Lambda's own answer for it; variables are never shown."""
    function, arn = config["FunctionName"], str(config["FunctionArn"])
    place = arn.split(":")[4], arn.split(":")[3]
    request = {"functionName": function, "environment": {}, **sent}
    made = event("lambda", name, maker, at + _SKEW, place, request, _shown(config, at), **more)
    return made, [("AWS::Lambda::Function", function)]


def _shown(config: Mapping[str, Any], at: datetime) -> Event:
    shown = {key[0].lower() + key[1:]: config[key] for key in _SHOWN if key in config}
    layers = [{"arn": x["Arn"], "codeSize": x.get("CodeSize")} for x in config.get("Layers") or []]
    return shown | {
        "layers": layers,
        "loggingConfig": config.get("LoggingConfig"),
        "environment": {},
        "lastModified": f"{at:%Y-%m-%dT%H:%M:%S}.000+0000",
        "revisionId": str(uuid4()),
    }


def stack_started(
    name: str, maker: Maker, at: datetime, place: tuple[str, str], stack: str, template: str = ""
) -> Composed:
    """UpdateStack, ExecuteChangeSet, DeleteStack …"""
    request = {"stackName": stack} | ({"templateURL": template} if template else {})
    return event("cloudformation", name, maker, at, place, request), ()


def template_of(service: str, stage: str, at: datetime) -> str:
    """Where Serverless Framework uploads a stack's template."""
    folder = f"{int(at.timestamp() * 1000)}-{at:%Y-%m-%dT%H:%M:%S}.000Z"
    return (
        f"https://s3.amazonaws.com/{service}-{stage}-serverlessdeploymentbucket-1a2b3c/serverless/"
        f"{service}/{stage}/{folder}/compiled-cloudformation-template.json"
    )


def filter_deleted(
    group: str, filter_: str, maker: Maker, at: datetime, place: tuple[str, str]
) -> Composed:
    """Logs."""
    request = {"logGroupName": group, "filterName": filter_}
    made = event("logs", "DeleteSubscriptionFilter", maker, at, place, request)
    return made, [("AWS::Logs::LogGroup", group)]


def deleted(
    service: str,
    name: str,
    maker: Maker,
    at: datetime,
    place: tuple[str, str],
    request: Mapping[str, Any],
) -> Composed:
    """A stream, a role, whatever is named by one parameter."""
    return event(service, name, maker, at, place, request), ()
