"""Which framework deploys a serverless.yml, as far as its files say it: Serverless 3, 4, or osls."""

from __future__ import annotations

import re
from enum import Enum
from pathlib import Path

from bot.lint.files import Files, text_of
from bot.lint.json_tree import json_value
from bot.lint.refusals import Unparsed
from bot.lint.tree import Node


class Framework(Enum):
    """By its default runtime, which differs."""

    V3 = "nodejs16.x"
    V4 = "nodejs20.x"
    OSLS = "nodejs24.x"


_MAJOR = re.compile(r"\d+")
_DEPENDENCIES = ("dependencies", "devDependencies")
_ONLY_V4 = ("stages", "build", "state")


def framework_of(root: Node, folder: Path, files: Files) -> Framework | None:
    """By the version that it asks for, or by what is installed; None: not known."""
    wanted = root.get("frameworkVersion")
    found = _versioned(wanted.text or "") if wanted else None
    return found or _installed(folder, files) or (Framework.V4 if _only_v4(root) else None)


def _only_v4(root: Node) -> bool:
    return any(key in root.entries for key in _ONLY_V4)


def _versioned(text: str) -> Framework | None:
    majors = {int(number) for number in _MAJOR.findall(text.partition("||")[0])[:1]}
    return {3: Framework.V3, 4: Framework.V4}.get(next(iter(majors), 0))


def _installed(folder: Path, files: Files) -> Framework | None:
    """By the package.json nearest to the service."""
    for up in (folder, *folder.parents):
        if not up.resolve().is_relative_to(files.root):
            return None
        listed = _dependencies(files, up / "package.json")
        if "osls" in listed:
            return Framework.OSLS
        if found := _versioned(listed.get("serverless", "")):
            return found
    return None


def _dependencies(files: Files, path: Path) -> dict[str, str]:
    if files.inside(path) is None:
        return {}
    try:
        document = json_value(text_of(path), str(path))
    except Unparsed:
        return {}
    listed = [document.get(kind) for kind in _DEPENDENCIES] if isinstance(document, dict) else []
    return {
        str(name): str(version)
        for each in listed
        if isinstance(each, dict)
        for name, version in each.items()
    }
