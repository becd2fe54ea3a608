"""The order of ways to a reader, each once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.store.fallback import as_new_post, instead
from bot.store.messages import Entry, EntryKind

URL = "https://hooks.slack.com/commands/1"
POST = Entry("d:1:x", EntryKind.POST, "C1", {"text": "x"}, "d", user="U1", thread_ts="1.2")


def ways(entry):
    """All of them, one after the other."""
    found = []
    while entry := instead(entry):
        found.append(entry)
    return found


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (replace(POST, response_url=URL), ["respond C1", "post U1", "ephemeral C1"]),
        (POST, ["post U1", "ephemeral C1"]),
        (replace(POST, user=None), []),
        (replace(POST, channel="U1"), []),
        (replace(POST, channel="U1", origin="C1"), ["ephemeral C1"]),
        (replace(POST, kind=EntryKind.EPHEMERAL, response_url=URL), ["respond C1", "post U1"]),
        (replace(POST, kind=EntryKind.EPHEMERAL), ["post U1"]),
        (replace(POST, kind=EntryKind.RESPOND, response_url=URL), ["post U1", "ephemeral C1"]),
    ],
)
def test_each_way_is_tried_once_and_outside_of_any_thread(entry, expected):
    found = ways(entry)

    assert [f"{each.kind} {each.channel}" for each in found] == expected
    assert len({entry.key, *(each.key for each in found)}) == len(found) + 1
    assert not [each for each in found if each.thread_ts or each.thread_of or each.of]
    assert {each.key.rpartition(":")[0] for each in found} <= {entry.key}
    assert all(each.body == entry.body for each in found)


def test_edit_that_somebody_waits_for_is_posted_where_the_message_stood():
    card = replace(POST, key="d:1:card")
    edit = replace(POST, kind=EntryKind.UPDATE, of=card.key, thread_ts=None, answer=True)
    posted = as_new_post(edit, card)

    assert (posted.kind, posted.of, posted.thread_ts, posted.replaces) == (
        EntryKind.POST, None, card.thread_ts, card.key,
    )  # fmt: skip
    assert as_new_post(replace(edit, answer=False), card) is None
