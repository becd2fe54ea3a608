"""Files of the fake Slack: brought to an address that works once, then shared once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from bot.playground.workspace.answers import Answer, Given, decoded
from bot.playground.workspace.model import SlackError


@dataclass
class File:
    """One; nobody sees it before it is shared."""

    id: str
    name: str
    length: int
    """As it was announced."""
    content: bytes | None = None
    shared: bool = False

    @property
    def shown(self) -> dict[str, Any]:
        """As a message has it."""
        return {"id": self.id, "name": self.name, "title": self.name, "size": self.length}


class Files:
    """Guarded by the workspace's lock."""

    def __init__(self) -> None:
        """None yet."""
        self.all: dict[str, File] = {}
        self.origin = ""
        """Where content is taken."""
        self._uploads: dict[str, File] = {}

    def begin(self, given: Given) -> Answer:
        """An address for content of just that length."""
        name, length = str(given.get("filename") or ""), str(given.get("length") or "")
        if not name or not length.isdecimal() or int(length) == 0:
            raise SlackError("invalid_arguments")
        file = File(f"F{len(self.all) + 1:06d}", name, int(length))
        token = secrets.token_urlsafe(12)
        self.all[file.id], self._uploads[token] = file, file
        return {"upload_url": f"{self.origin}/upload/v1/{token}", "file_id": file.id}

    def take(self, token: str, content: bytes) -> HTTPStatus:
        """The content; an address that was used is gone."""
        file = self._uploads.pop(token, None)
        if file is None:
            return HTTPStatus.NOT_FOUND
        if len(content) != file.length:
            return HTTPStatus.BAD_REQUEST
        file.content = content
        return HTTPStatus.OK

    def finish(self, given: Given) -> list[File]:
        """The files that are shared by it; each can be shared once."""
        named = decoded(given.get("files")) or []
        files = [self.all.get(str(one.get("id"))) for one in named]
        found = [file for file in files if file and file.content is not None and not file.shared]
        if not found or len(found) != len(named):
            raise SlackError("file_not_found")
        for file in found:
            file.shared = True
        return found
