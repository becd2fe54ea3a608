"""
A report on a terminal: what fits a screen, or with `-v` every check.

    🟠 orders is not reporting · Datadog owns the exec wrapper
    nodejs22.x · eu-west-1 · 123456789012 · 2026-11-23 13:00 +01:00

    AWS_LAMBDA_EXEC_WRAPPER belongs to Datadog (/opt/datadog_wrapper).

    1. Remove Datadog from the function where it is defined …
    2. Turn Instrument off, save, turn it on and save again: …

    Traces: ✅ integration, runtime → ❌ wrapper → ⚪ variables to Dashboard
    ❌ Datadog owns the exec wrapper
    22 checks passed (-v lists all).

A report that is taller than the screen leaves out what `-v` shows.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo

from rich.console import Console
from rich.text import Text

from bot.diagnosis.command_lines import with_profile
from bot.diagnosis.data_path import of_cause
from bot.diagnosis.open_checks import open_checks
from bot.diagnosis.screen import Screen, screen_of
from bot.diagnosis.sentences import localized, offset, sentences
from bot.diagnosis.state import MARKS, WORDS, headed, state_of
from bot.text.states import State
from bot.text.visible import visible
from checks.grammar import counted
from checks.model import Action, Symptom, Verdict
from checks.report import Line, Report, shown_actions

COLORS = {
    Verdict.OK: "green",
    Verdict.NOTICE: "cyan",
    Verdict.PROBLEM: "bold red",
    Verdict.UNKNOWN: "yellow",
    Verdict.WAIT: "yellow",
    Verdict.SKIPPED: "dim",
}
STATES = {
    State.HEALTHY: "bold green",
    State.NOTE: "bold cyan",
    State.WAITING: "bold yellow",
    State.CANNOT_TELL: "bold yellow",
}
_INDENT = 3
_NARROW = 80
"""Columns, below which no report is promised to fit the screen."""
_QUIET = frozenset({Verdict.OK, Verdict.SKIPPED})


@dataclass(frozen=True, slots=True)
class _Room:
    """How much of a report is shown."""

    sentences: int | None = None
    """Of the explanation; None for all."""
    commands: int | None = None
    """How many of the actions show theirs."""
    addresses: bool = True
    """Those of links that cannot hide behind their words."""
    spaced: bool = True


_ROOMS = (
    _Room(),
    _Room(addresses=False),
    _Room(addresses=False, commands=1),
    _Room(addresses=False, commands=1, sentences=2),
    _Room(addresses=False, commands=1, sentences=2, spaced=False),
)
"""What is left out first stands first."""


def show(
    report: Report,
    *,
    verbose: bool = False,
    profile: str | None = None,
    symptom: Symptom = Symptom.BOTH,
) -> None:
    """
    Print `report` on standard output, with times in this machine's zone.

    `symptom` is the one that was asked about. `profile` is the one whose credentials were used, and is passed to commands.
    """
    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    with console.capture() as captured:
        draw(screen_of(console), report, verbose=verbose, profile=profile, symptom=symptom)
    sys.stdout.write(captured.get())  # a closed pipe is the caller's to handle, not rich's


def draw(
    screen: Screen,
    report: Report,
    *,
    verbose: bool,
    zone: tzinfo | None = None,
    profile: str | None = None,
    symptom: Symptom = Symptom.BOTH,
) -> None:
    """As the module's docstring shows it; without `zone` in this machine's."""
    drawing = _Drawing(screen, report, zone, profile, symptom)
    for line in drawing.whole() if verbose else drawing.fitting():
        screen.console.print(line, soft_wrap=True)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """One report on one screen, as lines."""

    screen: Screen
    report: Report
    zone: tzinfo | None
    profile: str | None
    symptom: Symptom

    def whole(self) -> list[Text]:
        """With every check in full."""
        checks = [line for step in self.report.steps for line in self._check(step)]
        return [*self._top(_Room()), Text(), *checks]

    def fitting(self) -> list[Text]:
        """As much as the screen has room for; on a narrow one, where that is too little, all."""
        bottom = list(self._bottom())
        drawn = [[*self._top(room), *bottom] for room in _ROOMS]
        height = self.screen.height
        fits = next((lines for lines in drawn if height and len(lines) <= height), None)
        narrow = (self.screen.width or 0) < _NARROW
        return fits or drawn[0 if narrow else -1]

    def _top(self, room: _Room) -> list[Text]:
        """Headline, explanation, actions, data path."""
        report = self.report
        parts = [
            [*self.screen.fold(self._headline()), *self._faint(self._subject())],
            self.screen.fold(Text(" ".join(self._explanation()[: room.sentences]))),
            self.screen.fold(Text(self._written(report.told or ""))),
            [
                line
                for number, action in enumerate(shown_actions(report), 1)
                for line in self._action(number, action, room)
            ],
            self.screen.fold_between(of_cause(report, self.symptom).split(" → "), "→"),
        ]
        between = [Text()] if room.spaced else []
        shown = [part for part in parts if any(map(len, part))]
        return [line for n, part in enumerate(shown) for line in [*between[: n > 0], *part]]

    def _headline(self) -> Text:
        report, state = self.report, state_of(self.report)
        head = f"{state.emoji} {headed(visible(report.function.spelled), state)}"
        about = f" · {visible(report.headline)}" if report.headline else ""
        return Text(f"{head}{about}", style=STATES.get(state, "bold red"))

    def _subject(self) -> str:
        function = self.report.function
        at = self.report.checked_at.astimezone(self.zone)
        runtime = function.runtime or "container image"
        where = (runtime, function.region, function.account)
        return " · ".join((*where, f"{at:%Y-%m-%d %H:%M} {offset(at)}"))

    def _explanation(self) -> list[str]:
        return [self._written(sentence) for sentence in sentences(self.report)]

    def _written(self, sentence: str) -> str:
        return visible(localized(sentence, self.report.checked_at, self.zone))

    def _faint(self, words: str, indent: int = 0) -> list[Text]:
        return self.screen.fold(Text(visible(words), style="dim"), indent=indent)

    def _action(self, number: int, action: Action, room: _Room) -> Iterator[Text]:
        link = self.report.place(action)
        hides = self.screen.hides_links
        line = Text(self._written(f"{number}. {action.do}"))
        if action.way:
            way = self.screen.behind(f"{action.way} ↗", link.url) if link and hides else action.way
            line.append(": ").append(way)
        if action.caution:
            line.append(f" ({visible(action.caution)})")
        if link and hides and not action.way:
            line.append(" [").append(self.screen.behind(f"{link.label} ↗", link.url)).append("]")
        yield from self.screen.fold(line, _INDENT)
        if link and not hides and room.addresses:
            yield self._address(link.url)
        if action.command and (room.commands is None or number <= room.commands):
            command = action.command
            command = with_profile(command, self.profile) if self.profile else command
            yield from self.screen.command(command, _INDENT)

    def _address(self, url: str) -> Text:
        return Text(" " * _INDENT + visible(url), style="dim")

    def _bottom(self) -> Iterator[Text]:
        """What failed or could not be decided, by headline; what follows from another is counted."""
        open_ = Counter(open_checks(self.report, self.symptom))
        for (words, outcome), count in open_.items():
            times = f" ({count} checks)" if count > 1 else ""
            line = Text(f"{self._written(words)}{times}", style=COLORS[outcome])
            yield from self.screen.fold(line, _INDENT)
        passed, skipped = (
            sum(line.outcome is outcome for line in self.report.steps)
            for outcome in (Verdict.OK, Verdict.SKIPPED)
        )
        more = f", {skipped} skipped" if skipped else ""
        yield from self._faint(f"{counted(passed, 'check')} passed{more} (-v lists all).")

    def _check(self, line: Line) -> Iterator[Text]:
        """
        One check in full:

            ❌ failed: Is the wrapper environment variable set?
               AWS_LAMBDA_EXEC_WRAPPER belongs to Datadog (/opt/datadog_wrapper).
               Remove Datadog from the function …
        """
        mark = f"{MARKS[line.outcome]} {WORDS[line.outcome]}: {line.title}"
        yield from self.screen.fold(Text(visible(mark), style=COLORS[line.outcome]), _INDENT)
        for detail in self._details(line):
            yield from self._faint(detail, _INDENT)
        if line.outcome not in _QUIET and line.because is None:
            places = [*map(self.report.place, line.actions), self.report.link(line.page)]
            urls = [place.url for place in places if place]
            yield from (self._address(url) for url in dict.fromkeys(urls[:-1] or urls))

    def _details(self, line: Line) -> Iterator[str]:
        yield self._written(line.saw)
        if line.because:
            cause = self.report.line(line.because)
            yield f"Same cause: {cause.headline if cause else line.because}"
        elif line.remedy and line.outcome is not Verdict.SKIPPED:
            yield from (self._written(action.sentence) for action in line.actions)
        if line.presumed:
            answers = " · ".join(line.answers)
            yield f"Assumed (we can't see Dashboard): {line.question} ({answers})"
            yield f"To answer: --answer {line.step}='{line.answers[0]}'"
