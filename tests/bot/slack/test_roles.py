"""Who may do what, as one table: every role, standing and way to be listed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.app.parser import only_checks, to_type
from bot.serving_settings import Role
from bot.slack.actions import ActionId
from bot.slack.roles import (
    CLICKS,
    GUEST,
    LACKING,
    STRANGER,
    UNSURE,
    Standing,
    Unseen,
    has_value,
    refusal,
    to_click,
)

VIEWER, RUNNER, ADMIN = Role
NO_SCOPE = "the scope usergroups:read is missing"


@dataclass(frozen=True)
class Somebody:
    ours: bool = True
    user: str = "U1"
    channel: str = "C1"
    said: Standing = Standing.MEMBER
    groups: tuple[str, ...] = ()
    unseen: bool = False

    def standing(self, groups):
        assert all(each[0] == "S" for each in groups)
        return self.said

    def in_any(self, groups):
        if self.unseen and groups:
            raise Unseen(NO_SCOPE)
        return not set(groups).isdisjoint(self.groups)


MEMBER = Somebody()
GUEST_, UNKNOWN = Somebody(said=Standing.GUEST), Somebody(said=Standing.UNKNOWN)
NOBODY, OTHERS = Somebody(user=""), Somebody(ours=False)
IN_GROUP, UNREAD = Somebody(groups=("S1",)), Somebody(unseen=True)
LISTS = {
    "by id": {ADMIN: frozenset({"U1"})},
    "runner by id": {ADMIN: frozenset({"U9"}), RUNNER: frozenset({"U1"})},
    "by channel": {RUNNER: frozenset({"C1"})},
    "by group": {RUNNER: frozenset({"S1"})},
    "everybody": {RUNNER: frozenset({"*"})},
    "nobody": {},
}


def lacks(role):
    return LACKING[role]


# setting, person, then what a viewer's, a runner's and an admin's act is answered with
TABLE = [
    (None, MEMBER, None, None, None),
    (None, UNKNOWN, None, None, None),
    (None, GUEST_, None, GUEST, GUEST),
    (None, OTHERS, STRANGER, STRANGER, STRANGER),
    (None, NOBODY, STRANGER, STRANGER, STRANGER),
    ("by id", MEMBER, None, None, None),
    ("by id", GUEST_, None, None, None),
    ("by id", UNKNOWN, None, None, None),
    ("by id", OTHERS, STRANGER, STRANGER, STRANGER),
    ("by id", Somebody(user="U2"), *map(lacks, Role)),
    ("runner by id", MEMBER, None, None, lacks(ADMIN)),
    ("runner by id", OTHERS, STRANGER, STRANGER, STRANGER),
    ("by channel", MEMBER, None, None, lacks(ADMIN)),
    ("by channel", Somebody(channel="C2"), *map(lacks, Role)),
    ("by channel", Somebody(channel=""), *map(lacks, Role)),
    ("by channel", GUEST_, *map(lacks, Role)),
    ("by channel", UNKNOWN, UNSURE, UNSURE, lacks(ADMIN)),
    ("by channel", OTHERS, STRANGER, STRANGER, STRANGER),
    ("by group", IN_GROUP, None, None, lacks(ADMIN)),
    ("by group", MEMBER, *map(lacks, Role)),
    ("by group", UNREAD, NO_SCOPE, NO_SCOPE, lacks(ADMIN)),
    ("by group", Somebody(groups=("S1",), said=Standing.GUEST), *map(lacks, Role)),
    ("everybody", MEMBER, None, None, lacks(ADMIN)),
    ("everybody", GUEST_, *map(lacks, Role)),
    ("everybody", UNKNOWN, UNSURE, UNSURE, lacks(ADMIN)),
    ("everybody", OTHERS, STRANGER, STRANGER, STRANGER),
    ("nobody", MEMBER, *map(lacks, Role)),
    ("nobody", OTHERS, STRANGER, STRANGER, STRANGER),
]


@pytest.mark.parametrize("needs", Role)
@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]}-{row[1]}")
def test_table(row, needs):
    setting, person, *answers = row

    assert refusal(LISTS[setting] if setting else None, person, needs) == answers[needs - 1]


@pytest.mark.parametrize(
    ("words", "needs"),
    [
        ("", VIEWER),
        ("help", VIEWER),
        ("RUNBOOK", VIEWER),
        ("account", VIEWER),
        ("status", VIEWER),
        ("history orders", VIEWER),
        ("orders", RUNNER),
        ("function:help", RUNNER),
        ("triage orders", RUNNER),
        ("step wrapper_set orders", RUNNER),
        ("scan", RUNNER),
        ("stop", RUNNER),
        ("digest", VIEWER),
        ("digest list", VIEWER),
        ("digest now", RUNNER),
        ("digest daily 09:00 UTC", ADMIN),
        ("digest stop 1", ADMIN),
        ("digest anything", ADMIN),
        ("doctor", ADMIN),
    ],
)
def test_words(words, needs):
    assert to_type(words.split()) is needs


def test_clicks():
    """What is not in the table takes a runner; setting up a digest takes an admin."""
    assert to_click("retry").needs is RUNNER
    assert to_click("never seen before").needs is RUNNER
    assert to_click("digest_keep").needs is ADMIN
    assert tuple(to_click(id_).record for id_ in ("guide", "answer_12", "meant_1")) == (
        "diagnosis",
        "triage",
        None,
    )


def test_only_checks_have_keys_of_their_own():
    assert only_checks(["orders"])
    assert not only_checks(["stop"])
    assert not only_checks(["digest", "stop", "1"])


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("stop_scan", "inquiry"),
        ("scan_again", "inquiry"),
        ("digest_keep", "draft"),
        ("digest_drop", "draft"),
        ("digest_snooze", "digest"),
        ("digest_wake_3", "digest"),
        ("join", None),
    ],
)
def test_buttons_of_scans_and_digests_name_their_records(action, kind):
    assert to_click(action).record == kind


ENDING = {ActionId.STOP_WAIT, ActionId.STOP_TRIAGE, ActionId.STOP_SCAN}


@pytest.mark.parametrize("action", ActionId)
def test_which_clicks_end_what_may_be_anothers(action):
    assert CLICKS[action].stops == (action in ENDING)


@pytest.mark.parametrize(
    ("action_id", "always"),
    [
        ("check_again", True),
        ("answer_3", True),
        ("meant_1", True),
        ("digest_wake_0", True),
        ("join", False),
        ("home_refresh", False),
        ("picked_function", False),
        ("never seen before", False),
    ],
)
def test_buttons_that_never_come_without_a_value(action_id, always):
    assert has_value(action_id) == always
