"""What stands before the lines of a file, and that it is decided once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.logs.envelope import LONGEST, envelope_of

REQUEST = "5eed0000-0000-4000-8000-000000000001"
START = f"START RequestId: {REQUEST} Version: $LATEST"
STREAM = "2026/11/23/[$LATEST]0123456789abcdef"
AT = datetime(2026, 11, 23, 9, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "at", "stream"),
    [
        ("", None, None),
        ("2026-11-23T09:00:01.000Z\t", AT, None),
        ("2026-11-23T09:00:01 ", AT, None),
        ("[2026-11-23T10:00:01+01:00] ", AT, None),
        ("2026-11-23 09:00:01,000 ", AT, None),
        ("1795424401000\t", AT, None),
        (f"2026-11-23T09:00:01.000000+00:00 {STREAM} ", AT, STREAM),
        (f"{STREAM} 2026-11-23T09:00:01.000000 ", AT, STREAM),
        (f"/aws/lambda/orders ({STREAM}) ", None, STREAM),
        ("Nov 23 09:00:01 ", None, None),
        ("11/23/2026, 9:00:01 AM ", None, None),
        ("app-1  | ", None, None),
        ("> ", None, None),
        ("saved.log:12:", None, None),
        ("@message\t", None, None),
    ],
)
def test_time_and_stream(before, at, stream):
    envelope = envelope_of([f"{before}{START}", f"{before}END RequestId: {REQUEST}"])

    assert envelope.opened(f"{before}any line") == ("any line", at, stream)


@pytest.mark.parametrize(
    "before", ["said: ", "INFO ", "{", f"2026-11-23T09:00:01.000Z\t{REQUEST}\tINFO\t", "x" * 700]
)
def test_what_no_tool_puts_there_is_none(before):
    envelope = envelope_of([f"{before}{START}"])

    assert envelope.opened(f"{before}any line") == (f"{before}any line", None, None)


def test_most_lines_decide():
    lines = [f"> {START}"] * 3 + [START] * 2

    assert envelope_of(lines).opened("> x") == ("x", None, None)
    assert envelope_of(lines).opened("x") is None
    assert envelope_of([*lines, START]).opened("> x") == ("> x", None, None)


def test_one_line_of_the_platforms_weighs_more_than_many_of_the_sdks():
    lines = [START, *["2026-11-23 09:00:01 SERVERLESS_TELEMETRY.TZ.x"] * 50]

    assert envelope_of(lines).form is None


def test_a_users_lines_of_the_runtimes_format_decide_where_there_are_no_others():
    line = f"2026-11-23T09:00:01.000Z\t{REQUEST}\tINFO\thi"

    assert envelope_of([f"> {line}"] * 2).opened(f"> {line}") == (line, None, None)


def test_lines_without_it_are_joined_only_where_it_has_a_time_or_a_stream():
    assert envelope_of([f"2026-11-23T09:00:01Z {START}"]).joins
    assert not envelope_of([f"> {START}"]).joins
    assert not envelope_of([START]).joins


def test_the_blanks_of_a_message_stay():
    envelope = envelope_of([f"2026-11-23T09:00:01Z {START}"])

    assert envelope.opened("2026-11-23T09:00:01Z     at handler")[0] == "    at handler"


def test_indented_lines_may_lack_their_blanks():
    lines = [START, *[f"    END RequestId: {REQUEST}"] * 3]

    assert envelope_of(lines).opened("    x")[0] == "x"
    assert envelope_of(lines).opened("      x")[0] == "  x"
    assert envelope_of(lines).opened("x")[0] == "x"


@pytest.mark.parametrize(
    "line", ["START RequestId: " * 50_000, " " * 800_000 + START, "\t> " * 200_000]
)
def test_long_lines_cost_little(line):
    import time

    began = time.process_time()
    envelope_of([line, START]).opened(line)

    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("plain", "indented", "taken_off"), [(1, 3, True), (2, 2, True), (3, 2, False)]
)
def test_half_of_the_lines_make_it_indented(plain, indented, taken_off):
    lines = [*[START] * plain, *[f"    {START}"] * indented, *["    ", ""] * 9]

    assert (envelope_of(lines).opened("    x")[0] == "x") is taken_off


def test_only_blanks_and_tabs_indent():
    """Not whatever letters a line of the user's begins with."""
    others = ["no", "orders", "total"]

    assert envelope_of([START, f"    {START}", *others]).opened("    x")[0] == "    x"
    for blank in " \t":
        lines = [START, f"    {START}", *[f"{blank}{each}" for each in others]]
        assert envelope_of(lines).opened("    x")[0] == "x"


def test_indented_lines_change_no_envelope_that_has_more():
    lines = [*[f"> {START}"] * 2, f"    {START}", *["    at handler"] * 9]

    assert envelope_of(lines).opened("> x")[0] == "x"
    assert envelope_of(lines).opened("    x") is None


def test_as_much_as_any_tool_writes_is_read():
    assert LONGEST == 600
    for times, opened in ((300, "x"), (301, None)):
        before = "> " * times
        line = envelope_of([f"{before}{START}"] * 2).opened(f"{before}x")
        assert (line and line[0]) == (opened or f"{before}x")


def test_what_stands_far_before_a_landmark_is_not_read():
    """Whatever is between: a line has its beginning or it has none."""
    far = f"2026-11-23T09:00:01Z {'> ' * 2_000}{START}"

    assert envelope_of([far, *[f"# {START}"] * 2]).opened("# x")[0] == "x"
    assert envelope_of([far]).form is None
