"""The cases for a client of the Model Context Protocol, one after the other."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from cases import Case
from mcp.server.mcpserver import MCPServer

from bot.agents.bundle import EVIDENCE
from checks.model import Impact, Overall
from checks.runbook_document import document

INSTRUCTIONS = (
    "Each case is what was read from AWS of one Lambda function whose metrics or traces may be missing "
    "in Serverless Framework Dashboard. Call next_case, decide, call answer, until there is none left."
)


def serve(asked: Sequence[Case]) -> list[Mapping[str, Any]]:
    """On the standard streams until the client goes; what it answered, empty where it did not."""
    said: list[Mapping[str, Any]] = [{} for _ in asked]
    server(asked, said).run()
    return said


def server(asked: Sequence[Case], said: list[Mapping[str, Any]]) -> MCPServer:
    """The server, which notes the answers in `said`."""
    app = MCPServer("causes", instructions=INSTRUCTIONS)
    place = -1

    @app.tool()
    def next_case() -> dict[str, Any]:
        """The next case: its evidence and the checks; `case` is null when there is none left."""
        nonlocal place
        place += 1
        if place >= len(asked):
            return {"case": None}
        with zipfile.ZipFile(BytesIO(asked[place].bundle())) as bundle:
            evidence = json.loads(bundle.read(EVIDENCE))["value"]
        return {"case": place, "evidence": evidence, "checks": document()["steps"]}

    @app.tool()
    def answer(verdict: Overall, cause: str | None, impact: Impact | None) -> dict[str, Any]:
        """
        Answer the case that next_case gave last.

        `cause` is the slug of the check that failed first and is explained by no other, or null;
        `impact` is what the problem does to the function or its data, or null.
        """
        if 0 <= place < len(asked):
            said[place] = {"verdict": verdict.value, "cause": cause, "impact": impact}
        return {"left": max(0, len(asked) - 1 - place)}

    return app
