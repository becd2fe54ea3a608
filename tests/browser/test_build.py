"""What ships is what its sources build."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from conftest import WEB, lacking

SHIPPED = WEB.parent / "static"


@pytest.fixture
def node():
    found = shutil.which("node")
    if not found or not (WEB / "node_modules").is_dir():
        lacking("run `npm ci` in bot/playground/page/web first")
    return found


def test_the_committed_build_is_the_sources_build(node, tmp_path):
    subprocess.run([node, "build.mjs", tmp_path], cwd=WEB, check=True)
    built = {each.name: each.read_bytes() for each in tmp_path.iterdir()}

    assert {each.name for each in SHIPPED.iterdir()} == built.keys()
    for name, content in built.items():
        assert (SHIPPED / name).read_bytes() == content, f"run `npm run build`: {name} is old"


def test_the_sources_types_hold(node):
    done = subprocess.run(
        [node, "node_modules/typescript/bin/tsc"], cwd=WEB, capture_output=True, check=False
    )

    assert (done.stdout.decode(), done.returncode) == ("", 0)


def test_the_lock_names_no_address():
    assert '"resolved"' not in (WEB / "package-lock.json").read_text("utf-8")
