"""What is wrong with words that are no name: the part is named, and what was meant where it shows."""

from __future__ import annotations

import re
import unicodedata

from bot.errors import UsageError
from bot.target.model import NAME, NAME_LIMIT, QUALIFIER, Unsure
from bot.text.redaction import shown
from bot.text.redaction.views import latin
from checks.function_ref import FunctionRef

HOW = "Give a function's name, name:alias, or its ARN."
_DASHES = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d", "-")
_INVISIBLE = frozenset({"Cf", "Cc", "Zl", "Zp"})
_ALLOWED = re.compile(r"[A-Za-z0-9_:$-]")
_WHOLE = re.compile(rf"(?P<name>{NAME})(?::(?P<qualifier>{QUALIFIER}))?", re.ASCII)
_OPTION = re.compile(r"(?<!\S)[\u2010-\u2015\u2212]{1,2}(?=[A-Za-z])")
_FILLED_IN = re.compile(r"\$\{|\{\{|<%|%\{")
_PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)+")


def refusal(words: str) -> UsageError:
    """Why `words` cannot be a function."""
    if placeholder := _FILLED_IN.search(words):
        return UsageError(
            f"{shown(words)} holds {placeholder[0].replace('<', 'the less-than sign and ')}, which is "
            "filled in at the deploy: give the name as it is in AWS."
        )
    if _PATH.fullmatch(words):
        return UsageError(
            f"{shown(words)} cannot be a function's name: it is a path, as of a handler. {HOW}"
        )
    name, _, qualifier = words.removeprefix("function:").partition(":")
    if re.fullmatch(r"[\w-]+", name) and len(name) > NAME_LIMIT:
        return UsageError(
            f"{shown(words)} is longer than a function's name may be: {len(name)} characters, of "
            f"{NAME_LIMIT}. {HOW}"
        )
    if re.fullmatch(NAME, name) and qualifier.upper() == "$LATEST":
        latest = FunctionRef(name, "$LATEST")
        why = f"{shown(qualifier)} is written in capitals."
        return Unsure(f"{why} Did you mean {latest.spelled}?", [latest])
    whole = qualifier and not re.search(r"\s", words)
    if re.fullmatch(NAME, name) and whole and not re.fullmatch(QUALIFIER, qualifier):
        return UsageError(f"{shown(qualifier)} cannot be an alias or a version. {HOW}")
    return _of_character(words)


def dashed_option(words: str) -> str | None:
    """`words` with two hyphens where a keyboard made a dash of them; None where it did not."""
    return _OPTION.sub("--", words) if _OPTION.search(words) else None


def of_dash(words: str, option: str) -> str:
    """The sentence about it."""
    dash = _OPTION.search(words)
    assert dash  # noqa: S101 - narrows: `dashed_option` has found it
    return f"{character_of(dash[0][0])} stands where two hyphens belong: {option}."


def character_of(character: str) -> str:
    """A character as a person finds it again: '—' (U+2014); by name where Slack gives it a meaning."""
    point = f"U+{ord(character):04X}"
    if character in "<>&":
        return f"the {unicodedata.name(character).lower()} ({point})"
    return f"'{character}' ({point})" if character.isprintable() else point


def _of_character(words: str) -> UsageError:
    """Names the first character that no name has, and what the rest would be."""
    wrong = next((character for character in words if not _ALLOWED.fullmatch(character)), None)
    if wrong is None:
        return UsageError(f"{shown(words)} cannot be a function's name. {HOW}")
    meant = _WHOLE.fullmatch(_folded(words))
    looks = _looks_like(wrong)
    if meant:
        function = FunctionRef(meant["name"], meant["qualifier"])
        why = f"{shown(words)} holds {character_of(wrong)}, which {looks}."
        return Unsure(f"{why} Did you mean {function.spelled}?", [function])
    if wrong.isspace():
        return UsageError(
            f"{shown(words)} cannot be a function's name: names contain no spaces. {HOW}"
        )
    return UsageError(
        f"{shown(words)} cannot be a function's name: {character_of(wrong)} is in none. {HOW}"
    )


def _looks_like(character: str) -> str:
    if character in _DASHES:
        return "looks like -"
    if unicodedata.category(character) in _INVISIBLE:
        return "cannot be seen"
    letter = _folded(character)
    return f"looks like {letter}" if letter else "is in no name"


def _folded(words: str) -> str:
    """With hyphens for dashes, Latin letters for those that look alike, and nothing invisible."""
    seen = (_DASHES.get(x, x) for x in words if unicodedata.category(x) not in _INVISIBLE)
    return latin("".join(seen)).strip()
