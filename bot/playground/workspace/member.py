"""Who a person is, and what every payload says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.playground.workspace.model import APP, BOT_USER, DOMAIN, TEAM
from bot.playground.workspace.server import Workspace


@dataclass
class Member:
    """A member of the workspace, or of another one."""

    slack: Workspace
    user: str = "U0ADA"
    team: str = TEAM
    name: str = "ada"
    zone: str = "Europe/Berlin"

    def __post_init__(self) -> None:
        """They join."""
        self.slack.store.join(self.user, self.name, self.zone, self.team)

    def _payload(self, kind: str, **more: Any) -> dict[str, Any]:
        """Of an interaction."""
        return {
            "type": kind,
            "team": {"id": TEAM, "domain": DOMAIN},
            "user": {"id": self.user, "name": self.name, "team_id": self.team},
            "api_app_id": APP,
            "is_enterprise_install": False,
            **more,
        }

    def _event(self, at: str, **event: Any) -> dict[str, Any]:
        return {
            "type": "event_callback",
            "team_id": TEAM,
            "api_app_id": APP,
            "event_id": self.slack.new_id("Ev"),
            "event_time": int(float(at)),
            "event": event,
            "is_ext_shared_channel": self._external(str(event.get("channel", ""))),
            "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
        }

    def _external(self, channel: str) -> bool:
        there = self.slack.store.channels.get(channel)
        return there is not None and there.external

    def _trigger(self) -> str:
        with self.slack.lock:
            return self.slack.store.triggers.make(self.slack.new_id("trigger"), self.user)

    def _name(self, channel: str) -> str:
        return self.slack.store.channels[channel].name
