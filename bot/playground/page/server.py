"""
The page's server, on the loopback address.

    GET  /             the page
    GET  /events?as=U  what U sees, then what is new, as server-sent events
    GET  /files/F?as=U the content of a file that U sees
    POST /acts/ACT     {"as": U, …}: what U does; 409 with a sentence when it cannot be
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

from aiohttp import web

from bot.playground.demo import Demo
from bot.playground.page import acts
from bot.playground.page.console import Console
from bot.playground.page.guard import add_headers, guarded
from bot.playground.page.people import Player, lives_in, players_of, welcome
from bot.playground.page.updates import News
from bot.playground.page.view import Seen, difference, file_of, seen

PAGE = {
    "/": ("index.html", "text/html"),
    "/page.js": ("page.js", "text/javascript"),
    "/page.css": ("page.css", "text/css"),
}
Given = dict[str, Any]


class Page:
    """What the page's requests are answered from."""

    def __init__(self, demo: Demo) -> None:
        """Its people join, and the channel begins."""
        self.players = players_of(demo)
        self.console = Console(demo.aws, demo.busy)
        self.news = News(demo.slack)
        self.acts: dict[str, Callable[[Player, Given], Any]] = {
            "say": lambda who, it: acts.say(
                who.person, it["text"], it["channel"], it.get("thread")
            ),
            "click": lambda who, it: acts.click(
                who.person, it["channel"], it["ts"], it["label"], it["action_id"]
            ),
            "diagnose": lambda who, it: acts.diagnose(who.person, it["channel"], it["ts"]),
            "submit": lambda who, it: acts.submit(who.person, it["typed"]),
            "close": lambda who, _: acts.close(who.person),
            "home": lambda who, _: acts.opens_home(who.person),
            "click_in": lambda who, it: acts.click_in(who.person, it["where"], it["label"]),
            "pick": lambda who, it: acts.pick(who.person, it["action_id"], it["chosen"]),
            "search": lambda who, it: acts.search(
                who.person, it["where"], it["action_id"], it["text"]
            ),
            "aws": lambda _, it: self.console.change(it["change"], it.get("function")),
        }
        welcome(demo)

    def application(self) -> web.Application:
        """Everything behind the guard."""
        app = web.Application(middlewares=[guarded], client_max_size=1 << 16)
        app.on_response_prepare.append(add_headers)
        for path in PAGE:
            app.router.add_get(path, _file)
        app.router.add_get("/events", self._events)
        app.router.add_get("/files/{id}", self._content)
        app.router.add_post("/acts/{act}", self._act)
        return app

    async def _events(self, request: web.Request) -> web.StreamResponse:
        player = self._player(request.query.get("as", ""))
        if player is next(iter(self.players.values())):
            lives_in(player.person, request.query.get("zone", ""))
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await stream.prepare(request)
        sent: Seen = {}
        with self.news.listener() as changed, contextlib.suppress(ConnectionError):
            while request.transport and not request.transport.is_closing():
                changed.clear()
                now = seen(player, self.players, self.console.shown())
                news = difference(sent, now)
                if news:
                    await stream.write(f"data: {json.dumps(news)}\n\n".encode())
                sent = now
                await changed.wait()
        return stream

    async def _content(self, request: web.Request) -> web.Response:
        found = file_of(self._player(request.query.get("as", "")), request.match_info["id"])
        if found is None:
            raise web.HTTPNotFound
        name, content = found
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(body=content, content_type="application/octet-stream", headers=headers)

    async def _act(self, request: web.Request) -> web.Response:
        act = self.acts.get(request.match_info["act"])
        if act is None:
            raise web.HTTPNotFound
        try:
            given = json.loads(await request.read())
            result = await asyncio.to_thread(act, self._player(str(given["as"])), given)
        except acts.Refused as error:
            return web.json_response({"error": str(error)}, status=409)
        except (LookupError, TypeError, ValueError):
            raise web.HTTPBadRequest from None
        self.news.tell()
        return web.json_response({"told": result})

    def _player(self, user: str) -> Player:
        if user not in self.players:
            raise web.HTTPBadRequest(text="Nobody of that name is here.")
        return self.players[user]


async def _file(request: web.Request) -> web.Response:
    name, kind = PAGE[request.path]
    text = files(__package__).joinpath("static", name).read_text("utf-8")
    return web.Response(text=text, content_type=kind, charset="utf-8")
