"""A report on a terminal: it fits a screen, breaks no link, and reads without colour."""

from __future__ import annotations

import dataclasses
import re

import pytest
from golden import on_terminal
from planted import PLANTED
from rich.cells import cell_len
from rich.console import Console
from situations import a_function, evidence

from bot.diagnosis.open_checks import open_checks
from bot.diagnosis.screen import screen_of
from checks.model import Overall, Symptom, Verdict
from checks.runbook import RUNBOOK, walk
from checks.verdict import set_aside

REPORTS = [walk(evidence(**case.values[0])) for case in PLANTED]
SLUGS = [step.slug for step in RUNBOOK if "_" in step.slug]
WIDTHS = pytest.mark.parametrize("width", [45, 80, 120])


def test_every_report_fits_80_by_24():
    for report in REPORTS:
        lines = on_terminal(report, 80).splitlines()
        assert len(lines) <= 23, "\n".join(lines)  # the next prompt is the 24th
        assert all(cell_len(line) <= 80 for line in lines)


@WIDTHS
def test_state_and_headline_come_first_and_no_slug_is_shown(width):
    for report in REPORTS:
        text = on_terminal(report, width)
        assert report.function.spelled in text.splitlines()[0]
        assert not [slug for slug in SLUGS if slug in text]


def test_piped_text_has_whole_links_on_lines_of_their_own_and_no_padding():
    for report in REPORTS:
        lines = on_terminal(report, 80, piped=True).splitlines()
        for line in lines:
            assert line == line.rstrip()
            if "https://" in line:
                assert line.strip().startswith("https://")


def test_verbose_shows_every_check():
    for report in REPORTS:
        text = " ".join(on_terminal(report, 200, verbose=True).split())
        assert all(line.title in text for line in report.steps)


def test_what_follows_from_a_cause_is_counted_under_it():
    report = walk(evidence(environment={}, filters=()))
    shown = [x for x in report.steps if x.outcome is Verdict.PROBLEM and x.because is None]
    text = on_terminal(report, 120)
    assert all(line.headline in text for line in shown)


@pytest.mark.parametrize("symptom", [Symptom.METRICS, Symptom.TRACES])
def test_no_check_is_drawn_as_failed_that_cannot_explain_what_is_missing(symptom):
    aside = set_aside(RUNBOOK, symptom)
    seen = 0
    for case in PLANTED:
        report = walk(evidence(**case.values[0]), symptom)
        lines = list(open_checks(report, symptom))
        failed = [words for words, outcome in lines if outcome is Verdict.PROBLEM]
        assert failed or report.verdict is not Overall.PROBLEM
        assert not failed or report.verdict is not Overall.HEALTHY
        for line in report.steps:
            if line.step in aside and line.outcome is Verdict.PROBLEM and line.because is None:
                seen += 1
                assert (f"– not counted for {symptom}: {line.headline}", Verdict.SKIPPED) in lines
    assert seen


def test_narrow_terminal_gets_no_longer_line_and_every_letter_of_a_name():
    name = "a-function-with-the-longest-name-that-lambda-allows-which-is-64c"
    assert len(name) == 64
    for case in PLANTED:
        changes = case.values[0]
        function = a_function() if "function" not in changes else changes["function"]
        named = dataclasses.replace(function, name=name)
        text = on_terminal(walk(evidence(**changes | {"function": named})), 45)
        for line in text.splitlines():
            assert cell_len(line) <= 45 or "/opt/" in line, line  # a path within quotes
        assert name in re.sub(r"\s", "", text)


def test_tall_terminal_shows_what_a_small_one_leaves_out():
    down = next(report for report in REPORTS if report.impact == "down")
    small, tall = (on_terminal(down, 80, height=height) for height in (24, 60))

    assert small.startswith(tall.split("\n", 1)[0])
    assert tall.count("\n") >= small.count("\n")
    assert all(sentence in " ".join(tall.split()) for sentence in down.summary.split(". "))


@pytest.mark.parametrize(
    ("environment", "hides"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "screen-256color", "TMUX": "1"}, True),
        ({"TERM": "screen"}, False),
        ({"TERM": "linux"}, False),
        ({"TERM": "dumb"}, False),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, False),
    ],
)
def test_links_hide_behind_words_only_where_the_terminal_can(environment, hides):
    assert screen_of(Console(force_terminal=True), environment).hides_links is hides
    assert not screen_of(Console(force_terminal=False), environment).hides_links
