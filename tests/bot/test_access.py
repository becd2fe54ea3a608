"""Which channel may see which account, by every way to name it."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import combinations, product
from pathlib import Path
from types import SimpleNamespace

import pytest

import bot
from bot.access import view_of
from bot.account_settings import AccountSettings
from bot.aws.account_views import EXTERNAL
from bot.aws.accounts import Accounts
from bot.conversation import Conversation
from bot.diagnosis.cached import CachedGatherer
from bot.diagnosis.gather import function_check
from bot.diagnosis.model import Diagnosis
from bot.diagnosis.service import NOT_FOR_THIS_CHANNEL, DiagnosisService
from bot.diagnosis.work import DiagnosisWork
from bot.errors import NotConfigured, SlsdiagError, UsageError
from bot.scan.run import Run
from bot.scan.worker import place_of
from bot.settings import read_aws_settings
from bot.store.coding import decode
from bot.store.connection import now
from bot.store.due import Due, Leases
from bot.store.messages import EntryKind
from bot.store.outbox import Outbox
from bot.store.records import Records
from bot.store.sharing import SharedValues, SingleFlight
from bot.target import Target, parse
from checks.report import Report

OWN, RED, BLUE, STRANGE = "123456789012", "111111111111", "222222222222", "333333333333"
A, B, NOWHERE = "C0A", "C0B", "C0C"
CHANNELS = (A, B, NOWHERE, "", "D0ADA")
NAMES = {"us": OWN, "red": RED, "blue": BLUE}
REGION = "eu-west-1"
LISTS = (None, [A], [B], [A, B])


def nobody_looked_up(_, report):
    raise AssertionError(report.headline)


def role(number, channels=None, name="slsdiag"):
    said = {"role_arn": f"arn:aws:iam::{number}:role/{name}", "external_id": "a-long-one"}
    return said | ({"channels": channels} if channels else {})


def own(channels=None):
    return {"channels": channels} if channels else {}


@pytest.fixture
def accounts(aws):
    for number in (RED, BLUE):
        aws.account(number).trust("slsdiag", "a-long-one")

    def made(identified=True, external=lambda _: False, **accounts):
        settings = read_aws_settings({"SLSDIAG_ACCOUNTS": json.dumps(accounts)})
        made = Accounts(settings, external=external)
        if identified:
            made.own.identify(REGION)
        return made

    return made


@pytest.fixture
def cases(accounts):
    """Each of three accounts for one, two or all of the channels: one Reach, other settings."""
    ours = accounts()

    def walked(identified=True):
        for mine, red, blue, channel in product(LISTS, LISTS, LISTS, CHANNELS):
            accounts = {"us": own(mine), "red": role(RED, red), "blue": role(BLUE, blue)}
            ours.settings = read_aws_settings({"SLSDIAG_ACCOUNTS": json.dumps(accounts)})
            ours.own.id, ours._identified_at = OWN if identified else "", float("-inf")  # noqa: SLF001 - as if it were new
            yield ours, channel, {"us": mine, "red": red, "blue": blue}

    return walked


def allowed(channels, channel):
    return channels is None or channel in channels


@pytest.fixture
def patient(monkeypatch):
    """However busy this machine is."""
    monkeypatch.setattr("bot.aws.account_views.IDENTIFY_WITHIN", 30)


@pytest.mark.parametrize("identified", [True, False])
def test_every_name_of_an_account_is_hidden_from_the_channels_that_are_not_listed(
    cases, identified, patient
):
    """By name and by number."""
    for ours, channel, lists in cases(identified):
        for name, channels in lists.items():
            hidden = not allowed(channels, channel)
            assert ours.hidden(name, channel) == hidden, (name, channel, lists)
            assert ours.hidden(NAMES[name], channel) == hidden, (name, channel, lists)
        for account in (STRANGE, "nobody", "", "own", "None"):
            assert ours.hidden(account, channel), (account, channel)
        visible = {name for name, channels in lists.items() if allowed(channels, channel)}
        assert set(ours.visible(channel)) == visible


def test_whatever_is_asked_for_only_visible_accounts_are_reached(cases):
    """By nothing, name, number and ARN: `places` and `fleet` give no hidden account's place."""
    for ours, channel, lists in cases():
        visible = {NAMES[name] for name, channels in lists.items() if allowed(channels, channel)}
        assert numbers(ours, Target("orders"), channel) == visible
        assert fleet(ours, (), channel) == visible
        for account in (*NAMES, *NAMES.values(), STRANGE, "nobody"):
            number = NAMES.get(account, account)
            there = {number} & visible
            assert numbers(ours, Target("orders", None, None, account), channel) == there
            assert fleet(ours, (account,), channel) == there
            if account.isdigit():
                arn = f"arn:aws:lambda:{REGION}:{account}:function:orders"
                assert looked_at(ours, arn, channel) == there


def numbers(accounts, target, channel):
    return found(lambda: accounts.locations(target, channel))


def looked_at(accounts, text, channel):
    return found(lambda: function_check(parse(text), accounts=accounts, channel=channel).places)


def fleet(accounts, named, channel):
    return found(
        lambda: [accounts.location(*each) for each in accounts.account_regions((), named, channel)]
    )


def found(places):
    try:
        return {place.account.id for place in places()}
    except UsageError:
        return set()


def test_refusals_name_no_hidden_account(accounts):
    """Nor do they tell a hidden account from one that is not there."""
    ours = accounts(payroll=role(RED, [A]), blue=role(BLUE, [B]))
    messages = {}
    for account in ("payroll", RED, "nobody", STRANGE):
        with pytest.raises(SlsdiagError) as refused:
            ours.locations(Target("orders", None, None, account), B)
        messages[account] = str(refused.value)
    arn = f"arn:aws:lambda:{REGION}:{OWN}:function:orders"
    for account in ("payroll", "nobody"):
        with pytest.raises(UsageError) as refused:
            looked_at_beside(ours, arn, account, B)
        messages[f"{account} beside"] = str(refused.value)

    assert RED not in messages["payroll beside"]
    for known, unknown in (
        ("payroll", "nobody"),
        (RED, STRANGE),
        ("payroll beside", "nobody beside"),
    ):
        spelled = [each.replace(" beside", "") for each in (known, unknown)]
        assert messages[known].replace(spelled[0], spelled[1]) == messages[unknown]


def looked_at_beside(accounts, arn, account, channel):
    return function_check(parse(arn, account=account), accounts=accounts, channel=channel)


def test_account_beside_an_arn_must_be_visible_and_its_own(accounts):
    ours = accounts(red=role(RED, [A]), blue=role(BLUE))
    arn = f"arn:aws:lambda:{REGION}:{RED}:function:orders"

    assert looked_at_beside(ours, arn, "red", A).places[0].account.id == RED
    for account, channel in (("red", B), ("blue", A), ("nobody", A)):
        with pytest.raises(UsageError, match="was given beside it"):
            looked_at_beside(ours, arn, account, channel)


@pytest.mark.parametrize("identified", [True, False])
def test_own_account_is_hidden_by_a_role_that_leads_back_to_it(accounts, identified, patient):
    """Whether the number is known before a look, or only when names from it would be said."""
    ours = accounts(identified, us=role(OWN, [A]), red=role(RED))
    places = {channel: ours.locations(Target("orders"), channel) for channel in (A, B)}
    assert (ours.hidden(OWN, A), ours.hidden(OWN, B)) == (False, True)
    ours.recheck(places[A], A)
    if identified:
        assert [place.account.id for place in places[B]] == [RED]
        ours.recheck(places[B], B)
    else:
        with pytest.raises(UsageError, match="may not see the bot's own account"):
            ours.recheck(places[B], B)
    assert numbers(ours, Target("orders"), B) == {RED}


@pytest.mark.parametrize("channel", [A, B])
def test_card_is_posted_only_where_the_account_may_be_seen(accounts, redis, channel):
    """A card would tell its channel that there is such a function."""
    record = Path(__file__).parents[1] / "fixtures" / "records" / "3" / "report.json"
    report = decode(Report, record.read_text())
    report = replace(report, function=replace(report.function, account=OWN))
    ours = accounts(us=own([A]), red=role(RED, [B]))
    nudged = []

    def looker(ask, progress, confirmed):
        confirmed(OWN)
        return report

    due = Due(redis)
    service = DiagnosisService(
        Records(redis, "diagnosis", Diagnosis),
        lambda *named: nudged.append(named),
        partial(now, redis),
        ours,
    )
    work = DiagnosisWork(
        service,
        due,
        Leases(due),
        SharedValues(redis),
        SingleFlight(redis),
        looker,
        (),
        SimpleNamespace(
            course=lambda _: None, learn=lambda _: None, newest=lambda each: each.report
        ),
        nobody_looked_up,
    )
    service.open(Target("orders"), Conversation("T", channel, "U"), "1")
    work.run(nudged[0][1])
    entries = [Outbox(redis).load(key) for kind, key in nudged if kind == "entry"]

    if channel == A:
        assert entries[0].kind is EntryKind.POST
    else:
        assert [each.kind for each in entries] == [EntryKind.EPHEMERAL]
        assert NOT_FOR_THIS_CHANNEL in entries[0].body["text"]


def test_names_from_a_hidden_own_account_are_not_suggested(accounts, aws, redis):
    """Nobody knows yet that the role leads back, and the bot's own account has been listed."""
    aws.account().region(REGION).function("payroll-secret", modified_at=datetime.now(UTC))
    ours = accounts(False, us=role(OWN, [A]), red=role(RED, [B]))
    gatherer = CachedGatherer(ours, SharedValues(redis), timedelta(0), partial(now, redis))
    ask = Diagnosis("d", "payrol-secret", Conversation("T", B, "U"), datetime.now(UTC))
    with pytest.raises(SlsdiagError) as refused:
        gatherer.report(ask, lambda _: None, lambda _: None)

    assert "payroll" not in str(refused.value)
    assert refused.value.choices == ()


def test_number_that_two_names_share_is_seen_by_either_and_read_apart(accounts):
    """The roles may read different things: nothing that one read is shared under a number."""
    ours = accounts(wide=role(RED, [A], "wide"), narrow=role(RED, [B], "narrow"))

    assert [ours.hidden(RED, each) for each in (A, B, NOWHERE)] == [False, False, True]
    (wide,), (narrow,) = (ours.locations(Target("f", None, None, RED), each) for each in (A, B))
    assert wide.account.id == narrow.account.id
    assert wide.account.key != narrow.account.key
    assert ours.scope(A) != ours.scope(B)


def test_scope_is_equal_exactly_where_the_same_is_seen():
    """Any difference in what is seen, by whom it is read or where, is another scope."""
    arns = {name: role(name * 12)["role_arn"] for name in "12"}
    settings = [
        {"x": AccountSettings(role_arn=arn, org_id=org, regions=regions, channels=channels)}
        for arn in (None, *arns.values())
        for org in (None, "org-1")
        for regions in ((), ("eu-west-1",))
        for channels in ((), (A,), (B,))
    ]
    views = [view_of(each, channel) for each in settings for channel in (A, B)]

    for one, other in combinations(views, 2):
        views_without_names = (stripped(one), stripped(other))
        assert (one.scope == other.scope) == (views_without_names[0] == views_without_names[1])


def stripped(view):
    named = {
        name: (each.role_arn, each.org_id, each.regions) for name, each in view.accounts.items()
    }
    return named, view.own and (view.own.org_id, view.own.regions)


def test_only_no_name_means_the_own_account(accounts):
    ours = accounts(red=role(RED))

    assert ours.location(None, REGION).account is ours.own
    for name in ("gone", "", "own", OWN, RED):
        with pytest.raises(NotConfigured, match=f"The account {name} is no longer configured"):
            ours.location(name, REGION)


def test_place_of_a_scan_is_the_one_that_was_planned(accounts):
    """A name that means another account by now is not read, and neither is our own in its place."""
    before = accounts(red=role(RED), blue=role(BLUE))
    places = tuple(before.account_regions((), ()))
    run = Run("r", "", places, "", None, None, roles=tuple(before.role(name) for name, _ in places))
    swapped = accounts(red=role(BLUE), green=role(RED))

    assert [place_of(before, run, n).account.id for n in range(3)] == [OWN, RED, BLUE]
    assert place_of(swapped, run, 0).account.id == OWN
    for number in (1, 2):
        with pytest.raises(NotConfigured):
            place_of(swapped, run, number)


def test_externally_shared_channel_sees_nothing(accounts):
    ours = accounts(external=lambda channel: channel == B, us=own(), red=role(RED))

    assert [ours.hidden(each, A) for each in (OWN, RED, "red")] == [False] * 3
    assert [ours.hidden(each, B) for each in (OWN, RED, "red")] == [True] * 3
    assert ours.listing(B) == [EXTERNAL]
    for ask in (
        lambda: ours.locations(Target("orders"), B),
        lambda: ours.account_regions((), (), B),
    ):
        with pytest.raises(UsageError, match="shared with another organization"):
            ask()


def test_number_that_aws_does_not_tell_in_time_is_hidden(accounts, aws):
    aws.latency = 5
    ours = accounts(identified=False, red=role(RED))

    assert ours.hidden(OWN, A)
    assert not ours.hidden(RED, A)


def test_no_code_of_the_bot_leaves_out_for_which_channel_it_asks():
    """Without a channel everything is visible: that is for whoever has the credentials, and agents of theirs."""
    wants = {"account_regions": 3, "locations": 2, "function_check": None, "must_agree": 2}
    found = []
    for path in Path(bot.__file__).parent.rglob("*.py"):
        if {"cli", "agents", "playground"} & set(path.parts):
            continue
        for call in (n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call)):
            name = getattr(call.func, "attr", getattr(call.func, "id", None))
            if name not in wants:
                continue
            named = any(each.arg == "channel" for each in call.keywords)
            enough = wants[name] is not None and len(call.args) >= wants[name]
            found.append((path.name, name, named or enough))

    assert {name for _, name, _ in found} == set(wants)
    assert [each for each in found if not each[2]] == []
