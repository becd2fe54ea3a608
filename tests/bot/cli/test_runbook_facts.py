"""`slsdiag runbook --facts`, as people and programs get it."""

from __future__ import annotations

import json

from bot.cli import main
from checks.facts.catalog import catalog


def printed(capsys, *words):
    status = main(["runbook", *words])
    out, err = capsys.readouterr()
    assert (status, err) == (0, "")
    return out


def test_facts_are_one_document(capsys):
    document = json.loads(printed(capsys, "--facts", "--json"))

    assert [fact["name"] for fact in document["facts"]] == [fact.name for fact in catalog()]
    assert "steps" not in document


def test_facts_are_listed_instead_of_the_steps(capsys):
    facts, steps = printed(capsys, "--facts"), printed(capsys)

    assert "Layers a function\n  5\n" in facts
    assert "integration_stack_exists" in steps
    assert "integration_stack_exists" not in facts


def test_steps_are_one_document_without_the_facts(capsys):
    document = json.loads(printed(capsys, "--json"))

    assert set(document) == {"schema", "steps"}
