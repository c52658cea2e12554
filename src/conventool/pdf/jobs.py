"""What is asked of the converter, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from conventool.core.problems import Problem

__all__ = ["Annex", "Job", "Profile", "Result"]


class Profile(StrEnum):
    """The kinds of PDF that can be asked for; all are tagged, with their fonts in them."""

    PDFA_2B = "pdfa-2b"
    """ISO 19005-2, level B: what archives and the préfecture's platform take."""
    PDFA_3B = "pdfa-3b"
    """ISO 19005-3, level B: the same, where a platform wants part 3."""
    PDFA_2B_UA = "pdfa-2b-ua"
    """ISO 19005-2, level B, and ISO 14289-1: accessible, and says so."""
    PDF = "pdf"
    """Plain PDF."""

    @property
    def part(self) -> int | None:
        """The part of ISO 19005 it claims, None for plain PDF."""
        return {"pdfa-2b": 2, "pdfa-2b-ua": 2, "pdfa-3b": 3}.get(self.value)

    @property
    def accessible(self) -> bool:
        """Does it claim PDF/UA?"""
        return self is Profile.PDFA_2B_UA


@dataclass(frozen=True, slots=True)
class Annex:
    """A PDF file to put behind a document.

    Attributes:
        path: where it is.
        title: its bookmark.
    """

    path: Path
    title: str


@dataclass(frozen=True, slots=True)
class Job:
    """One document to convert.

    Attributes:
        document: the bytes of the Word document, or where it is.
        target: where the PDF goes; the folder exists, a file that stands there is replaced.
        title: the PDF's title; without it the document's own, else the target's name.
        pages: how many pages the document must have, where that is known; annexes not counted.
        annexes: what is put behind it.
    """

    document: bytes | Path
    target: Path
    title: str | None = None
    pages: int | None = None
    annexes: tuple[Annex, ...] = ()

    @property
    def name(self) -> str:
        """How messages call the document."""
        return str(self.document if isinstance(self.document, Path) else self.target.with_suffix(".docx"))


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a job.

    Attributes:
        job: the job.
        problems: why there is no PDF, or what a person should look at in it.
        pages: pages of the PDF, annexes included; None if there is none.
        sha256: of its bytes, in hexadecimal.
        size: its number of bytes.
    """

    job: Job
    problems: tuple[Problem, ...] = ()
    pages: int | None = None
    sha256: str = ""
    size: int = 0

    @property
    def done(self) -> bool:
        """Is the PDF in place?"""
        return self.pages is not None
