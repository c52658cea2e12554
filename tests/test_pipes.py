"""Named pipes and devices in the place of every file that a command takes or writes: refused at once, nothing waits."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

from conventool.template.folder import find_template
from in_process import command

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no named pipes in folders there")

TEMPLATE = find_template("convention-services-numeriques").resolve()
EXAMPLES = Path(__file__).parents[1] / "examples"
EXAMPLE, LIST = EXAMPLES / "adherent.yaml", EXAMPLES / "communes.csv"
RETURNS = Path(__file__).parent / "cases" / "returns" / "sound.docx"
FORM = Path(__file__).parent / "documents" / "kinds_in_runs.docx"
SECONDS = 120

READ = [
    ["fill", "a.yaml"], ["fill", EXAMPLE, "-t", "a.docx"], ["fill", EXAMPLE, "-t", "modele"],
    ["fill", EXAMPLE, "-t", "manifeste"], ["batch", "a.csv"], ["batch", "a.xlsx"], ["batch", "a.ods"], ["batch", "a"],
    ["batch", LIST, "--columns", "a.yaml"], ["validate", "a.csv"], ["validate", "a.xls"], ["validate", "a.yaml"],
    ["inspect", "a.docx"], ["adopt", "a.docx", "-o", "adopte"], ["read", "a.docx"], ["read", "a.pdf"],
    ["verify", "a.docx"], ["verify", "a.pdf"],
    ["verify", RETURNS, "--data", "a.csv"], ["verify", RETURNS, "-t", "manifeste"], ["verify", "--dossier", "suivi"],
    ["inspect", "/dev/zero"], ["validate", "/dev/zero"], ["fill", "/dev/zero"], ["fill", EXAMPLE, "-t", "/dev/zero"],
    ["read", "/dev/zero"], ["adopt", "/dev/zero", "-o", "adopte"],
]  # fmt: skip
PARTLY = [
    ["batch", "fiches"], ["check", "modele"], ["check", "manifeste"], ["check", "reference", "--update"],
    ["read", "revenus"], ["verify", "revenus"],
]  # fmt: skip
WRITTEN = [
    ["fill", EXAMPLE, "-o", "suivi"], ["fill", EXAMPLE, "-o", "a"], ["read", RETURNS, "-o", "a.csv", "--force"],
    ["adopt", FORM, "-o", "manifeste", "--force"], ["check", TEMPLATE, "--junit", "a.xml", "--force"],
    ["check", TEMPLATE, "--annotate", "a.docx", "--force"], ["batch", "liste.yaml", "--rejects", "a.csv", "--force"],
]  # fmt: skip


@pytest.fixture
def pipes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working folder full of pipes; what waits for one of them longer than some seconds is stopped."""
    monkeypatch.chdir(tmp_path)
    for folder, name in {"modele": "convention.docx", "reference": "convention.txt"}.items():
        shutil.copytree(TEMPLATE, folder)
        Path(folder, name).unlink()
    names = ["a", "modele/convention.docx", "reference/convention.txt", "manifeste/template.yaml", "suivi/suivi.sqlite"]
    names += ["fiches/a.yaml", "revenus/a.docx", "revenus/a.pdf"]
    names += [f"a.{suffix}" for suffix in ("yaml", "csv", "xlsx", "xls", "ods", "docx", "pdf", "xml")]
    for name in names:
        Path(name).parent.mkdir(exist_ok=True)
        os.mkfifo(name)
    Path("liste.yaml").write_text("- forme: commune\n- forme: commune\n", encoding="utf-8")

    def waited(_: int, __: FrameType | None) -> None:
        raise TimeoutError("it waits for a pipe")

    before = signal.signal(signal.SIGALRM, waited)
    signal.alarm(SECONDS)
    yield tmp_path
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("arguments", READ, ids="{}".format)
def test_what_is_to_be_read_is_refused(arguments: list[object], pipes: Path) -> None:
    said = command(*arguments)
    assert said.code in {2, 3}, said.err
    assert "attends" not in said.err


@pytest.mark.parametrize("arguments", PARTLY, ids="{}".format)
def test_among_other_files_it_is_told(arguments: list[object], pipes: Path) -> None:
    assert command(*arguments).code in {1, 3, 4}


@pytest.mark.parametrize("arguments", WRITTEN, ids="{}".format)
def test_where_something_is_to_be_written_it_is_left_alone(arguments: list[object], pipes: Path) -> None:
    said = command(*arguments)
    assert said.code == 4, said.err
    assert Path("a.csv").is_fifo()
    assert Path("a.xml").is_fifo()
    assert Path("a.docx").is_fifo()
    assert Path("manifeste/template.yaml").is_fifo()
