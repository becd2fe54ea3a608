"""
Outbox → Slack's Web API.

After an unclear outcome (a time-out, a reset, a 5xx) the sender looks first whether the message
is there, and posts again only if it is not; never at once, because Slack's history lags. What
was posted a second time is looked at once more, later, and a copy is taken back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.own_messages import OwnMessages, Spot
from bot.slack.refusals import BLOCKS_REFUSED, SHUT_OUT, limited, passes, pause, word
from bot.slack.response_url import respond
from bot.slack.watched import Client
from bot.store.due import COPIES, ENTRY, Claim, Due
from bot.store.messages import Entry, Kind, State
from bot.store.outbox import Outbox
from bot.tracing import under

LEASE = timedelta(seconds=30)
"""Longer than a call to Slack and what its history lags behind."""
SETTLES_IN = timedelta(seconds=15)
"""After an unclear post; the history must tell of it by then."""
TIMEOUT = 10
SHUT_OUT_FOR = timedelta(minutes=1)
UNHEARD = (OSError, HTTPException)
"""The connection ended before, or within, the answer."""
UNCONFIRMED = "unconfirmed"
"""It may have landed, and we may not look: not said twice."""

log = structlog.get_logger(__name__)


def web_client(token: str, api_url: str) -> WebClient:
    """A client that never posts twice by itself."""
    return Client(token=token, base_url=api_url, timeout=TIMEOUT, retry_handlers=[])


@dataclass(frozen=True)
class Sender:
    """Sends one entry at a time."""

    outbox: Outbox
    due: Due
    client: WebClient
    own: OwnMessages
    api_url: str
    now: Callable[[], datetime]
    nudge: Callable[[str, str], None]
    lost: Callable[[Entry], None]
    """Told of a message that will not be posted, with Slack's word for it."""

    def send(self, key: str) -> None:
        """Send the entry, if it is due and nobody else has it."""
        claim = self.due.claim(ENTRY, key, LEASE)
        entry = self.outbox.load(key) if claim else None
        if claim is None:
            return
        if entry is None or entry.state in {State.SENT, State.DEAD}:
            self.due.finish(claim)
            return
        settle = entry.state is State.SENDING and entry.kind is Kind.POST
        with under(entry.trace):
            (self._settle if settle else self._try)(entry, claim)

    def take_back(self, key: str) -> None:
        """Delete the copies of a message that was posted more than once."""
        claim = self.due.claim(COPIES, key, LEASE)
        entry = self.outbox.load(key) if claim else None
        if claim is None:
            return
        try:
            if entry and entry.state is State.SENT:
                with under(entry.trace):
                    self._only(entry)
        except (SlackApiError, *UNHEARD) as error:
            log.warning("copies_unseen", key=key, error=type(error).__name__)
            if not isinstance(error, SlackApiError) or passes(error):
                self.outbox.doubt(key)
                return
        self.due.finish(claim)

    def _only(self, entry: Entry) -> None:
        spot = self._spot(entry)
        for ts in self.own.find(spot, entry.first_try_at):
            if ts != entry.ts:
                log.warning("copy_taken_back", key=entry.key)
                self.own.delete(spot, ts)

    def _settle(self, entry: Entry, claim: Claim) -> None:
        """Post again only what is not there."""
        try:
            found = self.own.find(self._spot(entry), entry.first_try_at)
        except SlackApiError as error:
            if passes(error):
                self.outbox.postpone(entry, self.now() + SETTLES_IN, claim, unclear=True)
            else:
                self._bury(entry, f"{UNCONFIRMED}: {word(error)}", claim)
        except UNHEARD:
            self.outbox.postpone(entry, self.now() + SETTLES_IN, claim, unclear=True)
        else:
            if found:
                self._landed(entry, found[0], claim)
            else:
                self._try(entry, claim)

    def _try(self, entry: Entry, claim: Claim) -> None:
        sending = self.outbox.sending(entry, claim, LEASE)
        if sending is None:
            return
        try:
            ts = self._called(sending)
        except SlackApiError as error:
            self._refused(sending, error, claim)
        except UNHEARD:
            self.outbox.postpone(sending, self.now() + SETTLES_IN, claim, unclear=True)
        else:
            self._landed(sending, ts, claim)

    def _landed(self, entry: Entry, ts: str, claim: Claim) -> None:
        released = self.outbox.sent(entry, ts, claim)
        if released is None:
            self.outbox.doubt(entry.key)
        else:
            self._done(released)

    def _refused(self, entry: Entry, error: SlackApiError, claim: Claim) -> None:
        if limited(error):
            self.outbox.postpone(entry, self.now() + pause(error), claim)
        elif word(error) in SHUT_OUT:
            log.error("slack_shut_out", key=entry.key, error=word(error))
            self.outbox.postpone(entry, self.now() + SHUT_OUT_FOR, claim)
        elif passes(error):
            self.outbox.postpone(entry, self.now() + SETTLES_IN, claim, unclear=True)
        else:
            self._bury(entry, word(error), claim)

    def _bury(self, entry: Entry, why: str, claim: Claim) -> None:
        log.warning("slack_refused", key=entry.key, error=why)
        if entry.kind is Kind.POST:
            self.lost(replace(entry, error=why))
        self._done(self.outbox.dead(entry, why, claim))

    def _done(self, released: tuple[str, ...]) -> None:
        for key in released:
            self.nudge(ENTRY, key)

    def _called(self, entry: Entry) -> str:
        """A refusal of the blocks is a clear outcome: the plain form may follow at once."""
        try:
            return self._call(entry)
        except SlackApiError as error:
            if entry.plain is None or word(error) not in BLOCKS_REFUSED:
                raise
            log.info("sent_plain", key=entry.key, error=word(error))
            return self._call(replace(entry, body=entry.plain))

    def _call(self, entry: Entry) -> str:
        match entry.kind:
            case Kind.POST:
                return str(self.client.chat_postMessage(**self._post(entry))["ts"])
            case Kind.UPDATE:
                ts = self._ts(entry.of)
                if not (entry.deletes and self._deleted(entry, ts)):
                    self.client.chat_update(channel=entry.channel, ts=ts, **entry.body)
                return ts
            case Kind.EPHEMERAL:
                self.client.chat_postEphemeral(
                    channel=entry.channel,
                    user=entry.user or "",
                    thread_ts=entry.thread_ts,
                    **entry.body,
                )
                return ""
            case Kind.RESPOND:
                respond(entry.response_url or "", entry.body, self.api_url)
                return ""

    def _deleted(self, entry: Entry, ts: str) -> bool:
        """False where Slack lets nothing be deleted."""
        try:
            self.own.delete(self._spot(entry), ts)
        except SlackApiError as error:
            if passes(error):
                raise
            log.info("not_deleted", key=entry.key, error=word(error))
            return False
        return True

    def _post(self, entry: Entry) -> dict[str, Any]:
        spot = self._spot(entry)
        return {
            "channel": spot.channel,
            "thread_ts": spot.thread_ts,
            "metadata": self.own.marker(spot),
            "unfurl_links": False,
            "unfurl_media": False,
            **entry.body,
        }

    def _ts(self, key: str | None) -> str:
        found = self.outbox.load(key) if key else None
        return (found.ts or "") if found else ""

    def _spot(self, entry: Entry) -> Spot:
        thread = entry.thread_ts or (self._ts(entry.thread_of) if entry.thread_of else None)
        return Spot(entry.channel, thread, entry.key)
