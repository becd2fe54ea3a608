"""Places where nothing but a credential stands: addresses, headers, options of well-known commands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.text.redaction.kinds import Span

_QUOTED = r"\"[^\"]{1,400}\"|'[^']{1,400}'"
_ADDRESS = re.compile(
    r"://(?P<value>[^\s/?#@:]{0,100}:(?!\d{1,5}(?:[/?#\s]|$))[^\s\"'<>]{1,400}?@(?=[\w.\[-])"
    r"|[^\s/?#@:]{1,400}@)"
)
"""A port is no password."""
_PLACES = (
    r"(?<![a-z])(?:set-)?cookie2?[\"']?\s{0,4}[:=]\s{0,4}(?P<value>[^\r\n]{1,4000})",
    r"\b(?:bearer|apikey)\s{1,4}"
    r"(?!(?:tokens?|auth\w*|header|scheme|format|is|was|of|and|or|in)\b)"
    r"(?P<value>[^\s\"'`]{1,4000})",
    r"\bbasic\s{1,4}(?P<value>[A-Za-z0-9+/]{8,400}={0,2})(?![\w+/])",
    r"\bx-[a-z-]{0,40}(?:token|key|secret|auth|signature)[\"']?\s{0,2}:\s{0,4}[\"']?"
    r"(?P<value>[^\s\"',]{4,4000})",
    rf"\bcurl\b[^\n]{{0,400}}?\s(?:-u|--user|--proxy-user)[ =]?(?P<value>{_QUOTED}|\S{{3,400}})",
    r"\b(?:mysql\w{0,10}|mariadb\w{0,10}|sshpass)\b[^\n]{0,400}?\s-p"
    rf"(?P<value>{_QUOTED}|[^\s-]\S{{0,200}})",
    r"\b(?:redis-cli|docker|az|sshpass|unzip|zip|ldapsearch|mongo\w{0,5}|sqlcmd|htpasswd|smbclient)\b"
    rf"[^\n]{{0,400}}?\s-[apw]\s{{1,4}}(?P<value>{_QUOTED}|[^\s-]\S{{0,200}})",
    r"(?<![\w/.@-])[\w.+-]{1,64}:(?=[a-z]{0,60}[^a-z\s])(?P<value>[^\s:@/\"'<>]{6,100})@[\w-]{2,}",
    r"\bopenssl\b[^\n]{0,400}?\s-k\s{1,4}(?P<value>[^\s-]\S{0,200})",
    r"\bpass:(?P<value>\S{4,200})",
)
_COMPILED = tuple(re.compile(pattern, re.IGNORECASE) for pattern in _PLACES)


def addresses(text: str) -> Iterator[Span]:
    """User and password in an address: ://app:secret@."""
    return (match.span("value") for match in _ADDRESS.finditer(text))


def places(text: str) -> Iterator[Span]:
    """Where they are in `text`, addresses among them."""
    yield from addresses(text)
    for pattern in _COMPILED:
        yield from (match.span("value") for match in pattern.finditer(text))
