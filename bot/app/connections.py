"""A process's connections to the store: opened together, closed together."""

from __future__ import annotations

from collections.abc import Callable

from bot.errors import Unreachable
from bot.serving_settings import StoreSettings
from bot.store import backlog
from bot.store.connection import connect
from bot.store.embedded import Embedded
from bot.store.replicas import connect_acknowledging
from bot.store.start import usable
from bot.store.valkey import StoreFailed

FRONT_LIMIT = 0.8
"""Seconds that a person who typed or clicked waits for the store, at most."""


class StoreConnections:
    """Each kind of waiting has a connection of its own."""

    def __init__(self, settings: StoreSettings) -> None:
        """Opens the store; raises a SlsdiagError when it does not answer, or a setting is wrong."""
        self._embedded, self.url = _opened(settings)
        try:
            self.redis = connect(self.url)
            """For workers and the clock, which can wait."""
            self.front = connect(self.url, answer_limit=FRONT_LIMIT)
            """For what a person waits for."""
            self.acknowledging = connect_acknowledging(self.url, FRONT_LIMIT)
            """For what a person is promised: saved on a replica too, where there is one."""
            self.acknowledging.look_for_replicas()
            self.scraped = connect(self.url, answer_limit=backlog.LIMIT)
            """For metrics."""
        except BaseException:
            self._stop_embedded()
            raise

    @property
    def upkeep(self) -> tuple[Callable[[], None], ...]:
        """What the clock does for the connections at each tick."""
        embedded = [self._embedded.ensure] if self._embedded else []
        return (self.acknowledging.look_for_replicas, *embedded)

    def close(self) -> None:
        """All of them; then the embedded store, where there is one."""
        for connection in (self.redis, self.front, self.acknowledging, self.scraped):
            connection.close()
        self._stop_embedded()

    def _stop_embedded(self) -> None:
        if self._embedded:
            self._embedded.stop()


def _opened(store: StoreSettings) -> tuple[Embedded | None, str]:
    """The store and its address; the embedded one is started."""
    if store.redis_url:
        usable(store.redis_url)
        return None, store.redis_url
    embedded = Embedded(store.state_dir, store.server)
    try:
        return embedded, embedded.start()
    except (OSError, StoreFailed) as error:
        raise Unreachable(f"The store in SLSDIAG_STATE_DIR did not start: {error}") from None
