"""Rights of files, private temporary files, links: as who owns a folder expects them."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conventool.core.errors import OutputError
from conventool.files.plan import Wanted
from conventool.files.scratch import scratch_folder
from conventool.files.writing import drafting, write_as_planned, write_together
from in_process import command

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="rights are of another kind there")

EXAMPLE = Path(__file__).parents[1] / "examples" / "adherent.yaml"


@pytest.fixture(params=[0o022, 0o027, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """How much is taken from the rights of new files."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_new_files_have_the_rights_that_the_user_gives_new_files(umask: int, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert command("fill", EXAMPLE, "-o", out).code == 0
    files = [path for path in out.iterdir() if path.is_file()]
    assert {path.suffix for path in files} == {".docx", ".xlsx", ".sqlite"}
    assert {mode(path) for path in files if path.suffix != ".sqlite"} == {0o666 & ~umask}
    assert mode(out / "suivi.sqlite") & umask == 0
    assert mode(out) == 0o777 & ~umask


@pytest.mark.parametrize("rights", [0o600, 0o640, 0o664, 0o444])
def test_a_replaced_file_keeps_its_rights(rights: int, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert command("fill", EXAMPLE, "-o", out).code == 0
    document = next(out.glob("*.docx"))
    document.write_bytes(b"autre")
    for path in (document, out / "suivi.xlsx"):
        path.chmod(rights)
    assert command("fill", EXAMPLE, "-o", out, "--force").code == 0
    assert document.read_bytes() != b"autre"
    assert mode(document) == rights
    with drafting(out) as draft:
        draft.file.write(b"neuf")
        draft.finish()
        draft.put(out / "suivi.xlsx")
    assert mode(out / "suivi.xlsx") == rights


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_a_replaced_file_keeps_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"avant")
    os.chown(path, 1234, 2345)
    write_together({path: b"apres"})
    assert (path.stat().st_uid, path.stat().st_gid, path.read_bytes()) == (1234, 2345, b"apres")


@pytest.mark.parametrize("dangling", [False, True])
def test_a_link_in_the_place_of_a_file_is_refused_and_stays(dangling: bool, tmp_path: Path) -> None:
    """Neither is the link replaced by a file nor written through, with force or without."""
    aim, link = tmp_path / "ailleurs", tmp_path / "out" / "a.csv"
    link.parent.mkdir()
    if not dangling:
        aim.write_bytes(b"precieux")
    link.symlink_to(aim)
    for force in (False, True):
        with pytest.raises(OutputError, match="lien"):
            write_as_planned([Wanted(link, b"x")], force=force)
    with pytest.raises(OutputError, match="lien"):
        write_together({link: b"x"})
    assert link.is_symlink()
    assert aim.exists() is not dangling
    assert dangling or aim.read_bytes() == b"precieux"
    assert [path.name for path in link.parent.iterdir()] == ["a.csv"]


def test_a_folder_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "ailleurs").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "ailleurs")
    assert command("fill", EXAMPLE, "-o", tmp_path / "out").code == 0
    assert len(list((tmp_path / "ailleurs").glob("*.docx"))) == 3


def test_temporary_folders_are_private_and_gone(umask: int) -> None:
    with scratch_folder() as folder:
        assert mode(folder) == 0o700
        assert mode(folder.with_name(f"{folder.name}.lock")) == 0o600
    assert not folder.exists()


@pytest.mark.parametrize("arguments", [["batch", EXAMPLE], ["fill", EXAMPLE]], ids="{}".format)
def test_no_run_leaves_anything_in_the_temporary_folder(arguments: list[object], tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    asked = [sys.executable, "-m", "conventool", *map(str, arguments), "-o", str(tmp_path / "out")]
    subprocess.run(asked, capture_output=True, env=os.environ | {"TMPDIR": str(temporary)}, check=True)
    assert list(temporary.iterdir()) == []
