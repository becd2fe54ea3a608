"""The bytes of a file → its text; or why they are no log."""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from io import BytesIO

SIZE_LIMIT = 64 * 1024 * 1024
_SAMPLE = 4096
_GZIP = b"\x1f\x8b"
_MAGIC = (
    (b"PK\x03\x04", "is a zip archive or a spreadsheet: unpack it, or export it as CSV"),
    (b"\x28\xb5\x2f\xfd", "is compressed: unpack it with zstd -d first"),
    (b"BZh", "is compressed: unpack it with bunzip2 first"),
    (b"%PDF-", "is a PDF: copy the log's text instead"),
    (b"\x89PNG", "is a picture: copy the log's text instead"),
    (b"\xff\xd8\xff", "is a picture: copy the log's text instead"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
"""What text does not hold but by accident; ESC is a color's."""
_BINARY_ONE_IN = 10
_MARKUP = re.compile(r"\s*(?:<!doctype html|<html|<\?xml|<head|<body)", re.IGNORECASE)
_AWS_CLI = re.compile(
    r"\s*(?:aws: error:|usage: aws |An error occurred \(\w+\) when calling the \w+ operation"
    r"|Unable to locate credentials|Partial credentials found|Unable to parse config file"
    r"|The config profile |The SSO session |Error loading SSO Token|Error when retrieving"
    r"|Token has expired|You must specify a region|Could not connect to the endpoint"
    r"|Connect timeout on endpoint|Invalid endpoint|SSL validation failed|Unknown options:"
    r"|Parameter validation failed|Invalid choice|Unable to redirect output to pager"
    r"|(?:\S+: )?(?:line \d+: )?aws: command not found|\S+: command not found: aws)"
)
"""The AWS CLI's own messages, as its version 2 prints them."""


class NotALog(ValueError):
    """What it is instead: the rest of a sentence that begins with the file's name."""


def text_of(raw: bytes) -> str:
    """The text of a file, also of one that gzip packed, as exports to S3 are; or NotALog."""
    if raw.startswith(_GZIP):
        raw = _unpacked(raw)
    for magic, why in _MAGIC:
        if raw.startswith(magic):
            raise NotALog(why)
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # PowerShell's >
        text = raw.decode("utf-16", errors="replace")
    else:
        text = raw.decode("utf-8-sig", errors="replace")
    head = text[:_SAMPLE]
    if len(_CONTROL.findall(head)) * _BINARY_ONE_IN > len(head):
        raise NotALog("is binary, not a log")
    if _MARKUP.match(head):
        raise NotALog("is a web page, not a log")
    return text


def _unpacked(raw: bytes) -> bytes:
    """At most SIZE_LIMIT of it is ever in memory."""
    try:
        with gzip.GzipFile(fileobj=BytesIO(raw)) as packed:
            content = packed.read(SIZE_LIMIT + 1)
    except EOFError:
        raise NotALog("was cut off: its compressed end is missing") from None
    except (OSError, zlib.error):
        raise NotALog("is compressed, and damaged") from None
    if len(content) > SIZE_LIMIT:
        raise NotALog("unpacks to more than 64 MB: cut it down to the last hours")
    return content


def is_message_of_aws_cli(text: str) -> bool:
    """Whether it begins with what the AWS CLI prints in place of a log."""
    return bool(_AWS_CLI.match(text[:_SAMPLE]))
