"""
Who fixed what a deployment broke, as far as somebody said so. Pure.

CloudTrail names roles, and nothing tells which person in Slack stands behind one. So a person is named
only where they clicked *I fixed it* themselves, only in that channel, and only for what is seen to report again
soon afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from bot.watch.model import Deploy, Fix, News, Row

COUNTS_FOR = timedelta(minutes=25)
"""Until then what reports again is put down to the click: a broken function is checked 21 minutes after it."""
MOST = 20
"""Clicks that a deployment remembers."""


def said_fixed(deploy: Deploy, fix: Fix, rows: Iterable[Row]) -> Deploy:
    """With that click: what is broken of `rows` is checked now, and then again as if it had just been found."""
    broken = {row.name for row in rows if row.news is News.BROKE}
    checked = tuple(
        replace(row, due_at=fix.at, tries=0) if row.name in broken else row for row in deploy.rows
    )
    others = [it for it in deploy.fixes if (it.channel, it.user) != (fix.channel, fix.user)]
    return replace(deploy, rows=checked, fixes=(*others, fix)[-MOST:])


def newest(deploy: Deploy, channel: str) -> Fix | None:
    """Of the channel; None where nobody said anything."""
    fixes = [fix for fix in deploy.fixes if fix.channel == channel]
    return max(fixes, key=lambda fix: fix.at, default=None)


def fixer(deploy: Deploy, channel: str, row: Row) -> str:
    """Slack's id of who fixed it; empty where nobody there said so, or it took too long."""
    if row.news is not News.AGAIN or row.found_at is None:
        return ""
    fixes = [
        fix
        for fix in deploy.fixes
        if fix.channel == channel and fix.at <= row.found_at <= fix.at + COUNTS_FOR
    ]
    return max(fixes, key=lambda fix: fix.at).user if fixes else ""
