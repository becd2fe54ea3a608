"""Ctrl-C ends what only reads at once, however slow AWS is."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.playground.account.demo_functions.fake_function import healthy, healthy_account

SLSDIAG = "env", "--default-signal=INT", Path(sys.executable).with_name("slsdiag")
"""Ctrl-C is heard, also where a shell that started the tests beside itself has it ignored."""
AWS_TAKES = 20.0


@pytest.mark.parametrize("words", [["check", "orders"], ["scan"], ["doctor"]])
def test_ctrl_c_ends_it_while_aws_is_silent(aws, until, words):
    aws.latency = AWS_TAKES
    terminal, stderr = pty.openpty()
    with subprocess.Popen([*SLSDIAG, *words], stdout=subprocess.PIPE, stderr=stderr) as process:
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


@pytest.fixture
def waiting(aws):
    """A check that has ten minutes to wait."""
    healthy_account(aws.account(), datetime.now(UTC))
    aws.account().region("us-east-1").stacks.clear()
    aws.account().stack(datetime.now(UTC))
    healthy(aws.account(), "orders")
    return [*SLSDIAG, "check", "orders", "--wait"]


def test_ctrl_c_ends_a_wait(waiting):
    """Where nobody watches there is no countdown, and it sleeps for half a minute at a time."""
    with subprocess.Popen(waiting, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        said = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, rest = process.communicate(timeout=15)

    assert b"Waiting; Ctrl-C stops." in said
    assert (process.returncode, out, rest) == (130, b"", b"")


def test_wait_counts_down_on_a_terminal(waiting, until):
    terminal, stderr = pty.openpty()
    drawn = bytearray()

    def counted():
        if select.select([terminal], [], [], 0)[0]:
            drawn.extend(os.read(terminal, 65536))
        return len(set(re.findall(rb"Checks again in (\d+:\d\d)", drawn))) > 1

    environment = os.environ | {"TERM": "xterm-256color"}
    with subprocess.Popen(
        waiting, stdout=subprocess.PIPE, stderr=stderr, env=environment
    ) as process:
        try:
            until(counted, 30)
        finally:
            process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=15)
    os.close(stderr)
    drawn.extend(os.read(terminal, 65536))
    os.close(terminal)

    assert (process.returncode, out) == (130, b"")
    assert b"Traceback" not in drawn
    assert drawn.endswith(b"\x1b[?25h")  # the cursor shows again
