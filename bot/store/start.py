"""The store that REDIS_URL names, at the start: usable, or a sentence that says why not."""

from __future__ import annotations

import time

import structlog

from bot.errors import Unreachable, UsageError
from bot.store.condition import StoreCondition, condition
from bot.store.connection import NotWritable, StoreError
from bot.store.fitness import Flaw, flaws

PATIENCE = 10.0
"""Seconds that a failover, or a server that loads its data, may take meanwhile."""
PAUSE = 0.25

log = structlog.get_logger(__name__)


def usable(url: str) -> None:
    """Raises a SlsdiagError that names REDIS_URL; what may lose data is logged once."""
    ends_at = time.monotonic() + PATIENCE
    while True:
        store = _condition(url, ends_at)
        wrong = flaws(store) if store else []
        fatal = [flaw for flaw in wrong if flaw.fatal]
        if store and not fatal:
            break
        if time.monotonic() > ends_at or not all(flaw.passes for flaw in fatal):
            raise UsageError(f"REDIS_URL names a store that cannot be used. {_sentence(fatal[0])}")
        time.sleep(PAUSE)
    for flaw in wrong:
        log.warning("store_at_risk", saw=flaw.saw, remedy=flaw.remedy)
    if store.appendonly is None:
        log.warning("store_at_risk", saw="The store does not say whether it persists its data.")


def _condition(url: str, ends_at: float) -> StoreCondition | None:
    """None where it answers, but not yet with this."""
    try:
        return condition(url)
    except (TypeError, ValueError):
        raise UsageError("REDIS_URL holds an option that cannot be understood.") from None
    except (OSError, StoreError) as error:
        if isinstance(error, NotWritable) and time.monotonic() < ends_at:
            return None
        name = type(error).__name__
        raise Unreachable(f"The store that REDIS_URL names did not answer ({name}).") from None


def _sentence(flaw: Flaw) -> str:
    return f"{flaw.saw} {flaw.remedy}"
