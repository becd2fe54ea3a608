"""
`slsdiag serve` of another release, made of this code.

    RELEASE=additive python benchmarks/release.py    its records hold fields that this one lacks
    RELEASE=schema python benchmarks/release.py      its records are of the next schema
"""

from __future__ import annotations

import json
import os
import sys
from types import SimpleNamespace
from typing import Any

from bot.cli import main
from bot.store import coding


def additive() -> None:
    """Every record it stores has a field more."""

    def dumps(document: dict[str, Any], **more: Any) -> str:
        return json.dumps(document | {"value": _grown(document["value"])}, **more)

    vars(coding)["json"] = SimpleNamespace(dumps=dumps, loads=json.loads)


def _grown(value: Any) -> Any:
    """At its top, and in each part that is an object of ours."""
    if not isinstance(value, dict):
        return value
    parts = {name: _grown(value[name]) for name in ("place", "prompt", "report") if name in value}
    return value | parts | {"of_another_release": "yes"}


def schema() -> None:
    """It reads this release's records, and writes what this one cannot read."""
    vars(coding).update(
        SCHEMA=coding.SCHEMA + 1,
        MIGRATIONS={**coding.MIGRATIONS, coding.SCHEMA: lambda _, document: document},
    )


if __name__ == "__main__":
    {"additive": additive, "schema": schema}[os.environ["RELEASE"]]()
    sys.exit(main(["serve"]))
