"""
What one person sees of the workspace, as JSON values, and what is new since.

    {"me": …, "channels": […], "modal": view or null, "home": view or null, "aws": …,
     "messages": {ts: {"ts", "channel", "user", "text", "blocks", "thread", "alone", "edited",
                      "files"}}}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.playground.page.people import Player
from bot.playground.workspace import Message, Person, Workspace
from bot.playground.workspace.messages import ELSEWHERE, GENERAL
from bot.playground.workspace.model import BOT_USER

Seen = dict[str, Any]


def seen(player: Player, players: Mapping[str, Player], aws: Seen) -> Seen:
    """Everything, at one moment."""
    person, slack = player.person, player.person.slack
    with slack.lock:
        channels = _channels(player)
        ids = {channel["id"] for channel in channels}
        return {
            "me": {
                "user": person.user,
                "name": person.name,
                "zone": person.zone,
                "member": player.member,
            },
            "people": [{"user": user, "label": other.label} for user, other in players.items()],
            "names": _names(slack),
            "bot": BOT_USER,
            "channels": channels,
            "modal": slack.store.views.get(person.user),
            "home": slack.store.homes.get(person.user),
            "aws": aws,
            "messages": {m.ts: _message(m) for m in slack.messages if _visible(m, person, ids)},
        }


def difference(before: Seen, after: Seen) -> Seen:
    """What changed, by key; of the messages those that changed, and the `ts` of those gone."""
    changes = {
        key: value
        for key, value in after.items()
        if key != "messages" and before.get(key, ...) != value
    }
    old, new = before.get("messages", {}), after["messages"]
    changed = [message for ts, message in new.items() if old.get(ts) != message]
    gone = [ts for ts in old if ts not in new]
    if changed or gone or not before:
        changes["messages"] = {"set": changed, "gone": gone}
    return changes


def _channels(player: Player) -> list[Seen]:
    """A stranger is in the shared channel only."""
    store = player.person.slack.store
    visible = [(GENERAL, "channel")]
    if player.member:
        visible += [(ELSEWHERE, "channel"), (store.direct(player.person.user).id, "direct")]
    return [
        {
            "id": id_,
            "kind": kind,
            "name": "slsdiag" if kind == "direct" else store.channels[id_].name,
            "with_bot": BOT_USER in store.channels[id_].members,
        }
        for id_, kind in visible
    ]


def _names(slack: Workspace) -> dict[str, str]:
    return {BOT_USER: "slsdiag"} | {id_: u["name"] for id_, u in slack.store.users.items()}


def _visible(message: Message, person: Person, channels: set[str]) -> bool:
    return message.channel in channels and message.seen_by in {None, person.user}


def file_of(player: Player, id_: str) -> tuple[str, bytes] | None:
    """Name and content of a file of a message that they can see."""
    slack = player.person.slack
    with slack.lock:
        ids = {channel["id"] for channel in _channels(player)}
        visible = (m for m in slack.messages if _visible(m, player.person, ids))
        file = slack.store.files.all.get(id_)
        if file is None or not any(file.shown in message.files for message in visible):
            return None
        return file.name, file.content or b""


def _message(message: Message) -> Seen:
    return {
        "ts": message.ts,
        "channel": message.channel,
        "user": message.user,
        "text": message.text,
        "blocks": message.blocks,
        "thread": message.thread_ts,
        "alone": message.seen_by is not None,
        "edited": message.edits > 0,
        "files": message.files,
    }
