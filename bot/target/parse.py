"""
What a person typed → Target, or a sentence that says what is wrong with it. Pure.

A function name, name:qualifier, a full or partial ARN, or function:NAME, with a region and an
account beside it. What only may mean a function is answered with a question, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.errors import UsageError
from bot.regions import REGIONS, partition_of
from bot.target import aws_names, links
from bot.target.mentions import mentioned, sure
from bot.target.model import NAME, QUALIFIER, Target, Unsure, asking
from bot.target.phrases import joined, phrase
from bot.target.refusals import HOW, dashed_option, of_dash, refusal
from bot.text.fuzzy import closest
from bot.text.redaction import shown, typed_secret
from checks.function_ref import FunctionRef

_PLAIN = re.compile(rf"(?:function:)?(?P<name>{NAME})(?::(?P<qualifier>{QUALIFIER}))?")
_ARN = re.compile(
    r"(?:arn:(?P<partition>aws[a-z-]*):lambda:(?P<region>[a-z0-9-]+):)?"
    rf"(?P<account>\d{{12}}):function:(?P<name>{NAME})(?::(?P<qualifier>{QUALIFIER}))?"
)
_REGION_LIKE = re.compile(r"[a-z]{2,4}(?:-[a-z]+)+-\d", re.IGNORECASE)
_OPTION = re.compile(r"--?[A-Za-z][\w-]*")
_PREFIX = re.compile(r"[A-Za-z0-9_-]{0,64}")
_QUOTES = "\"'`“”‘’«»"
_TEXT_LIMIT = 4000
_SENTENCE = 3
"""Words from which a text may be one, in which functions are mentioned."""
OPTIONS = (
    "Write the region after the name, as in /slsdiag my-function eu-west-1; "
    "--account NAME names another account."
)
REFUSED = "That looks like a secret and was not used. If it is a function's name, put function: before it."


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was typed, taken apart."""

    words: str
    region: str | None
    account: str | None


def parse(text: str, *, region: str | None = None, account: str | None = None) -> Target:
    """The target of `text`, with a region and account given beside it."""
    whole = links.unwrapped(text).strip()
    if len(whole) > _TEXT_LIMIT:
        raise UsageError(f"That is too long to be a function. {HOW}")
    typed = _taken_apart(whole, region, account)
    words = typed.words.strip(_QUOTES).strip()
    if not words:
        raise UsageError(f"No function was named. {HOW}")
    refuse_secret(typed.account or "")
    if match := _ARN.fullmatch(words):
        return _of_arn(match, typed)
    refuse_secret(words)
    match = _PLAIN.fullmatch(words)
    if match is None:
        raise _unclear(words, typed)
    checked_region(typed.region)
    return Target(match["name"], match["qualifier"], typed.region, typed.account)


def refuse_secret(text: str) -> None:
    """Raises a UsageError for words that hold a secret; nothing may be done with them."""
    if typed_secret(text):
        raise UsageError(REFUSED)


def checked_region(region: str | None) -> None:
    """Refuse what is no region of AWS's."""
    if region is None or region in REGIONS:
        return
    close = closest(region, REGIONS, 1)
    meant = f"Did you mean {close[0]}?" if close else "One is eu-west-1."
    raise UsageError(f"{shown(region)} is not an AWS region. {meant}")


def checked_prefix(prefix: str) -> str:
    """Raises a UsageError for what cannot begin a function's name."""
    refuse_secret(prefix)
    prefix = prefix.removesuffix("*")
    if not _PREFIX.fullmatch(prefix):
        raise UsageError(f"{shown(prefix)} cannot begin a function's name.")
    return prefix


def _taken_apart(whole: str, region: str | None, account: str | None) -> _Typed:
    """Without the options, and a region that stands behind a name."""
    words = whole.split()
    if not words or words[0] == "aws" or "\n" in whole:  # another program's command, or its output
        return _Typed(whole, region, account)
    words, given = _option(words, "account", "a name or 12 digits")
    words, named = _option(words, "region", "a region, as eu-west-1")
    if (option := next(filter(_OPTION.fullmatch, words), None)) and len(words) <= _SENTENCE:
        refuse_secret(option)
        raise UsageError(f"{shown(option)} is not known here. {OPTIONS}")
    if len(words) == 2 and _REGION_LIKE.fullmatch(words[1]):  # noqa: PLR2004 - name and region
        named = _same("region", words.pop(), named)
    return _Typed(" ".join(words), _same("region", named, region), _same("account", given, account))


def _option(words: list[str], name: str, wants: str) -> tuple[list[str], str | None]:
    """The words without --NAME VALUE, and the value."""
    for at, word in enumerate(words):
        option, equals, value = word.partition("=")
        if option != f"--{name}":
            continue
        if not equals:
            value = words[at + 1] if at + 1 < len(words) else ""
        if not value:
            raise UsageError(f"--{name} wants {wants} after it.")
        return [*words[:at], *words[at + (1 if equals else 2) :]], value
    return words, None


def _same(what: str, one: str | None, other: str | None) -> str | None:
    """The one that was given; of two different ones neither."""
    if one and other and one != other:
        raise UsageError(f"Two {what}s were given, {shown(one)} and {shown(other)}: leave one out.")
    return one or other


def _of_arn(match: re.Match[str], typed: _Typed) -> Target:
    account = typed.account
    for what, in_arn, given in (
        ("region", match["region"], typed.region),
        ("account", match["account"], account if (account or "").isdigit() else None),
    ):
        if in_arn and given and in_arn != given:
            raise UsageError(f"The ARN names the {what} {in_arn}, but {given} was given beside it.")
    checked_region(match["region"])
    checked_region(typed.region)
    partition = match["partition"]
    if partition and partition != partition_of(match["region"]):
        raise UsageError(
            f"The ARN contradicts itself: {match['region']} is not in the partition {partition}."
        )
    beside = account if account != match["account"] else None
    region = match["region"] or typed.region
    return Target(match["name"], match["qualifier"], region, match["account"], beside)


def _unclear(words: str, typed: _Typed) -> UsageError:
    """A question about what the words may mean, or what is wrong with them."""
    checked_region(typed.region)
    if (repaired := dashed_option(words)) is not None:
        return _repaired(words, repaired)
    if len(words.split()) == 1 and (meaning := links.meaning(words) or aws_names.meaning(words)):
        return _of_name(words, meaning, typed)
    if len(words.split()) == 1 and (wrong := aws_names.fault(words)):
        return UsageError(f"That is not the ARN of a Lambda function: {wrong}")
    if functions := sure(words):
        return asking(f"{_quoted(words)} names a function.", _placed(functions, typed))
    if named := phrase(words):
        return asking(f"{shown(words)} is more than a name.", _placed([named], typed))
    if halves := joined(words):
        return asking(f"{shown(words)} cannot be a function's name.", _placed(halves, typed))
    if len(words.split()) >= _SENTENCE and (functions := mentioned(words)):
        return asking(f"{_quoted(words)} is no name.", _placed(functions, typed))
    return refusal(words)


def _of_name(words: str, meaning: aws_names.Meaning, typed: _Typed) -> UsageError:
    """A link, or a name of AWS's own."""
    if meaning.function:
        return asking(f"That is {meaning.what}.", _placed([meaning.function], typed))
    if wrong := aws_names.fault(words):
        return UsageError(f"That is not the ARN of a Lambda function: {wrong}")
    if ":lambda:" in words and ":function" in words:
        return UsageError("That is not the ARN of a Lambda function: one ends with :function:NAME.")
    other = ", not the ARN of a Lambda function" if words.startswith("arn:") else ""
    return UsageError(f"That is {meaning.what}{other}. {HOW}")


def _repaired(words: str, repaired: str) -> UsageError:
    option = next(word for word in repaired.split() if word.startswith("--"))
    why = of_dash(words, option)
    try:
        return asking(why, [parse(repaired)])
    except Unsure as error:
        return Unsure(f"{why} {error}", error.candidates)
    except UsageError:
        return UsageError(f"{why} {OPTIONS}")


def _placed(functions: Sequence[FunctionRef], typed: _Typed) -> list[FunctionRef]:
    """What was given beside them applies to those that name no place of their own."""
    return [
        replace(
            function,
            region=function.region or typed.region,
            account=function.account or typed.account,
        )
        for function in functions
    ]


def _quoted(words: str) -> str:
    """A short text whole; of a long one only that it is one."""
    return shown(words) if len(words) <= 80 and "\n" not in words else "That text"  # noqa: PLR2004 - a line
