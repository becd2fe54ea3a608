"""Where the chart is, what may be asked of its documents, and what must be installed to make them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CHART = ROOT / "helm"
MODES = sorted(each.name.removesuffix("-values.yaml") for each in (CHART / "ci").iterdir())
Object = dict[str, Any]


def installed(path: Path) -> Path:
    if path.exists():
        return path
    if os.environ.get("SLSDIAG_HELM") == "required":
        pytest.fail("run tests/helm/install first")
    # a developer may have no Helm; CI says "required", and then it fails
    pytest.skip("run tests/helm/install first")


def one(objects: list[Object], kind: str, end: str = "") -> Object:
    """The only object of that kind whose name ends so."""
    found = [e for e in objects if e["kind"] == kind and e["metadata"]["name"].endswith(end)]
    assert len(found) == 1, f"{len(found)} of {kind} …{end}"
    return found[0]


def of_kind(objects: list[Object], kind: str) -> list[Object]:
    return [each for each in objects if each["kind"] == kind]


def pods(objects: list[Object]) -> list[Object]:
    """The pods that Deployments make, and those that stand alone."""
    made = [each["spec"]["template"] for each in of_kind(objects, "Deployment")]
    return made + of_kind(objects, "Pod")


def environment(objects: list[Object], role: str) -> dict[str, str]:
    """What the container of that role gets; of a secret, the name of its key."""
    container = one(objects, "Deployment", f"-{role}")["spec"]["template"]["spec"]["containers"][0]
    found = {}
    for source in container["envFrom"]:
        name = source["configMapRef"]["name"]
        maps = [e for e in of_kind(objects, "ConfigMap") if e["metadata"]["name"] == name]
        assert len(maps) == 1
        found |= maps[0]["data"]
    for each in container["env"]:
        found[each["name"]] = each.get("value") or each["valueFrom"]["secretKeyRef"]["key"]
    return found
