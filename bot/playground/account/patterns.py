"""CloudWatch Logs' filter patterns for unstructured text: terms, phrases, `?` and `-`."""

from __future__ import annotations

import re
from collections.abc import Callable

_TERM = re.compile(r'(?P<sign>[?-]?)(?:"(?P<phrase>(?:[^"\\]|\\.)*)"|(?P<word>[^\s"]+))')


def matcher(pattern: str) -> Callable[[str], bool]:
    """
    Whether a message matches `pattern`; every message matches an empty one.

    All plain terms must be there, none of the excluded, and one of the optional. Where plain
    and optional terms stand together, CloudWatch ignores the optional ones.
    """
    terms: dict[str, list[str]] = {"": [], "?": [], "-": []}
    for match in _TERM.finditer(pattern):
        phrase = match["phrase"]
        text = match["word"] if phrase is None else re.sub(r"\\(.)", r"\1", phrase)
        terms[match["sign"]].append(text)

    def matches(message: str) -> bool:
        if any(term in message for term in terms["-"]):
            return False
        if terms[""]:
            return all(term in message for term in terms[""])
        return not terms["?"] or any(term in message for term in terms["?"])

    return matches
