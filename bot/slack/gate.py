"""
The one place where it is decided whether an act goes on: before every listener.

Commands, mentions, shortcuts, buttons, windows and App Home pass here alike, over HTTP and by
socket: who it is and what it takes (who.py), then in one round trip to the store whether the
same signed request was here before, whether somebody asks too often, and whether the record
that a button names belongs to this place (turnstile.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

import structlog
from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.middleware import Middleware
from slack_sdk import WebClient

from bot.diagnosis.model import Place
from bot.reach import Reach
from bot.render import card
from bot.render.blocks import words
from bot.render.triage_card import WINDOW, refused
from bot.slack import who
from bot.slack.people import People, Somebody
from bot.slack.presses import STALE, STRANGER, Payload, pressed_at, tell
from bot.slack.who import Role, Roles
from bot.slack.words import spoken
from bot.store.connection import StoreError
from bot.store.turnstile import Limited, Owned, Replayed, Turnstile

SILENT_TO_STRANGERS = frozenset({"mention"})
_CHANNEL = re.compile(r"(?<![A-Za-z0-9])[CGD][A-Z0-9]{2,30}(?![A-Za-z0-9])")

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Access:
    """Who may do what here, asked by the gate and by whoever knows more than it."""

    roles: Roles | None
    people: People
    turnstile: Turnstile
    reach: Reach

    def allowed(self, place: Place, needs: Role) -> str | None:
        """Why the person at `place` may not do what takes `needs`; None when they may."""
        somebody = Somebody(bool(place.team), place.user, place.channel, self.people)
        return who.refusal(self.roles, somebody, needs)

    def over(self, place: Place, owned: Owned, *, stops: bool = False) -> str | None:
        """Why a record that belongs to `owned` may not be touched from `place`."""
        own = place.user in {owned.user, *owned.reminded}
        alone = place.channel[:1] in {"", "D"}
        if place.channel != owned.channel and not (alone and own):
            return STALE
        if owned.account and self.reach.hidden(owned.account, owned.channel):
            return f"This channel may not see the account {owned.account}."
        if stops and place.user != owned.user:
            return self.allowed(place, Role.ADMIN)
        return None


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did, as far as the gate must know."""

    kind: str
    place: Place
    needs: Role
    record: tuple[str, str] | None = None
    stops: bool = False
    """It ends the record, which may be another person's."""
    counts: bool = True
    keyed: bool = False
    """What it saves has a key of its own (Slack's trigger or event id), so a replay saves nothing."""


class Gate(Middleware):
    """Ahead of all listeners."""

    def __init__(self, home: str, access: Access, client: WebClient) -> None:
        """`home` is our team's id."""
        self._home, self._access, self._client = home, access, client

    def process(
        self,
        *,
        req: BoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - Bolt's signature
        next: Callable[[], Any],  # noqa: A002 - likewise
    ) -> BoltResponse | None:
        """Let it go on, or answer."""
        act = act_of(req.body, self._home)
        if isinstance(act, BoltResponse):
            return act
        said = self._refused(act, _signature(req)) if act else None
        if act is None or said is None:
            next()
            return None
        log.info("refused", kind=act.kind, user=act.place.user, channel=act.place.channel)
        return self._answer(act, said)

    def _refused(self, act: Act, signature: str | None) -> str | None:
        """Why not; empty when nothing is to be said."""
        place = act.place
        said = self._access.allowed(place, act.needs)
        if said is not None:
            return "" if said == STRANGER and act.kind in SILENT_TO_STRANGERS else said
        once = None if act.keyed or act.needs is Role.VIEWER else signature
        subjects = {"user": place.user, "channel": place.channel, "workspace": place.team}
        try:
            seen = self._access.turnstile.enter(
                subjects if act.counts else {}, once=once, record=act.record
            )
        except StoreError:
            if act.needs is Role.VIEWER:
                return None  # help is given while the store is away
            raise
        if isinstance(seen, Replayed):
            return ""
        if isinstance(seen, Limited):
            wait = f"That is too much at once: try again in {ceil(seen.wait.total_seconds())} s."
            return wait if seen.tell or act.kind in {"command", "view_submission"} else ""
        return self._access.over(place, seen.owned, stops=act.stops) if seen.owned else None

    def _answer(self, act: Act, said: str) -> BoltResponse:
        told = words(said) if said else {}
        if act.kind == "command":
            return BoltResponse(
                status=200, body={"response_type": "ephemeral", **told} if said else ""
            )
        if act.kind == "view_submission" and said:
            return BoltResponse(
                status=200, body={"response_action": "update", "view": refused(said)}
            )
        if act.kind == "block_suggestion":
            return BoltResponse(status=200, body={"options": []})
        if said and act.place.channel:
            tell(self._client, act.place, told)
        return BoltResponse(status=200, body="")


def act_of(body: Payload, home: str) -> Act | BoltResponse | None:
    """What somebody does by `body`; None for what is nobody's act; a 400 for half a press."""
    kind = str(body.get("type", ""))
    if "command" in body:
        return _said("command", _typed_at(body, home), body)
    if kind == "event_callback":
        event = body.get("event") or {}
        if event.get("type") != "app_mention":
            return None
        return _said("mention", mentioned_at(body, home), event)
    place = pressed_at(body, home)
    match kind:
        case "block_actions":
            return _press(body, place)
        case "view_submission" | "view_closed":
            return _window(body, place, kind)
        case "message_action" | "shortcut":
            return Act(kind, place, Role.RUNNER)
        case "block_suggestion":
            return Act(kind, place, Role.VIEWER, counts=False)
    return None


def _said(kind: str, place: Place, given: Payload) -> Act:
    words = spoken(str(given.get("text", "")))
    return Act(kind, place, who.to_say(words), keyed=who.looks(words))


def mentioned_at(body: Payload, home: str) -> Place:
    """Where somebody mentioned the bot; without a team for whoever is not of ours."""
    event = body["event"]
    team = event.get("user_team") or event.get("team")
    return Place(
        home if team == home else "",
        event.get("channel", ""),
        event.get("user", ""),
        thread_ts=event.get("thread_ts"),
    )


def _typed_at(body: Payload, home: str) -> Place:
    return Place(
        home if body.get("team_id") == home else "",
        str(body.get("channel_id", "")),
        str(body.get("user_id", "")),
        response_url=body.get("response_url"),
    )


def _press(body: Payload, place: Place) -> Act | BoltResponse:
    """A message sends one action at a time; of several, the one that takes most counts."""
    presses = [each for each in body.get("actions") or () if isinstance(each, dict)]
    names = [str(each.get("action_id", "")) for each in presses]
    if not names or any(
        who.has_value(name) and not isinstance(each.get("value"), str)
        for name, each in zip(names, presses, strict=True)
    ):
        return BoltResponse(status=400, body="")
    first, kind = names[0], who.record_of(names[0])
    needs = max(map(who.to_press, names))
    if card.MEANT.fullmatch(first):
        needs = max(needs, who.to_say(spoken(presses[0]["value"])))
    record = (kind, _id(presses[0]["value"])) if kind else None
    return Act("block_actions", place, needs, record, stops=first in who.STOPS)


def _window(body: Payload, place: Place, kind: str) -> Act:
    """Its private metadata names the channel that it was opened in."""
    view = body.get("view") or {}
    metadata = str(view.get("private_metadata", ""))
    channel = _CHANNEL.search(metadata)
    if channel and not place.channel:
        place = replace(place, channel=channel[0])
    if kind == "view_closed":
        return Act(kind, place, Role.VIEWER, counts=False)
    record = ("triage", _id(metadata)) if view.get("callback_id") == WINDOW else None
    return Act(kind, place, Role.RUNNER, record)


def _id(value: str) -> str:
    return value.partition(":")[0]


def _signature(req: BoltRequest) -> str | None:
    """Over HTTP it names the request; a socket is Slack's own, and its asks have their ids."""
    found = req.headers.get("x-slack-signature")
    return found[0] if found else None
