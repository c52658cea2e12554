"""``python -m conventool``."""

from conventool.cli import main

if __name__ == "__main__":
    main()
