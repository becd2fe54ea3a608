"""What keeps the account's integration from being made."""

from __future__ import annotations

from collections.abc import Mapping

from checks.error_remedies.remedy import Remedy, Then, do
from checks.evidence.account import ROLE_NAME
from checks.facts.error_texts import ErrorKind
from checks.model import Action, Page

REMEDIES: Mapping[ErrorKind, Remedy] = {
    ErrorKind.TRAILS: Remedy(
        "The account has no CloudTrail trail to spare",
        do(Action("Remove a trail that nobody needs, or raise the quota of trails")),
        Then.INTEGRATE,
    ),
    ErrorKind.ROLE_EXISTS: Remedy(
        "A role of an earlier integration is left",
        do(
            Action(
                f"Delete the IAM role that is left over ({ROLE_NAME}, ServerlessMonitoringRole or "
                "ServerlessEventSubscriptionExecutionRole) first: as long as it is there, the next "
                "attempt fails again",
                Page.ROLE,
                caution="another integration of this account may use it",
            )
        ),
        Then.INTEGRATE,
    ),
    ErrorKind.ROLE_DELETED: Remedy("A role of the integration was deleted", do(), Then.INTEGRATE),
    ErrorKind.POLICIES_ATTACHED: Remedy(
        "The role has policies that others attached",
        do(
            Action(
                "Detach the policies that were attached to the role by hand: IAM › Roles › "
                "Permissions",
                Page.ROLE,
            )
        ),
        Then.INTEGRATE,
    ),
    ErrorKind.BUCKET_NOT_EMPTY: Remedy(
        "The integration's bucket is not empty",
        do(
            Action(
                "Empty the bucket that the error names",
                caution="what is in it is lost",
            )
        ),
        Then.INTEGRATE,
    ),
    ErrorKind.CUSTOM_RESOURCE: Remedy(
        "Serverless refused the integration",
        do(
            Action(
                "Fix what the text says first: adding the integration again fails the same way "
                "otherwise"
            )
        ),
        Then.INTEGRATE,
    ),
    ErrorKind.QUOTA: Remedy(
        "A quota of the account is used up",
        do(Action("Raise the quota that the error names, or remove what nobody needs")),
        Then.INTEGRATE,
    ),
    ErrorKind.OTHER_ORG: Remedy(
        "Another organization holds this account",
        do(
            Action(
                "Have that organization remove the account's integration in its Dashboard first",
                Page.DASHBOARD,
            )
        ),
        Then.NOTHING,
    ),
}
