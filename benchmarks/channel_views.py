"""
Two channels that see different accounts, one that sees both: who gets whose words?

    python benchmarks/channel_views.py [INTERLEAVINGS] [SEED]

The real bot, over signed HTTP, on a real store and a fake AWS. Each account has words of its own:
its number, a function, a path and an owner's tag. In each interleaving two to five people do
something at once, in the same seconds, anywhere: every verb, any button that they see, windows,
App Home, the picker's search, the shortcut, digests. After each ten, when nothing is under way any
more, everything that a channel and the people in it got is searched for words of the account that is
hidden from them: messages, windows, App Home, options.

Ends with status 1 when a word was found, or when nothing was.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from redis import Redis

from bot.app.processes import Bot
from bot.playground.account import FakeAws
from bot.playground.account.demo_functions import REGION, healthy, healthy_account
from bot.playground.workspace import Message, Person, Workspace
from bot.playground.workspace.model import BOT_USER
from bot.search import picker
from bot.serving_settings import serving_settings
from bot.settings import read_aws_settings
from bot.store.connection import connect, now, to_ms
from bot.store.embedded import Embedded

EXTERNAL_ID = "of-the-benchmark"
A_BATCH = 10
PATIENCE = 600.0
"""Seconds; messages whose thread was cleared away are given up one after the other."""
REPORT_EVERY = 100
NUMBERS = {"red": "111111111111", "blue": "222222222222"}
WORDS = {"red": "crimson", "blue": "cobalt"}
SEES = {"C0RED": ("red",), "C0BLUE": ("blue",), "C0BOTH": ("red", "blue")}
Act = Callable[["World", Person, str], object]


@dataclass
class World:
    """What is running."""

    slack: Workspace
    aws: FakeAws
    chance: random.Random
    people: dict[str, list[Person]]
    """By channel; nobody is in two of them."""

    def shown(self, person: Person, channel: str) -> list[Message]:
        """What they see there that has buttons."""
        with self.slack.lock:
            messages = list(self.slack.messages)
        return [
            m
            for m in messages
            if m.user == BOT_USER
            and m.channel in {channel, f"D{person.user}"}
            and m.seen_by in {None, person.user}
            and m.buttons()
        ]


def typed(words: str) -> Act:
    """A command."""
    return lambda _, person, channel: person.types(f"/slsdiag {words}", channel)


def mentioned(words: str) -> Act:
    """The same by a mention."""
    return lambda _, person, channel: person.mentions(words, channel)


def clicked(world: World, person: Person, channel: str) -> None:
    """Any button that they see; a window that comes of it is filled in."""
    shown = world.shown(person, channel)
    if not shown:
        return
    message = world.chance.choice(shown)
    labels = list(message.buttons())
    if labels:
        person.clicks(message, world.chance.choice(labels))
    _submitted(world, person)


def _submitted(world: World, person: Person) -> None:
    """Whatever window is open now."""
    view = world.slack.store.views.get(person.user)
    if view is None or view["callback_id"] == picker.WINDOW:
        return
    fields = {
        each["element"]["action_id"]: each["element"]
        for each in view["blocks"]
        if each["type"] == "input"
    }
    filled: dict[str, Any] = {
        name: world.chance.choice(field["options"]) if "options" in field else "It says 403."
        for name, field in fields.items()
    }
    if filled:
        person.submits(**filled)


def picked(world: World, person: Person, channel: str) -> None:
    """App Home, its window, a search in it, a channel, and *Start*."""
    opened(world, person, channel)
    home = world.slack.store.homes.get(person.user)
    if home is None:
        return
    person.clicks_in(home, "Diagnose")
    view = world.slack.store.views.get(person.user)
    if view is None or view["callback_id"] != picker.WINDOW:
        return
    person.picks(picker.CHANNEL, channel)
    letters = world.chance.choice(("", "ord", *WORDS.values()))
    options = person.searches(world.slack.store.views[person.user], picker.FUNCTION, letters)
    if options:
        filled: dict[str, Any] = {picker.CHANNEL: channel}
        person.submits(**filled | {picker.FUNCTION: world.chance.choice(options)})


def opened(world: World, person: Person, _: str) -> None:
    """App Home, which is published in the background."""
    person.opens_home()
    ends_at = time.monotonic() + 1
    while person.user not in world.slack.store.homes and time.monotonic() < ends_at:
        time.sleep(0.01)


def chosen(_: World, person: Person, channel: str) -> None:
    """The shortcut on a message that names functions of both accounts."""
    message = person.says(f"`orders`, `{WORDS['red']}-ledger`, `{WORDS['blue']}-ledger`?", channel)
    person.chooses("diagnose", message)


def kept(world: World, person: Person, channel: str) -> None:
    """A digest, from its preview."""
    person.types("/slsdiag digest daily 09:00 UTC", channel)
    for message in reversed(world.shown(person, channel)):
        if "Keep it" in message.buttons():
            person.clicks(message, "Keep it")
            return


ACTS: dict[str, Act] = {
    "check": typed("orders"),
    "check in a region": typed(f"orders {REGION}"),
    "triage": typed("triage orders"),
    "step": typed("step wrapper_set orders"),
    "another step": typed("step function_instrumented orders"),
    "scan": typed("scan"),
    "scan of a prefix": typed("scan ord"),
    "digest": kept,
    "digest now": typed("digest now"),
    "digest list": typed("digest list"),
    "history": typed("history"),
    "history of one": typed("history orders"),
    "status": typed("status"),
    "stop": typed("stop"),
    "account": typed("account"),
    "doctor": typed("doctor"),
    "red by name": typed("orders --account red"),
    "blue by name": typed("orders --account blue"),
    "red by number": typed(f"step wrapper_set orders --account {NUMBERS['red']}"),
    "blue by ARN": typed(f"arn:aws:lambda:{REGION}:{NUMBERS['blue']}:function:orders"),
    "half a name": typed("led ger"),
    "mention": mentioned("orders"),
    "mentioned scan": mentioned("scan"),
    "button": clicked,
    "another button": clicked,
    "home": opened,
    "picker": picked,
    "shortcut": chosen,
}


def main() -> int:
    """As many interleavings as were asked for."""
    sizes = [int(each) for each in sys.argv[1:]]
    count, seed = (*sizes, 20, 1)[:2] if not sizes else (*sizes, 1)[:2]
    with world(seed) as (stage, idle):
        did: Counter[str] = Counter()
        found: Counter[str] = Counter()
        own: Counter[str] = Counter()
        began, searched = time.monotonic(), 0
        for number in range(1, count + 1):
            did.update(interleaved(stage))
            if number % A_BATCH == 0 or number == count:
                idle()
                for channel in SEES:
                    text = got(stage, channel)
                    searched += len(text)
                    found.update(f"{channel}: {word}" for word in foreign(channel, text))
                    own.update([channel] if WORDS[SEES[channel][0]] in text else [])
                forget(stage)
            if number % REPORT_EVERY == 0:
                print(f"{number}: {sum(found.values())} words", file=sys.stderr, flush=True)
    print(
        f"{count} interleavings, {sum(did.values())} acts of {len(did)} kinds, seed {seed}: "
        f"{searched // 1000} kB got, own words in {dict(own)} batches, words of a hidden "
        f"account {sum(found.values())}; {time.monotonic() - began:.0f} s"
    )
    for each, times in found.items():
        print(f"  ! {each} ({times})")
    return 1 if found or len(own) < len(SEES) else 0


def interleaved(world: World) -> list[str]:
    """Two to five acts at once; a pause of some milliseconds before each."""
    chance = world.chance
    world.aws.latency = chance.choice((0.0, 0.005, 0.02))
    everybody = [(person, c) for c, people in world.people.items() for person in people]
    who = chance.sample(everybody, chance.randint(2, len(everybody)))
    # one kind of act for all, as often as any: that is where results are shared
    same = chance.random() < 0.5  # noqa: PLR2004 - half of them
    names = (
        [chance.choice(list(ACTS))] * len(who) if same else chance.choices(list(ACTS), k=len(who))
    )
    pauses = [chance.random() * 0.02 for _ in who]

    def act(number: int) -> None:
        person, channel = who[number]
        time.sleep(pauses[number])
        try:
            ACTS[names[number]](world, person, channel)
        except LookupError:
            return  # what they wanted to click was gone meanwhile

    with ThreadPoolExecutor(len(who)) as pool:
        list(pool.map(act, range(len(who))))
    return names


def got(world: World, channel: str) -> str:
    """All that the bot said there, and to the people who are only there."""
    store, users = world.slack.store, {each.user for each in world.people[channel]}
    places = {channel, *(f"D{user}" for user in users)}
    with world.slack.lock:
        texts = [
            f"{m.text} {json.dumps(m.blocks, ensure_ascii=False)}"
            for m in world.slack.messages
            if m.user == BOT_USER and m.channel in places
        ]
        views = [store.homes.get(user) for user in users] + [store.views.get(u) for u in users]
        offered = [each for (user, _), each in store.offered.items() if user in users]
        return "\n".join([*texts, json.dumps(views), json.dumps(offered)])


def foreign(channel: str, text: str) -> list[str]:
    """Words of accounts that are hidden from the channel; what people typed may come back."""
    echoed = text.replace(f"Look for {WORDS['red']}", "").replace(f"Look for {WORDS['blue']}", "")
    words = [
        word
        for name in NUMBERS
        if name not in SEES[channel]
        for word in (
            f"/opt/{WORDS[name]}",
            f"{WORDS[name]}-team",
            f" of {NUMBERS[name]}",
            NUMBERS[name],
        )
    ]
    return [word for word in words if word in echoed]


def forget(world: World) -> None:
    """What was searched is not searched again; nothing is under way."""
    with world.slack.lock:
        world.slack.store.all.clear()
        world.slack.store.offered.clear()
        world.slack.store.views.clear()
        world.slack.store.homes.clear()


@contextmanager
def world(seed: int) -> Iterator[tuple[World, Callable[[], None]]]:
    """Start everything; end everything."""
    with (
        FakeAws(seed=seed) as aws,
        Workspace(seed=seed) as slack,
        tempfile.TemporaryDirectory() as folder,
        Embedded(Path(folder)) as url,
        connect(url) as redis,
    ):
        _planted(aws)
        _credentials(aws)
        bot = _bot(slack, url)
        bot.start()
        slack.delivery.http_url = f"http://127.0.0.1:{bot.port}/slack/events"

        def idle() -> None:
            ends_at = time.monotonic() + PATIENCE
            while under_way(redis):
                if time.monotonic() > ends_at:
                    raise TimeoutError(redis.zrange("slsdiag:due", 0, -1))
                time.sleep(0.02)

        try:
            yield World(slack, aws, random.Random(seed), _people(slack)), idle  # noqa: S311 - chaos
        finally:
            aws.latency = 0.0
            bot.stop()


def under_way(redis: Redis) -> list[str]:
    """What is due within a minute, but for triages that watch: they check every half minute."""
    at = to_ms(now(redis))
    stored = redis.zrangebyscore("slsdiag:due", "-inf", at + 60_000, withscores=True)
    due = cast("list[tuple[str, float]]", stored)
    return [name for name, when in due if when <= at + 2_000 or not name.startswith("triage:")]


def _people(slack: Workspace) -> dict[str, list[Person]]:
    found = {}
    for channel in SEES:
        slack.store.channel(channel, channel.lower(), BOT_USER, private=True)
        users = [f"U{n}{channel[2:]}" for n in range(2)]
        found[channel] = [Person(slack, user, name=user.lower()) for user in users]
        slack.store.channels[channel].members.update(users)
    return found


def _planted(aws: FakeAws) -> None:
    for name, number in NUMBERS.items():
        account, word = aws.account(number), WORDS[name]
        account.trust("slsdiag", EXTERNAL_ID)
        for function in ("orders", f"{word}-ledger"):
            bed = healthy(account, function)
            bed.variables["AWS_LAMBDA_EXEC_WRAPPER"] = f"/opt/{word}/wrapper"
            bed.silent()
            account.region(REGION).tags[function] = {"team": f"{word}-team"}
        healthy_account(account, bed.now)


def _credentials(aws: FakeAws) -> None:
    for name in [each for each in os.environ if each.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(
        AWS_ENDPOINT_URL=aws.url,
        AWS_REGION=REGION,
        AWS_ACCESS_KEY_ID="demo",
        AWS_SECRET_ACCESS_KEY="demo",  # noqa: S106 - the fake takes any
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
    )


def _bot(slack: Workspace, url: str) -> Bot:
    accounts: dict[str, object] = {
        name: {
            "role_arn": f"arn:aws:iam::{number}:role/slsdiag",
            "external_id": EXTERNAL_ID,
            "channels": [channel for channel, names in SEES.items() if name in names],
        }
        for name, number in NUMBERS.items()
    }
    serving = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "REDIS_URL": url,
        "SLSDIAG_MODE": "http",
        "SLSDIAG_PORT": "0",
        "SLSDIAG_ADMIN_PORT": "0",
    }
    aws_settings = {
        "SLSDIAG_ACCOUNTS": json.dumps(accounts | {"own": {"channels": ["C0NOBODY"]}}),
        "SLSDIAG_OWNER_TAG": "team",
        "SLSDIAG_AWS_RATE": "1",
    }
    return Bot(serving_settings(serving), read_aws_settings(aws_settings))


if __name__ == "__main__":
    sys.exit(main())
