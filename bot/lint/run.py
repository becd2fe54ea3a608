"""`lint`: the templates below some paths → what the steps say before the deploy."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import Unreadable, UsageError
from bot.formats.findings import Finding, Unknown
from bot.lint.accepted import accepted
from bot.lint.baseline import baseline
from bot.lint.changed import changed_since
from bot.lint.discovery import Kind, templates
from bot.lint.files import root_of
from bot.lint.judgment import Remark, judged
from bot.lint.model import Doubt, LintResult, Project
from bot.lint.reading import project_of
from bot.lint.refusals import Unparsed
from bot.lint.tree import Place
from bot.text.visible import visible
from checks.evidence import Expected

NOTHING = (
    "No template was found: name a serverless.yml, a SAM or CloudFormation template, a cdk.out "
    "folder or the JSON of terraform show -json."
)


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for, besides the paths."""

    stage: str | None = None
    changed_since: str | None = None
    """A revision of Git: only projects of which a file differs from it."""
    baseline: str | None = None
    """A file: what it lists was known before."""
    expected: Expected = field(default_factory=Expected)


def lint(paths: Sequence[str], options: Options) -> LintResult:
    """
    Read the templates below `paths` (by default the working directory) and try the steps.

    UsageError where there is none, Unreadable where one that was named cannot be read. Of a folder,
    what cannot be read is listed as unknown.
    """
    known = baseline(options.baseline)
    projects = list(_projects(paths or ["."], options))
    found = accepted(projects, *_judged(projects, options.expected))
    findings = sorted(map(_finding, found.remarks), key=_order)
    unknown = sorted(map(_unseen, found.doubts), key=_order)
    return LintResult(
        files=len(projects),
        functions=sum(len(project.functions) for project in projects),
        findings=tuple(each for each in findings if not known.knows(each)),
        unknown=tuple(each for each in unknown if not known.knows(each)),
        unused=tuple(replace(each, file=_shown(each.file)) for each in found.unused),
        suppressed=found.suppressed,
    )


def _judged(
    projects: Sequence[Project], expected: Expected
) -> tuple[tuple[Remark, ...], tuple[Doubt, ...]]:
    """Each once, also where two services include the same file."""
    now = datetime.now(UTC)
    judgments = [judged(project, expected, now) for project in projects]
    remarks = dict.fromkeys(remark for found, _ in judgments for remark in found)
    doubts = dict.fromkeys(doubt for _, unsure in judgments for doubt in unsure)
    return tuple(remarks), tuple(doubts)


def _projects(paths: Sequence[str], options: Options) -> Iterator[Project]:
    found: dict[Path, tuple[Kind, bool]] = {}
    for path in map(Path, paths):
        for template, kind in _templates(path):
            found.setdefault(template.absolute(), (kind, template == path))
    if not found:
        raise UsageError(NOTHING)
    differing = None
    if options.changed_since is not None:
        differing = changed_since(options.changed_since, root_of(Path(paths[0]).absolute()))
    for path, (kind, named) in found.items():
        project = _project(path, kind, options, named=named)
        if differing is None or differing & set(map(os.path.realpath, project.sources)):
            yield project


def _templates(path: Path) -> Sequence[tuple[Path, Kind]]:
    if not path.exists():
        raise UsageError(f"{visible(str(path))} does not exist.")
    try:
        return tuple(templates(path))
    except Unparsed as error:
        raise Unreadable(f"{visible(str(path))} cannot be searched: {error.why}.") from error


def _project(path: Path, kind: Kind, options: Options, *, named: bool) -> Project:
    """Of a folder, what cannot be read is a doubt; a file that was named must be readable."""
    try:
        return project_of(path, kind, options.stage)
    except Unparsed as error:
        if named:
            shown = visible(_shown(error.file))
            raise Unreadable(f"{shown} cannot be read: {error.why}.") from error
        doubt = Doubt(Place(error.file, error.line, 1), None, None, error.why)
        return Project(str(path), doubts=(doubt,), sources=frozenset({str(path)}))


def _finding(remark: Remark) -> Finding:
    place = remark.place
    return Finding(
        _shown(place.file),
        place.line,
        place.column,
        remark.function,
        remark.step,
        remark.outcome,
        remark.headline,
        remark.actions,
    )


def _unseen(doubt: Doubt) -> Unknown:
    place = doubt.place
    return Unknown(_shown(place.file), place.line, doubt.function, doubt.step, doubt.why)


def _shown(file: str) -> str:
    """Relative to the working directory."""
    return os.path.relpath(file)


def _order(each: Finding | Unknown) -> tuple[str, int]:
    return each.file, each.line
