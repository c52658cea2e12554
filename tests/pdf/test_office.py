"""LibreOffice is found where it usually is, or the message says what to type."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from conventool.core.errors import ExitCode, ProgramError
from conventool.pdf import office
from conventool.pdf.office import VARIABLE, find_office
from conventool.pdf.profiles import Profile

from .conftest import FakeOffice


def refused() -> str:
    with pytest.raises(ProgramError) as caught:
        find_office()
    assert caught.value.exit_code == ExitCode.OUTSIDE_PROGRAM
    (problem,) = caught.value.problems
    return f"{problem.code}: {problem.message} {problem.hint}"


def test_the_variable_names_it(fake: FakeOffice) -> None:
    assert fake.office.version == "7.4.7.2"
    assert fake.office.command.name == "soffice"


def test_the_variable_names_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It is not silently passed over for another LibreOffice."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "soffice"))
    assert str(tmp_path / "soffice") in refused()


@pytest.mark.parametrize(("system", "line"), [
    ("linux", "sudo apt install libreoffice-writer-nogui"),
    ("darwin", "brew install --cask libreoffice"),
    ("win32", "winget install TheDocumentFoundation.LibreOffice"),
])  # fmt: skip
def test_none_is_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: str, line: str) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(Path, "is_file", lambda _path: False)
    said = refused()
    assert said.startswith("office-missing:")
    assert line in said
    assert VARIABLE in said


def test_it_is_on_the_path(fake: FakeOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("PATH", str(fake.office.command.parent), prepend=":")
    assert find_office().command == fake.office.command


@pytest.mark.parametrize("variable", ["ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"])
def test_it_is_in_program_files(
    fake: FakeOffice, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    """Windows' installer puts it neither on the PATH nor always in a folder of the same name."""
    program = tmp_path / "Programmes" / "LibreOffice 24" / "program" / "soffice.com"
    program.parent.mkdir(parents=True)
    fake.office.command.rename(program)
    for other in (VARIABLE, "ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    monkeypatch.setenv(variable, str(tmp_path / "Programmes"))
    monkeypatch.setattr(sys, "platform", "win32")
    assert find_office().command == program


def test_it_is_in_the_applications_of_a_mac(fake: FakeOffice, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "Applications" / "LibreOffice.app" / "Contents" / "MacOS" / "soffice"
    program.parent.mkdir(parents=True)
    fake.office.command.rename(program)
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "darwin")
    assert find_office().command == program


@pytest.mark.parametrize(("told", "code"), [
    ("LibreOffice 6.4.7.2 40(Build:2)", "office-too-old"),
    ("LibreOffice 7.3.1.3", "office-too-old"),
    ("Hello", "office-failed"),
    ("", "office-failed"),
])  # fmt: skip
def test_it_is_too_old_or_something_else(
    fake: FakeOffice, monkeypatch: pytest.MonkeyPatch, told: str, code: str
) -> None:
    monkeypatch.setenv("FAKE_VERSION", told)
    assert refused().startswith(code)


@pytest.mark.parametrize(
    "told", ["LibreOffice 7.4.0.1", "LibreOffice 25.2.3.2 520(Build:2)", "LibreOfficeDev 26.2.0.0"]
)
def test_newer_ones_serve(fake: FakeOffice, monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    monkeypatch.setenv("FAKE_VERSION", told)
    assert told.split()[1] == find_office().version


def test_macros_and_far_pictures_are_switched_off(fake: FakeOffice, tmp_path: Path) -> None:
    """Every new settings folder says so before LibreOffice first reads it."""
    process = fake.office.start([], tmp_path / "worker", Profile.PDFA_2B)
    office.kill(process)
    settings = (tmp_path / "worker" / "home" / "user" / "registrymodifications.xcu").read_text(encoding="utf-8")
    assert settings.count("<value>true</value>") == 2
    assert fake.left_behind() == []
