"""The steps as data, for programs: the document of `slsdiag runbook --json`."""

from __future__ import annotations

from typing import Any

from checks.runbook import RUNBOOK, Step


def document() -> dict[str, Any]:
    """All steps in order, schema 1."""
    return {"schema": 1, "steps": [step_document(step) for step in RUNBOOK]}


def step_document(step: Step) -> dict[str, Any]:
    """One of them."""
    return {
        "step": step.slug,
        "title": step.title,
        "section": step.section,
        "reads": list(step.reads),
        "symptom": step.symptom,
        "explained_by": list(step.explained_by),
    }
