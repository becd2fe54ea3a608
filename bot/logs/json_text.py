"""Text → its JSON documents; or that it is JSON that was cut off or broken."""

from __future__ import annotations

import json
import re
from typing import Any

from bot.logs.file import NotALog

_JSON = json.JSONDecoder()
_JSON_BEGINS = re.compile(r'\s*(?:\{\s*(?:"[^"\n]{1,64}"\s*:|\})|\[\s*[\[{"\]]|")')
_JSON_INSIDE = re.compile(
    r'^\s*"(?:message|timestamp|ingestionTime|eventId|logStreamName|@message|field|value)": ?["\d]',
    re.MULTILINE,
)
_BETWEEN = re.compile(r"\s*+(?:,\s*+)?")
_HEAD = 600


def json_documents(text: str) -> list[Any] | None:
    """
    The documents of `text`, one or more; None where it is no JSON, or a log that has some.

    Raises NotALog where it is JSON that was cut off or broken.
    """
    if _JSON_INSIDE.match(text[:_HEAD]):
        raise NotALog("was cut off: its beginning is missing")
    if not _JSON_BEGINS.match(text[:_HEAD]):
        return None
    documents: list[Any] = []
    at = _next(text, 0)
    while at < len(text):
        try:
            document, at = _JSON.raw_decode(text, at)
        except RecursionError:
            return None
        except json.JSONDecodeError as error:
            if not _is_mixed(text, error, len(documents)):
                raise _broken(text, error) from error
            return None
        documents.append(document)
        at = _next(text, at)
    return documents


def _next(text: str, at: int) -> int:
    """Where the next document begins; a comma may stand between lines out of a list."""
    match = _BETWEEN.match(text, at)
    return match.end() if match else at


def _is_mixed(text: str, error: json.JSONDecodeError, documents: int) -> bool:
    """Whether lines of another kind stand between: a log may hold both."""
    first = text.lstrip().partition("\n")[0]
    if documents:
        return not _is_cut(text, error)
    return _is_json(first) or (first.startswith(("[", '"')) and not _is_cut(text, error))


def _is_cut(text: str, error: json.JSONDecodeError) -> bool:
    return error.msg.startswith("Unterminated") or error.pos >= len(text.rstrip())


def _broken(text: str, error: json.JSONDecodeError) -> NotALog:
    if _is_cut(text, error):
        return NotALog("was cut off: its end is missing, so the newest lines may be, too")
    return NotALog(f"is JSON that is broken in line {error.lineno}")


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True
