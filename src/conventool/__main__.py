"""``conventool`` and ``python -m conventool``: the program from its very first import on."""

import atexit
import gc
import os
import signal
import sys
from types import CodeType, FrameType

_ENDS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK")
"""What tells a program to end; not every system has each."""

_LEAST_MEMORY = 72 << 20
"""Bytes that the least of the commands needs. Some libraries end the process where they find less."""

_BETWEEN_COLLECTIONS = 100_000
"""New objects after which the garbage collector looks for cycles, and not 700: nearly all of the 90,000 of ``fill``
stay, and to look at them again and again took a twelfth of its time."""


def main() -> None:
    """The program. Told to end while it is being imported, a tenth of a second, it has nothing to undo or to say."""
    try:
        for number in (getattr(signal, name) for name in _ENDS if hasattr(signal, name)):
            if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup has it
                signal.signal(number, _end)
        gc.set_threshold(_BETWEEN_COLLECTIONS)
        atexit.register(gc.freeze)  # at its end Python would look for cycles twice more, to free what is freed anyway
        os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # it would ask every installed package
        bytes(_LEAST_MEMORY)  # which the system promises and takes back; nothing is written to it
        from conventool.cli.app import main as begin  # noqa: PLC0415 (within reach of the "except")

        begin()
    except KeyboardInterrupt:
        sys.exit(130)  # ExitCode.INTERRUPTED, which may not be imported yet
    except MemoryError:
        sys.stderr.write("Erreur [unreadable]\nLa mémoire ne suffit pas à ce programme. Fermez-en d’autres.\n")
        sys.exit(3)  # ExitCode.UNREADABLE


def _end(number: int, _: FrameType | None) -> None:
    """End as after Ctrl-C, whichever signal asks for it.

    Where Python lets no error through, as in a destructor or in a callback from C, it would print this one and go on:
    then the signal comes again a moment later. Other errors there are of what this one left half done: nothing to say.

    Raises:
        KeyboardInterrupt: always.
    """

    def come_again(ignored: "sys.UnraisableHookArgs") -> None:
        if isinstance(ignored.exc_value, KeyboardInterrupt):
            from _thread import start_new_thread  # noqa: PLC0415 (seldom needed; a Timer would wait for its own start)

            start_new_thread(_send_again, (number, come_again.__code__))

    sys.unraisablehook = come_again
    raise KeyboardInterrupt


def _send_again(number: int, deaf: CodeType) -> None:
    """Send a signal again once the main thread has left a function in which it would be lost."""
    from _thread import interrupt_main  # noqa: PLC0415 (seldom needed)
    from threading import main_thread  # noqa: PLC0415
    from time import sleep  # noqa: PLC0415

    main = main_thread().ident or 0
    while sys._current_frames()[main].f_code is deaf:  # noqa: SLF001 (documented, and the only way to see another thread)
        sleep(0.01)
    if hasattr(signal, "pthread_kill"):  # which ends a wait, too
        signal.pthread_kill(main, number)
    else:
        interrupt_main(signal.Signals(number))


if __name__ == "__main__":
    main()
