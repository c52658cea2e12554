"""Returned documents as stories, whatever their format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from functools import cached_property
from pathlib import Path
from typing import Protocol

from conventool.core.errors import UnreadableError
from conventool.core.problems import Place, Problem, Severity
from conventool.files.documents_in import OTHER_FORMATS, RETURNED
from conventool.returned.confusables import skeleton
from conventool.returned.pdf_pages import Page
from conventool.returned.template_pattern import TemplatePattern
from conventool.text.stories import Story, squeezed
from conventool.word.foreign import Foreign
from conventool.word.foreign_package import foreign_content
from conventool.word.package import Package
from conventool.word.stories import read_stories

__all__ = ["SAVE_AS", "Reading", "Returned", "ScannedError", "left_aside", "page_sign"]

_WORD_FORMATS = re.compile(r"\.do[ct][xm]", re.IGNORECASE)
SAVE_AS = "Ouvrez-le et enregistrez-le au format .docx, ou demandez un PDF."
"""What to do with a file of another format."""
_LEAST_SIGN = 8


def left_aside(path: Path, code: str, done: str) -> Problem:
    """Tell of a file beside documents that nobody opens: of another format, hidden, or a link that leads nowhere.

    Args:
        path: of the file.
        code: of the problem.
        done: what was not done with it, in French: "lu".
    """
    why, hint = "il n’est ni un .docx ni un PDF", SAVE_AS
    if path.is_symlink() and not path.exists():
        why, hint = "c’est un lien qui ne mène nulle part", "Donnez le fichier."
    elif path.exists() and not path.is_file():
        why, hint = "ce n’est pas un fichier ordinaire", "Donnez le document lui-même."
    elif path.suffix.lower() in RETURNED and path.name.startswith("."):
        why, hint = "il est caché", "Renommez-le, si c’est un document revenu."
    message, place = f"Ce fichier n’a pas été {done} : {why}.", Place(file=str(path))
    return Problem(code, message, hint, place=place, severity=Severity.WARNING)


class Reading(Protocol):
    """A document as a template tells its texts apart."""

    @property
    def stories(self) -> tuple[Story, ...]:
        """The body first."""
        ...

    @property
    def foreign(self) -> tuple[Foreign, ...]:
        """What it draws besides its text."""
        ...


class Returned:
    """A document that came back.

    Args:
        path: where it is.
        sent: the PDF that was sent, where the document is one and that is there.
        word_file: what LibreOffice saved it as, where it is of another word processor.

    Raises:
        UnreadableError: it cannot be read, or must not be trusted.
    """

    def __init__(self, path: Path, sent: Path | None = None, word_file: Path | None = None) -> None:
        file = word_file or path
        self.path, self._sent = path, sent
        self._pages: list[Page] | None = None
        self._package: Package | None = None
        if path.suffix.lower() == ".pdf":
            self._word: tuple[Story, ...] = ()
            self._pages = _pages_with_text(path, sent)
        elif OTHER_FORMATS.fullmatch(file.suffix) and not _WORD_FORMATS.fullmatch(file.suffix):
            message = f"Ce fichier ({path.suffix.lower()}) n’est ni un .docx ni un PDF."
            raise UnreadableError(Problem("unreadable", message, SAVE_AS, place=Place(file=str(path))))
        else:
            self._package = Package.open(file)
            self._word = read_stories(self._package)

    @cached_property
    def _text(self) -> str:
        """All that it says, hidden or not."""
        if self._pages is not None:
            return "\n".join(page.text for page in self._pages)
        hidden = (mark.text for story in self._word for mark in story.marks if mark.kind == "hidden")
        return "\n".join([*(story.text for story in self._word), *hidden])

    @cached_property
    def key(self) -> str:
        """Its text without white space."""
        return squeezed(self._text)

    @property
    def is_word(self) -> bool:
        """Whether it is a Word document."""
        return self._package is not None

    @property
    def pages(self) -> Sequence[Page]:
        """Of a PDF; a Word document has none."""
        return self._pages or ()

    def parted(self, templates: Sequence[TemplatePattern]) -> Iterator[tuple[Returned, Sequence[TemplatePattern]]]:
        """A PDF by its pieces, each with the templates that it may have been filled from.

        Args:
            templates: all of them. A page is of a piece that follows another if it bears its header or its footer.

        Yields:
            What is of no such piece, then the pages of each; a Word document, or one of such a piece alone, as it is.
        """
        pages = self._pages or []
        following = [one for one in templates if one.folder.manifest.suit] if pages else []
        signs = {sign: one for one in following if (sign := page_sign(one))}
        whose = {page.number: one for page in pages for sign, one in signs.items() if sign in squeezed(page.text)}
        if not whose:
            yield self, templates
            return
        if rest := [page for page in pages if page.number not in whose]:
            yield self.only(rest), templates
        for one in signs.values():
            if own := [page for page in pages if whose.get(page.number) is one]:
                yield self.only(own), [one]

    def only(self, pages: Iterable[Page]) -> Returned:
        """The same PDF as if it had these pages alone."""
        part = copy(self)
        part._pages = list(pages)  # noqa: SLF001 (its own)
        for name in ("_text", "key", "words"):
            part.__dict__.pop(name, None)
        return part

    def beside(self, sent: Path) -> Returned:
        """The same beside the PDF that was sent, whose pages are counted from the first of these."""
        part = copy(self)
        part._sent = sent  # noqa: SLF001 (its own)
        part.__dict__.pop("_sent_pages", None)
        for page, own in zip(part._sent_pages, self.pages, strict=False):  # noqa: SLF001
            page.number = own.number
        return part

    def read(self, template: TemplatePattern) -> Reading:
        """Its stories, before any tracked change, and what it draws besides them."""
        if self._pages is None:
            return self
        from conventool.returned.pdf_layout import PdfLayout  # noqa: PLC0415 (for PDFs only)

        return PdfLayout(self.path, self._pages, template, self._sent_pages)

    @property
    def is_drawn_as_sent(self) -> bool:
        """Whether it is a PDF that shows what the one sent shows, to the last pixel."""
        if self._pages is None or self._sent is None:
            return False
        from conventool.returned.page_comparison import is_drawn_alike  # noqa: PLC0415 (for PDFs only)

        return is_drawn_alike(self.path, self._pages, self._sent, self._sent_pages)

    @cached_property
    def _sent_pages(self) -> list[Page]:
        from conventool.returned.pdf_opening import read_pdf  # noqa: PLC0415 (for PDFs only)

        return read_pdf(self._sent) if self._sent else []

    @property
    def stories(self) -> tuple[Story, ...]:
        """Of a Word document; those of a PDF are told apart by its template."""
        return self._word

    @cached_property
    def foreign(self) -> tuple[Foreign, ...]:
        """What a Word document draws besides its text."""
        return tuple(foreign_content(self._package)) if self._package else ()

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words, by how they are drawn."""
        return frozenset(map(skeleton, re.findall(r"\w+", self._text)))

    @cached_property
    def accepted(self) -> tuple[Story, ...] | None:
        """Its stories with tracked changes accepted, None where there are none."""
        if self._package is None or not any(
            mark.author or mark.kind in {"inserted", "deleted"} for s in self._word for mark in s.marks
        ):
            return None
        return read_stories(self._package, accepted=True)


class ScannedError(UnreadableError):
    """A PDF is made of pictures of pages, without any text."""


def _pages_with_text(path: Path, sent: Path | None) -> list[Page]:
    """The pages of a PDF.

    Raises:
        ScannedError: it holds pictures of pages only.
        UnreadableError: it cannot be read, or says nothing.
    """
    from conventool.returned.pdf_foreign import SCANNED  # noqa: PLC0415 (for PDFs only)
    from conventool.returned.pdf_opening import read_pdf, unreadable  # noqa: PLC0415 (for PDFs only)

    pages = read_pdf(path, sent)
    if any(page.text_layer.strip() for page in pages):
        return pages
    if scanned := [page.number for page in pages if page.is_scanned]:
        hint = "Relisez-la à côté de la page attendue (--images), ou demandez le fichier d’origine."
        place = Place(file=str(path))
        raise ScannedError(
            *(Problem("scanned", f"Page {number} : {SCANNED}.", hint, place=place) for number in scanned)
        )
    raise unreadable(path, "Ce PDF n’a pas de couche de texte.", "Demandez le fichier d’origine.")


def page_sign(template: TemplatePattern) -> str:
    """What each page of a document bears: the longest fixed words of its header or its footer, without white space."""
    edges = (
        passage.key for story in template.stories if story.kind in {"header", "footer"} for passage in story.passages
    )
    words = (piece for key in edges for piece in re.split(r"\0|(?<!\w)\d+/\d+", key))
    found = max(words, key=len, default="")
    found = found.rstrip("/")  # what stands between the number of the page and that of all
    return found if len(found) >= _LEAST_SIGN else ""
