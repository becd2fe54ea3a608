"""
A file in a thread: brought to Slack, then shared.

Until it is shared nobody sees it, and what is never shared Slack discards. So bringing it may be
repeated at will; whether it was shared shows by its id in the thread (own_messages.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from slack_sdk import WebClient

from bot.observability.tracing import ActKind, acting
from bot.slack.addresses import post, trusted
from bot.slack.blocks import words
from bot.slack.refusals import Means, Refusal, Refused
from bot.store.messages import Entry, EntryKind

ORIGIN = "https://files.slack.com"
TRIES = 5
"""How often it is brought: somebody waits for it."""
SCOPE = "missing_scope"
GONE, HIDDEN = "not_held", "hidden"
"""Words of our own, for why there is no content any more."""
_WHY = {
    SCOPE: (
        "slsdiag may not upload files: its Slack app is missing the scope files:write. Add it under "
        "OAuth & Permissions on the app's page, and install the app again."
    ),
    GONE: "The evidence of that check is no longer stored.",
    HIDDEN: "This channel may no longer see the account of that function.",
}
_UNCLEAR = "Slack did not say whether the file was attached. It is not sent again: look for it in the thread."
Contents = Callable[[Entry], bytes]
"""The content of the file that an entry of kind UPLOAD brings; raises Refused with why not."""


@dataclass(frozen=True)
class Files:
    """Its dependencies are passed in."""

    client: WebClient
    api_url: str
    contents: Contents

    def upload(self, entry: Entry) -> str:
        """The file's id. Raises what the calls raise, and Refused."""
        content = self.contents(entry)
        name = str(entry.body["name"])
        given = self.client.files_getUploadURLExternal(filename=name, length=len(content))
        url = str(given["upload_url"])
        if not trusted(url, ORIGIN, self.api_url):
            raise Refused("untrusted_url")
        with acting(ActKind.SLACK, "upload_url"):
            post(url, content, "application/octet-stream")
        return str(given["file_id"])

    def share(self, entry: Entry, file: str) -> None:
        """In its thread, or in the channel where there is none; Slack takes it once for a file."""
        self.client.files_completeUploadExternal(
            files=[{"id": file, "title": str(entry.body["name"])}],
            channel_id=entry.channel,
            thread_ts=entry.thread_ts,
            initial_comment=str(entry.body["comment"]),
        )


def given_up(entry: Entry, why: Refusal) -> bool:
    """Whether a file is tried no more although the app or Slack may be better later."""
    if entry.kind not in {EntryKind.UPLOAD, EntryKind.SHARE}:
        return False
    tries = entry.tries if entry.kind is EntryKind.UPLOAD else 0
    return why.word == SCOPE or (tries >= TRIES and why.means is not Means.LIMITED)


def not_attached(entry: Entry, why: str, *, unclear: bool) -> Entry:
    """What the person who asked for the file reads instead: why, and another way to it."""
    reason = _UNCLEAR if unclear else _WHY.get(why, f"Slack did not take the file ({why}).")
    text = f"{reason} On the command line: {entry.body['otherwise']}"
    told = replace(entry, kind=EntryKind.EPHEMERAL, body=words(text), of=None)
    return replace(told, key=f"{entry.key}:refused")
