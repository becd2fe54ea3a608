"""
What follows from helm/values.yaml: the table in helm/README.md, and for each new setting a place in the schema and
a value in ci/everything-values.yaml.

    python deploy/values_table.py          write it
    python deploy/values_table.py --check  only say whether it is current, by the exit status

A comment `# -- …` describes the value below it, or the whole object when that is written out whole.
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

TYPES = {
    bool: "boolean",
    dict: "object",
    float: "number",
    int: "integer",
    list: "array",
    str: "string",
}
EXAMPLES = {
    bool: "true",
    dict: "{name: example}",
    float: "0.5",
    int: "1",
    list: "[example]",
    str: "example",
}
EVERYTHING = "ci/everything-values.yaml"
CHART = Path(__file__).parent.parent / "helm"
BEGIN, END = "<!-- values -->\n", "<!-- end of values -->\n"


def main() -> int:
    """Write or check."""
    values = (CHART / "values.yaml").read_text()
    wanted = {"README.md": _readme(values), "values.schema.json": _schema(values)}
    wanted[EVERYTHING] = _everything(values)
    stale = {name: text for name, text in wanted.items() if (CHART / name).read_text() != text}
    if "--check" not in sys.argv:
        for name, text in stale.items():
            (CHART / name).write_text(text)
        return 0
    return int(bool(stale))


def _readme(values: str) -> str:
    before, rest = (CHART / "README.md").read_text().split(BEGIN)
    return before + BEGIN + table(values) + END + rest.split(END)[1]


def _schema(values: str) -> str:
    """A setting that the schema does not know yet has its default's type; bounds are put in by hand."""
    schema = json.loads((CHART / "values.schema.json").read_text())
    known = schema["properties"]["settings"]["properties"]
    for name, default in yaml.safe_load(values)["settings"].items():
        known.setdefault(name, {"type": TYPES[type(default)]})
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _everything(values: str) -> str:
    """A setting that is not set there yet gets an example of its default's type."""
    text = (CHART / EVERYTHING).read_text()
    known = yaml.safe_load(text)["settings"]
    for name, default in yaml.safe_load(values)["settings"].items():
        if name not in known:
            text = text.replace(
                "settings:\n", f"settings:\n  {name}: {EXAMPLES[type(default)]}\n", 1
            )
    return text


def table(text: str) -> str:
    """A row for each value that has a comment."""
    values = yaml.safe_load(text)
    rows = ["| value | default | what it is |", "| --- | --- | --- |"]
    for path, comment in comments(text):
        default = reduce(lambda found, name: found[name], path, values)
        rows.append(f"| `{'.'.join(path)}` | `{shown(default)}` | {comment} |")
    return "\n".join(rows) + "\n"


def comments(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """The path of each value with a comment, and the comment."""
    above: list[str] = []
    comment = ""
    for line in text.splitlines():
        found = re.match(r"( *)(# -- (.+)|([A-Za-z]+):.*)", line)
        if not found:
            continue
        depth = len(found[1]) // 2
        if found[3]:
            comment = found[3].replace("|", "\\|")
        elif depth <= len(above):
            above = [*above[:depth], found[4]]
            if comment:
                yield tuple(above), comment
            comment = ""


def shown(default: Any) -> str:
    """As one would write it in a line."""
    return json.dumps(default, separators=(", ", ": "))


if __name__ == "__main__":
    sys.exit(main())
