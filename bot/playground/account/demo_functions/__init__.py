"""
One demo function for each cause, planted in a fresh account, and the demo account.

Each begins healthy and is then broken in one way. A module a kind of cause.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.playground.account.demo_functions import appearances, integration, log, pipes, setup
from bot.playground.account.demo_functions.changed import record_change
from bot.playground.account.demo_functions.fake_function import (
    CANARIES,
    FILTER,
    FIREHOSE,
    NODE,
    ORG,
    PUBLISHER,
    PYTHON,
    REGION,
    SECRETS,
    DemoFunction,
    FakeFunction,
    Language,
    healthy,
    healthy_account,
)
from bot.playground.account.model import AwsAccount

__all__ = [
    "CANARIES",
    "DEMO_FUNCTIONS",
    "FILTER",
    "FIREHOSE",
    "NODE",
    "ORG",
    "PUBLISHER",
    "PYTHON",
    "REGION",
    "SECRETS",
    "DemoFunction",
    "FakeFunction",
    "Language",
    "demo",
    "healthy",
    "healthy_account",
    "plant",
]

DEMO_FUNCTIONS: Mapping[str, DemoFunction] = {
    **log.FUNCTIONS,
    **setup.FUNCTIONS,
    **appearances.FUNCTIONS,
    **integration.FUNCTIONS,
    **pipes.FUNCTIONS,
}


def plant(
    account: AwsAccount, wanted: DemoFunction, language: Language, name: str = "checkout"
) -> FakeFunction:
    """`wanted` as the function `name`, in a fresh account."""
    function = healthy(account, name, language, wanted.region)
    healthy_account(account, function.now, wanted.region)
    wanted.break_it(function)
    for what in (what for what, fault in DEMO_FUNCTIONS.items() if fault is wanted):
        record_change(what, function)
    return function


def demo(account: AwsAccount) -> Mapping[str, str]:
    """The demo account; what is wrong with each function, by its name."""
    healthy_account(account, datetime.now(UTC))
    wrong = {}
    for what, fault in DEMO_FUNCTIONS.items():
        if fault.in_demo:
            function = healthy(account, fault.in_demo, fault.languages[0])
            fault.break_it(function)
            record_change(what, function)
            wrong[fault.in_demo] = what
    return wrong
