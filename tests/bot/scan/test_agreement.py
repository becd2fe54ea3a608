"""Every kind of function side by side: the scan says what each one's own check says, or less."""

from __future__ import annotations

import pytest

from bot.aws.accounts import Accounts
from bot.diagnosis.gather import function_check
from bot.playground.account.demo_functions import DEMO_FUNCTIONS, healthy, healthy_account
from bot.scan.local import Scanner
from bot.scan.model import UNVERIFIED
from bot.settings import read_aws_settings
from bot.target import Target
from checks.model import Symptom

pytestmark = pytest.mark.slow

BESIDE_EACH_OTHER = (
    "healthy",
    "never invoked",
    "java",
    "toggle off",
    "filters full",
    "another org",
    "five layers",
    "Datadog's wrapper",
    "Sentry's preload",
    "no filter",
)


def test_scan_agrees_with_checks_where_many_kinds_share_an_account(aws):
    for number, what in enumerate(BESIDE_EACH_OTHER):
        bed = healthy(aws.account(), f"f{number}", DEMO_FUNCTIONS[what].languages[0])
        DEMO_FUNCTIONS[what].break_it(bed)
    healthy_account(aws.account(), bed.now)
    accounts = Accounts(read_aws_settings())
    places = [accounts.location(*each) for each in accounts.account_regions((), ())]
    scanner = Scanner(places, accounts.expected)
    scanner.first()
    quick = {each.name: each for each in scanner.result().seen}
    scanner.verify()

    for exact in scanner.result().seen:
        asked = function_check(Target.of(exact.name), accounts=accounts)
        report = asked.report(Symptom.BOTH)
        assert quick[exact.name].verdict in {report.verdict.value, UNVERIFIED, "undetermined"}
        assert exact.exact
        assert (exact.verdict, exact.cause) == (report.verdict.value, report.cause)
