"""helm/README.md tells of every value that values.yaml has."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys

import pytest
import yaml
from documents import CHART, ROOT, one


def test_table_is_current():
    script = ROOT / "deploy" / "values_table.py"

    assert not subprocess.run([sys.executable, script, "--check"], check=False).returncode, (
        "run deploy/values_table.py"
    )


def installations():
    """The words of each `helm install` that a document shows."""
    for page in ("helm/README.md", "docs/install.md"):
        text = (ROOT / page).read_text().replace("\\\n", "")
        for line in re.findall(r"^helm install .*$", text, re.MULTILINE):
            yield pytest.param(shlex.split(line)[2:], id=page)


@pytest.mark.parametrize("words", [*installations()])
def test_the_commands_of_the_documents_install_the_chart(helm, words):
    """With the names that the other commands use: of deployments, Secrets and the service account."""
    name, chart, *options = words
    made = helm("template", name, str(ROOT / chart), *options)
    assert made.returncode == 0, made.stderr
    objects = [each for each in yaml.load_all(made.stdout, yaml.CSafeLoader) if each]

    for role in ("bot", "worker"):
        pod = one(objects, "Deployment", f"slsdiag-{role}")["spec"]["template"]["spec"]
        secrets = {
            each["valueFrom"]["secretKeyRef"]["name"]
            for each in pod["containers"][0]["env"]
            if "valueFrom" in each
        }
        assert pod["serviceAccountName"] == "slsdiag"
        assert {"slsdiag-slack", "slsdiag-redis"} <= secrets


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


WHOLE = {"bot.resources", "worker.resources"} | {
    f"settings.{name}" for name in ("limits", "organization", "roles")
}
DEEPEST = 3


def leaves(value, path=""):
    for name, each in value.items():
        if isinstance(each, dict) and each:
            yield from leaves(each, f"{path}{name}.")
        else:
            yield f"{path}{name}"
