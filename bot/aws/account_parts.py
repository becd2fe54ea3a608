"""The account's parts: the integration's stack and its role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.aws import iam, stack
from bot.aws.door import Account
from bot.aws.waves import Wave
from checks.evidence import IntegrationRole, Missing
from checks.evidence.account import STACK_REGION
from checks.timeline import Stack


@dataclass(frozen=True, slots=True)
class AccountParts:
    """The same for every function of the account."""

    stack: Stack | Missing
    role: IntegrationRole | Missing | None


def account_parts(wave: Wave, account: Account, region: str, now: datetime) -> AccountParts:
    """`region` is looked at too, should the stack be absent from us-east-1."""
    described = wave.ask("integration stack", lambda: stack.describe(account, STACK_REGION))
    role = wave.ask("role", lambda: iam.role(account, region))
    found = wave.get(described)
    whole = wave.ask("the stack's past", lambda: stack.complete(wave, account, found, region, now))
    return AccountParts(wave.get(whole), wave.get(role))
