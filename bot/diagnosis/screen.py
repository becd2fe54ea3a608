"""
What text is written on: a terminal of some width and height, or a pipe.

On a terminal text is folded between words; a word that is wider than the terminal goes on in the
next line. Into a pipe every sentence is one line. A link stands behind its words where the
terminal can do that, else its address is a line of its own, never folded.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from bot.diagnosis.command_lines import folded
from bot.text.visible import visible

SMALLEST = 24
"""Lines that a report may count on; a taller terminal shows more."""
_NO_LINKS = frozenset({"dumb", "linux", "screen"})
"""TERM, up to its first dash, of terminals that show no link behind words."""


@dataclass(frozen=True, slots=True)
class Screen:
    """Of one console."""

    console: Console
    hides_links: bool

    @property
    def width(self) -> int | None:
        """In columns; None for a pipe."""
        return None if self.console.soft_wrap else self.console.width

    @property
    def height(self) -> int | None:
        """In lines, one of which the next prompt needs; None for a pipe."""
        return None if self.console.soft_wrap else max(self.console.height, SMALLEST) - 1

    def fold(self, text: Text, hang: int = 0, *, indent: int = 0) -> list[Text]:
        """Its lines, indented by `indent`; all but the first by `hang` more."""
        lines = [text]
        if self.width is not None and indent + text.cell_len > self.width:
            room = max(self.width - indent - hang, 1)
            lines = list(text.wrap(self.console, room, overflow="fold"))
        for line in lines:
            line.rstrip()
        margins = [" " * indent, *[" " * (indent + hang)] * len(lines)]
        return [Text(margin) + line for margin, line in zip(margins, lines, strict=False)]

    def fold_between(self, parts: Sequence[str], joint: str) -> list[Text]:
        """`parts`, each kept whole where it fits into a line; those that follow begin with `joint`."""
        lines = [parts[0]]
        for part in parts[1:]:
            joined = f"{lines[-1]} {joint} {part}"
            if self.width is None or cell_len(joined) <= self.width:
                lines[-1] = joined
            else:
                lines.append(f"{joint} {part}")
        return [folded_ for line in lines for folded_ in self.fold(Text(line))]

    def command(self, command: str, indent: int) -> list[Text]:
        """A command to copy, in the color of commands."""
        width = self.width
        lines = [command] if width is None else folded(command, width - indent)
        return [_indented(line, lines[n - 1 : n], indent) for n, line in enumerate(lines)]

    def behind(self, words: str, url: str) -> Text:
        """`words`, with the link behind them where the terminal can do that."""
        return Text(visible(words), style=f"link {url}" if self.hides_links else "")


def _indented(line: str, before: Sequence[str], indent: int) -> Text:
    """A word that was split goes on in the first column: the shell would read an indent as a blank."""
    split = any(earlier.endswith("\\") and not earlier.endswith(" \\") for earlier in before)
    return Text(f"{'' if split else ' ' * indent}{visible(line)}", style="cyan")


def screen_of(console: Console, environment: Mapping[str, str] = os.environ) -> Screen:
    """What `console` writes on."""
    kind = environment.get("TERM", "").partition("-")[0]
    within_tmux = "TMUX" in environment
    supported = kind not in _NO_LINKS or within_tmux
    apple = environment.get("TERM_PROGRAM") == "Apple_Terminal"
    return Screen(console, console.is_terminal and supported and not apple)
