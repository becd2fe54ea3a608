"""Where else a log is looked at."""

from __future__ import annotations

from datetime import timedelta

from checks.evidence import LogSample

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
