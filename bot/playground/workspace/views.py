"""
Windows and App Home as Slack stores them: one of each for a person, with an id and a hash.

A publish or an update that names another hash than the view has now is refused, so that of
two replicas the slower one does not win.
"""

from __future__ import annotations

import itertools
import json
from typing import Any

from bot.playground.workspace.blocks import view_complaints
from bot.playground.workspace.model import APP, BOT, TEAM, Blocks, SlackError

LARGEST = 250_000
"""Bytes of a view (docs.slack.dev, views.open: view_too_large)."""
View = dict[str, Any]


class Views:
    """Guarded by the workspace's lock."""

    def __init__(self) -> None:
        """None is open."""
        self.views: dict[str, View] = {}
        """The window that each user has open."""
        self.homes: dict[str, View] = {}
        """What was published for each user."""
        self.offered: dict[tuple[str, str], Blocks] = {}
        """The options that a search last brought, by user and action id."""
        self._ids = itertools.count(1)

    def opens(self, user: str, view: Any) -> View:
        """A new window."""
        self.views[user] = self._stored(view, "modal", f"V{next(self._ids):06d}")
        return self.views[user]

    def publishes(self, user: str, view: Any, hash_: str | None) -> View:
        """Their App Home."""
        before = self.homes.get(user)
        if hash_ and (before is None or before["hash"] != hash_):
            raise SlackError("hash_conflict")
        id_ = before["id"] if before else f"V{next(self._ids):06d}"
        self.homes[user] = self._stored(view, "home", id_)
        return self.homes[user]

    def updates(self, id_: str, view: Any, hash_: str | None) -> View:
        """Another content for a window that is open; what was filled in stays."""
        for user, before in self.views.items():
            if before["id"] == id_:
                if hash_ and before["hash"] != hash_:
                    raise SlackError("hash_conflict")
                after = self._stored(view, "modal", id_)
                self.views[user] = after | {"state": before["state"]}
                return self.views[user]
        raise SlackError("not_found")

    def named(self, blocks: Blocks) -> Blocks:
        """With an id on each block that has none, as Slack does."""
        return [{"block_id": f"b{next(self._ids)}", **block} for block in blocks]

    def _stored(self, view: Any, surface: str, id_: str) -> View:
        wrong = view_complaints(view, surface)
        if wrong:
            raise SlackError("invalid_arguments", errors=wrong)
        if len(json.dumps(view)) > LARGEST:
            raise SlackError("view_too_large")
        return {
            "private_metadata": "",
            "callback_id": "",
            **view,
            "id": id_,
            "hash": f"{next(self._ids)}.hash",
            "team_id": TEAM,
            "app_id": APP,
            "bot_id": BOT,
            "root_view_id": id_,
            "state": {"values": {}},
            "blocks": self.named(view["blocks"]),
        }
