"""Print the commands of a README's ``sh`` blocks, one a line, so that CI runs them word for word."""

from __future__ import annotations

import re
import sys
from pathlib import Path

BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def commands(text: str) -> list[str]:
    """The lines of every ``sh`` block, in order."""
    return [line for block in BLOCK.findall(text) for line in block.splitlines() if line.strip()]


if __name__ == "__main__":
    sys.stdout.write("\n".join(commands(Path(sys.argv[1]).read_text(encoding="utf-8"))) + "\n")
