"""
Random faults put into the code that decides, and whether a test notices each.

    python benchmarks/mutants.py [HOW_MANY] [SEED] [FILE …]

Modules that decide are those of SUBJECTS; a mutant is one change of one place (`mutations.py`). For each, the tests
that hold its module run in a process of their own. Prints the mutants that survived, and how many did not; exits 1
below 90 %. `equivalent.txt` lists those that change nothing, each with its reason; they are not counted. The order is
random by the seed, but a change of the code adds and removes its own mutants only.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType

import pytest
from hypothesis import HealthCheck, Phase, settings
from mutations import Mutant, mutants

ROOT = Path(__file__).resolve().parents[1]
TRIAGE = ("tests/bot/triage/test_moves.py", "tests/bot/triage/test_machine.py")
SUBJECTS = {
    "bot/access.py": ("tests/bot/test_views.py",),
    "bot/digest/diff.py": ("tests/bot/digest/test_diff.py",),
    "bot/digest/memory.py": ("tests/bot/digest/test_diff.py",),
    "bot/scan/clusters.py": ("tests/bot/scan/test_clusters.py",),
    "bot/logs/envelope.py": ("tests/bot/logs/test_envelope.py", "tests/bot/logs/test_quoting.py"),
    "bot/logs/record.py": ("tests/bot/logs/test_record.py",),
    "bot/scan/selection.py": ("tests/bot/scan/test_selection.py",),
    "bot/slack/roles.py": ("tests/bot/slack/test_roles.py",),
    "bot/digest/clock.py": ("tests/cases/test_schedule_cases.py",),
    "bot/digest/parser.py": (
        "tests/bot/digest/test_digest_words.py",
        "tests/cases/test_schedule_cases.py",
    ),
    "bot/digest/zones.py": ("tests/cases/test_schedule_cases.py",),
    "bot/target": ("tests/bot/target", "tests/cases/test_target_cases.py"),
    "bot/triage/machine.py": TRIAGE,
    "bot/triage/notes.py": TRIAGE,
    "bot/triage/prompts.py": TRIAGE,
    "checks": ("tests/checks",),
}
CLOSEST = {
    "checks/account_actions.py": ("tests/checks/test_findings.py",),
    "checks/actions.py": ("tests/checks/test_step_actions.py", "tests/checks/test_by_code.py"),
    "checks/commands.py": ("tests/checks/test_command_parts.py",),
    "checks/decided.py": ("tests/checks/test_decided.py",),
    "checks/error_remedies": ("tests/checks/test_error_remedies.py",),
    "checks/evidence/function.py": ("tests/checks/test_runbook.py",),
    "checks/facts/limits.py": ("tests/bot/aws/test_quotas.py",),
    "checks/facts/catalog.py": ("tests/checks/test_facts.py",),
    "checks/facts/runtimes.py": ("tests/checks/test_facts.py", "tests/checks/facts"),
    "checks/facts/sdk.py": ("tests/checks/test_facts.py", "tests/checks/facts"),
    "checks/facts/wrappers.py": ("tests/checks/steps/test_s130_wrapper_set.py",),
    "checks/instrumentation_errors.py": (
        "tests/checks/steps/test_s070_no_function_instrumentation_errors.py",
        "tests/checks/steps/test_s080_subscription_filter_to_spare.py",
    ),
    "checks/links.py": ("tests/bot/diagnosis/test_console_links.py",),
    "checks/log/counts.py": ("tests/checks/test_invocation_counts.py",),
    "checks/log/protobuf.py": ("tests/checks/test_telemetry.py",),
    "checks/log/reading.py": ("tests/checks/test_captures.py",),
    "checks/log/sample.py": ("tests/checks/test_captures.py",),
    "checks/log_filter.py": ("tests/checks/steps/test_s170_traces_reach_the_log_pipe.py",),
    "checks/log_firehose.py": (
        "tests/checks/steps/test_s170_traces_reach_the_log_pipe.py",
        "tests/checks/test_delivery.py",
    ),
    "checks/report.py": ("tests/checks/test_runbook.py", "tests/checks/test_findings.py"),
    "checks/stack_remedies.py": (
        "tests/checks/steps/test_s040_integration_stack_exists.py",
        "tests/checks/steps/test_s020_ten_minutes_passed.py",
    ),
    "checks/timeline.py": ("tests/checks/test_runbook.py",),
    "checks/unseen_invocations.py": ("tests/checks/steps/test_s110_telemetry_payload_logged.py",),
    "checks/variable_actions.py": ("tests/checks/test_step_actions.py",),
    "checks/verdict.py": ("tests/checks/test_verdict.py", "tests/checks/test_runbook.py"),
}
"""What holds a module, or all of a folder, first, where no test has its name."""
Stages = Sequence[tuple[str, ...]]
"""Tests in the order in which they are tried: a mutant that the first ones kill costs little."""
NOT_PURE = ("tests/checks/test_commands.py",)
"""They want a fake account, and more than a second."""
LEAST = 0.9
SECONDS = 120
"""A mutant that wants so much of a processor is one that somebody notices, however busy the machine is."""
PRELOADED = ("hypothesis.stateful", "pydantic_core", "pytest", "yaml")
KILLED, SURVIVED = 1, 0
EVERY = 50
"""How often it says how far it is."""
ALIKE = settings(
    phases=(Phase.explicit, Phase.generate),
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
"""The same examples for each mutant; one that fails is enough, and is not made smaller."""


class _Changed(SourceFileLoader):
    """Imports one module with a source of ours."""

    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self._source = source

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        return spec_from_loader(fullname, self) if fullname == self.name else None

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._source, self.get_filename(fullname), "exec")


@dataclass(frozen=True, slots=True)
class Judged:
    """A mutant's end."""

    mutant: Mutant
    killed: bool
    seconds: float


def subjects() -> Iterator[tuple[str, Stages]]:
    """Each module with the tests that hold it."""
    for subject, tests in SUBJECTS.items():
        if subject.endswith(".py"):
            yield subject, [tests]
            continue
        for path in sorted((ROOT / subject).rglob("*.py")):
            file = str(path.relative_to(ROOT))
            named = ROOT.glob(f"tests/{subject}/**/test_{path.stem}.py")
            folder = str(path.parent.relative_to(ROOT))
            closest = CLOSEST.get(file) or CLOSEST.get(folder)
            own = closest or tuple(str(each.relative_to(ROOT)) for each in named)
            yield file, [own, tests] if own else [tests]


def child(mutant: Mutant | None, stages: Stages) -> int:
    """Start the tests in a process of their own; its id."""
    if pid := os.fork():
        return pid
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    signal.alarm(10 * SECONDS)  # for one that waits
    if mutant:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        name = mutant.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        sys.meta_path.insert(0, _Changed(name, str(ROOT / mutant.file), mutant.source))
    options = ["-x", "-q", "--noconftest", "--tb=no", *(f"--ignore={each}" for each in NOT_PURE)]
    for tests in stages:
        if pytest.main([*options, "--rootdir", str(ROOT), *tests]) != pytest.ExitCode.OK:
            os._exit(KILLED)
    os._exit(SURVIVED)


def judged(chosen: Sequence[Mutant], tests: dict[str, Stages]) -> Iterator[Judged]:
    """As many at a time as there are processors."""
    waiting = list(reversed(chosen))
    running: dict[int, tuple[Mutant, float]] = {}
    while waiting or running:
        while waiting and len(running) < len(os.sched_getaffinity(0)):
            mutant = waiting.pop()
            running[child(mutant, tests[mutant.file])] = mutant, time.monotonic()
        pid, status = os.wait()
        mutant, began = running.pop(pid)
        killed = os.waitstatus_to_exitcode(status) != SURVIVED
        yield Judged(mutant, killed, time.monotonic() - began)


def equivalents() -> dict[str, str]:
    """Mutants that change nothing, with the reason of each."""
    text = (ROOT / "benchmarks" / "equivalent.txt").read_text()
    pairs = [block.split("\n    because ") for block in text.strip().split("\n\n")[1:]]
    return {mutant.strip(): because for mutant, because in pairs}


def choose(
    found: Sequence[Mutant], equivalent: dict[str, str], most: int, seed: int
) -> list[Mutant]:
    """So many of them, without those that change nothing."""
    found = [each for each in found if each.spelled not in equivalent]
    return sorted(found, key=lambda each: each.order(seed))[:most]


def main(arguments: Sequence[str]) -> int:
    """The exit status."""
    most, seed = [*map(int, arguments[:2]), *(300, 1)[len(arguments) :]]
    tests = {file: its for file, its in subjects() if file in (arguments[2:] or [file])}
    found = [each for file in tests for each in mutants(ROOT, file)]
    equivalent = equivalents()
    if not arguments[2:] and (stale := equivalent.keys() - {each.spelled for each in found}):
        print("listed as equivalent, and no mutants any more:", *sorted(stale), sep="\n  ")
    for name in PRELOADED:
        importlib.import_module(name)
    settings.register_profile("mutants", ALIKE)
    settings.load_profile("mutants")
    every = dict.fromkeys(test for stages in tests.values() for each in stages for test in each)
    if os.waitpid(child(None, [tuple(every)]), 0)[1]:
        print("the tests fail without any mutant")
        return 1
    chosen = choose(found, equivalent, most, seed)
    survived = []
    for number, each in enumerate(judged(chosen, tests), 1):
        if number % EVERY == 0 and number < len(chosen):
            print(f"{number} of {len(chosen)} tried")
        if not each.killed:
            survived.append(each)
            print(
                f"survived ({each.seconds:.1f} s), line {each.mutant.line}: {each.mutant.spelled}"
            )
    killed = len(chosen) - len(survived)
    print(
        f"{killed} of {len(chosen)} mutants killed (of {len(found)}; {len(equivalent)} equivalent)"
    )
    return 0 if killed >= LEAST * len(chosen) else 1


if __name__ == "__main__":
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.exit(main(sys.argv[1:]))
