"""
Two channels that may see different accounts, over the real bot and a real store.

Each account has words of its own: its number, a function, a wrapper's path and an owner. None of
them may ever stand in what the other channel, or somebody who is only there, gets.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from types import SimpleNamespace

import pytest

from bot.app.processes import Bot
from bot.digest.repository import Digests
from bot.playground.account import FakeAws
from bot.playground.account.demo_functions import REGION, healthy, healthy_account
from bot.playground.workspace import Person, Workspace
from bot.playground.workspace.model import BOT_USER
from bot.search import picker
from bot.serving_settings import serving_settings
from bot.settings import read_aws_settings
from bot.store.connection import now, to_ms
from tests.bot.slack.far_off import FAR_OFF

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Side:
    """A channel, who is in it, and what only they may read."""

    channel: str
    user: str
    account: str
    number: str
    word: str

    @property
    def words(self) -> tuple[str, ...]:
        """Of the account."""
        return self.number, self.word


RED = Side("C0RED", "U0ROSE", "red", "111111111111", "crimson")
BLUE = Side("C0BLUE", "U0BOB", "blue", "222222222222", "cobalt")
SIDES = {RED: BLUE, BLUE: RED}


def accounts(**channels: list[str] | None) -> str:
    """SLSDIAG_ACCOUNTS: the bot's own account is nobody's; None leaves one out."""
    said = {"own": {"channels": ["C0NOBODY"]}}
    for side in SIDES:
        listed = channels.get(side.account, [side.channel])
        if listed is not None:
            said[side.account] = {
                "role_arn": f"arn:aws:iam::{side.number}:role/slsdiag",
                "external_id": "of-the-test",
                "channels": listed,
            }
    return json.dumps(said)


@pytest.fixture
def world(aws: FakeAws, slack: Workspace) -> None:
    """Both accounts have an "orders", broken in different ways, and a function of their own."""
    for side in SIDES:
        account = aws.account(side.number)
        account.trust("slsdiag", "of-the-test")
        for name in ("orders", f"{side.word}-ledger"):
            bed = healthy(account, name)
            bed.variables["AWS_LAMBDA_EXEC_WRAPPER"] = f"/opt/{side.word}/wrapper"
            bed.silent()
            account.region(REGION).tags[name] = {"team": f"{side.word}-team"}
        healthy_account(account, bed.now)
        slack.store.channel(side.channel, side.channel.lower(), BOT_USER, private=True)


@pytest.fixture
def start(
    world: None, slack: Workspace, redis_url: str, redis: object, until: Callable[..., float]
) -> Iterator[SimpleNamespace]:
    """Starts a bot with its own SLSDIAG_ACCOUNTS, and ends it."""
    running: list[Bot] = []

    def begin(said: str = "") -> Bot:
        bot = Bot(
            serving_settings(
                {
                    "SLACK_BOT_TOKEN": slack.bot_token,
                    "SLACK_APP_TOKEN": slack.app_token,
                    "SLACK_API_URL": slack.api_url,
                    "REDIS_URL": redis_url,
                    "SLSDIAG_ADMIN_PORT": "0",
                }
            ),
            read_aws_settings(
                {
                    "SLSDIAG_ACCOUNTS": said or accounts(),
                    "SLSDIAG_OWNER_TAG": "team",
                    "SLSDIAG_AWS_RATE": "1",
                }
            ),
        )
        bot.start()
        running.append(bot)
        slack.sockets.wait()
        return bot

    def end(bot: Bot) -> None:
        bot.stop()
        running.remove(bot)
        until(lambda: not slack.sockets.open)

    yield SimpleNamespace(bot=begin, end=end)
    for each in running:
        each.stop()


@pytest.fixture
def people(slack, world):
    """One in each channel."""
    found = {}
    for side in SIDES:
        found[side] = Person(slack, side.user, name=side.user.lower())
        slack.store.channels[side.channel].members.add(side.user)
    return found


@pytest.fixture
def idle(redis, until):
    """Wait until nothing is due within a minute."""

    def due():
        at = to_ms(now(redis)) + 60_000
        return redis.zrangebyscore("slsdiag:due", "-inf", at)

    return lambda: until(lambda: not due(), 60)


def got(slack, side):
    """All that a channel, and who is in it, was told; what people said is theirs."""
    store = slack.store
    texts = [
        f"{m.text} {json.dumps(m.blocks, ensure_ascii=False)}"
        for m in slack.messages
        if m.user == BOT_USER and (m.channel == side.channel or side.user in m.channel)
    ]
    shown = [store.homes.get(side.user), store.views.get(side.user)]
    offered = [each for (user, _), each in store.offered.items() if user == side.user]
    return "\n".join([*texts, json.dumps(shown), json.dumps(offered)])


def leaks(slack):
    """Words of the one side in what the other one got."""
    return {
        (side.channel, word)
        for side, other in SIDES.items()
        for word in other.words
        if word in got(slack, side)
    }


def typed(words):
    return lambda person, side: person.types(f"/slsdiag {words}", side.channel)


VERBS = {
    "check": typed("orders"),
    "triage": typed("triage orders"),
    "step": typed("step wrapper_set orders"),
    "scan": typed("scan"),
    "digest": typed("digest now"),
    "mention": lambda person, side: person.mentions("orders", side.channel),
    "history": typed("history"),
    "status": typed("status"),
    "home": lambda person, _: person.opens_home(),
}
GATHERS = ("check", "triage", "step", "scan", "digest", "mention")


@pytest.fixture
def digests(slack, people):
    """One in each channel."""
    for side, person in people.items():
        person.types(f"/slsdiag digest daily {FAR_OFF} UTC", side.channel)
        preview = slack.waits_for(
            lambda m, user=side.user: m.seen_by == user and "Keep it" in m.buttons()
        )[-1]
        person.clicks(preview, "Keep it")
        slack.waits_for(lambda m, side=side: m.channel == side.channel and "New digest" in m.text)


@pytest.fixture
def running(start):
    return start.bot()


@pytest.fixture
def kept(running, digests):
    return digests


def test_no_pair_of_verbs_at_once_tells_one_channel_of_the_others_account(
    kept, aws, slack, people, idle
):
    aws.latency = 0.01
    with ThreadPoolExecutor(2) as pool:
        for one, other in product(VERBS, VERBS):
            if {one, other} & set(GATHERS):
                for first, second in ((RED, BLUE), (BLUE, RED)):
                    begun = pool.submit(VERBS[one], people[first], first)
                    VERBS[other](people[second], second)
                    begun.result()
    idle()

    assert not leaks(slack)
    for side in SIDES:
        assert side.word in got(slack, side)
        assert "orders is not reporting" in got(slack, side)


def test_same_name_asked_for_at_once_is_read_for_each_channel(running, aws, slack, people, idle):
    aws.latency = 0.05
    with ThreadPoolExecutor(2) as pool:
        for _ in range(5):
            list(pool.map(lambda side: VERBS["check"](people[side], side), SIDES))
            idle()

    assert not leaks(slack)


def test_whatever_the_store_holds_of_an_account_is_kept_for_who_may_see_it(
    running, digests, slack, people, redis, idle
):
    """By its key, or by the channel or scope in the record: shared keys of any kind alike."""
    for side, person in people.items():
        for act in VERBS.values():
            act(person, side)
    running._parts.services.search.inventory.read("")  # noqa: SLF001 - as a worker does
    idle()
    kept = {key: content(redis, key) for key in redis.scan_iter("slsdiag:*")}
    kinds = set()
    for side, other in SIDES.items():
        scope = running._parts.accounts.scope(side.channel)  # noqa: SLF001 - as the keys hold it
        for key, text in kept.items():
            if any(word in text for word in side.words):
                kind, _, id_ = key.removeprefix("slsdiag:").partition(":")
                id_ = id_.partition(":")[0]
                kinds.add(kind)
                if kind in INTERNAL:
                    continue
                if kind in SHARED:
                    assert any(owner in key for owner in (scope, side.number)), key
                elif kind == "scan":  # its places, by their roles
                    assert side.number in kept[f"slsdiag:scan:{id_}"], key
                    assert other.number not in kept[f"slsdiag:scan:{id_}"], key
                else:
                    assert any(owner in key + text for owner in (side.channel, side.user)), key

    assert kinds >= {"evidence", "inventory", "scan", "diagnosis", "triage", "digest", "entry"}


INTERNAL = ("functions", "organization")
"""Counts for the admin port, and the list of an organization: what a channel sees is chosen of it."""
SHARED = (
    "evidence",
    "gathering",
    "inventory",
    "scan-answers",
    "scanning",
    "scanned",
    "setups",
    "deploys-open",
    "watch-dropped",
    "watch-events",
    "watch-history",
    "watch-mark",
    "watch-states",
)


def content(redis, key):
    read = {
        "hash": redis.hgetall,
        "string": redis.get,
        "set": redis.smembers,
        "list": lambda name: redis.lrange(name, 0, -1),
        "zset": lambda name: redis.zrange(name, 0, -1),
    }
    return str(read.get(redis.type(key), lambda _: "")(key))


def test_picker_home_and_shortcut_offer_nothing_of_the_other_channel(
    running, slack, people, idle, until
):
    for side, person in people.items():
        VERBS["check"](person, side)
        idle()
        person.opens_home()
        until(lambda user=side.user: user in slack.store.homes)
    for side, person in people.items():
        other = SIDES[side]
        said = person.says(f"`{other.word}-ledger` and `orders` are quiet", side.channel)
        person.chooses("diagnose", said)
        person.clicks_in(slack.store.homes[side.user], "Diagnose")
        until(lambda user=side.user: user in slack.store.views)
        for letters in ("", "orders", other.word):
            options = person.searches(slack.store.views[side.user], picker.FUNCTION, letters)
            assert other.number not in str(options)
        person.submits(**{picker.FUNCTION: options[0], picker.CHANNEL: side.channel})
    idle()

    for side, other in SIDES.items():
        assert other.number not in got(slack, side)
        assert f"/opt/{other.word}" not in got(slack, side)
        assert f"{other.word}-team" not in got(slack, side)


@pytest.mark.parametrize("name", ["{0.account}", "{0.number}"])
def test_hidden_account_is_not_reached_by_its_name(running, aws, slack, people, idle, name):
    for side, person in people.items():
        named = name.format(SIDES[side])
        for verb in ("", "triage ", "step wrapper_set "):
            person.types(f"/slsdiag {verb}orders --account {named}", side.channel)
        arn = f"arn:aws:lambda:{REGION}:{SIDES[side].number}:function:orders"
        person.types(f"/slsdiag {arn}", side.channel)
    idle()

    assert not [call for call in aws.calls if call.service == "lambda"]
    for side, other in SIDES.items():
        assert other.word not in got(slack, side)


def test_account_that_is_taken_away_is_named_nowhere_any_more(
    start, digests_of, slack, people, redis, idle
):
    """The channel sees another one from now on, so that everything still has something to say."""
    before = start.bot()
    digests_of()
    person = people[RED]
    for verb in ("check", "triage", "digest", "scan"):
        VERBS[verb](person, RED)
    idle()
    cards = [m for m in slack.public(RED.channel) if m.buttons()]
    assert [card for card in cards if "Show" in card.buttons()]
    assert {each.account for each in in_memory_of(redis, RED)} == {RED.number}
    start.end(before)
    slack.store.all.clear()
    start.bot(accounts(red=["C0ELSE"], blue=[RED.channel, BLUE.channel]))
    redis.delete("none", *redis.scan_iter("slsdiag:scanned:*"))
    for verb in ("history", "status", "digest", "scan"):
        VERBS[verb](person, RED)
    person.types("/slsdiag digest list", RED.channel)
    person.types("/slsdiag stop", RED.channel)
    slack.store.homes.clear()
    person.opens_home()
    for card in cards:
        for label in {"Show"} & set(card.buttons()) or list(
            card.buttons()
        ):  # a scan is scanned above
            person.clicks(card, label)
    idle()

    assert [m for m in slack.messages if "may not see" in m.text]
    assert BLUE.word in got(slack, RED)
    assert not [word for word in RED.words if word in got(slack, RED)]
    assert {each.account for each in in_memory_of(redis, RED)} == {BLUE.number}
    assert "no longer blind" not in got(slack, RED)


def in_memory_of(redis, side):
    """What the digests of a channel remember of functions."""
    digests = Digests(redis)
    return [known for each in digests.of(side.channel) for known in digests.memory(each.id)]


@pytest.fixture
def digests_of(slack, people, request):
    return lambda: request.getfixturevalue("digests")


def test_scan_of_an_account_that_is_no_longer_configured_reads_no_other(
    start, aws, slack, people, redis, until, idle
):
    """A worker of a newer configuration takes over a scan that an older one began."""
    plant_in_own(aws)
    older = start.bot()
    aws.latency = 3.0
    VERBS["scan"](people[RED], RED)
    until(lambda: [call for call in aws.calls if call.operation == "ListFunctions"], 20)
    start.end(older)
    aws.latency = 0.0
    start.bot(accounts(red=None))
    idle()

    assert "no longer configured" in got(slack, RED)
    assert "private-own" not in got(slack, RED)
    assert not leaks(slack)


def plant_in_own(aws):
    healthy(aws.account(), "private-own").silent()
