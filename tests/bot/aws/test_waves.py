"""What hangs keeps nobody waiting."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest

from bot.aws.waves import Wave
from checks.evidence import Missing


def test_parts_are_read_at_once_and_progress_tells_what_is_left():
    told: list[frozenset[str]] = []
    both = threading.Barrier(2, timeout=5)
    wave = Wave(told.append)

    first, second = wave.ask("a", both.wait), wave.ask("b", both.wait)

    assert {wave.get(first), wave.get(second)} == {0, 1}
    assert told[-1] == frozenset()
    assert told[0] in (frozenset("a"), frozenset("b"))


@pytest.mark.parametrize("within", [None, 0.05])
def test_what_is_late_is_missing(within):
    never = threading.Event()
    wave = Wave(lambda _: None, seconds=0.05 if within is None else 30)

    found = wave.get(wave.begin(never.wait), within=within)
    never.set()

    assert isinstance(found, Missing)
    assert "did not answer" in found.why


def test_error_is_raised_where_it_is_waited_for():
    wave = Wave(lambda _: None)

    def fail() -> None:
        raise TimeoutError("its own")

    with pytest.raises(TimeoutError, match="its own"):
        wave.get(wave.begin(fail))


def test_hanging_call_does_not_keep_the_process():
    began = time.monotonic()
    program = (
        "import threading; from bot.aws.waves import Wave; "
        "Wave(print).begin(threading.Event().wait)"
    )

    done = subprocess.run([sys.executable, "-c", program], check=False, timeout=20)

    assert done.returncode == 0
    assert time.monotonic() - began < 10
