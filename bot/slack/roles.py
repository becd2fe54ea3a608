"""
Who may do what. Pure: the table of buttons, and the rule that reads SLSDIAG_ROLES. What words take,
stands beside them (bot/app/parser.py).

Without the setting, members of the workspace may do everything, where the bot was invited to,
and guests may only read. With it, nobody has a role who is not listed. Whoever is of another
workspace (Slack Connect), or whose workspace is not said, has none in either case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from bot.serving_settings import EVERYBODY, Role, Roles
from bot.slack.actions import ActionId, action_of


class Standing(StrEnum):
    """What Slack says of a person of our workspace."""

    MEMBER = "member"
    GUEST = "guest"
    UNKNOWN = "unknown"


class Unseen(Exception):
    """Whether a person is in a user group could not be read; the text says why."""


class Person(Protocol):
    """Somebody who acts, in a conversation; what must be looked up is looked up when it is needed."""

    @property
    def ours(self) -> bool: ...
    @property
    def user(self) -> str: ...
    @property
    def channel(self) -> str: ...
    def standing(self, groups: Sequence[str]) -> Standing:
        """Slack is asked about these groups meanwhile."""
        ...

    def in_any(self, groups: Sequence[str]) -> bool:
        """Raises Unseen."""
        ...


STRANGER = "I answer members of this workspace only."
GUEST = "Guests of this workspace may read status, history and help here, but not run anything."
UNSURE = (
    "Slack did not tell me whether you are a full member of this workspace, so I did nothing. "
    "Please try again in a minute; if it stays so, my app is missing the scope users:read."
)
LACKING = {
    Role.VIEWER: "You have no role here: SLSDIAG_ROLES of this installation lists who may use me.",
    Role.RUNNER: "Only runners may do that: SLSDIAG_ROLES of this installation lists them.",
    Role.ADMIN: "Only admins may do that: SLSDIAG_ROLES of this installation lists them.",
}


@dataclass(frozen=True, slots=True)
class ClickRule:
    """What a click takes."""

    needs: Role = Role.RUNNER
    record: str | None = None
    """The kind of record that the button's value begins with, where it names one."""
    stops: bool = False
    """It ends the record, which may be another person's."""


_DIAGNOSIS, _TRIAGE, _SCAN, _DIGEST = (
    ClickRule(record=kind) for kind in ("diagnosis", "triage", "inquiry", "digest")
)
CLICKS: Mapping[ActionId, ClickRule] = {
    ActionId.CHECK_AGAIN: _DIAGNOSIS,
    ActionId.GUIDE: _DIAGNOSIS,
    ActionId.STOP_WAIT: replace(_DIAGNOSIS, stops=True),
    ActionId.ALL_CHECKS: ClickRule(Role.VIEWER, "diagnosis"),
    ActionId.JOIN: ClickRule(),
    ActionId.CHOICE: ClickRule(),
    ActionId.RETRY: _TRIAGE,
    ActionId.SKIP: _TRIAGE,
    ActionId.PROLONG: _TRIAGE,
    ActionId.REMIND: _TRIAGE,
    ActionId.STOP_TRIAGE: replace(_TRIAGE, stops=True),
    ActionId.SOMETHING_ELSE: _TRIAGE,
    ActionId.SUPPORT_TEXT: ClickRule(Role.VIEWER, "triage"),
    ActionId.ATTACH_BUNDLE: _TRIAGE,
    ActionId.ANSWER: _TRIAGE,
    ActionId.STOP_SCAN: replace(_SCAN, stops=True),
    ActionId.SCAN_AGAIN: _SCAN,
    ActionId.SHOW_FUNCTIONS: ClickRule(Role.VIEWER, "inquiry"),
    ActionId.KEEP_DIGEST: ClickRule(Role.ADMIN, "draft"),
    ActionId.DROP_DIGEST: ClickRule(Role.VIEWER, "draft"),
    ActionId.SNOOZE: _DIGEST,
    ActionId.WAKE: _DIGEST,
    ActionId.DEPLOY_FIXED: ClickRule(),
    ActionId.HOME_DIAGNOSE: ClickRule(),
    ActionId.HOME_REFRESH: ClickRule(),
    ActionId.PICK_FUNCTION: ClickRule(Role.VIEWER),
    ActionId.PICK_CHANNEL: ClickRule(),
}
_UNKNOWN = ClickRule()
_WITH_A_VALUE = frozenset({ActionId.CHOICE, ActionId.DEPLOY_FIXED})
"""Though it is no record that belongs to one conversation."""


def to_click(action_id: str) -> ClickRule:
    """What a click on the button of that id takes."""
    action = action_of(action_id)
    return CLICKS[action] if action else _UNKNOWN


def has_value(action_id: str) -> bool:
    """Whether the button is one of ours that never comes without a value."""
    return to_click(action_id).record is not None or action_of(action_id) in _WITH_A_VALUE


def refusal(roles: Roles | None, person: Person, needs: Role) -> str | None:
    """Why `person` may not do what takes `needs`, in a sentence; None when they may."""
    if not person.ours or not person.user:
        return STRANGER
    if roles is None:
        guest = needs > Role.VIEWER and person.standing(()) is Standing.GUEST
        return GUEST if guest else None
    listed = {id_ for role, ids in roles.items() if role >= needs for id_ in ids}
    if person.user in listed:
        return None
    open_to_members = EVERYBODY in listed or person.channel in listed
    groups = () if open_to_members else sorted(id_ for id_ in listed if id_[0] == "S")
    match person.standing(groups) if listed else Standing.MEMBER:
        case Standing.GUEST:
            return LACKING[needs]
        case Standing.UNKNOWN:
            return UNSURE
    if open_to_members:
        return None
    try:
        return None if person.in_any(groups) else LACKING[needs]
    except Unseen as error:
        return str(error)
