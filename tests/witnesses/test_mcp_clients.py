"""The official TypeScript client and the conformance suite of the Model Context Protocol."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.playground.account.demo_functions import demo
from tests.bot.agents.clients import RUN, TOKEN, http
from tests.bot.agents.test_mcp import EVERY_TOOL

HERE = Path(__file__).parent
SUITE = HERE / "node_modules" / "@modelcontextprotocol" / "conformance" / "dist" / "index.js"
LISTS = {"tools-list", "resources-list", "prompts-list"}
HTTP = {"server-sse-multiple-streams", "dns-rebinding-protection"}
OURS = {
    "2025-11-25": LISTS | HTTP | {"server-initialize", "server-session-lifecycle", "ping"},
    "2026-07-28": LISTS
    | HTTP
    | {
        "caching",
        "http-header-validation",
        "input-required-result-unsupported-methods",
        "sep-2164-resource-not-found",
    },
}
"""By revision, the scenarios that any server can pass; others call tools of the suite's own example server."""
STATELESS = "server-stateless: 21 passed, 4 failed"
"""The four call such tools, too."""


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


def test_server_conforms(node):
    """One process for each revision runs all scenarios."""
    said = {}
    with http() as address:
        for revision in OURS:
            suite = (SUITE, "server", "--suite", "all", "--spec-version", revision)
            said[revision] = subprocess.run(
                [node, "--import", HERE / "bearer.mjs", *suite, "--url", address],
                env=os.environ | {"TOKEN": TOKEN},
                capture_output=True,
                text=True,
                check=False,  # some fail
            ).stdout

    for revision, scenarios in OURS.items():
        passed = re.findall(
            r"^✓ ([a-z0-9-]+): [1-9]\d* passed, 0 failed", said[revision], re.MULTILINE
        )
        assert scenarios <= set(passed), said[revision][-3000:]
    assert STATELESS in said["2026-07-28"]
