"""
`stages.STAGE.observability` of a serverless.yml, by which Serverless Framework 4 instruments. Pure.

Read in the framework's sources (facts: checks/facts/framework.py): the stage's own value comes
before the one of `default`; without either, Dashboard's toggle decides alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.lint.framework import Framework
from bot.lint.model import Doubt, Said
from bot.lint.tree import Node
from bot.text.visible import visible
from checks.model import Action, Verdict

STEP = "function_instrumented"
_DEFAULT = "default"
_DASHBOARD = "dashboard"
_AXIOM = "axiom"
_HEADLINE = 60


def switches(
    root: Node, stages: Node | None, stage: str | None, framework: Framework | None
) -> Iterator[Said | Doubt]:
    """Of `stage`; of every stage where none was named. `stages` is resolved."""
    names = [stage, _DEFAULT] if stage else [*(stages.entries if stages else ())]
    values = ((name, stages.get(name, "observability") if stages else None) for name in names)
    set_ = [(name, value) for name, value in values if value is not None]
    for name, value in set_[:1] if stage else set_:
        if value.unknown:
            yield Doubt(value.place, None, STEP, value.unknown.why)
        elif said := _said(name or _DEFAULT, value, framework, named="app" in root.entries):
            yield said


def _said(stage: str, value: Node, framework: Framework | None, *, named: bool) -> Said | None:
    where = "all stages" if stage == _DEFAULT else f"stage {visible(stage)}"
    on = Action(f"Set stages.{visible(stage)}.observability: true, then deploy")
    if framework in {Framework.V3, Framework.OSLS}:
        ignored = Action("Use Serverless Framework 4, or turn Instrument on in Dashboard")
        headline = "This framework ignores the observability switch"
        return Said(STEP, Verdict.NOTICE.value, headline, value.place, (ignored,))
    if value.value is False:
        return _problem(f"Observability is off for {where}", value, on)
    if value.text == _AXIOM:
        return _problem(f"Axiom takes Dashboard's place in {where}", value, on)
    if value.value is True or value.text == _DASHBOARD:
        missing = Action("Name the app (and org) of Dashboard in serverless.yml, then deploy")
        return (
            None if named else _problem("Observability is on, but no app is named", value, missing)
        )
    return _problem("The observability provider is unknown", value, on)


def _problem(headline: str, value: Node, action: Action) -> Said:
    cut = headline if len(headline) <= _HEADLINE else f"{headline[: _HEADLINE - 1]}…"
    return Said(STEP, Verdict.PROBLEM.value, cut, value.place, (action,))
