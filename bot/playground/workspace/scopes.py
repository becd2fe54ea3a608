"""Which scope each method of the fake Slack needs (docs.slack.dev); the histories' depends on the channel."""

from __future__ import annotations

from bot.playground.workspace.model import Channel

SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "conversations.open": "im:write",
    "files.completeUploadExternal": "files:write",
    "files.getUploadURLExternal": "files:write",
    "usergroups.users.list": "usergroups:read",
    "users.info": "users:read",
}


def family(channel: Channel) -> str:
    """What the scopes for a channel like this begin with."""
    return "im" if channel.direct else "groups" if channel.private else "channels"
