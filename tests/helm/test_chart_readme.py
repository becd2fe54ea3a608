"""helm/README.md tells of every value that values.yaml has."""

from __future__ import annotations

import json
import subprocess
import sys

import yaml
from documents import CHART, ROOT


def test_table_is_current():
    script = ROOT / "deploy" / "values_table.py"

    assert not subprocess.run([sys.executable, script, "--check"], check=False).returncode, (
        "run deploy/values_table.py"
    )


def test_table_has_every_value():
    text = (CHART / "README.md").read_text()
    rows = {line.split("`")[1] for line in text.splitlines() if line.startswith("| `")}

    for path in leaves(yaml.safe_load((CHART / "values.yaml").read_text())):
        parts = path.split(".")
        # a value that is told as a whole tells of what is in it
        assert any(".".join(parts[:length]) in rows for length in range(1, len(parts) + 1)), path


def test_schema_and_values_know_the_same():
    schema = json.loads((CHART / "values.schema.json").read_text())
    values = set(leaves(yaml.safe_load((CHART / "values.yaml").read_text())))
    known = {path for path in named(schema) if path != "global"}

    # an object that is told as a whole has names of its own in the schema, or none
    assert all(any(v == k or v.startswith(f"{k}.") for v in values) for k in known)
    assert all(any(v == k or v.startswith(f"{k}.") for k in known) for v in values)


def named(schema, path=""):
    closed = schema.get("additionalProperties") is False and path.count(".") < DEEPEST
    if closed and path not in WHOLE:
        for name, each in schema["properties"].items():
            yield from named(each, f"{path}.{name}".lstrip("."))
    else:
        yield path


WHOLE = {"bot.resources", "settings.limits", "settings.roles", "worker.resources"}
DEEPEST = 3


def leaves(value, path=""):
    for name, each in value.items():
        if isinstance(each, dict) and each:
            yield from leaves(each, f"{path}{name}.")
        else:
            yield f"{path}{name}"
