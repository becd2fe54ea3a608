"""Fleets to scan: plain ones of any size, and one with every kind of function."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from bot.playground.account import AwsAccount, FakeAws
from bot.playground.account.demo_functions import (
    DEMO_FUNCTIONS,
    NODE,
    PYTHON,
    REGION,
    DemoFunction,
    FakeFunction,
    Language,
    healthy,
    healthy_account,
    integration,
)

SICK_ONE_IN = 40
SERVICES = 200

_OF_ONE_FUNCTION = (
    "no Firehose when instrumented",
    "throttled when instrumented",
    "update failed for the owner's reason",
    "update failed without a reason",
    "update under way",
)
OF_THE_ACCOUNT = (
    frozenset(integration.FUNCTIONS) - frozenset(_OF_ONE_FUNCTION)
    | {
        "forwarded by the account's policy",
        "Firehose gone",
        "Firehose going",
        "delivers nothing",
        "takes nothing in",
        "metrics Firehose gone",
        "metrics Firehose going",
        "stream stopped",
        "stream gone",
        "newer integration",
        "removed, and the trail is stopped",
        "removed a moment ago, and the rule is disabled",
        "removed a moment ago, and another trail records it",
    }
    | {what for what, each in DEMO_FUNCTIONS.items() if each.region != REGION}
)
"""Demo functions whose fault is that of every function beside them."""
HOSTILE = ("a" * 64, "_", "-dashed--", "0123", "select_from_functions", "alert1", "NaN", "null")
"""All that Lambda's rule for names leaves: at most 64 of letters, digits, - and _."""


def plain(account: AwsAccount, size: int) -> None:
    """Two hundred services with variables of their own; one function in forty lost its wrapper."""
    for number in range(size):
        bed = _of_service(account, number)
        if number % SICK_ONE_IN == 0:
            bed.variables["AWS_LAMBDA_EXEC_WRAPPER"] = "/opt/datadog_wrapper"
            bed.silent()
    healthy_account(account, bed.now)


def _of_service(account: AwsAccount, number: int, language: Language = NODE) -> FakeFunction:
    service = number % SERVICES
    bed = healthy(account, f"service{service}-function{number}", language)
    bed.variables[f"SERVICE_{service}_URL"] = "x" * (number % 50)
    return bed


def every_kind(account: AwsAccount, size: int, seed: int | None = None) -> dict[str, str]:
    """Each kind in each language, then well ones; with a seed also two at once. Kinds by name."""
    names = {}
    kinds = [(what, each) for what, each in DEMO_FUNCTIONS.items() if what not in OF_THE_ACCOUNT]
    for number, (whats, language) in enumerate(_in_turn(kinds, size, seed)):
        bed = _of_service(account, number, language)
        for what in whats:
            DEMO_FUNCTIONS[what].break_it(bed)
        names[bed.name] = " + ".join(whats)
    for name in HOSTILE:
        names[healthy(account, name, PYTHON).name] = "healthy"
    healthy_account(account, datetime.now(UTC))
    return names


def with_problems(account: AwsAccount, size: int, share: float) -> dict[str, str]:
    """Of all functions this share has a fault, every kind in turn; kinds by name."""
    kinds = [
        (what, demo)
        for what, demo in DEMO_FUNCTIONS.items()
        if what not in OF_THE_ACCOUNT and what != "healthy"
    ]
    names = {}
    for number in range(size):
        faulty = int((number + 1) * share) > int(number * share)
        what, demo = kinds[int(number * share) % len(kinds)]
        function = _of_service(account, number, demo.languages[0] if faulty else NODE)
        if faulty:
            demo.break_it(function)
        names[function.name] = what if faulty else "healthy"
    healthy_account(account, datetime.now(UTC))
    return names


def _in_turn(
    kinds: Sequence[tuple[str, DemoFunction]], size: int, seed: int | None
) -> Iterator[tuple[Sequence[str], Language]]:
    cases = [((what,), each) for what, demo in kinds for each in demo.languages]
    yield from cases[:size]
    random_ = random.Random(seed or 0)  # noqa: S311 - a fleet, no secret
    for number in range(len(cases), size):
        language = random_.choice((NODE, PYTHON))
        spoken = [what for what, demo in kinds if language in demo.languages]
        twice = seed is not None and number % 2
        yield random_.sample(spoken, 2) if twice else ["healthy"], language


def spread(aws: FakeAws, size: int, places: int) -> str:
    """A plain fleet over so many accounts; SLSDIAG_ACCOUNTS for all but the bot's own."""
    accounts = {}
    for number in range(places):
        account = aws.account(f"{200000000000 + number}") if number else aws.account()
        plain(account, size // places)
        if number:
            accounts[f"team{number}"] = {
                "role_arn": account.trust("slsdiag", "shared"),
                "external_id": "shared",
            }
    return json.dumps(accounts)
