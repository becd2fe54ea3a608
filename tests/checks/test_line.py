"""What each line of a log shows: the SDK's, the runtime's, the platform's and a user's."""

from __future__ import annotations

import json

import pytest
from situations import NOON

from checks.log.line import Kind, LogEvent, LogLine, read_line

ID = "3f2c1d4e-0000-4000-8000-0123456789ab"
STAMP = "2026-11-23T12:00:00.000Z"
SDK = "⚡ SDK: "


def read(text):
    return read_line(LogEvent(text, NOON))


def record(kind, **fields):
    return json.dumps({"time": STAMP, "type": kind, "record": fields})


LINES = [
    (f"{SDK}Wrapper initialization", Kind.WRAPPER_INITIALIZED, None),
    (f"{SDK}Overhead duration: Internal initialization", Kind.SDK_INITIALIZED, None),
    (f"{SDK}Invocation: start", Kind.INVOCATION_STARTED, None),
    ("Fatal Serverless SDK Error: x", Kind.SETUP_FAILED, None),
    (
        'Serverless SDK Warning: Cannot instrument function: Missing "SLS_ORG_ID"',
        Kind.ORG_ID_MISSING,
        None,
    ),
    (f"START RequestId: {ID}", Kind.STARTED, ID),
    (f"END RequestId: {ID}", Kind.FINISHED, ID),
    (f"REPORT RequestId: {ID}\tDuration: 1 ms", Kind.FINISHED, ID),
    (f"REPORT RequestId: {ID}\tStatus: timeout", Kind.TIMED_OUT, ID),
    (f"REPORT RequestId: {ID}\tStatus: error", Kind.CRASHED, ID),
    (f"REPORT RequestId: {ID} Status: error Error Type: Error", Kind.FINISHED, ID),
    (f"REPORT RequestId: {ID} Status: error Error Type: Runtime.ExitError", Kind.CRASHED, ID),
    (f"REPORT RequestId: {ID} Status: failure Error Type: Sandbox.Timedout", Kind.CRASHED, ID),
    (f"REPORT RequestId: {ID} Status: error Error Type: Extension.Crash", Kind.CRASHED, ID),
    (
        f"REPORT RequestId: {ID} Status: error Error Type: Runtime.OutOfMemory",
        Kind.OUT_OF_MEMORY,
        ID,
    ),
    (f"{STAMP} {ID} Task timed out after 3.00 seconds", Kind.TIMED_OUT, ID),
    (f"RequestId: {ID} Error: Runtime exited with error: exit status 1", Kind.CRASHED, ID),
    (
        f"RequestId: {ID} Error: Runtime exited with error: signal: killed",
        Kind.OUT_OF_MEMORY,
        ID,
    ),
    (f"RequestId: {ID} Error: Runtime exited with error: exit status 127", Kind.CANNOT_START, ID),
    ("Error: Runtime exited with error: exit status 126", Kind.CANNOT_START, None),
    (f"{STAMP}\tundefined\tERROR\tUncaught Exception", Kind.CRASHED, None),
    ("[ERROR] Runtime.ImportModuleError: x", Kind.CRASHED, None),
    ("INIT_REPORT Init Duration: 1 ms Phase: init Status: error", Kind.CRASHED, None),
    (f"{STAMP}\t{ID}\tINFO\thello", Kind.HANDLER_RAN, ID),
    (f"[INFO]\t{STAMP}\t{ID}\thello", Kind.HANDLER_RAN, ID),
    (json.dumps({"requestId": ID, "message": "x"}), Kind.HANDLER_RAN, ID),
    (json.dumps({"AWSRequestId": ID, "message": "x"}), Kind.HANDLER_RAN, ID),
    (record("platform.start", requestId=ID), Kind.STARTED, ID),
    (record("platform.report", requestId=ID, status="success"), Kind.FINISHED, ID),
    (record("platform.report", requestId=ID), Kind.FINISHED, ID),
    (record("platform.runtimeDone", requestId=ID, status="timeout"), Kind.TIMED_OUT, ID),
    (
        record("platform.runtimeDone", requestId=ID, status="error", errorType="Runtime.X"),
        Kind.CRASHED,
        ID,
    ),
    (
        record("platform.runtimeDone", requestId=ID, status="error", errorType="MyError"),
        Kind.FINISHED,
        ID,
    ),
    (record("platform.initReport", status="error", errorType="Runtime.X"), Kind.CRASHED, None),
]


@pytest.mark.parametrize(("text", "kind", "request_id"), LINES)
def test_line_shows(text, kind, request_id):
    for spelled in (text, f"\ufeff{text}", f"{text}\n"):
        assert read(spelled) == LogLine(kind, NOON, request_id)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        f"x START RequestId: {ID}",
        f'{STAMP} I read "{SDK}Wrapper initialization"',
        f"{STAMP}\tnot-an-id\tINFO\thello",
        "{not json",
        "[1]",
        json.dumps([1]),
        json.dumps({"message": "x"}),
        json.dumps({"requestId": "x"}),
        json.dumps({"requestId": 7}),
        json.dumps({"type": "platform.report", "record": 7}),
        record("platform.initReport", status="success"),
        record("platform.initReport"),
        record("platform.extension", requestId=ID),
        "INIT_REPORT Init Duration: 1 ms Phase: init",
        "[" * 100_000,
        '{"a":' * 100_000,
    ],
)
def test_line_shows_nothing(text):
    assert read(text) is None


def test_start_names_the_version():
    assert read(f"START RequestId: {ID} Version: 7").version == "7"
    assert read(f"START RequestId: {ID} Version: $LATEST").version == "$LATEST"
    assert read(record("platform.start", requestId=ID, version="7")).version == "7"
    assert read(f"START RequestId: {ID}").version is None


def test_telemetry_that_cannot_be_read_is_seen_all_the_same():
    assert read("SERVERLESS_TELEMETRY.TZ.xxx").kind is Kind.UNDECODABLE
