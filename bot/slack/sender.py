"""
Outbox → Slack's Web API.

After an unclear outcome (a time-out, a reset, a 5xx) the sender first searches whether the message
is there, and posts again only if it is not; never at once, because Slack's history lags. What
was posted a second time is searched for once more, later, and a copy is deleted. What Slack
refuses is tried again, or reaches its reader another way: refusals.py says which.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.observability.tracing import under
from bot.slack.files import given_up, not_attached
from bot.slack.observed import Client
from bot.slack.own_messages import OwnMessages
from bot.slack.refusals import UNHEARD, Means, Refusal, Refused, refusal
from bot.store.due import COPIES, ENTRY, Claim, Due
from bot.store.fallback import as_new_post, instead
from bot.store.messages import FILES, Entry, EntryKind, State
from bot.store.outbox import Outbox

LEASE = timedelta(seconds=30)
"""Longer than a call to Slack and what its history lags behind."""
SETTLES_IN = timedelta(seconds=15)
"""After an unclear post; the history must show it by then."""
CALL_LIMIT = timedelta(seconds=10)
WAITS_FOR = timedelta(minutes=1)
"""Between two tries while Slack lets the app do nothing."""
WAITS_AT_MOST = timedelta(hours=24)
"""Then it is given up: nobody waits for it any more."""
SEARCHES_FOR = timedelta(hours=1)
"""How long an unclear post is searched for while Slack lets the app read nothing."""
UNCONFIRMED = "unconfirmed"
"""It may have landed, and we may not read: not said twice."""
UNREADABLE = frozenset({"missing_scope", "not_allowed_token_type"})
"""For a history these may be on purpose: the bot works without."""
THREAD_GONE = frozenset(
    {"cannot_reply_to_message", "invalid_thread_ts", "message_not_found", "thread_not_found"}
)
THREAD_TRIES = 3
"""A thread's first message may be posted again meanwhile."""
THREAD_SEARCHES = 8
"""How often to wait `SETTLES_IN` for a thread: Slack's history may not list its first message yet."""

log = structlog.get_logger(__name__)


def web_client(token: str, api_url: str) -> WebClient:
    """A client that never posts twice by itself."""
    return Client(
        token=token, base_url=api_url, timeout=round(CALL_LIMIT.total_seconds()), retry_handlers=[]
    )


@dataclass(frozen=True)
class Sender:
    """Sends one entry at a time."""

    outbox: Outbox
    due: Due
    own: OwnMessages
    now: Callable[[], datetime]
    nudge: Callable[[str, str], None]
    lost: Callable[[Entry], bool]
    """Given a message that will not be in its channel, with Slack's word for it: whether its
    reader hears of it otherwise."""

    def send(self, key: str) -> None:
        """Send the entry, if it is due and nobody else has it."""
        claim = self.due.claim(ENTRY, key, LEASE)
        entry = self.outbox.load(key) if claim else None
        if claim is None:
            return
        if entry is None or entry.state in {State.SENT, State.DEAD}:
            self.due.finish(claim)
            return
        posted = entry.kind in {EntryKind.POST, EntryKind.SHARE}
        settle = posted and entry.state is State.SENDING
        with under(entry.trace):
            (self._settle if settle else self._try)(entry, claim)

    def take_back(self, key: str) -> None:
        """Delete the copies of a message that was posted more than once."""
        claim = self.due.claim(COPIES, key, LEASE)
        entry = self.outbox.load(key) if claim else None
        if claim is None:
            return
        left = None
        try:
            if entry and entry.state is State.SENT:
                with under(entry.trace):
                    left = self._only(entry)
        except (SlackApiError, *UNHEARD) as error:
            why = refusal(error)
            log.warning("copies_not_read", key=key, error=why.word)
            later = entry is not None and self._not_listed_yet(entry, why)
            if later or why.means in {Means.LIMITED, Means.WAIT, Means.UNCLEAR}:
                self.outbox.doubt(key, entry.cursor if entry else None)
                return
        if left:
            self.outbox.doubt(key, left)
        else:
            self.due.finish(claim)

    def give_up(self, claim: Claim) -> None:
        """It failed again and again: what waits behind it goes on, and its requester hears of it."""
        entry = self.outbox.load(claim.id)
        if entry is None or entry.state in {State.SENT, State.DEAD}:
            return
        with under(entry.trace):
            self._otherwise(entry, f"{UNCONFIRMED}: given up", claim)

    def leave_copies(self, claim: Claim) -> None:
        """Nobody waits for it: at worst a message stands there twice."""
        log.warning("copies_left", key=claim.id)

    def _only(self, entry: Entry) -> str | None:
        """Where more is to be read; a frozen process may have posted at any time."""
        spot = self.own.spot(entry)
        search = self.own.find(spot, entry.first_try_at, cursor=entry.cursor)
        own = entry.ts or next(iter(search.stamps), None)
        for ts in search.stamps:
            if ts != own:
                log.warning("copy_deleted", key=entry.key)
                self.own.delete(spot, ts)
        return search.cursor

    def _settle(self, entry: Entry, claim: Claim) -> None:
        """Post again only what is not there."""
        try:
            landed_by = entry.last_try_at + CALL_LIMIT if entry.last_try_at else None
            spot, since = self.own.spot(entry), entry.first_try_at
            search = self.own.find(spot, since, landed_by, entry.cursor)
        except (SlackApiError, *UNHEARD) as error:
            self._unseen(entry, refusal(error), claim)
        else:
            if search.stamps:
                self._landed(entry, search.stamps[0], claim)
            elif search.cursor:
                again = self.now() + search.pause
                self.outbox.postpone(entry, again, claim, unclear=True, cursor=search.cursor)
            else:
                self._try(entry, claim)

    def _unseen(self, entry: Entry, why: Refusal, claim: Claim) -> None:
        """Whether it landed cannot be known now."""
        since = entry.first_try_at or self.now()
        if self._not_listed_yet(entry, why):
            self.outbox.postpone(entry, self.now() + SETTLES_IN, claim, unclear=True)
            return
        for_good = why.means in {Means.OUR_FAULT, Means.NOT_HERE} or why.word in UNREADABLE
        if for_good or (why.means is Means.WAIT and self.now() - since > SEARCHES_FOR):
            self._otherwise(entry, f"{UNCONFIRMED}: {why.word}", claim)
        else:
            again = max(SETTLES_IN, why.pause)
            self.outbox.postpone(
                entry, self.now() + again, claim, unclear=True, cursor=entry.cursor
            )

    def _not_listed_yet(self, entry: Entry, why: Refusal) -> bool:
        """Whether its thread may be there although a search of it found none."""
        tried_at = entry.last_try_at
        listed_in = THREAD_SEARCHES * SETTLES_IN
        return (
            why.word in THREAD_GONE and tried_at is not None and self.now() < tried_at + listed_in
        )

    def _try(self, entry: Entry, claim: Claim) -> None:
        sending = self.outbox.sending(entry, claim, LEASE)
        if sending is None:
            return
        try:
            ts = self.own.send(sending)
        except (SlackApiError, Refused, *UNHEARD) as error:
            self._refused(sending, refusal(error), claim)
        else:
            self._landed(sending, ts, claim)

    def _landed(self, entry: Entry, ts: str, claim: Claim) -> None:
        released = self.outbox.sent(entry, ts, claim)
        if released is None:
            self.outbox.doubt(entry.key)
        else:
            self._nudged(released)

    def _refused(self, entry: Entry, why: Refusal, claim: Claim) -> None:
        match why.means:
            case _ if given_up(entry, why):
                self._otherwise(entry, why.word, claim)
            case Means.LIMITED:
                self.outbox.limited(entry, self.now() + why.pause, claim)
            case Means.WAIT:
                self._shut_out(entry, why.word, claim)
            case Means.UNCLEAR:
                self.outbox.postpone(entry, self.now() + SETTLES_IN, claim, unclear=True)
            case _ if why.word in THREAD_GONE and entry.thread_of and entry.tries < THREAD_TRIES:
                self.outbox.postpone(entry, self.now() + SETTLES_IN, claim)
            case _:
                self._otherwise(entry, why.word, claim)

    def _shut_out(self, entry: Entry, word: str, claim: Claim) -> None:
        log.error("slack_shut_out", key=entry.key, error=word)
        self.outbox.shut_out(word)
        now = self.now()
        if now - (entry.first_try_at or now) < WAITS_AT_MOST:
            self.outbox.postpone(entry, now + WAITS_FOR, claim)
            return
        if entry.kind is EntryKind.POST and not entry.direct:
            self.lost(replace(entry, error=word))
        log.error("reader_not_told", key=entry.key, error=word)
        self._nudged(self.outbox.dead(entry, word, claim))

    def _otherwise(self, entry: Entry, why: str, claim: Claim) -> None:
        """It will not be delivered as it was meant to be."""
        log.warning("slack_refused", key=entry.key, error=why)
        if entry.kind is EntryKind.UPDATE:
            edited = self.outbox.load(entry.of or "")
            if edited and self._under_way(edited.replaced_by):
                self.outbox.postpone(entry, self.now() + SETTLES_IN, claim)
                return
            other = as_new_post(entry, edited) if edited else None
        elif entry.kind in FILES:
            repeated = entry.kind is EntryKind.SHARE and entry.tries > 1
            other = not_attached(entry, why, unclear=repeated or why.startswith(UNCONFIRMED))
        else:
            in_channel = entry.kind is EntryKind.POST and not entry.direct
            reported = in_channel and self.lost(replace(entry, error=why))
            other = None if reported else instead(entry)
            if not (reported or other):
                log.error("reader_not_told", key=entry.key, error=why)
        self._nudged(self.outbox.dead(entry, why, claim, other))

    def _under_way(self, key: str | None) -> bool:
        entry = self.outbox.load(key) if key else None
        return entry is not None and entry.state in {State.PENDING, State.SENDING}

    def _nudged(self, released: tuple[str, ...]) -> None:
        for key in released:
            self.nudge(ENTRY, key)
