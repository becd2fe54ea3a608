"""
The one way to AWS: sessions, cached clients, `call`, and listings page by page.

A client costs 3 ms from a session that exists and 100 ms or more from a new one, so there is
one session an account and one client for each (service, region). Botocore's paginators call the
client themselves; `Pages` goes through `Account.call`, so that each page keeps to the rates, is given
up with its wave, and is seen by metrics.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from bot.aws.errors import Incomplete
from bot.aws.listings import quicken
from bot.aws.operations import OPERATIONS, WHO_AM_I, Operation
from bot.aws.parallel import Rates, raise_if_given_up
from bot.aws.quotas import requests_of
from bot.aws.requests import error_name, requested
from bot.observability.tracing import ActKind, acting

# botocore writes whole answers, secrets included, into its DEBUG log.
for _name in ("boto3", "botocore", "urllib3", "s3transfer"):
    logging.getLogger(_name).setLevel(logging.WARNING)

# A role that may not be assumed stands in the report, without botocore's traceback.
logging.getLogger("botocore.credentials").setLevel(logging.CRITICAL)

_CONNECT, _READ, _CONNECTIONS = 3, 20, 32
_READ_OTHERWISE = {"logs": 30, "cloudtrail": 40, "sqs": 30}
_ATTEMPTS = 5
_ASKED_ONCE = frozenset({"cloudtrail"})
"""Services whose few calls a second are shared with other tools: a refusal is no reason to repeat one."""
_REFUSED_FOR = 5.0
"""Seconds: longer than the calls of one wave take to begin, shorter than anybody fixes a role."""
_TOKENS = {"lambda": ("Marker", "NextMarker"), "logs": ("nextToken", "nextToken")}
_TOKEN = ("NextToken", "NextToken")
OWN = "own"
"""What the credentials' account is called while its number is not known."""


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
    role: str = ""
    """The ARN of the role that it is read by; empty for the credentials themselves."""
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _entering: threading.Lock = field(default_factory=threading.Lock)
    _refused: tuple[ClientError, float] | None = None
    """Why the role could not be assumed, and until when (monotonic) it is not tried again."""

    def call(self, operation: Operation, region: str, **arguments: Any) -> dict[str, Any]:
        """Call `operation` in `region`, no faster than its quota's share, or raise GivenUp."""
        raise_if_given_up()
        self._enter()
        self.rates.wait(self.quota, region, operation, requests_of(operation, arguments))
        method = getattr(self._client(operation.service, region), operation.method)
        name = f"{operation.service}:{operation.method}"
        with acting(ActKind.AWS, name, region=region, account=self.id or OWN) as act:
            try:
                answer: dict[str, Any] = method(**arguments)
            except Exception as error:
                act.code = error_name(error)
                raise
        self.ahead = ahead(answer, datetime.now(UTC))
        return answer

    def __post_init__(self) -> None:
        """Each request is observed, including retries and the assuming of roles."""
        self.session.events.register("response-received", requested, unique_id="slsdiag-requests")

    def _enter(self) -> None:
        """Assume the role once for all calls that begin together, and remember a refusal for them."""
        if not self.role:
            return
        with self._entering:
            if self._refused and time.monotonic() < self._refused[1]:
                raise self._refused[0]
            self._refused = None
            try:
                self.session.get_credentials().get_frozen_credentials()
            except ClientError as error:
                self._refused = error, time.monotonic() + _REFUSED_FOR
                raise

    @property
    def key(self) -> str:
        """What was read is shared under this: another role in the same account may read more."""
        return self.role or OWN

    def warm(self, region: str) -> None:
        """Make the clients before somebody waits for them."""
        for service in sorted({operation.service for operation in OPERATIONS}):
            self._client(service, region)

    def identify(self, region: str) -> str:
        """The account's number, asked once."""
        if not self.id:
            self.id = str(self.call(WHO_AM_I, region)["Account"])
        return self.id

    def proxy(self, region: str) -> str | None:
        """The proxy through which botocore calls `region`, credentials included."""
        from botocore.utils import get_environ_proxies  # noqa: PLC0415 - as in _config

        endpoint: str = self._client(WHO_AM_I.service, region).meta.endpoint_url
        address: str | None = get_environ_proxies(endpoint).get(urlsplit(endpoint).scheme)
        return address

    def _client(self, service: str, region: str) -> Any:
        made = self._clients.get((service, region))
        if made is not None:  # nobody waits for a client that is being made for another service
            return made
        with self._lock:  # a session must not make two clients at once
            if (service, region) not in self._clients:
                made = self.session.client(service, region_name=region, config=_config(service))
                quicken(made, service)
                self._clients[service, region] = made
            return self._clients[service, region]


def token_names(operation: Operation) -> tuple[str, str]:
    """What the token of a page is called in a request, and in the answer before it."""
    return _TOKENS.get(operation.service, _TOKEN)


class Pages:
    """At most `most` answers, from the first on; raises botocore's errors."""

    complete = False
    """Whether the last page that was given is the last there is."""

    def __init__(
        self, account: Account, region: str, operation: Operation, most: int, **arguments: Any
    ) -> None:
        """Calls nothing yet."""
        self._account, self._region, self._operation = account, region, operation
        self._most, self._arguments = most, arguments

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """A page that is empty but has a token is no end; a token that was seen before is."""
        in_request, in_answer = token_names(self._operation)
        arguments, tokens = dict(self._arguments), set[str]()
        for _ in range(self._most):
            page = self._account.call(self._operation, self._region, **arguments)
            token = page.get(in_answer)
            self.complete = not token or token in tokens
            yield page
            if self.complete:
                return
            arguments[in_request] = token
            tokens.add(str(token))

    def all(self) -> Iterator[dict[str, Any]]:
        """Likewise, and raises Incomplete where there are more: what they hold is not known."""
        yield from self
        if not self.complete:
            raise Incomplete


def ahead(answer: Mapping[str, Any], now: datetime) -> timedelta | None:
    """By how much `now` is later than AWS's Date; None where there is none."""
    date = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    try:
        return now - parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return None


def _config(service: str) -> Any:
    from botocore.config import Config  # noqa: PLC0415 - boto3 is only imported to read AWS

    return Config(
        connect_timeout=_CONNECT,
        read_timeout=_READ_OTHERWISE.get(service, _READ),
        retries={
            "mode": "standard",
            "total_max_attempts": 1 if service in _ASKED_ONCE else _ATTEMPTS,
        },
        # Of five hundred queries it costs more than all else of the call; tests do it instead.
        parameter_validation=service != "cloudwatch",
        tcp_keepalive=True,
        max_pool_connections=_CONNECTIONS,
        user_agent_extra="slsdiag",
    )
