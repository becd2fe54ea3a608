"""`slsdiag runbook`: the steps in order."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Annotated, Any

import typer

from checks.facts.catalog import catalog, lines, plain
from checks.runbook import RUNBOOK
from checks.runbook_document import document


def runbook(
    facts: Annotated[
        bool, typer.Option("--facts", help="What is known of AWS and the SDK, with sources.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """
    List the runbook's steps, in the order in which they are tried.

    Example: slsdiag runbook --json
    """
    if as_json:
        content = facts_document() if facts else document()
        typer.echo(json.dumps(content, ensure_ascii=False))
    else:
        typer.echo(facts_text() if facts else text())


def facts_document() -> dict[str, Any]:
    """The document of `slsdiag runbook --facts --json`, schema 1."""
    return {
        "schema": 1,
        "facts": [
            {
                "name": fact.name,
                "value": plain(fact.value),
                "certainty": fact.certainty.value,
                "source": fact.source,
                "read_on": fact.read_on.isoformat(),
            }
            for fact in catalog()
        ],
    }


def facts_text() -> str:
    """
    The facts for people:

        Layers a function
          5
          (documented: AWS Lambda quotas; read 29 Nov 2026)
    """
    shown = []
    for fact in catalog():
        read = f"{fact.read_on.day} {fact.read_on:%b %Y}"
        shown += [fact.name, *(f"  {line}" for line in lines(fact.value))]
        shown += [f"  ({fact.certainty}: {fact.source}; read {read})", ""]
    return "\n".join(shown[:-1])


def text() -> str:
    """
    The steps for people, section by section:

        Create Invocations
          010 invoked — Was the function invoked since the integration finished setting up?
    """
    lines = []
    for section, steps in groupby(RUNBOOK, key=lambda step: step.section):
        lines += [section, *(f"  {step.number} {step.slug} — {step.title}" for step in steps)]
    return "\n".join(lines)
