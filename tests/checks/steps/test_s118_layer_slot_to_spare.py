"""Five layers, none of them the SDK's, leave it no slot."""

from __future__ import annotations

import pytest
from situations import NODE_LAYER, PYTHON_LAYER, a_function, layer, outcome_of
from worlds import a_log_of

from checks.model import Impact, Verdict

OTHERS = tuple(layer(f"other-{n}") for n in range(5))


def tried(layers, end="bare"):
    function = a_function(layers=layers)
    return outcome_of("layer_slot_to_spare", function=function, log=a_log_of([end]))


def test_five_others_leave_no_slot():
    outcome = tried(OTHERS)

    assert (outcome.verdict, outcome.code) == (Verdict.PROBLEM, "full")
    assert outcome.impact is Impact.BLIND
    assert "5 of 5" in outcome.headline
    assert all(f"other-{n}" in outcome.saw for n in range(5))
    assert "Remove one" in outcome.actions[0].do
    assert "Turn Instrument off" in outcome.actions[1].do


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ((), "0 of 5"),
        (OTHERS[:4], "4 of 5"),
        ((NODE_LAYER,), "with no others"),
        ((PYTHON_LAYER, OTHERS[0]), "with 1 other."),
        ((NODE_LAYER, *OTHERS[:4]), "with 4 others"),
    ],
)
def test_slot_is_free_or_taken_by_the_sdk(layers, words):
    outcome = tried(layers)

    assert outcome.verdict is Verdict.OK
    assert words in outcome.saw


def test_function_that_reports_needs_no_slot():
    outcome = tried(OTHERS, "payload")

    assert (outcome.verdict, "no slot is needed" in outcome.saw) == (Verdict.OK, True)
