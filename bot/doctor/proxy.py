"""Which proxies the bot's connections go through. Never their credentials."""

from __future__ import annotations

from collections.abc import Mapping

from bot.doctor.model import PROXY, Check, ok, skipped
from bot.proxy import without_credentials
from checks.grammar import verb


def judged(proxies: Mapping[str, str | None]) -> Check:
    """By whose service it is: the proxy's address, or None for a direct connection."""
    if not proxies:
        return skipped(PROXY, "Neither Slack nor AWS is configured.")
    if not any(proxies.values()):
        return ok(PROXY, f"None: {' and '.join(proxies)} {verb(len(proxies))} reached directly.")
    used = (
        f"{without_credentials(proxy)} for {whose}" if proxy else f"none for {whose}"
        for whose, proxy in proxies.items()
    )
    return ok(PROXY, f"{', '.join(used)}.")
