"""Files: names that every system takes, a plan that overwrites nothing, writing that leaves old or new."""

from __future__ import annotations

import gc
import os
import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conventool.core.errors import OutputError
from conventool.files.filenames import MAX_LENGTH, safe_name
from conventool.files.plan import Action, Wanted, plan
from conventool.files.workbook import xlsx_writer
from conventool.files.writing import make_folder, write_as_planned, write_together, writing_in

# "Naming Files, Paths, and Namespaces", Microsoft Learn
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?")
ANY_TEXT = (
    st.text() | st.text("aA.-_ /\\:é’œ\0", max_size=400) | st.sampled_from(["CON", "nul.", "Com1", "..", "", "~"])
)


# --- Names -------------------------------------------------------------------------------------------------


@given(ANY_TEXT, st.sampled_from([".docx", ".pdf", ""]))
@example("../../etc/passwd", ".docx")
@example("C:\\Windows\\CON", ".docx")
@example("é" * 300, ".docx")
@example("\ud800", ".docx")
@example("com¹", "")
def test_any_text_gives_a_name_for_every_system(text: str, suffix: str) -> None:
    """Letters, digits, hyphens: no folder, no reserved name, no case to confuse, room left in a path."""
    name = safe_name(text, suffix)
    assert re.fullmatch(r"[a-z0-9_][a-z0-9_-]*", name.removesuffix(suffix))
    assert not RESERVED.fullmatch(name)
    assert len(name.encode("utf-8")) <= MAX_LENGTH
    assert name.endswith(suffix)
    assert safe_name(text, suffix) == name


@given(st.text("ab-", min_size=200, max_size=400), st.text("ab-", min_size=200, max_size=400))
def test_long_names_that_differ_go_on_differing(one: str, other: str) -> None:
    def plain(text: str) -> str:
        return re.sub("-+", "-", text).strip("-")

    assert (safe_name(one, ".docx") == safe_name(other, ".docx")) == (plain(one) == plain(other))


def test_copies_of_long_names_sort_together() -> None:
    """In the order of their ranks, never one among those of an adherent whose name begins alike."""
    names = ["syndicat " + "intercommunal " * 12 + end for end in ("de Hem", "de Lys", "d’Ytres", "du Nord")]
    copies = [
        safe_name(f"convention_{name}_59280_{rank}-{key}", ".docx")
        for name in names
        for rank, key in enumerate(("fibre", "cdg59", "collectivite"), 1)
    ]
    assert [re.findall(r"_(\d)-", name) for name in sorted(copies)] == [["1"], ["2"], ["3"]] * len(names)
    assert all(len(name) <= MAX_LENGTH and name.endswith(("fibre.docx", "59.docx", "ivite.docx")) for name in copies)
    together = [sorted(copies)[at : at + 3] for at in range(0, len(copies), 3)]
    assert sorted(together) == sorted(copies[at : at + 3] for at in range(0, len(copies), 3))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("convention_commune d’Armentières_59280_1-fibre", "convention_commune-d-armentieres_59280_1-fibre.docx"),
        ("Cœur de Flandre", "coeur-de-flandre.docx"),
        ("Saint-Aubin (59529)", "saint-aubin-59529.docx"),
        ("CON", "_con.docx"),
        ("../../etc/passwd", "etc-passwd.docx"),
    ],
)
def test_names_stay_readable(text: str, name: str) -> None:
    assert safe_name(text, ".docx") == name


# --- The plan ----------------------------------------------------------------------------------------------


def test_plan_tells_create_identical_and_replace(tmp_path: Path) -> None:
    (tmp_path / "same").write_bytes(b"x")
    (tmp_path / "other").write_bytes(b"y")
    wanted = [Wanted(tmp_path / name, b"x") for name in ("new", "same", "other")]
    actions = [planned.action for planned in plan(wanted, force=True)]
    assert actions == [Action.CREATE, Action.IDENTICAL, Action.REPLACE]


def test_plan_names_every_file_in_the_way(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_bytes(b"y")
    with pytest.raises(OutputError) as refused:
        plan([Wanted(tmp_path / name, b"x") for name in "abc"], force=False)
    assert [problem.place.file for problem in refused.value.problems] == [str(tmp_path / name) for name in "ab"]


@pytest.mark.parametrize("force", [False, True])
def test_plan_refuses_a_folder_or_a_file_that_stands_in_for_one(force: bool, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"")
    for path in (tmp_path / "folder", tmp_path / "file" / "x"):
        with pytest.raises(OutputError):
            plan([Wanted(path, b"x")], force=force)


# --- Writing -----------------------------------------------------------------------------------------------


OPEN = os.open


class Stopper:
    """Stops the program at its n-th step on the file system, just before or just after it is done."""

    def __init__(self, at: int, error: type[BaseException], *, after: bool) -> None:
        self.at, self.error, self.after, self.steps = at, error, after, 0

    def around(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **options: Any) -> Any:
            self.steps += 1
            if self.steps == self.at and not self.after:
                raise self.error
            done = real(*arguments, **options)
            if self.steps == self.at:
                if real is OPEN:
                    os.close(done)
                raise self.error
            return done

        return step


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError, MemoryError])
def test_stopped_at_any_step_each_file_is_old_or_new(
    error: type[BaseException], after: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the first is put in place all are old; never a torn file, never a scrap."""
    new = {f"{rank}.docx": bytes([rank]) * 50_000 for rank in range(3)}
    at = 0
    while True:
        at += 1
        folder = tmp_path / str(at)
        folder.mkdir()
        old = dict.fromkeys(list(new)[:2], b"old")
        for name, data in old.items():
            (folder / name).write_bytes(data)
        stopper = Stopper(at, error, after=after)
        with monkeypatch.context() as patch:
            for name in ("open", "fsync", "replace"):
                patch.setattr(os, name, stopper.around(getattr(os, name)))
            with suppress(KeyboardInterrupt, OutputError, MemoryError):
                write_together({folder / name: data for name, data in new.items()})
        found = {path.name: path.read_bytes() for path in folder.iterdir()}
        assert all(data in (old.get(name), new[name]) for name, data in found.items()), at
        assert set(old) <= set(found)
        if at <= 6:  # three opened, three flushed, then three put in place
            assert found == old, at
        if stopper.steps < at:
            break
    assert at == 10
    assert found == new


def test_a_system_that_takes_little_at_a_time_gets_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    files = {tmp_path / f"{rank}.docx": bytes([rank]) * 50_000 for rank in range(30)}
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda file, data: write(file, data[:20_001]))
        write_together(files)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == files


def test_who_has_a_folder_to_itself_removes_the_scraps_of_killed_runs_and_nothing_else(tmp_path: Path) -> None:
    """No clock is asked: it may have been set back. Nobody touches a folder that another one has to itself."""
    killed, own = tmp_path / ".conventool-1.tmp", tmp_path / "notes.tmp"
    for path in (killed, own):
        path.write_bytes(b"")
        os.utime(path, (time.time() + 100, time.time() + 100))
    with writing_in(tmp_path):
        assert own.exists()
        assert not killed.exists()
        at_work = tmp_path / ".conventool-2.tmp"
        at_work.write_bytes(b"")
        with pytest.raises(OutputError, match="Une autre commande"), writing_in(tmp_path):
            pass
        with pytest.raises(OutputError, match="Une autre commande"):
            write_as_planned([Wanted(tmp_path / "a.csv", b"")], force=False)
        assert at_work.exists()
    assert list(tmp_path.iterdir()) == [own]


def test_folder_where_a_file_is_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(OutputError) as refused:
            make_folder(path)
        assert "fichier" in str(refused.value)
    make_folder(tmp_path / "new" / "below")
    make_folder(tmp_path / "new" / "below")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
def test_a_workbook_that_the_disk_refuses_is_an_error_of_the_system_and_nothing_else() -> None:
    """A zip that is left half written says so once more when Python discards it; the tests fail of such warnings."""
    with (
        open("/dev/full", "wb", buffering=0) as file,  # noqa: PTH123
        pytest.raises(OSError, match="No space left") as refused,
        xlsx_writer(file, {"constant_memory": True}) as workbook,
    ):
        workbook.add_worksheet("Liste").write_string(0, 0, "Armentières")
    del refused
    gc.collect()
