"""The command line as people and scripts see it: text, JSON, exit status."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli import main
from bot.playground.account.demo_functions import CANARIES, DEMO_FUNCTIONS, demo, plant


def run(capsys, *words):
    status = main(words)
    out, err = capsys.readouterr()
    return status, out, err


def test_healthy_function(aws, capsys):
    demo(aws.account())
    status, out, err = run(capsys, "check", "checkout")

    assert (status, err) == (0, "")
    assert out.startswith("✅ checkout is healthy\n")
    assert "Everything checked in AWS works: payload logged" in out
    assert "\x1b" not in out


def test_wrong_clock_is_said(aws, capsys):
    demo(aws.account())
    aws.clock_ahead = 600
    status, out, err = run(capsys, "check", "checkout", "--json")

    assert (status, json.loads(out)["verdict"]) == (0, "healthy")
    assert "behind AWS's" in err


def test_json_is_one_document(aws, capsys):
    demo(aws.account())
    status, out, _ = run(capsys, "check", "orders", "--json")
    document = json.loads(out)

    assert status == 1
    assert (document["verdict"], document["cause"]) == ("problem", "wrapper_set")
    assert document["summary"].startswith("AWS_LAMBDA_EXEC_WRAPPER belongs to Datadog")
    assert len(document["steps"]) == 24


def test_for_support_is_ready_to_copy_and_says_what_was_taken_out(aws, capsys):
    demo(aws.account())
    status, out, _ = run(capsys, "check", "orders", "--for-support")

    assert status == 1
    assert out.startswith("slsdiag report for Serverless's support\nFunction: orders · nodejs22.x")
    assert "130 wrapper_set: problem. AWS_LAMBDA_EXEC_WRAPPER belongs to Datadog" in out
    assert "123456789012" not in out
    assert "Removed: all but the last 4 digits of account numbers (" in out
    assert run(capsys, "check", "orders", "--for-support", "--json")[0] == 2


@pytest.mark.slow
def test_demo_account_tells_no_secret(aws, capsys):
    for name in demo(aws.account()):
        _, out, err = run(capsys, "check", name)
        assert not [canary for canary in CANARIES if canary in out + err]


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (["check"], 2, "usage"),
        (["check", "a/b"], 2, "usage"),
        (["check", "checkout", "--nope"], 2, "usage"),
        (["check", "checkout", "mars"], 2, "usage"),
        (["check", "checkout", "--answer", "wrapper_set=x"], 2, "usage"),
        (["check", "checkout", "--answer", "function_instrumented=maybe"], 2, "usage"),
        (["check", "checkout", "--answer", "no_account_integration_errors=none"], 2, "usage"),
        (["check", "checkout", "--answer", "no_account_integration_errors=No errors"], 2, "usage"),
        (["check", "checkout", *["--answer", "function_instrumented=It is on"] * 2], 2, "usage"),
        (["check", "checkout", "--account", "production"], 2, "usage"),
        (["check", "nosuch"], 4, "no_such_function"),
        (["logs", "/nonexistent"], 4, "unreadable"),
    ],
)
def test_refusals(aws, capsys, words, status, code):
    demo(aws.account())
    found, out, _ = run(capsys, *words, "--json")
    document = json.loads(out)

    assert found == status
    assert (document["schema"], document["error"]["code"]) == (1, code)
    if status == 2:
        assert aws.calls == []
    found, out, err = run(capsys, *words)
    assert (found, out) == (status, "")
    assert err.count("\n") == 1


def test_demo_needs_nothing(capsys, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL"):
        monkeypatch.setenv(name, "")
    status, out, _ = run(capsys, "demo", "--once", "/slsdiag orders")

    assert status == 0
    assert "belongs to Datadog" in out
    assert run(capsys, "demo", "--once", "orders")[0] == 2


def test_denied_configuration(aws, capsys):
    demo(aws.account())
    aws.fail("lambda", "GetFunctionConfiguration", "AccessDeniedException", status=403)
    status, out, _ = run(capsys, "check", "checkout", "--json")

    assert status == 4
    assert json.loads(out)["error"]["code"] == "denied"
    assert "lambda:GetFunctionConfiguration" in out


def test_no_credentials(aws, capsys, monkeypatch):
    demo(aws.account())
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    status, out, _ = run(capsys, "check", "checkout", "--json")

    assert status == 4
    assert json.loads(out)["error"]["code"] == "no_credentials"


def test_unreachable(aws, capsys, monkeypatch):
    del aws  # its environment is wanted, its address is not
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    status, out, _ = run(capsys, "check", "checkout", "--json")

    assert status == 4
    assert json.loads(out)["error"]["code"] == "unreachable"


def test_answer_is_taken(aws, capsys):
    demo(aws.account())
    answer = "no_account_integration_errors=Role is broken"
    status, out, _ = run(capsys, "check", "checkout", "--answer", answer, "--json")

    assert status == 1
    assert json.loads(out)["cause"] == "no_account_integration_errors"


def test_function_elsewhere_is_found_and_two_are_asked(aws, capsys, monkeypatch):
    demo(aws.account())
    monkeypatch.setenv("SLSDIAG_REGIONS", "us-east-1, eu-central-1")
    modified = datetime(2026, 1, 1, tzinfo=UTC)
    for region in ("us-east-1", "eu-central-1"):
        aws.account().region(region).function("twice", modified_at=modified)
    aws.account().region("us-east-1").function("once", modified_at=modified)

    status, out, _ = run(capsys, "check", "once", "--json")
    assert status in {1, 3}
    assert json.loads(out)["function"]["region"] == "us-east-1"
    assert "Not in eu-west-1: found in us-east-1 of 123456789012." in json.loads(out)["summary"]

    status, out, _ = run(capsys, "check", "twice", "--json")
    assert status == 2
    assert json.loads(out)["error"]["places"] == [
        {"account": "123456789012", "region": "us-east-1"},
        {"account": "123456789012", "region": "eu-central-1"},
    ]


def test_configured_account_is_assumed(aws, capsys, monkeypatch):
    other = aws.account("999999999999")
    arn = other.trust("slsdiag", "secret-of-ours")
    demo(other)
    accounts = {
        "prod": {"role_arn": arn, "external_id": "secret-of-ours", "regions": ["eu-west-1"]}
    }
    monkeypatch.setenv("SLSDIAG_ACCOUNTS", json.dumps(accounts))

    for words in (["--account", "prod"], ["--account", "999999999999"], []):
        status, out, _ = run(capsys, "check", "checkout", *words, "--json")
        assert status == 0
        assert json.loads(out)["function"]["account"] == "999999999999"

    accounts["prod"]["external_id"] = "wrong"
    monkeypatch.setenv("SLSDIAG_ACCOUNTS", json.dumps(accounts))
    status, out, _ = run(capsys, "check", "checkout", "--account", "prod", "--json")
    assert status == 4
    assert json.loads(out)["error"]["code"] == "denied"
    assert "external id" in out
    assert "wrong" not in out


def test_bad_setting_is_one_line(aws, capsys, monkeypatch):
    monkeypatch.setenv("SLSDIAG_ACCOUNTS", "{nope")
    status, _, err = run(capsys, "check", "checkout")
    assert (status, err.count("\n")) == (2, 1)
    assert "SLSDIAG_ACCOUNTS" in err


@pytest.mark.slow
def test_wait_stays_until_the_wait_is_over(aws, capsys):
    """The stack's own age makes the wait a short one."""
    wanted = DEMO_FUNCTIONS["healthy"]
    bed = plant(aws.account(), wanted, wanted.languages[0])
    aws.account().region("us-east-1").stacks.clear()
    aws.account().stack(datetime.now(UTC) - timedelta(minutes=10) + timedelta(seconds=3))
    bed.config["LastModified"] = "2026-01-01T00:00:00.000+0000"

    status, _, err = run(capsys, "check", "checkout", "--wait")

    assert "Waiting" in err
    assert status in {0, 1, 3}
    assert main(["check", "checkout", "--json"]) != 4


def test_manifest_and_policy_are_json(capsys):
    assert "commands" in run(capsys, "manifest")[1]
    assert json.loads(run(capsys, "manifest", "--mode", "http")[1])["settings"]
    assert json.loads(run(capsys, "policy")[1])["Version"] == "2012-10-17"


def test_policy_for_the_remedies_is_apart(capsys):
    reads, fixes = (
        {action for each in json.loads(policy)["Statement"] for action in each["Action"]}
        for policy in (run(capsys, "policy")[1], run(capsys, "policy", "--fix")[1])
    )

    assert "lambda:UpdateFunctionConfiguration" in fixes - reads
    assert not [each for each in reads if each.split(":")[1].startswith(("Update", "Delete"))]


def test_runbook_is_listed(capsys):
    document = json.loads(run(capsys, "runbook", "--json")[1])

    assert len(document["steps"]) == 24
    assert set(document["steps"][0]) == {
        "step",
        "title",
        "section",
        "reads",
        "symptom",
        "explained_by",
    }


@pytest.mark.parametrize("words", [["runbook"], ["--help"], ["serve", "--help"]])
def test_what_only_prints_imports_nothing_heavy(words):
    code = (
        f"import sys; from bot.cli import main; main({words});"
        "print([m for m in ('boto3', 'pydantic', 'slack_bolt', 'redis') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip().endswith("[]")


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("runbook", "Create Invocations\n"),
        ("demo --once '/slsdiag orders'", "you: /slsdiag orders\n"),
    ],
)
def test_closed_pipe_is_no_error(words, first):
    program = Path(sys.executable).with_name("slsdiag")
    shell = f"set -o pipefail; {program} {words} | head -1"
    done = subprocess.run(["/bin/bash", "-c", shell], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr, done.returncode) == (first, "", 0)


def test_log_that_proves_nothing_says_what_to_give(capsys, tmp_path):
    odd = tmp_path / "odd.log"
    odd.write_text("2026-02-30T00:00:00.000Z 2026/02/28/[$LATEST]0123 START\n")
    status, out, _ = run(capsys, "logs", str(odd))

    assert status == 3
    assert "aws logs filter-log-events" in out


def test_log_in_another_wrapping(capsys, tmp_path):
    text = (Path(__file__).parents[2] / "captures" / "node-success.log").read_text()
    powershell, packed = tmp_path / "utf-16.log", tmp_path / "packed.gz"
    powershell.write_text(text, encoding="utf-16")
    packed.write_bytes(gzip.compress(text.encode()))

    assert run(capsys, "logs", str(powershell))[0] == 0
    assert run(capsys, "logs", str(packed))[0] == 0


def test_log_names_the_checks_that_fail(capsys):
    log = Path(__file__).parents[2] / "captures" / "node-org-id-empty.log"
    status, out, _ = run(capsys, "logs", str(log))

    assert status == 1
    assert "Failed check: Is SLS_ORG_ID set?\n" in out


def test_logs_from_standard_input():
    program = Path(sys.executable).with_name("slsdiag")
    capture = Path(__file__).parents[2] / "captures" / "node-success.log"
    done = subprocess.run(
        [program, "logs", "--json"],
        input=capture.read_bytes(),
        capture_output=True,
        check=False,
        env=os.environ,
    )

    assert done.returncode == 0
    assert json.loads(done.stdout)["rung"] == "telemetry"


SECRET = "ghp_" + "a1B2" * 9


@pytest.mark.parametrize("org", ["", "undefined", "${param:orgId}", "my org"])
@pytest.mark.parametrize("words", [("check", "checkout"), ("logs", "-")])
def test_what_is_no_org_id_is_refused(aws, capsys, words, org):
    """Compared with a payload's, it would make every function's wrong."""
    status, out, err = run(capsys, *words, "--org", org)

    assert (status, out) == (2, "")
    assert "--org is" in err


@pytest.mark.parametrize(
    "words",
    [
        ("check", SECRET),
        ("check", f"checkout:{SECRET}"),
        ("check", "checkout", "--account", SECRET),
        ("check", "checkout", "--org", SECRET),
        ("check", "checkout", "--profile", SECRET),
        ("check", "checkout", "--region", SECRET),
        ("check", "checkout", SECRET, "--region", "eu-west-1"),
        ("check", "checkout", "--answer", f"{SECRET}=x"),
        ("check", "checkout", f"--{SECRET}"),
        ("scan", "--prefix", SECRET),
        ("scan", "--account", SECRET),
        ("scan", "--region", SECRET),
        ("logs", "--org", SECRET),
        ("logs", SECRET),
        (SECRET,),
    ],
)
def test_secret_on_the_command_line_is_refused_and_not_repeated(aws, capsys, words):
    status, out, err = run(capsys, *words)

    assert status in {2, 4}
    assert err.startswith("slsdiag: ")
    assert SECRET[4:12] not in out + err
    assert not aws.calls
