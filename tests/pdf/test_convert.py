"""Whatever LibreOffice does: each document is a sound PDF in its place, or a problem; the rest goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pytest

from conventool.core.errors import ExitCode, OutputError, ProgramError
from conventool.pdf.convert import convert
from conventool.pdf.jobs import Job, Result
from conventool.pdf.profiles import Profile

from .conftest import FakeOffice, make_docx, paragraph

pytestmark = pytest.mark.usefixtures("scratch_root")


def job(folder: Path, name: str, text: str, pages: int | None = None) -> Job:
    return Job(make_docx(paragraph(text)), folder / f"{name}.pdf", pages=pages)


def said(path: Path) -> str:
    """The text of the document that a PDF of the fake was made from."""
    with pikepdf.open(path) as pdf:
        return str(pdf.docinfo["/Subject"])


def run(fake: FakeOffice, jobs: list[Job], workers: int = 1) -> dict[str, Result]:
    results = {result.job.target.stem: result for result in convert(jobs, jobs=workers, office=fake.office)}
    assert fake.left_behind() == []
    assert len(results) == len(jobs)
    return results


def test_each_document_is_in_its_place_and_told(fake: FakeOffice, tmp_path: Path, scratch_root: Path) -> None:
    """Results tell where, how many pages, how many bytes; nothing else stays behind."""
    jobs = [job(tmp_path, f"d{n}", f"Texte {n}") for n in range(5)]
    results = list(convert(jobs, office=fake.office))
    assert [(r.job, r.pages, r.problems) for r in results] == [(j, 1, ()) for j in jobs]
    assert [r.size for r in results] == [j.target.stat().st_size for j in jobs]
    assert [said(j.target) for j in jobs] == [f"Texte {n}" for n in range(5)]
    assert list(scratch_root.iterdir()) == []
    assert sorted(p.name for p in tmp_path.glob("*.pdf")) == [f"d{n}.pdf" for n in range(5)]


@pytest.mark.slow
@pytest.mark.parametrize("mood", ["CRASH 1", "CRASH 255", "CRASH 137", "HANG", "NOTHING", "RUBBISH", "EMPTY", "FORM",
                                  "PLAIN", "UNTAGGED", "LOOSE"])  # fmt: skip
def test_a_document_that_fails_twice_is_a_problem_and_the_rest_goes_on(
    fake: FakeOffice, tmp_path: Path, mood: str
) -> None:
    results = run(fake, [job(tmp_path, f"d{n}", mood if n == 2 else f"Texte {n}") for n in range(5)])
    assert {name for name, result in results.items() if result.done} == {"d0", "d1", "d3", "d4"}
    (problem,) = results["d2"].problems
    assert problem.code == "conversion-failed"
    assert problem.place.file == str(tmp_path / "d2.docx")
    assert not (tmp_path / "d2.pdf").exists()
    assert [said(tmp_path / f"d{n}.pdf") for n in (0, 1, 3, 4)] == [f"Texte {n}" for n in (0, 1, 3, 4)]


@pytest.mark.parametrize("mood", ["CRASH 137", "HANG", "NOTHING", "RUBBISH"])
def test_a_document_that_fails_once_is_tried_again_alone(fake: FakeOffice, tmp_path: Path, mood: str) -> None:
    results = run(fake, [job(tmp_path, f"d{n}", f"{mood} ONCE" if n == 1 else "Texte") for n in range(4)])
    assert all(result.done for result in results.values())
    assert ("worker-0", 1) in fake.calls


@pytest.mark.slow
def test_several_documents_at_fault_in_one_batch(fake: FakeOffice, tmp_path: Path) -> None:
    texts = ["CRASH 1", "Un", "HANG", "RUBBISH", "Deux", "CRASH 255", "NOTHING", "Trois"]
    results = run(fake, [job(tmp_path, f"d{n}", text) for n, text in enumerate(texts)])
    assert [result.done for _, result in sorted(results.items())] == [text[0] in "UDT" for text in texts]


def test_a_document_that_is_none_never_reaches_libreoffice(fake: FakeOffice, tmp_path: Path) -> None:
    """LibreOffice makes a page of rubbish of a text file that is called .docx."""
    (tmp_path / "texte.docx").write_text("bonjour", encoding="utf-8")
    jobs = [Job(tmp_path / "texte.docx", tmp_path / "a.pdf"), Job(tmp_path / "absent.docx", tmp_path / "b.pdf"),
            job(tmp_path, "c", "Texte")]  # fmt: skip
    results = run(fake, jobs)
    assert [p.code for name in "ab" for p in results[name].problems] == ["unreadable", "unreadable"]
    assert results["c"].done
    assert fake.calls == [("worker-0", 1)]


def test_a_wrong_number_of_pages_is_a_problem(fake: FakeOffice, tmp_path: Path) -> None:
    results = run(fake, [job(tmp_path, "a", "Texte", pages=1), job(tmp_path, "b", "Texte", pages=5)])
    assert results["a"].done
    assert "5" in results["b"].problems[0].message


def test_documents_that_are_all_at_fault_are_no_fault_of_libreoffice(fake: FakeOffice, tmp_path: Path) -> None:
    """Each says what it has; the run goes on to the last."""
    results = run(fake, [job(tmp_path, f"d{n}", "Texte", pages=5) for n in range(6)])
    assert {problem.code for result in results.values() for problem in result.problems} == {"conversion-failed"}
    assert all("au lieu de 5" in result.problems[0].message for result in results.values())


def test_a_new_profile_may_ask_to_start_again(
    fake: FakeOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_81", "1")
    results = run(fake, [job(tmp_path, f"d{n}", "Texte") for n in range(3)])
    assert all(result.done for result in results.values())
    assert fake.calls == [("worker-0", 3), ("worker-0", 3)]


@pytest.mark.slow
def test_more_documents_than_one_call_can_take(fake: FakeOffice, tmp_path: Path) -> None:
    """Each worker has a profile of its own and keeps it; no call is given more than LibreOffice can take."""
    results = run(fake, [job(tmp_path, f"d{n}", f"Texte {n}") for n in range(520)], workers=2)
    assert all(result.done for result in results.values())
    assert all(said(tmp_path / f"d{n}.pdf") == f"Texte {n}" for n in range(520))
    assert {home for home, _ in fake.calls} == {"worker-0", "worker-1"}
    assert sum(count for _, count in fake.calls) == 520
    assert max(count for _, count in fake.calls) <= 100
    assert len(fake.calls) <= 10


@pytest.mark.slow
def test_the_last_documents_are_shared_evenly(
    fake: FakeOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No worker is idle while another has a full call before it; the first calls are short, so that all soon begin."""
    monkeypatch.setenv("FAKE_SECONDS", "0.02")
    run(fake, [job(tmp_path, f"d{n}", f"Texte {n}") for n in range(300)], workers=2)
    first, second = (sum(count for home, count in fake.calls if home == f"worker-{n}") for n in range(2))
    assert first + second == 300
    assert abs(first - second) < 100


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="there is no folder in memory")
def test_libreoffice_works_in_memory_where_there_is_room(
    fake: FakeOffice, tmp_path: Path, scratch_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for a temporary folder that somebody chose; nothing stays in either."""
    cases = [
        (0, Path("/tmp"), Path("/dev/shm")),
        (1 << 60, Path("/tmp"), Path("/tmp")),
        (0, scratch_root, scratch_root),
    ]
    monkeypatch.delenv("TMPDIR", raising=False)
    for room, temporary, expected in cases:
        monkeypatch.setattr("conventool.files.scratch._ENOUGH", room)
        monkeypatch.setattr("tempfile.tempdir", str(temporary))
        assert run(fake, [job(tmp_path, "a", "Texte")])["a"].done
        home = Path((fake.state / "home").read_text(encoding="utf-8"))
        assert home.is_relative_to(expected)
        assert not home.parents[1].exists()


def test_two_documents_of_one_name(fake: FakeOffice, tmp_path: Path) -> None:
    jobs = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        source = tmp_path / folder / "convention é à.docx"
        source.write_bytes(make_docx(paragraph(f"Du dossier {folder}")))
        jobs.append(Job(source, source.with_suffix(".pdf")))
    assert [result.done for result in convert(jobs, office=fake.office)] == [True, True]
    assert [said(j.target) for j in jobs] == ["Du dossier a", "Du dossier b"]


@pytest.mark.slow
@pytest.mark.parametrize("mood", ["CRASH 1", "HANG", "NOTHING", "RUBBISH"])
def test_a_libreoffice_that_never_makes_anything_ends_the_run(
    fake: FakeOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mood: str
) -> None:
    """It would take hours to learn that of each document."""
    monkeypatch.setenv("FAKE_ALL", mood)
    with pytest.raises(ProgramError) as caught:
        list(convert([job(tmp_path, f"d{n}", "Texte") for n in range(50)], jobs=2, office=fake.office))
    assert caught.value.exit_code == ExitCode.OUTSIDE_PROGRAM
    assert [problem.code for problem in caught.value.problems] == ["office-failed"]
    assert len(fake.calls) <= 6
    assert fake.left_behind() == []


@pytest.mark.slow
def test_a_full_temporary_folder_is_told(fake: FakeOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """LibreOffice says of it only that it cannot write."""
    monkeypatch.setenv("FAKE_ALL", "NOTHING")
    monkeypatch.setattr("conventool.pdf.pool.disk_usage", lambda _: SimpleNamespace(free=4096))
    with pytest.raises(ProgramError) as caught:
        list(convert([job(tmp_path, f"d{n}", "Texte") for n in range(9)], office=fake.office))
    assert "TMPDIR" in (caught.value.problems[0].hint or "")


def test_documents_are_taken_as_the_work_goes_on(fake: FakeOffice, tmp_path: Path) -> None:
    """Memory and scratch space do not grow with the list."""
    made = 0

    def documents() -> Iterator[Job]:
        nonlocal made
        for n in range(700):
            made += 1
            yield job(tmp_path, f"d{n}", "Texte")

    results = convert(documents(), office=fake.office)
    next(results)
    assert made < 500
    results.close()  # type: ignore[attr-defined]
    assert fake.left_behind() == []


def test_what_the_maker_of_documents_raises_comes_out(fake: FakeOffice, tmp_path: Path, scratch_root: Path) -> None:
    def documents() -> Iterator[Job]:
        for n in range(200):
            yield job(tmp_path, f"d{n}", "Texte")
        raise OutputError

    with pytest.raises(OutputError):
        list(convert(documents(), office=fake.office))
    assert fake.left_behind() == []
    assert list(scratch_root.iterdir()) == []


def test_a_target_that_cannot_be_written_ends_the_run(fake: FakeOffice, tmp_path: Path) -> None:
    jobs = [job(tmp_path, "a", "Texte"), Job(make_docx(paragraph("Texte")), tmp_path / "absent" / "b.pdf")]
    with pytest.raises(OutputError):
        list(convert(jobs, office=fake.office))
    assert fake.left_behind() == []


def test_the_same_document_gives_the_same_bytes(fake: FakeOffice, tmp_path: Path) -> None:
    """Whenever it is converted: its date is the document's."""
    jobs = [Job(make_docx(paragraph("Texte")), tmp_path / f"{name}.pdf", title="Convention") for name in "ab"]
    list(convert(jobs[:1], office=fake.office))
    list(convert([job(tmp_path, "c", "Autre"), *jobs[1:]], office=fake.office))
    assert jobs[0].target.read_bytes() == jobs[1].target.read_bytes()
    with pikepdf.open(jobs[0].target) as pdf:
        assert pdf.docinfo["/CreationDate"] == "D:20260301100000Z"


INTERRUPTED = """
import sys
from pathlib import Path
from conventool.pdf.convert import convert
from conventool.pdf.jobs import Job
folder = Path(sys.argv[1])
jobs = (Job(path, path.with_suffix(".pdf")) for path in sorted(folder.glob("*.docx")))
try:
    for result in convert(jobs, jobs=2):
        print(result.job.target.name, flush=True)
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.slow
@pytest.mark.parametrize("after", [0, 1, 7])
def test_an_interruption_leaves_nothing_torn_and_no_process(
    fake: FakeOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scratch_root: Path, after: int
) -> None:
    """Ctrl-C at the start and in the middle; the same command again then completes the work."""
    folder = tmp_path / "out"
    folder.mkdir()
    for n in range(40):
        (folder / f"d{n:02}.docx").write_bytes(make_docx(paragraph(f"Texte {n:02}")))
    (folder / "d00.pdf").write_bytes(b"the one that was there before")
    monkeypatch.setenv("FAKE_SECONDS", "0.1")
    monkeypatch.setenv("TMPDIR", str(scratch_root))
    command = [sys.executable, "-c", INTERRUPTED, str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    if after == 0:
        while not (fake.state / "calls").exists():
            time.sleep(0.02)
    told = [process.stdout.readline().strip() for _ in range(after)]
    os.kill(process.pid, signal.SIGINT)
    rest, _ = process.communicate(timeout=20)
    told += rest.split()
    assert process.returncode == 130
    assert fake.left_behind() == []
    assert list(scratch_root.iterdir()) == []
    there = {path.name for path in folder.glob("*.pdf")}
    assert set(told) <= there
    assert there - {"d00.pdf"} < {f"d{n:02}.pdf" for n in range(40)}
    assert {path.suffix for path in folder.iterdir()} == {".docx", ".pdf"}
    for name in there - {"d00.pdf"}:
        assert said(folder / name) == f"Texte {name[1:3]}"
    monkeypatch.setenv("FAKE_SECONDS", "0")
    again = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert len(again.stdout.split()) == 40
    assert [said(folder / f"d{n:02}.pdf") for n in range(40)] == [f"Texte {n:02}" for n in range(40)]


@pytest.mark.parametrize("profile", [Profile.PDF, Profile.PDFA_3B])
def test_the_profile_asked_for_is_checked(fake: FakeOffice, tmp_path: Path, profile: Profile) -> None:
    """The fake claims part 2 whatever it is asked."""
    (result,) = convert([job(tmp_path, "a", "Texte")], profile=profile, office=fake.office)
    assert result.done is (profile is Profile.PDF)
