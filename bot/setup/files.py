"""The files of an installation: for their owner alone, each whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bot.errors import UsageError
from bot.text.redaction import shown


def write(files: Mapping[Path, str]) -> None:
    """In the order given, each by a rename; a UsageError names the one that could not be written."""
    for path, text in files.items():
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(path, text)
        except OSError as error:
            raise UsageError(f"{shown(str(path))} cannot be written: {error.strerror}.") from None


def _write(path: Path, text: str) -> None:
    """What mkstemp makes has the mode 0600."""
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(number, "w") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
