"""
GitHub's annotations: commands that its runner reads from the output of a step.

    ::error file=serverless.yml,line=7,col=5,title=Datadog owns the exec wrapper::orders: …

The runner takes a line for a command if it begins with two colons, or has "##[" anywhere
(actions/runner, ActionCommand.cs, read 2026-11-30): so nothing but commands, and sentences without
a name, is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.formats.wording import paragraphs, shown
from checks.grammar import counted


class Level(StrEnum):
    """How bad it is, worst first; GitHub shows ten of each level and step."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotation; without a file it is about the whole run."""

    level: Level
    title: str
    lines: Sequence[str]
    """Of its text."""
    file: str | None = None
    """Relative to the repository."""
    line: int | None = None
    column: int | None = None


def document(annotations: Sequence[Annotation], checked: str) -> str:
    """The commands, worst first, and how many there are; `checked` is of what: "3 functions"."""
    counts = Counter(each.level for each in annotations)
    numbers = ", ".join(counted(counts[level], level) for level in Level if counts[level])
    levels = list(Level)
    ordered = sorted(annotations, key=lambda each: levels.index(each.level))
    return "\n".join([*map(_command, ordered), f"slsdiag: {checked}, {numbers or 'no problems'}"])


def error(verb: str, code: str, message: str) -> str:
    """The annotation of a run in which nothing could be checked."""
    title = f"slsdiag {verb}: {code.replace('_', ' ')}"
    return _command(Annotation(Level.ERROR, title, [message]))


def _command(annotation: Annotation) -> str:
    where = {"file": annotation.file, "line": annotation.line, "col": annotation.column}
    properties = {name: str(value) for name, value in where.items() if value is not None}
    properties["title"] = annotation.title
    spelled = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{annotation.level} {spelled}::{_data(paragraphs(annotation.lines))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(shown(value)).replace(":", "%3A").replace(",", "%2C")
