"""
A subscription filter's pattern → whether a telemetry payload gets through it.

CloudWatch Logs' patterns for unstructured text: all plain terms must be in the line, none of the
excluded (-), and one of the optional (?), which are ignored beside plain ones (AWS, "Filter pattern
syntax"). A pattern in braces matches JSON lines only, which a payload is not. What stands between
brackets or percent signs is not evaluated.
"""

from __future__ import annotations

import re

from checks.log.telemetry import PREFIX

_TERM = re.compile(r'(?P<sign>[?-]?)(?:"(?P<phrase>(?:[^"\\]|\\.)*)"|(?P<word>[^\s"]+))')
_BEGINNING = f"{PREFIX}TZ."
"""Of each payload; what follows is base64."""
_BY_CHANCE = re.compile(r"[A-Za-z0-9+/=]{0,3}")
"""So short a term may stand anywhere in base64."""


def lets_payloads_through(pattern: str) -> bool | None:
    """None where it cannot be known."""
    text = pattern.strip()
    if text.startswith("{"):
        return False
    if text.startswith(("[", "%")):
        return None
    terms: dict[str, list[bool | None]] = {"": [], "?": [], "-": []}
    for match in _TERM.finditer(text):
        phrase = match["phrase"]
        term = match["word"] if phrase is None else re.sub(r"\\(.)", r"\1", phrase)
        terms[match["sign"]].append(_is_in_payloads(term))
    if True in terms["-"]:
        return False
    wanted = _all(terms[""]) if terms[""] else _any(terms["?"])
    return None if wanted and None in terms["-"] else wanted


def _is_in_payloads(term: str) -> bool | None:
    if term in _BEGINNING:
        return True
    return None if _BY_CHANCE.fullmatch(term) else False


def _all(matches: list[bool | None]) -> bool | None:
    if False in matches:
        return False
    return None if None in matches else True


def _any(matches: list[bool | None]) -> bool | None:
    if not matches or True in matches:
        return True
    return None if None in matches else False
