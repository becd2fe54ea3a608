"""
What a step may say, and what a report is made of.

A step returns an outcome, which says who moves next: nobody (`Finding`), the clock
(`Wait`) or the person asking (`Ask`). All are frozen values, compared with `==`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from checks.facts.denials import DeniedBy

if TYPE_CHECKING:
    from datetime import datetime

    from checks.evidence.missing import Missing


class Verdict(StrEnum):
    """How one step came out, as `steps[].outcome` shows it."""

    OK = "ok"
    NOTICE = "notice"
    PROBLEM = "problem"
    UNKNOWN = "unknown"
    WAIT = "wait"
    SKIPPED = "skipped"


class Overall(StrEnum):
    """The verdict of a whole report."""

    HEALTHY = "healthy"
    NOTICE = "notice"
    PROBLEM = "problem"
    WAITING = "waiting"
    UNDETERMINED = "undetermined"


class Impact(StrEnum):
    """What a problem does: the function itself fails, or its data is missing."""

    DOWN = "down"
    BLIND = "blind"
    PARTIAL = "partial"
    """Some of its invocations report and others do not."""


class Symptom(StrEnum):
    """What a person misses in Dashboard."""

    TRACES = "traces"
    METRICS = "metrics"
    BOTH = "both"


class Page(StrEnum):
    """A page where something is seen or done; `checks/links.py` knows its address."""

    DASHBOARD = "dashboard"
    CODE = "code"
    """Layers and runtime settings stand there, too."""
    VARIABLES = "variables"
    MONITOR = "monitor"
    VERSIONS = "versions"
    STACK = "stack"
    ROLE = "role"
    FIREHOSE = "firehose"
    METRIC_STREAM = "metric_stream"


class Hop(StrEnum):
    """A station on the way of a function's data, in the order of the way."""

    INTEGRATION = "integration"
    RUNTIME = "runtime"
    VERSION = "version"
    LAYER = "layer"
    WRAPPER = "wrapper"
    VARIABLES = "variables"
    INSTRUMENTED = "instrumented"
    INVOKED = "invoked"
    LOG_LINE = "log line"
    ORG = "org"
    FILTER = "filter"
    METRIC_STREAM = "metric stream"
    FIREHOSE = "Firehose"
    DASHBOARD = "Dashboard"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do."""

    do: str
    """An imperative sentence, without its full stop."""
    page: Page | None = None
    """Where it is done."""
    command: str | None = None
    """Complete: it can be copied into bash with AWS CLI v2 and jq."""
    relief: bool = False
    """The fastest way to get a function that is down running again."""
    caution: str | None = None
    """What else it does: "replaces all variables"."""
    instruments: bool = False
    """Dashboard puts its own layer, variables and filter on the function."""
    undoes: tuple[str, ...] = ()
    """Checks whose good state it takes away, by slug."""
    region: str | None = None
    """Where it is done, if that is not where its page is otherwise."""
    way: str | None = None
    """How to get there in Dashboard, each click: "Dashboard › Settings › Integrations"."""

    @property
    def sentence(self) -> str:
        """All of it as one sentence, without its full stop."""
        return f"{self.do}: {self.way}" if self.way else self.do


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen and, for a problem, what to do about it."""

    verdict: Verdict
    saw: str
    code: str = ""
    """Of the step's own closed set (`CODES` in its module); empty for ok and skipped."""
    headline: str | None = None
    """What is wrong, in at most 60 characters; None for ok and skipped."""
    actions: tuple[Action, ...] = ()
    impact: Impact | None = None
    """Of a problem, or of a notice that explains why some of the data is missing."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Only time will tell. `until` is aware, UTC."""

    until: datetime
    saw: str
    code: str
    headline: str
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """Only Dashboard knows. A report takes `presumes` and says so."""

    question: str
    answers: tuple[str, ...]
    """The known answers; one that ends in "…" wants the error's text instead."""
    presumes: Finding


Outcome = Finding | Wait | Ask
NOT_READ = "not_read"
"""The code of any step whose evidence could not be read."""


def ok(saw: str) -> Finding:
    """All is well here."""
    return Finding(Verdict.OK, saw)


def notice(
    code: str, headline: str, saw: str, *actions: Action, impact: Impact | None = None
) -> Finding:
    """By design, yet it explains something."""
    return Finding(Verdict.NOTICE, saw, code, headline, actions, impact)


def problem(
    code: str, headline: str, saw: str, *actions: Action, impact: Impact = Impact.BLIND
) -> Finding:
    """Something to fix, and how."""
    return Finding(Verdict.PROBLEM, saw, code, headline, actions, impact)


def unknown(code: str, headline: str, saw: str, *actions: Action) -> Finding:
    """It could not be decided, and why."""
    return Finding(Verdict.UNKNOWN, saw, code, headline, actions)


def skipped(saw: str, *actions: Action) -> Finding:
    """Nothing to decide here, and why."""
    return Finding(Verdict.SKIPPED, saw, actions=actions)


def not_read(what: str, missing: Missing) -> Finding:
    """A part of the evidence could not be read; the action names the missing permission."""
    headline, saw = f"Can't read the {what}", f"Could not read the {what}: {missing.why}"
    return unknown(NOT_READ, headline, saw, *granting(missing))


def granting(missing: Missing) -> tuple[Action, ...]:
    """To grant the missing permission where it can be granted; nothing where none is missing."""
    if missing.action is None:
        return ()
    step = _GRANTED_BY.get(missing.denied_by, "Allow {action} to slsdiag's role")
    return (Action(step.format(action=missing.action)),)


_GRANTED_BY: Mapping[DeniedBy | None, str] = {
    DeniedBy.EXPLICIT_DENY: (
        "Remove the statement that denies {action} from the policies that apply to slsdiag; an "
        "allow cannot override it"
    ),
    DeniedBy.SERVICE_CONTROL_POLICY: (
        "Ask your organization's administrators to allow {action} in the service control policy; "
        "an IAM policy cannot override it"
    ),
    DeniedBy.RESOURCE_CONTROL_POLICY: (
        "Ask your organization's administrators to allow {action} in the resource control policy; "
        "an IAM policy cannot override it"
    ),
    DeniedBy.PERMISSIONS_BOUNDARY: (
        "Add {action} to the permissions boundary of slsdiag's role; an IAM policy cannot override "
        "it"
    ),
    DeniedBy.SESSION_POLICY: (
        "Add {action} to the session policy with which slsdiag's credentials are issued"
    ),
    DeniedBy.ENDPOINT_POLICY: (
        "Add {action} to the policy of the VPC endpoint through which slsdiag calls AWS"
    ),
    DeniedBy.RESOURCE_POLICY: "Let the resource's own policy allow {action}",
    DeniedBy.TRUST_POLICY: (
        "In the trust policy of the role that slsdiag assumes, allow {action} for slsdiag's own "
        "identity, with the external id that is set"
    ),
    DeniedBy.KMS_KEY: "In the KMS key's policy, allow {action} for slsdiag's role",
}
