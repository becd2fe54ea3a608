"""CloudWatch Logs' classes of log groups, and whether they take subscription filters."""

from __future__ import annotations

from collections.abc import Mapping

from checks.facts.fact import Certainty, Fact

STANDARD = "STANDARD"
TAKES_FILTERS: Fact[Mapping[str, bool | None]] = Fact(
    "Log classes that take subscription filters (None: not known)",
    {STANDARD: True, "INFREQUENT_ACCESS": False, "DELIVERY": False, "ESSENTIALS": None},
    "CloudWatch Logs User Guide, Log classes; of ESSENTIALS nothing was found",
    Certainty.DOCUMENTED,
)
