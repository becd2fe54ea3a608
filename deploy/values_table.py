"""
The table of values in helm/README.md, made from the comments in helm/values.yaml.

    python deploy/values_table.py          write it
    python deploy/values_table.py --check  only say whether it is current, by the exit status

A comment `# -- …` tells of the value below it, or of the whole object when that is written out whole.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from typing import Any

import yaml

CHART = Path(__file__).parent.parent / "helm"
BEGIN, END = "<!-- values -->\n", "<!-- end of values -->\n"


def main() -> int:
    """Write or check."""
    readme = CHART / "README.md"
    is_now = readme.read_text()
    before, rest = is_now.split(BEGIN)
    wanted = before + BEGIN + table((CHART / "values.yaml").read_text()) + END + rest.split(END)[1]
    if "--check" in sys.argv:
        return int(wanted != is_now)
    readme.write_text(wanted)
    return 0


def table(text: str) -> str:
    """A row for each value that has a comment."""
    values = yaml.safe_load(text)
    rows = ["| value | default | what it is |", "| --- | --- | --- |"]
    for path, told in comments(text):
        default = reduce(lambda found, name: found[name], path, values)
        rows.append(f"| `{'.'.join(path)}` | `{shown(default)}` | {told} |")
    return "\n".join(rows) + "\n"


def comments(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """The path of each value with a comment, and the comment."""
    above: list[str] = []
    told = ""
    for line in text.splitlines():
        found = re.match(r"( *)(# -- (.+)|([A-Za-z]+):.*)", line)
        if not found:
            continue
        depth = len(found[1]) // 2
        if found[3]:
            told = found[3].replace("|", "\\|")
        elif depth <= len(above):
            above = [*above[:depth], found[4]]
            if told:
                yield tuple(above), told
            told = ""


def shown(default: Any) -> str:
    """As one would write it in a line."""
    return json.dumps(default, separators=(", ", ": "))


if __name__ == "__main__":
    sys.exit(main())
