"""Find LibreOffice, start it on documents, and end it together with the processes it started."""

from __future__ import annotations

import ctypes.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from conventool.core.errors import ProgramError, reason
from conventool.core.problems import Place, Problem
from conventool.pdf.confinement import Confinement, confinements
from conventool.pdf.profiles import Profile
from conventool.pdf.renewal import EVENT_SETTING, write_macro

__all__ = ["VARIABLE", "Office", "find_office", "kill"]

VARIABLE = "CONVENTOOL_SOFFICE"
"""The environment variable that names LibreOffice's program where it is found nowhere usual."""

_OLDEST = (7, 4)  # the first that takes the options of its PDF filter as JSON
_SECONDS_TO_TELL_VERSION = 60
_WORD = "docx:MS Word 2007 XML"
"""LibreOffice's name of its filter for Word files."""
_INSTALL = {
    "apt-get": "sudo apt install libreoffice-writer-nogui fonts-crosextra-carlito",
    "dnf": "sudo dnf install libreoffice-writer google-carlito-fonts",
    "zypper": "sudo zypper install libreoffice-writer google-carlito-fonts",
    "pacman": "sudo pacman -S libreoffice-still ttf-carlito",
}
# mallopt(3): the memory of one document serves for the next, and is not given back between the two
_MEMORY = {
    "MALLOC_TRIM_THRESHOLD_": f"{1 << 30}",
    "MALLOC_MMAP_THRESHOLD_": f"{1 << 30}",
    "MALLOC_TOP_PAD_": f"{1 << 24}",
}
# no macro of a document runs and no linked picture is fetched; a profile that was never used would make LibreOffice
# try out its graphics (0.7 seconds a start), which it does wherever the last version is not the one that starts
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" \
oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" \
oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Setup/Product"><prop oor:name="ooSetupLastVersion" oor:op="fuse"><value>{version}\
</value></prop></item>
{event}</oor:items>
"""
_HOMES = {False: "home", True: "home-renewing"}  # its settings differ where tables are renewed


@dataclass(frozen=True, slots=True)
class Office:
    """A LibreOffice that answers.

    Attributes:
        command: its program.
        version: as it tells it: ``7.4.7.2``.
        confinement: how it is started.
        timeout: how many seconds may pass without a new PDF before it is held to hang.
    """

    command: Path
    version: str
    confinement: Confinement
    timeout: float = 120.0

    def start(
        self, documents: Sequence[Path], folder: Path, profile: Profile | None, *, renewing: bool = False
    ) -> subprocess.Popen[bytes]:
        """Start converting documents into files of the same names: PDF, or Word.

        The exit status says nothing about the result: the files that it made do.

        Args:
            documents: at most 247 of them, no two of one name: it silently drops or overwrites the others.
            folder: one that no other running LibreOffice uses; the files go to ``made`` in it.
            profile: the kind of PDF; None for Word files.
            renewing: are the documents' tables of contents to be renewed?

        Raises:
            ProgramError: the system does not start it.
        """
        home, made, temporary = folder / _HOMES[renewing], folder / "made", folder / "temporary"
        for new in (made, temporary):
            new.mkdir(parents=True, exist_ok=True)
        self._write_settings(home / "user", renewing=renewing)
        arguments = [
            str(self.command), "--headless", "--norestore", f"-env:UserInstallation={home.as_uri()}",
            "--convert-to", _filter(profile) if profile else _WORD, "--outdir", str(made), *map(str, documents),
        ]  # fmt: skip
        sources = sorted({document.parent for document in documents})
        try:
            with (folder / "output.txt").open("wb") as output:
                confined = self.confinement.command(arguments, sources, [folder])
                return _launch(confined, output.fileno(), _environment(temporary))
        except OSError as error:
            message = f"LibreOffice ne peut pas être lancé : {reason(error)}."
            hint = "Libérez de la mémoire et de la place dans le dossier temporaire, ou réinstallez-le."
            raise ProgramError(Problem("office-failed", message, hint, place=Place(file=str(self.command)))) from error

    def _write_settings(self, user: Path, *, renewing: bool) -> None:
        file = user / "registrymodifications.xcu"
        if file.exists():
            return
        user.mkdir(parents=True)
        if renewing:
            write_macro(user)
        major_and_minor = ".".join(self.version.split(".")[:2])
        event = EVENT_SETTING if renewing else ""
        file.write_text(_SETTINGS.format(version=major_and_minor, event=event), encoding="utf-8")

    def reset(self, folder: Path) -> None:
        """Remove the settings in a worker's folder: a crash may have spoiled them, or left a lock."""
        for home in _HOMES.values():
            shutil.rmtree(folder / home, ignore_errors=True)

    def last_message(self, folder: Path) -> str:
        """The last line that it printed before it failed, at most 200 characters."""
        lines = (folder / "output.txt").read_text(encoding="utf-8", errors="replace").split("\n")
        printed = [line.strip() for line in lines if line.strip() and "javaldx" not in line and "convert " not in line]
        return printed[-1][:200] if printed else ""


def find_office() -> Office:
    """LibreOffice: the one that ``CONVENTOOL_SOFFICE`` names, else on the PATH, else where its installers put it.

    Raises:
        ProgramError: there is none, it does not answer, or it is too old.
    """
    command = _named() or next((path for path in _usual_places() if path.is_file()), None)
    if command is None:
        message = "LibreOffice, qui fait les PDF, est introuvable."
        hint = f"Pour l’installer : {_install_line()} – ou donnez le chemin de « soffice » dans {VARIABLE}."
        raise ProgramError(Problem("office-missing", message, hint))
    version, confinement = _answer(command)
    if tuple(map(int, version.split(".")[:2])) < _OLDEST:
        message = f"LibreOffice {version} est trop ancien : il faut la version 7.4 au moins."
        hint = f"Pour le mettre à jour : {_install_line()}"
        raise ProgramError(Problem("office-too-old", message, hint, place=Place(file=str(command))))
    return Office(command, version, confinement)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a LibreOffice with all its processes: ``soffice`` is only the parent of the one that does the work."""
    if sys.platform == "win32":
        tree = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
        subprocess.run(tree, stdin=subprocess.DEVNULL, capture_output=True, check=False)  # noqa: S603 (our own process)
    else:
        with suppress(ProcessLookupError, PermissionError):  # all gone; macOS says EPERM of a group of zombies
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin is not None:
        process.stdin.close()


# the program, and beside it what waits for the end of our end of a pipe: should we be killed, it ends the whole group
_WATCHED = ("/bin/sh", "-c", 'exec 3<&0 </dev/null; (cat <&3; kill -9 0) & "$@" 3<&- & wait $!', "sh")


def _launch(arguments: Sequence[str], output: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a program at the head of a group of its own: Ctrl-C is ours to handle, and the group can be ended."""
    if sys.platform == "win32":
        group = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return subprocess.Popen(  # noqa: S603 (the program is the user's own choice)
            arguments, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment, creationflags=group
        )
    return subprocess.Popen(  # noqa: S603 (the program is the user's own choice)
        [*_WATCHED, *arguments],
        stdin=subprocess.PIPE, stdout=output, stderr=output, env=environment, start_new_session=True,
    )  # fmt: skip


def _environment(temporary: Path) -> dict[str, str]:
    """The same language and clock everywhere, a quick memory, and a folder for what it would leave when it is ended."""
    environment = {**_MEMORY, **os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    environment |= dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(temporary))
    allocator = _allocator()
    if allocator:
        environment["LD_PRELOAD"] = " ".join(filter(None, (allocator, environment.get("LD_PRELOAD"))))
    return environment


@cache
def _allocator() -> str | None:
    return ctypes.util.find_library("jemalloc") if sys.platform == "linux" else None


def _filter(profile: Profile) -> str:
    """LibreOffice's name of its PDF filter, with options; malformed ones would be ignored without a word."""
    options: dict[str, int | bool] = {
        "SelectPdfVersion": profile.part or 0,
        "PDFUACompliance": profile.accessible,
        "UseTaggedPDF": True,
        "UseLosslessCompression": True,  # quicker than making JPEG pictures, and exact
        "ExportFormFields": False,
        "ExportBookmarks": True,
    }
    typed = {
        key: {"type": "boolean" if isinstance(value, bool) else "long", "value": str(value).lower()}
        for key, value in options.items()
    }
    return f"pdf:writer_pdf_Export:{json.dumps(typed, separators=(',', ':'))}"


def _named() -> Path | None:
    """The program that the environment names.

    Raises:
        ProgramError: there is none at that place.
    """
    named = os.environ.get(VARIABLE)
    if not named:
        return None
    found = shutil.which(named)
    if found is None:
        message = f"{VARIABLE} désigne un programme qui n’existe pas ou ne peut pas être lancé : « {named} »."
        hint = f"Corrigez ce chemin, ou ôtez la variable ; pour installer LibreOffice : {_install_line()}"
        raise ProgramError(Problem("office-missing", message, hint, value=named))
    return Path(found)


def _usual_places() -> Iterator[Path]:
    # on Windows soffice.com waits for the end of the work, soffice.exe does not
    for name in ("soffice.com",) if sys.platform == "win32" else ("soffice", "libreoffice"):
        found = shutil.which(name)
        if found:
            yield Path(found)
    if sys.platform == "win32":
        for variable in ("ProgramW6432", "ProgramFiles", "ProgramFiles(x86)"):
            if variable in os.environ:
                yield from sorted(Path(os.environ[variable]).glob("LibreOffice*/program/soffice.com"), reverse=True)
    elif sys.platform == "darwin":
        for root in (Path("/"), Path.home()):
            yield root / "Applications/LibreOffice.app/Contents/MacOS/soffice"
    else:
        yield Path("/usr/lib/libreoffice/program/soffice")
        yield Path("/usr/lib64/libreoffice/program/soffice")
        yield from sorted(Path("/opt").glob("libreoffice*/program/soffice"), reverse=True)


def _answer(command: Path) -> tuple[str, Confinement]:
    """The version that the program tells, and the strictest confinement in which it tells one.

    Raises:
        ProgramError: it does not start, or says nothing of the kind.
    """
    why = ""
    for confinement in confinements():
        try:
            printed = subprocess.run(  # noqa: S603 (the program is the user's own choice)
                confinement.command([str(command), "--version"], [], []),
                stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS_TO_TELL_VERSION, check=False,
            ).stdout  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            why = f" ({error})"
            continue
        found = re.search(r"LibreOffice\D* (\d+(?:\.\d+)+)", printed.decode("utf-8", "replace"))
        if found is not None:
            return found[1], confinement
    message = f"Ce programme ne répond pas comme LibreOffice{why}."
    hint = f"Vérifiez-le avec : {command} --version – ou réinstallez LibreOffice : {_install_line()}"
    raise ProgramError(Problem("office-failed", message, hint, place=Place(file=str(command))))


def _install_line() -> str:
    """What to type to install LibreOffice on this system."""
    if sys.platform == "win32":
        return "winget install TheDocumentFoundation.LibreOffice"
    if sys.platform == "darwin":
        return "brew install --cask libreoffice"
    return next((line for tool, line in _INSTALL.items() if shutil.which(tool)), _INSTALL["apt-get"])
