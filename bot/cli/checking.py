"""What the verbs that check one function do alike: `check` and `bundle`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

import typer

from bot.account_settings import checked_org
from bot.cli.profile import use
from bot.target import Target

if TYPE_CHECKING:
    from bot.aws.parallel import Progress
    from bot.diagnosis.gather import FunctionCheck

T = TypeVar("T")
NAMED_WITHIN = 5.0
"""Seconds that a report waits for who made a change (interface: Who changed it)."""
_CHECKING = "Checking…"
_CLOCK_TOLERANCE = timedelta(seconds=60)


def opened(
    target: Target, org: str | None, answers: Mapping[str, str], profile: str | None
) -> FunctionCheck:
    """How to check it, with the credentials of `profile`; raises a SlsdiagError in words."""
    checked_org(org, "--org")
    use(profile)
    from bot.diagnosis.gather import function_check  # noqa: PLC0415 - brings boto3, which other verbs must not wait for

    return function_check(target, org=org, answers=answers)


def watched(read: Callable[[Progress], T]) -> T:
    """What `read` gives; on a terminal say meanwhile what is still being read."""
    if not sys.stderr.isatty():
        return read(lambda _: None)
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it

    with Console(stderr=True).status(_CHECKING) as status:
        return read(lambda left: status.update(_still(left)))


def warn_of_the_clock(checkable: FunctionCheck) -> None:
    """On standard error, where it is off AWS's."""
    ahead = checkable.places[0].account.ahead
    if ahead and abs(ahead) > _CLOCK_TOLERANCE:
        off = (
            f"{abs(ahead).total_seconds():.0f} s {'ahead of' if ahead > timedelta(0) else 'behind'}"
        )
        typer.echo(f"This machine's clock is {off} AWS's: waits and times may be wrong.", err=True)


def _still(left: frozenset[str]) -> str:
    return f"Still reading: {', '.join(sorted(left))}" if left else _CHECKING
