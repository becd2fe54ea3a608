"""What a program says of the cases, and how much of it is right."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from cases import Case

from bot.agents.bundle_file import unpack
from bot.agents.replay import replayed
from checks.report import as_json

PATIENCE = 300
"""Seconds for one answer of a program."""
Answers = Callable[[Case], Mapping[str, Any]]


def slsdiag(case: Case) -> Mapping[str, Any]:
    """What this release says of the bundle."""
    return as_json(replayed(unpack(case.bundle())))


def program(command: str) -> Answers:
    """What another program prints of it."""

    def answers(case: Case) -> Mapping[str, Any]:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "case.zip"
            file.write_bytes(case.bundle())
            return answer_of(_printed([*shlex.split(command), str(file)]))

    return answers


def _printed(command: Sequence[str]) -> str:
    """Nothing where it takes too long; one that cannot be started ends the benchmark."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", check=False, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        return ""
    except OSError as error:
        sys.exit(f"{command[0]} cannot be started: {error.strerror}.")
    return done.stdout


def answer_of(printed: str) -> Mapping[str, Any]:
    """The JSON object that was printed; none for anything else."""
    try:
        said = json.loads(printed)
    except ValueError:
        said = None
    return said if isinstance(said, dict) else {}


def score(asked: Sequence[Case], said: Sequence[Mapping[str, Any]], who: str) -> float:
    """The share that is right, printed with all that is wrong."""
    wrong = [(case, each) for case, each in zip(asked, said, strict=True) if not case.allows(each)]
    for case, each in wrong:
        given = {key: each.get(key) for key in case.right}
        print(f"wrong: {case.name}: {given}, right: {case.right}", file=sys.stderr)
    right = len(asked) - len(wrong)
    print(f"{who}: {right} of {len(asked)} right ({right / len(asked):.1%})", file=sys.stderr)
    return right / len(asked)


def write(asked: Sequence[Case], folder: Path) -> None:
    """The bundles, and beside them what is right."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, case in enumerate(asked):
        (folder / f"{number:03}.zip").write_bytes(case.bundle())
    right = {f"{n:03}.zip": {"case": c.name, **c.right} for n, c in enumerate(asked)}
    (folder / "answers.json").write_text(json.dumps(right, indent=2) + "\n")


def identical(asked: Sequence[Case], runs: int) -> bool:
    """Whether slsdiag says the same, byte for byte, in so many runs."""
    seen = {json.dumps([slsdiag(case) for case in asked]) for _ in range(runs)}
    print(f"{runs} runs: {'identical' if len(seen) == 1 else 'not identical'}", file=sys.stderr)
    return len(seen) == 1
