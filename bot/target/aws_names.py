"""ARNs, log groups and log streams, and the function that each names. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.regions import REGIONS
from bot.target.model import NAME, QUALIFIER
from bot.text.redaction import shown
from checks.function_ref import FunctionRef

_FUNCTION = re.compile(
    r"arn:aws[a-z-]*:lambda:(?P<region>[a-z0-9-]+):(?P<account>\d{12}):function:"
    rf"(?P<name>{NAME})(?::(?P<qualifier>{QUALIFIER}))?(?![\w-])"
)
_ARN = re.compile(
    r"arn:aws[a-z-]*:(?P<service>[a-z0-9-]+):(?P<region>[a-z0-9-]*):(?P<account>\d*):(?P<kind>[a-z-]*)"
)
_GROUP = re.compile(rf"(?<![\w.-])/?aws/lambda/(?:(?P<edge>us-east-1)\.)?(?P<name>{NAME})(?![\w-])")
_STREAM = re.compile(
    rf"\d{{4}}/\d\d/\d\d/(?P<name>{NAME})?\[(?P<version>\$LATEST|\d+)\](?P<id>[0-9a-f]{{32}})?"
)


_OTHERS = {
    "layer": "a layer",
    "event-source-mapping": "an event source mapping",
    "code-signing-config": "a code signing configuration",
    "capacity-provider": "a capacity provider",
}
"""What else of Lambda's has an ARN."""
_LIKE = re.compile(
    r"(?:arn:aws[a-z-]*:lambda:(?P<region>[^:]*):)?(?P<account>[^:/]*):function:(?P<name>[^:]*)(?::(?P<qualifier>.*))?"
)
"""What may have been meant as a function's ARN."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a text is, and the function that it names; None where it names none."""

    what: str
    """A noun phrase: a log group."""
    function: FunctionRef | None = None


def meaning(text: str) -> Meaning | None:
    """What a name of AWS's own stands for; None for what is none."""
    function = function_in(text)
    arn = _ARN.search(text)
    if arn:
        return Meaning(_kind(arn), function)
    if _GROUP.match(text):
        return Meaning("a log group", function)
    if _STREAM.match(text):
        return Meaning("the name of a log stream", function)
    return None


def fault(text: str) -> str | None:
    """What is wrong with an ARN, or a part of one, that looks like a function's; a sentence."""
    arn = _LIKE.fullmatch(text)
    if arn is None:
        return None
    for part, shape, wants in (
        ("region", r"[a-z0-9-]+", "as eu-west-1"),
        ("account", r"\d{12}", "12 digits"),
        ("name", NAME, "1 to 64 letters, digits, - and _"),
        ("qualifier", QUALIFIER, "an alias or a version's number"),
    ):
        value = arn[part]
        if value is not None and not re.fullmatch(shape, value, re.ASCII):
            return f"its {part} is {shown(value)}, not {wants}."
    return None


def function_in(text: str) -> FunctionRef | None:
    """The function of an ARN, log group or log stream in `text`."""
    if arn := _FUNCTION.search(text):
        return FunctionRef(arn["name"], arn["qualifier"], arn["region"], arn["account"])
    stream = _STREAM.search(text)
    version = stream["version"] if stream and stream["version"].isdigit() else None
    if group := _GROUP.search(text):
        around = _ARN.search(text)
        region, account = (around["region"], around["account"]) if around else (None, None)
        if group[
            "edge"
        ]:  # a replica logs in the region that serves it; the function is in this one
            return FunctionRef(group["name"], None, group["edge"], account or None)
        return FunctionRef(group["name"], version, _region(region), account or None)
    if stream and stream["name"]:
        return FunctionRef(stream["name"], version)
    return None


def _region(name: str | None) -> str | None:
    return name if name in REGIONS else None


def _kind(arn: re.Match[str]) -> str:
    """The ARN of a layer; of an alarm; of a function, in an ARN of API Gateway's."""
    service, kind = arn["service"], arn["kind"]
    if service == "lambda" and kind in _OTHERS:
        return f"the ARN of {_OTHERS[kind]}"
    if service == "logs":
        return "the ARN of a log group"
    if service == "cloudwatch" and kind == "alarm":
        return "the ARN of an alarm"
    if service == "lambda" and kind == "function":
        return "a function's ARN"
    return f"an ARN of {service}"
