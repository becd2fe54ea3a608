"""One read for everybody in this process who wants the same thing at the same time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Any, TypeVar

from bot.aws.parallel import GivenUp, raise_if_given_up

T = TypeVar("T")


class UnderWay:
    """Nothing is stored: whoever comes after the read has ended reads again."""

    def __init__(self) -> None:
        """Nothing is being read."""
        self._reads: dict[str, Future[Any]] = {}
        self._lock = Lock()

    def __call__(self, key: str, read: Callable[[], T]) -> T:
        """What `read` gives, or gave to whoever asks for `key` just now; its error likewise."""
        mine: Future[Any] = Future()
        with self._lock:
            shared = self._reads.setdefault(key, mine)
        if shared is not mine:
            try:
                value: T = shared.result()
            except GivenUp:  # by whoever began it earlier
                raise_if_given_up()
                return self(key, read)
            return value
        try:
            mine.set_result(read())
        except BaseException as error:  # noqa: BLE001 - raised by result() to all who wait
            mine.set_exception(error)
        finally:
            with self._lock:
                del self._reads[key]
        given: T = mine.result()
        return given
