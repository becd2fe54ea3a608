"""A command over several lines that can still be copied into a shell. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from shlex import quote

_CONTINUES = " \\"


def folded(command: str, width: int) -> list[str]:
    r"""
    `command` in lines of at most `width`, as far as its quoted words allow:

        aws lambda invoke --function-name orders \
          --region eu-west-1

    The shell joins lines that end in a backslash. Within quotes stands a program for jq or a query,
    where a line break is as good as a blank, except inside the program's own strings.
    """
    lines: list[str] = []
    line = ""
    for word, quoted in _words(command):
        joined = f"{line} {word}" if line else word
        if line and len(joined) + len(_CONTINUES) > width:
            lines.append(line if quoted else line + _CONTINUES)
            joined = f"  {word}"
        while len(joined) + len(_CONTINUES) > width and "'" not in word and not quoted:
            lines.append(joined[: width - len(_CONTINUES)] + "\\")
            joined = joined[width - len(_CONTINUES) :]
        line = joined
    return [*lines, line]


def with_profile(command: str, profile: str) -> str:
    """Each `aws` of the command with the credentials of `profile`."""
    aws = f"aws --profile {quote(profile)} "
    return re.sub(r"(?:(?<=^)|(?<=\| ))aws ", lambda _: aws, command)


def _words(command: str) -> Iterator[tuple[str, bool]]:
    """What must stay together, and whether the blank before it stands within quotes."""
    start, within, text, quoted = 0, False, False, False
    for at, character in enumerate(command):
        if character == "'":
            within, text = not within, False
        elif character == '"' and within:
            text = not text
        elif character == " " and not text:
            yield command[start:at], quoted
            start, quoted = at + 1, within
    yield command[start:], quoted
