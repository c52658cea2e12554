"""``conventool`` and ``python -m conventool``: the program from its very first import on."""

import sys


def main() -> None:
    """The program. Ctrl-C while it is being imported, a tenth of a second, has nothing to undo and nothing to say."""
    try:
        from conventool.cli.app import main as begin  # noqa: PLC0415 (within reach of the "except")

        begin()
    except KeyboardInterrupt:
        sys.exit(130)  # ExitCode.INTERRUPTED, which may not be imported yet


if __name__ == "__main__":
    main()
