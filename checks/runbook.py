"""
The steps in order, and the walk over them.

`try_step` tries one, `walk` all. What explains what is data of the steps; cause and verdict
are derived here from the outcomes alone, so that anyone can derive them again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from inspect import signature
from pkgutil import iter_modules
from types import ModuleType
from typing import get_args, get_type_hints

import checks
from checks.actions import ask_support
from checks.evidence import Evidence, Missing, readable
from checks.facts.sdk import WRAPPER_VARIABLE, language_of, layer_of
from checks.model import Ask, Finding, Hop, Outcome, Page, Symptom, Verdict, Wait, not_read, skipped
from checks.proof import proof_of
from checks.report import Line, Report, Subject, spelled
from checks.sought import sought_of
from checks.verdict import because, headline, judge

_STEP = re.compile(r"s\d{3}_\w+")
_MODULES = tuple(
    import_module(f"{checks.__name__}.{module.name}")
    for module in sorted(iter_modules(checks.__path__), key=lambda module: module.name)
    if _STEP.fullmatch(module.name)
)
"""A file in this folder that is named like a step is one; its number is its place."""
DERIVED: Mapping[str, Callable[[Evidence], object]] = {"proof": proof_of}
"""Parts that follow from others; never missing, though they may say nothing."""
_NOT_READ_FROM_AWS = frozenset({"now", "answers", "expected", *DERIVED})
WORDS: Mapping[str, str] = {
    "account_filters": "account's policies for log lines",
    "deployment_events": "trail and rules by which Dashboard hears of deployments",
    "environment": "environment variables",
    "edge_unread": "function's own role",
    "environment_size": "environment variables",
    "filters": "log group's subscription filters",
    "forwarding": "subscription filter's own metrics",
    "log": "function's log",
    "log_firehose": "Firehose stream",
    "metric_pipe": "metric stream",
    "most_filters": "filters of the region's log groups",
    "role": "role ServerlessRole",
    "stack": "integration stack",
    "traffic": "published versions and their traffic",
}
"""Parts that are called otherwise than their field is."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the runbook, as its module declares it."""

    number: str
    slug: str
    short_name: str
    """What it found, in a list of those that passed: "layer attached"."""
    title: str
    why: str
    """The rest of the docstring, for people."""
    section: str
    """A heading of RUNBOOK.md."""
    symptom: bool
    explained_by: tuple[str, ...]
    """In runbook order; a symptom is explained by more (see `verdict.py`)."""
    explains: Symptom
    """What a problem here can be the reason of: missing traces, missing metrics, or both."""
    answers: tuple[str, ...]
    """The known answers of a step that may ask a person."""
    codes: tuple[str, ...]
    """Of its findings other than ok and skipped; `NOT_READ` is any step's."""
    hop: Hop
    """Where on the data path it is."""
    page: Page | None
    """Where in the AWS console its findings can be seen."""
    hops: Mapping[str, Hop]
    """By code, where it is another one."""
    pages: Mapping[str, Page]
    """Likewise."""
    own_ways: frozenset[str]
    """Codes of what may well work: only the log shows it, so a scan that did not read it has doubts."""
    check: Callable[..., Outcome]

    @property
    def reads(self) -> tuple[str, ...]:
        """The parts of the evidence that it names, less those that AWS is not asked for."""
        return tuple(part for part in _parts(self.check) if part not in _NOT_READ_FROM_AWS)


def _step(module: ModuleType) -> Step:
    number, slug = module.__name__.rpartition(".")[2][1:].split("_", 1)
    title, _, rest = (module.__doc__ or "").strip().partition("\n\n")
    why, _, section = rest.rpartition("\n\nRunbook: ")
    explained = frozenset(getattr(module, "EXPLAINED_BY", ()))
    order = [other.__name__.rpartition(".")[2].split("_", 1)[1] for other in _MODULES]
    return Step(
        number=number,
        slug=slug,
        short_name=getattr(module, "SHORT_NAME", slug.replace("_", " ")),
        title=title,
        why=" ".join(why.split("\n")).replace("  ", " "),
        section=section,
        symptom=getattr(module, "SYMPTOM", False),
        explained_by=tuple(slug for slug in order if slug in explained),
        explains=getattr(module, "EXPLAINS", Symptom.BOTH),
        answers=getattr(module, "ANSWERS", ()),
        codes=module.CODES,
        hop=module.HOP,
        page=getattr(module, "PAGE", None),
        hops=getattr(module, "HOPS", {}),
        pages=getattr(module, "PAGES", {}),
        own_ways=frozenset(getattr(module, "OWN_WAYS", ())),
        check=module.check,
    )


@cache
def _parts(check: Callable[..., Outcome]) -> dict[str, bool]:
    """The names of the parts, and whether the step copes with a missing one itself."""
    hints = get_type_hints(check)
    return {name: Missing in get_args(hints[name]) for name in signature(check).parameters}


RUNBOOK: tuple[Step, ...] = tuple(map(_step, _MODULES))
_BY_SLUG: Mapping[str, Step] = {step.slug: step for step in RUNBOOK}


def step_named(slug: str) -> Step | None:
    """The step called `slug`, None if there is none."""
    return _BY_SLUG.get(slug)


def short_name(slug: str) -> str:
    """What people read in place of a slug; one that is no step's is read as it is spelled."""
    step = step_named(slug)
    return step.short_name if step else slug.replace("_", " ")


def try_step(step: Step, evidence: Evidence) -> Outcome:
    """Hand `step` the parts that it names; a missing one makes it unknown."""
    parts = {name: _part(evidence, name) for name in _parts(step.check)}
    for name, copes in _parts(step.check).items():
        part = parts[name]
        if isinstance(part, Missing) and not copes:
            return not_read(WORDS.get(name, name.replace("_", " ")), part)
    return step.check(**parts)


def _part(evidence: Evidence, name: str) -> object:
    derive = DERIVED.get(name)
    return derive(evidence) if derive else getattr(evidence, name)


def walk(evidence: Evidence, symptom: Symptom = Symptom.BOTH) -> Report:
    """Try every step in order; after a wait the rest are skipped."""
    outcomes: dict[str, Outcome] = {}
    waiting: Wait | None = None
    for step in RUNBOOK:
        outcome = skipped(_LATER) if waiting else careful(try_step(step, evidence), evidence)
        outcomes[step.slug] = outcome
        waiting = outcome if isinstance(outcome, Wait) else waiting
    verdicts = {slug: verdict_of(outcome) for slug, outcome in outcomes.items()}
    lines = tuple(_line(step, outcomes[step.slug], verdicts, symptom) for step in RUNBOOK)
    impacts = {s: o.impact for s, o in outcomes.items() if isinstance(o, Finding) and o.impact}
    verdict, cause, impact, summary = judge(RUNBOOK, lines, symptom, impacts, evidence)
    about = evidence.function
    where = about.region, about.account
    subject = Subject(about.name, about.qualifier, *where, about.runtime, about.partition)
    report = Report(subject, evidence.now, verdict, cause, impact, summary, lines)
    found = sought_of(report.line(cause), evidence)
    return replace(report, headline=headline(report, impacts), sought=found)


def careful(outcome: Outcome, evidence: Evidence) -> Outcome:
    """Where the function reports in a way of its owner's, no action takes that way from it."""
    if isinstance(outcome, Ask) or not _works_in_its_own_way(evidence):
        return outcome
    actions = [
        replace(action, caution=action.caution or _OVERWRITES) if action.instruments else action
        for action in outcome.actions
        if not action.undoes
    ]
    if outcome.actions and not actions:
        actions = [ask_support("this report, and how the function starts the SDK")]
    return replace(outcome, actions=tuple(actions))


def _works_in_its_own_way(evidence: Evidence) -> bool:
    """It reports, and not by Dashboard's layer and wrapper."""
    function, environment = evidence.function, evidence.environment
    language = language_of(function.runtime)
    if not proof_of(evidence).reports:
        return False
    if language is None or not layer_of(language, function.layers):
        return True
    if isinstance(environment, Missing):
        return False
    return readable(environment, WRAPPER_VARIABLE) != language.wrapper


_OVERWRITES = "puts Dashboard's layer and wrapper in the place of your own, which work"
_LATER = "Not tried yet: the platform may put it right until then."


def verdict_of(outcome: Outcome) -> Verdict:
    """How `outcome` counts in a report, where a question is answered by what it presumes."""
    match outcome:
        case Finding():
            return outcome.verdict
        case Ask():
            return outcome.presumes.verdict
        case Wait():
            return Verdict.WAIT


def _line(step: Step, outcome: Outcome, verdicts: Mapping[str, Verdict], symptom: Symptom) -> Line:
    ask = outcome if isinstance(outcome, Ask) else None
    conclusion = ask.presumes if ask else outcome
    assert not isinstance(conclusion, Ask)  # noqa: S101 - narrows the type: an Ask presumes a Finding
    return Line(
        step=step.slug,
        title=step.title,
        section=step.section,
        outcome=verdicts[step.slug],
        because=because(step, RUNBOOK, verdicts, symptom),
        saw=conclusion.saw,
        remedy=spelled(conclusion.actions),
        presumed=ask is not None,
        until=conclusion.until if isinstance(conclusion, Wait) else None,
        question=ask.question if ask else None,
        answers=ask.answers if ask else (),
        code=conclusion.code,
        headline=conclusion.headline,
        actions=conclusion.actions,
        hop=step.hops.get(conclusion.code, step.hop),
        page=step.pages.get(conclusion.code, step.page),
    )
