"""A check's bundle, in the process that made it."""

from __future__ import annotations

from bot.agents.bundle import Asked, pack
from bot.agents.bundle_file import unpack
from bot.agents.replay import differences, replayed
from checks.model import Symptom


def replays(checkable, evidence, report) -> bool:
    """Whether the report comes out of the bundle as it went in, byte for byte."""
    asked = Asked(Symptom.BOTH, checkable.found_elsewhere(evidence.function))
    held = unpack(pack(evidence, asked, report))
    return differences(held, replayed(held)) == []
