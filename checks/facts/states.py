"""What AWS's words for the states of functions, updates and Firehose streams mean."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from checks.facts.fact import Certainty, Fact


class StreamState(StrEnum):
    """What a Firehose stream's status comes to."""

    READY = "ready"
    COMING = "being made"
    GOING = "being deleted"
    BROKEN = "could not be made or deleted"


STREAM_STATES: Fact[Mapping[str, StreamState]] = Fact(
    "States of a Firehose stream",
    {
        "ACTIVE": StreamState.READY,
        "CREATING": StreamState.COMING,
        "DELETING": StreamState.GOING,
        "CREATING_FAILED": StreamState.BROKEN,
        "DELETING_FAILED": StreamState.BROKEN,
    },
    "botocore 1.44.5, Firehose DeliveryStreamStatus",
    Certainty.READ,
)
FUNCTION_FAILS: Fact[Mapping[str, bool]] = Fact(
    "States of a function, and whether AWS gives a reason for its failure in it",
    {
        "Failed": True,
        **dict.fromkeys(
            (
                "Pending",
                "Active",
                "Inactive",
                "Deactivating",
                "Deactivated",
                "ActiveNonInvocable",
                "Deleting",
            ),
            False,
        ),
    },
    "botocore 1.44.5, Lambda State",
    Certainty.READ,
)
UPDATE_FAILED: Fact[Mapping[str, bool]] = Fact(
    "States of a function's last update, and whether it failed",
    {"Failed": True, "Successful": False, "InProgress": False},
    "botocore 1.44.5, Lambda LastUpdateStatus",
    Certainty.READ,
)
