"""
Clients of AWS's services: one for each service and region, for all accounts that are read by a role.

A client takes half a megabyte and some 10 ms of CPU, and a scan of an organization needs a dozen
for each account. So accounts share them: each call is signed with the credentials of the account that
makes it, and a call outside `calling` is refused. Botocore counts retries for each client, and stops
retrying where most calls fail. Here it counts them for each account, because one that AWS
throttles must not use up the retries of the others.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Protocol

from bot.aws.listings import quicken
from bot.aws.requests import requested

if TYPE_CHECKING:
    from botocore.credentials import ReadOnlyCredentials

_CONNECT, _READ, _CONNECTIONS = 3, 20, 128
_READ_OTHERWISE = {"logs": 30, "cloudtrail": 40, "sqs": 30}
_ATTEMPTS = 5
_ASKED_ONCE = frozenset({"cloudtrail"})
"""Services whose few calls a second are shared with other tools: a refusal is no reason to repeat one."""
_OK = 200


class Caller(Protocol):
    """An account that is read by a role."""

    credentials: Any
    retries: dict[object, Retries]


_caller: ContextVar[Caller] = ContextVar("caller")


@contextmanager
def calling(caller: Caller) -> Iterator[None]:
    """Calls of shared clients in here are signed with the caller's credentials."""
    token = _caller.set(caller)
    try:
        yield
    finally:
        _caller.reset(token)


class CallersCredentials:
    """In place of a session's own: those of whoever calls; outside `calling` there are none."""

    method = "assume-role"

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """For one request; raises LookupError where nobody calls."""
        frozen: ReadOnlyCredentials = _caller.get().credentials.get_frozen_credentials()
        return frozen

    def get_deferred_property(self, _: str, /) -> Callable[[], None]:
        """Nothing is known of them before the call."""
        return lambda: None


class Clients:
    """Those of one session, each made on its first need; `shared` where `calling` says whose calls they are."""

    def __init__(self, session: Any, *, shared: bool = False) -> None:
        """Each request is observed, including retries and the assuming of roles."""
        self._session, self._shared = session, shared
        self._made: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()
        session.events.register("response-received", requested, unique_id="slsdiag-requests")

    def __call__(self, service: str, region: str) -> Any:
        """The client of that service; nobody waits for one that is being made for another."""
        made = self._made.get((service, region))
        if made is not None:
            return made
        with self._lock:  # a session must not make two clients at once
            if (service, region) not in self._made:
                self._made[service, region] = self._new(service, region)
            return self._made[service, region]

    def _new(self, service: str, region: str) -> Any:
        made = self._session.client(service, region_name=region, config=_config(service))
        quicken(made, service)
        if self._shared and service not in _ASKED_ONCE:
            _retry_for_caller(made)
        return made


class Retries:
    """Botocore's own retrying, of one account and client."""

    def __init__(self, client: Any) -> None:
        """As botocore itself begins it for a client, of which it needs no more than `meta`."""
        from botocore.retries.standard import register_retry_handler  # noqa: PLC0415 - as in _config

        self._handlers: dict[str, Callable[..., Any]] = {}
        self.meta = SimpleNamespace(service_model=client.meta.service_model, events=self)
        client_like: Any = self
        register_retry_handler(client_like, _ATTEMPTS)

    def register(self, event: str, handler: Callable[..., Any], **_: str) -> None:
        """Called by botocore."""
        self._handlers[event.split(".", maxsplit=1)[0]] = handler

    def __call__(self, event_name: str, **given: Any) -> Any:
        """What botocore's handler says of the event."""
        return self._handlers[event_name.split(".", maxsplit=1)[0]](event_name=event_name, **given)


def _retry_for_caller(client: Any) -> None:
    """Have each account's own retries decide; an account of which nothing failed yet has none."""
    name = client.meta.service_model.service_id.hyphenize()
    events = client.meta.events

    def needed(response: Any, **given: Any) -> Any:
        retries = _caller.get().retries
        if response is not None and response[0].status_code == _OK and client not in retries:
            return None
        return retries.setdefault(client, Retries(client))(response=response, **given)

    def over(**given: Any) -> None:
        if retries := _caller.get().retries.get(client):
            retries(**given)

    events.unregister(f"needs-retry.{name}", unique_id=f"retry-config-{name}")
    events.register(f"needs-retry.{name}", needed, unique_id=f"slsdiag-retries-{name}")
    events.register(f"after-call.{name}", over, unique_id=f"slsdiag-retries-over-{name}")


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
