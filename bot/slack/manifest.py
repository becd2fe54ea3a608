"""The Slack app: its scopes, its command, and how Slack reaches it."""

from __future__ import annotations

from typing import Any

from bot.serving_settings import Mode

SCOPES = (
    "app_mentions:read",
    "channels:history",
    "chat:write",
    "commands",
    "groups:history",
    "im:history",
    "im:write",
    "users:read",
)
"""The histories only to find the bot's own messages again; users:read for time zones."""
OPTIONAL = ("channels:read", "groups:read", "usergroups:read")
"""The first two to ask whether another organization reads a channel; user groups for SLSDIAG_ROLES."""
EVENTS = ("app_home_opened", "app_mention")
DIAGNOSE = "diagnose"
"""The message shortcut's callback id."""
PLACEHOLDER = "https://slsdiag.example.com/slack/events"
_COMMAND = {
    "command": "/slsdiag",
    "description": "Why do a Lambda function's metrics or traces not show up?",
    "usage_hint": "my-function [region]",
    "should_escape": True,
}
_FEATURES = {
    "app_home": {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    },
    "bot_user": {"display_name": "slsdiag", "always_online": True},
    "shortcuts": [
        {
            "name": "Diagnose",
            "type": "message",
            "callback_id": DIAGNOSE,
            "description": "Check the function that this message names.",
        }
    ],
}


def document(mode: Mode) -> dict[str, Any]:
    """The manifest; in HTTP mode with an address to replace."""
    url = {"request_url": PLACEHOLDER} if mode is Mode.HTTP else {}
    return {
        "display_information": {
            "name": "slsdiag",
            "description": "Says why a Lambda function's metrics or traces are missing.",
        },
        "features": _FEATURES
        | {"slash_commands": [_COMMAND | ({"url": PLACEHOLDER} if url else {})]},
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS), **url},
            "interactivity": {"is_enabled": True, **url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": mode is Mode.SOCKET,
        },
    }
