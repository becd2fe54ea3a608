"""What is mistyped on the command line is answered with what was meant; nothing is called."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from bot.cli import VERBS, main
from bot.cli.slips import DEVELOPMENT, unknown_settings
from bot.settings import NAMES, PREFIX

ROOT = Path(__file__).parents[3]


def typed(capsys, *words):
    status = main(words)
    out, err = capsys.readouterr()
    assert out == ""
    return status, err


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["orders"], "slsdiag check orders"),
        (["orders", "eu-west-1"], "slsdiag check orders eu-west-1"),
        (["chekc", "orders"], "slsdiag check orders"),
        (["diagnose", "orders"], "slsdiag check orders"),
        (["triage", "orders"], "slsdiag check orders"),
        (["scna"], "slsdiag scan or slsdiag check scna"),
        (["--json-lines", "orders"], "slsdiag check orders"),
        (["help"], "slsdiag --help or slsdiag check help"),
        (["help", "scan"], "slsdiag scan --help or slsdiag check help scan"),
        (["version"], "slsdiag --version or slsdiag check version"),
    ],
)
def test_word_that_is_no_verb_is_answered_with_what_was_meant(capsys, words, meant):
    status, err = typed(capsys, *words)

    assert status == 2
    assert f"Did you mean: {meant}?" in err
    assert err.count("\n") == 1


def test_verb_of_slack_is_named_as_one(capsys):
    _, err = typed(capsys, "history")

    assert "There is no command 'history' here: in Slack it is /slsdiag history." in err


def test_json_is_one_document(capsys):
    assert main(["orders", "--json"]) == 2
    assert '"code": "usage"' in capsys.readouterr().out


def test_secret_in_the_place_of_a_verb_is_not_repeated(capsys):
    status, err = typed(capsys, "ghp_abcdefghijklmnopqrst1234567890abcdef")

    assert status == 2
    assert "ghp_" not in err


def test_dash_in_the_place_of_two_hyphens_is_named(capsys):
    status, err = typed(capsys, "check", "orders", "\u2014account", "live")

    assert status == 2
    assert "U+2014" in err
    assert "--account" in err


@pytest.mark.parametrize("verb", VERBS)
def test_verbs_are_no_slips(capsys, verb):
    assert main([verb, "--help"]) == 0
    assert capsys.readouterr().err == "" or verb in {"check", "scan", "serve", "worker", "doctor"}


def test_setting_that_nobody_reads_is_warned_of(capsys, monkeypatch):
    monkeypatch.setenv("SLSDIAG_ORGID", "x")
    main(["check", "--help"])

    assert "'SLSDIAG_ORGID' is set, but there is no such setting. Did you mean SLSDIAG_ORG_ID?" in (
        capsys.readouterr().err
    )


def test_known_settings_are_not_warned_of():
    known = {PREFIX + name: "x" for name in NAMES | DEVELOPMENT} | {"SLACK_BOT_TOKEN": "x"}

    assert list(unknown_settings(known)) == []


def test_settings_are_those_that_the_code_reads():
    read = {
        name.removeprefix(PREFIX)
        for module in (ROOT / "bot").rglob("*settings*.py")
        for node in ast.walk(ast.parse(module.read_text()))
        for name in _names(node)
    }

    assert read == NAMES


def _names(node):
    """Whole names, and what is read under the prefix."""
    if isinstance(node, ast.Constant) and re.fullmatch(r"SLSDIAG_[A-Z_]+[A-Z]", str(node.value)):
        yield node.value
    if isinstance(node, ast.Call) and re.match(r"(read|reader\(.*\))$", ast.unparse(node.func)):
        yield from (each.value for each in node.args[:1] if isinstance(each, ast.Constant))
