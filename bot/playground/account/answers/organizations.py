"""
AWS Organizations: accounts, units and tags.

Only the management account and delegated administrators may ask, and only where Organizations is.
A page may be empty and have a token (Organizations API reference, ListAccounts).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.playground.account.answers.call import Answer, Call, page
from bot.playground.account.faults import AwsError
from bot.playground.account.model import FakeOrganization

_PAGE, _REGION = 20, "us-east-1"


def _organization(call: Call) -> FakeOrganization:
    if call.region.name != _REGION:
        raise AwsError("UnrecognizedClientException", "The security token is invalid.")
    for account in call.accounts.values():
        made = account.organization
        if made and call.account.id in {account.id, *made.delegated}:
            return made
        if made and call.account.id in made.members:
            raise AwsError("AccessDeniedException", "You don't have permissions to access this.")
    raise AwsError("AWSOrganizationsNotInUseException", "Your account is not in an organization.")


def _paged(call: Call, key: str, things: Sequence[Any]) -> Answer:
    token = call.arguments.get("NextToken")
    if token is None and len(things) > _PAGE:
        return {key: [], "NextToken": "t0"}
    some, following = page(things, token, int(call.arguments.get("MaxResults") or _PAGE))
    return {key: list(some), **({"NextToken": following} if following else {})}


def _accounts(call: Call) -> Answer:
    members = _organization(call).members
    return _paged(call, "Accounts", [_described(number, members) for number in members])


def _described(number: str, members: dict[str, Any]) -> Answer:
    member = members[number]
    return {
        "Id": number,
        "Arn": f"arn:aws:organizations::1:account/o-fake/{number}",
        "Email": f"{number}@mail.invalid",
        "Name": member.name,
        "State": member.state,
    }


def _roots(call: Call) -> Answer:
    return _paged(call, "Roots", [{"Id": _organization(call).root, "Name": "Root"}])


def _parent(call: Call) -> tuple[FakeOrganization, str]:
    organization, parent = _organization(call), str(call.arguments["ParentId"])
    if parent not in {organization.root, *organization.units}:
        raise AwsError("ParentNotFoundException", "You specified a parent that doesn't exist.")
    return organization, parent


def _units(call: Call) -> Answer:
    organization, parent = _parent(call)
    units = organization.units.items()
    below = [{"Id": id_, "Name": name} for id_, (name, above) in units if above == parent]
    return _paged(call, "OrganizationalUnits", below)


def _accounts_of_unit(call: Call) -> Answer:
    organization, parent = _parent(call)
    numbers = [number for number, it in organization.members.items() if it.unit == parent]
    return _paged(call, "Accounts", [_described(it, organization.members) for it in numbers])


def _tags(call: Call) -> Answer:
    tags = _organization(call).members[str(call.arguments["ResourceId"])].tags
    return _paged(call, "Tags", [{"Key": key, "Value": value} for key, value in tags.items()])


ANSWERS = {
    "ListAccounts": _accounts,
    "ListRoots": _roots,
    "ListOrganizationalUnitsForParent": _units,
    "ListAccountsForParent": _accounts_of_unit,
    "ListTagsForResource": _tags,
}
