"""What keeps the logs filter from being put on the log group."""

from __future__ import annotations

from collections.abc import Mapping

from checks.actions import invoke_once, log_to_standard_class
from checks.error_remedies.remedy import Remedy, Then, do
from checks.evidence.region import LOG_FIREHOSE
from checks.facts.error_texts import ErrorKind
from checks.model import Action, Page

REMEDIES: Mapping[ErrorKind, Remedy] = {
    ErrorKind.FIREHOSE_QUOTA: Remedy(
        "The account has no Firehose stream to spare",
        do(Action("Raise the quota of Firehose streams in this region, or delete an unused one")),
    ),
    ErrorKind.FIREHOSE_ROLE: Remedy(
        "Firehose cannot assume its role",
        do(
            Action(
                "Check that the role ServerlessMonitoringRole exists and trusts Firehose; it comes "
                "with the integration's stack",
                Page.STACK,
            )
        ),
        Then.INTEGRATE,
    ),
    ErrorKind.FIREHOSE_MISSING: Remedy(
        "The logs Firehose is missing in this region", do(), Then.INTEGRATE
    ),
    ErrorKind.FIREHOSE_NOT_READY: Remedy(
        "The logs Firehose was not ready",
        do(Action(f"Wait until {LOG_FIREHOSE} is ACTIVE", Page.FIREHOSE)),
    ),
    ErrorKind.LOG_CLASS: Remedy(
        "This log group's class takes no filters", do(log_to_standard_class())
    ),
    ErrorKind.NO_LOG_GROUP: Remedy(
        "The function has no log group yet", lambda function: (invoke_once(function),)
    ),
    ErrorKind.FILTER_LIMIT: Remedy("No room for the logs filter", do(), Then.NOTHING),
}
"""What to do about a full limit follows from the filters: see 080."""
