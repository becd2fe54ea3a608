"""
What must not be repeated to anybody: texts that look like a secret.

`token_like` knows tokens by their beginnings and is never wrong about a function's name;
`looks_secret` also takes long mixtures of characters for one.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}|xox[a-z]-|xapp-|sk-[A-Za-z0-9_-]{8,}"
    r"|gh[pousr]_|github_pat_|glpat-|eyJ[\w-]{8,})|-----BEGIN "
)
_MIXTURE = re.compile(r"[A-Za-z0-9+/=]{36,}")
_HEX = re.compile(r"(?<![A-Za-z0-9])[0-9a-fA-F]{32,}(?![A-Za-z0-9])")
_SHOWN = 80
_LOOKED_AT = 4096


def token_like(text: str) -> bool:
    """Whether `text` holds a token of a known kind."""
    return bool(_TOKEN.search(text[:_LOOKED_AT]))


def looks_secret(text: str) -> bool:
    """Whether `text` must not be repeated."""
    start = text[:_LOOKED_AT]
    if token_like(start) or _HEX.search(start):
        return True
    return any(_mixed(match[0]) for match in _MIXTURE.finditer(start))


def name_looks_secret(name: str) -> bool:
    """Likewise, of what may be a function's name: those made by tools mix, but have hyphens."""
    return looks_secret(name) if "-" not in name else bool(token_like(name) or _HEX.search(name))


def _mixed(run: str) -> bool:
    """Letters of both cases and digits in one run, as keys are."""
    return all(re.search(kind, run) for kind in ("[a-z]", "[A-Z]", "[0-9]"))


def shown(text: str) -> str:
    """`text` in a refusal: short, without control characters, mentions or secrets."""
    if looks_secret(text):
        return "That (not repeated: it looks like a secret)"
    if re.search(r"[<>@#]|://|&[lg]t;|&amp;", text):
        return "That (a link or a mention)"
    safe = "".join(c if c.isprintable() else "·" for c in text).replace("`", "'")
    return f"'{safe[:_SHOWN]}…'" if len(safe) > _SHOWN else f"'{safe}'"


REMOVED = "[removed]"


_NAMES = (
    r"(?:password|passwd|passphrase|secret|token|(?:api|access|private)[_-]?key|credentials?"
    r"|authorization|pwd|(?-i:\bpass\b|[_-]pass\b|[a-z]Pass\b|PASS\b)|(?<![a-z])pw(?![a-z]))"
    r"[\w.-]{0,40}"
)
_SCHEME = r"(?:(?:bearer|basic|token|digest|apikey)\s{1,4})?"
_VALUE = r"(?:\\{0,4}\"[^\"]*\"?|\\{0,4}'[^']*'?|[^\s\"']\S*)"
_NAMED = re.compile(
    rf"({_NAMES}\\{{0,4}}[\"']?\s{{0,4}}(?:[:=]{{1,2}}>?|=>)\s{{0,4}}{_SCHEME}){_VALUE}"
    rf"|((?<!\S)--?(?:[\w]+-)*{_NAMES}\s{{1,4}}){_VALUE}",
    re.IGNORECASE,
)
_BEARER = re.compile(r"(\bbearer\s{1,4})\S+", re.IGNORECASE)
_USERINFO = re.compile(r"(://)(?:[^\s/?#@:]+:(?!\d{1,5}/)[^\s?#]{1,400}|[^\s/?#@]{1,400})@")
_SIGNS, _LEAST_SIGNS, _LEAST_LONG = frozenset("+=&\"'$!%^*#?;"), 3, 12


def redacted(text: str) -> str:
    """
    Text of somebody's without what looks like a secret; at most 4,096 characters.

    That is: words as `looks_secret` has them or mixed with many signs, what stands behind a
    name like `password=` or `Authorization:`, and the user and password of an address.
    """
    said = _USERINFO.sub(rf"\1{REMOVED}@", text[:_LOOKED_AT])
    said = _NAMED.sub(lambda match: f"{match[1] or match[2]}{REMOVED}", said)
    said = _BEARER.sub(rf"\1{REMOVED}", said)
    words = re.split(r"(\s+)", said)
    return "".join(REMOVED if _removed(word) else word for word in words)


def _removed(word: str) -> bool:
    if looks_secret(word):
        return True
    inner = word.strip("\"'()[]{}.,;:!?")
    signs = len(_SIGNS.intersection(inner)) if "://" not in inner else 0
    return len(inner) >= _LEAST_LONG and signs >= _LEAST_SIGNS
