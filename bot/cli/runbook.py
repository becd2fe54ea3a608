"""`slsdiag runbook`: the steps in order."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Annotated, Any

import typer

from checks.runbook import RUNBOOK, Step


def runbook(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """
    List the runbook's steps, in the order in which they are tried.

    Example: slsdiag runbook --json
    """
    typer.echo(json.dumps(document(), ensure_ascii=False) if as_json else text())


def document() -> dict[str, Any]:
    """The document of `slsdiag runbook --json`, schema 1."""
    return {"schema": 1, "steps": [_as_json(step) for step in RUNBOOK]}


def _as_json(step: Step) -> dict[str, Any]:
    return {
        "step": step.slug,
        "title": step.title,
        "section": step.section,
        "reads": list(step.reads),
        "symptom": step.symptom,
        "explained_by": list(step.explained_by),
    }


def text() -> str:
    """
    The steps for people, section by section:

        Create Invocations
          010 invoked — Was the function invoked since the integration settled?
    """
    lines = []
    for section, steps in groupby(RUNBOOK, key=lambda step: step.section):
        lines += [section, *(f"  {step.number} {step.slug} — {step.title}" for step in steps)]
    return "\n".join(lines)
