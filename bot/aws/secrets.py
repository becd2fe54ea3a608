"""A secret of AWS Secrets Manager that the settings file refers to, read by the bot's own credentials."""

from __future__ import annotations

from bot.aws.client import Account
from bot.aws.errors import UNUSABLE, or_missing
from bot.aws.operations import SECRET_VALUE
from bot.aws.parallel import Rates
from bot.aws.sessions import default_session
from bot.errors import SignedOut, UsageError
from checks.evidence import Missing


def secret_text(arn: str, place: str) -> str:
    """
    The current text of the secret, empty where it holds bytes.

    `place` is the key that refers to it: a UsageError names it. Raises SignedOut without credentials.
    """
    region = arn.split(":")[3]
    session, _ = default_session()
    account = Account(session, Rates())
    read = or_missing(
        SECRET_VALUE,
        region,
        lambda: str(account.call(SECRET_VALUE, region, SecretId=arn).get("SecretString", "")),
    )
    if read == UNUSABLE:
        raise SignedOut(UNUSABLE.why)
    if isinstance(read, Missing):
        raise UsageError(f"{place} in the settings file: {read.why}")
    return read
