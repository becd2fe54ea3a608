"""
The embedded store's data with a damaged end, as a power cut may leave it: zeros, or half a block.

A server starts with a file that was cut off, but not with one that ends in anything else. What is
no longer a command is moved aside, never deleted; where good data follows, a person decides.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import structlog

from bot.store.valkey import StoreFailed, binary

CHECKER = "valkey-check-aof"
"""The server's binary is this tool, too, when it is called by this name."""
_COMMAND = re.compile(rb"\r\n\*[1-9]\d*\r\n\$\d+\r\n")
_LATEST = re.compile(r"^file (\S+) seq \d+ type i", re.MULTILINE)

log = structlog.get_logger(__name__)


def repaired(folder: Path) -> bool:
    """
    Move a damaged end aside; False where there is none.

    Raises StoreFailed, and leaves all as it is, where commands follow the damage.
    """
    written = _written_last(folder / "appendonlydir")
    if written is None:
        return False
    good = folder / f"{written.name}.good"
    shutil.copy2(written, good)
    try:
        _cut(good)
        size = good.stat().st_size
        if size == written.stat().st_size:
            return False
        damaged = _damaged_end(written, size)
        aside = folder / f"{written.name}.{size}.damaged"
        _write(aside, damaged)
        good.replace(written)
    finally:
        good.unlink(missing_ok=True)
    log.error("store_end_damaged", moved_to=str(aside), bytes=len(damaged))
    return True


def _damaged_end(written: Path, size: int) -> bytes:
    """What follows the first `size` bytes; StoreFailed where good data is in it."""
    with written.open("rb") as file:
        file.seek(size)
        damaged = file.read()
    if _COMMAND.search(damaged):
        raise StoreFailed(
            f"The store's data is damaged at byte {size} of {written}, and more data follows; "
            "nothing was changed. Restore that file from a backup. To give up what follows the "
            f"damage instead, keep a copy of the file and run: truncate -s {size} {written}"
        )
    return damaged


def _written_last(folder: Path) -> Path | None:
    """The file that changes are appended to."""
    try:
        names = _LATEST.findall((folder / "appendonly.aof.manifest").read_text())
    except (OSError, UnicodeDecodeError):
        return None
    latest = folder / names[-1] if names else None
    return latest if latest and latest.is_file() else None


def _cut(file: Path) -> None:
    """After its last whole command."""
    subprocess.run(  # noqa: S603 - our own binary and options
        [CHECKER, "--fix", str(file)],
        executable=binary(),
        input=b"y\n",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
