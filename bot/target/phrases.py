"""
A name with words around it: "check orders in eu-west-1", "orders@live", "*orders*". Pure.

Each word is recognized by its own shape: a region, an account's number, a version, a word that people put
around names, or a name. A function may be called like any of those; then it is asked for as
function:NAME.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from difflib import get_close_matches

from bot.regions import REGION_NAMES, REGIONS
from bot.target.model import NAME, QUALIFIER
from checks.function_ref import FunctionRef

_EMOJI = re.compile(r"(?<!\S):[a-z0-9_+'-]+:(?!\S)")
_AROUND = ".,;:!?()[]{}*~@#\"'`“”‘’«»…"
_NAMED = re.compile(rf"(?:function:)?(?P<name>{NAME})(?:[:@](?P<qualifier>{QUALIFIER}))?", re.ASCII)
_ZONE = re.compile(r"(?P<region>[a-z]{2,4}(?:-[a-z]+){1,2}-\d)[a-f]")
_AROUND_NAMES = frozenset(
    {"account", "alias", "at", "check", "debug", "diagnose", "for", "function", "functionname"}
    | {
        "in",
        "is",
        "lambda",
        "look",
        "my",
        "of",
        "on",
        "please",
        "region",
        "slsdiag",
        "the",
        "version",
    }
)
_TOWNS = {
    name.partition("(")[2].removeprefix("N. ").rstrip(")").lower(): code
    for name, code in REGION_NAMES.items()
}
"""Regions as the console calls them: oregon, ireland."""
_SENTENCE = frozenset({
    "a", "alarm", "an", "and", "any", "anymore", "anything", "appear", "appears", "are", "been",
    "blind", "broken", "can", "cannot", "can't", "dashboard", "data", "do", "does", "doesn't",
    "don't", "down", "empty", "error", "errors", "from", "get", "gets", "gone", "has", "have",
    "help", "i", "isn't", "it", "its", "log", "logs", "me", "metric", "metrics", "missing",
    "no", "not", "nothing", "now", "or", "our", "problem", "report", "reporting", "reports",
    "see", "serverless", "show", "showing", "shows", "silent", "since", "so", "still", "there",
    "this", "to", "today", "trace", "traces", "up", "was", "we", "what", "where", "why", "with",
    "work", "working", "works", "wrong", "yesterday", "you",
})  # fmt: skip
"""Words of a sentence, which make up no name."""
_CLOSE = 0.8
_BEFORE_QUALIFIERS = frozenset({"alias", "version"})
_HALVES = re.compile(r"[A-Za-z0-9]{2,30}")
_MOST_HALVES = 4


@dataclass(frozen=True, slots=True)
class _Read:
    """What the words have given so far."""

    names: tuple[FunctionRef, ...] = ()
    qualifier: str | None = None
    region: str | None = None
    account: str | None = None


def phrase(text: str) -> FunctionRef | None:
    """The only name in `text`, with what stands around it; None where it is not so simple."""
    if "<" in text:  # a mention
        return None
    words = [word.strip(_AROUND) for word in re.split(r"[\s,/]+", _EMOJI.sub(" ", text))]
    words = [word for word in words if word]
    around = _AROUND_NAMES | _SENTENCE if " " in text.strip() else _AROUND_NAMES
    read = _Read()
    for before, word in zip(["", *words], words, strict=False):
        following = _with(read, before, word, around)
        if following is None:
            return None
        read = following
    if not read.names and len(words) == 1:
        read = replace(read, names=tuple(_names(words[0])))
    if len(read.names) != 1:
        return None
    name = read.names[0]
    return FunctionRef(name.name, name.qualifier or read.qualifier, read.region, read.account)


def _with(read: _Read, before: str, word: str, around: Collection[str]) -> _Read | None:
    """What is read with one word more; None for a word that fits nowhere."""
    lower = word.lower()
    zone = _ZONE.fullmatch(lower)
    region = zone["region"] if zone else _TOWNS.get(lower, lower)
    if read.names and region not in REGIONS and "-" in region:
        region = next(iter(get_close_matches(region, REGIONS, 1, _CLOSE)), region)
    if region in REGIONS:
        return replace(read, region=region) if read.region in {None, region} else None
    if re.fullmatch(r"\d{12}", word):
        return replace(read, account=word)
    if word.startswith("$LATEST") or before.lower() in _BEFORE_QUALIFIERS:
        return replace(read, qualifier=word) if re.fullmatch(QUALIFIER, word) else None
    if lower in around or word in {"=", ":", "-"}:
        return read
    names = tuple(_names(word))
    return replace(read, names=(*read.names, *names)) if names else None


def _names(word: str) -> list[FunctionRef]:
    plain = word.strip("_") if word.startswith("_") and word.endswith("_") else word
    match = _NAMED.fullmatch(plain)
    return [FunctionRef(match["name"], match["qualifier"])] if match else []


def joined(text: str) -> tuple[FunctionRef, ...]:
    """Two to four plain words, which a name may be made of: "billing sync"."""
    words = text.split()
    if not 1 < len(words) <= _MOST_HALVES or not all(map(_HALVES.fullmatch, words)):
        return ()
    if not (_SENTENCE | _AROUND_NAMES).isdisjoint(word.lower() for word in words):
        return ()
    return tuple(FunctionRef(sign.join(words)) for sign in "-_")
