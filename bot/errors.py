"""Errors whose text people see: one plain sentence, with what happened and what to do."""

from __future__ import annotations

from typing import Any

Choice = tuple[str, str | None, str | None]
INTERRUPTED = 130
"""The exit status after Ctrl-C, as shells count it."""


class SlsdiagError(Exception):
    """Nothing could be checked. `code` and `status` are promised in docs/scripts.md."""

    code = "unreachable"
    status = 4

    @property
    def details(self) -> dict[str, Any]:
        """What the JSON document holds beside code and message."""
        return {}

    @property
    def document(self) -> dict[str, Any]:
        """What is said of it as JSON, schema 1."""
        return {"schema": 1, "error": {"code": self.code, "message": str(self), **self.details}}

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What may have been meant: (name, region, account), the last two where they decide."""
        return ()


class Failed(SlsdiagError):
    """A defect of slsdiag's own: nobody foresaw it."""

    code = "failed"


class UsageError(SlsdiagError):
    """The words were wrong; nothing was called."""

    code = "usage"
    status = 2


class Refused(UsageError):
    """The words were wrong; `commands` may have been meant."""

    def __init__(self, message: str, commands: tuple[str, ...] = ()) -> None:
        """`commands` are whole, without /slsdiag."""
        super().__init__(message)
        self.commands = commands


class NotConfigured(UsageError):
    """A name that the settings do not hold, or hold no longer."""

    def __init__(self, name: str) -> None:
        """`name` is an account's, as the settings held it."""
        super().__init__(f"The account {name} is no longer configured.")


class Ambiguous(SlsdiagError):
    """The name is in more than one place."""

    code = "ambiguous"
    status = 2

    def __init__(self, name: str, places: tuple[tuple[str, str], ...]) -> None:
        """`places` are (account, region)."""
        listed = ", ".join(f"{region} of {account}" for account, region in places)
        super().__init__(
            f"{name} is in more than one place ({listed}): name the region or account."
        )
        self.name = name
        self.places = places

    @property
    def details(self) -> dict[str, Any]:
        """The places, as {"account", "region"}."""
        return {"places": [{"account": a, "region": r} for a, r in self.places]}

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Each place."""
        return tuple((self.name, region, account) for account, region in self.places)


class NoCredentials(SlsdiagError):
    """AWS was not asked, for lack of credentials."""

    code = "no_credentials"


class SignedOut(NoCredentials):
    """The credentials are missing or have expired: whoever set them can sign in again."""


class NoSuchFunction(SlsdiagError):
    """No function of that name where it was looked for."""

    code = "no_such_function"

    def __init__(self, message: str, candidates: tuple[str, ...] = ()) -> None:
        """`candidates` are names that resemble the one given."""
        super().__init__(message)
        self.candidates = candidates

    @property
    def details(self) -> dict[str, Any]:
        """The candidates, as {"target"}, where there are any."""
        listed = [{"target": name} for name in self.candidates]
        return {"candidates": listed} if listed else {}

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Each candidate, where the one given was looked for."""
        return tuple((name, None, None) for name in self.candidates)


class Unreachable(SlsdiagError):
    """AWS did not answer."""


class Denied(SlsdiagError):
    """The function's own configuration may not be read."""

    code = "denied"


class Unreadable(SlsdiagError):
    """A file that cannot be read, or is no log."""

    code = "unreadable"


class Unwritable(SlsdiagError):
    """Standard output takes no more."""

    code = "unwritable"
