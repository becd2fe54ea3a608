"""
What cdk.out says besides its templates: the region of each stack, and where its resources were written.

CDK 2.276 writes the call of each construct into <Stack>.metadata.json (tried; 2.240 does not).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bot.lint.files import Files
from bot.lint.model import Origin, Region
from bot.lint.refusals import Unparsed
from bot.lint.tree import Node, Place

MANIFEST = "manifest.json"
_NOT_SAID = "unknown-region"
_ENVIRONMENT_PARTS = 2
_FRAME = re.compile(r"\(?(?P<file>[^()\s][^()]*?):(?P<line>\d{1,7}):(?P<column>\d{1,7})\)?")
_TEMPLATE, _METADATA = ".template.json", ".metadata.json"


def region_of(template: Path, files: Files) -> Region | None:
    """By the manifest beside a template; None where there is none, or the deploy decides."""
    root = _beside(template, MANIFEST, files)
    artifacts = root.get("artifacts") if root else None
    for artifact in (artifacts.entries if artifacts else {}).values():
        named, where = artifact.get("properties", "templateFile"), artifact.get("environment")
        if named and where and named.text == template.name:
            parts = (where.text or "").removeprefix("aws://").split("/")
            said = len(parts) == _ENVIRONMENT_PARTS and parts[1] != _NOT_SAID
            return Region(parts[1], _stack_of(template, files) or where.place) if said else None
    return None


def _stack_of(template: Path, files: Files) -> Place | None:
    """Where the app's code makes the stack."""
    metadata = _beside(template, template.name.replace(_TEMPLATE, _METADATA), files)
    for path, construct in (metadata.entries if metadata else {}).items():
        said = _said(construct)
        if path.count("/") == 1 and (stack := said.get("aws:cdk:creationStack")):
            return _first_frame(stack, template.parent, files)
    return None


def _said(construct: Node) -> dict[str | None, Node | None]:
    return {(each.get("type") or each).text: each.get("data") for each in construct.items}


def origins(template: Path, root: Node, files: Files) -> tuple[Origin, ...]:
    """Where the app's code makes each resource, by the line on which the template begins it."""
    if not template.name.endswith(_TEMPLATE):
        return ()
    metadata = _beside(template, template.name.replace(_TEMPLATE, _METADATA), files)
    written = dict(_written(metadata, template.parent, files)) if metadata else {}
    resources = root.get("Resources")
    if not written or resources is None:
        return ()
    found = (Origin(node.place.line, written.get(key)) for key, node in resources.entries.items())
    return tuple(sorted(found, key=lambda origin: origin.line))


def _beside(template: Path, name: str, files: Files) -> Node | None:
    try:
        return files.tree(template.with_name(name))
    except Unparsed:
        return None


def _written(metadata: Node, folder: Path, files: Files) -> Iterator[tuple[str, Place]]:
    """By logical id; only what lies in the repository."""
    for construct in metadata.entries.values():
        said = _said(construct)
        logical_id, stack = said.get("aws:cdk:logicalId"), said.get("aws:cdk:creationStack")
        place = _first_frame(stack, folder, files) if stack else None
        if logical_id and logical_id.text and place:
            yield logical_id.text, place


def _first_frame(stack: Node, folder: Path, files: Files) -> Place | None:
    for frame in stack.items:
        match = _FRAME.search(frame.text or "")
        if match and files.inside(folder / match["file"]):
            file = str(files.inside(folder / match["file"]))
            return Place(file, int(match["line"]), int(match["column"]))
    return None
