"""What cdk.out says besides its templates: the region of each stack."""

from __future__ import annotations

from pathlib import Path

from bot.lint.files import Files
from bot.lint.refusals import Unparsed

MANIFEST = "manifest.json"
_NOT_SAID = "unknown-region"
_ENVIRONMENT_PARTS = 2


def region_of(template: Path, files: Files) -> str | None:
    """By the manifest beside a template; None where there is none, or the deploy decides."""
    try:
        root = files.tree(template.with_name(MANIFEST))
    except Unparsed:
        return None
    artifacts = root.get("artifacts") if root else None
    for artifact in (artifacts.entries if artifacts else {}).values():
        named, where = artifact.get("properties", "templateFile"), artifact.get("environment")
        if named and where and named.text == template.name:
            parts = (where.text or "").removeprefix("aws://").split("/")
            said = len(parts) == _ENVIRONMENT_PARTS and parts[1] != _NOT_SAID
            return parts[1] if said else None
    return None
