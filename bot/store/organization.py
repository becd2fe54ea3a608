"""What one process of a bot listed of an organization, for the others."""

from __future__ import annotations

from hashlib import sha256

import structlog
from redis import Redis

from bot.aws.organization import KEPT, OTHERS_TAKE
from bot.organization import Listing
from bot.organization_settings import OrganizationSettings
from bot.store import keys
from bot.store.coding import Unreadable, decode, encode
from bot.store.connection import StoreError

log = structlog.get_logger(__name__)


def shelf_of(redis: Redis, settings: OrganizationSettings | None) -> SharedListing | None:
    """None without an organization."""
    return SharedListing(redis, settings) if settings else None


class SharedListing:
    """A `Shelf` of bot/aws/organization.py; while the store is away, a process lists for itself."""

    def __init__(self, redis: Redis, settings: OrganizationSettings) -> None:
        """Costs no round trip. Other settings may read by another role, or need other tags."""
        self._redis = redis
        chosen = (settings.role_arn, settings.include, settings.exclude)
        self._scope = sha256(repr(chosen).encode()).hexdigest()[:32]

    def get(self) -> Listing | None:
        """None where nothing is stored that this release can read."""
        try:
            stored = self._redis.get(keys.ORGANIZATION(self._scope))
            return decode(Listing, str(stored)) if stored else None
        except (StoreError, OSError, Unreadable) as error:
            log.warning("organization_not_shared", error=type(error).__name__)
            return None

    def put(self, listing: Listing) -> None:
        """For a day."""
        try:
            self._redis.set(keys.ORGANIZATION(self._scope), encode(listing), ex=KEPT)
        except (StoreError, OSError) as error:
            log.warning("organization_not_shared", error=type(error).__name__)

    def mine(self) -> bool:
        """The first one who asks, until it is over, or that process died."""
        lease = keys.ORGANIZATION_LEASE(self._scope)
        try:
            return bool(self._redis.set(lease, 1, nx=True, ex=int(OTHERS_TAKE)))
        except (StoreError, OSError):
            return True

    def over(self) -> None:
        """Whoever waits need not wait longer."""
        try:
            self._redis.delete(keys.ORGANIZATION_LEASE(self._scope))
        except (StoreError, OSError) as error:
            log.warning("organization_not_shared", error=type(error).__name__)
