"""What keeps Serverless or AWS from being allowed to do it."""

from __future__ import annotations

from collections.abc import Mapping

from checks.error_remedies.remedy import Remedy, Then, do
from checks.evidence.account import ROLE_NAME
from checks.facts.error_texts import ErrorKind
from checks.model import Action, Page


def _administrators(what: str) -> Action:
    return Action(f"Ask your organization's administrators to {what}")


REMEDIES: Mapping[ErrorKind, Remedy] = {
    ErrorKind.SERVICE_CONTROL_POLICY: Remedy(
        "A service control policy forbids the change",
        do(
            _administrators(
                "allow the denied action in the service control policy, for the role that the text "
                "names; an IAM policy cannot override it"
            )
        ),
    ),
    ErrorKind.BOUNDARY: Remedy(
        "A permissions boundary forbids the change",
        do(
            Action(
                "Widen the permissions boundary of the role that the error names by the denied "
                "action; a policy of the role cannot override it"
            )
        ),
    ),
    ErrorKind.LAYER_NOT_SHARED: Remedy(
        "The SDK's layer cannot be used in this region",
        do(
            Action(
                "Check whether Serverless serves this region: its layers may never have been "
                "published there"
            ),
            _administrators("allow lambda:GetLayerVersion, if a service control policy denies it"),
        ),
        Then.NOTHING,
    ),
    ErrorKind.TRUST: Remedy(
        f"Serverless cannot assume {ROLE_NAME}",
        do(Action(f"Check that the role {ROLE_NAME} exists and trusts Serverless", Page.ROLE)),
        Then.INTEGRATE,
    ),
    ErrorKind.KMS: Remedy(
        "The KMS key of the variables cannot be used",
        do(
            Action(
                f"Let the key's policy allow {ROLE_NAME} and the function's role to use the key "
                "(or give the function a key that exists)"
            )
        ),
    ),
    ErrorKind.REGION: Remedy(
        "The region is not enabled",
        do(Action("Enable the region (and its STS endpoint) for the account in IAM")),
        Then.NOTHING,
    ),
}
