"""
AWS's own texts are somebody else's: made safe here, where they enter, for every reader alike.

    plain       prose, as the reason of a failure: on one line, short, without secrets
    value       a variable's value that may be read, and whatever else the account's owner wrote
    org_id      the same for an org's id, which may look random
    identifier  a name or an ARN that the report is about: as it is
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.text.redaction import id_is_secret, looks_secret, redacted
from checks.facts.error_texts import quoted
from checks.log.telemetry import Payload

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9._:-]{0,63}")
_VALUE_LIMIT = 256


def plain(text: object, keep: Sequence[str] = ()) -> str:
    """`text` on one line, short, every character visible, without secrets but with these names."""
    return _visible(quoted(redacted(str(text), keep)))


def value(text: str) -> str:
    """A variable's value that may be read: visible and short, without secrets."""
    return _visible(redacted(text)[:_VALUE_LIMIT])


def org_id(text: str) -> str:
    """The same for an org's id, which may look random."""
    return value(text) if id_is_secret(text) else _visible(text[:_VALUE_LIMIT])


def identifier(text: str) -> str:
    """A name or an ARN: never taken for a secret, whatever it looks like."""
    return _visible(text)


def payload(raw: Payload) -> Payload:
    """A telemetry payload, whose texts a function can set as it likes."""
    return replace(
        raw,
        org_id=org_id(raw.org_id),
        sdk_name=value(raw.sdk_name),
        sdk_version=value(raw.sdk_version),
        sdk_runtime=value(raw.sdk_runtime),
        request_id=value(raw.request_id) if raw.request_id else None,
        version=value(raw.version) if raw.version else None,
        spans=tuple(map(value, raw.spans)),
        events=tuple(map(value, raw.events)),
    )


def code(text: object) -> str:
    """An error code, or words for one that is none."""
    harmless = _CODE.fullmatch(str(text)) and not looks_secret(str(text))
    return str(text) if harmless else "an unknown error"


def _visible(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else "·" for character in text)
