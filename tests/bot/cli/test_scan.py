"""`slsdiag scan` as people and scripts see it."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from bot.cli import main
from bot.playground.account.demo_functions import CANARIES, demo
from bot.scan import selection
from checks.runbook import RUNBOOK


@pytest.fixture
def run(aws, capsys):
    def run(*words):
        status = main(("scan", *words))
        out, err = capsys.readouterr()
        return status, out, err

    demo(aws.account())
    return run


@pytest.mark.slow
def test_table_by_cause(run):
    status, out, err = run()

    assert (status, err) == (1, "")
    assert out.startswith("🔴 4 down · 🟠 ")
    assert "\nReporting: 4 of 21 (19.0 %). Verified exactly: 25 of 25 functions.\n" in out
    assert "\n    1  Datadog owns the exec wrapper\n       orders\n" in out
    assert "slsdiag check NAME" in out
    assert not [line for line in out.splitlines() if line != line.rstrip()]
    assert not [step.slug for step in RUNBOOK if f"{step.slug}" in out and "_" in step.slug]
    assert not [canary for canary in CANARIES if canary in out]


@pytest.mark.parametrize("denied", [False, True])
def test_a_scan_verifies_so_many_and_says_how_many_it_left_out(run, aws, monkeypatch, denied):
    monkeypatch.setattr(selection, "MOST_EXACT", 3)
    if denied:  # then nobody knows what was invoked, and every function is doubtful
        aws.fail("monitoring", "ListMetrics", "AccessDenied")
        aws.fail("monitoring", "GetMetricData", "AccessDenied")
    _, out, _ = run()

    words = out.split("One scan verifies 1,000 suspicious functions at most")
    assert len(words) == 2
    left = int(re.search(r"first: (\d+) functions were left out", words[1])[1])
    assert left > 8 if denied else left == 8
    looked = [call for call in aws.calls if call[1] == "GetFunctionConfiguration"]
    assert len(looked) == 3


@pytest.mark.slow
def test_json_is_one_document(run):
    status, out, _ = run("--json")
    document = json.loads(out)

    assert status == 1
    assert document["functions"] == 25
    assert sum(document["verdicts"].values()) == 25
    causes = {each["cause"]: each for each in document["causes"] if each["class"] == "blind"}
    assert causes["wrapper_set"]["functions"] == [
        {"name": "orders", "region": "eu-west-1", "account": "123456789012", "impact": "blind"}
    ]
    assert causes["wrapper_set"]["headline"] == "Datadog owns the exec wrapper"
    assert document["verified_exactly"] == 25
    assert document["unreadable"] == []


@pytest.mark.slow
def test_what_could_not_be_judged_is_named(run, aws):
    aws.fail("lambda", "GetFunctionConfiguration", "AccessDeniedException")
    _, out, _ = run()

    assert "⚪ can't tell: billing, docs, emails" in out


def test_session_that_expired_is_one_of_credentials(run, aws):
    aws.fail("lambda", "ListFunctions", "ExpiredTokenException")
    status, out, _ = run("--json")

    assert (status, json.loads(out)["error"]["code"]) == (4, "no_credentials")


def test_address_that_is_none_is_one_sentence(run, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "localhost:4566")
    status, _, err = run()

    assert status == 2
    assert err == "slsdiag: AWS_ENDPOINT_URL must begin with https:// or http://.\n"


def test_quick_verifies_nothing(run, aws):
    status, out, _ = run("--quick", "--json")

    assert (status, json.loads(out)["verified_exactly"]) == (1, 0)
    assert {call.operation for call in aws.calls}.isdisjoint(
        {"DescribeSubscriptionFilters", "FilterLogEvents", "GetFunctionConfiguration"}
    )


def test_csv_is_a_line_a_function(run):
    _, out, _ = run("--csv", "--quick")
    rows = list(csv.DictReader(io.StringIO(out)))

    assert len(rows) == 25
    assert {row["name"]: row["cause"] for row in rows}["emails"] == "org_id_set"
    assert {row["verified_exactly"] for row in rows} == {"no"}
    emails = next(row for row in rows if row["name"] == "emails")
    assert (emails["impact"], emails["headline"]) == ("blind", "SLS_ORG_ID is empty")


def test_all_names_what_is_no_news(run):
    assert "thumbnails" not in run("--quick")[1]
    assert "thumbnails" in run("--quick", "--all")[1]


def test_prefix_that_fits_no_name_is_said(run):
    assert run("--prefix", "zzz") == (
        0,
        "There are no functions whose names begin with zzz in eu-west-1.\n",
        "",
    )
    status, out, _ = run("--region", "eu-west-1", "--region", "us-east-2", "--prefix", "z")
    assert (status, out) == (
        0,
        "There are no functions whose names begin with z in eu-west-1, us-east-2.\n",
    )


@pytest.mark.parametrize(
    ("code", "error_code"), [("AccessDeniedException", "denied"), (None, "no_credentials")]
)
def test_nothing_readable_is_status_four(run, aws, monkeypatch, code, error_code):
    if code:
        aws.fail("lambda", "ListFunctions", code)
    else:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.delenv(name)
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    status, out, err = run()
    assert (status, out) == (4, "")
    message = (
        "Nothing could be scanned. eu-west-1: " if code else "There are no usable AWS credentials. "
    )
    assert err.startswith(f"slsdiag: {message}")
    assert err.count("\n") == 1

    status, out, err = run("--json")
    assert (status, err) == (4, "")
    assert json.loads(out)["error"]["code"] == error_code


@pytest.mark.parametrize(
    "words",
    [("--region", "mars-1"), ("--account", "nobody"), ("--csv", "extra"), ("--account", "1" * 12)],
)
def test_bad_words_are_one_line(run, words):
    status, out, err = run(*words)

    assert (status, out) == (2, "")
    assert err.startswith("slsdiag: ")
    assert err.count("\n") == 1
