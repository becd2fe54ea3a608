"""A conversation of the fake workspace as plain text, as one person sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.playground.workspace import Message, Person

WIDTH = 4
_TEXT_BLOCKS = {"header", "section"}


def transcript(person: Person, channel: str) -> str:
    """Messages in order, each thread under its first message."""
    lines: list[str] = []
    for message in person.reads(channel):
        lines += _message(message, person)
        for reply in person.slack.messages:
            if reply.thread_ts == message.ts and reply.seen_by in {None, person.user}:
                lines += [f"{' ' * WIDTH}{line}" for line in _message(reply, person)]
    return "\n".join(lines)


def _message(message: Message, person: Person) -> list[str]:
    who = person.name if message.user == person.user else "slsdiag"
    alone = " (only you see this)" if message.seen_by else ""
    lines = [line for block in message.blocks for line in lines_of(block)] or message.text.split(
        "\n"
    )
    lines = [_plain(line, person) for line in lines]
    lines += [f"[file: {file['name']}, {-(-file['size'] // 1024)} KB]" for file in message.files]
    return [f"{who}{alone}:", *(f"  {line}" for line in lines), ""]


def lines_of(block: dict[str, Any]) -> Iterator[str]:
    """One block as lines; buttons in brackets."""
    if block["type"] in _TEXT_BLOCKS:
        yield from block["text"]["text"].split("\n")
    elif block["type"] == "rich_text":
        yield from _rich(block["elements"])
    elif block["type"] == "context":
        yield " · ".join(element["text"] for element in block["elements"])
    elif block["type"] == "actions":
        yield " ".join(f"[{element['text']['text']}]" for element in block["elements"])


def _rich(pieces: list[dict[str, Any]]) -> Iterator[str]:
    for piece in pieces:
        if piece["type"] == "rich_text_list":
            first = piece.get("offset", 0) + 1
            for number, item in enumerate(piece["elements"], first):
                mark = f"{number}." if piece["style"] == "ordered" else "•"
                yield f"{mark} {''.join(map(_run, item['elements']))}"
        else:
            yield from "".join(map(_run, piece["elements"])).split("\n")


def _run(run: dict[str, Any]) -> str:
    if run["type"] == "link":
        return f"{run['text']}: {run['url']}"
    if run["type"] == "user":
        return f"<@{run['user_id']}>"
    return str(run.get("text") or run.get("fallback"))


def _plain(line: str, person: Person) -> str:
    """Mentions as names, dates as what Slack shows where it does not know the zone."""
    users = person.slack.store.users
    named = re.sub(r"<@(\w+)>", lambda m: f"@{users.get(m[1], {}).get('name', m[1])}", line)
    dated = re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", named)
    linked = re.sub(r"<(https://[^|>]*)\|([^>]*)>", r"\2: \1", dated)
    return linked.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
