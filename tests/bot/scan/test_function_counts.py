"""The counts that monitoring shows: of the last whole scan of each account and region, alike in every process."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from prometheus_client import generate_latest

from bot.aws.accounts import Accounts
from bot.aws.evidence.once import Once
from bot.changes.repository import Setups
from bot.observability.metrics import registry
from bot.playground.account.demo_functions import healthy, healthy_account
from bot.playground.stores import Server
from bot.scan import function_counts
from bot.scan.answers import Answers
from bot.scan.coordinator import Runs
from bot.scan.function_counts import CLASSES, FunctionCounts, class_of, counted
from bot.scan.model import UNVERIFIED, ProblemClass, Scan, Seen, Unreadable
from bot.scan.repository import Scans
from bot.scan.run import Run
from bot.scan.worker import Work
from bot.settings import read_aws_settings
from bot.store.connection import connect, now
from bot.store.due import SCAN, Due, Leases

NOW, OWN, RED = datetime.now(UTC), "123456789012", "111111111111"
HERE, THERE = "eu-west-1", "us-east-1"
ROLE = f"arn:aws:iam::{RED}:role/r"
WELL = Seen("f", HERE, OWN, "healthy")
BLIND = replace(WELL, verdict="problem", cause="wrapper_set", kind=ProblemClass.BLIND)


def shown(counts):
    """By account, region and class, without zeros."""
    return {(it.account, it.region, it.class_): it.number for it in counts.read() if it.number}


@pytest.mark.parametrize(
    ("function", "class_"),
    [
        (WELL, "healthy"),
        (replace(WELL, verdict="notice", impact="partial"), "healthy"),
        (replace(WELL, verdict=UNVERIFIED), "unverified"),
        (replace(WELL, verdict="undetermined"), "unverified"),
        (replace(WELL, verdict="waiting"), "unverified"),
        (BLIND, "blind"),
        (replace(BLIND, kind=ProblemClass.DOWN), "down"),
        (replace(BLIND, kind=ProblemClass.QUIET), "quiet"),
        (replace(BLIND, kind=ProblemClass.NOT_INSTRUMENTED), "not_instrumented"),
    ],
)
def test_each_function_is_in_one_class(function, class_):
    assert class_of(function) == class_
    assert class_ in CLASSES


def test_every_place_of_a_scan_counts():
    """One that is empty counts as well, so that its alert ends; one that was not read does not."""
    places = ((None, HERE), (None, THERE), ("red", HERE), ("red", THERE))
    run = Run("r", "s", places, "", None, NOW, roles=("", "", ROLE, ROLE))
    unread = (Unreadable(RED, THERE, "why"), Unreadable(OWN, HERE, "the filters"))
    scan = Scan(NOW, (WELL, BLIND, BLIND), unread, 4)

    assert counted(run, scan, OWN) == {
        (OWN, HERE): {"healthy": 1, "blind": 2},
        (OWN, THERE): {},
        (RED, HERE): {},
        (RED, THERE): None,
    }


def test_last_scan_of_each_place_is_shown(redis):
    counts = FunctionCounts(redis)
    counts.put({(OWN, HERE): {"blind": 2}, (RED, HERE): {"down": 1}}, NOW)
    counts.put({(OWN, HERE): {"healthy": 3}}, NOW)
    assert shown(counts) == {(OWN, HERE, "healthy"): 3, (RED, HERE, "down"): 1}
    counts.put({(RED, HERE): None}, NOW)

    assert shown(counts) == {(OWN, HERE, "healthy"): 3}
    assert {it.class_ for it in counts.read()} == set(CLASSES)


def test_what_was_counted_long_ago_is_not_shown(redis):
    counts = FunctionCounts(redis)
    counts.put({(OWN, HERE): {"blind": 2}}, NOW - timedelta(days=9))

    assert counts.read() == []


def test_places_beyond_the_bound_are_one_sum(redis, monkeypatch):
    monkeypatch.setattr(function_counts, "MOST", 2)
    counts = FunctionCounts(redis)
    numbers = {f"{at:012}": {"blind": at, "healthy": 1} for at in range(5)}
    counts.put({(account, HERE): each for account, each in numbers.items()}, NOW)
    found = shown(counts)

    assert found[f"{4:012}", HERE, "blind"] == 4
    assert found["others", "others", "blind"] == 3
    assert found["others", "others", "healthy"] == 3
    assert len({(it.account, it.region) for it in counts.read()}) == 3


def test_store_that_is_away_shows_none(tmp_path):
    with Server(tmp_path) as server:
        client = connect(f"redis://127.0.0.1:{server.port}/0", answer_limit=0.3)
    assert FunctionCounts(client).read() == []
    client.close()


def test_scan_of_workers_is_in_the_metrics_of_every_process(aws, redis):
    healthy(aws.account(), "orders")
    broken = healthy(aws.account(), "carts")
    broken.variables["AWS_LAMBDA_EXEC_WRAPPER"] = "/opt/datadog_wrapper"
    broken.silent()
    healthy_account(aws.account(), datetime.now(UTC))
    scanned(redis, "")
    aws.account().region(HERE).functions.pop("carts")
    scanned(redis, "or")  # a part of the functions says nothing of the others

    texts = {
        generate_latest(registry(lambda: None, FunctionCounts(redis).read)).decode()
        for _ in range(2)
    }
    lines = {line for text in texts for line in text.splitlines() if "slsdiag_functions{" in line}
    place = f'account="{OWN}"'
    assert len(lines) == len(CLASSES)
    assert f'slsdiag_functions{{{place},class="healthy",region="{HERE}"}} 1.0' in lines
    assert f'slsdiag_functions{{{place},class="blind",region="{HERE}"}} 1.0' in lines


def scanned(redis, prefix):
    """A whole scan by workers."""
    due, clock, nudges = Due(redis), partial(now, redis), deque()
    leases, scans = Leases(due), Scans(redis)
    accounts = Accounts(read_aws_settings({"SLSDIAG_AWS_RATE": "1"}))
    work = Work(scans, accounts, Once, Answers(redis), Setups(redis), clock)
    runs = Runs(scans, due, leases, accounts, work, None, lambda *it: nudges.append(it), clock)
    runs.begin("C1", prefix, ("inquiry", "i"), None, recent_will_do=False)
    while nudges:
        kind, which = nudges.popleft()
        if kind in {SCAN, "chunk"}:
            (runs.scan if kind == SCAN else runs.chunk)(which)
