"""The state of a function in one word, with an emoji beside it: the same on every card and list."""

from __future__ import annotations

from enum import Enum


class State(Enum):
    """An emoji and the word that always stands beside it, in the order in which states are listed."""

    DOWN = ("🔴", "down")
    BLIND = ("🟠", "not reporting")
    PARTIAL = ("🟡", "partly reporting")
    WAITING = ("⏳", "waiting")
    CANNOT_TELL = ("⚪", "can't tell")
    UNVERIFIED = ("⚪", "unverified")
    QUIET = ("⚪", "not invoked")
    NOT_INSTRUMENTED = ("⚪", "not instrumented")
    NOTE = ("🔵", "note")
    HEALTHY = ("✅", "healthy")

    def __init__(self, emoji: str, word: str) -> None:
        """Both are read by people."""
        self.emoji, self.word = emoji, word

    def __str__(self) -> str:
        """🟠 not reporting"""
        return f"{self.emoji} {self.word}"
