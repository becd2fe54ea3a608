"""
People who have many triages at once, and what must be there in the end.

A triage here has two waits: the integration settles until a first time, and before it is over
it is deleted and created again, which takes until a second one. Then the bot asks, and the
person stops. So a thread holds, each once: the steps, two waits, a question, a summary. Where
the first look comes so late that the integration is being replaced already, one wait is right.
Whoever types again, because Slack said that the app did not respond, joins the triage of the first ask.
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from stage import Stage

from bot.playground.workspace import Person
from bot.playground.workspace.messages import GENERAL
from bot.playground.workspace.model import Blocks, Message
from bot.triage.lookup import UNDER_WAY

FIRST_WAIT, SECOND_WAIT = 75.0, 70.0
SHORT = 40.0
"""Seconds of both waits in a small run, where looks do not queue."""
REPLACED_BEFORE = 8.0
"""Seconds before the end of the first wait; all look again then."""
UNTIL = re.compile(r"Checks again by itself: .*?'timestamp': (\d+)", re.DOTALL)
OVER = "The wait is over."
"""Of a wait whose message came late."""
REPLACED = "it takes 20 minutes, because one was removed"
"""What only the second wait says."""
GIVES_UP_AFTER = 240.0
"""Seconds after the last expected end."""


@dataclass
class Crowd:
    """One person for each account; each begins a triage of each of its functions."""

    stage: Stage
    first_wait: float = FIRST_WAIT
    second_wait: float = SECOND_WAIT
    pace: float = 4.0
    """Triages begun each second."""
    typed: int = 0
    slowest: float = 0.0
    asked: set[str] = field(default_factory=set)
    ends_at: float = 0.0
    ends: dict[str, float] = field(default_factory=dict)
    """When each wait should be over, by its message's key: once it is, the message no longer says."""
    joining: set[str] = field(default_factory=set)
    """Requests whose card pointed to another's triage, while that was under way."""
    _closed: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Until every triage has its summary, or too long."""
        clicker = threading.Thread(target=self._click, daemon=True)
        clicker.start()
        with ThreadPoolExecutor(len(self.stage.names)) as pool:
            list(pool.map(self._account, range(len(self.stage.names))))
        while time.monotonic() < self.ends_at + GIVES_UP_AFTER and not self._all_done():
            time.sleep(0.5)
        self._closed.set()
        clicker.join()

    def _account(self, number: int) -> None:
        functions = self.stage.functions
        begins_in = number * len(functions) / self.pace
        time.sleep(begins_in)
        name = self.stage.names[number]
        ramp = len(functions) / self.pace
        first = datetime.now(UTC) + timedelta(seconds=ramp + self.first_wait)
        second = first + timedelta(seconds=self.second_wait)
        self.ends_at = max(
            self.ends_at, time.monotonic() + ramp + self.first_wait + self.second_wait
        )
        self.settles(name, first, replaced=False)
        person = Person(self.stage.slack, f"U0{name.upper()}", name=name)
        for function in functions:
            self._type(person, f"/slsdiag {function} --account {name}")
            time.sleep(1 / self.pace)
        time.sleep(max(0.0, (first - datetime.now(UTC)).total_seconds() - REPLACED_BEFORE))
        self.settles(name, second, replaced=True)

    def settles(self, name: str, until: datetime, *, replaced: bool) -> None:
        """The account's integration settles until then, made for the first time or in place of another."""
        account = self.stage.aws.account(self.stage.account_id(name))
        stacks = account.region("us-east-1").stacks
        stacks.clear()
        if replaced:
            gone = until - timedelta(minutes=21)
            account.stack(gone - timedelta(days=30), "DELETE_COMPLETE", deleted_at=gone)
        account.stack(until - timedelta(minutes=20 if replaced else 10))

    def _type(self, person: Person, text: str) -> None:
        """As a person does: again, when Slack says that the app did not answer."""
        while True:
            response = person.types(text)
            if response.status == 200 and "could not" not in response.text:  # noqa: PLR2004 - HTTP's OK
                self.typed += 1
                self.slowest = max(self.slowest, response.seconds)
                return
            time.sleep(1)

    def _click(self) -> None:
        """Stop at each question; once more, when nothing came of it."""
        person = Person(self.stage.slack, "U0STOP", name="stop")
        clicked: dict[str, float] = {}
        while not self._closed.wait(0.2):
            self._note_ends()
            for message in self._messages():
                buttons = message.buttons()
                if "· question: " not in message.text or "Stop" not in buttons:
                    continue
                if time.monotonic() - clicked.get(message.ts, -60.0) > 30:  # noqa: PLR2004 - patience
                    clicked[message.ts] = time.monotonic()
                    person.clicks(message, "Stop")

    def _note_ends(self) -> None:
        for key, message in self._keys():
            if until := end_of(message.blocks):
                self.ends[key] = until
            if key.endswith(":1:card") and UNDER_WAY in str(message.blocks):
                self.joining.add(key.split(":")[0])

    def _messages(self) -> list[Message]:
        with self.stage.slack.lock:
            return [m for m in self.stage.slack.public() if m.channel == GENERAL]

    def _all_done(self) -> bool:
        """A summary that was posted twice, and is not taken back yet, is one."""
        done = {key for key, message in self._keys() if ": triage " in message.text}
        return len(done) >= self.typed

    def _keys(self) -> Iterator[tuple[str, Message]]:
        for message in self._messages():
            payload = (message.metadata or {}).get("event_payload") or {}
            if "key" in payload:
                yield payload["key"], message


@dataclass
class Counts:
    """What was promised, counted."""

    triages: int
    lost: list[str]
    doubled: list[str]
    left_open: list[str]
    early: int
    one_wait: int
    """Triages whose first look came when the second wait had begun, or the next when it was over."""
    over: int
    """
    Requests that were first checked when both waits were over: their cards say healthy, or, where
    only the triage's own first check came so late, its first message is the question.
    """
    joined: int
    """Asks that were typed again, as nothing came back, and joined the triage of the first."""
    lateness: list[float]
    """Seconds from the stated end of a wait to the message after it."""

    def summary_line(self) -> str:
        """One line."""
        late = sorted(self.lateness) or [0.0]
        return (
            f"triages {self.triages} ({self.one_wait} of one wait; {self.over} asks answered when "
            f"the waits were over, {self.joined} joined a triage), "
            f"lost {len(self.lost)}, doubled {len(self.doubled)}, "
            f"prompts left open {len(self.left_open)}, early {self.early}, next message after "
            f"a wait's end: p50 {late[len(late) // 2]:.1f} s, "
            f"p99 {late[min(len(late) - 1, int(len(late) * 0.99))]:.1f} s"
        )

    @property
    def kept(self) -> bool:
        """Whether nothing was lost, doubled, early, or left with buttons that do nothing."""
        return not (self.lost or self.doubled or self.left_open or self.early)


def end_of(blocks: Blocks) -> float | None:
    """Of a wait, as its message says it."""
    until = UNTIL.search(str(blocks))
    return float(until[1]) if until else None


def counted(crowd: Crowd) -> Counts:
    """From what Slack holds now."""
    keyed = list(crowd._keys())  # noqa: SLF001 - the two are one
    times = Counter(key for key, _ in keyed)
    by_key = dict(keyed)
    asks = {key.split(":")[0] for key in by_key if key.endswith(":1:card")}
    joining = asks & crowd.joining
    triages = asks - joining
    lost = [f"{crowd.typed - len(triages)} triages"] * (len(triages) < crowd.typed)
    lost += [f"{ask}: its steps" for ask in joining if f"{ask}:summary" not in by_key]
    left_open, lateness, one_wait, over = [], [], 0, 0
    for ask in triages:
        card, steps = f"{ask}:1:card", f"{ask}:summary"
        first = by_key.get(f"{ask}-1:message-1")
        second = by_key.get(f"{ask}-1:message-2")
        late = first is not None and REPLACED in first.text
        late |= second is not None and "· question: " in second.text
        one_wait += late
        messages = [f"{ask}-1:message-{number}" for number in range(1, 3 if late else 4)]
        summary = f"{ask}-1:summary"
        missing = [key for key in (card, steps, *messages, summary) if key not in by_key]
        asked_at_once = first is not None and "· question: " in first.text
        if (missing == [*messages, summary] and "is healthy" in by_key[card].text) or (
            asked_at_once and missing == messages[1:]
        ):
            over += 1
            continue
        if missing:
            text = by_key[card].text[:80]
            lost += [f"{key} (its card: {text})" for key in missing]
            continue
        if "Checking " in by_key[card].text:
            lost.append(f"{ask}: edit of the card")
        left_open += [m.text for m in (by_key[key] for key in messages) if m.buttons()]
        for wait, following in pairwise(messages):
            until = crowd.ends.get(wait) or end_of(by_key[wait].posted)
            if until:
                lateness.append(float(by_key[following].ts) - until)
            elif OVER not in str(by_key[wait].posted):
                lost.append(f"{ask}: a wait's end")
    doubled = [key for key, count in times.items() if count > 1]
    doubled += [f"{ask}: a triage besides" for ask in joining if f"{ask}-1:message-1" in by_key]
    early = sum(late < 0 for late in lateness)
    met = (one_wait, over, len(joining))
    return Counts(len(triages), lost, doubled, left_open, early, *met, lateness)
