"""Which patterns of a subscription filter let a telemetry payload through."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.playground.account.patterns import matcher
from checks.log.filter_pattern import lets_payloads_through

CAPTURES = Path(__file__).parent.parent / "captures"
PATTERNS = {
    "": True,
    "   ": True,
    "SERVERLESS_TELEMETRY": True,
    '"SERVERLESS_TELEMETRY."': True,
    '"SERVERLESS_TELEMETRY.TZ"': True,
    "?SERVERLESS_TELEMETRY ?REPORT": True,
    "-DEBUG": True,
    "?WARN ?FATAL": False,
    "ERROR": False,
    '"START RequestId"': False,
    "SERVERLESS_TELEMETRY ERROR": False,
    "-SERVERLESS_TELEMETRY": False,
    '-"TELEMETRY.TZ"': False,
    "serverless_telemetry": False,
    '{ $.level = "ERROR" }': False,
    "{ $.type = * }": False,
}


@pytest.mark.parametrize(("pattern", "passes"), PATTERNS.items())
def test_pattern_is_judged_as_by_cloudwatch(pattern, passes):
    assert lets_payloads_through(pattern) is passes


@pytest.mark.parametrize(
    "pattern", ["[level, message]", "%SERVERLESS_\\w+%", "?A ?WARN", "ab", "-ab"]
)
def test_what_cannot_be_told_is_not_guessed(pattern):
    assert lets_payloads_through(pattern) is None


@pytest.mark.parametrize("pattern", [p for p in PATTERNS if not p.strip().startswith("{")])
def test_verdict_agrees_with_the_payloads_of_the_real_sdks(pattern):
    lines = [
        line
        for path in sorted(CAPTURES.glob("*.log"))
        for line in path.read_text().splitlines()
        if line.startswith("SERVERLESS_TELEMETRY.")
    ]

    assert len(lines) > 50
    assert {matcher(pattern)(line) for line in lines} == {PATTERNS[pattern]}
