"""Fleets to scan: plain ones of any size, and one with every kind of function."""

from __future__ import annotations

import json
from collections.abc import Iterator

from bot.playground.account import AwsAccount, FakeAws
from bot.playground.account.patients import (
    NODE,
    PATIENTS,
    PYTHON,
    Bed,
    Language,
    Patient,
    healthy,
    healthy_account,
)

SICK_ONE_IN = 40
SERVICES = 200

OF_THE_ACCOUNT = frozenset(
    {
        "six minutes old",
        "no stack",
        "stack deleted",
        "stack failed",
        "stack elsewhere",
        "role gone",
        "Firehose gone",
        "Firehose going",
        "delivers nothing",
        "stream stopped",
        "stream gone",
        "newer integration",
    }
)
"""Patients whose sickness is that of every function beside them."""
HOSTILE = ("a" * 64, "_", "-dashed--", "0123", "select_from_functions", "alert1", "NaN", "null")
"""All that Lambda's rule for names leaves: at most 64 of letters, digits, - and _."""


def plain(account: AwsAccount, size: int) -> None:
    """Two hundred services with variables of their own; one function in forty lost its wrapper."""
    for number in range(size):
        bed = _of_service(account, number)
        if number % SICK_ONE_IN == 0:
            bed.variables["AWS_LAMBDA_EXEC_WRAPPER"] = "/opt/datadog_wrapper"
    healthy_account(account, bed.now)


def _of_service(account: AwsAccount, number: int, language: Language = NODE) -> Bed:
    service = number % SERVICES
    bed = healthy(account, f"service{service}-function{number}", language)
    bed.variables[f"SERVICE_{service}_URL"] = "x" * (number % 50)
    return bed


def every_kind(account: AwsAccount, size: int) -> dict[str, str]:
    """As many sick ones as there are kinds, and well ones beside them; the kind by the name."""
    told = {}
    kinds = [(what, each) for what, each in PATIENTS.items() if what not in OF_THE_ACCOUNT]
    for number, (what, language) in enumerate(_in_turn(kinds, size)):
        bed = _of_service(account, number, language)
        PATIENTS[what].spoil(bed)
        told[bed.name] = what
    for name in HOSTILE:
        told[healthy(account, name, PYTHON).name] = "healthy"
    healthy_account(account, bed.now)
    return told


def _in_turn(kinds: list[tuple[str, Patient]], size: int) -> Iterator[tuple[str, Language]]:
    """Each kind in each language once, then well ones."""
    cases = [(what, each) for what, patient in kinds for each in patient.languages]
    for number in range(size):
        yield cases[number] if number < len(cases) else ("healthy", (NODE, PYTHON)[number % 2])


def spread(aws: FakeAws, size: int, places: int) -> str:
    """A plain fleet over so many accounts; SLSDIAG_ACCOUNTS for all but the bot's own."""
    accounts = {}
    for number in range(places):
        account = aws.account(f"{200000000000 + number}") if number else aws.account()
        plain(account, size // places)
        if number:
            accounts[f"team{number}"] = {"role_arn": account.trust("slsdiag")}
    return json.dumps(accounts)
