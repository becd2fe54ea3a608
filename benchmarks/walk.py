"""
How many of our files stand between a wire and the other: `/slsdiag NAME` to the card, `slsdiag check`.

    python benchmarks/walk.py [NAME]

A file is on the walk when one of its functions is on the stack at a call of AWS, Slack or the store,
at standard output, or at the runbook's walk: whoever follows a request reads these. What returns
before (parsers, values, texts) is not, nor are steps and the playground. Prints them, a line each.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from bot.playground.account import FakeAws
from bot.playground.account.demo_functions import demo as demo_account
from bot.playground.demo import fake_environment, running

ROOT = Path(__file__).parent.parent
AIMS = {"bot": 30, "check": 22}
ENDS = {
    "api_call": "slack_sdk",
    "_make_api_call": "botocore",
    "execute_command": "redis",
    "echo": "click",
    "print": "rich",
    "walk": "checks/runbook.py",
}
"""Functions that a walk ends at, and what their files' paths hold."""
IDLE, PATIENCE = 4.0, 60.0
"""Seconds."""
SKIPPED = ("bot/playground/", "checks/s0", "checks/s1")


class Recorder:
    """Which of our files are on a stack at one of the ends, while somebody wants to know."""

    def __init__(self) -> None:
        """From now on, in this thread and in all that begin later."""
        self._files: set[str] | None = None
        threading.setprofile(self._note)
        sys.setprofile(self._note)

    def _note(self, frame: FrameType, event: str, _: Any) -> None:
        if self._files is None or event != "call":
            return
        end = ENDS.get(frame.f_code.co_name)
        if end is None or end not in frame.f_code.co_filename:
            return
        self._files |= {
            os.path.relpath(path, ROOT) for path in stack(frame) if path.startswith(str(ROOT))
        }

    @contextmanager
    def recording(self) -> Iterator[set[str]]:
        """Into a set."""
        self._files = files = set[str]()
        try:
            yield files
        finally:
            self._files = None


def stack(frame: FrameType | None) -> Iterator[str]:
    """The files of a frame and of all that called it."""
    while frame is not None:
        yield frame.f_code.co_filename
        frame = frame.f_back


def of_the_command_line(recorder: Recorder, name: str) -> set[str]:
    """What is walked for `slsdiag check`."""
    from bot.cli import main  # noqa: PLC0415 - after the recorder, which must see its threads

    with FakeAws() as aws:
        demo_account(aws.account())
        fake_environment(aws)
        with recorder.recording() as files, contextlib.redirect_stdout(io.StringIO()):
            main(["check", name])
    return files


def of_the_bot(recorder: Recorder, name: str) -> set[str]:
    """What is walked for a command; what runs anyway, the clock and its upkeep, is not."""
    with running() as demo:
        with recorder.recording() as idle:
            time.sleep(IDLE)
        with recorder.recording() as files:
            demo.you.types(f"/slsdiag {name}")
            demo.slack.waits_for(lambda message: bool(message.buttons()), PATIENCE)
    return files - idle


def main() -> int:
    """Print the files and their number, beside what is aimed at."""
    name = (sys.argv[1:] or ["orders"])[0]
    recorder = Recorder()
    walks = {"check": of_the_command_line(recorder, name), "bot": of_the_bot(recorder, name)}
    for which, files in walks.items():
        counted = sorted(path for path in files if not path.startswith((*SKIPPED, "benchmarks/")))
        print(f"{which}:", *counted, sep="\n  ")
        print(f"{which}: {len(counted)} files, aimed at {AIMS[which]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
