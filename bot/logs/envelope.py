"""
What tools put before each line of a log, as the file as a whole shows.

A time, a stream, a mail's quote mark: none of it is the function's. Which of them a file has is
decided once, by the lines that can only be the platform's or the SDK's: what most of these have
before them is the file's envelope, and is taken off every line. A line of the user's own that
quotes the SDK behind a time of its own is in another envelope, and so stays what it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.logs.record import time_of

LONGEST = 600
"""Characters that may stand before a line."""
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_MOMENT = r"\d{4}-\d\d-\d\dT[\d:.]{2,20}Z"
_PLATFORM = (
    "START RequestId: ", "END RequestId: ", "REPORT RequestId: ", "INIT_START Runtime Version",
    "START - ", "END - ", "REPORT - ", '"platform.',
)  # fmt: skip
_SDKS = (
    "SERVERLESS_TELEMETRY.T", "SDK: Wrapper initialization", "SDK: Overhead duration: Internal init",
    "SDK: Invocation: start", "Serverless SDK Warning: Cannot instrument", "Fatal Serverless SDK",
)  # fmt: skip
_OTHERS = (
    "Task timed out after ",
    "Error: Runtime exited",
    "[ERROR] ",
    "INIT_REPORT ",
    "\tERROR\t",
)
_RUNTIMES = 1_000
"""The weight of a line that is the platform's or the runtime's: many of the SDK's may be quoted."""
_USER_LINES, _MARKS = 500, 1_000
"""So many lines are searched for a user's, which takes a while; so many count of each landmark."""
_LANDMARKS = (
    *((mark, _RUNTIMES) for mark in _PLATFORM),
    *((mark, 10) for mark in (*_SDKS, *_OTHERS)),
)
"""What marks where a line begins, and how much it weighs."""
_USER_LINE = re.compile(rf"(?:\[\w+\][\t ])?{_MOMENT}[\t ]{{1,8}}{_UUID}[\t ]")
_BEFORE = re.compile(
    rf"(?:{_MOMENT} )?(?:RequestId: )?{_UUID} $"  # … Task timed out, … Error: Runtime exited
    rf"|{_MOMENT}[\t ]+undefined$"  # … ERROR Uncaught Exception
)
BOLT = re.compile(r"(?:\?|[^\x00-\x7f]|:[a-z_]{2,32}:|\\u\w{4}|\\x\w\w|&#\w{2,8};){1,12}\s{0,2}$")
"""⚡ as it arrives: with a selector, as question marks, in the wrong encoding, as a short code."""

_TOKENS = {
    "time": r"\[?(?:\d{4}[-/]\d\d[-/]\d\d[T ,]{1,2}\d\d:\d\d:\d\d(?:[.,]\d{1,9})?"
    r"(?: ?(?:Z|UTC|[+-]\d\d:?\d\d|\([+-]\d\d:\d\d\)))?)\]?",
    "clock": r"\[?(?:[A-Z][a-z]{2} [ \d]\d |\d{1,2}/\d{1,2}/\d{4},? |\d{1,2} [A-Z][a-z]{2} \d{4} )?"
    r"\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?(?: [AP]M)?\]?",
    "epoch": r"1\d{12}(?!\d)|1\d{9}(?:\.\d{1,9})?(?![\d-])",
    "stream": r"[(\[]?\d{4}/\d\d/\d\d/[\w.-]{0,80}\[[^\]\s]{1,128}\]\w{1,64}[)\]]?",
    "group": r"(?:\d{12}:)?/[\w./#-]{1,512}",
    "file": r"[\w./-]{1,200}\.(?:log|txt|out|csv|json):(?:\d{1,9}:)?",
    "event": r"EVENTS(?=\t)|\d{50,60}(?!\d)",
    "key": r"[\"']?@?(?:message|msg|log)[\"']?(?:[ \t]*+[:=|]|\t)",
    "number": r"\d{1,9}(?=[:.)\t|])[:.)]?",
    "name": r"[\w.-]{1,64}[ \t]*+\|",
    "quote": r"(?:[>|│┃▶▼#\"'`]|[-*•](?= ))",
    "comma": r"[,;]",
    "indent": r"[ \t]++",
}
_TOKEN = re.compile("|".join(f"(?P<{name}>{text})" for name, text in _TOKENS.items()))
Kind = tuple[tuple[str, ...], str]
"""The parts of what stands before a line, and the blanks that separate them from it."""
_NOTHING: Kind = ((), "")
_INDENTED = ("indent",)
"""An envelope that some lines may lack: what is copied out of a text often loses its first."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What stands before each line; `form` is empty where nothing does."""

    form: re.Pattern[str] | None = None
    at: int | None = None
    """The group that is the time."""
    stream: int | None = None
    joins: bool = False
    """A line without it belongs to the one before: only the first has the time."""

    def opened(self, line: str) -> tuple[str, datetime | None, str | None] | None:
        """Message, time and stream of `line`; None where it is in no such envelope."""
        if self.form is None:
            return line, None, None
        match = self.form.match(line)
        if match is None:
            return None
        at = time_of(match[self.at].strip("[] \t")) if self.at else None
        return line[match.end() :], at, match[self.stream].strip("()[ \t") if self.stream else None


def envelope_of(lines: Sequence[str]) -> Envelope:
    """The envelope of most lines that are the platform's, the runtime's or the SDK's."""
    votes: Counter[Kind] = Counter()
    text = "\n".join(lines)
    for mark, weight in _LANDMARKS:
        for before in _before_each(text, mark):
            kind = _kind(before)
            if kind is not None:
                votes[kind] += weight
    for line in lines[:_USER_LINES]:
        match = _USER_LINE.search(line[: LONGEST + 64])
        kind = _kind(line[: match.start()]) if match else None
        if kind is not None:
            votes[kind] += _RUNTIMES
    votes[_NOTHING] += 0
    kind = max(votes, key=lambda candidate: (votes[candidate], candidate == _NOTHING))
    indented = [candidate for candidate in votes if candidate[0] == _INDENTED]
    if kind == _NOTHING and indented and _mostly_indented(lines):
        kind = max(indented, key=votes.__getitem__)
    return Envelope() if kind == _NOTHING else _compiled(kind)


def _mostly_indented(lines: Sequence[str]) -> bool:
    filled = [line for line in lines if line and not line.isspace()]
    return 2 * sum(line[0] in " \t" for line in filled) >= len(filled)


def _before_each(text: str, mark: str) -> Iterator[str]:
    """What stands on its line before the landmark, of the first lines that have it."""
    at = text.find(mark)
    for _ in range(_MARKS):
        if at < 0:
            return
        start = text.rfind("\n", max(at - LONGEST - 64, 0), at) + 1
        if start or at <= LONGEST + 64:
            before = text[start:at]
            yield before[: _beginning(before, mark)]
        end = text.find("\n", at)
        at = text.find(mark, end) if end >= 0 else -1


def _beginning(before: str, mark: str) -> int:
    """Where the function's own line begins, of which the landmark may not be the first word."""
    if mark == '"platform.':
        return max(before.find("{"), 0)
    if mark.startswith("SDK: "):
        match = BOLT.search(before)
        return match.start() if match else len(before)
    tail = before[-96:]
    match = _BEFORE.search(tail)
    return len(before) - len(tail) + match.start() if match else len(before)


def _kind(before: str) -> Kind | None:
    """What stands before a line, or None where a part of it is no tool's."""
    if len(before) > LONGEST:
        return None
    if before.isspace():
        return _INDENTED, before
    parts: list[str] = []
    at = 0
    while at < len(before):
        match = _TOKEN.match(before, at)
        if match is None or match.lastgroup is None:
            return None
        parts.append(match.lastgroup)
        at = match.end()
    blanks = before[len(before.rstrip(" \t")) :]
    return tuple(part for part in parts if part != "indent"), blanks


def _compiled(kind: Kind) -> Envelope:
    parts, blanks = kind
    if parts == _INDENTED:
        return Envelope(re.compile(f"(?:{re.escape(blanks)})?"))
    forms = [f"({_TOKENS[name]})" for name in parts]
    form = r"[ \t]*+" + r"[ \t]*+".join(forms) + f"(?:{re.escape(blanks)})?"
    groups = {name: number for number, name in reversed(list(enumerate(parts, 1)))}
    timed = next((groups[name] for name in ("time", "epoch") if name in groups), None)
    joins = bool({"time", "clock", "epoch", "stream"} & set(parts))
    return Envelope(re.compile(form), timed, groups.get("stream"), joins)
