"""Where else a log is looked at."""

from __future__ import annotations

import base64
import gzip
import json
import threading
import time
from contextlib import suppress
from datetime import timedelta

import pytest

from bot.aws.evidence.configuration import configuration
from bot.aws.evidence.log_sample import Lines, Reader
from bot.aws.evidence.request import FunctionRequest
from bot.aws.parallel import GivenUp, Wave
from bot.errors import Unreachable
from bot.playground.account.demo_functions import REGION
from checks.evidence import LogSample
from checks.function_ref import FunctionRef
from checks.log.sample import LogEvent

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def test_custom_group_is_asked_anew(aws, bed, gathered):
    region = bed.region
    bed.config["LoggingConfig"]["LogGroup"] = "/shared"
    region.groups["/shared"] = region.groups.pop("/aws/lambda/checkout")

    found = gathered()

    assert found.log_group.name == "/shared"
    assert found.filters[0].name == "serverless_logs-filter"
    assert found.log.payloads


def test_invocation_of_a_month_ago_is_found_in_its_log(bed, gathered):
    long_ago = bed.now - 30 * DAY
    bed.config["LastModified"] = f"{bed.now - 40 * DAY:%Y-%m-%dT%H:%M:%S}.000+0000"
    bed.region.sums.clear()
    bed.region.invoked("checkout", long_ago, 1)
    bed.group.events.clear()
    bed.log(bed.payload(), ago=30 * DAY)

    found = gathered()

    assert found.log.last_payload_at is not None
    assert abs(found.log.last_payload_at - long_ago) < MINUTE


def test_every_line_is_read_where_the_last_invocation_logged_no_payload(bed, gathered):
    bed.region.invoked("checkout", bed.now - 2 * MINUTE)
    bed.log(ago=2 * MINUTE)

    found = gathered()

    assert found.log.finished == 2
    assert len(found.log.payloads) == 1


def test_function_is_found_among_others_of_a_shared_group(bed, gathered):
    bed.config["LoggingConfig"]["LogGroup"] = "/shared"
    group = bed.region.group("/shared")
    today = f"{bed.now - 5 * MINUTE:%Y/%m/%d}"
    mine, theirs = f"{today}/checkout[$LATEST]00", f"{today}/noisy[$LATEST]00"
    group.events.append((bed.now - 5 * MINUTE, bed.payload(), mine))
    line = bed.payload(service="noisy")
    group.events += [(bed.now - MINUTE, line, theirs)] * 900

    found = gathered()

    assert len(found.log.payloads) == 1
    assert "newest" in found.log.bound


def test_version_has_its_own_streams(bed, gathered):
    bed.region.function("checkout", modified_at=bed.now - 9 * DAY, version="7")
    stream = "2026/11/23/[7]0123456789abcdef0123456789abcdef"
    bed.group.events.append((bed.now - MINUTE, bed.payload(), stream))

    found = gathered("7")

    assert found.function.version == "7"
    assert {each.version for each in found.log.sightings} == {"7"}
    assert len(found.log.payloads) == 1


def test_absent_group_is_an_empty_log(bed, gathered):
    bed.region.groups.clear()

    found = gathered()

    assert (found.log_group, found.filters) == (None, ())
    assert isinstance(found.log, LogSample)
    assert not found.log.sightings


def test_search_stops_at_a_bound_and_says_so(bed, gathered):
    bed.group.empty_pages = 99

    found = gathered()

    assert not found.log.payloads
    assert found.log.bound == "the newest 10 pages of its log, not all of it"


FLAGS = b"\x1a\x90\x4e" + b"\x30\x01" * 5000


def bomb(size: int) -> str:
    """A payload line of few bytes, and of as many fields as fit into `size`."""
    packed = gzip.compress(FLAGS * (size // len(FLAGS)))
    return f"SERVERLESS_TELEMETRY.TZ.{base64.b64encode(packed).decode()}"


NESTED = json.dumps({"a": [{}, [], {"b": [{}] * 20}] * 400})


@pytest.mark.parametrize("hostile", [bomb(8 << 20), bomb(1_000_000), NESTED])
def test_worst_look_costs_ten_seconds_at_most(bed, gathered, hostile):
    bed.group.events.clear()
    for _ in range(2000):
        bed.log(hostile)
    began = time.process_time()

    found = gathered()

    assert time.process_time() - began < 10
    assert isinstance(found.log, LogSample)


def test_log_is_not_read_on_when_the_look_was_given_up(aws, bed, gathered, monkeypatch):
    monkeypatch.setattr(
        "bot.aws.evidence.gather.Wave", lambda progress: Wave(progress, seconds=1.0)
    )
    aws.latency, bed.group.empty_pages = 0.5, 99

    before = set(threading.enumerate())
    with suppress(Unreachable):  # whether the rest comes in time does not matter here
        gathered()

    def at_work():
        return {each for each in threading.enumerate() if each.name == "aws"} - before

    by = time.monotonic() + 2  # ten pages take longer
    while at_work() and time.monotonic() < by:
        time.sleep(0.01)
    assert at_work() == set()


def test_lines_whose_reading_the_end_of_the_wave_cut_off_are_no_answer(bed, account):
    asked = FunctionRequest(account, REGION, FunctionRef("checkout"), bed.now)
    reader = Reader(asked, configuration(bed.config, None))
    lines = Lines((LogEvent(bed.payload(), bed.now, None),) * 9)

    in_time = Wave(lambda _: None).begin(reader.read, lines, bed.now - DAY)
    late = Wave(lambda _: None, seconds=0).begin(reader.read, lines, bed.now - DAY)

    assert in_time.result(5).payloads
    with pytest.raises(GivenUp):
        late.result(5)


def test_slow_search_goes_on_until_it_found_something(bed, gathered, monkeypatch):
    monkeypatch.setattr("bot.aws.evidence.own_log._SECONDS", 0.0)
    bed.group.empty_pages = 5

    found = gathered()

    assert found.log.payloads
    assert found.log.bound is None
