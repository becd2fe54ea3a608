"""Ctrl-C ends what only reads at once, however slow AWS is."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SLSDIAG = Path(sys.executable).with_name("slsdiag")
AWS_TAKES = 20.0


@pytest.mark.parametrize("words", [["check", "orders"], ["scan"], ["doctor"]])
def test_ctrl_c_ends_it_while_aws_is_silent(aws, until, words):
    aws.latency = AWS_TAKES
    terminal, stderr = pty.openpty()
    with subprocess.Popen([SLSDIAG, *words], stdout=subprocess.PIPE, stderr=stderr) as process:
        until(lambda: aws.calls, 15)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=2 * AWS_TAKES)
    os.close(stderr)
    aws.latency = 0.0

    assert time.monotonic() - began < AWS_TAKES / 2
    assert (process.returncode, out) == (130, b"")
    drawn = os.read(terminal, 65536)
    assert b"Traceback" not in drawn
    assert drawn.endswith(b"\x1b[?25h")  # the cursor shows again
    os.close(terminal)
