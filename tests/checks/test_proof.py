"""What a log proves of the set-up, by what came since the last change and what before."""

from __future__ import annotations

import pytest
from situations import NOON, a_function, a_log, evidence, seen
from worlds import MINUTE, a_log_of

from checks.evidence import Missing
from checks.log.sample import Kind
from checks.proof import Proof, proof_of


def proof(log, minutes_ago=60):
    """Of a function changed so long before NOON."""
    return proof_of(evidence(function=a_function(modified_at=NOON - minutes_ago * MINUTE), log=log))


def test_log_that_could_not_be_read_proves_nothing():
    assert proof(Missing("Denied.")) == Proof(
        reports=False, ran=False, cannot_start=False, reported_before=None
    )
    assert Proof() == proof(Missing("Denied.")) == proof(a_log())


@pytest.mark.parametrize(
    ("ends", "reports", "ran", "cannot_start"),
    [
        (["payload"], True, True, False),
        (["bare"], False, True, False),
        (["payload", "bare", "bare"], True, True, False),
        (["payload", "bare", "bare", "bare"], False, True, False),
        (["bare", "bare", "bare", "payload"], True, True, False),
        (["timed_out"], False, False, False),
        (["cannot_start"], False, False, True),
        (["cannot_start", "bare"], False, True, False),
        (["crashed"], False, False, False),
    ],
)
def test_what_each_log_proves(ends, reports, ran, cannot_start):
    found = proof(a_log_of(ends))

    assert (found.reports, found.ran, found.cannot_start) == (reports, ran, cannot_start)


def test_payload_that_cannot_be_decoded_is_one_all_the_same():
    lines = (seen(Kind.STARTED), seen(Kind.UNDECODABLE), seen(Kind.FINISHED))

    assert proof(a_log(*lines)).reports


@pytest.mark.parametrize(
    ("minutes_ago", "reports", "before"),
    [
        (3, True, None),
        (2, True, NOON - 3 * MINUTE),
        (1, True, NOON - 3 * MINUTE),
        (0, False, NOON - MINUTE),
    ],
)
def test_what_came_before_the_change_is_history(minutes_ago, reports, before):
    """What is of the very moment of the change came after it."""
    found = proof(a_log_of(["payload", "timed_out", "payload"]), minutes_ago)

    assert (found.reports, found.reported_before) == (reports, before)
