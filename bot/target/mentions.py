"""
Which functions a message names: its words → functions. Pure.

What can only be a function (an ARN, a console link, a log group, an alarm's dimension, a line of a
deploy) comes first; what is written as code, or looks like a name made of several words, may be
one. Region and account come from the same words: a link's own, else those that the message names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.regions import REGION_NAMES, REGIONS
from bot.target import aws_names, links
from bot.target.model import NAME, QUALIFIER, command
from bot.text.redaction import REMOVED, redacted
from checks.function_ref import FunctionRef
from checks.runbook import step_named

MOST = 5
_MOST_REGIONS = 3
_WORD = re.compile(r"[^\s<>|,;()\"']+")
_CODE = re.compile(r"`([^`\n]{1,200})`")
_COMPOUND = re.compile(rf"[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)+(?::(?:{QUALIFIER}))?")
_CAMEL = re.compile(r"[a-z][a-z0-9]+(?:[A-Z][a-z0-9]+)+|(?:[A-Z][a-z0-9]+){3,}")
"""sendInvoice, ProcessOrdersHandler; but not GitHub."""
_WRITTEN = re.compile(rf"(?P<name>{NAME})(?::(?P<qualifier>{QUALIFIER}))?", re.ASCII)
_QUOTE = r"[\"'\]*` \[]*"
_DIMENSION = re.compile(
    rf"(?i:--function-name|FunctionName){_QUOTE}[:= ]{_QUOTE}(?P<name>{NAME})(?![\w:-])"
    rf"|\"value\": ?\"(?P<before>{NAME})\", ?\"name\": ?\"FunctionName\""
    rf"|\"name\": ?\"FunctionName\", ?\"value\": ?\"(?P<after>{NAME})\""
)
"""FunctionName = [checkout], "functionName": "checkout", --function-name checkout"""
_RESOURCE = re.compile(
    rf"Resource{_QUOTE}[:=]{_QUOTE}(?P<name>{NAME}):(?P<qualifier>{QUALIFIER})(?![\w-])"
)
_DEPLOYED = re.compile(
    r"^ *(?P<key>[\w-]{1,64}): (?P<name>[A-Za-z][\w-]{1,63}) *(?P<size>\(\d[\d.]* [kM]?B\) *)?$",
    re.MULTILINE | re.ASCII,
)
"""A function's line of `sls deploy` and `sls info`: its key, its name, its size."""
_OTHER = re.compile(
    r"\b(?:alarm|alarmname|stack|service|layer|bucket|queue|table|branch|wrapper|repository|org|app)"
    r"(?: arn)?\b[\"'`:= ]{1,6}(?P<name>[\w-]+)"
    r"|:(?:alarm|layer|stack/|table/|role/):?(?P<other>[\w-]+)",
    re.IGNORECASE,
)
"""What the words themselves call something else than a function."""
_NO_FUNCTION = re.compile(r"[A-Z0-9]+(?:_[A-Z0-9]+)+|sls-sdk-[\w-]+|[a-z0-9]+-[a-z0-9]+\.x")
"""Variables, layers of the SDK."""
_REGION = re.compile(r"(?<![a-z0-9-])[a-z]{2,4}(?:-[a-z]+){1,2}-\d(?![a-z0-9])")
_ACCOUNT = re.compile(r"(?<![\w:./-])\d{12}(?![\w-])|(?<=account:)\d{12}\b", re.IGNORECASE)
_READ = 4_000


def commands(text: str) -> tuple[str, ...]:
    """What may be typed after /slsdiag for the functions in `text`, the surest first."""
    return tuple(map(command, mentioned(text)))


def mentioned(text: str) -> tuple[FunctionRef, ...]:
    """The functions that `text` names, the surest first."""
    certain, start = sure(text), _read(text)
    names = {function.name for function in certain}
    others = {match["name"] or match["other"] for match in _OTHER.finditer(start)}
    shapes = (_COMPOUND,) if certain else (_COMPOUND, _CAMEL)
    words = [*_CODE.findall(start), *_shaped(start, shapes)]
    maybe = [
        function
        for word in words
        for function in _of(word)
        if function.name not in names and function.name not in others
    ]
    return tuple(dict.fromkeys([*certain, *_placed(maybe, start)]))[:MOST]


def sure(text: str) -> tuple[FunctionRef, ...]:
    """Those of `text` that can only be functions."""
    start = _read(text)
    functions = [*_linked(start), *_dimensions(start), *_deployed(start)]
    return tuple(dict.fromkeys(_placed(functions, start)))[:MOST]


def _read(text: str) -> str:
    """Its beginning, without secrets: what is left of one must not be offered as a name."""
    return links.unwrapped(redacted(text).replace(REMOVED, " "))[:_READ]


def _linked(text: str) -> Iterator[FunctionRef]:
    """Of links, ARNs and log groups."""
    meanings = [links.meaning(word) for word in text.split() if "://" in word]
    yield from (meaning.function for meaning in meanings if meaning and meaning.function)
    for word in _WORD.findall(re.sub(r"https?://\S+", " ", text)):
        if "lambda" in word and (function := aws_names.function_in(word.strip("`.:!?*"))):
            yield function


def _dimensions(text: str) -> Iterator[FunctionRef]:
    qualified = {match["name"]: match["qualifier"] for match in _RESOURCE.finditer(text)}
    for match in _DIMENSION.finditer(text):
        name = match["name"] or match["before"] or match["after"]
        yield FunctionRef(name, qualified.get(name))


def _deployed(text: str) -> Iterator[FunctionRef]:
    """Each line's that shows a size, or a name that ends with its key, as the Framework makes them."""
    for match in _DEPLOYED.finditer(text):
        if match["size"] or match["name"].endswith(f"-{match['key']}"):
            yield FunctionRef(match["name"])


def _of(word: str) -> list[FunctionRef]:
    """The function that one word names, if any."""
    if step_named(word) or word in REGIONS or _NO_FUNCTION.fullmatch(word):
        return []
    if function := aws_names.function_in(word):
        return [function]
    match = _WRITTEN.fullmatch(word.removeprefix("function:"))
    return [FunctionRef(match["name"], match["qualifier"])] if match else []


def _shaped(text: str, shapes: Sequence[re.Pattern[str]]) -> list[str]:
    """The words that are made like names; keys of JSON are none."""
    bare = re.sub(r"https?://\S+|\"\w+\" ?:", " ", text)
    words = (word.strip("`.:!?*_[]{}") for word in _WORD.findall(bare))
    return [word for word in words if any(shape.fullmatch(word) for shape in shapes)]


def _placed(functions: list[FunctionRef], text: str) -> Iterator[FunctionRef]:
    """Where the text says; of two or three regions any may be meant."""
    regions, account = _regions(text), _account(text)
    for function in functions:
        there: list[str | None] = [function.region] if function.region else [*regions]
        for region in there or [None]:
            yield replace(function, region=region, account=function.account or account)


def _regions(text: str) -> list[str]:
    """Those that the text names, by code or as the console and alarms call them."""
    codes = [code for code in _REGION.findall(text) if code in REGIONS]
    codes += [code for name, code in REGION_NAMES.items() if name in text]
    regions = list(dict.fromkeys(codes))
    return regions if len(regions) <= _MOST_REGIONS else []


def _account(text: str) -> str | None:
    """The only number that can be an account's; those within ARNs are of what the ARN names."""
    numbers = set(_ACCOUNT.findall(text))
    return numbers.pop() if len(numbers) == 1 else None
