"""What the shell does to a verb's output, and what nobody foresaw, as processes meet it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from bot.cli import main

RUN = [sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())"]


def run(*words, behind="", **more):
    """Its status and what came on both streams; `behind` is put behind the command."""
    quoted = " ".join(f"'{word}'" for word in (*RUN, *words))
    return subprocess.run(
        ["/bin/bash", "-c", f"{quoted} {behind}"],
        env=os.environ | more,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_reader_who_has_gone_away_changes_no_status():
    done = run("logs", "/nonexistent", "--json", behind="| true; exit ${PIPESTATUS[0]}")

    assert (done.returncode, done.stderr) == (4, "")


def test_full_disk_is_one_sentence():
    done = run("runbook", behind="> /dev/full")

    assert done.returncode == 4
    assert done.stderr == (
        "slsdiag: Standard output could not be written: No space left on device.\n"
    )


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_change_no_status(closed):
    assert run("logs", "/nonexistent", behind=closed).returncode == 4
    assert run("runbook", behind=closed).returncode == 0


def test_closed_input_is_one_sentence():
    done = run("logs", behind="<&-")

    assert done.returncode == 4
    assert done.stderr.startswith("slsdiag: Standard input is closed")


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_letters_that_the_terminal_lacks_are_spelled_out(encoding):
    text, document = (run("runbook", *more, PYTHONIOENCODING=encoding) for more in ([], ["--json"]))

    assert (text.returncode, text.stderr) == (0, "")
    assert json.loads(document.stdout)["schema"] == 1


def test_what_nobody_foresaw_is_one_sentence(monkeypatch, capsys):
    def broken(*_):
        raise ZeroDivisionError("a token of somebody")

    monkeypatch.setattr("bot.cli.logs.read_log", broken)
    assert main(["logs", os.devnull, "--json"]) == 4
    error = json.loads(capsys.readouterr().out)["error"]

    assert error["code"] == "failed"
    assert "ZeroDivisionError in test_output.py" in error["message"]
    assert "token" not in error["message"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("after", [0.7, 1.5])
def test_demo_once_leaves_no_store_behind(tmp_path, stores_in, number, after):
    with subprocess.Popen(
        [*RUN, "demo", "--once", "/slsdiag orders"],
        env=os.environ | {"TMPDIR": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        time.sleep(after)
        process.send_signal(number)
        process.wait(timeout=30)

    assert stores_in(tmp_path) == []
