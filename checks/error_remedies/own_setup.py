"""What is wrong with the function itself, with or without the SDK."""

from __future__ import annotations

from collections.abc import Mapping

from checks.actions import change_in_code
from checks.error_remedies.remedy import Remedy, Then, do
from checks.facts.error_texts import ErrorKind
from checks.model import Action

REMEDIES: Mapping[ErrorKind, Remedy] = {
    ErrorKind.RUNTIME: Remedy(
        "AWS no longer updates this runtime",
        do(change_in_code("Move to a supported runtime first")),
    ),
    ErrorKind.IN_PROGRESS: Remedy(
        "Another update was under way",
        do(Action("Wait a minute, until the function's state is Active")),
    ),
    ErrorKind.EXECUTION_ROLE: Remedy(
        "The function's own role is not right",
        do(change_in_code("Fix the function's role as the text says")),
        Then.NOTHING,
    ),
    ErrorKind.NETWORK: Remedy(
        "The function's VPC is not right",
        do(change_in_code("Free addresses in the subnet, or correct subnets and security groups")),
        Then.NOTHING,
    ),
    ErrorKind.IMAGE: Remedy(
        "The function's image cannot be used",
        do(change_in_code("Name an image that exists and that Lambda may pull")),
        Then.NOTHING,
    ),
    ErrorKind.FILE_SYSTEM: Remedy(
        "The function's file system cannot be mounted",
        do(
            change_in_code(
                "Let the function reach its file system (EFS mount target, VPC, access point)"
            )
        ),
        Then.NOTHING,
    ),
    ErrorKind.PACKAGE: Remedy(
        "The function's package cannot be used",
        do(change_in_code("Package the code again, as a ZIP archive that Lambda can open")),
        Then.NOTHING,
    ),
    ErrorKind.START: Remedy(
        "The function fails while it starts",
        do(change_in_code("Fix what the function's own log says about its start")),
        Then.NOTHING,
    ),
    ErrorKind.CAPACITY: Remedy(
        "The account has no capacity for the function",
        do(Action("Raise the quota that the error names, or free capacity of its provider")),
        Then.NOTHING,
    ),
}
