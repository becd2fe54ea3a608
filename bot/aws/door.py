"""
The one door to AWS: sessions, cached clients, and `call`.

A client costs 3 ms from a session that exists and 100 ms or more from a new one, so there is
one session an account and one client for each (service, region).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache, partial
from typing import Any

from bot.aws.listings import quicken
from bot.aws.operations import OPERATIONS, WHO_AM_I, Operation
from bot.aws.rates import Rates
from bot.aws.requests import requested, told
from bot.tracing import Kind, acting

# botocore writes whole answers, secrets included, into its DEBUG log.
for _name in ("boto3", "botocore", "urllib3", "s3transfer"):
    logging.getLogger(_name).setLevel(logging.WARNING)

# A role that may not be assumed is told in the report, without botocore's traceback.
logging.getLogger("botocore.credentials").setLevel(logging.CRITICAL)

_CONNECT, _READ, _READ_LOGS = 3, 20, 30
_ATTEMPTS, _CONNECTIONS = 5, 32
OWN = "own"
"""What is told of the credentials' account while its number is not known."""


@dataclass
class Account:
    """One AWS account, as seen with one set of credentials."""

    session: Any
    """A boto3 Session; its stubs know literal service names only."""
    rates: Rates
    id: str = ""
    """12 digits; found out on the first need."""
    quota: str = "own"
    """Whose quotas its calls count against, as all processes of the bot name them."""
    ahead: timedelta | None = None
    """By how much this machine's clock is ahead of AWS's, by the last answer."""
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def call(self, operation: Operation, region: str, **arguments: Any) -> dict[str, Any]:
        """Call `operation` in `region`, no faster than the quota's share."""
        self.rates.wait(self.quota, region, operation)
        method = getattr(self._client(operation.service, region), operation.method)
        name = f"{operation.service}:{operation.method}"
        with acting(Kind.AWS, name, region=region, account=self.id or OWN) as act:
            try:
                answer: dict[str, Any] = method(**arguments)
            except Exception as error:
                act.code = told(error)
                raise
        self.ahead = ahead(answer, datetime.now(UTC))
        return answer

    def __post_init__(self) -> None:
        """Each request is heard of, tries and the assuming of roles included."""
        self.session.events.register("response-received", requested, unique_id="slsdiag-requests")

    def warm(self, region: str) -> None:
        """Make the clients before somebody waits for them."""
        for service in sorted({operation.service for operation in OPERATIONS}):
            self._client(service, region)

    def identify(self, region: str) -> str:
        """The account's number, asked once."""
        if not self.id:
            self.id = str(self.call(WHO_AM_I, region)["Account"])
        return self.id

    def _client(self, service: str, region: str) -> Any:
        with self._lock:  # a session must not make two clients at once
            if (service, region) not in self._clients:
                made = self.session.client(service, region_name=region, config=_config(service))
                quicken(made, service)
                self._clients[service, region] = made
            return self._clients[service, region]


def ahead(answer: Mapping[str, Any], now: datetime) -> timedelta | None:
    """By how much `now` is later than AWS's Date; None where there is none."""
    date = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    try:
        return now - parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return None


def _config(service: str) -> Any:
    from botocore.config import Config  # noqa: PLC0415 - boto3 is only imported to look

    return Config(
        connect_timeout=_CONNECT,
        read_timeout=_READ_LOGS if service == "logs" else _READ,
        retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
        tcp_keepalive=True,
        max_pool_connections=_CONNECTIONS,
        user_agent_extra="slsdiag",
    )


@lru_cache(maxsize=256)
def assumed(base: Any, role_arn: str, external_id: str | None, who: str) -> Any:
    """
    A session in the account of `role_arn`, renewed by itself; `who` shows in CloudTrail.

    One for each role, however often it is asked for; it shares the models that `base` has read.
    """
    import botocore.session  # noqa: PLC0415 - boto3 is only imported to look
    from boto3 import Session  # noqa: PLC0415
    from botocore.credentials import (  # noqa: PLC0415
        AssumeRoleCredentialFetcher,
        DeferredRefreshableCredentials,
    )

    opened: Any = botocore.session.get_session()
    loader = base._session.get_component("data_loader")  # noqa: SLF001 - as below
    opened.register_component("data_loader", loader)
    region = base.region_name or "us-east-1"
    fetcher = AssumeRoleCredentialFetcher(
        client_creator=partial(opened.create_client, region_name=region),
        source_credentials=base.get_credentials(),
        role_arn=role_arn,
        extra_args={"RoleSessionName": who} | ({"ExternalId": external_id} if external_id else {}),
    )
    credentials = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
    opened._credentials = credentials  # noqa: SLF001 - botocore has no public way in
    return Session(botocore_session=opened)
