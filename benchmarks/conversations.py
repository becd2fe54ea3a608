"""
Random triages by random people: what they see agrees with what is stored.

    python benchmarks/conversations.py [TRIAGES] [SEED]

Each conversation has a channel, an account and two people. They ask for functions, click whatever
is on the newest prompt or the card, paste errors, fix the function or not, and type again
elsewhere. Two bot processes share the store, and one of them is killed now and then. After each
click cards, threads, App Home and history are held against the store (shown.py), until they agree:
within 10 s, but where a process was killed meanwhile. First comes one plain triage with one wait,
whose messages are counted.

Ends with status 1 where something did not agree, a prompt was buried, or there were too many messages.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from shown import Shown
from stage import Replica, Stage

from bot.diagnosis.messages import card_key
from bot.playground.account.demo_functions import NODE, REGION, FakeFunction, healthy_account
from bot.playground.workspace import Message, Person
from bot.playground.workspace.model import BOT_USER
from bot.triage.model import Phase, Triage

AT_ONCE = 8
"""Conversations that go on beside each other."""
SOON, AFTER_A_KILL = 10.0, 90.0
"""Seconds until all agrees: promised, and where a killed process held a message."""
UNMOVED = 2.0
"""Seconds after which a click counts as without effect."""
LONGEST = 900.0
"""Seconds; no triage begins after that, so a slow machine tries fewer."""
MOVES = 8
"""Of a triage; then somebody stops it."""
KILLS_EVERY = (25, 60)
"""Seconds."""
WAIT = timedelta(seconds=14)
MOST_MESSAGES = 7
PASTED = ("Code storage limit exceeded.", "AccessDenied: not authorized to perform logs:Put")
WRONG = ("datadog", "datadog", "layer", "layer", "silent", "waits", "waits", "healthy")
SKIPPED = frozenset({"Text for support", "All checks"})


@dataclass
class Counts:
    """What happened; guarded by its lock."""

    did: Counter[str] = field(default_factory=Counter)
    settled: list[float] = field(default_factory=list)
    """Seconds from a click until all agreed, where nobody was killed."""
    wrong: list[str] = field(default_factory=list)
    buried: list[str] = field(default_factory=list)
    noisy: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def kept(self) -> bool:
        """Nothing was wrong."""
        return not (self.wrong or self.buried or self.noisy)


class Play:
    """What all conversations share."""

    def __init__(self, stage: Stage, seed: int) -> None:
        """No conversation has begun."""
        self.stage, self.shown, self.seed = stage, Shown(stage), seed
        self.counts, self.killed_at = Counts(), float("-inf")
        self.began = time.monotonic()

    def kills(self, ended: threading.Event) -> None:
        """One of the two at a time, back at once."""
        chance = random.Random(self.seed)  # noqa: S311 - chaos, not secrets
        while not ended.wait(chance.uniform(*KILLS_EVERY)):
            replica: Replica = chance.choice(self.stage.replicas)
            self.killed_at = time.monotonic()
            replica.kill()
            replica.start()
            self.counts.did["kill -9"] += 1


class Talk:
    """One conversation."""

    def __init__(self, play: Play, number: int) -> None:
        """A channel and an account of its own, and two people."""
        self.play, self.stage, self.counts = play, play.stage, play.counts
        self.slack, self.name, self.channel = play.stage.slack, f"a{number}", f"C0TALK{number}"
        self.chance = random.Random(f"{play.seed}/{number}")  # noqa: S311 - as above
        users = [f"U0{who}{number}" for who in ("ADA", "BOB")]
        with self.slack.lock:
            self.slack.store.channel(self.channel, f"talk-{number}", BOT_USER, *users)
        self.ada, self.bob = (Person(self.slack, each, name=each.lower()) for each in users)
        self.account = self.stage.aws.account(self.stage.account_id(self.name))

    # ------------------------------------------------------------------ the function

    def broken(self, name: str, how: str) -> None:
        """In one way."""
        function = FakeFunction(self.account, name, NODE)
        if how == "datadog":
            function.variables["AWS_LAMBDA_EXEC_WRAPPER"] = "/opt/datadog_wrapper"
        if how == "layer":
            function.config["Layers"] = []
        if how in {"datadog", "layer", "silent"}:
            function.silent()
        now = datetime.now(UTC)
        self.account.region("us-east-1").stacks.clear()
        healthy_account(self.account, now)
        if how == "waits":
            self.account.region("us-east-1").stacks.clear()
            self.account.stack(now - timedelta(minutes=10) + WAIT)

    def fixed(self, name: str) -> None:
        """All of it, and it was invoked."""
        function = FakeFunction(self.account, name, NODE)
        function.variables["AWS_LAMBDA_EXEC_WRAPPER"] = NODE.wrapper
        function.config["Layers"] = [{"Arn": function.layer(NODE.layer)}]
        function.log(function.payload(), ago=timedelta())
        self.account.region(REGION).invoked(name, datetime.now(UTC))

    # ------------------------------------------------------------------ one triage

    def triage(self, name: str) -> None:
        """From the question to its end."""
        self.broken(name, how := self.chance.choice(WRONG))
        if self.chance.random() < 0.7:  # noqa: PLR2004 - most
            self.ada.opens_home()
        guided = self.chance.random() < 0.3  # noqa: PLR2004 - some
        words = f"/slsdiag {'triage ' if guided else ''}{name} --account {self.name}"
        self.does(f"{how}: types", lambda: self._types(self.ada, words))
        if not self._open() and (card := self._card()) and "Guide me" in card.buttons():
            self.does("Guide me", lambda: self._clicks(card, "Guide me"))
        self._first_action(how)
        for _ in range(self.chance.randint(1, MOVES)):
            if (triage := self._open()) is None:
                break
            self.move(name, triage)
        if open_ := self._open():
            self.does("Stop", lambda: self._clicks(self._prompt(open_), "Stop"))
        self.counts.did["triages"] += 1

    def _first_action(self, how: str) -> None:
        """Of a proven cause: the very first message, after one click."""
        open_ = self._open()
        proven = how in {"datadog", "layer"} and open_ and open_.message == 1
        if proven and open_ and open_.phase is not Phase.STUCK:
            self._wrong(f"{how}: its first message is no action")

    def move(self, name: str, triage: Triage) -> None:
        """Whatever somebody may do now."""
        message, card = self._prompt(triage), self._card()
        clicks = [(message, each) for each in message.buttons() if each not in SKIPPED]
        clicks += [(card, each) for each in card.buttons() if each not in SKIPPED] if card else []
        if self.chance.random() < 0.35:  # noqa: PLR2004 - some
            self.fixed(name)
        roll = self.chance.random()
        if roll < 0.08:  # noqa: PLR2004 - seldom
            words = f"/slsdiag {name} {REGION} --account {self.name}"
            self.does("types it with its region", lambda: self._types(self.bob, words))
        elif roll < 0.14:  # noqa: PLR2004 - seldom
            self.does(
                "types it again",
                lambda: self._types(self.bob, f"/slsdiag {name} --account {self.name}"),
            )
        elif triage.phase is Phase.WAITING and roll < 0.5:  # noqa: PLR2004 - often
            self.does("waits", lambda: self._waits(triage))
        elif clicks:
            where, label = self.chance.choice(clicks)
            self.does(label, lambda: self._clicks(where, label))

    def _waits(self, triage: Triage) -> None:
        until = time.monotonic() + 40
        while time.monotonic() < until:
            known = self.play.shown.triages.load(triage.id)
            if known is None or known.version != triage.version:
                return
            time.sleep(0.5)

    def _types(self, person: Person, words: str) -> str:
        until = time.monotonic() + AFTER_A_KILL
        while time.monotonic() < until:
            response = person.types(words, channel=self.channel)
            if response.status == 200 and "could not save" not in response.text:  # noqa: PLR2004 - HTTP's OK
                return response.text
            time.sleep(1)
        raise TimeoutError(f"{words!r} was not answered")

    def _clicks(self, message: Message, label: str) -> None:
        person = self.chance.choice((self.ada, self.bob))
        self.slack.store.views.pop(person.user, None)
        person.clicks(message, label)
        if label != "Something else…":
            return
        until = time.monotonic() + SOON
        while person.user not in self.slack.store.views and time.monotonic() < until:
            time.sleep(0.1)
        if person.user in self.slack.store.views:
            person.submits(text=self.chance.choice(PASTED))

    def _open(self) -> Triage | None:
        known = self.play.shown.seen(self.channel, 2).triages
        return next((each for each in known if not each.finished), None)

    def _prompt(self, triage: Triage) -> Message:
        found = self.play.shown.message(self.channel, f"{triage.id}:message-{triage.message}")
        assert found  # noqa: S101 - all agreed before
        return found

    def _card(self) -> Message | None:
        newest = self.play.shown.seen(self.channel, 1).asks
        return self.play.shown.message(self.channel, card_key(newest[0])) if newest else None

    # ------------------------------------------------------------------ what is seen

    def does(self, what: str, act: Callable[[], object]) -> int:
        """Then all agrees, soon; the messages that came of it."""
        before, state = len(self._posts()), self._state()
        began = time.monotonic()
        act()
        moved, wrong = time.monotonic(), ["?"]
        while self._state() == state and time.monotonic() - moved < UNMOVED:
            time.sleep(0.05)  # a click may have no effect
        while wrong and time.monotonic() - moved < AFTER_A_KILL:
            time.sleep(0.3)
            wrong = self._disagreeing()
            late = time.monotonic() - moved
            if wrong and late > SOON and self.play.killed_at < began - SOON:
                break
        with self.counts.lock:
            self.counts.did[what.rpartition(": ")[2]] += 1
            if not wrong and self.play.killed_at < began - SOON:
                self.counts.settled.append(time.monotonic() - moved)
            self.counts.wrong += [f"{self.name}, {what}: {each}" for each in wrong]
            for each in wrong:
                print(f"  ! {self.name}, {what}: {each}", file=sys.stderr, flush=True)
            self.counts.buried += self.play.shown.buried(self.channel)
        return len(self._posts()) - before

    def _state(self) -> list[tuple[str, int]]:
        seen = self.play.shown.seen(self.channel, 3)
        versions = [(each.id, each.version) for each in seen.asks]
        return versions + [(each.id, each.version) for each in seen.triages]

    def _disagreeing(self) -> list[str]:
        wrong = self.play.shown.wrong(self.channel)
        homes = [] if wrong else self.play.shown.wrong_home(self.ada.user)
        if wrong or homes:
            return wrong + homes
        if self.chance.random() < 0.7:  # noqa: PLR2004 - a history now and then
            return []
        history = self._types(self.bob, "/slsdiag history")
        return self.play.shown.wrong_history(self.channel, history)

    def _posts(self) -> list[Message]:
        with self.slack.lock:
            return self.slack.public(self.channel)

    def _wrong(self, why: str) -> None:
        with self.counts.lock:
            self.counts.wrong.append(f"{self.name}: {why}")

    # ------------------------------------------------------------------ messages

    def plain(self, name: str, other: str) -> str:
        """A check, checked again, and a whole triage with one wait: how many messages each is."""
        self.broken(name, "datadog")
        check = self.does(
            "types", lambda: self._types(self.ada, f"/slsdiag {name} --account {self.name}")
        )
        again = self.does("Check again", lambda: self._clicks(self._card_now(), "Check again"))
        self.fixed(name)
        changed = self.does("Check again", lambda: self._clicks(self._card_now(), "Check again"))
        self.broken(other, "waits")
        self.broken_too(other)
        before = len(self._posts())
        self.does("types", lambda: self._types(self.ada, f"/slsdiag {other} --account {self.name}"))
        if waiting := self._open():
            self.does("waits", lambda: self._waits(waiting))
        if stuck := self._open():
            self.does("I fixed it", lambda: self._clicks(self._prompt(stuck), "I fixed it"))
            self.fixed(other)
        if watched := self._open():
            self.does("Check again", lambda: self._clicks(self._prompt(watched), "Check again"))
        whole = len(self._posts()) - before
        ended = self._open() is None
        for what, count, most in (
            ("a check", check, 2),
            ("Check again without a change", again, 0),
            ("Check again with a change", changed, 1),
            ("a triage with one wait", whole if ended else 99, MOST_MESSAGES),
        ):
            if count > most:
                self.counts.noisy.append(f"{what}: {count} messages, not {most}")
        return f"a check {check}, again {again}, with a change {changed}, a whole triage {whole}"

    def broken_too(self, name: str) -> None:
        """Besides the wait that its account is in."""
        function = FakeFunction(self.account, name, NODE)
        function.variables["AWS_LAMBDA_EXEC_WRAPPER"] = "/opt/datadog_wrapper"
        function.silent()

    def _card_now(self) -> Message:
        card = self._card()
        assert card  # noqa: S101 - it was checked
        return card


@contextmanager
def disturbed(play: Play) -> Iterator[None]:
    """While a process is killed now and then."""
    ended = threading.Event()
    thread = threading.Thread(target=play.kills, args=(ended,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def main() -> int:
    """So many triages."""
    sizes = [int(each) for each in sys.argv[1:]]
    triages, seed = (*sizes, *(20, 1)[len(sizes) :])
    talks = min(AT_ONCE, triages)
    each = -(-triages // talks)
    began = time.monotonic()
    with Stage(seed, talks + 1, each + 12) as stage:
        for _ in range(2):
            stage.replica().start()
        for replica in stage.replicas:
            replica.ready()
        stage.slack.sockets.wait(2)
        play = Play(stage, seed)
        messages = Talk(play, talks).plain("f10", "f11")
        with disturbed(play), ThreadPoolExecutor(talks) as pool:
            list(pool.map(lambda number: talked(play, number, each), range(talks)))
        counts = play.counts
        late = sorted(counts.settled) or [0.0]
        print(f"conversations, seed {seed}: {dict(counts.did)}")
        print(f"  messages: {messages}")
        print(
            f"  contradictions {len(counts.wrong)}, prompts buried {len(counts.buried)}; all agreed "
            f"after p50 {late[len(late) // 2]:.1f} s, p99 {late[int(len(late) * 0.99)]:.1f} s; "
            f"{time.monotonic() - began:.0f} s"
        )
        for what in [*counts.wrong, *counts.buried, *counts.noisy][:20]:
            print(f"  ! {what}")
        return 0 if counts.kept else 1


def talked(play: Play, number: int, triages: int) -> None:
    """One conversation, of a function after the other."""
    talk = Talk(play, number)
    for each in range(triages):
        if time.monotonic() - play.began > LONGEST:
            return
        try:
            talk.triage(f"f{each}")
        except Exception as error:  # noqa: BLE001 - it is counted, and the others go on
            talk._wrong(f"f{each}: {type(error).__name__}: {error}")  # noqa: SLF001 - the two are one


if __name__ == "__main__":
    sys.exit(main())
