"""Every capture of the real SDKs is decoded and placed, whatever its file is called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from serverless_sdk_schema import TracePayload

from bot.logs.reading import read_text
from bot.logs.shapes import parse
from checks.log.sample import Rung, read_events
from checks.log.telemetry import decode

FOLDER = Path(__file__).parent.parent / "captures"
INDEX = json.loads((FOLDER / "index.json").read_text())
RUNGS = {
    "no-sdk-line": Rung.NOTHING,
    "org-id-missing": Rung.ORG_ID_MISSING,
    "wrapper-only": Rung.WRAPPER_INITIALIZED,
    "fatal-in-wrapper": Rung.SETUP_FAILED,
    "handler-not-wrapped": Rung.SDK_INITIALIZED,
    "invocation-cut-short": Rung.INVOCATION_STARTED,
    "telemetry": Rung.TELEMETRY,
}
NAMES = sorted(path.stem for path in FOLDER.glob("*.log"))
CASES = pytest.mark.parametrize("name", NAMES)
OUTCOMES = {
    "OUTCOME_SUCCESS": "success",
    "OUTCOME_ERROR_INITIALIZATION": "error_initialization",
    "OUTCOME_ERROR_UNHANDLED": "error_unhandled",
    "OUTCOME_ERROR_TIMEOUT": "error_timeout",
    "OUTCOME_ERROR_HANDLED": "error_handled",
}


def text(name: str) -> str:
    return (FOLDER / f"{name}.log").read_text()


def test_all_captures_are_here():
    assert len(NAMES) == len(INDEX) == 63


@CASES
def test_rung_is_that_of_the_index(name):
    reading = read_text(text(name))

    assert reading.rung is RUNGS[INDEX[name]["stage"]]
    assert len(reading.payloads) == INDEX[name]["payloads"]
    assert sum(p.sampled_out for p in reading.payloads) == INDEX[name]["sampled_out"]
    assert sum(p.truncated for p in reading.payloads) == INDEX[name]["truncated"]
    assert reading.undecodable == 0


@CASES
def test_payloads_are_those_that_the_vendors_package_decoded(name):
    path = FOLDER / f"{name}.telemetry.json"
    expected = json.loads(path.read_text()) if path.exists() else []
    found = read_text(text(name)).payloads

    assert len(found) == len(expected)
    for payload, whole in zip(found, (each["payload"] for each in expected), strict=True):
        tags, spans = whole["sls_tags"], whole["spans"]
        own = next(s for s in spans if s["name"] == "aws.lambda")["tags"]["aws"]["lambda"]
        assert payload.org_id == tags["org_id"]
        assert payload.service == tags["service"]
        assert (payload.sdk_name, payload.sdk_version) == (
            tags["sdk"]["name"],
            tags["sdk"]["version"],
        )
        assert payload.spans == tuple(s["name"] for s in spans)
        assert payload.events == tuple(e["event_name"] for e in whole.get("events", []))
        assert payload.request_id == own["request_id"]
        assert payload.outcome == OUTCOMES[own["outcome"]]
        assert payload.is_coldstart == own.get("is_coldstart", False)
        assert payload.sampled_out == whole.get("is_sampled_out", False)


@CASES
def test_decoder_agrees_with_the_vendors_schema(name):
    import base64
    import gzip

    for line in text(name).splitlines():
        if line.startswith("SERVERLESS_TELEMETRY.TZ."):
            ours = decode(line)
            theirs = TracePayload.FromString(gzip.decompress(base64.b64decode(line[24:])))
            assert ours.org_id == theirs.sls_tags.org_id
            assert ours.spans == tuple(span.name for span in theirs.spans)
            assert ours.events == tuple(event.event_name for event in theirs.events)


@pytest.mark.parametrize(
    "path", sorted((FOLDER / "cloudwatch").glob("*.json")), ids=lambda p: p.stem
)
def test_cloudwatch_answer_reads_like_the_plain_log(path):
    reading = read_text(path.read_text())

    assert reading.rung is RUNGS[INDEX[path.stem]["stage"]]


@pytest.mark.parametrize(
    ("name", "status", "problems"),
    [
        ("cloudwatch/node-wrapper-not-set.json", 1, {"telemetry_payload_logged"}),
        ("node-wrapper-not-set.log", 3, set()),
        (
            "node-conflict-sentry8.log",
            1,
            {"telemetry_payload_logged", "no_conflicting_tool", "wrapper_initialized"},
        ),
        ("node-org-id-missing.log", 1, {"telemetry_payload_logged", "org_id_set"}),
        ("node-handler-module-missing-debug.log", 1, {"telemetry_payload_logged"}),
        ("cloudwatch/node-timeout-debug.json", 1, {"telemetry_payload_logged"}),
        ("node-sampling-burst.log", 0, {"traces_not_sampled"}),
        ("node-success.log", 0, set()),
    ],
)
def test_what_a_log_alone_proves(name, status, problems):
    reading = read_text((FOLDER / name).read_text())

    assert (reading.status, set(reading.problems)) == (status, problems)


def test_timeout_alone_proves_nothing():
    """What was cut short may have had no time to log a payload."""
    cut = "\n".join(
        (
            "START RequestId: 5eed0000-0000-4000-8000-000000000001 Version: $LATEST",
            "2026-11-23T09:00:03.000Z 5eed0000-0000-4000-8000-000000000001 "
            "Task timed out after 3.00 seconds",
            "",
        )
    )
    reading = read_text(cut)

    assert (reading.rung, reading.status, reading.problems) == (Rung.NOTHING, 3, ())
    assert "1 timed out" in reading.saw


def test_another_org_is_a_problem_and_the_own_one_is_none():
    reading = read_text(text("node-success"), org="another")
    (own,) = {payload.org_id for payload in reading.payloads}

    assert (reading.status, reading.problems) == (1, ("payload_names_our_org",))
    assert read_text(text("node-success"), org=own).problems == ()
    assert read_text(text("node-success")).problems == ()


def test_timeout_is_told_from_a_crash():
    timeout = read_events(parse((FOLDER / "cloudwatch/node-timeout-debug.json").read_text()))
    crash = read_events(parse(text("node-init-error-debug")))

    assert (timeout.timed_out, timeout.crashed, timeout.cut_short_only) == (1, 0, True)
    assert (crash.timed_out, crash.crashed) == (0, 1)


def test_quoted_line_of_a_user_is_no_evidence():
    line = next(x for x in text("node-success").splitlines() if x.startswith("SERVERLESS"))
    quoted = f"2026-11-23T09:00:00.000Z\t5eed0000-0000-4000-8000-000000000001\tINFO\t{line}"
    in_json = json.dumps({"timestamp": "2026-11-23T09:00:00Z", "message": line})

    assert read_text(f"{quoted}\n{in_json}\n").rung is Rung.NOTHING


def test_shared_group_tells_whose_line_it_is():
    line = next(x for x in text("node-success").splitlines() if x.startswith("SERVERLESS"))
    event = {"message": line, "timestamp": 1, "logStreamName": "2026/11/23/demo-fn[$LATEST]ab"}
    events = parse(json.dumps({"events": [event]}))

    assert read_events(events, function="demo-fn").rung is Rung.TELEMETRY
    assert read_events(events, function="other").rung is Rung.NOTHING
    assert read_events(events, function="demo-fn", version="7").rung is Rung.NOTHING
