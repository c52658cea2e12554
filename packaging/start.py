"""Where the one-file program begins; processes that it starts begin here too (``freeze_support``)."""

import multiprocessing

from conventool.__main__ import main

if __name__ == "__main__":
    multiprocessing.freeze_support()
    main()
