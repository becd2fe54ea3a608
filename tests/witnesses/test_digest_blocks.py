"""
Every message of a digest passes the witnesses, with the worst fleet there may be.

`data_visualization` is the exception: Slack's page has it since June 2026, but neither
@slack/types 3.2.0 nor slack_sdk 3.47 knows it; our own rules are all that holds it. The last test
goes red when one of the two learns it.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from test_blocks import HOSTILE, modelled

from bot.conversation import Conversation
from bot.digest import card as render
from bot.digest import dialog
from bot.digest.diff import compare
from bot.digest.model import Digest, Draft, Plan, Point, Slot, Snooze
from bot.digest.run import Why, concluded
from bot.playground.workspace.blocks import complaints as ours
from bot.playground.workspace.blocks import view_complaints
from bot.scan.model import ProblemClass, Scan, Seen, Unreadable

pytestmark = pytest.mark.slow

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
CHART = "data_visualization"
BAD_NAME = "<!channel>`*_\u202e\x00" + "x" * 45


def a_scan(functions, causes, name="f", *, exact=True):
    seen = tuple(
        Seen(
            f"{name}{n}",
            f"eu-west-{n % 3}",
            "123456789012",
            "problem",
            f"cause_{n % causes}" if causes > 1 else "wrapper_set",
            ProblemClass.BLIND,
            exact=exact,
            saw=HOSTILE,
            owner=HOSTILE[:60],
        )
        for n in range(functions)
    )
    hidden = tuple(Unreadable("1", f"r{n}", HOSTILE) for n in range(9))
    return Scan(NOON, seen, hidden)


def a_digest(points=20):
    trend = tuple(Point(NOON - n * timedelta(days=1), 9_000 + n, 10_000) for n in range(points))
    snoozes = tuple(
        Snooze(f"s{n}", f"cause:cause_{n}", HOSTILE[:300], NOON + timedelta(days=9), "U1")
        for n in range(50)
    )
    plan = Plan("weekly mon 09:00", "America/Argentina/ComodRivadavia", "p" * 64, "22:00-07:00")
    slot = Slot(NOON, "2026-11-27")
    return Digest(
        "3fa91c", Conversation("T1", "C1", "U1"), plan, NOON, slot, trend=trend[::-1]
    ), snoozes


def messages(functions, causes, name):
    digest, snoozes = a_digest()
    scan = a_scan(functions, causes, name)
    first = compare((), scan, NOON)
    repaired = Scan(
        NOON, tuple(replace(s, kind=ProblemClass.QUIET) for s in scan.seen[::2]), scan.unreadable
    )
    other = a_scan(functions, causes + 1, name)
    pairs = [
        (digest, first, scan),
        (digest, compare(first.memory, scan, NOON), scan),
        (digest, compare(first.memory, repaired, NOON, hidden_before=(("1", "x"),)), repaired),
        (digest, compare(first.memory, other, NOON), other),
        (
            replace(digest, snoozes=snoozes),
            compare(first.memory, scan, NOON, snoozes=snoozes),
            scan,
        ),
    ]
    for each, diff, seen in pairs:
        for why in Why:
            shown = replace(concluded(each, diff, seen, NOON, why), snoozes=each.snoozes)
            for chart in (True, False):
                yield render.summary(shown, diff, seen, NOON, why, chart=chart)
            yield from render.details(shown, diff, seen, why)
    yield render.complaint(digest, HOSTILE)


def passes(message, published):
    assert message["text"]
    assert "<!" not in message["text"]
    assert "<@" not in message["text"]
    assert ours(message["blocks"]) == [], message
    known = [each for each in message["blocks"] if each["type"] != CHART]
    for witness in (published, modelled):
        assert witness(known) == [], message


@pytest.mark.parametrize(
    ("functions", "causes", "name"),
    [(0, 1, "f"), (1, 1, "f"), (30, 4, BAD_NAME), (10_000, 200, BAD_NAME)],
)
def test_every_digest_passes(published, functions, causes, name):
    for number, message in enumerate(messages(functions, causes, name)):
        if functions < 1_000 or number % 7 == 0:
            passes(message, published)
        else:
            assert ours(message["blocks"]) == [], message


def test_what_is_said_around_a_digest_passes(published):
    digest, snoozes = a_digest()
    draft = Draft("3fa91c", digest.place, "daily 09:00", None, "p" * 64, "22:00-07:00", NOON)
    snoozed = replace(digest, snoozes=snoozes)
    for message in (
        dialog.preview(draft, digest.plan, [NOON] * 3, [HOSTILE] * 30),
        dialog.notice(digest),
        dialog.listed([snoozed] * 10, "U0BOB"),
        dialog.snooze_notice(digest, replace(snoozes[0], reason=HOSTILE)),
    ):
        passes(message, published)


@pytest.mark.parametrize(("functions", "causes"), [(1, 1), (300, 200)])
def test_window_passes(published, functions, causes):
    known = compare((), a_scan(functions, causes, "x" * 60), NOON).memory
    view = dialog.window(known, "3fa91c|C1|1.2")

    assert view_complaints(view) == []
    assert published(view["blocks"]) == []


def a_chart():
    digest, _ = a_digest()
    diff = compare((), a_scan(1, 1), NOON)
    message = render.summary(digest, diff, a_scan(1, 1), NOON, Why.NEWS)
    return next(each for each in message["blocks"] if each["type"] == CHART)


def spoiled(how):
    chart = deepcopy(a_chart())
    how(chart)
    return chart


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(lambda c: c.update(title="x" * 51), id="long title"),
        pytest.param(lambda c: c.pop("title"), id="no title"),
        pytest.param(lambda c: c["chart"].update(type="radar"), id="unknown type"),
        pytest.param(lambda c: c["chart"].update(series=[]), id="no series"),
        pytest.param(lambda c: c["chart"].update(series=c["chart"]["series"] * 2), id="same name"),
        pytest.param(lambda c: c["chart"]["series"][0]["data"].pop(), id="category without value"),
        pytest.param(
            lambda c: c["chart"]["series"][0]["data"][0].update(value="3"), id="value is text"
        ),
        pytest.param(lambda c: c["chart"]["series"][0].update(name="x" * 21), id="long name"),
        pytest.param(lambda c: c["chart"]["axis_config"].update(colour="red"), id="stranger"),
        pytest.param(lambda c: c["chart"]["axis_config"].update(y_label="x" * 51), id="long axis"),
        pytest.param(
            lambda c: (
                c["chart"]["axis_config"].update(categories=[str(n) for n in range(21)]),
                c["chart"]["series"][0].update(
                    data=[{"label": str(n), "value": n} for n in range(21)]
                ),
            ),
            id="21 categories",
        ),
    ],
)
def test_bad_charts_are_refused_by_the_fake(how):
    assert ours([a_chart()]) == []
    assert ours([spoiled(how)])


def test_three_charts_are_too_many():
    assert ours([a_chart()] * 2) == []
    assert ours([a_chart()] * 3)


def test_nobody_else_knows_charts_yet(published):
    assert published([a_chart()]) == [f"{CHART}: no such block"]
    with pytest.raises(AttributeError):
        modelled([a_chart()])
