"""What people do with watches: turn one on or off in a channel, and see what is watched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.aws.accounts import Accounts
from bot.conversation import Conversation
from bot.settings import EventQueue
from bot.slack.blocks import Body, words
from bot.store.connection import Redis, now
from bot.store.due import DEPLOY, WATCH, Due
from bot.store.events import Events
from bot.text.visible import visible
from bot.watch.fixes import said_fixed
from bot.watch.intake import Crowded
from bot.watch.model import Fix, News, Watch, watch_id
from bot.watch.parser import Off, On, WatchStatus, WatchWanted
from bot.watch.repository import IN_CHANNEL, IN_WORKSPACE, Deploys, Watches
from checks.grammar import duration

UNSET = (
    "No queue of events is set, so I hear of no deployment: whoever runs slsdiag makes one with "
    "slsdiag watch template, and names it in SLSDIAG_EVENTS."
)


GONE = "That deployment is too old: nothing more is checked for it. Type /slsdiag and the function's name."
CHECKING = "Thank you. I check it now, and the message changes when it reports again."
ATTEMPTS = 10
"""Each fails only because its checks saved meanwhile."""


@dataclass(frozen=True)
class WatchService:
    """Its dependencies are passed in."""

    watches: Watches
    events: Events
    deploys: Deploys
    due: Due
    queues: tuple[EventQueue, ...]
    hidden: Callable[[str, str], bool]
    """Whether a channel may not see an account: account, channel."""
    nudge: Callable[[str, str], None]
    now: Callable[[], datetime]

    def answer(self, wanted: WatchWanted, place: Conversation) -> Body:
        """Do it; what the person alone reads."""
        match wanted:
            case On(prefix=prefix):
                return words(self._on(prefix, place))
            case Off(prefix=prefix):
                return words(self._off(prefix, place.channel))
            case WatchStatus(prefix=prefix):
                return words("\n".join(self._status(place.channel, prefix)))

    def _on(self, prefix: str, place: Conversation) -> str:
        if not self.queues:
            return UNSET
        if not self._visible(place.channel):
            return "Events come of no account that this channel may see."
        every = self.watches.all()
        if len(every) >= IN_WORKSPACE or len(self.watches.of(place.channel)) >= IN_CHANNEL:
            return f"There are too many watches: at most {IN_CHANNEL} in a channel."
        watch = Watch(place.channel, prefix, place.user, self.now())
        if not self.watches.add(watch):
            return f"This channel watches {_which(prefix)} already."
        member = (WATCH, watch_id(watch))
        self.due.make_due([member])
        self.nudge(*member)
        return (
            f"Watching {_which(prefix)}. I post here when a deployment breaks something, and when it "
            "reports again. A scan begins now, so that I know what was broken before."
        )

    def _off(self, prefix: str, channel: str) -> str:
        if self.watches.remove(channel, prefix):
            return f"No longer watching {_which(prefix)} in this channel."
        watched = [_which(watch.prefix) for watch in self.watches.of(channel)]
        if not watched:
            return "Nothing is watched in this channel."
        return f"Not {_which(prefix)}, but {' and '.join(watched)} are watched in this channel."

    def fixed(self, id_: str, channel: str, user: str) -> str:
        """Somebody says that they fixed what the message is about; what they alone read."""
        for _ in range(ATTEMPTS):
            deploy = self.deploys.load(id_)
            told = deploy is not None and any(it.channel == channel for it in deploy.posted)
            if deploy is None or not told:
                return GONE
            if self.hidden(deploy.account, channel):
                return "This channel may no longer see that account."
            watched = self.watches.of(channel)
            rows = [row for row in deploy.rows if any(it.covers(row.name) for it in watched)]
            if not any(row.news is News.BROKE for row in rows):
                return "Nothing of that deployment is broken any more."
            fix = Fix(channel, user, self.now())
            if self.deploys.save(said_fixed(deploy, fix, rows), claim=None):
                self.nudge(DEPLOY, id_)
                return CHECKING
        raise Crowded("Too much is saved about that deployment at once: please click again.")

    def _status(self, channel: str, prefix: str) -> list[str]:
        watches = [watch for watch in self.watches.of(channel) if watch.hears(prefix)]
        if not watches:
            of = f" of {_which(prefix)}" if prefix else ""
            return [
                f"Nothing{of} is watched in this channel: {f'/slsdiag watch on {prefix}'.strip()}",
                *self._queue_lines(channel),
            ]
        lines = [
            f"• {_which(watch.prefix)}, since {watch.since:%d %b %H:%M} UTC; to end it: "
            f"/slsdiag {_command(watch)}"
            for watch in watches
        ]
        return ["Watched in this channel:", *lines, *self._queue_lines(channel)]

    def _queue_lines(self, channel: str) -> list[str]:
        """When the last event of each account and region came, and its event history was read."""
        if not self.queues:
            return [UNSET]
        return [
            f"• events of {queue.account} in {queue.region}: {self._last(queue)}"
            for queue in self._visible(channel)
        ]

    def _last(self, queue: EventQueue) -> str:
        at = self.events.last(queue.place)
        last = f"the last one {self._ago(at)}" if at else "none yet"
        return f"{last}; CloudTrail's event history: {self._history(queue.place)}"

    def _history(self, place: str) -> str:
        history = self.events.history(place)
        if history.failing_since:
            return f"not readable for {duration(self.now() - history.failing_since)}"
        return f"read {self._ago(history.read_at)}" if history.read_at else "not read yet"

    def _ago(self, at: datetime) -> str:
        return f"{duration(self.now() - at)} ago"

    def _visible(self, channel: str) -> list[EventQueue]:
        return [queue for queue in self.queues if not self.hidden(queue.account, channel)]

    def made_by(self, user: str) -> list[str]:
        """Those that a person turned on, a line for each beginning of names."""
        counts = Counter(watch.prefix for watch in self.watches.all() if watch.by == user)
        return [
            f"Watching {_which(prefix)} in {count} channel{'' if count == 1 else 's'}"
            for prefix, count in counts.items()
        ]


def service_over(
    redis: Redis, accounts: Accounts, nudge: Callable[[str, str], None]
) -> WatchService:
    """The service whose watches are read and saved over `redis`."""
    return WatchService(
        Watches(redis),
        Events(redis),
        Deploys(redis),
        Due(redis),
        accounts.settings.events,
        accounts.hidden,
        nudge,
        partial(now, redis),
    )


def _which(prefix: str) -> str:
    return f"functions that begin with {visible(prefix)}" if prefix else "all functions"


def _command(watch: Watch) -> str:
    return f"watch off {watch.prefix}".strip()
