"""``conventool`` and ``python -m conventool``: the program from its very first import on."""

import signal
import sys
from types import FrameType

_ENDS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK")
"""What tells a program to end; not every system has each."""

_LEAST_MEMORY = 72 << 20
"""Bytes that the least of the commands needs. Some libraries end the process where they find less."""


def main() -> None:
    """The program. Told to end while it is being imported, a tenth of a second, it has nothing to undo or to say."""
    try:
        for number in (getattr(signal, name) for name in _ENDS if hasattr(signal, name)):
            if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup has it
                signal.signal(number, _end)
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
            from threading import Timer, main_thread  # noqa: PLC0415 (seldom needed)

            if hasattr(signal, "pthread_kill"):  # which ends a wait, too
                again = Timer(0.1, signal.pthread_kill, [main_thread().ident, number])
            else:
                from _thread import interrupt_main  # noqa: PLC0415

                again = Timer(0.1, interrupt_main, [number])
            again.daemon = True
            again.start()

    sys.unraisablehook = come_again
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
