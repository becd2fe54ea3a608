"""What the workspace holds: channels, members, messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.playground.workspace.controls import controls

Blocks = list[dict[str, Any]]
TEAM, DOMAIN = "T0DEMO", "demo"
BOT_USER, BOT, APP = "U0SLSDIAG", "B0SLSDIAG", "A0SLSDIAG"


class SlackError(Exception):
    """An error word of Slack's; `more` goes into the answer."""

    def __init__(self, word: str, **more: Any) -> None:
        """`word` as the Web API spells it."""
        super().__init__(word)
        self.more = more


@dataclass
class Channel:
    """A conversation; `direct` is a person's own one with the bot."""

    id: str
    name: str
    members: set[str] = field(default_factory=set)
    private: bool = False
    archived: bool = False
    direct: bool = False
    external: bool = False
    """Shared with another organization, by Slack Connect."""


@dataclass
class Message:
    """A message as the channel holds it. `seen_by` is one person for an ephemeral one."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: Blocks = field(default_factory=list)
    thread_ts: str | None = None
    metadata: dict[str, Any] | None = None
    seen_by: str | None = None
    files: list[dict[str, Any]] = field(default_factory=list)
    edits: int = 0
    readable_at: float = 0.0
    """Monotonic seconds from which histories list it: Slack's lag."""
    posted: Blocks = field(init=False)
    """Its blocks before any edit."""

    def __post_init__(self) -> None:
        """It was posted as it is."""
        self.posted = self.blocks

    def buttons(self) -> dict[str, dict[str, Any]]:
        """Its buttons by their label."""
        clickable = (control for control in controls(self.blocks) if control.option is None)
        return {control.label: control.element for control in clickable}
