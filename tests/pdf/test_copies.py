"""Which copies LibreOffice converts, which are made of another's PDF, and which are compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest

from conventool.core.problems import Problem
from conventool.pdf.copies import Copies
from conventool.pdf.mark import MarkChange, rewrite
from conventool.pdf.tasks import Task

from .test_mark import content, make

ALL = "xABC"
rewriting = rewrite


@dataclass
class Office:
    """What the pool is to the copies; it "converts" by handing in the PDF that a test gives.

    Attributes:
        folder: of the PDF files.
        converted: the documents that LibreOffice got.
        results: by document, the PDF put in place.
    """

    folder: Path
    converted: list[str] = field(default_factory=list)
    results: dict[str, bytes] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.copies = Copies(self, SimpleNamespace(task=self._task))  # type: ignore[arg-type]
        self._pdfs: dict[str, bytes] = {}
        self._waiting: list[Any] = []

    def convert(self, pdfs: dict[str, bytes]) -> None:
        """Admit documents, named by adherent and copy, then convert those that must be."""
        self._pdfs |= pdfs
        self.put([task for task in map(self._task, pdfs) if self.copies.admit(task)])
        while self._waiting:
            task = self._waiting.pop(0)
            file = self.folder / "made.pdf"
            file.write_bytes(self._pdfs[task.job.name])
            if not self.copies.made(task, file):
                self.finish(task, self._pdfs[task.job.name])

    def _task(self, name: str | Any) -> Task:
        job = SimpleNamespace(name=name) if isinstance(name, str) else name
        adherent, copy = job.name.split("-")
        printed = SimpleNamespace(body=adherent.encode(), margins=copy.encode())
        return Task(job, printed, self.folder / "source")  # type: ignore[arg-type]

    def put(self, tasks: list[Task]) -> None:
        """What LibreOffice is to convert."""
        self.converted += [task.job.name for task in tasks]
        self._waiting += tasks

    def expect(self, number: int) -> None:
        """More results."""

    def finish(self, task: Task, data: bytes, *problems: Problem) -> None:
        """Put in place what was converted."""
        self.results[task.job.name] = data
        self.problems += [problem.code for problem in problems]

    def rewrite(self, task: Task, data: bytes, change: MarkChange) -> bool:
        """Put in place what is made of another PDF."""
        with pikepdf.open(BytesIO(data)) as pdf:
            done = rewriting(pdf, change)
            if done:
                self.results[task.job.name] = saved(pdf)
        return done


def saved(pdf: pikepdf.Pdf) -> bytes:
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


def copy(mark: str, codes: str = ALL, behind: str = "") -> bytes:
    """The PDF of a copy; ``behind`` its mark lies a drawing that is not in the lines of its page."""
    pdf = make(content(mark, 0, codes) + b"/Behind Do\n", codes=codes)
    resources = pdf.pages[0].obj.Resources
    resources.XObject = pikepdf.Dictionary(Behind=pdf.make_stream(
        behind.encode(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 600, 800],
        Resources=pikepdf.Dictionary(Font=resources.Font),
    ))  # fmt: skip
    return saved(pdf)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_the_second_copies_are_made_of_the_first(office: Office) -> None:
    """One teaches, one is compared, the others are not converted."""
    office.convert({f"{n}-{mark}": copy(mark) for n in range(6) for mark in ("AB", "BC")})
    assert [name for name in office.converted if name.endswith("BC")] == ["0-BC", "1-BC"]
    assert len(office.results) == 12


@pytest.mark.parametrize(("first", "other"), [
    ("100 100 200 200 re f", "300 300 200 200 re f"),
    ("3 Tr BT /F1 9 Tf 50 90 Td <02>Tj ET", "3 Tr BT /F1 9 Tf 50 90 Td <03>Tj ET"),
], ids=["drawn", "read"])  # fmt: skip
def test_a_change_that_makes_another_pdf_is_not_learned(office: Office, first: str, other: str) -> None:
    """A watermark names the copy too, or a text that nobody sees: that of an only adherent is right all the same."""
    pdfs = {"0-AB": copy("AB", behind=first), "0-BC": copy("BC", behind=other)}
    office.convert(pdfs)
    assert office.results == pdfs
    assert not office.problems


def test_a_copy_that_cannot_be_made_so_is_no_sample(office: Office) -> None:
    """The font of the second adherent lacks a letter: the third is the first that could be made, and is compared."""
    office.convert({f"0-{mark}": copy(mark) for mark in ("AB", "BC")})
    office.convert({"1-AB": copy("AB", codes="xAB"), "1-BC": copy("BC")})
    office.convert({f"2-{mark}": copy(mark) for mark in ("AB", "BC")})
    office.convert({f"3-{mark}": copy(mark) for mark in ("AB", "BC")})
    assert [name for name in office.converted if name.endswith("BC")] == ["0-BC", "1-BC", "2-BC"]


def test_a_sample_that_differs_has_all_made_again(office: Office) -> None:
    """A drawing of the second adherent depends on its copy; the first's was made of another's PDF, and is again."""
    taught = {f"0-{mark}": copy(mark) for mark in ("AB", "BC")}
    office.convert(taught)
    assert office.results["0-BC"] != taught["0-BC"]
    pdfs = {
        "1-AB": copy("AB"),
        "1-BC": copy("BC", behind="300 300 200 200 re f"),
        "2-AB": copy("AB"),
        "2-BC": copy("BC"),
    }
    office.convert(pdfs)
    assert office.results == taught | pdfs
    assert office.problems == ["copies-converted"]


@pytest.mark.parametrize(("right", "codes"), [(0, []), (2, ["copies-converted"])], ids=["always", "later"])
def test_a_faulty_writer_is_found(
    office: Office, monkeypatch: pytest.MonkeyPatch, right: int, codes: list[str]
) -> None:
    """It leaves the mark out: at once, and nothing is made by it; or later, and all is made again."""
    calls = 0

    def spoil(pdf: pikepdf.Pdf, change: MarkChange) -> bool:
        nonlocal calls
        calls += 1
        done = rewrite(pdf, change)
        if calls > right:
            page = pdf.pages[0].Contents
            page.write(page.read_bytes().replace(b"50 30 Td", b"50 -99 Td"))
        return done

    monkeypatch.setattr("conventool.pdf.copies.rewrite", spoil)
    monkeypatch.setattr(f"{__name__}.rewriting", spoil)
    pdfs = {f"{n}-{mark}": copy(mark) for n in range(5) for mark in ("AB", "BC")}
    for n in range(5):
        office.convert({name: pdf for name, pdf in pdfs.items() if name.startswith(f"{n}-")})
    assert office.results == pdfs
    assert office.problems == codes
