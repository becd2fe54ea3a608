"""The next batch is listed while one is processed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, cast

from bot.observability.tracing import carried

T = TypeVar("T")
_END = object()


def one_ahead(items: Iterator[T]) -> Iterator[T]:
    """The same, the next one always under way; what `items` raises is raised in its place."""
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as pool:
        coming = pool.submit(carried(next), items, _END)
        while (item := coming.result()) is not _END:
            coming = pool.submit(carried(next), items, _END)
            yield cast(T, item)
