"""
Where in the AWS console a step's finding can be seen and mended. Pure.

`PAGES` is data, because AWS publishes no list of its console's addresses. How sure each form is:
seen in public repositories' tests and documents (2026) for functions with `?tab=code` and
`?tab=monitoring`, Firehose, metric streams, stacks and roles; from memory for the tabs
`configuration` and `versions`, and for aliases and versions. A tab that the console does not
know shows the function all the same. The log group is not linked: a function may log elsewhere
than to /aws/lambda/NAME, and its *Monitor* tab leads to the right one.
"""

from __future__ import annotations

from urllib.parse import quote

from bot.regions import partition_of
from checks.evidence.account import ROLE_NAME, STACK_NAME, STACK_REGION
from checks.evidence.region import LOG_FIREHOSE, METRIC_STREAM
from checks.report import Line, Report, Subject

_DOMAINS = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}
"""Of the other partitions the consoles are not public: no link."""
_STACK = f"/stacks?filteringText={STACK_NAME}&filteringStatus=active&viewNested=true"
_CODE, _CONFIGURATION, _MONITORING = "code", "configuration", "monitoring"
_TABS = {
    "invoked": _MONITORING,
    "runtime_supported": _CODE,
    "function_instrumented": _CODE,
    "no_function_instrumentation_errors": _CODE,
    "subscription_filter_to_spare": _MONITORING,
    "code_size_within_limit": _CODE,
    "traces_not_sampled": _MONITORING,
    "telemetry_payload_logged": _MONITORING,
    "payload_names_our_org": _MONITORING,
    "layer_slot_to_spare": _CODE,
    "layer_attached": _CODE,
    "wrapper_set": _CONFIGURATION,
    "org_id_set": _CONFIGURATION,
    "environment_has_room": _CONFIGURATION,
    "no_conflicting_tool": _CODE,
    "traffic_on_instrumented_version": "versions",
    "wrapper_initialized": _MONITORING,
    "traces_reach_the_log_pipe": _MONITORING,
}
"""The tab of the function's own page: layers stand under its code, variables in its settings."""
_STACK_STEPS = frozenset(
    {"ten_minutes_passed", "integration_stack_exists", "integration_stack_in_us_east_1"}
)


def page(report: Report, line: Line) -> str | None:
    """The https address for one step's finding; None where there is no such page."""
    about = report.function
    domain = _DOMAINS.get(partition_of(about.region) or "")
    if domain is None:
        return None
    if line.step in _STACK_STEPS:
        return _home(domain, STACK_REGION, "cloudformation", _STACK)
    if line.step == "no_account_integration_errors":
        return f"https://{domain}/iam/home#/roles/details/{ROLE_NAME}"
    if line.step == "traces_reach_the_log_pipe" and "Firehose" in line.saw:
        return _home(domain, about.region, "firehose", f"/details/{LOG_FIREHOSE}/monitoring")
    if line.step == "metrics_reach_the_metric_stream":
        there = f"metric-streams:streamsList/{METRIC_STREAM}"
        return _home(domain, about.region, "cloudwatch", there)
    tab = _TABS.get(line.step)
    return _home(domain, about.region, "lambda", f"{_function(about)}?tab={tab}") if tab else None


def _home(domain: str, region: str, service: str, rest: str) -> str:
    return f"https://{region}.{domain}/{service}/home?region={region}#{rest}"


def _function(about: Subject) -> str:
    name = f"/functions/{quote(about.name, safe='')}"
    if about.qualifier in {None, "$LATEST"}:
        return name
    kind = "versions" if str(about.qualifier).isdigit() else "aliases"
    return f"{name}/{kind}/{quote(str(about.qualifier), safe='')}"
