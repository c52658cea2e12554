"""Functions called in threads of their own, beside other work; also where the memory runs out."""

from __future__ import annotations

from collections.abc import Callable
from mmap import mmap
from threading import Thread
from typing import Generic, TypeVar

__all__ = ["Call", "ask_for_memory"]

Result = TypeVar("Result")

_NEEDED = 16 << 20
"""Bytes that a thread may need to begin: its stack, eight megabytes on Linux, and what Python notes of it."""


def ask_for_memory() -> None:
    """See that there is memory for a thread: one that cannot begin says nothing, and Python waits for it without end.

    Raises:
        MemoryError: there is none.
    """
    try:
        mmap(-1, _NEEDED).close()  # of the system itself: of an object's, the C library may keep it for other objects
    except OSError as error:
        raise MemoryError from error


class Call(Generic[Result]):
    """A function called in a thread, which the end of the process does not wait for.

    Args:
        function: without arguments.

    Raises:
        MemoryError: no thread can begin.
    """

    def __init__(self, function: Callable[[], Result]) -> None:
        self._function = function
        self._results: list[Result] = []
        self._error: BaseException | None = None
        self._thread = Thread(target=self._call, daemon=True)
        ask_for_memory()
        try:
            self._thread.start()
        except RuntimeError as error:  # there may be no more threads
            raise MemoryError from error

    def result(self) -> Result:
        """Wait for the end; what the function gave.

        Raises:
            BaseException: whatever ended the function; a MemoryError where it could not begin.
        """
        self._thread.join()
        if self._error:
            raise self._error
        if not self._results:  # it ended before it called
            raise MemoryError
        return self._results[0]

    @property
    def has_ended(self) -> bool:
        """Whether nobody needs to wait any more."""
        return not self._thread.is_alive()

    def _call(self) -> None:
        try:
            self._results.append(self._function())
        except BaseException as error:  # who waits raises it
            self._error = error
