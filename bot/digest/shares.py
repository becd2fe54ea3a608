"""What share of the functions reported, one look a day; and that of a week ago, to compare with. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.digest.model import Share
from bot.scan.coverage import coverage, percent
from bot.scan.model import Scan
from checks.grammar import counted

_DAY, _WEEK, _KEPT = timedelta(days=1), timedelta(days=7), timedelta(days=15)


def shares(before: Sequence[Share], scan: Scan) -> Iterator[Share]:
    """The earlier ones, and this scan's in place of another of its day."""
    at, numbers = scan.checked_at, coverage(scan.seen)
    known = bool(numbers.of) and not numbers.unverified
    for share in before:
        same_day = share.at.date() == at.date()
        if at - share.at < _KEPT and not (known and same_day):
            yield share
    if known:
        yield Share(at, numbers.reporting, numbers.of)


def compared(before: Sequence[Share], scan: Scan) -> str:
    """
    Coverage: 99.4 %, 98.1 % a week ago.

    Empty where some are not verified, and where there is nothing to compare with.
    """
    numbers = coverage(scan.seen)
    earlier = [share for share in before if scan.checked_at - share.at >= _DAY]
    if not earlier or not numbers.of or numbers.unverified:
        return ""
    then = min(earlier, key=lambda share: abs(scan.checked_at - share.at - _WEEK))
    days = round((scan.checked_at - then.at) / _DAY)
    ago = "a week ago" if days == _WEEK.days else f"{counted(days, 'day')} ago"
    return (
        f"Coverage: {percent(numbers.reporting, numbers.of)}, "
        f"{percent(then.reporting, then.of)} {ago}."
    )
