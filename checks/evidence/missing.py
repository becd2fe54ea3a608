"""Why a part of the evidence could not be read."""

from __future__ import annotations

from dataclasses import dataclass

from checks.facts.denials import DeniedBy


@dataclass(frozen=True, slots=True)
class Missing:
    """A part that could not be read. `why` is a sentence."""

    why: str
    action: str | None = None
    """The IAM action that was refused."""
    denied_by: DeniedBy | None = None
    """What refused it, where an allow in the caller's own policies would not help."""
