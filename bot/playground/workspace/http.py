"""Calls of the fake Slack's Web API on the wire: their arguments, answers and failures."""

from __future__ import annotations

import json

from aiohttp import web

from bot.playground.workspace.answers import Answer, Given

_SUBJECTS = ("channel", "channel_id", "user", "users", "user_id", "usergroup", "filename")
"""Arguments that say what a call is about."""
_TROUBLE: Answer = {"ok": False, "error": "internal_error"}


def subjects(given: Given) -> list[str]:
    """What a call is about."""
    return [str(given[name]) for name in _SUBJECTS if given.get(name)]


async def arguments_of(request: web.Request) -> tuple[Given, str]:
    """The call's arguments, from JSON, form or address, and its token."""
    given: Given = dict(request.query)
    if request.content_type == "application/json":
        given |= json.loads(await request.text() or "{}")
    else:
        given |= dict(await request.post())
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return given, token if scheme == "Bearer" else str(given.get("token", ""))


def answered(answer: Answer, headers: dict[str, str] | None = None) -> web.Response:
    """Slack's status is 200, except where it has had enough."""
    if answer.get("error") == "ratelimited":
        after = str(answer.pop("retry_after"))
        return web.json_response(answer, status=429, headers={"Retry-After": after})
    return web.json_response(answer, headers=headers)


def failed(request: web.Request, fault: str) -> web.Response:
    """What the client sees of a fault that ends its call."""
    if fault.startswith("error"):
        return web.Response(status=500)
    if fault.startswith("trouble"):
        return answered(_TROUBLE)
    if request.transport:
        request.transport.close()
    return web.Response()
