"""
Many questions at once, with one deadline for all of them.

Threads are daemons, as in parallel.py: one that hangs holds up neither the caller nor the end of
the process.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import TypeVar

from bot.observability.tracing import carried

T = TypeVar("T")
AT_ONCE = 64


def within(seconds: float, questions: Sequence[Callable[[], T]]) -> list[T | None]:
    """Their answers in order, None for what was not answered within `seconds`; raises what they do."""
    answers: list[T | None] = [None] * len(questions)
    answered: SimpleQueue[tuple[int, Future[T]]] = SimpleQueue()
    over = _begin(questions, answered)
    ends_at = monotonic() + seconds
    try:
        for _ in questions:
            number, answer = answered.get(timeout=max(0.0, ends_at - monotonic()))
            answers[number] = answer.result()
    except Empty:
        pass
    finally:
        over.set()
    return answers


def _begin(
    questions: Sequence[Callable[[], T]], answered: SimpleQueue[tuple[int, Future[T]]]
) -> Event:
    """Ask them in threads, which begin no further one once the event is set."""
    waiting: SimpleQueue[int] = SimpleQueue()
    over = Event()
    for number in range(len(questions)):
        waiting.put(number)

    def work() -> None:
        while not over.is_set():
            try:
                number = waiting.get_nowait()
            except Empty:
                return
            answered.put((number, _answer(questions[number])))

    for _ in range(min(AT_ONCE, len(questions))):
        Thread(target=carried(work), name="within", daemon=True).start()
    return over


def _answer(question: Callable[[], T]) -> Future[T]:
    answer: Future[T] = Future()
    try:
        answer.set_result(question())
    except BaseException as error:  # noqa: BLE001 - raised by result() to the caller
        answer.set_exception(error)
    return answer
