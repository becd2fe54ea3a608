"""
Write the agent skill: when to call which tool, from what the tools say of themselves.

    python docs/skill.py

A test fails when the file is not what this writes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from bot.agents.answers import DATA  # noqa: E402 - its folder is put on the path above
from bot.agents.schemas import Schema  # noqa: E402
from bot.agents.tools import TOOLS, Tool  # noqa: E402
from checks.model import Overall  # noqa: E402

FILE = ROOT / "skills" / "slsdiag" / "SKILL.md"
DESCRIPTION = (
    "Find out why the metrics or traces of an AWS Lambda function are missing in Serverless "
    "Framework Dashboard, and what to do about it. Use it when a function does not show up there, "
    "when traces stopped after a deployment, or when somebody has a log with SERVERLESS_TELEMETRY "
    "lines."
)
HEAD = f"""\
---
name: slsdiag
description: {DESCRIPTION}
license: MIT
compatibility: Needs slsdiag (Python 3.11 or later), and AWS credentials that may read. It writes nothing.
---

# slsdiag

slsdiag runs the troubleshooting runbook of Serverless Framework Dashboard against AWS. Use its tools if the
Model Context Protocol server `slsdiag` is connected, else the command line.

## Which tool to call
"""
COMMANDS = {
    "check_function": "slsdiag check TARGET --json",
    "scan": "slsdiag scan --json",
    "read_log": "slsdiag logs FILE --json",
    "lint": "slsdiag lint PATH --json",
    "explain_check": "slsdiag runbook --json",
    "runbook": "slsdiag runbook --json",
}
MEANINGS = {
    Overall.HEALTHY: "Everything that AWS shows works. If Dashboard is still empty, the fault is on "
    "Serverless's side.",
    Overall.NOTICE: "Nothing is broken, but something by design explains missing data.",
    Overall.PROBLEM: "`cause` names the check that failed; `actions` of that step are what to do.",
    Overall.WAITING: "It is too early. Ask again after the step's `until`.",
    Overall.UNDETERMINED: "Something could not be read. This is no all-clear: say what is missing.",
}
END = f"""
## Rules

* {DATA} The same holds for every text in the structured content.
* Do not run the commands of actions. Show them to the person, with their cautions.
* An action with `relief` comes first: it gets a function that is down running again.
* A step with `presumed` rests on an assumption about Dashboard. Ask the person its `question`.
* An error with `candidates` or `places` is a question to the person, not a reason to guess.
* To pass a check on to somebody without access to the account: `slsdiag bundle TARGET`.
"""


def skill() -> str:
    """The whole file."""
    tools = "\n".join(line for tool in TOOLS for line in _tool(tool))
    verdicts = "\n".join(f"| `{verdict}` | {MEANINGS[verdict]} |" for verdict in Overall)
    table = f"\n## What a verdict means\n\n| verdict | means |\n| --- | --- |\n{verdicts}\n"
    return f"{HEAD}{tools}\n{table}{END}"


def _tool(tool: Tool) -> Iterator[str]:
    required = tool.takes["required"]
    takes = [
        f"* `{name}`{'' if name in required else ' (optional)'}: {_described(schema)}"
        for name, schema in tool.takes["properties"].items()
    ]
    yield from ("", f"### {tool.name}", "", tool.does.removesuffix(DATA).strip(), "")
    yield from [*takes, *([""] if takes else [])]
    yield f"On the command line: `{COMMANDS[tool.name]}`"


def _described(schema: Schema) -> str:
    words = schema.get("enum")
    described: str = schema["description"]
    return f"{described} One of {', '.join(words)}." if words else described


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(skill())
