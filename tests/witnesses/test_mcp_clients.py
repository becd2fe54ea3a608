"""The official TypeScript client and the conformance suite of the Model Context Protocol."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot.playground.account.demo_functions import demo
from tests.bot.agents.clients import RUN, TOKEN, http
from tests.bot.agents.test_mcp import EVERY_TOOL

HERE = Path(__file__).parent
SUITE = HERE / "node_modules" / "@modelcontextprotocol" / "conformance" / "dist" / "index.js"
OURS = {
    "server-initialize",
    "ping",
    "tools-list",
    "resources-list",
    "prompts-list",
    "server-sse-multiple-streams",
    "dns-rebinding-protection",
}
"""The scenarios that any server can pass; the others call tools of the suite's own example server."""


def client(node, *command, **environment):
    calls = json.dumps(list(EVERY_TOOL.items()))
    done = subprocess.run(
        [node, HERE / "client.mjs", *command],
        env=os.environ | {"CALLS": calls} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("transport", ["stdio", "http"])
def test_typescript_client_calls_every_tool(node, aws, transport):
    demo(aws.account())
    if transport == "stdio":
        said = client(node, sys.executable, "-c", RUN, "mcp")
    else:
        with http() as address:
            said = client(node, ADDRESS=address, TOKEN=TOKEN)

    assert [tool["name"] for tool in said["tools"]] == list(EVERY_TOOL)
    assert [result.get("isError", False) for result in said["results"]] == [False] * len(EVERY_TOOL)
    assert said["results"][0]["structuredContent"]["cause"] == "wrapper_set"


def test_server_conforms(node, tmp_path):
    """One process runs all scenarios; those of the example server are expected to fail."""
    listed = subprocess.run(
        [node, SUITE, "list"], capture_output=True, text=True, check=True
    ).stdout
    servers = listed.partition("Client scenarios")[0]
    scenarios = {line[4:] for line in servers.splitlines() if line.startswith("  - ")}
    expected = tmp_path / "expected.yaml"
    expected.write_text(yaml.safe_dump({"server": sorted(scenarios - OURS)}))
    with http() as address:
        done = subprocess.run(
            [
                *(node, "--import", HERE / "bearer.mjs", SUITE, "server", "--url", address),
                *("--expected-failures", expected),
            ],
            env=os.environ | {"TOKEN": TOKEN},
            capture_output=True,
            text=True,
            check=False,
        )

    assert scenarios >= OURS
    assert done.returncode == 0, done.stdout[-3000:]
    for scenario in OURS:
        assert f"✓ {scenario}: " in done.stdout
