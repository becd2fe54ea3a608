"""
What Slack sends, as far as the bot reads it: body → whether it is well-formed. Pure.

A signature proves who sent a body, not that it is whole. What is read without a check elsewhere
is demanded here; a missing `team_id` is not, because it makes a stranger.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, TypeAdapter, ValidationError

DEEPEST = 50
"""Levels of nesting; Slack's own messages have some fifteen."""

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=255)]
Value = Annotated[str, StringConstraints(max_length=3000)]


class _User(BaseModel):
    id: Id
    team_id: str | None = None


class _Channel(BaseModel):
    id: Id


class _Container(BaseModel):
    thread_ts: str | None = None
    message_ts: str | None = None


class _Action(BaseModel):
    action_id: Name
    value: Value | None = None


class _Interaction(BaseModel):
    user: _User
    channel: _Channel | None = None
    container: _Container | None = None
    response_url: str | None = None
    trigger_id: Name | None = None


class _BlockActions(_Interaction):
    type: Literal["block_actions"]
    actions: Annotated[list[_Action], Field(min_length=1, max_length=25)]


class _Shortcut(_Interaction):
    type: Literal["shortcut", "block_suggestion"]


class _MessageAction(_Interaction):
    type: Literal["message_action"]
    callback_id: Name
    message: dict[str, Any]


class _View(BaseModel):
    type: Name
    callback_id: str
    private_metadata: Value = ""
    state: dict[str, Any] = {}


class _ViewEvent(_Interaction):
    type: Literal["view_submission", "view_closed"]
    view: _View


class _Event(BaseModel):
    type: Name
    channel: Any = None
    user: Any = None
    text: str | None = None
    thread_ts: str | None = None


class _EventCallback(BaseModel):
    type: Literal["event_callback"]
    event_id: Name
    event: _Event


class _UrlVerification(BaseModel):
    type: Literal["url_verification"]
    challenge: Name


class _Command(BaseModel):
    command: Name
    channel_id: Id
    user_id: Id
    trigger_id: Name
    text: str = ""
    team_id: str | None = None
    response_url: str | None = None


class _SslCheck(BaseModel):
    ssl_check: Literal["1"]


_TYPED: TypeAdapter[Any] = TypeAdapter(
    Annotated[
        _BlockActions | _Shortcut | _MessageAction | _ViewEvent | _EventCallback | _UrlVerification,
        Field(discriminator="type"),
    ]
)
_FORM: TypeAdapter[Any] = TypeAdapter(_Command | _SslCheck)


def well_formed(body: Any) -> bool:
    """Whether the bot can read `body`, a payload as Bolt understood it."""
    if not isinstance(body, dict) or _too_deep(body):
        return False
    try:
        (_TYPED if "type" in body else _FORM).validate_python(body)
    except ValidationError:
        return False
    event = body.get("event") or {}
    return event.get("type") != "app_mention" or _is_mention(event)


def _is_mention(event: dict[str, Any]) -> bool:
    """Of somebody in a channel; what an incoming webhook says has no user."""
    channel, user = event.get("channel"), event.get("user")
    return isinstance(channel, str) and bool(channel) and (user is None or isinstance(user, str))


def _too_deep(value: Any) -> bool:
    """Without recursion, which a bomb would exhaust."""
    level: list[Any] = [value]
    for _ in range(DEEPEST):
        inner: list[Any] = []
        for outer in level:
            if isinstance(outer, dict):
                inner.extend(outer.values())
            elif isinstance(outer, list):
                inner.extend(outer)
        level = [part for part in inner if isinstance(part, dict | list)]
        if not level:
            return False
    return True
