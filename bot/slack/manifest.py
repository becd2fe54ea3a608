"""The Slack app: its scopes, its command, and how Slack reaches it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bot.errors import UsageError
from bot.serving_settings import Mode

SCOPES = (
    "app_mentions:read",
    "channels:history",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "im:history",
    "im:write",
    "users:read",
)
"""The histories only to find the bot's own messages again; files:write for bundles; users:read for time zones."""
OPTIONAL = ("channels:read", "groups:read", "usergroups:read")
"""The first two to ask whether another organization reads a channel; user groups for SLSDIAG_ROLES."""
EVENTS = ("app_home_opened", "app_mention")
DIAGNOSE = "diagnose"
"""The message shortcut's callback id."""
PATH = "/slack/events"
PLACEHOLDER = f"https://slsdiag.example.com{PATH}"
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


def request_url(text: str) -> str:
    """Where Slack sends requests, from the address of the bot; a UsageError for none that Slack takes."""
    try:
        parts = urlsplit(text)
        usable = parts.scheme == "https" and parts.hostname and not (parts.query or parts.username)
    except ValueError:
        usable = False
    if not usable or parts.path.rstrip("/") not in {"", PATH}:
        raise UsageError(
            "The address must be one that Slack reaches over TLS, as https://slsdiag.example.com; Slack "
            f"then sends requests to {PATH} there."
        )
    return f"https://{parts.netloc}{PATH}"


def document(mode: Mode, address: str = PLACEHOLDER) -> dict[str, Any]:
    """The manifest; in HTTP mode Slack sends requests to `address`."""
    url = {"request_url": address} if mode is Mode.HTTP else {}
    return {
        "display_information": {
            "name": "slsdiag",
            "description": "Says why a Lambda function's metrics or traces are missing.",
        },
        "features": _FEATURES | {"slash_commands": [_COMMAND | ({"url": address} if url else {})]},
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS), **url},
            "interactivity": {"is_enabled": True, **url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": mode is Mode.SOCKET,
        },
    }
