"""
Is a word random, as keys are, or made by people, as names are?

Entropy does not tell them apart: AWS's tools put hashes behind names, and camel case mixes
letters as keys do. What tells them apart is which letters follow each other: of neighbors in a
name four in five are common in English, of neighbors in a random word one in five is.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from itertools import pairwise

from bot.text.redaction.kinds import Span

# The pairs that make up 80 % of all in 125,000 words of English documentation and of the Python
# standard library's source (counted 2026-11-29): a letter, and those that often follow it.
_FOLLOWS = {
    "a": "abcdfgiklmnprstu", "b": "aeiloru", "c": "acdehiklortu", "d": "abcdefios",
    "e": "abcdefgilmnprstvx", "f": "aefio", "g": "aeirs", "h": "aeio", "i": "abcdefglmnoprstvz",
    "k": "aei", "l": "adeilostuy", "m": "aeiop", "n": "acdefginost", "o": "bcdlmnoprstuvw",
    "p": "aeiloprt", "q": "u", "r": "acdeimnorstu", "s": "acehilopstu", "t": "acehiorstuy",
    "u": "beilmnprst", "v": "aei", "w": "ai", "z": "e",
}  # fmt: skip
_LEAST_SIGNS = 20
_LEAST_PAIRS = 12
_FAMILIAR = 0.5
_HASH_AT_THE_END = 16
"""CloudFormation, SAM and others put up to so many random characters behind a last hyphen."""
_LOGICAL_ID_HASH = re.compile(r"(?<=[a-z])[0-9A-F]{8,40}$")
"""CDK puts eight (or forty) hexadecimal digits behind a logical id."""

_WORD = re.compile(r"[A-Za-z0-9+/_=.~-]{20,}")
_PIECE = re.compile(r"[A-Za-z0-9]{4,}")
_HEX = re.compile(r"(?<![A-Za-z0-9])(?=[0-9]{0,64}[a-fA-F])[0-9a-fA-F]{32,}(?![A-Za-z0-9])")
_BASE64 = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{24,}={0,2}(?![\w+/=-])")
_SIGNED_WORD = re.compile(r"\S{12,}")
_SIGNS, _LEAST_DIFFERENT = frozenset("+=&\"'$!%^*#?;@"), 3
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|#\d{1,4});")
_AROUND = "\"'()[]{}.,;:!?<>"


def random_words(text: str) -> Iterator[Span]:
    """Where words stand that nobody would make up: keys, hashes, encoded text."""
    yield from (match.span() for match in _HEX.finditer(text))
    for match in _WORD.finditer(text):
        pieces = _PIECE.findall(match[0])
        if any(map(random, [match[0], *(piece for piece in pieces if len(piece) >= _LEAST_SIGNS)])):
            yield match.span()
    yield from (match.span() for match in _BASE64.finditer(text) if _encoded(match[0]))
    yield from (match.span() for match in _SIGNED_WORD.finditer(text) if _signed(match[0]))


def random(word: str) -> bool:
    """Whether the letters and digits of `word` follow each other as in no name."""
    pieces = _PIECE.findall(word)
    if len(pieces) > 1 and len(pieces[-1]) <= _HASH_AT_THE_END:
        pieces.pop()
    pieces = [_LOGICAL_ID_HASH.sub("", piece) for piece in pieces]
    if sum(map(len, pieces)) < _LEAST_SIGNS:
        return False
    pairs = [
        pair
        for piece in pieces
        for pair in pairwise(piece.lower())
        if pair[0] != pair[1] and not "".join(pair).isdigit()
    ]
    familiar = sum(second in _FOLLOWS.get(first, "") for first, second in pairs)
    return len(pairs) >= _LEAST_PAIRS and familiar < _FAMILIAR * len(pairs)


def _encoded(word: str) -> bool:
    """Whether it is readable text in base64."""
    padded = word.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        raw = base64.b64decode(padded + "=" * (-len(padded) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    return raw.isascii() and raw.decode("ascii").isprintable()


def _signed(word: str) -> bool:
    """Whether so many different signs are in it that it can only be a password."""
    inner = _ENTITY.sub("", word).strip(_AROUND)
    if len(inner) < 12 or "://" in inner:  # noqa: PLR2004 - as the pattern has it
        return False
    return len(_SIGNS.intersection(inner)) >= _LEAST_DIFFERENT
