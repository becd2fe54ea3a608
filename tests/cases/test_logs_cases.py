"""Logs in the shapes that tools print, and what `slsdiag logs` must read in each."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from bot.cli import main

FOLDER = Path(__file__).parent
CASES = {case["file"]: case for case in yaml.safe_load((FOLDER / "logs.yaml").read_text())}
OF_THE_USER = ("sending receipt", "sent", "stripe_client", "nodemailer", "user/jo", "/var/task")


def test_every_file_is_a_case():
    assert {f"logs/{path.name}" for path in (FOLDER / "logs").iterdir()} == set(CASES)


@pytest.mark.parametrize("file", CASES)
def test_case(file, capsys):
    status = main(["logs", str(FOLDER / file), "--json"])
    said = capsys.readouterr().out
    document, expect = json.loads(said), CASES[file]["expect"]

    assert status in expect["status"]
    if "error" in expect:
        assert document["error"]["code"] == expect["error"]
        return
    problems, allowed = set(expect["problems"]), set(expect.get("allowed", []))
    assert document["rung"] == expect["rung"]
    assert problems <= set(document["problems"]) <= problems | allowed
    assert len(document["payloads"]) == expect["payloads"]
    assert document["undecodable"] == 0
    for words in expect.get("says", []):
        assert words in document["saw"]
    for payload in document["payloads"]:
        assert payload["service"] == "refund-mailer"
        assert payload["org_id"] == "org-9d8c7b6a"
        assert payload["outcome"] == "success"
    ids = [payload["request_id"] for payload in document["payloads"]]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("file", CASES)
def test_nothing_of_the_users_own_lines_is_said(file, capsys):
    main(["logs", str(FOLDER / file), "--json"])
    main(["logs", str(FOLDER / file)])
    said = "".join(capsys.readouterr())

    assert not [word for word in OF_THE_USER if word in said]
