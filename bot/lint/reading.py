"""One template or service of whatever kind → a project. Reads files."""

from __future__ import annotations

from pathlib import Path

from bot.lint.cloudformation import planned_functions
from bot.lint.discovery import Kind
from bot.lint.files import Files, root_of
from bot.lint.model import Doubt, Project
from bot.lint.serverless import service
from bot.lint.tree import Place


def project_of(path: Path, kind: Kind, stage: str | None) -> Project:
    """What it plans. May raise Unparsed."""
    files = Files(root_of(path).resolve())
    match kind:
        case Kind.TEMPLATE:
            return _template(path, files)
        case Kind.SERVERLESS:
            return service(path, files, stage)
    return Project(str(path), doubts=(Doubt(Place(str(path), 1, 1), None, None, str(stage)),))


def _template(path: Path, files: Files) -> Project:
    root = files.tree(path)
    if root is None:
        return Project(str(path))
    functions, doubts = planned_functions(root)
    return Project(str(path), functions, doubts=doubts, sources=frozenset({str(path)}))
