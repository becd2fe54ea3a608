"""
The one way to AWS: `call`, and listings page by page.

Botocore's paginators call the client themselves; `Pages` goes through `Account.call`, so that each
page keeps to the rates, is given up with its wave, and is seen by metrics.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import InitVar, dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from bot.aws.clients import Clients, Retries, calling
from bot.aws.errors import Incomplete
from bot.aws.operations import OPERATIONS, WHO_AM_I, Operation
from bot.aws.parallel import Rates, raise_if_given_up
from bot.aws.quotas import requests_of
from bot.aws.requests import error_name
from bot.observability.tracing import ActKind, acting

# botocore writes whole answers, secrets included, into its DEBUG log.
for _name in ("boto3", "botocore", "urllib3", "s3transfer"):
    logging.getLogger(_name).setLevel(logging.WARNING)

# A role that may not be assumed stands in the report, without botocore's traceback.
logging.getLogger("botocore.credentials").setLevel(logging.CRITICAL)

_REFUSED_FOR = 5.0
"""Seconds: longer than the calls of one wave take to begin, shorter than anybody fixes a role."""
_ENTERED_BY = "AssumeRole"
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
    credentials: Any = None
    """The role's, with which shared clients sign; None where the session has its own."""
    shared: InitVar[Clients | None] = None
    """Clients of all accounts that are read by roles; None for an account that has its own."""
    clients: Clients = field(init=False)
    retries: dict[object, Retries] = field(default_factory=dict)
    """By client, where something failed."""
    _entering: threading.Lock = field(default_factory=threading.Lock)
    _refused: Any = None
    """AWS's answer where the role could not be assumed; no error, which would keep its frames."""
    _tried_again_at: float = float("-inf")
    """Until then (monotonic) a refusal holds."""

    def call(self, operation: Operation, region: str, **arguments: Any) -> dict[str, Any]:
        """Call `operation` in `region`, no faster than its quota's share, or raise GivenUp."""
        raise_if_given_up()
        self._enter()
        self.rates.wait(self.quota, region, operation, requests_of(operation, arguments))
        method = getattr(self.clients(operation.service, region), operation.method)
        name = f"{operation.service}:{operation.method}"
        with acting(ActKind.AWS, name, region=region, account=self.id or OWN) as act:
            try:
                answer: dict[str, Any] = self._called(method, arguments)
            except Exception as error:
                act.code = error_name(error)
                raise
        self.ahead = ahead(answer, datetime.now(UTC))
        return answer

    def __post_init__(self, shared: Clients | None) -> None:
        """Makes no client yet."""
        self.clients = shared or Clients(self.session)

    def _called(self, method: Callable[..., Any], arguments: Mapping[str, Any]) -> Any:
        if self.credentials is None:
            return method(**arguments)
        with calling(self):
            return method(**arguments)

    def _enter(self) -> None:
        """Assume the role once for all calls that begin together, and remember a refusal for them."""
        if not self.role:
            return
        with self._entering:
            if self._refused and time.monotonic() < self._tried_again_at:
                raise ClientError(self._refused, _ENTERED_BY)
            self._refused = None
            try:
                self.credentials.get_frozen_credentials()
            except ClientError as error:
                self._refused = error.response
                self._tried_again_at = time.monotonic() + _REFUSED_FOR
                raise

    @property
    def key(self) -> str:
        """What was read is shared under this: another role in the same account may read more."""
        return self.role or OWN

    def warm(self, region: str) -> None:
        """Make the clients before somebody waits for them."""
        for service in sorted({operation.service for operation in OPERATIONS}):
            self.clients(service, region)

    def identify(self, region: str) -> str:
        """The account's number, asked once."""
        if not self.id:
            self.id = str(self.call(WHO_AM_I, region)["Account"])
        return self.id

    def proxy(self, region: str) -> str | None:
        """The proxy through which botocore calls `region`, credentials included."""
        from botocore.utils import get_environ_proxies  # noqa: PLC0415 - boto3 is only imported to read AWS

        endpoint: str = self.clients(WHO_AM_I.service, region).meta.endpoint_url
        address: str | None = get_environ_proxies(endpoint).get(urlsplit(endpoint).scheme)
        return address


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
