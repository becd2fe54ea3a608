"""Which files differ from a revision, by Git, which is asked in a way that runs nothing of the repository's."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from bot.errors import UsageError
from bot.text.redaction import shown

_HARMLESS = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
_SECONDS = 60


def changed_since(revision: str, root: Path) -> frozenset[str]:
    """Absolute paths: what differs from `revision` and what Git does not track yet."""
    if revision.startswith("-") or not revision:
        raise UsageError(f"{shown(revision)} is no revision.")
    differing = ("diff", "--name-only", "-z", "--no-ext-diff", "--no-textconv", revision, "--")
    new = ("ls-files", "--others", "--exclude-standard", "-z")
    top = Path(_git(root, ("rev-parse", "--show-toplevel"), revision).strip("\n"))
    names = [*_git(top, differing, revision).split("\0"), *_git(top, new, revision).split("\0")]
    return frozenset(str((top / name).resolve()) for name in names if name)


def _git(folder: Path, words: Sequence[str], revision: str) -> str:
    command = ["git", *_HARMLESS, *words]
    settings = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_PAGER": ""}
    try:
        done = subprocess.run(  # noqa: S603 - git itself, and a revision that is no option
            command, cwd=folder, env=settings, capture_output=True, timeout=_SECONDS, check=True
        )
    except subprocess.CalledProcessError as error:
        raise UsageError(
            f"Git does not know {shown(revision)} here: fetch it, or run slsdiag in the repository."
        ) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UsageError("--changed-since needs git, which did not answer.") from error
    return done.stdout.decode(errors="surrogateescape")
