"""
What a person typed → Target, or a sentence that says what is wrong with it. Pure.

A function name, name:qualifier, a full or partial ARN, or function:NAME. A console link, a
log group or half an ARN is answered with a question, never a guess.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import unquote

from bot.errors import UsageError

_NAME = r"[A-Za-z0-9_-]{1,64}"
_QUALIFIER = r"\$LATEST|[A-Za-z0-9_-]{1,128}"
_PLAIN = re.compile(rf"(?:function:)?(?P<name>{_NAME})(?::(?P<qualifier>{_QUALIFIER}))?")
_ARN = re.compile(
    r"(?:arn:(?P<partition>aws[a-z-]*):lambda:(?P<region>[a-z0-9-]+):)?"
    rf"(?P<account>\d{{12}}):function:(?P<name>{_NAME})(?::(?P<qualifier>{_QUALIFIER}))?"
)
_LOG_GROUP = re.compile(rf"/aws/lambda/(?P<name>{_NAME})")
_LINK = re.compile(
    rf"https://(?:(?P<region>[a-z0-9-]+)\.)?console\.aws\.amazon\.com/lambda/\S*"
    rf"functions?/(?P<name>{_NAME})"
)
_REGION = re.compile(r"(?:us|eu|ap|ca|sa|me|af|il|mx|cn|us-gov|us-iso|us-isob)-[a-z]+-\d")
_SECRET = re.compile(
    r"\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}|xox[a-z]-|xapp-|\bsk-|\bgh[pousr]_|eyJ[\w-]{8,}|BEGIN "
    r"|(?=[A-Za-z0-9+/=_-]*\d)(?=[A-Za-z0-9+/=_-]*[a-z])(?=[A-Za-z0-9+/=_-]*[A-Z])[A-Za-z0-9+/=_-]{36,}"
    r"|\b[0-9a-f]{32,}\b"
)
_QUOTES = "\"'`“”‘’«»"
_SHOWN = 80
HOW = "Give a function's name, name:alias, or its ARN."


@dataclass(frozen=True, slots=True)
class Target:
    """A function, as a person named it."""

    name: str
    qualifier: str | None = None
    region: str | None = None
    account: str | None = None

    @property
    def spelled(self) -> str:
        """checkout, or checkout:live."""
        return f"{self.name}:{self.qualifier}" if self.qualifier else self.name


class Unsure(UsageError):
    """The words may mean a function; `candidates` are how it would be named."""

    def __init__(self, message: str, candidates: tuple[str, ...]) -> None:
        """`candidates` are targets that parse."""
        super().__init__(message)
        self.candidates = candidates


def parse(text: str, *, region: str | None = None, account: str | None = None) -> Target:
    """The target of `text`, with a region and account given beside it."""
    words = text.strip().strip(_QUOTES).strip()
    if not words:
        raise UsageError(f"No function was named. {HOW}")
    if looks_secret(words):
        raise UsageError(f"That looks like a secret, not a function, and was not used. {HOW}")
    checked_region(region)
    if match := _ARN.fullmatch(words):
        return _of_arn(match, region, account)
    match = _PLAIN.fullmatch(words)
    if match is None:
        raise _refusal(words)
    return Target(match["name"], match["qualifier"], region, account)


def checked_region(region: str | None) -> None:
    """Refuse what cannot be a region."""
    if region is not None and not _REGION.fullmatch(region):
        raise UsageError(f"{shown(region)} is not an AWS region, as eu-west-1 is.")


def looks_secret(text: str) -> bool:
    """Whether `text` must not be repeated."""
    return bool(_SECRET.search(text)) and not _ARN.fullmatch(text)


def shown(text: str) -> str:
    """`text` in a refusal: short, without control characters, mentions or secrets."""
    if looks_secret(text):
        return "That (not repeated: it looks like a secret)"
    if re.search(r"[<>@#]|://", text):
        return "That (a link or a mention)"
    safe = "".join(c if c.isprintable() else "·" for c in text).replace("`", "'")
    return f"'{safe[:_SHOWN]}…'" if len(safe) > _SHOWN else f"'{safe}'"


def near(name: str, names: Iterable[str]) -> tuple[str, ...]:
    """Up to five of `names` that resemble `name`, the nearest first."""
    known = list(names)
    close = difflib.get_close_matches(name, known, n=5, cutoff=0.6)
    parts = sorted((n for n in known if name.lower() in n.lower()), key=len)
    return tuple(dict.fromkeys([*close, *parts]))[:5]


def _of_arn(match: re.Match[str], region: str | None, account: str | None) -> Target:
    for what, in_arn, given in (
        ("region", match["region"], region),
        ("account", match["account"], account if (account or "").isdigit() else None),
    ):
        if in_arn and given and in_arn != given:
            raise UsageError(f"The ARN names the {what} {in_arn}, but {given} was given beside it.")
    checked_region(match["region"])
    target = Target(match["name"], match["qualifier"], match["region"], match["account"])
    return replace(target, region=target.region or region)


def _refusal(words: str) -> UsageError:
    unquoted = unquote(words)
    for pattern, what in ((_LINK, "a console link"), (_LOG_GROUP, "a log group")):
        if match := pattern.match(unquoted):
            name = match["name"]
            return Unsure(f"That is {what}. Did you mean the function {name}?", (name,))
    if words.startswith("arn:"):
        return UsageError(f"{shown(words)} is not the ARN of a Lambda function. {HOW}")
    if len(words.split(":", maxsplit=1)[0]) > 64 and re.fullmatch(r"[\w:-]+", words):  # noqa: PLR2004 - Lambda's limit
        return UsageError(f"{shown(words)} is longer than a function's name may be (64). {HOW}")
    return UsageError(f"{shown(words)} cannot be a function's name. {HOW}")
