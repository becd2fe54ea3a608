"""The organization and its accounts → what is fine, and what to fix; a line for each account that is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from bot.aws.accounts import Accounts
from bot.aws.organization import Organization
from bot.aws.simulation import entered
from bot.doctor import aws
from bot.doctor.model import Check, ok, problem, unknown
from bot.observability.tracing import carried
from checks.grammar import counted

NAME, ROLES = "aws_organization", "aws_role:organization"
AT_ONCE = 32
IN_SLACK = 20
"""Lines of accounts in Slack: a message has an end."""


def examined(accounts: Accounts, channel: str | None) -> list[Check]:
    """
    Nothing without an organization, or for a channel that may see none of its accounts.

    Of each account only whether its role can be assumed: what a role may not read is in each scan.
    """
    organization = accounts.organization
    if organization is None or not (channel is None or organization.settings.seen_by(channel)):
        return []
    accounts.identify_own()
    others = {*accounts.settings.accounts, accounts.own.id}
    numbers = sorted(accounts.visible(channel).keys() - others)
    lines = list(_roles(accounts, numbers, channel))
    most = None if channel is None else IN_SLACK
    return [_listed(organization, channel), *_some(lines, most), *_well(len(numbers), len(lines))]


def _listed(organization: Organization, channel: str | None) -> Check:
    if complaints := list(organization.complaints(channel)):
        saw = " ".join(complaints)
        if organization.refused is None or not organization.refused.action:
            return unknown(NAME, saw)
        if organization.refused.action == aws.ASSUME:
            return problem(NAME, saw, _ENTER)
        return problem(NAME, saw, _LIST)
    roster, listing = organization.roster(), organization.listing
    inactive = listing.inactive if listing else 0
    found = counted(len(roster.accounts), "account")
    rest = f"{roster.left_out:,} left out by include and exclude, {inactive:,} not active"
    if not roster.accounts:
        return problem(NAME, f"No account is chosen: {rest}.", _CHOOSE)
    return ok(NAME, f"AWS lists its accounts: {found} chosen, {rest}.")


def _roles(accounts: Accounts, numbers: Sequence[str], channel: str | None) -> Iterator[Check]:
    """A check of each account whose role cannot be assumed."""
    places = accounts.account_regions((), numbers, channel) if numbers else []
    regions = dict(reversed([(name, region) for name, region in places if name]))

    def enter(number: str) -> Check | None:
        account = accounts.location(number, regions[number]).account
        refused = entered(account, regions[number])
        return aws.member(number, refused) if refused else None

    with ThreadPoolExecutor(AT_ONCE) as pool:
        pending = [pool.submit(carried(enter), number) for number in regions]
        yield from filter(None, (future.result() for future in pending))


def _some(lines: Sequence[Check], most: int | None) -> list[Check]:
    left = len(lines) - most if most else 0
    if left <= 0:
        return list(lines)
    more = f"{counted(left, 'more account')} cannot be read: slsdiag doctor lists all of them."
    return [*lines[:most], problem(ROLES, more, aws.DEPLOY)]


def _well(every: int, refusing: int) -> list[Check]:
    well = every - refusing
    of = f" of {every:,}" if refusing else ""
    return [ok(ROLES, f"{well:,}{of} accounts of the organization answer.")] if well else []


_ENTER = (
    "Let the role_arn of SLSDIAG_ORGANIZATION trust the bot's own role with its external_id: "
    "slsdiag policy --role organization prints the role. Allow sts:AssumeRole on it to the bot's "
    "own role: slsdiag policy --role bot."
)
_LIST = (
    "List the accounts as the management account or a delegated administrator, by a role that "
    "may: slsdiag policy --role organization prints it."
)
_CHOOSE = "Check include and exclude of SLSDIAG_ORGANIZATION: ids, tags and their spelling."
