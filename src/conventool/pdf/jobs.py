"""What is asked of the converter, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from conventool.core.problems import Problem

__all__ = ["Annex", "Job", "Result", "SignatureField"]


@dataclass(frozen=True, slots=True)
class Annex:
    """A PDF file to put behind a document.

    Attributes:
        path: where it is.
        title: its bookmark.
        links: whether its links to the web and to mail stay.
    """

    path: Path
    title: str
    links: bool = True


@dataclass(frozen=True, slots=True)
class SignatureField:
    """An empty signature field to put into a PDF.

    Attributes:
        name: by which platforms know it: ``1_collectivite``.
        text: of the document, printed once, below which it goes: what the block of its signatory says.
        label: what a reader is told of it.
    """

    name: str
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Job:
    """One document to convert.

    Attributes:
        document: the bytes of the Word document, or where it is; a file stays there until the run is over.
        target: where the PDF goes; the folder exists, a file that stands there is replaced.
        title: the PDF's title; without it the document's own, else the target's name.
        pages: how many pages the document must have, where that is known; annexes not counted.
        annexes: what is put behind it.
        fields: the signature fields that it gets, if it has their texts.
    """

    document: bytes | Path
    target: Path
    title: str | None = None
    pages: int | None = None
    annexes: tuple[Annex, ...] = ()
    fields: tuple[SignatureField, ...] = ()

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
        again: whether the job was told of before: its PDF was made of another copy's, and is now converted instead.
    """

    job: Job
    problems: tuple[Problem, ...] = ()
    pages: int | None = None
    sha256: str = ""
    size: int = 0
    again: bool = False

    @property
    def done(self) -> bool:
        """Is the PDF in place?"""
        return self.pages is not None
