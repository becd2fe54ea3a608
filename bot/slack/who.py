"""
Who may do what. Pure: a table of words and buttons, and the rule that reads SLSDIAG_ROLES.

Without the setting, members of the workspace may do everything, where the bot was invited to,
and guests may look on. With it, nobody has a role who is not listed. Whoever is of another
workspace (Slack Connect), or whose workspace is not said, has none in either case.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import Protocol

from bot.render.card import MEANT


class Role(IntEnum):
    """Each may do what those before it may."""

    VIEWER = 1
    RUNNER = 2
    ADMIN = 3


class Standing(StrEnum):
    """What Slack says of a person of our workspace."""

    MEMBER = "member"
    GUEST = "guest"
    UNKNOWN = "unknown"


class Unseen(Exception):
    """Whether a person is in a user group could not be read; the text says why."""


class Person(Protocol):
    """Somebody who acts, in a place; what must be looked up is looked up when it is asked."""

    @property
    def ours(self) -> bool: ...
    @property
    def user(self) -> str: ...
    @property
    def channel(self) -> str: ...
    def standing(self) -> Standing: ...
    def in_group(self, group: str) -> bool:
        """Raises Unseen."""
        ...


Roles = Mapping[Role, frozenset[str]]
EVERYBODY = "*"
"""Every full member of the workspace."""
LISTED = re.compile(r"\*|[UWSCGD][A-Z0-9]{1,30}", re.ASCII)

STRANGER = "I answer members of this workspace only."
GUEST = "Guests of this workspace may look at status, history and help here, but not run anything."
UNSURE = (
    "Slack did not tell me whether you are a full member of this workspace, so I did nothing. "
    "Please try again in a minute; if it stays so, my app lacks the scope users:read."
)
LACKING = {
    Role.VIEWER: "You have no role here: SLSDIAG_ROLES of this installation lists who may look.",
    Role.RUNNER: "Only runners may do that: SLSDIAG_ROLES of this installation lists them.",
    Role.ADMIN: "Only admins may do that: SLSDIAG_ROLES of this installation lists them.",
}

_WORDS = {
    **dict.fromkeys(("help", "runbook", "account", "status", "history"), Role.VIEWER),
    "doctor": Role.ADMIN,
}
_DIGESTS = {"list": Role.VIEWER, "now": Role.RUNNER}
"""All else that can be said of a digest sets one up or ends it."""
_PRESSES = {"digest_keep": Role.ADMIN, "digest_drop": Role.VIEWER}
DIAGNOSIS_PRESSES = frozenset({"check_again", "guide", "stop_wait"})
SCAN_PRESSES = frozenset({"stop_scan", "scan_again"})
_DIGEST_PRESS = re.compile(r"digest_(?:snooze|wake_\d)")
_TRIAGE_PRESS = re.compile(r"retry|skip|prolong|remind|stop|something_else|answer_\d+")
STOPS = frozenset({"stop", "stop_wait", "stop_scan"})


def to_say(words: list[str]) -> Role:
    """What it takes to say these words; what is not in the table looks at something."""
    first = words[0].lower() if words else "help"
    if first == "digest":
        return _DIGESTS.get(words[1].lower(), Role.ADMIN) if len(words) > 1 else Role.VIEWER
    return _WORDS.get(first, Role.RUNNER)


def looks(words: list[str]) -> bool:
    """Whether the words ask to look at functions, and do nothing to what is there."""
    return bool(words) and words[0].lower() not in {"stop", "digest"}


def to_press(action: str) -> Role:
    """What it takes to press the button of that id."""
    return _PRESSES.get(action, Role.RUNNER)


def record_of(action: str) -> str | None:
    """The kind of record that the button's value begins with, where it names one."""
    if action in DIAGNOSIS_PRESSES:
        return "diagnosis"
    if action in SCAN_PRESSES:
        return "inquiry"
    if action in _PRESSES:
        return "draft"
    if _DIGEST_PRESS.fullmatch(action):
        return "digest"
    return "triage" if _TRIAGE_PRESS.fullmatch(action) else None


def has_value(action: str) -> bool:
    """Whether the button is one of ours that never comes without a value."""
    return record_of(action) is not None or bool(MEANT.fullmatch(action))


def refusal(roles: Roles | None, person: Person, needs: Role) -> str | None:
    """Why `person` may not do what takes `needs`, in a sentence; None when they may."""
    if not person.ours or not person.user:
        return STRANGER
    if roles is None:
        guest = needs > Role.VIEWER and person.standing() is Standing.GUEST
        return GUEST if guest else None
    listed = {each for role, ids in roles.items() if role >= needs for each in ids}
    if person.user in listed:
        return None
    match person.standing() if listed else Standing.MEMBER:
        case Standing.GUEST:
            return LACKING[needs]
        case Standing.UNKNOWN:
            return UNSURE
    if EVERYBODY in listed or person.channel in listed:
        return None
    return _by_group(sorted(each for each in listed if each[0] == "S"), person, needs)


def _by_group(groups: list[str], person: Person, needs: Role) -> str | None:
    unseen = None
    for group in groups:
        try:
            if person.in_group(group):
                return None
        except Unseen as error:
            unseen = str(error)
    return unseen or LACKING[needs]
