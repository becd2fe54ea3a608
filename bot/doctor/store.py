"""The store's condition → what is fine, and what to fix."""

from __future__ import annotations

from collections.abc import Collection

from bot.doctor.model import Check, ok, problem, unknown
from bot.store.condition import StoreCondition
from bot.store.fitness import flaws

NAMED = 5


def foreign(owner: str, team: str) -> Check:
    """Of a store that another workspace's bot has."""
    return problem(
        "store",
        f"It belongs to the bot of another workspace ({owner}, not {team}).",
        "Give each workspace a store of its own.",
    )


def judged(store: StoreCondition) -> list[Check]:
    """Of a store that answers."""
    wrong = {flaw.check: problem(flaw.check, flaw.saw, flaw.remedy) for flaw in flaws(store)[::-1]}
    return [
        wrong.get("store") or ok("store", "It answers, and takes writes."),
        wrong.get("store_version") or _version(store),
        wrong.get("store_durable") or _durable(store),
        _records(store),
    ]


def _version(store: StoreCondition) -> Check:
    name = "store_version"
    if store.version is None:
        return unknown(name, "The store does not say its version.")
    return ok(name, f"{store.server}.")


def _durable(store: StoreCondition) -> Check:
    name = "store_durable"
    if store.lost_at:
        return problem(
            name,
            f"It lost everything that it held, and was found empty on {store.lost_at:%d %b at %H:%M} UTC.",
            "Make sure that it persists its data; then set up digests again, and repeat what was running.",
        )
    settings = {
        "appendonly": {True: "yes", None: None}[store.appendonly],
        "appendfsync": store.appendfsync,
        "maxmemory-policy": store.policy,
    }
    seen = ", ".join(f"{key} {value}" for key, value in settings.items() if value)
    left = [key for key, value in settings.items() if not value]
    if left:
        return unknown(
            name,
            f"The store does not say {', '.join(left)}.{f' It says {seen}.' if seen else ''}",
            "Check its settings: appendonly yes, appendfsync always or everysec, noeviction.",
        )
    risk = " A power cut may lose a second." if store.appendfsync == "everysec" else ""
    return ok(name, f"{seen}.{risk}")


def _records(store: StoreCondition) -> Check:
    name = "store_records"
    if store.unreadable:
        schemas = sorted({str(number or "none that helps") for number in store.unreadable.values()})
        return problem(
            name,
            f"{_count(store.unreadable, 'record')} cannot be read by the releases that run here (schema "
            f"{', '.join(schemas)}): {_named(list(store.unreadable))}.",
            "Run the release that wrote them: it takes them back by itself. Nothing was deleted.",
        )
    if store.parked:
        return problem(
            name,
            f"Given up after several tries ({len(store.parked)}): {_named(list(store.parked))}.",
            "Search the bot's log for given_up and work_failed, and repeat the request in Slack.",
        )
    return ok(name, "Nothing was put aside.")


def _named(members: list[str]) -> str:
    more = f" and {len(members) - NAMED} more" if len(members) > NAMED else ""
    return ", ".join(members[:NAMED]) + more


def _count(members: Collection[object], noun: str) -> str:
    return f"{len(members)} {noun}{'' if len(members) == 1 else 's'}"
