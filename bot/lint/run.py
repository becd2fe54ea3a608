"""`lint`: the templates below some paths → what the steps say before the deploy."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import Unreadable, UsageError
from bot.formats.findings import Finding
from bot.lint.discovery import Kind, templates
from bot.lint.judgment import Remark, judged
from bot.lint.model import Doubt, LintResult, Project, Unseen
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
    expected: Expected = field(default_factory=Expected)


def lint(paths: Sequence[str], options: Options) -> LintResult:
    """
    Read the templates below `paths` and try the steps.

    UsageError where there is none, Unreadable where one that was named cannot be read. Of a folder,
    what cannot be read is listed as unknown.
    """
    now = datetime.now(UTC)
    projects = list(_projects(paths, options))
    remarks: list[Remark] = []
    doubts: list[Doubt] = []
    for project in projects:
        found, unsure = judged(project, options.expected, now)
        remarks += found
        doubts += unsure
    return LintResult(
        files=len(projects),
        functions=sum(len(project.functions) for project in projects),
        findings=tuple(sorted(map(_finding, dict.fromkeys(remarks)), key=_order)),
        unknown=tuple(sorted(map(_unseen, dict.fromkeys(doubts)), key=_order)),
    )


def _projects(paths: Sequence[str], options: Options) -> Iterator[Project]:
    found: dict[Path, Kind] = {}
    for path in map(Path, paths or ["."]):
        if not path.exists():
            raise UsageError(f"{visible(str(path))} does not exist.")
        named = dict(_named(path))
        if not named and not path.is_dir():
            raise UsageError(f"{visible(str(path))} is no template. {NOTHING}")
        found |= named
    if not found:
        raise UsageError(NOTHING)
    for path, kind in found.items():
        yield _project(path, kind, options, named=str(path) in paths)


def _named(path: Path) -> Iterator[tuple[Path, Kind]]:
    try:
        yield from templates(path)
    except Unparsed as error:
        raise Unreadable(f"{visible(str(path))} cannot be searched: {error.why}.") from error


def _project(path: Path, kind: Kind, options: Options, *, named: bool) -> Project:
    try:
        return project_of(path.absolute(), kind, options.stage)
    except Unparsed as error:
        if named:
            raise Unreadable(
                f"{visible(_shown(error.file))} cannot be read: {error.why}."
            ) from error
        place = Place(error.file, error.line, 1)
        return Project(str(path), doubts=(Doubt(place, None, None, error.why),))


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


def _unseen(doubt: Doubt) -> Unseen:
    place = doubt.place
    return Unseen(_shown(place.file), place.line, doubt.function, doubt.step, doubt.why)


def _shown(file: str) -> str:
    """Relative to the working directory."""
    return os.path.relpath(file)


def _order(each: Finding | Unseen) -> tuple[str, int]:
    return each.file, each.line
