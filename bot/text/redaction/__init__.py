"""
What must not be repeated to anybody: texts that look like a secret.

One search (search.py) serves all that is read from people and from AWS: credentials of known kinds,
random words, values behind a secret's name, and blocks, in each form that they may be disguised in.
What it does not find is shown.

    redacted(text)      somebody's text, without them
    typed_secret(text)  whether what was typed holds one, and must not be used
    shown(text)         what was typed, as a refusal may repeat it
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.text.redaction.kinds import Span, known_credentials
from bot.text.redaction.words import credentials

REMOVED = "[removed]"
LIMIT = 4096
"""Characters of a text that are looked at, and given back."""
_SHOWN = 80
_ONE_WORD = re.compile(r"[@$]?[\w./-]{0,256}", re.ASCII)
"""A name, a path, @scope/package or $LATEST: for it the search would find what is in the word."""
_SHORT_ID = re.compile(r"[A-Za-z0-9_-]{1,24}")
_TARGET = re.compile(r"[A-Za-z0-9_-]{1,140}(?::(?:\$LATEST|[A-Za-z0-9_-]{1,140}))?")
_FOR_SURE = re.compile(
    r"(?<!\S)[\"'`]?(?:function:|arn:aws[a-z-]{0,12}:lambda:|\d{12}:function:)[\w:$-]{1,300}[\"'`]?(?!\S)"
)


def token_like(text: str) -> bool:
    """Whether `text` holds a credential of a known kind."""
    return next(known_credentials(text[:LIMIT]), None) is not None


def looks_secret(text: str) -> bool:
    """Whether `redacted` would take something out of `text`."""
    return bool(_secret_spans(text[:LIMIT]))


def typed_secret(text: str) -> bool:
    """
    Whether what somebody typed holds a secret.

    Words that may be names are judged by themselves: `password-reset:live` is a function's name.
    `function:NAME` and an ARN are how a function is asked for that is called like a secret.
    """
    words = [word for word in text[:LIMIT].split() if not _FOR_SURE.fullmatch(word)]
    named = [word for word in words if _TARGET.fullmatch(word)]
    if any(map(credentials, named)):
        return True
    whole = len(named) == len(words) and "\n" not in text
    return not whole and looks_secret(_FOR_SURE.sub("", text[:LIMIT]))


def id_is_secret(text: str) -> bool:
    """Whether what should be an org's id is a secret; 24 random characters may be an id."""
    return token_like(text) if _SHORT_ID.fullmatch(text) else looks_secret(text)


def shown(text: str) -> str:
    """`text` in a refusal: short, without control characters, mentions or secrets."""
    if looks_secret(text):
        return "That (not repeated: it looks like a secret)"
    if re.search(r"[<>@#]|://|&[lg]t;|&amp;", text):
        return "That (a link or a mention)"
    safe = "".join(c if c.isprintable() else "·" for c in text).replace("`", "'")
    return f"'{safe[:_SHOWN]}…'" if len(safe) > _SHOWN else f"'{safe}'"


def redacted(text: str, keep: Sequence[str] = ()) -> str:
    """
    Text of somebody's without what looks like a secret; at most 4,096 characters.

    `keep` are names that the text may show, whatever they look like.
    """
    start = _cut(text)
    exempt = [m.span() for name in keep if name for m in re.finditer(re.escape(name), start)]
    parts: list[str] = []
    done = 0
    for begin, end in _secret_spans(start):
        if not any(a <= begin and end <= b for a, b in exempt):
            parts += [start[done:begin], REMOVED]
            done = end
    return "".join([*parts, start[done:]])


def _cut(text: str) -> str:
    """Not within a word, of which too little might be left to know it by."""
    if len(text) <= LIMIT:
        return text
    start = text[:LIMIT]
    return start if text[LIMIT].isspace() else start[: max(start.rfind(" "), start.rfind("\n")) + 1]


def _secret_spans(text: str) -> tuple[Span, ...]:
    """Where secrets stand in `text`, in order, none within another."""
    if _ONE_WORD.fullmatch(text):
        return _in_word(text)
    from bot.text.redaction.search import secret_spans  # noqa: PLC0415 - its patterns take 50 ms to compile

    return secret_spans(text)


@lru_cache(maxsize=1024)
def _in_word(word: str) -> tuple[Span, ...]:
    """A scan reads the same few handlers and wrappers thousands of times."""
    return credentials(word)
