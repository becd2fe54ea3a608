"""The store's condition → what is well, and what to mend."""

from __future__ import annotations

from bot.doctor.model import Check, ok, problem, unknown
from bot.store.condition import StoreCondition

OLDEST = (6, 2)
"""The due sets' scripts use ZADD … LT (Redis 6.2)."""
NAMED = 5
SAFE_POLICIES = ("noeviction", "volatile-")
"""What has no expiry is never thrown away: due sets and queues have none."""


def judged(store: StoreCondition) -> list[Check]:
    """Of a store that answers."""
    return [ok("store", "It answers."), _version(store), _durable(store), _records(store)]


def _version(store: StoreCondition) -> Check:
    name = "store_version"
    if store.version is None:
        return unknown(name, "The store does not tell its version.")
    if store.version < OLDEST:
        return problem(name, f"{store.server} is too old.", "Use Redis 6.2 or later, or Valkey.")
    return ok(name, f"{store.server}.")


def _durable(store: StoreCondition) -> Check:
    name = "store_durable"
    if store.appendonly is False:
        return problem(
            name,
            "appendonly is off: after a crash the store forgets what it had acknowledged.",
            "Set appendonly yes, and appendfsync always or everysec.",
        )
    if store.appendfsync == "no":
        return problem(
            name,
            "appendfsync is no: a power cut loses up to half a minute of what was acknowledged.",
            "Set appendfsync always, or everysec.",
        )
    if store.policy is not None and not store.policy.startswith(SAFE_POLICIES):
        return problem(
            name,
            f"maxmemory-policy is {store.policy}: a full store throws triages away.",
            "Set maxmemory-policy noeviction.",
        )
    known = {
        "appendonly": {True: "yes", None: None}[store.appendonly],
        "appendfsync": store.appendfsync,
        "maxmemory-policy": store.policy,
    }
    seen = ", ".join(f"{key} {value}" for key, value in known.items() if value)
    left = [key for key, value in known.items() if not value]
    if left:
        return unknown(
            name,
            f"The store does not tell {', '.join(left)}.{f' It tells {seen}.' if seen else ''}",
            "Look at its settings: appendonly yes, appendfsync always or everysec, noeviction.",
        )
    risk = " A power cut may lose a second." if store.appendfsync == "everysec" else ""
    return ok(name, f"{seen}.{risk}")


def _records(store: StoreCondition) -> Check:
    name = "store_records"
    if store.unread:
        schemas = sorted({str(each or "none that helps") for each in store.unread.values()})
        return problem(
            name,
            f"{len(store.unread)} records cannot be read by the releases that run here (schema "
            f"{', '.join(schemas)}): {_named(list(store.unread))}.",
            "Run the release that wrote them: it takes them back by itself. Nothing was deleted.",
        )
    if store.parked:
        return problem(
            name,
            f"{len(store.parked)} things were given up after several tries: "
            f"{_named(list(store.parked))}.",
            "Look for given_up and work_failed in the bot's log, and ask again in Slack.",
        )
    return ok(name, "Nothing was put aside.")


def _named(members: list[str]) -> str:
    more = f" and {len(members) - NAMED} more" if len(members) > NAMED else ""
    return ", ".join(members[:NAMED]) + more
