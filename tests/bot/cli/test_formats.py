"""`--format` of check and scan: one document on standard output, whatever happens."""

from __future__ import annotations

import json
from xml.etree.ElementTree import fromstring

import pytest

from bot.cli import main
from bot.playground.account.demo_functions import CANARIES, demo


@pytest.fixture
def run(aws, capsys):
    demo(aws.account())

    def run(*words):
        status = main(words)
        out, err = capsys.readouterr()
        return status, out, err

    return run


def root_of(out):
    return fromstring(out.encode())  # noqa: S314 - our own


def test_check_as_junit(run):
    status, out, err = run("check", "orders", "--format", "junit")
    (suite,) = root_of(out)
    failed = {
        case.get("name"): case[0].get("message") for case in suite if case[0].tag == "failure"
    }

    assert (status, err) == (1, "")
    assert (suite.get("name"), suite.get("tests")) == ("orders", "24")
    assert failed["wrapper_set"] == "Datadog owns the exec wrapper"


def test_check_as_annotations(run):
    status, out, err = run("check", "orders", "--format=github")
    first, last = out.removesuffix("\n").split("\n")

    assert (status, err) == (1, "")
    assert first.startswith("::error title=orders · Datadog owns the exec wrapper::AWS_LAMBDA_EXEC")
    assert (
        "%0ACaused by the same problem: Invocations end without a telemetry payload%0A1. " in first
    )
    assert last == "slsdiag: 24 checks, 1 error"


def test_a_healthy_function_annotates_nothing(run):
    status, out, _ = run("check", "checkout", "--format", "github")

    assert (status, out) == (0, "slsdiag: 24 checks, no problems\n")


def test_format_json_is_json_and_text_is_text(run):
    documents = [run("check", "orders", *words)[1] for words in (["--json"], ["--format", "json"])]
    one, other = ({**json.loads(text), "checked_at": ""} for text in documents)

    assert one.keys() == other.keys()
    assert one["cause"] == other["cause"] == "wrapper_set"
    assert run("check", "orders", "--json", "--format", "json")[0] == 1
    assert run("check", "orders", "--format", "text")[1].startswith("🟠 orders is not reporting")


def test_scan_in_both_formats(run):
    status, out, err = run("scan", "--quick", "--format", "junit")
    root = root_of(out)
    failed = {case.get("name") for case in root.iter("testcase") if case[0].tag == "failure"}
    annotated, lines, _ = run("scan", "--quick", "--format", "github")

    assert (status, annotated, err) == (1, 1, "")
    assert root.get("tests") == "25"
    assert {"emails", "billing"} <= failed
    assert "checkout" not in failed
    assert not [canary for canary in CANARIES if canary in out + lines]
    assert "::error title=SLS_ORG_ID is empty · 1 function not reporting::emails%0A" in lines


@pytest.mark.parametrize(
    ("words", "form"),
    [
        (["check", "a", "--json", "--format", "junit"], "json"),
        (["check", "a", "--format", "text", "--json"], "json"),
        (["check", "a", "--for-support", "--format", "junit"], "junit"),
        (["scan", "--csv", "--format", "github"], "github"),
        (["scan", "--csv", "--json"], "json"),
        (["scan", "--csv", "--format", "text"], "text"),
        (["check", "a", "--format", "xml"], "text"),
        (["check", "--format=junit"], "junit"),
        (["check", "a/b", "--format", "github"], "github"),
        (["scan", "--format", "junit", "--nope"], "junit"),
        (["scan", "--region", "mars", "--format", "github"], "github"),
        (["policy", "--format", "json", "--nope"], "text"),
    ],
)
def test_wrong_usage_is_said_in_the_format_that_was_asked_for(run, aws, words, form):
    status, out, err = run(*words)

    assert status == 2
    assert aws.calls == []
    assert bool(err) == (form == "text") == (not out)
    if form == "json":
        assert json.loads(out)["error"]["code"] == "usage"
    elif form == "junit":
        assert root_of(out).find("testsuite/testcase/error").get("type") == "usage"
    elif form == "github":
        assert out.startswith(f"::error title=slsdiag {words[0]}%3A usage::")
        assert out.count("\n") == 1


@pytest.mark.parametrize("form", ["junit", "github"])
def test_nothing_checked_is_a_document_as_well(run, aws, form):
    missing = run("check", "nosuch", "--format", form)
    aws.fail("lambda", "ListFunctions", "ExpiredTokenException")
    signed_out = run("scan", "--format", form)

    for status, out, err in (missing, signed_out):
        assert (status, err) == (4, "")
        if form == "junit":
            assert root_of(out).get("errors") == "1"
        else:
            assert out.startswith("::error title=slsdiag ")
