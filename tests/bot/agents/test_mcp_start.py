"""How `slsdiag mcp` begins, or says why it does not."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys

import pytest

from bot.cli import main
from bot.cli.slips import unknown_settings
from tests.bot.agents.clients import RUN


def test_missing_extra_is_named(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "mcp", None)

    assert main(["mcp"]) == 2
    assert capsys.readouterr().err == (
        "slsdiag: slsdiag mcp needs an extra: in slsdiag's checkout, pip install '.[mcp]'.\n"
    )


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SLSDIAG_MCP_TOKEN", "too-short", "must have at least 16 characters"),
        ("SLSDIAG_MCP_TOKEN", "", "must have at least 16 characters"),
        ("SLSDIAG_MCP_CALLS", "0", "must be a whole number from 1 on"),
        ("SLSDIAG_MCP_CALLS", "many", "must be a whole number from 1 on"),
    ],
)
def test_bad_setting_is_named_and_not_repeated(monkeypatch, capsys, name, value, says):
    monkeypatch.setenv(name, value)

    assert main(["mcp", "--http", "0"]) == 2
    err = capsys.readouterr().err
    assert f"{name} {says}" in err
    assert "too-short" not in err


def test_settings_of_this_verb_are_known():
    assert list(unknown_settings({"SLSDIAG_MCP_TOKEN": "x", "SLSDIAG_MCP_CALLS": "1"})) == []
    assert "Did you mean SLSDIAG_MCP_TOKEN?" in next(unknown_settings({"SLSDIAG_MCP_TOKE": "x"}))


def test_port_in_use_is_one_line(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert main(["mcp", "--http", str(port)]) == 4
    assert capsys.readouterr().err == (
        f"slsdiag: Port {port} of 127.0.0.1 cannot be used: Address already in use.\n"
    )


def test_token_is_made_where_none_is_set_and_interrupting_ends_the_server():
    environment = {k: v for k, v in os.environ.items() if k != "SLSDIAG_MCP_TOKEN"}
    heard = ["env", "--default-signal=INT"]  # what a shell starts beside itself ignores Ctrl-C
    with subprocess.Popen(
        [*heard, sys.executable, "-c", RUN, "mcp", "--http", "0"],
        env=environment,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        token, address = process.stderr.readline(), process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)

    assert len(token.removeprefix("Bearer token, for this start only: ").strip()) >= 43
    assert address.startswith("Listening on http://127.0.0.1:")
    assert (process.returncode, out, err) == (130, "", "")


def test_closed_input_ends_the_server_at_once():
    done = subprocess.run(
        [sys.executable, "-c", RUN, "mcp"], input="", capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
