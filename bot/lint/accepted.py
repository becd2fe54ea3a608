"""What the owners of the files accept by comments, and which of the comments are of no use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.lint.files import text_of
from bot.lint.judgment import Remark
from bot.lint.model import Doubt, Project, Unused
from bot.lint.refusals import Unparsed
from bot.lint.suppressions import Suppression, by_place, suppressions, without

_NO_COMMENTS = (".json",)


@dataclass(frozen=True, slots=True)
class Left:
    """What nobody accepts."""

    remarks: tuple[Remark, ...]
    doubts: tuple[Doubt, ...]
    unused: tuple[Unused, ...]
    suppressed: int


def accepted(
    projects: Iterable[Project], remarks: Sequence[Remark], doubts: Sequence[Doubt]
) -> Left:
    """By the comments in all files that were read."""
    files = sorted({file for project in projects for file in project.sources})
    found = [each for file in files for each in _comments(file)]
    comments = [each for each in found if isinstance(each, Suppression)]
    kept, used = without(remarks, by_place(comments))
    unsure, also_used = without(doubts, by_place(comments))
    idle = (
        Unused(each.file, each.line, each.step, "nothing is found there")
        for each in comments
        if each not in used | also_used
    )
    useless = (each for each in found if isinstance(each, Unused))
    suppressed = len(remarks) + len(doubts) - len(kept) - len(unsure)
    return Left(kept, unsure, (*useless, *idle), suppressed)


def _comments(file: str) -> Sequence[Suppression | Unused]:
    if file.endswith(_NO_COMMENTS):
        return ()
    try:
        text = text_of(Path(file))
    except Unparsed:
        return ()
    return tuple(suppressions(file, text)) if "slsdiag:" in text else ()
