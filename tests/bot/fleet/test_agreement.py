"""Every kind of function side by side: the scan says what each one's own check says, or less."""

from __future__ import annotations

from bot.fleet.model import UNVERIFIED
from bot.fleet.scan import Scanner
from bot.looking import look
from bot.playground.account.patients import PATIENTS, healthy, healthy_account
from bot.reach import Reach
from bot.settings import looking_settings
from checks.model import Symptom

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
        bed = healthy(aws.account(), f"f{number}", PATIENTS[what].languages[0])
        PATIENTS[what].spoil(bed)
    healthy_account(aws.account(), bed.now)
    reach = Reach(looking_settings())
    places = [reach.place(*each) for each in reach.fleet((), ())]
    scanner = Scanner(places, reach.expected)
    scanner.first()
    quick = {each.name: each for each in scanner.result().seen}
    scanner.verify()

    for exact in scanner.result().seen:
        asked = look(exact.name, region=None, account=None, org=None, answers={}, reach=reach)
        report = asked.report(Symptom.BOTH)
        assert quick[exact.name].verdict in {report.verdict.value, UNVERIFIED, "undetermined"}
        assert not exact.suspicious
        if exact.exact:
            assert (exact.verdict, exact.cause) == (report.verdict.value, report.cause)
    assert sum(each.exact for each in scanner.result().seen) >= 4
