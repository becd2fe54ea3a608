"""Which files of the given paths are templates."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

from bot.lint.files import MOST_BYTES
from bot.lint.refusals import Unparsed


class Kind(Enum):
    """Of templates, by what they hold."""

    SERVERLESS = "serverless.yml"
    CODE = "a configuration that is code"
    TEMPLATE = "CloudFormation"
    PLAN = "Terraform plan"


_SKIPPED = frozenset(
    {
        ".aws-sam",
        ".build",
        ".cache",
        ".esbuild",
        ".git",
        ".hg",
        ".mypy_cache",
        ".serverless",  # read with the service that it belongs to
        ".terraform",
        ".tox",
        ".venv",
        ".webpack",
        "__pycache__",
        "bower_components",
        "node_modules",
        "site-packages",
        "vendor",
        "venv",
    }
)
_ASSET = "asset."
"""How CDK names the folders of what it uploads, which may hold copies of anything."""
_MOST_ENTRIES = 200_000
_ENDINGS = frozenset({".yml", ".yaml", ".json", ".template"})
_CODE = frozenset({".js", ".cjs", ".mjs", ".ts", ".cts", ".mts"})
_SERVERLESS_NAME = re.compile(r"serverless(?:[.-][\w-]+)*\.(?:ya?ml|json)", re.IGNORECASE)
_SERVICE = re.compile(rb"""^[ \t{]*["']?(?:service|functions|provider)["']?\s*:""", re.MULTILINE)
_PROVIDER = re.compile(rb"""["']?provider["']?\s*:""")
_RESOURCES = re.compile(rb"""["']?Resources["']?\s*:""")
_AWS_TYPE = re.compile(rb"""["']?Type["']?\s*:\s*["']?AWS::""")
_PLAN = re.compile(rb'"(?:planned_values|resource_changes)"\s*:')


def templates(path: Path) -> Iterator[tuple[Path, Kind]]:
    """A file that is one, or those below a folder, in order."""
    if not path.is_dir():
        if kind := kind_of(path, named=True):
            yield path, kind
        return
    entries = 0
    for folder, below, names in os.walk(path):
        below[:] = sorted(each for each in set(below) - _SKIPPED if not each.startswith(_ASSET))
        entries += len(names)
        if entries > _MOST_ENTRIES:
            raise Unparsed(str(path), 1, f"it holds more than {_MOST_ENTRIES:,} files")
        for name in sorted(names):
            found = Path(folder, name)
            if not found.is_symlink() and (kind := kind_of(found)):
                yield found, kind


def kind_of(path: Path, *, named: bool = False) -> Kind | None:
    """
    By its name and by what it holds; None of a file that is no template.

    `named`: a person gave the path, so a service may be called otherwise than serverless.yml.
    """
    suffix = path.suffix.lower()
    if suffix in _CODE and path.stem.lower() == "serverless":
        return Kind.CODE
    if suffix not in _ENDINGS:
        return None
    raw = _beginning(path)
    if suffix == ".json" and _PLAN.search(raw):
        return Kind.PLAN
    service = _is_service(raw) and (named or _SERVERLESS_NAME.fullmatch(path.name) is not None)
    if _RESOURCES.search(raw) and _AWS_TYPE.search(raw) and not service:
        return Kind.TEMPLATE
    return Kind.SERVERLESS if service else None


def _is_service(raw: bytes) -> bool:
    return bool(_SERVICE.search(raw) and _PROVIDER.search(raw))


def _beginning(path: Path) -> bytes:
    """As much as a template may hold; nothing of what is no regular file."""
    try:
        if not path.is_file():
            return b""
        with path.open("rb") as opened:
            return opened.read(MOST_BYTES)
    except OSError:
        return b""
