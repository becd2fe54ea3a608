"""One template or service of whatever kind → a project. Reads files."""

from __future__ import annotations

from pathlib import Path

from bot.lint.cdk import origins, region_of
from bot.lint.cloudformation import planned_functions
from bot.lint.discovery import Kind
from bot.lint.files import MOST_BYTES_OF_A_PLAN, Files, root_of, text_of
from bot.lint.model import Project
from bot.lint.serverless import service, service_in_code
from bot.lint.terraform import planned_by_terraform


def project_of(path: Path, kind: Kind, stage: str | None) -> Project:
    """What it plans. May raise Unparsed."""
    files = Files(root_of(path).resolve(), strict=kind is Kind.SERVERLESS)
    match kind:
        case Kind.SERVERLESS:
            return service(path, files, stage)
        case Kind.CODE:
            return service_in_code(path, files, stage)
        case Kind.PLAN:
            return _plan(path)
        case Kind.TEMPLATE:
            return _template(path, files)


def _template(path: Path, files: Files) -> Project:
    root = files.tree(path)
    if root is None:
        return Project(str(path))
    functions, doubts = planned_functions(root, region_of(path, files))
    written = origins(path, root, files)
    sources = frozenset({str(path), *(each.place.file for each in written if each.place)})
    return Project(str(path), functions, doubts=doubts, sources=sources, origins=written)


def _plan(path: Path) -> Project:
    functions, doubts = planned_by_terraform(text_of(path, MOST_BYTES_OF_A_PLAN), str(path))
    return Project(str(path), functions, doubts=doubts, sources=frozenset({str(path)}))
