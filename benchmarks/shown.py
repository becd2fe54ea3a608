"""
What a channel and App Home show, held against what is stored.

Cards: the state's headline, no button of another state, and what is done about it. Threads: the
open prompt has the only buttons and is the newest message. Homes and histories: the same states.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stage import Stage

from bot.diagnosis.card import headline
from bot.diagnosis.messages import card_key
from bot.diagnosis.model import Diagnosis
from bot.diagnosis.model import Stage as Progress
from bot.playground.workspace.model import BOT_USER, Message
from bot.search.requests import RequestHistory
from bot.store.due import DIAGNOSIS, TRIAGE
from bot.store.keys import OUTBOX
from bot.store.outbox import Outbox
from bot.store.records import Records
from bot.triage import card as triage_card
from bot.triage.model import FIRST, Phase, Triage
from checks.report import Report

MOST = 6
"""Requests of a channel that are held against it, the newest."""
FIXING, WATCHED, WAITS, ELSEWHERE = (
    "is fixing this",
    "Waiting for the first payload",
    "Checks again by itself",
    "triage of it is under way",
)
COURSES = (FIXING, WATCHED, WAITS, ELSEWHERE)


@dataclass(frozen=True)
class Seen:
    """One channel's requests and triages, as they are stored."""

    asks: list[Diagnosis]
    triages: list[Triage]

    def report(self, ask: Diagnosis) -> Report | None:
        """The newest of a request: its own, or that of a triage on its card."""
        own = [each.report for each in self.triages if each.id.startswith(f"{ask.id}-")]
        found = [each for each in (ask.report, *own) if each]
        return max(found, key=lambda each: each.checked_at, default=None)

    def open_of(self, ask: Diagnosis) -> Triage | None:
        """The triage of its function that is open."""
        report = self.report(ask)
        key = report.function.key if report else None
        return next((t for t in self.triages if not t.finished and t.function == key), None)


class Shown:
    """Of one stage."""

    def __init__(self, stage: Stage) -> None:
        """Reads the same store as the bot."""
        self.slack, self.redis = stage.slack, stage.redis
        redis = stage.redis
        self.asks = Records(redis, DIAGNOSIS, Diagnosis)
        self.triages = Records(redis, TRIAGE, Triage)
        self.outbox, self.requests = Outbox(redis), RequestHistory(redis)

    def seen(self, channel: str, most: int = MOST) -> Seen:
        """What is stored of its newest requests."""
        return Seen(self.asks.newest(channel, most), self.triages.newest(channel, most))

    def message(self, channel: str, key: str) -> Message | None:
        """Of that outbox entry, or of the one in its place."""
        while (entry := self.outbox.load(key)) and entry.replaced_by:
            key = entry.replaced_by
        return self.slack.store.find(channel, entry.ts) if entry and entry.ts else None

    def wrong(self, channel: str, most: int = MOST) -> list[str]:
        """What contradicts the state; nothing where all of it agrees."""
        seen = self.seen(channel, most)
        waiting = [str(key) for key in self.redis.zrange(OUTBOX, 0, -1)]
        under_way = [key for a in seen.asks for key in waiting if key.startswith(a.id)]
        return [
            *(f"message {key} is under way" for key in under_way),
            *(f"card {a.target}: {why}" for a in seen.asks for why in self._card(seen, a)),
            *(f"thread {t.target}: {why}" for t in seen.triages for why in self._thread(t)),
            *(f"thread {t.target}: {why}" for t in seen.triages for why in _behind(seen, t)),
        ]

    def _card(self, seen: Seen, ask: Diagnosis) -> Iterator[str]:
        if ask.stage is Progress.CHECKING:
            yield "is being checked"
            return
        report = seen.report(ask)
        if report is None or ask.private or ask.only:
            return
        card = self.message(ask.channel, card_key(ask))
        if card is None:
            yield "is not there"
            return
        if not card.text.startswith(f"{headline(report)}. "):
            yield f"says {card.text[:60]!r}, not {headline(report)!r}"
        yield from _course(card, seen.open_of(ask), card_key(ask))

    def _thread(self, triage: Triage) -> Iterator[str]:
        if triage.pending or (triage.prompt is None and not triage.finished):
            yield "is being worked on"
            return
        shown = [
            self.message(triage.channel, f"{triage.id}:message-{number}")
            for number in range(1, triage.message + 1)
        ]
        for message in shown if triage.finished else shown[:-1]:
            if message and _buttons(message):
                yield f"stale buttons on {message.text[:60]!r}"
        if triage.finished:
            if self.message(triage.channel, f"{triage.id}:summary") is None:
                yield "has no summary"
        elif shown:
            yield from self._prompt(triage, shown[-1])

    def _prompt(self, triage: Triage, message: Message | None) -> Iterator[str]:
        if message is None:
            yield "its prompt is not there"
            return
        if message.text != triage_card.prompt(triage)["text"]:
            yield f"its prompt says {message.text[:60]!r}"
        turns = {value.split(":")[1] for value in _buttons(message).values()}
        if turns != {str(triage.turn)}:
            yield f"its buttons are of turn {turns}, not {triage.turn}"

    def buried(self, channel: str) -> list[str]:
        """Questions, actions and waits that are not the newest message of their thread."""
        found = []
        for triage in self.seen(channel).triages:
            key = f"{triage.id}:message-{triage.message}"
            message = None if triage.finished else self.message(channel, key)
            if message and self._newest(message) is not message:
                found.append(f"{triage.target}: {message.text[:60]!r}")
        return found

    def _newest(self, message: Message) -> Message:
        with self.slack.lock:
            thread = [
                m
                for m in self.slack.messages
                if m.thread_ts == message.thread_ts
                and m.channel == message.channel
                and m.user == BOT_USER
                and m.seen_by is None
            ]
        return max(thread, key=lambda m: float(m.ts))

    def wrong_home(self, user: str) -> list[str]:
        """What their App Home shows that is not so; nothing where they never opened it."""
        view = self.slack.store.homes.get(user)
        if view is None:
            return []
        ids = dict.fromkeys(each.partition(":")[0] for each in self.requests.reports(user, 20))
        asks = [ask for id_ in ids if (ask := self.asks.load(id_))]
        mine = Seen(asks, [t for ask in asks for t in self._of(ask)])
        open_ = {
            f"{t.target}: {t.phase}. {t.prompt.title}"
            for t in mine.triages
            if t.prompt and not t.finished
        }
        reports = [headline(r) for ask in asks if ask.report and (r := mine.report(ask))][:10]
        listed = _listed(view)
        wrong = [f"Home lists {listed['Open']}, not {open_}"] * (set(listed["Open"]) != open_)
        cards = [any(line.startswith(f"{each}. ") for line in listed["Your"]) for each in reports]
        stale = len(listed["Your"]) != len(reports) or not all(cards)
        return [*wrong, *([f"Home reports {listed['Your']}, not {reports}"] * stale)]

    def _of(self, ask: Diagnosis) -> list[Triage]:
        rounds = range(ask.round, max(0, ask.round - 5), -1)
        return [t for n in rounds if (t := self.triages.load(f"{ask.id}-{n}"))]

    def wrong_history(self, channel: str, history: str) -> list[str]:
        """Reports of the channel that a history does not tell as they are now."""
        seen = self.seen(channel)
        states = [headline(r) for ask in seen.asks if ask.report and (r := seen.report(ask))]
        return [f"history lacks {each!r}" for each in states if each not in history]


def _behind(seen: Seen, triage: Triage) -> Iterator[str]:
    """Its card was checked meanwhile, and says otherwise."""
    ask = next((a for a in seen.asks if triage.id.startswith(f"{a.id}-")), None)
    report = seen.report(ask) if ask else None
    first = triage.prompt is not None and triage.prompt.step in FIRST
    if report and triage.report and not (triage.finished or first):
        of_card, of_triage = (f"{r.verdict} {r.headline}" for r in (report, triage.report))
        if of_card != of_triage:
            yield f"is about {of_triage!r}, its card about {of_card!r}"


def _course(card: Message, open_: Triage | None, key: str) -> Iterator[str]:
    text, buttons = str(card.blocks), set(card.buttons())
    courses = {each for each in COURSES if each in text}
    if open_ is None:
        expected, gone = set(), {"Join the triage", "Stop"}
    elif open_.card != key:
        expected, gone = {ELSEWHERE}, {"Guide me"}
    else:
        expected, gone = {_course_of(open_)}, {"Guide me", "Join the triage"}
        until = open_.prompt.until if open_.prompt and open_.phase is Phase.WAITING else None
        if until and str(int(until.timestamp())) not in text:
            yield "its wait ends at another time"
    if courses != expected:
        yield f"says {courses or 'nothing'} of its triage, not {expected or 'nothing'}"
    if stale := gone & buttons:
        yield f"stale buttons {sorted(stale)}"


def _course_of(triage: Triage) -> str:
    if triage.phase is not Phase.WAITING:
        return FIXING
    return WATCHED if triage.watched_since else WAITS


def _buttons(message: Message) -> dict[str, str]:
    """Those that move a triage, with what they carry."""
    return {
        label: str(element["value"])
        for label, element in message.buttons().items()
        if "value" in element and label != "Text for support"
    }


def _listed(view: dict[str, Any]) -> dict[str, list[str]]:
    """The sections below each headline of Home, by its first word."""
    found: dict[str, list[str]] = {"Open": [], "Your": []}
    under = ""
    for block in view["blocks"]:
        if block["type"] == "header":
            words = block["text"]["text"]
            under = "Your" if words.startswith("Your recent") else words.partition(" ")[0]
            under = "" if words.startswith("Your digests") else under
        elif block["type"] == "section" and under in found:
            line = str(block["text"]["text"])
            if not re.match("None of|.*store is away", line) and block["text"]["type"] != "mrkdwn":
                found[under].append(line)
    return found
