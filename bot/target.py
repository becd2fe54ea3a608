"""
What a person typed → Target, or a sentence that says what is wrong with it. Pure.

A function name, name:qualifier, a full or partial ARN, or function:NAME. A console link, a
log group or a slip of the keyboard is answered with a question, never a guess.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from urllib.parse import unquote

from bot.errors import UsageError
from bot.near import near
from bot.regions import REGIONS, partition_of
from bot.secrecy import looks_secret, name_looks_secret, shown, token_like

_NAME = r"[A-Za-z0-9_-]{1,64}"
_QUALIFIER = r"\$LATEST|[A-Za-z0-9_-]{1,128}"
_PLAIN = re.compile(rf"(?P<sure>function:)?(?P<name>{_NAME})(?::(?P<qualifier>{_QUALIFIER}))?")
_ARN = re.compile(
    r"(?:arn:(?P<partition>aws[a-z-]*):lambda:(?P<region>[a-z0-9-]+):)?"
    rf"(?P<account>\d{{12}}):function:(?P<name>{_NAME})(?::(?P<qualifier>{_QUALIFIER}))?"
)
_LOG_GROUP = re.compile(rf"(?:^|/log-group/)/aws/lambda/(?P<name>{_NAME})")
_LINK = re.compile(
    r"https?://[\w.-]*(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)/lambda/"
    rf"\S*functions?/(?P<name>{_NAME})"
)
_LINK_REGION = re.compile(
    r"https?://(?P<host>[a-z0-9-]+)\.console\.|[?&]region=(?P<query>[a-z0-9-]+)"
)
_SLIP = re.compile(rf"[.,;:!?()\[\]{{}}*]*(?P<name>{_NAME}(?::{_NAME})?)[.,;:!?()\[\]{{}}*]*")
_PREFIX = re.compile(r"[A-Za-z0-9_-]{0,64}")
_QUOTES = "\"'`“”‘’«»"
_NAME_LIMIT = 64
_TEXT_LIMIT = 2048
HOW = "Give a function's name, name:alias, or its ARN."

__all__ = ["Target", "Unsure", "checked_prefix", "checked_region", "near", "parse", "shown"]


@dataclass(frozen=True, slots=True)
class Target:
    """A function, as a person named it."""

    name: str
    qualifier: str | None = None
    region: str | None = None
    account: str | None = None
    beside: str | None = None
    """An account's name that was given beside an ARN, which names its own."""

    @property
    def spelled(self) -> str:
        """checkout, or checkout:live."""
        return f"{self.name}:{self.qualifier}" if self.qualifier else self.name


class Unsure(UsageError):
    """The words may mean a function; `candidates` are how it would be named."""

    def __init__(
        self, message: str, candidates: tuple[str, ...], region: str | None = None
    ) -> None:
        """`candidates` are targets that parse; `region` where the words name one."""
        super().__init__(message)
        self.candidates, self.region = candidates, region

    @property
    def commands(self) -> tuple[str, ...]:
        """The candidates, as they may be typed after /slsdiag."""
        region = f" {self.region}" if self.region else ""
        return tuple(f"function:{each}{region}" for each in self.candidates)


def parse(text: str, *, region: str | None = None, account: str | None = None) -> Target:
    """The target of `text`, with a region and account given beside it."""
    words = text.strip().strip(_QUOTES).strip()
    if not words:
        raise UsageError(f"No function was named. {HOW}")
    if len(words) > _TEXT_LIMIT:
        raise UsageError(f"That is too long to be a function. {HOW}")
    checked_region(region)
    if match := _ARN.fullmatch(words):
        return _of_arn(match, region, account)
    match = _PLAIN.fullmatch(words)
    if token_like(words) if match else looks_secret(words):
        raise UsageError(f"That looks like a secret, not a function, and was not used. {HOW}")
    if match and not match["sure"] and name_looks_secret(match["name"]):
        raise UsageError(
            "That looks like a secret and was not used. If it is a function's name, "
            "put function: before it."
        )
    if match is None:
        raise _refusal(words)
    return Target(match["name"], match["qualifier"], region, account)


def checked_region(region: str | None) -> None:
    """Refuse what is no region of AWS's."""
    if region is None or region in REGIONS:
        return
    close = difflib.get_close_matches(region.lower(), REGIONS, n=1)
    meant = f"Did you mean {close[0]}?" if close else "One is eu-west-1."
    raise UsageError(f"{shown(region)} is not an AWS region. {meant}")


def checked_prefix(prefix: str) -> str:
    """Raises a UsageError for what cannot begin a function's name."""
    if not _PREFIX.fullmatch(prefix):
        raise UsageError(f"{shown(prefix)} cannot begin a function's name.")
    return prefix


def _of_arn(match: re.Match[str], region: str | None, account: str | None) -> Target:
    for what, in_arn, given in (
        ("region", match["region"], region),
        ("account", match["account"], account if (account or "").isdigit() else None),
    ):
        if in_arn and given and in_arn != given:
            raise UsageError(f"The ARN names the {what} {in_arn}, but {given} was given beside it.")
    checked_region(match["region"])
    partition = match["partition"]
    if partition and partition != partition_of(match["region"]):
        raise UsageError(
            f"The ARN contradicts itself: {match['region']} is not in the partition {partition}."
        )
    beside = account if account and match["account"] and account != match["account"] else None
    return Target(
        match["name"],
        match["qualifier"],
        match["region"] or region,
        match["account"] or account,
        beside,
    )


def _refusal(words: str) -> UsageError:
    unquoted = unquote(unquote(words.replace("$25", "%25")))
    for pattern, what in ((_LOG_GROUP, "a log group"), (_LINK, "a console link")):
        if match := pattern.search(unquoted):
            name, region = match["name"], _region_of(unquoted)
            there = f" in {region}" if region else ""
            said = f"That is {what}. Did you mean the function {name}{there}?"
            return Unsure(said, (name,), region)
    if words.startswith("arn:"):
        return UsageError(f"{shown(words)} is not the ARN of a Lambda function. {HOW}")
    if re.fullmatch(r"[\w:-]+", words) and len(words.split(":", maxsplit=1)[0]) > _NAME_LIMIT:
        return UsageError(f"{shown(words)} is longer than a function's name may be (64). {HOW}")
    if match := _SLIP.fullmatch(words):
        name = match["name"]
        return Unsure(f"{shown(words)} is no name. Did you mean the function {name}?", (name,))
    return UsageError(f"{shown(words)} cannot be a function's name. {HOW}")


def _region_of(link: str) -> str | None:
    """The region that a console link names; None when it names none, or two."""
    found = {each["host"] or each["query"] for each in _LINK_REGION.finditer(link)}
    return found.pop() if len(found) == 1 and found <= set(REGIONS) else None
