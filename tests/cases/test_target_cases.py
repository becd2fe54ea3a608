"""
What people type, case by case (targets.yaml), through the command's own parser and the terminal's.

Nothing here reaches AWS: a question and a refusal must come before any call.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.app.parser import Check, Say, wanted
from bot.cli import main
from bot.target import commands
from checks.function_ref import FunctionRef

CASES = yaml.safe_load((Path(__file__).parent / "targets.yaml").read_text())
STREAM = "0123456789abcdef0123456789abcdef"


def text_of(case):
    return case["text"].replace("STREAM", STREAM)


def each(kind, key="text"):
    return pytest.mark.parametrize("case", CASES[kind], ids=[x[key][-60:] for x in CASES[kind]])


def functions(case):
    """What the case says that is meant: one of these."""
    names = case["function"] if isinstance(case["function"], list) else [case["function"]]
    where = case.get("region"), case.get("account")
    return [FunctionRef(name, case.get("qualifier"), *where) for name in names]


def named(choice):
    """What a click on the button with this command asks for."""
    meant = wanted(choice)
    assert isinstance(meant, Check), choice
    target = meant.target
    return FunctionRef(target.name, target.qualifier, target.region, target.account)


def holds(offered, stated):
    """Whether all that is stated is offered; an offer may tell more."""
    return all(
        wants in {None, has}
        for wants, has in (
            (stated.qualifier, offered.qualifier),
            (stated.region, offered.region),
            (stated.account, offered.account),
        )
    ) and (offered.name == stated.name)


@each("ask")
def test_a_question_keeps_all_that_is_stated(case):
    said = wanted(text_of(case))
    assert isinstance(said, Say)
    for word in case.get("never", []):
        assert word not in said.text.lower()
    if "function" not in case:
        assert all(word in said.text for word in case["says"])
        return

    offered = [named(choice) for choice in said.choices]
    assert any(holds(offered[0], each) for each in functions(case))
    assert "?" in said.text


@each("ask")
def test_the_terminal_says_what_to_type_instead(case, capsys, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    status = main(["check", text_of(case)])
    err = capsys.readouterr().err

    assert status == 2
    assert err.count("\n") == 1
    for word in case.get("never", []):
        assert word not in err
    for function in functions(case)[:1] if "function" in case else []:
        stated = (function.region, function.account)
        assert f"slsdiag check {function.spelled}" in err.replace("'", "")
        assert all(word in err for word in stated if word)


@each("accept")
def test_what_is_clear_is_understood(case):
    meant = wanted(text_of(case))

    assert isinstance(meant, Check)
    assert functions(case) == [named(case["text"].strip("`"))]


@each("refuse")
def test_a_refusal_names_the_part(case):
    said = wanted(text_of(case))

    assert isinstance(said, Say)
    assert "\n" not in said.text
    assert all(name in said.text for name in case.get("names", []))
    assert not case.get("says") or any(word in said.text for word in case["says"])
    if "offers" in case:
        assert named(said.choices[0]).name == case["offers"]
        assert case["offers"] in said.text


@each("diagnose", "name")
def test_a_message_offers_its_functions(case):
    offered = [named(choice) for choice in commands(text_of(case))]

    for wants in case["offers"]:
        stated = FunctionRef(
            wants["function"], wants.get("qualifier"), wants.get("region"), wants.get("account")
        )
        assert any(holds(each, stated) for each in offered), stated
    for never in case.get("never", []):
        assert never not in {each.name for each in offered}
    assert len(offered) == len(case["offers"])
