"""`slsdiag watch status` as people and scripts see it: against a real store and the fake AWS."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from bot.cli import main
from bot.playground.account import bus
from bot.playground.account.demo_functions import REGION
from bot.store.connection import now
from tests.bot.watch.watched import PLACE, Watched, catches_up

UNSET = ("SLSDIAG_STATE_DIR", "REDIS_URL", "SLSDIAG_ACCOUNTS", "SLSDIAG_EVENTS")


@pytest.fixture
def watched(aws, redis, redis_url, monkeypatch, tmp_path) -> Watched:
    """All of it is set and well."""
    watched = Watched(aws, redis, now(redis))
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("SLSDIAG_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("SLSDIAG_EVENTS", watched.accounts.settings.events[0].url)
    return watched


@pytest.fixture
def run(capsys, monkeypatch):
    monkeypatch.setenv("TZ", "UTC")

    def run(*words):
        capsys.readouterr()  # what the bot in this process logged
        status = main(("watch", *words))
        return status, *capsys.readouterr()

    return run


def of(run, *words):
    status, out, err = run("status", "--json", *words)
    assert err == ""
    return status, json.loads(out)


def test_all_that_is_known(run, watched):
    watched.deploys_of(watched.function("orders"))
    doubled = watched.queue.messages[0].body
    watched.queue.send(doubled)
    watched.polls()
    catches_up(watched)
    watched.queue.send("no event")
    watched.queue.dead.send("one of old")
    status, document = of(run)

    assert (status, document["unknown"]) == (0, [])
    (watch,), (queue,) = document["watches"], document["queues"]
    assert (watch["channel"], watch["prefix"]) == ("C1", "")
    assert f"{queue['account']}/{queue['region']}" == PLACE
    assert (queue["waiting"], queue["in_flight"], queue["dead_letters"]) == (1, 0, 1)
    assert queue["oldest_seconds"] < 60
    assert queue["dropped"] == {"doubled": 1}
    assert (queue["catch_up_failing_since"], queue["catch_up_why"]) == (None, None)
    assert queue["unknown"] == []
    for key in ("last_event_at", "caught_up_at", "caught_up_to"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", queue[key])


def test_people_read_the_same(run, watched):
    watched.watch("C2", "shop-")
    watched.deploys_of(watched.function("orders"))
    watched.polls()
    catches_up(watched)
    status, out, err = run("status")

    assert (status, err) == (0, "")
    assert re.fullmatch(
        """Watched:
C1: all functions, since .* UTC
C2: functions that begin with shop-, since .* UTC

123456789012 in eu-west-1:
queue: slsdiag-watch
waiting: 0, being taken: 0
dead letters: 0
last event: \\d s ago
event history: read \\d s ago
complete until: .* UTC
led to nothing in 7 days: none
""",
        out,
    )


@pytest.mark.parametrize(
    ("prefix", "heard"),
    [("", ["", "shop-"]), ("shop-", ["", "shop-"]), ("shop-cart", ["", "shop-"]), ("x", [""])],
)
def test_who_hears_of_functions_that_begin_so(run, watched, prefix, heard):
    watched.watch("C2", "shop-")
    _, document = of(run, *filter(None, [prefix]))

    assert [watch["prefix"] for watch in document["watches"]] == heard


def test_a_catch_up_that_fails_says_why_and_since_when(run, watched):
    watched.aws.fail("cloudtrail", "LookupEvents")
    watched.at -= timedelta(minutes=5)
    catches_up(watched)
    _, document = of(run)

    assert "cloudtrail:LookupEvents" in document["queues"][0]["catch_up_why"]
    assert document["queues"][0]["catch_up_failing_since"]
    assert "not readable for 5 min: AWS does not allow cloudtrail:LookupEvents." in run("status")[1]

    watched.aws.heal()
    catches_up(watched)
    assert of(run)[1]["queues"][0]["catch_up_why"] is None


def test_without_a_store_only_that_is_unknown(run, watched, monkeypatch):
    monkeypatch.delenv("REDIS_URL")
    status, document = of(run)

    assert status == 3
    assert document["watches"] is None
    assert document["unknown"][0]["what"] == "store"
    assert "REDIS_URL is not set" in document["unknown"][0]["why"]
    assert document["queues"][0]["waiting"] == 0
    assert run("status")[1].startswith("Not known what is watched: REDIS_URL is not set")


def test_a_store_that_does_not_answer_is_unknown(run, watched, monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1")

    assert of(run)[0] == 3
    assert "The store does not answer" in of(run)[1]["unknown"][0]["why"]


@pytest.mark.parametrize(
    ("service", "action", "what"),
    [
        ("sqs", "sqs:GetQueueAttributes", "waiting"),
        ("cloudwatch", "cloudwatch:GetMetricData", "oldest_seconds"),
    ],
)
def test_what_may_not_be_read_names_the_permission(run, watched, service, action, what):
    watched.aws.fail(service)
    status, document = of(run)
    (unknown,) = document["queues"][0]["unknown"]

    assert (status, unknown["what"]) == (3, what)
    assert document["queues"][0][what] is None
    assert action in unknown["why"]
    assert action in run("status")[1]


def test_where_nothing_can_be_read_the_status_says_so(run, watched, monkeypatch):
    monkeypatch.delenv("REDIS_URL")
    watched.account.region(REGION).queues.pop(bus.NAME)
    watched.aws.fail("cloudwatch")

    assert of(run)[0] == 4


def test_narrow_lines(run, watched):
    """At 45 columns, piped, what is ours is not broken."""
    _, out, _ = run("status")

    assert max(map(len, out.splitlines())) <= 50
    assert not re.search("  ", out)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["on"], "A watch is turned on in its Slack channel: /slsdiag watch on"),
        (["stat"], "There is no watch 'stat' here."),
        (["template", "shop-"], "slsdiag watch template takes no PREFIX"),
        (["template", "--json"], "slsdiag watch template takes no --json"),
        (["status", "--format", "terraform"], "slsdiag watch status takes no --format"),
        (["status", "a b"], "cannot begin a function's name"),
        (["status"], "SLSDIAG_EVENTS is not set"),
    ],
)
def test_wrong_words_are_refused_in_a_sentence(run, monkeypatch, words, sentence):
    for name in UNSET:
        monkeypatch.delenv(name, raising=False)
    status, out, err = run(*words)

    assert status == 2
    assert sentence in out + err
    assert (out + err).count("\n") == 1
