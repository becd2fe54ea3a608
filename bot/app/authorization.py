"""
The one place where it is decided whether a request goes on: before every listener.

Commands, mentions, shortcuts, buttons, windows and App Home pass here alike, over HTTP and by
socket: who it is and what it takes (bot/slack/roles.py), then in one round trip to the store
whether the same signed request was here before, whether somebody asks too often, and whether the
record that a button names belongs to this conversation (bot/store/rate_limit.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from math import ceil
from typing import Any

import structlog
from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.middleware import Middleware

from bot.app.requests import HOME_OPENED, Request, request_of
from bot.aws.accounts import Accounts
from bot.conversation import Conversation, Owner
from bot.diagnosis.service import NOT_FOR_THIS_CHANNEL
from bot.serving_settings import Role, Roles
from bot.slack import patience, roles
from bot.slack.blocks import words
from bot.slack.interactions import STALE, STRANGER, Replies
from bot.slack.loss import Loss
from bot.slack.people import People, Somebody
from bot.store.connection import StoreError
from bot.store.rate_limit import Limited, Passed, RateLimit, Replayed
from bot.triage.windows import refused

SILENT_TO_STRANGERS = frozenset({"mention"})

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Access:
    """Who may do what here; for the middleware, and for listeners that know more than it."""

    roles: Roles | None
    people: People
    rate_limit: RateLimit
    accounts: Accounts

    def refusal(self, conversation: Conversation, needs: Role) -> str | None:
        """Why the person may not do what takes `needs`; None when they may."""
        ours = bool(conversation.team)
        somebody = Somebody(ours, conversation.user, conversation.channel, self.people)
        return roles.refusal(self.roles, somebody, needs)

    def record_refusal(
        self, conversation: Conversation, owner: Owner, *, stops: bool = False
    ) -> str | None:
        """Why a record that belongs to `owner` may not be touched from `conversation`."""
        own = conversation.user in {owner.user, *owner.reminded}
        alone = conversation.channel[:1] in {"", "D"}
        if conversation.channel != owner.channel and not (alone and own):
            return STALE
        if refusal := self.accounts.refused(owner.channel):
            return refusal
        if owner.account and self.accounts.hidden(owner.account, owner.channel):
            return f"This channel may not see the account {owner.account}."
        if owner.function_account and self.accounts.hidden(owner.function_account, owner.channel):
            return NOT_FOR_THIS_CHANNEL
        if stops and conversation.user != owner.user:
            return self.refusal(conversation, Role.ADMIN)
        return None


class Authorization(Middleware):
    """Ahead of all listeners."""

    def __init__(self, team: str, access: Access, replies: Replies, loss: Loss) -> None:
        """`team` is our workspace's id."""
        self._team, self._access, self._replies, self._loss = team, access, replies, loss

    def process(
        self,
        *,
        req: BoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - Bolt's signature
        next: Callable[[], Any],  # noqa: A002 - likewise
    ) -> BoltResponse | None:
        """Let it go on, or answer."""
        patience.begin()
        request = request_of(req.body, self._team)
        if isinstance(request, BoltResponse):
            return request
        refusal = self._refusal(request, _signature(req)) if request else None
        if request is None:
            next()
            return None
        conversation = request.conversation
        if refusal is None:
            if request.needs is not Role.VIEWER and conversation.channel:
                self._loss.remember(conversation.channel)
            next()
            return None
        log.info("refused", kind=request.kind, user=conversation.user, channel=conversation.channel)
        return self._answer(request, refusal)

    def _refusal(self, request: Request, signature: str | None) -> str | None:
        """Why not; empty when nothing is to be said."""
        home_opened = request.kind == HOME_OPENED
        refusal = None if home_opened else self._access.refusal(request.conversation, request.needs)
        if refusal is not None:
            silent = refusal == STRANGER and request.kind in SILENT_TO_STRANGERS
            return "" if silent else refusal
        try:
            entry = self._enter(request, signature)
        except StoreError:
            if request.needs is Role.VIEWER:
                return None  # help is given while the store is away
            raise
        if isinstance(entry, Replayed):
            return ""
        if isinstance(entry, Limited):
            return _too_often(request, entry)
        owner, conversation = entry.owner, request.conversation
        return (
            self._access.record_refusal(conversation, owner, stops=request.stops) if owner else None
        )

    def _enter(self, request: Request, signature: str | None) -> Passed | Limited | Replayed:
        """Counted, and compared with what was here before, in one round trip."""
        conversation = request.conversation
        once = None if request.keyed or request.needs is Role.VIEWER else signature
        subjects = {
            "user": conversation.user,
            "channel": conversation.channel,
            "workspace": conversation.team,
        }
        return self._access.rate_limit.enter(
            subjects if request.counts else {}, once=once, record=request.record
        )

    def _answer(self, request: Request, refusal: str) -> BoltResponse:
        body = words(refusal) if refusal else {}
        match request.kind:
            case "command":
                ephemeral = {"response_type": "ephemeral", **body} if refusal else ""
                return BoltResponse(status=200, body=ephemeral)
            case "view_submission" if refusal:
                update = {"response_action": "update", "view": refused(refusal)}
                return BoltResponse(status=200, body=update)
            case "block_suggestion":
                return BoltResponse(status=200, body={"options": []})
        if refusal and request.conversation.channel:
            self._replies(request.conversation, body, _once_a_minute(request.conversation, refusal))
        return BoltResponse(status=200, body="")


def _too_often(request: Request, limited: Limited) -> str:
    """What somebody reads who asks too often; once, where it would be a message each time."""
    if request.kind == HOME_OPENED:
        return ""
    wait = f"That is too much at once: try again in {ceil(limited.wait.total_seconds())} s."
    return wait if limited.notify or request.kind in {"command", "view_submission"} else ""


def _once_a_minute(conversation: Conversation, refusal: str) -> str:
    """Names a refusal: however often somebody is refused, they read it once a minute."""
    minute = int(time.time() // 60)
    whole = "\n".join((conversation.channel, conversation.user, refusal))
    return f"refused:{minute}:{sha256(whole.encode()).hexdigest()[:16]}"


def _signature(req: BoltRequest) -> str | None:
    """Over HTTP it names the request; a socket is Slack's own, and its requests have their ids."""
    signatures = req.headers.get("x-slack-signature")
    return signatures[0] if signatures else None
