"""What is read once, however many ask for it at the same time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Any, TypeVar

from bot.aws.parallel import GivenUp, raise_if_given_up

T = TypeVar("T")


class Once:
    """A `Cache` of request.py that lasts as long as it is used: a scan's, or a batch's."""

    def __init__(self) -> None:
        """Nothing is read yet."""
        self._read: dict[str, Any] = {}
        self._reading: dict[str, Future[Any]] = {}  # each takes more memory than what it reads
        self._lock = Lock()

    def __call__(self, key: str, read: Callable[[], T], /) -> T:
        """A function's own parts are read every time."""
        if key.startswith("function:"):
            return read()
        mine: Future[Any] = Future()
        with self._lock:
            if key in self._read:
                done: T = self._read[key]
                return done
            reading = self._reading.setdefault(key, mine)
        if reading is mine:
            self._settle(mine, key, read)
        try:
            given: T = reading.result()
        except GivenUp:  # by whoever began it earlier
            if reading is mine:
                raise
            raise_if_given_up()
            return self(key, read)
        return given

    def _settle(self, mine: Future[T], key: str, read: Callable[[], T]) -> None:
        try:
            result = read()
        except BaseException as error:  # noqa: BLE001 - raised by result() to all who wait
            if isinstance(error, GivenUp):
                del self._reading[key]
            mine.set_exception(error)
            return
        with self._lock:
            self._read[key] = result
            del self._reading[key]
        mine.set_result(result)
