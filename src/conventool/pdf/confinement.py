"""Keep LibreOffice to itself: no network, no files but those it needs, and no life beyond that of this process.

What a document may talk LibreOffice into is mended where the document is copied (``word/print_copy.py``); this is the
second wall, where the system has one.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Confinement", "confinements"]

_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin")
_SETTINGS = (
    "/etc/alternatives", "/etc/fonts", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/libreoffice",
    "/var/cache/fontconfig",
)  # fmt: skip
_FONTS = (".fonts", ".local/share/fonts", ".fonts.conf", ".config/fontconfig", ".cache/fontconfig")


@dataclass(frozen=True, slots=True)
class Confinement:
    """A way to start a program confined.

    Attributes:
        name: ``bubblewrap``, ``unshare`` or ``none``.
    """

    name: str

    def command(self, arguments: Sequence[str], readable: Sequence[Path], writable: Sequence[Path]) -> list[str]:
        """What to run so that the program is confined.

        Args:
            arguments: the program, by its absolute path, and what it is given.
            readable: folders and files that it may read, beside the system's programs and fonts; ``unshare`` lets it
                read all.
            writable: folders that it may write in.
        """
        if self.name == "bubblewrap":
            program = Path(arguments[0]).resolve()
            installed = [program.parents[1]] if program.with_name("soffice.bin").exists() else []
            return [*_bubblewrap([*installed, *readable], writable), *arguments]
        if self.name == "unshare":
            return [*_UNSHARE, *arguments]
        return list(arguments)


def confinements() -> Iterator[Confinement]:
    """The ways that may work here, the strictest first; whether one does, a trial tells: many systems forbid them."""
    if sys.platform == "linux":
        if shutil.which("bwrap"):
            yield Confinement("bubblewrap")
        if shutil.which("unshare") and shutil.which("setpriv"):
            yield Confinement("unshare")
    yield Confinement("none")


# no network, and process numbers of its own: when the first process ends, with ours, the system ends all the others
_UNSHARE = (
    "setpriv", "--pdeathsig", "KILL", "--",
    "unshare", "--user", "--map-current-user", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "--",
)  # fmt: skip


def _bubblewrap(readable: Sequence[Path], writable: Sequence[Path]) -> Iterator[str]:
    """bwrap(1): a view of the files that holds only these, private processes, no network, ended with its parent."""
    yield from ("bwrap", "--unshare-all", "--die-with-parent", "--chdir", "/")
    yield from ("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp")  # noqa: S108 (a new one, that only it sees)
    for folder in map(Path, _SYSTEM):
        if folder.is_symlink():
            yield from ("--symlink", str(folder.readlink()), str(folder))
        elif folder.exists():
            yield from ("--ro-bind", str(folder), str(folder))
    fonts = (os.path.expanduser(f"~/{name}") for name in _FONTS)  # noqa: PTH111 (raises nothing where there is no home)
    for name in (*_SETTINGS, *fonts, *_font_settings(), *map(str, readable)):
        yield from ("--ro-bind-try", name, name)
    for folder in writable:
        yield from ("--bind", str(folder), str(folder))
    yield "--"


def _font_settings() -> Iterator[str]:
    """Where the environment says that fontconfig's settings are."""
    for variable in ("FONTCONFIG_FILE", "FONTCONFIG_PATH"):
        if os.environ.get(variable):
            yield os.environ[variable]
