"""A function as a person named it, and the command that names it again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import UsageError
from checks.function_ref import FunctionRef

NAME = r"[A-Za-z0-9_-]{1,64}"
QUALIFIER = r"\$LATEST(?:\.PUBLISHED)?|[A-Za-z0-9_-]{1,128}"
NAME_LIMIT = 64
_COMMAND = re.compile(
    r"function:(?P<spelled>\S+) (?P<region>\S+) --account (?P<account>\d{12})", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Target(FunctionRef):
    """A function, as a person named it."""

    beside: str | None = None
    """An account's name that was given beside an ARN, which names its own."""


class Unsure(UsageError):
    """The words may mean one of the functions in `candidates`."""

    def __init__(self, message: str, candidates: Sequence[FunctionRef]) -> None:
        """`candidates` have as much of their place as the words name."""
        super().__init__(message)
        self.candidates = tuple(candidates)

    @property
    def details(self) -> dict[str, Any]:
        """The candidates, as {"target", "region", "account"}, the last two where they are known."""
        return {"candidates": list(map(_place, self.candidates))}


def _place(function: FunctionRef) -> dict[str, str]:
    given = {
        "target": function.spelled,
        "region": function.region,
        "account": function.account,
    }
    return {name: value for name, value in given.items() if value}


def asking(what: str, candidates: Sequence[FunctionRef]) -> Unsure:
    """`what` the words are, and the question which of the functions was meant."""
    if len(candidates) == 1:
        return Unsure(f"{what} Did you mean the function {_described(candidates[0])}?", candidates)
    return Unsure(f"{what} Did you mean one of these?", candidates)


def _described(function: FunctionRef) -> str:
    region = f" in {function.region}" if function.region else ""
    account = f" of account {function.account}" if function.account else ""
    return f"{function.spelled}{region}{account}"


def command(function: FunctionRef) -> str:
    """What may be typed after /slsdiag: function:checkout:live eu-west-1 --account 123456789012"""
    account = f"--account {function.account}" if function.account else None
    words = (f"function:{function.spelled}", function.region, account)
    return " ".join(filter(None, words))


def of_command(text: str) -> FunctionRef | None:
    """What `command` was made of, where it held both region and account."""
    match = _COMMAND.fullmatch(text)
    return FunctionRef.of(match["spelled"], match["region"], match["account"]) if match else None
