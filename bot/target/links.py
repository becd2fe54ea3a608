"""
Addresses of consoles, and the function that each names. Pure.

AWS's console writes what stands behind the # in ways of its own: percent-encoded twice with $ for
%, lists as ~(…) with ' before each text and *2f for a slash. The shapes are those of the consoles
themselves, and of links in public repositories and chat logs (2026); of Datadog's and Serverless
Framework's pages, which publish none, any parameter that is called after a function's name.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

from bot.regions import REGIONS
from bot.target.aws_names import Meaning, function_in
from bot.target.model import NAME, QUALIFIER
from checks.function_ref import FunctionRef

_WRAPPED = re.compile(r"<(https?://[^|>\s]+)(?:\|[^>]*)?>")
_LINK = re.compile(r"https?://[^\s<>\"]+")
_QUALIFIED = rf"(?P<name>{NAME})(?:(?::|/(?:aliases|versions)/)(?P<qualifier>{QUALIFIER}))?"
_END = r"(?![\w-])"
_METRIC = re.compile(rf"FunctionName'?~'(?P<name>{NAME}){_END}")
_RESOURCE = re.compile(rf"Resource'?~'(?P<name>{NAME}):(?P<qualifier>{QUALIFIER}){_END}")
_SHAPES = (
    re.compile(rf"/functions?/{_QUALIFIED}{_END}"),
    re.compile(rf"functions~\(~'{_QUALIFIED}{_END}"),  # Lambda Insights
    re.compile(rf"node~'{_QUALIFIED}~~'AWS::Lambda"),  # X-Ray's map
    re.compile(rf"name: ?\"{_QUALIFIED}\",? ?type: ?\"AWS::Lambda"),  # X-Ray's filter
    re.compile(rf"aws-lambda-functions\+{_QUALIFIED}{_END}"),  # Datadog's side panel
    re.compile(rf"(?i:function_?names?)[=:][\"']?{_QUALIFIED}{_END}"),
)
_DEPLOYED = re.compile(
    r"/apps/[\w-]+/(?P<service>[\w-]+)/(?P<stage>[\w-]+)/(?P<region>[a-z0-9-]+)/functions/(?P<key>[\w-]+)"
)
"""Dashboard's own names; Serverless Framework puts them together for Lambda."""
_REGION = re.compile(r"(?<![a-z0-9-])[a-z]{2,4}(?:-[a-z]+){1,2}-\d(?![a-z0-9])")
_ACCOUNT = re.compile(r"(?<![\w.])\d{12}(?!\w)")
_ALARM = re.compile(r"#alarmsV2:alarm/(?P<name>[\w .-]{1,255})")
_CONSOLE = re.compile(r"https?://[\w.-]*(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)/")
_UNNAMED = (
    (re.compile(r"\.lambda-url\."), "a function URL: an address that does not tell the name"),
    (re.compile(r"\.execute-api\."), "the address of an API, which does not tell the function"),
    (re.compile(r"#xray:traces|/traces?/"), "a link to a trace, which does not tell the function"),
)


def unwrapped(text: str) -> str:
    """Without the <…|label> and the entities in which Slack hands links on."""
    return unescape(_WRAPPED.sub(lambda match: match[1], text))


def meaning(text: str) -> Meaning | None:
    """What the first address in `text` leads to; None where there is none."""
    match = _LINK.search(text)
    if match is None:
        return None
    link = decoded(match[0])
    function = _function(link)
    if function is None:
        return Meaning(_unnamed(link))
    logs = "a link to the function's log" if "/aws/lambda/" in link else None
    return Meaning(logs or "a link that names a function", function)


def decoded(link: str) -> str:
    """As a person would read it."""
    for _ in range(3):
        link = unquote(re.sub(r"\$(?=[0-9A-Fa-f]{2})", "%", link))
    return re.sub(r"\*([0-9A-Fa-f]{2})", lambda match: chr(int(match[1], 16)), link)


def _function(link: str) -> FunctionRef | None:
    named = _named(link)
    if named is None:
        return None
    region = named.region or _only(REGIONS, _REGION.findall(link))
    account = named.account or _only(None, _ACCOUNT.findall(link))
    return FunctionRef(named.name, named.qualifier, region, account)


def _named(link: str) -> FunctionRef | None:
    if deployed := _DEPLOYED.search(link):
        name = "-".join(deployed.group("service", "stage", "key"))
        return FunctionRef(name, None, _only(REGIONS, [deployed["region"]]))
    if function := function_in(link):
        return function
    if metric := _METRIC.search(link):
        resource = _RESOURCE.search(link)
        same = resource is not None and resource["name"] == metric["name"]
        return FunctionRef(metric["name"], resource["qualifier"] if resource and same else None)
    for shape in _SHAPES:
        if match := shape.search(link):
            return FunctionRef(match["name"], match["qualifier"])
    return None


def _only(allowed: tuple[str, ...] | None, candidates: list[str]) -> str | None:
    """The only one that is named."""
    names = {name for name in candidates if allowed is None or name in allowed}
    return names.pop() if len(names) == 1 else None


def _unnamed(link: str) -> str:
    for pattern, what in _UNNAMED:
        if pattern.search(link):
            return what
    if alarm := _ALARM.search(link):
        return f"a link to the alarm {alarm['name']}, which does not tell the function"
    page = "a link to a page of the AWS console" if _CONSOLE.match(link) else "a link"
    return f"{page} that names no function"
