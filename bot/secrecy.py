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


def redacted(text: str) -> str:
    """Pasted text with every word removed that looks like a secret; at most 4,096 characters."""
    words = re.split(r"(\s+)", text[:_LOOKED_AT])
    return "".join(REMOVED if looks_secret(word) else word for word in words)
