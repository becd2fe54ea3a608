"""The bytes of a log → what it proves. Used wherever people hand in a log."""

from __future__ import annotations

from dataclasses import replace

from bot.logs.file import NotALog, is_message_of_aws_cli, text_of
from bot.logs.shapes import SHAPES, parse
from checks.log.reading import Reading, read

__all__ = ["NotALog", "read_log", "read_text"]


def read_log(raw: bytes, org: str | None = None) -> Reading:
    """What a file proves; with `org`, also whether the payloads go there. Raises NotALog."""
    return read_text(text_of(raw), org)


def read_text(text: str, org: str | None = None) -> Reading:
    """The same for its text."""
    reading = read(parse(text), org)
    if reading.understood:
        return reading
    if is_message_of_aws_cli(text):
        raise NotALog("holds an error message of the AWS CLI, not a log")
    saw = f"{reading.saw} These shapes are read: {SHAPES}." if text.strip() else "The log is empty."
    return replace(reading, saw=saw)
