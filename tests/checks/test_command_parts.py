"""What each command names, without running it; `test_commands.py` runs them."""

from __future__ import annotations

import json
import shlex

import pytest
from situations import a_function

from checks import commands
from checks.evidence.region import METRIC_STREAM

ODD = a_function(arn="arn:aws:lambda:eu-west-1:123456789012:function:it's $one")
FROZEN = a_function(qualifier="live", version="7")


def options(command):
    """The values after each option of a command, and how often `aws` is called."""
    words = shlex.split(command)
    named = {}
    for word, value in zip(words, [*words[1:], ""], strict=True):
        if word.startswith("--"):
            named.setdefault(word, []).append(value)
    return named, words.count("aws")


@pytest.mark.parametrize(
    "command",
    [
        commands.invoke(ODD),
        commands.list_versions(ODD),
        commands.remove_variable(ODD, "SLS_ORG_ID"),
    ],
)
def test_function_is_named_by_its_arn_in_its_region(command):
    named, _ = options(command)

    assert named["--function-name"] == [ODD.arn]
    assert set(named["--region"]) == {"eu-west-1"}


@pytest.mark.parametrize(
    ("command", "change"),
    [
        (commands.set_variable(ODD, "SLS_ORG_ID", 'a "b" $c'), '.SLS_ORG_ID = "a \\"b\\" $c"'),
        (commands.remove_variable(ODD, "SLS_ORG_ID"), "del(.SLS_ORG_ID)"),
    ],
)
def test_variable_is_changed_under_the_revision_that_was_read(command, change):
    words = shlex.split(command)
    program = words[words.index("jq") + 1]

    assert options(command)[1] == 2
    assert program.startswith("{FunctionName: .FunctionArn, RevisionId, Environment:")
    assert program.endswith(f"| {change})}}}}")
    assert "error(" in program.partition("then")[2]


def test_value_is_a_string_of_jq():
    value = 'it\'s "so" \\ \n ü'
    words = shlex.split(commands.set_variable(ODD, "X", value))
    program = words[words.index("jq") + 1]

    assert json.loads(program.partition(".X = ")[2].removesuffix(")}}")) == value


def test_frozen_version_takes_no_change():
    assert commands.set_variable(FROZEN, "X", "y") is None
    assert commands.remove_variable(FROZEN, "X") is None


@pytest.mark.parametrize(("function", "qualifier"), [(FROZEN, ["live"]), (ODD, None)])
def test_what_was_checked_is_invoked_with_an_empty_event(function, qualifier):
    named, calls = options(commands.invoke(function))

    assert (named.get("--qualifier"), named["--payload"], calls) == (qualifier, ["{}"], 1)


def test_stream_is_started_where_it_is():
    named, _ = options(commands.start_stream("eu-west-3"))

    assert named == {"--names": [METRIC_STREAM], "--region": ["eu-west-3"]}
