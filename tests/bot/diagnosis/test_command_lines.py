"""A command that was folded is the same command."""

from __future__ import annotations

import re
import shlex

import pytest
from planted import PLANTED
from situations import evidence

from bot.diagnosis.command_lines import folded, with_profile
from checks.runbook import walk

COMMANDS = sorted(
    {
        action.command
        for case in PLANTED
        for line in walk(evidence(**case.values[0])).steps
        for action in line.actions
        if action.command
    }
)


def words(command):
    """As the shell reads them; blanks and line breaks are one to jq and to a query."""
    lexer = shlex.shlex(command.replace("\\\n", ""), posix=True)
    lexer.whitespace, lexer.whitespace_split = " ", True  # a line break would end the command
    return [re.sub(r"\s+", " ", word) for word in lexer]


@pytest.mark.parametrize("width", [*range(10, 60), 77, 117, 1000])
def test_folded_command_is_the_same_to_the_shell(width):
    assert len(COMMANDS) > 5
    for command in COMMANDS:
        assert words("\n".join(folded(command, width))) == words(command)


def test_every_call_of_a_command_gets_the_profile():
    for command in COMMANDS:
        named = with_profile(command, "my prod")
        assert named.count("aws --profile 'my prod' ") == command.count("aws ") > 0
        assert named.replace("--profile 'my prod' ", "") == command


def test_lines_fit():
    for command in COMMANDS:
        for line in folded(command, 77):
            assert len(line) <= 77
            assert line == line.rstrip()


def test_strings_of_a_program_stay_whole():
    lines = folded("""jq 'if . then error("a long text that stays whole") else . end'""", 20)

    assert [line for line in lines if '"a long text that stays whole"' in line]


def test_word_wider_than_the_line_is_split_without_a_blank():
    assert folded("aws " + "x" * 30, 20) == ["aws \\", "  " + "x" * 16 + "\\", "x" * 14]
