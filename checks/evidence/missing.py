"""Why a part of the evidence could not be read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Missing:
    """A part that could not be read. `why` is a sentence; `action` the IAM action that lacks."""

    why: str
    action: str | None = None
