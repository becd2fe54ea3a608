"""
What the second of two digests says, case by case (schedules.yaml, news).

Both scans read the fake account over the wire, as the bot does; what a case says in words is
planted here under the same words, so that a case that is changed or added goes red.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import yaml

from bot.aws.accounts import Accounts
from bot.conversation import Conversation
from bot.digest import card
from bot.digest.diff import compare
from bot.digest.memory import doubtful, looked_again
from bot.digest.model import Digest, Plan, Slot
from bot.digest.run import Why, concluded
from bot.digest.verify import Verifier
from bot.playground.account.demo_functions import (
    DEMO_FUNCTIONS,
    FakeFunction,
    healthy,
    healthy_account,
)
from bot.scan.local import Scanner
from bot.settings import read_aws_settings

CASES = {
    case["id"]: case
    for case in yaml.safe_load((Path(__file__).parent / "schedules.yaml").read_text())["news"]
}
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
DIGEST = Digest(
    "d1", Conversation("T", "C", "U"), Plan("daily 12:00", "UTC"), NOON, Slot(NOON, "1")
)
STRIPPED = [f"f{number}" for number in range(4)]


def plant(count, *changes):
    """So many healthy functions; what is done to the first of them."""

    def planted(account):
        functions = [healthy(account, f"f{number}") for number in range(count)]
        for function, change in zip(functions, changes, strict=False):
            change(function)

    return planted


def deployed(change, *names):
    """A deployment did this to functions that are there."""

    def done(account):
        for name in names:
            change(healthy(account, name))

    return done


def layer_only(function):
    """The wrapper variable is left, so that nothing can start."""
    function.config["Layers"] = []
    function.group.events.clear()
    function.reports(300, 240)
    function.cannot_start(20, 10, 5)
    function.changed(timedelta(minutes=30))


by_a_deployment = DEMO_FUNCTIONS["removed by a deployment"].break_it
datadog = DEMO_FUNCTIONS["Datadog's wrapper"].break_it
FIRST = {
    "35 functions, all healthy": plant(35),
    "one function blind, another tool owns the wrapper": plant(1, datadog),
    "10 functions of which 3 never had the SDK": plant(10, *[FakeFunction.bare] * 3),
}
BETWEEN = {
    "a deployment takes layer and variables from 4 of them; filters and older payloads stay": (
        deployed(by_a_deployment, *STRIPPED)
    ),
    "the function's layer and variables are taken as well": deployed(FakeFunction.bare, "f0"),
    "a deployment takes the layer of one and leaves the wrapper variable": (
        deployed(layer_only, "f0")
    ),
    "nothing": lambda _: None,
}
SAYS = {
    "the 4 functions": lambda text: all(f"{name} (" in text for name in STRIPPED),
    "removed or no longer instrumented": partial(re.search, r"removed|no longer instrumented"),
    "down": partial(re.search, r"\bdown\b"),
    "the function is no longer blind": partial(re.search, r"no longer blind|No longer blind"),
}
"""What a case wants said, or not said."""


def scanned(accounts):
    places = [accounts.location(*each) for each in accounts.account_regions((), ())]
    scanner = Scanner(places, accounts.expected)
    scanner.first()
    scanner.verify()
    return scanner.result()


def run(accounts, memory):
    """One run of the digest: what is new in it, and all that its messages say."""
    scan = scanned(accounts)
    exact = Verifier(accounts)(DIGEST, doubtful(memory, scan))
    scan = looked_again(scan, exact)
    diff = compare(memory, scan, scan.checked_at)
    digest = concluded(DIGEST, diff, scan, scan.checked_at, Why.NEWS)
    first = card.summary(digest, diff, scan, scan.checked_at, Why.NEWS)
    return diff, str([first, *card.details(digest, diff, scan, Why.NEWS)]), first["text"]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_second_digest_says_what_changed(aws, case):
    accounts = Accounts(read_aws_settings(), take=lambda *_: 0.0)
    account = aws.account()
    FIRST[case["first"]](account)
    healthy_account(account, datetime.now(UTC))
    before, _, _ = run(accounts, ())
    BETWEEN[case["between"]](account)
    diff, text, head = run(accounts, before.memory)
    expected = case["second"]

    assert diff.has_news == expected["is_news"]
    for said in expected.get("says", ()):
        assert SAYS[said](text), said
    for said in expected.get("never", ()):
        assert not SAYS[said](text), said
    if "order" in expected:
        assert expected["order"] == "down first"
        assert head.index("down") < head.index("new")
