"""Chunks of work done in this process, or spread over several; results in the order of the chunks."""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from conventool.core.errors import ProgramError
from conventool.core.problems import Problem
from conventool.core.threads import Call, ask_for_memory

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

__all__ = ["Apart", "Workers", "chunks", "cores"]

Order = TypeVar("Order")
State = TypeVar("State")
Chunk = TypeVar("Chunk")
Result = TypeVar("Result")
Item = TypeVar("Item")

_AHEAD = 2
"""Chunks in waiting for each process, so that none is idle and memory stays bounded."""


def chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items, ``size`` at a time; the last chunk may be smaller. They are read as they are asked for."""
    items = iter(items)
    while chunk := list(islice(items, size)):
        yield chunk


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Workers(Generic[State]):
    """A state in this process, or one in each of several, on which functions are called.

    Args:
        state: of this process.
        open_state: makes the same state of an order in another process, which imports it by its name.
        order: what ``open_state`` is given.
        jobs: how many processes; 0 for one on each core.
    """

    def __init__(self, state: State, open_state: Callable[[Order], State], order: Order, jobs: int) -> None:
        self._jobs = jobs or cores()
        self._state = state
        self._pool = _pool(open_state, order, self._jobs) if self._jobs > 1 else None

    def __enter__(self) -> Workers[State]:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """End the processes; each finishes its chunk, those in waiting are dropped."""
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def map(
        self, function: Callable[[State, Chunk], Result], chunks: Iterable[Chunk]
    ) -> Iterator[tuple[Chunk, Result]]:
        """Call a function on a state and each chunk.

        Args:
            function: other processes import it by its name.
            chunks: read as they are needed, a few ahead.

        Yields:
            Each chunk with its result, in order.

        Raises:
            ProgramError: a process died.
        """
        if not self._pool:
            yield from ((chunk, function(self._state, chunk)) for chunk in chunks)
            return
        from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415 (slow to import, seldom needed)

        waiting: deque[tuple[Chunk, Future[Result]]] = deque()
        try:
            for chunk in chunks:
                waiting.append((chunk, self._pool.submit(_call, function, chunk)))
                if len(waiting) > self._jobs * _AHEAD:
                    yield _first(waiting)
            while waiting:
                yield _first(waiting)
        except BrokenProcessPool as error:
            raise ProgramError(_DIED) from error


_DIED = Problem(
    "worker-died",
    "Un des processus de travail s’est arrêté brutalement, sans doute faute de mémoire.",
    "Relancez la même commande ; avec --jobs 1, elle demande moins.",
)


class Apart(Generic[State]):
    """A state in another process, for work that may cost that process its life.

    Args:
        open_state: makes the state of an order in that process, which imports it by its name.
        order: what ``open_state`` is given.
        memory: how many bytes that process may have for its data, where the system bounds them.
    """

    def __init__(self, open_state: Callable[[Order], State], order: Order, memory: int) -> None:
        self._pool = _pool(_open_bounded, (open_state, order, memory), 1)

    def call(self, function: Callable[[State, Chunk], Result], argument: Chunk) -> Result:
        """Call a function on the state and an argument.

        Raises:
            ProgramError: the process died of it.
        """
        from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415 (slow to import, seldom needed)

        try:
            return self._pool.submit(_call, function, argument).result()
        except (BrokenProcessPool, MemoryError) as error:
            raise ProgramError(_DIED) from error


def _open_bounded(order: tuple[Callable[[Order], State], Order, int]) -> State:
    open_state, inner, memory = order
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 (only there is one)

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # where the program of a library says why it ends
    return open_state(inner)


def _first(waiting: deque[tuple[Chunk, Future[Result]]]) -> tuple[Chunk, Result]:
    chunk, future = waiting.popleft()
    return chunk, future.result()


def _pool(open_state: Callable[[Order], Any], order: Order, jobs: int) -> ProcessPoolExecutor:
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 (slow to import, and one process needs none)
    from multiprocessing import get_context  # noqa: PLC0415

    ask_for_memory()  # for the threads of the pool
    # "spawn" everywhere: what works here works on Windows and macOS
    with _without_signals():
        pool = ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (open_state, order))
        for _ in range(jobs):
            pool.submit(int)  # each call starts a process, until there is an idle one
    return pool


@contextmanager
def _without_signals() -> Iterator[None]:
    """Let processes that are started begin without the signals of a terminal: they have nothing to say of them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing.resource_tracker import ensure_running  # noqa: PLC0415 (slow to import, seldom needed)

    before = signal.pthread_sigmask(signal.SIG_BLOCK, _OF_THE_PARENT)
    try:
        ensure_running()  # a process of Python's own, which lets some signals through again when it has begun
        signal.pthread_sigmask(signal.SIG_BLOCK, _OF_THE_PARENT)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_OF_THE_PARENT = {getattr(signal, name) for name in ("SIGINT", "SIGHUP", "SIGQUIT") if hasattr(signal, name)}
"""Signals that go to all processes of a terminal: the parent ends the others."""


_states: list[Any] = []
"""The state of this process, if it is one of several."""


def _begin(open_state: Callable[[Order], Any], order: Order) -> None:
    """In another process: leave interruptions to the parent, end with it, open the state."""
    for number in _OF_THE_PARENT:
        signal.signal(number, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _OF_THE_PARENT)
    Call(_end_with_parent)
    _states.append(open_state(order))


def _end_with_parent() -> None:
    from multiprocessing import parent_process  # noqa: PLC0415

    parent = parent_process()
    assert parent
    parent.join()
    os._exit(1)  # a parent that was killed says nothing, and its queue would be waited on for ever


def _call(function: Callable[[Any, Chunk], Result], chunk: Chunk) -> Result:
    return function(_states[0], chunk)
