"""``conventool`` and ``python -m conventool``: the program from its very first import on."""

import signal
import sys

_ENDS = ("SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK")
"""What tells a program to end beside Ctrl-C; not every system has each."""


def main() -> None:
    """The program. Ctrl-C while it is being imported, a tenth of a second, has nothing to undo and nothing to say."""
    try:
        for number in (getattr(signal, name) for name in _ENDS if hasattr(signal, name)):
            if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup has it
                signal.signal(number, signal.default_int_handler)  # told to end, it leaves as little as after Ctrl-C
        from conventool.cli.app import main as begin  # noqa: PLC0415 (within reach of the "except")

        begin()
    except KeyboardInterrupt:
        sys.exit(130)  # ExitCode.INTERRUPTED, which may not be imported yet


if __name__ == "__main__":
    main()
