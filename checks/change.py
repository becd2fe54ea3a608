"""
Changes that a cause is about: what is to be looked up, and what was found.

A report says which change its cause is about (`Sought`). CloudTrail, asked by whoever may, says who
made it (`Changed`). Only causes that something was changed, deleted or stopped have one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from checks.grammar import counted
from checks.timeline import clock


class Kind(StrEnum):
    """What was changed."""

    FUNCTION = "function"
    VERSION = "version"
    """A published version: who published it."""
    ALIAS = "alias"
    FILTER = "filter"
    FIREHOSE = "firehose"
    METRIC_STREAM = "metric_stream"
    METRIC_STREAM_STOPPED = "metric_stream_stopped"
    STACK = "stack"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Sought:
    """A change whose author is wanted."""

    kind: Kind
    name: str
    """Of the function, log group, Firehose, metric stream, stack or role."""
    region: str
    """Where CloudTrail has it: IAM's changes are in us-east-1."""
    account: str
    at: datetime | None = None
    """When it was made; None where AWS does not say."""
    detail: str = ""
    """The filter's name, the version's, or the alias's and its version: "live 7"."""
    since: datetime | None = None
    """It was not made before: what is missing now was there then."""
    partition: str = "aws"
    removed: bool = False
    """The change is known to have removed what is missing, not only to be the last one."""


class Means(StrEnum):
    """How a change was made (interface: Who changed it)."""

    CONSOLE = "console"
    CLOUDFORMATION = "cloudformation"
    SERVERLESS = "serverless"
    TERRAFORM = "terraform"
    CDK = "cdk"
    SAM = "sam"
    CI = "ci"
    DASHBOARD = "dashboard"
    API = "api"


class Untold(StrEnum):
    """Why it is not known who made a change."""

    DENIED = "denied"
    NOT_YET = "not_yet"
    """CloudTrail shows a change only some minutes after it was made."""
    EXPIRED = "expired"
    """CloudTrail's event history goes back 90 days."""
    NOT_FOUND = "not_found"
    UNREACHABLE = "unreachable"
    """CloudTrail was busy, or did not answer in time."""


class Actor(StrEnum):
    """What kind of identity made it; `Changed.by` is its name, or words where it has none."""

    ROLE = "role"
    PERMISSION_SET = "permission set"
    USER = "IAM user"
    OTHER = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """Who made the change, or why that is not known."""

    at: datetime | None
    by: str | None = None
    """Never an e-mail address, a session name, an IP address or a key id."""
    how: Means | None = None
    what: tuple[str, ...] = ()
    """What can be seen to differ, in words."""
    event_id: str | None = None
    why: Untold | None = None
    actor: Actor = Actor.OTHER
    stack: str | None = None
    """The CloudFormation stack that was updated."""
    provider: str | None = None
    """The CI that did it: "GitHub Actions"."""
    since: datetime | None = None
    """When an earlier check saw in place what is missing now."""
    changes: int | None = None
    """Deployments and other changes since then; None where not all of them were seen."""


_WAYS = {
    Means.CONSOLE: "AWS console",
    Means.CLOUDFORMATION: "CloudFormation",
    Means.SERVERLESS: "Serverless Framework",
    Means.TERRAFORM: "Terraform",
    Means.CDK: "AWS CDK",
    Means.SAM: "AWS SAM",
    Means.DASHBOARD: "Serverless Dashboard",
    Means.API: "AWS API",
}
_UNTOLD = {
    Untold.DENIED: "Who changed it can't be read: cloudtrail:LookupEvents is not allowed",
    Untold.NOT_YET: "Who changed it is not in CloudTrail yet, which lags by up to 20 minutes",
    Untold.EXPIRED: "Who changed it is no longer in CloudTrail, which keeps 90 days",
    Untold.NOT_FOUND: "CloudTrail's last 90 days don't show who changed it",
    Untold.UNREACHABLE: "CloudTrail was busy or did not answer, so who changed it is not known",
}
_NEITHER = "CloudTrail's last 90 days show neither when that was done nor by whom"
_DONE = {
    Kind.VERSION: "Published",
    Kind.ALIAS: "Alias last moved",
    Kind.FILTER: "Filter deleted",
    Kind.FIREHOSE: "Firehose deleted",
    Kind.METRIC_STREAM: "Metric stream deleted",
    Kind.METRIC_STREAM_STOPPED: "Metric stream stopped",
    Kind.STACK: "Stack deleted",
    Kind.ROLE: "Role deleted",
}


def sentence(sought: Sought, changed: Changed) -> str:
    """Removed on 23 Nov 12:00 UTC by role deploy-prod (CloudFormation, stack orders-prod)."""
    if changed.why is Untold.NOT_FOUND and changed.at is None:
        return f"{_NEITHER}."
    if changed.why:
        return f"{_UNTOLD[changed.why]}."
    removed = sought.removed and changed.how is not Means.DASHBOARD  # it may have been a repair
    done = "Removed" if removed else _DONE.get(sought.kind, "Last changed")
    on = f" on {clock(changed.at)}" if changed.at else ""
    return f"{done}{on} by {who(changed)} ({way(changed)}).{_remembered(changed)}"


def _remembered(changed: Changed) -> str:
    """What no event shows of a variable, but an earlier check."""
    if changed.since is None:
        return ""
    count = f"; {counted(changed.changes, 'change')} since" if changed.changes else ""
    return f" A check saw it in place on {clock(changed.since)}{count}."


def who(changed: Changed) -> str:
    """Role deploy-prod; the root user."""
    return f"{changed.actor} {changed.by}".strip()


def way(changed: Changed) -> str:
    """CloudFormation, stack orders-prod; GitHub Actions"""
    known = _WAYS.get(changed.how) if changed.how else None
    parts = (known, f"stack {changed.stack}" if changed.stack else None, changed.provider)
    return ", ".join(filter(None, parts)) or "CI"
