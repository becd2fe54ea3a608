"""Which function: one value from what was typed to the card. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class FunctionRef:
    """A function, or one version of it, and as much of where it is as is known."""

    name: str
    qualifier: str | None = None
    """An alias or the number of a version."""
    region: str | None = None
    account: str | None = None
    """12 digits; of what a person named also the name that the settings give the account."""

    @classmethod
    def of(cls, spelled: str, region: str | None = None, account: str | None = None) -> Self:
        """The function that was `spelled` so."""
        name, _, qualifier = spelled.partition(":")
        return cls(name, qualifier or None, region, account)

    @classmethod
    def of_key(cls, key: str) -> Self:
        """The function that has this `key`."""
        account, region, spelled = key.split("/", 2)
        return cls.of(spelled, region or None, account or None)

    @property
    def spelled(self) -> str:
        """checkout, or checkout:live."""
        return f"{self.name}:{self.qualifier}" if self.qualifier else self.name

    @property
    def key(self) -> str:
        """123456789012/eu-west-1/checkout:live, under which things are stored."""
        return f"{self.account or ''}/{self.region or ''}/{self.spelled}"

    def arn(self, partition: str) -> str:
        """Of a function whose place is known."""
        return f"arn:{partition}:lambda:{self.region}:{self.account}:function:{self.spelled}"
