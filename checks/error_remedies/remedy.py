"""What a kind of error is called on a card, what removes its reason, and what comes then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from checks.evidence import LambdaFunction
from checks.model import Action

Actions = tuple[Action, ...]


class Then(StrEnum):
    """What has to happen once the reason is gone."""

    TOGGLE = "instrument the function again"
    INTEGRATE = "add the integration again"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Remedy:
    """Of one kind of error."""

    headline: str
    fix: Callable[[LambdaFunction], Actions]
    """Removes the reason."""
    then: Then = Then.TOGGLE


def do(*actions: Action) -> Callable[[LambdaFunction], Actions]:
    """The same for every function."""
    return lambda _: actions
