"""What makes a finding the same one in the next run: not its line, which moves with every edit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import PurePosixPath

from bot.formats.findings import Finding, Unknown, rule_of


def relative(file: str) -> str:
    """The file's path without `./`, as GitLab and GitHub compare it with the repository's."""
    return PurePosixPath(file).as_posix()


def fingerprints(found: Iterable[Finding | Unknown]) -> Iterator[str]:
    """
    Of each in order: step, file and function, as 64 hexadecimal digits.

    The same step may find more than one thing in a function. These are counted, because GitLab
    shows only one of those with one fingerprint.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    for each in found:
        identity = (rule_of(each), relative(each.file), each.function or "")
        text = "\0".join([*identity, str(seen[identity])])
        seen[identity] += 1
        yield sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
