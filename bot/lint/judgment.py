"""Planned functions → findings and doubts, each cause once. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.lint.advice import before_the_deploy
from bot.lint.model import Doubt, PlannedFunction, Project, Said
from bot.lint.serving import notices
from bot.lint.steps import UNSUPPORTED, answers
from bot.lint.tree import Place
from checks.evidence import Expected
from checks.model import Action, Verdict

LONGEST = 60
"""Characters of a headline."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding, before it is known how its file is called for the reader."""

    place: Place
    function: str | None
    step: str
    outcome: str
    headline: str
    actions: tuple[Action, ...]


def judged(
    project: Project, expected: Expected, now: datetime
) -> tuple[tuple[Remark, ...], tuple[Doubt, ...]]:
    """What the steps say of the project's functions, and what the files say themselves."""
    remarks = [_remark(None, said) for said in project.said]
    doubts = [*project.doubts]
    for function in project.functions:
        for each in _about(function, expected, now):
            (doubts if isinstance(each, Doubt) else remarks).append(each)  # type: ignore[arg-type]
    return (
        _once([replace(each, place=project.origin(each.place)) for each in remarks]),
        _once_doubted([replace(each, place=project.origin(each.place)) for each in doubts]),
    )


def _about(
    function: PlannedFunction, expected: Expected, now: datetime
) -> Iterator[Remark | Doubt]:
    unsupported = False
    for answer in answers(function, expected, now):
        finding = answer.finding
        unsupported |= answer.step == UNSUPPORTED and finding.verdict is Verdict.PROBLEM
        if finding.verdict is Verdict.UNKNOWN:
            why = answer.why or finding.saw
            yield Doubt(answer.place, function.key, answer.step, why)
        else:
            yield Remark(
                answer.place,
                function.key,
                answer.step,
                finding.verdict.value,
                _short(finding.headline or ""),
                before_the_deploy(finding),
            )
    if not unsupported:
        for said in (*function.said, *notices(function.serving)):
            yield _remark(function.key, said)


def _short(headline: str) -> str:
    """A name in it may be as long as a template's author likes."""
    return headline if len(headline) <= LONGEST else f"{headline[: LONGEST - 1]}…"


def _remark(function: str | None, said: Said) -> Remark:
    return Remark(said.place, function, said.step, said.outcome, said.headline, said.actions)


def _once(remarks: Sequence[Remark]) -> tuple[Remark, ...]:
    """What stands in one place for many functions is one finding, of no function."""
    alike: dict[object, list[Remark]] = defaultdict(list)
    for remark in remarks:
        alike[(remark.place, remark.step, remark.outcome, remark.headline)].append(remark)
    return tuple(
        replace(same[0], function=None) if len({each.function for each in same}) > 1 else same[0]
        for same in alike.values()
    )


def _once_doubted(doubts: Sequence[Doubt]) -> tuple[Doubt, ...]:
    alike: dict[object, list[Doubt]] = defaultdict(list)
    for doubt in doubts:
        alike[(doubt.place, doubt.step, doubt.why)].append(doubt)
    return tuple(
        replace(same[0], function=None) if len({each.function for each in same}) > 1 else same[0]
        for same in alike.values()
    )
