"""
A bundle from anybody, read within bounds.

The file may be any file at all. Whatever is wrong with it is one sentence, and its size in
memory is bounded whatever its headers claim.
"""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from bot.agents.bundle import EVIDENCE, MANIFEST, REPORT, SCHEMA, Asked
from bot.errors import Unreadable
from bot.store.coding import UnknownSchema, decode
from bot.store.coding import Unreadable as UnreadableRecord
from checks.change import Changed
from checks.evidence import Evidence
from checks.model import Symptom

LARGEST = 8_000_000
"""Bytes, of the file and of each of its members. The largest log that is read gives a tenth."""
LONGEST = 16_384
"""Characters of one text. The AWS door cuts texts at a quarter of that."""
_YEARS = range(2000, 2200)
_MEMBERS = sorted((REPORT, EVIDENCE, MANIFEST))
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,  # a way to compress that nobody uses here
    RuntimeError,  # encrypted
)


@dataclass(frozen=True, slots=True)
class Bundle:
    """What the file holds."""

    evidence: Evidence
    asked: Asked
    release: str
    """Of slsdiag, which made it."""
    report: str
    """report.json as it is."""
    changed: Changed | None = None
    """Who made the change that the cause is about, as far as it was known then."""


def read(path: Path) -> Bundle:
    """The bundle, or Unreadable with what is wrong."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise Unreadable(f"it cannot be read: {error.strerror}") from error
    return unpack(content)


def unpack(content: bytes) -> Bundle:
    """Likewise, of the file's content."""
    members = _members(content)
    manifest = _document(MANIFEST, members[MANIFEST])
    schema = manifest.get("schema")
    if schema != SCHEMA or type(schema) is not int:
        raise Unreadable(
            f"it has schema {_short(schema)}, and this release reads {SCHEMA}: use the release "
            "that made it"
        )
    return Bundle(
        _evidence(members[EVIDENCE]),
        _asked(manifest.get("asked")),
        _release(manifest.get("versions")),
        _text(REPORT, members[REPORT]),
        _changed(manifest.get("changed")),
    )


def _members(content: bytes) -> dict[str, bytes]:
    if len(content) > LARGEST:
        raise Unreadable(f"it is larger than {LARGEST // 1_000_000} MB, which no bundle is")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            if sorted(archive.namelist()) != _MEMBERS:
                raise Unreadable(f"it does not hold just {', '.join(_MEMBERS)}")
            return {name: _member(archive, name) for name in _MEMBERS}
    except _BROKEN as error:
        raise Unreadable("it is no zip file that can be unpacked") from error


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    """Of a header that lies no more is unpacked than the limit."""
    with archive.open(name) as member:
        content = member.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Unreadable(f"its {name} is larger than {LARGEST // 1_000_000} MB, which none is")
    return content


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise Unreadable(f"its {name} is not UTF-8") from error


def _document(name: str, content: bytes) -> dict[str, Any]:
    try:
        document = json.loads(_text(name, content))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"its {name} is no JSON") from error
    if not isinstance(document, dict):
        raise Unreadable(f"its {name} holds no object")
    return document


def _evidence(content: bytes) -> Evidence:
    document = _document(EVIDENCE, content)
    if any(len(text) > LONGEST for text in _texts(document)):
        raise Unreadable(f"its {EVIDENCE} holds a text of more than {LONGEST} characters")
    try:
        evidence = decode(Evidence, _text(EVIDENCE, content))
    except UnknownSchema as error:
        schema = _short(document.get("schema"))
        raise Unreadable(
            f"its {EVIDENCE} has schema {schema}, which this release does not read: use the "
            "release that made it"
        ) from error
    except UnreadableRecord as error:
        raise Unreadable(
            f"its {EVIDENCE} does not hold what slsdiag reads of a function"
        ) from error
    if evidence.now.year not in _YEARS:  # at the ends of the calendar no zone can be reckoned with
        raise Unreadable(f"its {EVIDENCE} is of the year {evidence.now.year}")
    return evidence


def _texts(value: object) -> Iterator[str]:
    """Every text in a document, keys included, however deep."""
    left = [value]
    while left:
        each = left.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            left += [*each, *each.values()]
        elif isinstance(each, list):
            left += each


def _asked(asked: object) -> Asked:
    known = asked if isinstance(asked, dict) else {}
    symptom, note = known.get("symptom"), known.get("note")
    if symptom not in list(Symptom) or not (note is None or isinstance(note, str)):
        raise Unreadable(f"its {MANIFEST} does not say what was asked")
    return Asked(Symptom(symptom), note)


def _changed(document: object) -> Changed | None:
    if document is None:
        return None
    try:
        changed = decode(Changed, json.dumps(document))
    except UnreadableRecord as error:
        raise Unreadable(f"its {MANIFEST} does not say who made the change") from error
    if any(len(text) > LONGEST for text in _texts(document)):
        raise Unreadable(f"its {MANIFEST} holds a text of more than {LONGEST} characters")
    return changed


def _release(versions: object) -> str:
    made_by = versions.get("slsdiag") if isinstance(versions, dict) else None
    if not isinstance(made_by, str):
        raise Unreadable(f"its {MANIFEST} does not say which release made it")
    return made_by[:80]


def _short(schema: object) -> str:
    return str(schema)[:20] if type(schema) is int else "of no number"
