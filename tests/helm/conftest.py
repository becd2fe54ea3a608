"""
The chart through a real Helm, and what others publish to hold it to.

They come from `tests/helm/install`. Where that was not run the tests are skipped, unless
SLSDIAG_HELM=required.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import yaml
from documents import CHART, HERE, Object, installed


@pytest.fixture(scope="session")
def tools() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return installed(Path(os.environ.get("SLSDIAG_TOOLS") or Path(cache) / "slsdiag-tools"))


@pytest.fixture(scope="session")
def helm(tools: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    program = installed(tools / "helm")

    def run(verb: str, *words: str) -> subprocess.CompletedProcess[str]:
        # Only our own chart: no repository, plugin or cluster of whoever runs the tests.
        return subprocess.run(
            [program, verb, *words],
            capture_output=True,
            text=True,
            check=False,
            env={"HOME": str(HERE / "nowhere"), "PATH": os.defpath},
        )

    return run


@pytest.fixture(scope="session")
def render(helm: Callable[..., subprocess.CompletedProcess[str]]) -> Callable[..., list[Object]]:
    """What Helm makes of `ci/<mode>-values.yaml`, or of the defaults, with more values set; to read."""

    @cache
    def render(mode: str | None = None, *sets: str) -> list[Object]:
        files = ["--values", str(CHART / "ci" / f"{mode}-values.yaml")] if mode else []
        more = [word for each in sets for word in ("--set-json", each)]
        made = helm("template", "rel", str(CHART), "--namespace", "ns", *files, *more)
        assert made.returncode == 0, made.stderr
        return [each for each in yaml.load_all(made.stdout, yaml.CSafeLoader) if each]

    return render


@pytest.fixture(scope="session")
def published() -> Callable[..., list[str]]:
    """What the operators' published schemas and Prometheus's grammar have against them."""
    installed(HERE / "node_modules")
    node = installed(Path(shutil.which("node") or "/nonexistent/node"))

    def complaints(objects: list[Object] = (), queries: list[str] = ()) -> list[str]:
        given = json.dumps({"objects": list(objects), "queries": list(queries)})
        run = subprocess.run(
            [node, HERE / "published.mjs"], input=given, capture_output=True, text=True, check=True
        )
        return json.loads(run.stdout)

    return complaints
