"""
Can this store be relied on? Its condition → what is wrong with it. Pure.

The bot does not start with a store that has a fatal flaw; doctor shows all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.store.condition import StoreCondition
from bot.store.readiness import Refusal

OLDEST = (6, 2)
"""The due sets' scripts use ZADD … LT (Redis 6.2)."""
KEEPS_ALL = "noeviction"
"""The only policy that deletes nothing: every record expires some day, so volatile-… deletes, too."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One of them. `check` is doctor's name for where it belongs."""

    check: str
    saw: str
    remedy: str
    fatal: bool = True
    passes: bool = False
    """It may be over in a moment, as during a failover or a restart."""


_REFUSALS = {
    Refusal.REPLICA: Flaw(
        "store",
        "It is a replica, which takes no writes.",
        "Use the address of the primary.",
        passes=True,
    ),
    Refusal.LOADING: Flaw(
        "store", "It is still loading its data.", "Try again in a minute.", passes=True
    ),
    Refusal.DISK: Flaw(
        "store",
        "It takes no writes because it cannot write to its disk (MISCONF).",
        "See its log, and free some space.",
        passes=True,
    ),
    Refusal.FULL: Flaw(
        "store",
        "It is full, so nothing new can be saved; what was begun is still finished.",
        "Raise its maxmemory, or remove what else is stored there.",
        fatal=False,
    ),
    Refusal.OTHER: Flaw("store", "It takes no writes at the moment.", "See its log.", passes=True),
}
_CLUSTER = Flaw(
    "store",
    "It runs in cluster mode, which slsdiag does not support.",
    "Use a Redis or Valkey with cluster mode disabled.",
)


def flaws(store: StoreCondition) -> list[Flaw]:
    """The worst first."""
    return list(_all(store))


def _all(store: StoreCondition) -> Iterator[Flaw]:
    if store.cluster:
        yield _CLUSTER
    elif store.refusal is not None:
        yield _REFUSALS[store.refusal]
    if store.version is not None and store.version < OLDEST:
        saw = f"{store.server} is too old."
        yield Flaw("store_version", saw, "Use Redis 6.2 or later, or Valkey.")
    if store.policy is not None and store.policy != KEEPS_ALL:
        yield Flaw(
            "store_durable",
            f"maxmemory-policy is {store.policy}: when it is full, it deletes requests and waits.",
            f"Set maxmemory-policy {KEEPS_ALL}.",
        )
    yield from _persistence(store)


def _persistence(store: StoreCondition) -> Iterator[Flaw]:
    if store.appendonly is False:
        yield Flaw(
            "store_durable",
            "appendonly is off: after a crash the store forgets what it had acknowledged.",
            "Set appendonly yes, and appendfsync always or everysec.",
            fatal=False,
        )
    elif store.appendfsync == "no":
        yield Flaw(
            "store_durable",
            "appendfsync is no: a power cut loses up to half a minute of what was acknowledged.",
            "Set appendfsync always, or everysec.",
            fatal=False,
        )
