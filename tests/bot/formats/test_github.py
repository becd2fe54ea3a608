"""GitHub's annotations, read back as the runner reads them."""

from __future__ import annotations

import re

import pytest
from hostile import HOSTILE, findings
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.formats import github
from bot.formats.findings import Finding, Findings, Unknown
from bot.formats.github import Annotation, Level
from bot.formats.lint import as_annotations
from bot.formats.wording import paragraphs, shown
from checks.model import Action

COMMANDS = {"error", "warning", "notice", "debug", "group", "add-mask", "stop-commands", "set-env"}


def command(line):
    """
    The command that the runner takes the line for, its properties and its text; None for none.

    By the rules of actions/runner, ActionCommand.cs: two colons at the beginning, blanks aside, or
    "##[" anywhere in what is not one of those. Blanks around all properties are left out.
    """
    begin = line.lstrip()
    if begin.startswith("::") and "::" in begin[2:]:
        head, _, data = begin[2:].partition("::")
        name, _, properties = head.partition(" ")
        if name in COMMANDS:
            pairs = [each.split("=", 1) for each in properties.strip().split(",") if each]
            return name, {key: unescaped(value, ":,") for key, value in pairs}, unescaped(data)
    if old := re.search(r"##\[([^\] ]*)", line):
        return old[1], {}, line
    return None


def unescaped(text, more=""):
    for character in f"\r\n{more}%":
        text = text.replace(f"%{ord(character):02X}", character)
    return text


def commands(document):
    *lines, last = document.split("\n")
    assert command(last) is None
    return [command(line) for line in lines]


def test_a_finding_names_its_place_and_what_to_do():
    action = Action("Remove Datadog", command="npm remove x", caution="50 % of it")
    found = Finding(
        "api/serverless.yml", 7, 5, "orders", "wrapper_set", "problem", "Datadog, again", (action,)
    )
    document = as_annotations(Findings(1, 1, (found,)))

    assert document.split("\n") == [
        "::error file=api/serverless.yml,line=7,col=5,title=Datadog%2C again::orders: Datadog, again"
        "%0A1. Remove Datadog (50 %25 of it)%0A   npm remove x",
        "slsdiag: 1 function in 1 file, 1 error",
    ]


def test_the_worst_comes_first():
    where = ("t.yml", 1, 1, "a")
    notice = Finding(*where, "layer_slot_to_spare", "notice", "One slot left", ())
    problem = Finding(*where, "wrapper_set", "problem", "Datadog owns the exec wrapper", ())
    unknown = Unknown("t.yml", 2, None, None, "Fn::ForEach")
    document = as_annotations(Findings(1, 1, (notice, problem), (unknown,)))

    assert [name for name, _, _ in commands(document)] == ["error", "warning", "notice"]
    assert document.endswith("\nslsdiag: 1 function in 1 file, 1 error, 1 warning, 1 notice")


def test_nothing_found_is_one_sentence():
    assert as_annotations(Findings(2, 3, ())) == "slsdiag: 3 functions in 2 files, no problems"


def test_hostile_texts_come_back_as_they_are_shown():
    given = findings()
    read = commands(as_annotations(given))
    levels = {"problem": "error", "notice": "notice"}
    expected = sorted(
        (
            (levels[each.outcome], shown(each.headline).strip(), shown(each.file))
            for each in given.findings
        ),
        key=str,
    )
    found = sorted(
        ((name, its["title"], its["file"]) for name, its, _ in read if name != "warning"), key=str
    )

    assert len(read) == 400
    assert found == expected
    assert {key for _, its, _ in read for key in its} == {"file", "line", "col", "title"}
    assert [text for name, _, text in read if name == "warning"] == [
        shown(
            f"{each.function + ': ' if each.function else ''}Not known before the deploy: {each.why}"
        )
        for each in given.unknown
    ]


@pytest.mark.parametrize("text", HOSTILE[::10])
def test_an_error_is_one_annotation(text):
    document = github.error("check", "no_such_function", text)

    assert command(document) == ("error", {"title": "slsdiag check: no such function"}, shown(text))
    assert "\n" not in document


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=30))
@settings(max_examples=60)
def test_any_text_stays_inside_its_annotation(text):
    document = github.document([Annotation(Level.ERROR, text, [text, "2"], text, 1, 1)], "1 check")
    ((name, properties, data),) = commands(document)

    assert (name, properties.get("line"), data) == ("error", "1", paragraphs([text, "2"]))
    assert set(properties) <= {"file", "line", "col", "title"}
