"""
The operations of AWS Organizations that list accounts; only the role that lists them needs these.

The management account's role may call them, or that of a delegated administrator (AWS
Organizations API reference). No rates are published there for each of them, so all share one of ours.
"""

from __future__ import annotations

from bot.aws.operations import ANYTHING, Operation

_SERVICE, _RATE, _SHARED = "organizations", 10.0, "organizations"
"""Requests a second: ours, for all together."""
MOST_ACCOUNTS, MOST_UNITS = 10_000, 2_000
"""Of an organization at the most (Organizations User Guide, "Quotas", with increases)."""
PAGE = 20
"""Results of a call at the most (API reference, MaxResults)."""


_UNITS = ("arn:{partition}:organizations::*:root/*", "arn:{partition}:organizations::*:ou/*")
_ACCOUNTS = ("arn:{partition}:organizations::*:account/*",)
"""Their ARNs name the management account, also where a delegated administrator asks."""


def _operation(
    name: str, method: str, serves: str, resources: tuple[str, ...] = ANYTHING
) -> Operation:
    action = f"organizations:{name}"
    return Operation(_SERVICE, method, action, resources, _RATE, _SHARED, serves)


LIST_ACCOUNTS = _operation(
    "ListAccounts", "list_accounts", "Which accounts the organization has, and which are active"
)
LIST_ROOTS = _operation("ListRoots", "list_roots", "Where the tree of organizational units begins")
LIST_UNITS = _operation(
    "ListOrganizationalUnitsForParent",
    "list_organizational_units_for_parent",
    "The organizational units, by which accounts are chosen and shown",
    _UNITS,
)
LIST_ACCOUNTS_OF_UNIT = _operation(
    "ListAccountsForParent", "list_accounts_for_parent", "Which unit each account is in", _UNITS
)
LIST_TAGS = _operation(
    "ListTagsForResource",
    "list_tags_for_resource",
    "The tags of accounts, where include or exclude names a tag",
    _ACCOUNTS,
)
ORGANIZATION_OPERATIONS = (
    LIST_ACCOUNTS,
    LIST_ROOTS,
    LIST_UNITS,
    LIST_ACCOUNTS_OF_UNIT,
    LIST_TAGS,
)
