"""Every error word that Slack publishes, and fifty that it may invent, by method."""

from __future__ import annotations

import json
from pathlib import Path

_PUBLISHED = json.loads(
    (Path(__file__).parents[2] / "fixtures" / "slack" / "error_words.json").read_text()
)
METHODS = tuple(_PUBLISHED["methods"])
_HALVES = (
    ("channel", "thread", "posting", "quota", "policy", "invalid", "app", "user", "feature", "org"),
    ("is_frozen", "not_permitted", "mismatch", "paused_by_admin", "gone"),
)
INVENTED = tuple(f"{first}_{second}" for first in _HALVES[0] for second in _HALVES[1])


def words(method: str) -> list[str]:
    """What Slack may answer to a call of the method."""
    published = {*_PUBLISHED["methods"][method]}
    if method != "response_url":
        published |= {*_PUBLISHED["every_method"]}
    return [*sorted(published), *INVENTED]
