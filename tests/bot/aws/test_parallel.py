"""What hangs keeps nobody waiting; no faster than the share of what AWS allows, after a burst of one second's share."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from bot.aws.client import Account
from bot.aws.evidence.once import Once
from bot.aws.local_flight import UnderWay
from bot.aws.operations import (
    FILTERS,
    FUNCTION_CONFIGURATION,
    LIST_ALIASES,
    LIST_FUNCTIONS,
    LOG_EVENTS,
    ROLE,
    published_rate,
)
from bot.aws.parallel import Bucket, Buckets, GivenUp, Rates, Wave, over, raise_if_given_up
from checks.evidence import Missing


def test_parts_are_read_at_once_and_progress_tells_what_is_left():
    progress: list[frozenset[str]] = []
    both = threading.Barrier(2, timeout=5)
    wave = Wave(progress.append)

    first, second = wave.ask("a", both.wait), wave.ask("b", both.wait)

    assert {wave.get(first), wave.get(second)} == {0, 1}
    assert progress[-1] == frozenset()
    assert progress[0] in (frozenset("a"), frozenset("b"))


@pytest.mark.parametrize("within", [None, 0.05])
def test_what_is_late_is_missing(within):
    never = threading.Event()
    wave = Wave(lambda _: None, seconds=0.05 if within is None else 30)

    found = wave.get(wave.begin(never.wait), within=within)
    never.set()

    assert isinstance(found, Missing)
    assert "did not answer" in found.why


def test_error_is_raised_where_it_is_waited_for():
    wave = Wave(lambda _: None)

    def fail() -> None:
        raise TimeoutError("its own")

    with pytest.raises(TimeoutError, match="its own"):
        wave.get(wave.begin(fail))


def test_hanging_call_does_not_keep_the_process():
    began = time.monotonic()
    program = (
        "import threading; from bot.aws.parallel import Wave; "
        "Wave(print).begin(threading.Event().wait)"
    )

    done = subprocess.run([sys.executable, "-c", program], check=False, timeout=20)

    assert done.returncode == 0
    assert time.monotonic() - began < 10


@pytest.fixture
def ended() -> Callable[[], bool]:
    """
    Whether every thread soon ends that the test's waves began.

    The promise is a second; a busy machine is allowed more, and what does not stop runs for ever.
    """
    before = set(threading.enumerate())

    def ended() -> bool:
        by = time.monotonic() + 5
        threads = {each for each in threading.enumerate() if each.name == "aws"} - before
        for each in threads:
            each.join(max(0.0, by - time.monotonic()))
        return not any(each.is_alive() for each in threads)

    return ended


def test_loop_stops_when_the_wave_is_given_up(ended):
    wave = Wave(lambda _: None, seconds=0.2)

    def spin() -> None:
        while True:
            raise_if_given_up()

    assert isinstance(wave.get(wave.begin(lambda: wave.get(wave.begin(spin)))), Missing)
    assert ended()
    assert not over()  # this thread works for no wave


def test_no_call_begins_after_the_wave_was_given_up(aws, account, ended):
    wave = Wave(lambda _: None, seconds=2)
    aws.latency = 0.1

    def page() -> None:
        while True:
            account.call(LIST_FUNCTIONS, "eu-west-1")

    assert isinstance(wave.get(wave.begin(page)), Missing)
    called = len(aws.calls)
    assert called > 1
    assert ended()
    assert len(aws.calls) <= called + 1  # the one that was under way


def test_wait_for_aws_rate_ends_when_the_wave_is_given_up(aws, session, ended):
    account = Account(session, Rates(take=lambda *_: 30.0), "123456789012")
    wave = Wave(lambda _: None, seconds=0.2)

    found = wave.begin(lambda: account.call(LOG_EVENTS, "eu-west-1", logGroupName="g"))

    assert isinstance(wave.get(found), Missing)
    assert ended()
    assert isinstance(wave.get(found), Missing)
    assert not aws.calls


@pytest.mark.parametrize("shared", [UnderWay, Once])
def test_who_joined_a_read_that_was_given_up_reads_for_themselves(shared):
    share, begun = shared(), threading.Event()
    short, long = Wave(lambda _: None, seconds=0.3), Wave(lambda _: None, seconds=20)

    def given_up() -> str:
        begun.set()
        while not over():
            pass
        raise GivenUp

    first = short.begin(lambda: share("account:1", given_up))
    begun.wait(5)
    second = long.begin(lambda: share("account:1", lambda: "read"))

    assert long.get(second) == "read"
    assert isinstance(short.get(first), Missing)


def test_burst_then_rate():
    bucket = Bucket(rate=2.5, size=5)

    waits = [bucket.take(1) for _ in range(8)]

    assert waits[:5] == [0] * 5
    assert waits[5:] == pytest.approx([0.4, 0.8, 1.2], abs=0.05)


def test_what_takes_more_than_there_is_waits_for_the_rest():
    bucket = Bucket(rate=2.5, size=5)

    assert bucket.take(6) == pytest.approx(0.4, abs=0.05)
    assert bucket.take(1) == pytest.approx(0.8, abs=0.05)


@pytest.mark.parametrize(
    ("region", "rate"), [("us-east-1", 25), ("eu-central-1", 5), ("eu-west-1", 10)]
)
def test_log_events_differ_by_region(region, rate):
    assert published_rate(LOG_EVENTS, region) == rate


def waited(rates: Rates, *calls: tuple[str, str, object]) -> float:
    began = time.monotonic()
    for account, region, operation in calls:
        rates.wait(account, region, operation)
    return time.monotonic() - began


def test_lambda_operations_share_one_bucket_and_places_do_not():
    rates = Rates(1.0)
    many = [("a", "r", FUNCTION_CONFIGURATION)] * 14

    assert waited(rates, *many, ("a", "r", LIST_ALIASES)) < 0.05
    assert waited(rates, ("a", "r2", LIST_ALIASES), ("b", "r", LIST_ALIASES)) < 0.05
    assert waited(rates, ("a", "r", LIST_ALIASES)) > 0.03


def test_what_has_no_published_rate_never_waits():
    assert waited(Rates(0.01), *[("a", "r", ROLE)] * 500) < 0.2


def test_share_holds_for_the_burst_and_the_refill():
    rates = Rates(0.5)

    assert waited(rates, *[("a", "r", FILTERS)] * 2) < 0.05
    assert waited(rates, ("a", "r", FILTERS)) == pytest.approx(0.2, abs=0.1)
    assert waited(rates, ("a", "r", FILTERS)) == pytest.approx(0.4, abs=0.15)


def test_a_small_share_lets_the_first_call_go():
    assert waited(Rates(0.01), ("a", "r", FILTERS)) < 0.05


def test_a_bucket_that_is_not_full_is_kept_among_thousands_that_are():
    buckets = Buckets()
    for _ in range(6):
        buckets.take("of one account", 0.001, 5, 1)
    for number in range(3_000):
        buckets.take(f"of {number}", 1e9, 1e9, 1)

    assert buckets.take("of one account", 0.001, 5, 1) > 0
    assert len(buckets._buckets) < 600  # noqa: SLF001 - what they take is not seen from outside


def test_idle_bucket_holds_one_second_only():
    bucket = Bucket(rate=10, size=2)
    bucket.filled_at -= 3600

    assert [bool(bucket.take(1)) for _ in range(3)] == [False, False, True]
