"""A wall clock that may be stepped, for a process of its own, by Debian's faketime."""

from __future__ import annotations

from pathlib import Path

LIBRARY = "lib/*/faketime/libfaketimeMT.so.1"
SLEEP = """
# libfaketime 0.9.10 makes clock_nanosleep fail where the monotonic clock is not faked
import select, time
time.sleep = lambda seconds: select.select((), (), (), max(0, seconds)) and None
"""
"""Run by each Python at its start."""


def library() -> Path | None:
    """What fakes the clock; None where the package faketime is not installed."""
    return next(Path("/usr").glob(LIBRARY), None)


class SteppedClock:
    """Of every process that is started with `environment`; the monotonic clock stays true."""

    def __init__(self, folder: Path) -> None:
        """Right at first."""
        loaded = library()
        if loaded is None:
            raise FileNotFoundError("apt-get install faketime")
        self._file = folder / "clock"
        self._ahead = 0.0
        self.step(0)
        python = folder / "python"
        python.mkdir()
        (python / "sitecustomize.py").write_text(SLEEP)
        self.environment = {
            "PYTHONPATH": str(python),
            "LD_PRELOAD": str(loaded),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def step(self, seconds: float) -> None:
        """Forward, or back."""
        self._ahead += seconds
        written = self._file.with_suffix(".new")
        written.write_text(f"{self._ahead:+.3f}\n")
        written.replace(self._file)  # a process reads it each time it reads the clock
