"""
A CloudTrail event as AWS writes it → what may be known of it outside the door.

Both ways to an event end here: the text in LookupEvents' `CloudTrailEvent`, and `detail` of what
EventBridge sends. Names of Lambda's events carry a date, which is cut off. A variable is never named in an event,
so no event says that one was set or removed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from bot.aws.texts import identifier
from bot.aws.trail.event import TrailEvent
from bot.aws.trail.identity import identity_of
from bot.aws.trail.means import way_of

_DATED = re.compile(r"(?P<name>[A-Za-z]+?)(?:20\d{6}(?:v\d+)?)?")
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_SERVICE = ".amazonaws.com"
_RESOURCES = {
    "lambda": ("functionName", "resource"),
    "logs": ("logGroupName",),
    "cloudformation": ("stackName",),
    "firehose": ("deliveryStreamName",),
    "monitoring": ("name", "names"),
    "iam": ("roleName",),
    "cloudtrail": ("name",),
    "events": ("name",),
}
"""Parameters that name what an event is about, by service."""
FIELDS = {
    "layers": "layers",
    "handler": "handler",
    "runtime": "runtime",
    "role": "role",
    "loggingConfig": "logging",
    "memorySize": "memory",
    "timeout": "timeout",
}
"""Parts of a function's configuration that CloudTrail shows, and their words."""


def read(text: str, *, users: bool) -> TrailEvent | None:
    """LookupEvents' JSON; None for what is no event."""
    try:
        raw = json.loads(text)
    except ValueError:
        return None
    return event_of(raw, users=users) if isinstance(raw, Mapping) else None


def event_of(raw: Mapping[str, Any], *, users: bool) -> TrailEvent | None:
    """One event; None where it lacks what every event has. `users`: IAM users may be named."""
    try:
        return _event(raw, users=users)
    except (KeyError, TypeError, ValueError):
        return None


def _event(raw: Mapping[str, Any], *, users: bool) -> TrailEvent | None:
    identity = _mapping(raw.get("userIdentity"))
    request, response = (_mapping(raw.get(f"{side}")) for side in _SIDES)
    source = str(raw["eventSource"]).removesuffix(_SERVICE)
    dated, id_ = _DATED.fullmatch(str(raw["eventName"])), str(raw["eventID"])
    if not dated or not _ID.fullmatch(id_):
        return None
    return TrailEvent(
        id=id_,
        source=identifier(source),
        name=dated["name"],
        at=_moment(raw["eventTime"]),
        region=identifier(str(raw["awsRegion"])),
        account=str(raw.get("recipientAccountId") or identity.get("accountId") or ""),
        resource=_resource(source, request, response),
        identity=identity_of(identity, users=users),
        way=way_of(raw, identity),
        detail=_detail(source, request, response),
        sent=tuple(_sent(dated["name"], request)),
        after={FIELDS[key]: _print(response[key]) for key in FIELDS if key in response},
        modified_at=_modified(response),
        failed=bool(raw.get("errorCode") or raw.get("errorMessage")),
        read_only=str(raw.get("readOnly")).lower() == "true",
    )


_SIDES = ("requestParameters", "responseElements")


def _mapping(value: object) -> Mapping[str, Any]:
    """Absent, null, cut off to a string: nothing."""
    return value if isinstance(value, Mapping) else {}


def _resource(source: str, request: Mapping[str, Any], response: Mapping[str, Any]) -> str:
    """The bare name: callers may write a name, a partial or a whole ARN, with a qualifier."""
    if source == "lambda" and isinstance(response.get("functionName"), str):
        return identifier(_bare(response["functionName"]))
    for name in _RESOURCES.get(source, ()):
        value = request.get(name)
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, str):
            return identifier(_bare(value) if source in {"lambda", "cloudformation"} else value)
    return ""


def _bare(text: str) -> str:
    """orders, 123456789012:function:orders, arn:…:function:orders:live; a stack's name or id."""
    if ":stack/" in text:
        return text.partition(":stack/")[2].partition("/")[0]
    parts = text.split(":")
    return parts[parts.index("function") + 1] if "function" in parts[:-1] else parts[0]


def _detail(source: str, request: Mapping[str, Any], response: Mapping[str, Any]) -> str:
    """A filter's name; "live 7" of an alias; the version that was published."""
    if source == "logs":
        return identifier(str(request.get("filterName") or ""))
    if source != "lambda":
        return ""
    alias, version = request.get("name"), request.get("functionVersion")
    if isinstance(alias, str):
        return identifier(f"{alias} {version}" if version else alias)
    return identifier(str(response.get("version") or ""))


def _sent(name: str, request: Mapping[str, Any]) -> Iterator[str]:
    if name == "UpdateFunctionCode":
        yield "code"
    if name == "UpdateFunctionConfiguration":
        yield from (word for key, word in FIELDS.items() if key in request)


def _print(value: object) -> str:
    """Layers come with their sizes, which say nothing."""
    if isinstance(value, list):
        value = [item.get("arn") if isinstance(item, Mapping) else item for item in value]
    return sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _modified(response: Mapping[str, Any]) -> datetime | None:
    text = response.get("lastModified")
    return _moment(text) if isinstance(text, str) else None


def _moment(text: object) -> datetime:
    """2026-11-02T14:21:07Z; 2026-11-02T14:21:05.000+0000"""
    return datetime.fromisoformat(str(text)).astimezone(UTC)
