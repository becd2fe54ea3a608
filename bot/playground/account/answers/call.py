"""One call as the answers see it, and paging by an opaque token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from bot.playground.account.faults import AwsError
from bot.playground.account.model import AwsAccount, Region

Answer = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked, of whom, and when."""

    accounts: Mapping[str, AwsAccount]
    account: AwsAccount
    region: Region
    arguments: Mapping[str, Any]
    now: datetime

    def arn(self, service: str, resource: str) -> str:
        """The ARN of something of the account's in the region."""
        return f"arn:aws:{service}:{self.region.name}:{self.account.id}:{resource}"


def page(things: Sequence[T], token: object, size: int) -> tuple[Sequence[T], str | None]:
    """The page that `token` names, and the token of the next; AwsError for a made-up one."""
    text = str(token or "t0")
    if not (text[0] == "t" and text[1:].isdigit()):
        raise AwsError("InvalidParameterException", "The specified nextToken is invalid.")
    start = int(text[1:])
    end = start + max(size, 1)
    return things[start:end], f"t{end}" if end < len(things) else None


def iso(moment: datetime) -> str:
    """A time as the query protocol writes it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
