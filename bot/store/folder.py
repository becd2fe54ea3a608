"""The folder of the embedded store: private, with a socket of a short path, and locks."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bot.errors import SlsdiagError

LONGEST_SOCKET_PATH = 100
"""The kernel takes 107 bytes on Linux, 103 on macOS."""


class NotOurs(SlsdiagError):
    """Somebody else has the folder."""


def socket_path(folder: Path) -> Path:
    """In the folder, or where the path is short enough."""
    socket = folder / "store.sock"
    if len(os.fsencode(socket)) <= LONGEST_SOCKET_PATH:
        return socket
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    short = Path(tempfile.gettempdir()) / f"slsdiag-{os.geteuid()}-{name}"
    return short / "store.sock"


def make_private(folder: Path) -> None:
    """Make it ours alone; somebody else may have made it first."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.lstat().st_uid != os.geteuid() or folder.is_symlink():
        raise NotOurs(f"{folder} belongs to somebody else: remove it, or set SLSDIAG_STATE_DIR.")
    folder.chmod(0o700)


def lock(file: IO[bytes]) -> bool:
    """Whether the lock is ours now; it falls with the file."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait for the lock, and hold it."""
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
