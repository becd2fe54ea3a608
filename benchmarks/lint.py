"""
`slsdiag lint` over every planted change, a service of 100 functions, and folders of real projects.

    python benchmarks/lint.py [FOLDER …]

Each bad change of the tests is planted into each kind and shape of project (about 1,200 of them):
98 % must be found, 95 % on their line; of the good ones (about 550) at most 1 % may give a finding.
A whole run over 100 functions, with the start of Python, may take 3 seconds. Of folders it prints
how many templates were read, how long it took, and what was found; whatever is in them, lint must
end with a result. Status 1 where one of it does not hold.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from bot.lint.run import Options, lint

TESTS = Path(__file__).parent.parent / "tests" / "bot" / "lint"
sys.path.insert(0, str(TESTS))
changes: Any = import_module("planned_changes")
projects: Any = import_module("projects")
FOUND, EXACT, FALSE = 0.98, 0.95, 0.01
SECONDS = 3.0
FUNCTIONS = 100


def planted(folder: Path, of: Sequence[Any], number: int) -> tuple[Path, int | None]:
    """A project with the change, and the line of it."""
    project, change, key = of
    own = folder / str(number)
    own.mkdir()
    plan = project.plan()
    change.apply(plan, key)
    return own, project.write(own, plan)


def bad(folder: Path) -> tuple[float, float]:
    """Shares of the bad changes that are found, and on their line."""
    found, exact = 0, 0
    cases = changes.cases(changes.BAD, projects.PROJECTS, None)
    for number, case in enumerate(cases):
        own, line = planted(folder, case, number)
        change = case[1]
        lines = [
            each.line
            for each in lint([str(own)], Options()).findings
            if (each.step, each.outcome) == (change.step, change.outcome)
        ]
        found += bool(lines)
        exact += line in lines
    return found / len(cases), exact / len(cases)


def good(folder: Path) -> float:
    """The share of the good changes of which something is said."""
    cases = changes.cases(changes.GOOD, projects.PROJECTS, None)
    wrong = 0
    for number, case in enumerate(cases):
        own, _ = planted(folder, case, number)
        result = lint([str(own)], Options())
        wrong += bool(result.findings or result.unknown)
    return wrong / len(cases)


def hundred(folder: Path) -> float:
    """
    Seconds of the slowest kind of project with 100 functions, as a process of its own.

    Of the processor: what else runs on the machine is not lint's.
    """
    slowest = 0.0
    for kind in projects.KINDS:
        own = folder / kind
        own.mkdir()
        hand = "json" if "JSON" in kind or kind in {"CDK", "Terraform"} else "yaml"
        project = projects.Project(kind, "many", hand)
        plan = project.plan()
        first = next(iter(plan["functions"].values()))
        plan["functions"] = {f"function{n}": dict(first) for n in range(FUNCTIONS)}
        project.write(own, plan)
        begun = spent()
        subprocess.run(
            [sys.executable, "-m", "bot", "lint", str(own), "--json"],
            capture_output=True,
            check=False,
        )
        slowest = max(slowest, spent() - begun)
    return slowest


def spent() -> float:
    """Processor seconds of the processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def folder_of_projects(path: str) -> None:
    """What real projects come to."""
    begun = time.perf_counter()
    result = lint([path], Options())
    seconds = time.perf_counter() - begun
    print(f"{path}: {result.files} templates, {result.functions} functions, {seconds:.1f} s")
    for (step, outcome), count in Counter(
        (f.step, f.outcome) for f in result.findings
    ).most_common():
        print(f"  {count} {step} {outcome}")
    print(f"  {len(result.unknown)} unknown")


def main() -> int:
    """All of it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("bad", "good", "hundred"):
            (folder / part).mkdir()
        found, exact = bad(folder / "bad")
        false = good(folder / "good")
        seconds = hundred(folder / "hundred")
    print(
        f"bad changes found: {found:.1%} (floor {FOUND:.0%}), on their line: {exact:.1%} ({EXACT:.0%})"
    )
    print(f"good changes with a finding: {false:.1%} (at most {FALSE:.0%})")
    print(
        f"{FUNCTIONS} functions, slowest kind of project: {seconds:.2f} s (at most {SECONDS:.0f} s)"
    )
    for path in sys.argv[1:]:
        folder_of_projects(path)
    held = found >= FOUND and exact >= EXACT and false <= FALSE and seconds <= SECONDS
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
