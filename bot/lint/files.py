"""
Files of a project, read within bounds: regular files of one repository, of a size that a template has.

Whatever a project names, nothing outside its root is opened, also not by way of a symbolic link.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from bot.lint.json_tree import json_tree
from bot.lint.refusals import Unparsed
from bot.lint.tree import Node
from bot.lint.yaml_tree import yaml_tree

MOST_BYTES = 2_000_000
"""CloudFormation takes templates of 1 MB."""
MOST_BYTES_OF_A_PLAN = 10_000_000
MOST_FILES = 200
"""Included by one project."""
CDK_OUT = "cdk.out"
_MEGABYTE = 1_000_000
_ENDINGS = frozenset({".yml", ".yaml", ".json", ".template"})


def root_of(path: Path) -> Path:
    """The repository that `path` is in; else its own folder, or of cdk.out the app's."""
    folder = path if path.is_dir() else path.parent
    folder = folder.parent if folder.name == CDK_OUT else folder
    return next((up for up in (folder, *folder.parents) if (up / ".git").exists()), folder)


@dataclass
class Files:
    """Those of one project, each read once."""

    root: Path
    """Real, without symbolic links."""
    strict: bool = False
    """Whether a repeated key makes a file unreadable, as for Serverless Framework."""
    _trees: dict[Path, Node | None] = field(default_factory=dict)

    def inside(self, path: Path) -> Path | None:
        """The real path of a file within the root; None of all else."""
        try:
            real = path.resolve()
            inside = real.is_relative_to(self.root) and stat.S_ISREG(real.stat().st_mode)
        except (OSError, RuntimeError, ValueError):
            return None
        return real if inside else None

    def tree(self, path: Path) -> Node | None:
        """A YAML or JSON file; None where it may not be read or is empty. May raise Unparsed."""
        real = self.inside(path)
        if real is None or real.suffix.lower() not in _ENDINGS:
            return None
        if real not in self._trees:
            if len(self._trees) >= MOST_FILES:
                raise Unparsed(str(path), 1, f"it includes more than {MOST_FILES} files")
            self._trees[real] = parsed(text_of(path), path, strict=self.strict)
        return self._trees[real]


def parsed(text: str, path: Path, *, strict: bool) -> Node | None:
    """By its ending, or by how it begins."""
    if path.suffix.lower() == ".json" or (path.suffix == ".template" and _is_json(text)):
        return json_tree(text, str(path))
    return yaml_tree(text, str(path), strict=strict)


def _is_json(text: str) -> bool:
    return text.lstrip()[:1] == "{"


def text_of(path: Path, most: int = MOST_BYTES) -> str:
    """What is in the file; Unparsed where it cannot be read, or is too much."""
    too_much = Unparsed(str(path), 1, f"it is larger than {most // _MEGABYTE} MB")
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as opened:
            about = os.fstat(descriptor)
            if not stat.S_ISREG(about.st_mode):
                raise Unparsed(str(path), 1, "it is no regular file")
            if about.st_size > most:
                raise too_much
            raw = opened.read(most + 1)
        if len(raw) > most:
            raise too_much
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise Unparsed(str(path), 1, f"it cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise Unparsed(str(path), 1, "it is not UTF-8 text") from error
