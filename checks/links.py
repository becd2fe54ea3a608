"""
Addresses of the pages where something is seen or done. Pure.

AWS publishes no list of its console's addresses. Where each form was seen, in public repositories
(read November 2026):

* `?tab=code`, `?tab=monitoring`: workshops and runbooks that link to a function's page
* `?subtab=envVars&tab=configure`: gitauto's settings, data-hub-utils' handbook
* Firehose, metric streams, stacks (`?filteringText=&filteringStatus=active`), roles: tests and
  workshops of AWS's own organizations on GitHub
* `?tab=versions`, `/aliases/NAME`, `/versions/N`: from memory; a tab that the console does not
  know shows the function all the same

The log group is not linked: a function may log elsewhere than to /aws/lambda/NAME, and its
*Monitor* tab leads to the right one.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from checks.evidence.account import ROLE_NAME, STACK_NAME, STACK_REGION
from checks.evidence.region import LOG_FIREHOSE, METRIC_STREAM
from checks.function_ref import FunctionRef
from checks.model import Page

DASHBOARD = "https://app.serverless.com"
_DOMAINS = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}
"""The consoles of the other partitions are not public: no link."""
_STACK = f"/stacks?filteringText={STACK_NAME}&filteringStatus=active&viewNested=true"
_TABS = {
    Page.CODE: ("tab=code", "Code"),
    Page.VARIABLES: ("subtab=envVars&tab=configure", "Environment variables"),
    Page.MONITOR: ("tab=monitoring", "Monitor"),
    Page.VERSIONS: ("tab=versions", "Versions"),
}
"""The tab of the function's own page, in the address and as a person reads it."""


@dataclass(frozen=True, slots=True)
class Link:
    """Where something is seen or done."""

    label: str
    url: str


def link(
    page: Page, function: FunctionRef, partition: str, elsewhere: str | None = None
) -> Link | None:
    """The https address of `page`, if there is one; `elsewhere`: a stack's unusual region."""
    if page is Page.DASHBOARD:
        return Link("Serverless Framework Dashboard", DASHBOARD)
    domain = _DOMAINS.get(partition)
    if domain is None:
        return None
    region = function.region or ""
    match page:
        case Page.STACK:
            where = elsewhere or STACK_REGION
            return Link(f"{STACK_NAME} in {where}", _home(domain, where, "cloudformation", _STACK))
        case Page.ROLE:
            return Link(ROLE_NAME, f"https://{domain}/iam/home#/roles/details/{ROLE_NAME}")
        case Page.FIREHOSE:
            there = f"/details/{LOG_FIREHOSE}/monitoring"
            return Link(LOG_FIREHOSE, _home(domain, region, "firehose", there))
        case Page.METRIC_STREAM:
            there = f"metric-streams:streamsList/{METRIC_STREAM}"
            return Link(METRIC_STREAM, _home(domain, region, "cloudwatch", there))
    return _tab(page, function, domain)


def _tab(page: Page, function: FunctionRef, domain: str) -> Link:
    tab, label = _TABS[page]
    url = _home(domain, function.region or "", "lambda", f"{_function(function)}?{tab}")
    return Link(f"{function.name} › {label}", url)


def _home(domain: str, region: str, service: str, rest: str) -> str:
    return f"https://{region}.{domain}/{service}/home?region={region}#{rest}"


def _function(function: FunctionRef) -> str:
    name = f"/functions/{quote(function.name, safe='')}"
    qualifier = function.qualifier
    if qualifier is None or qualifier == "$LATEST":
        return name
    kind = "versions" if qualifier.isdigit() else "aliases"
    return f"{name}/{kind}/{quote(qualifier, safe='')}"
