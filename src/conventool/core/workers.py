"""Chunks of work given to one workshop, or spread over several processes; results in the order of the chunks."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context, parent_process
from types import TracebackType
from typing import Any, Generic, TypeVar

from conventool.core.errors import ProgramError
from conventool.core.problems import Problem

__all__ = ["Crew", "chunks", "cores"]

Order = TypeVar("Order")
Chunk = TypeVar("Chunk")
Item = TypeVar("Item")

_AHEAD = 2
"""Chunks in waiting for each worker, so that none is idle and memory stays bounded."""


def chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items, ``size`` at a time; the last may be fewer. They are read as they are asked for."""
    items = iter(items)
    while chunk := list(islice(items, size)):
        yield chunk


class Crew(Generic[Order]):
    """One workshop in this process, or one in each of several.

    Args:
        opened: makes a workshop of an order; workers import it by its name.
        order: what the workshops are asked.
        jobs: how many processes; 0 for one on each core.
    """

    def __init__(self, opened: Callable[[Order], Any], order: Order, jobs: int) -> None:
        self._jobs = jobs or cores()
        self._workshop = opened(order)  # here too, so that a template that cannot serve is told at once
        self._pool = _pool(opened, order, self._jobs) if self._jobs > 1 else None

    def __enter__(self) -> Crew[Order]:
        """Take it to work."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """End the workers; what they have begun they finish, what waits is dropped."""
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def do(self, work: str, chunks: Iterable[Chunk]) -> Iterator[tuple[Chunk, Any]]:
        """Have each chunk worked on.

        Args:
            work: name of the method of the workshop.
            chunks: what it is given, one after the other.

        Yields:
            Each chunk with its result, in order.

        Raises:
            ProgramError: a worker process died.
        """
        if not self._pool:
            method = getattr(self._workshop, work)
            yield from ((chunk, method(chunk)) for chunk in chunks)
            return
        waiting: deque[tuple[Chunk, Future[Any]]] = deque()
        try:
            for chunk in chunks:
                waiting.append((chunk, self._pool.submit(_work, work, chunk)))
                if len(waiting) > self._jobs * _AHEAD:
                    yield _result(waiting)
            while waiting:
                yield _result(waiting)
        except BrokenProcessPool as error:
            message = "Un des processus de travail s’est arrêté brutalement, sans doute faute de mémoire."
            hint = "Relancez la même commande ; avec --jobs 1, elle demande moins."
            raise ProgramError(Problem("worker-died", message, hint)) from error


def _result(waiting: deque[tuple[Chunk, Future[Any]]]) -> tuple[Chunk, Any]:
    chunk, future = waiting.popleft()
    return chunk, future.result()


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _pool(opened: Callable[[Order], Any], order: Order, jobs: int) -> ProcessPoolExecutor:
    # "spawn" everywhere: what works here works on Windows and macOS
    return ProcessPoolExecutor(jobs, get_context("spawn"), _settle_in, (opened, order))


_own: list[Any] = []
"""The workshop of this process, if it is a worker."""


def _settle_in(opened: Callable[[Order], Any], order: Order) -> None:
    """In a worker: leave interruptions to the parent, end with it, open the workshop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _own.append(opened(order))


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent
    parent.join()
    os._exit(1)  # killed, it could say nothing; its queue would be waited on for ever


def _work(work: str, chunk: Any) -> Any:
    return getattr(_own[0], work)(chunk)
