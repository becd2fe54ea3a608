"""
The Web API of the fake Slack: who may call what, and what the call does.

The workspace grants the scopes that our own manifest asks for.
"""

from __future__ import annotations

from typing import Any

from bot.playground.workspace.answers import Answer, Given, blocks, decoded, page, shown, text
from bot.playground.workspace.messages import Messages
from bot.playground.workspace.model import (
    BOT,
    BOT_USER,
    DOMAIN,
    TEAM,
    Channel,
    Message,
    SlackError,
)
from bot.playground.workspace.scopes import SCOPES, family
from bot.serving_settings import Mode
from bot.slack.manifest import document

HOME_ENABLED = document(Mode.SOCKET)["features"].get("app_home", {}).get("home_tab_enabled")


class Api:
    """One method a function, named like Slack's with "_" for "."."""

    def __init__(self, messages: Messages, scopes: tuple[str, ...]) -> None:
        """`scopes` are those that the app was installed with."""
        self.messages = messages
        self.scopes = set(scopes)
        self.refused: set[str] = set()
        """Types of blocks that this Slack does not take."""

    def answer(self, method: str, given: Given) -> Answer:
        """What Slack answers, or SlackError."""
        method_function = getattr(self, method.replace(".", "_"), None)
        if method_function is None or "." not in method:
            raise SlackError("unknown_method", req_method=method)
        self._must_have(SCOPES.get(method))
        answer: Answer = method_function(given)
        return answer

    def auth_test(self, _: Given) -> Answer:
        """Who the token is."""
        return {
            "url": f"https://{DOMAIN}.slack.com/",
            "team": "Demo",
            "user": "slsdiag",
            "team_id": TEAM,
            "user_id": BOT_USER,
            "bot_id": BOT,
            "is_enterprise_install": False,
        }

    def chat_postMessage(self, given: Given) -> Answer:  # noqa: N802 - Slack's spelling
        """A message that everybody sees."""
        channel = self._postable(given)
        thread = given.get("thread_ts") or None
        if thread and not self.messages.find(channel.id, thread):
            raise SlackError("invalid_thread_ts")
        message = self.messages.keep(
            channel.id,
            BOT_USER,
            text=text(given),
            blocks=self._blocks(given),
            thread_ts=thread,
            metadata=decoded(given.get("metadata")),
        )
        return {"ts": message.ts, "channel": channel.id, "message": shown(message)}

    def chat_postEphemeral(self, given: Given) -> Answer:  # noqa: N802 - likewise
        """A message that one member sees, until they reload."""
        channel = self._writable(given)
        if given.get("user") not in channel.members:
            raise SlackError("user_not_in_channel")
        message = self.messages.keep(
            channel.id,
            BOT_USER,
            text=text(given),
            blocks=self._blocks(given),
            thread_ts=given.get("thread_ts") or None,
            seen_by=given["user"],
        )
        return {"message_ts": message.ts}

    def chat_update(self, given: Given) -> Answer:
        """Another text in the same place."""
        message = self._ours(given)
        message.text, message.blocks = text(given), self.messages.named(self._blocks(given))
        message.edits += 1
        if "metadata" in given:
            message.metadata = decoded(given["metadata"])
        return {"ts": message.ts, "channel": message.channel, "text": message.text}

    def chat_delete(self, given: Given) -> Answer:
        """The message is gone."""
        message = self._ours(given)
        if self.messages.keeps_all:
            raise SlackError("compliance_exports_prevent_deletion")
        self.messages.all.remove(message)
        return {"ts": message.ts, "channel": message.channel}

    def chat_getPermalink(self, given: Given) -> Answer:  # noqa: N802 - likewise
        """Where people find the message."""
        channel = self._channel(given)
        ts = given.get("message_ts", "")
        if not self.messages.find(channel.id, ts):
            raise SlackError("message_not_found")
        link = f"https://{DOMAIN}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
        return {"channel": channel.id, "permalink": link}

    def conversations_info(self, given: Given) -> Answer:
        """A channel as the bot sees it."""
        channel = self._channel(given)
        self._must_have(f"{family(channel)}:read")
        channel_info = {"id": channel.id, "name": channel.name, "is_im": channel.direct}
        return {"channel": channel_info | {"is_ext_shared": channel.external}}

    def conversations_open(self, given: Given) -> Answer:
        """A direct channel with somebody."""
        user = str(given.get("users", ""))
        if user not in self.messages.users:
            raise SlackError("user_not_found")
        return {"channel": {"id": self.messages.direct(user).id}}

    def conversations_history(self, given: Given) -> Answer:
        """What was said in the channel, newest first, threads left out."""
        channel = self._readable(given)
        roots = [m for m in self.messages.listed(channel.id) if m.thread_ts in {None, m.ts}]
        return page(reversed(roots), given, self.messages.page)

    def conversations_replies(self, given: Given) -> Answer:
        """A thread, oldest first."""
        channel = self._readable(given)
        root = given.get("ts", "")
        thread = [m for m in self.messages.listed(channel.id) if root in {m.ts, m.thread_ts}]
        if not thread:
            raise SlackError("thread_not_found")
        return page(thread, given, self.messages.page)

    def views_open(self, given: Given) -> Answer:
        """A window for whoever clicked: once for each click, within three seconds."""
        user = self.messages.triggers.use(str(given.get("trigger_id", "")))
        return {"view": self.messages.opens(user, decoded(given.get("view")))}

    def views_update(self, given: Given) -> Answer:
        """Another content for a window that is open."""
        id_, view = str(given.get("view_id", "")), decoded(given.get("view"))
        return {"view": self.messages.updates(id_, view, given.get("hash"))}

    def views_publish(self, given: Given) -> Answer:
        """Somebody's App Home."""
        user = str(given.get("user_id", ""))
        if user not in self.messages.users:
            raise SlackError("invalid_arguments")
        if not HOME_ENABLED:
            raise SlackError("not_enabled")
        view = decoded(given.get("view"))
        return {"view": self.messages.publishes(user, view, given.get("hash"))}

    def files_getUploadURLExternal(self, given: Given) -> Answer:  # noqa: N802 - likewise
        """Where a file's content is to be posted."""
        return self.messages.files.begin(given)

    def files_completeUploadExternal(self, given: Given) -> Answer:  # noqa: N802 - likewise
        """A message that shows the files, if their content came."""
        channel = self._writable(given | {"channel": given.get("channel_id")})
        thread = given.get("thread_ts") or None
        if thread and not self.messages.find(channel.id, thread):
            raise SlackError("invalid_thread_ts")
        files = [file.shown for file in self.messages.files.finish(given)]
        comment = str(given.get("initial_comment") or "")
        message = self.messages.keep(
            channel.id, BOT_USER, text=comment, blocks=[], thread_ts=thread
        )
        message.files = files
        return {"files": files}

    def users_info(self, given: Given) -> Answer:
        """A member."""
        user = self.messages.users.get(str(given.get("user")))
        if user is None:
            raise SlackError("user_not_found")
        return {"user": user}

    def usergroups_users_list(self, given: Given) -> Answer:
        """Who is in a user group."""
        members = self.messages.groups.get(str(given.get("usergroup")))
        if members is None:
            raise SlackError("no_such_subteam")
        return {"users": sorted(members)}

    def _blocks(self, given: Given) -> list[dict[str, Any]]:
        drawn = blocks(given)
        if self.refused & {block["type"] for block in drawn}:
            raise SlackError("invalid_blocks")
        return drawn

    def _must_have(self, scope: str | None) -> None:
        if scope and scope not in self.scopes:
            raise SlackError("missing_scope", needed=scope, provided=",".join(sorted(self.scopes)))

    def _channel(self, given: Given) -> Channel:
        channel = self.messages.channels.get(str(given.get("channel", "")))
        if channel is None or (channel.private and BOT_USER not in channel.members):
            raise SlackError("channel_not_found")
        return channel

    def _postable(self, given: Given) -> Channel:
        user = str(given.get("channel", ""))
        if user in self.messages.users:  # only a post may name a person instead
            self._must_have("im:write")
            return self.messages.direct(user)
        return self._writable(given)

    def _writable(self, given: Given) -> Channel:
        channel = self._channel(given)
        if channel.archived:
            raise SlackError("is_archived")
        if BOT_USER not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    def _readable(self, given: Given) -> Channel:
        channel = self._channel(given)
        self._must_have(f"{family(channel)}:history")
        if BOT_USER not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    def _ours(self, given: Given) -> Message:
        channel = self._channel(given)
        message = self.messages.find(channel.id, given.get("ts", ""))
        if message is None:
            raise SlackError("message_not_found")
        if message.user != BOT_USER:
            raise SlackError("cant_update_message")
        return message
