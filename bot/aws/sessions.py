"""Sessions with AWS: that of the bot's own credentials, and those of roles that it assumes."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import Any

import boto3
import botocore.session
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.exceptions import BotoCoreError, NoCredentialsError
from botocore.loaders import Loader, create_loader

from bot.aws.clients import CallersCredentials
from bot.errors import NoCredentials, UsageError
from bot.regions import REGIONS
from bot.target import closest, shown


def default_session() -> tuple[Any, str | None]:
    """Of the bot's own credentials, and its region; raises a SlsdiagError for what cannot be used."""
    opened: Any = botocore.session.get_session()
    try:
        models = _models(opened.get_config_variable("data_path"))
        opened.register_component("data_loader", models)
        session = boto3.Session(botocore_session=opened)
    except BotoCoreError as error:
        raise _no_profile() from error
    # AWS_REGION is what Lambda and containers set; boto3 reads AWS_DEFAULT_REGION only.
    region = os.environ.get("AWS_REGION") or session.region_name
    _refuse_unusable(region)
    return session, region


@cache
def _models(data_path: str | None) -> Loader:
    """AWS's descriptions of its services, read once: it takes longer than a check's calls."""
    return create_loader(data_path)


def _no_profile() -> NoCredentials:
    name = os.environ.get("AWS_PROFILE") or os.environ.get("AWS_DEFAULT_PROFILE") or ""
    close = closest(name, botocore.session.Session(profile="default").available_profiles, 1)
    asks = f" Did you mean {shown(close[0])}?" if close else ""
    return NoCredentials(
        f"There is no AWS profile {shown(name)}.{asks} All of them: aws configure list-profiles"
    )


def _refuse_unusable(region: str | None) -> None:
    """What the AWS SDK would only stumble over at the first call."""
    if region and region not in REGIONS:
        raise UsageError(f"{shown(region)} (AWS_REGION, or the profile's) is not an AWS region.")
    address = os.environ.get("AWS_ENDPOINT_URL")
    if address and not address.startswith(("http://", "https://")):
        raise UsageError("AWS_ENDPOINT_URL must begin with https:// or http://.")


def session_for_roles(base: Any) -> Any:
    """
    A session for all roles, whose clients sign with the credentials of whoever calls (clients.py).

    It shares the models that `base` has read.
    """
    opened: Any = botocore.session.get_session()
    loader = base._session.get_component("data_loader")  # noqa: SLF001 - botocore has no public way in
    opened.register_component("data_loader", loader)
    opened._credentials = CallersCredentials()  # noqa: SLF001 - as above
    return boto3.Session(botocore_session=opened)


def credentials_of(
    base: Any, sts: Callable[[], Any], role_arn: str, external_id: str | None, who: str
) -> DeferredRefreshableCredentials:
    """
    Those of a role, assumed at the first need and renewed by themselves; `who` shows in CloudTrail.

    `sts` gives a client of `base`, of STS in the bot's region: elsewhere it may not be reached, nor
    know the credentials. Raises NoCredentialsError where `base` has none.
    """
    source = base.get_credentials()
    if source is None:
        raise NoCredentialsError
    fetcher = AssumeRoleCredentialFetcher(
        client_creator=lambda *_, **__: sts(),
        source_credentials=source,
        role_arn=role_arn,
        extra_args={"RoleSessionName": who} | ({"ExternalId": external_id} if external_id else {}),
    )
    return DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
