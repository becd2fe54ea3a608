"""
Ids of everything that people can click or search.

Cards draw them, listeners wait for them, and roles say who may use them. Messages that were posted
long ago hold them, so a value never changes.
"""

from __future__ import annotations

import re
from enum import StrEnum


class ActionId(StrEnum):
    """Slack's `action_id`; those in NUMBERED have a number behind, as in answer_2."""

    CHECK_AGAIN = "check_again"
    GUIDE = "guide"
    STOP_WAIT = "stop_wait"
    ALL_CHECKS = "all_checks"
    JOIN = "join"
    CHOICE = "meant"
    """One of the commands that a question offers."""
    RETRY = "retry"
    SKIP = "skip"
    PROLONG = "prolong"
    REMIND = "remind"
    STOP_TRIAGE = "stop"
    SOMETHING_ELSE = "something_else"
    SUPPORT_TEXT = "support_text"
    ATTACH_BUNDLE = "attach_bundle"
    ANSWER = "answer"
    STOP_SCAN = "stop_scan"
    SCAN_AGAIN = "scan_again"
    SHOW_FUNCTIONS = "scan_show"
    """Those behind one cause of a scan."""
    KEEP_DIGEST = "digest_keep"
    DROP_DIGEST = "digest_drop"
    SNOOZE = "digest_snooze"
    WAKE = "digest_wake"
    DEPLOY_FIXED = "deploy_fixed"
    HOME_DIAGNOSE = "home_diagnose"
    HOME_REFRESH = "home_refresh"
    PICK_FUNCTION = "picked_function"
    PICK_CHANNEL = "picked_channel"


NUMBERED = frozenset({ActionId.CHOICE, ActionId.ANSWER, ActionId.WAKE, ActionId.SHOW_FUNCTIONS})
"""Of which one message draws several; Slack wants each id once."""
_SINGLE = {action.value: action for action in ActionId if action not in NUMBERED}


def numbered(action: ActionId, number: int) -> str:
    """The id of one of several."""
    return f"{action}_{number}"


def pattern(*actions: ActionId) -> re.Pattern[str]:
    """What a listener to these actions waits for."""
    ids = (f"{action}_[0-9]+" if action in NUMBERED else action for action in actions)
    return re.compile(rf"\A(?:{'|'.join(ids)})\Z")


def action_of(action_id: str) -> ActionId | None:
    """Which action an id from Slack is; None for one that no message of ours has."""
    name, _, number = action_id.rpartition("_")
    if number.isdecimal() and number.isascii() and name in NUMBERED:
        return ActionId(name)
    return _SINGLE.get(action_id)
