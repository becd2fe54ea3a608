"""
Which function a message names: its words → hints, and commands. Pure.

What can only be a function (an ARN, a console link, a log group, an alarm's dimension) comes
first; what is written as code, or looks like a name made of several words, may be one. Region and
account come from the same words: a link's own region, else the only one that the message names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.errors import UsageError
from bot.regions import REGION_NAMES, REGIONS
from bot.target import Unsure, parse
from checks.runbook import step_named

MOST = 5
_WORD = re.compile(r"[^\s<>|,;()\"']+")
_CODE = re.compile(r"`([^`\n]{1,200})`")
_COMPOUND = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)+")
_NAME = r"(?P<name>[A-Za-z0-9_-]{1,64})"
_DIMENSION = re.compile(
    rf"FunctionName[\"'\]*` ]*[:=][\"'\[*` ]*{_NAME}"  # FunctionName = [checkout]
    rf"|\"value\": ?\"{_NAME.replace('name', 'before')}\", ?\"name\": ?\"FunctionName\""
    rf"|\"name\": ?\"FunctionName\", ?\"value\": ?\"{_NAME.replace('name', 'after')}\""
)
_REGION = re.compile(r"(?<![a-z0-9-])[a-z]{2,4}(?:-[a-z]+){1,2}-\d(?![a-z0-9])")
_ACCOUNT = re.compile(r"\baccount\W{0,9}(?:id\W{0,5})?(\d{12})\b", re.IGNORECASE)
_READ = 4_000


@dataclass(frozen=True, slots=True)
class Hint:
    """A function that a message names, and where it says that it is."""

    name: str
    """With a qualifier where there was one."""
    region: str | None = None
    account: str | None = None

    @property
    def command(self) -> str:
        """As it may be typed after /slsdiag."""
        account = f"--account {self.account}" if self.account else ""
        return " ".join(filter(None, (f"function:{self.name}", self.region, account)))


def commands(text: str) -> tuple[str, ...]:
    """What may be typed after /slsdiag for the functions in `text`, the surest first."""
    return tuple(hint.command for hint in hints(text))


def hints(text: str) -> tuple[Hint, ...]:
    """The functions that `text` names, the surest first."""
    start = text[:_READ]
    region, account = _only_region(start), _only_account(start)
    words = [*_CODE.findall(start), *_compounds(start)]
    maybe = [
        Hint(hint.name, hint.region or region, account) for word in words for hint in _of(word)
    ]
    told = {hint.name for hint in sure(text)}
    found = [*sure(text), *(hint for hint in maybe if hint.name not in told)]
    return tuple(dict.fromkeys(found))[:MOST]


def sure(text: str) -> tuple[Hint, ...]:
    """Those of `text` that can only be functions."""
    start = text[:_READ]
    region, account = _only_region(start), _only_account(start)
    found = [hint for word in _WORD.findall(start) if "lambda" in word for hint in _of(word)]
    found += [
        Hint(match["name"] or match["before"] or match["after"])
        for match in _DIMENSION.finditer(start)
    ]
    whole = [Hint(x.name, x.region or region, x.account or account) for x in found]
    return tuple(dict.fromkeys(whole))[:MOST]


def _of(word: str) -> list[Hint]:
    """The function that one word names, if any."""
    if step_named(word) or word in REGIONS:
        return []
    try:
        target = parse(word)
    except Unsure as error:
        return [Hint(error.candidates[0], error.region)]
    except UsageError:
        return []
    return [Hint(target.spelled, target.region, target.account)]


def _compounds(text: str) -> list[str]:
    words = (word.strip("`.:!?*_") for word in _WORD.findall(text))
    return [word for word in words if _COMPOUND.fullmatch(word)]


def _only_region(text: str) -> str | None:
    """The one region that the text names, by its code or as the console and alarms call it."""
    codes = {code for code in _REGION.findall(text) if code in REGIONS}
    codes |= {code for name, code in REGION_NAMES.items() if name in text}
    return codes.pop() if len(codes) == 1 else None


def _only_account(text: str) -> str | None:
    found = set(_ACCOUNT.findall(text))
    return found.pop() if len(found) == 1 else None
