"""
Witnesses of our messages and of our fake Slack: parts that Slack itself publishes.

They need Node and `npm ci` in this folder. Where that was not done the tests are skipped,
unless SLSDIAG_WITNESSES=required.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

HERE = Path(__file__).parent
Blocks = list[dict[str, Any]]
Witness = Callable[[Blocks], list[str]]


@pytest.fixture(scope="session")
def node() -> str:
    """The program, when what it runs is installed."""
    found = shutil.which("node")
    if found and (HERE / "node_modules").is_dir():
        return found
    if os.environ.get("SLSDIAG_WITNESSES") == "required":
        pytest.fail("run `npm ci` in tests/witnesses first")
    pytest.skip("run `npm ci` in tests/witnesses first")


@pytest.fixture(scope="session")
def published(node: str) -> Witness:
    """Slack's published block types as a JSON Schema: what it says of each block."""
    made = subprocess.run([node, HERE / "schema.mjs"], capture_output=True, check=True)
    schema = json.loads(made.stdout)
    # Slack's reference has it (docs.slack.dev, rich_text_list, read 2026-11-30); its types do not.
    schema["definitions"]["RichTextList"]["properties"]["offset"] = {"type": "number"}
    kinds = {
        definition["properties"]["type"]["const"]: name
        for name, definition in schema["definitions"].items()
        if name.endswith("Block") and "const" in definition.get("properties", {}).get("type", {})
    }

    def complaints(blocks: Blocks) -> list[str]:
        found: list[str] = []
        for block in blocks:
            name = kinds.get(block["type"])
            if name is None:
                found.append(f"{block['type']}: no such block")
                continue
            one = {"$ref": f"#/definitions/{name}", "definitions": schema["definitions"]}
            found += [each.message for each in Draft7Validator(one).iter_errors(block)]
        return found

    return complaints
