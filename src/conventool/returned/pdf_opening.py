"""Opening a PDF: locked, damaged, far too large or nameless ones refused, its pages turned upright."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from math import degrees
from pathlib import Path
from typing import Any

from conventool.core.errors import UnreadableError, reason
from conventool.core.problems import Place, Problem
from conventool.returned.pdf_pages import Page

__all__ = ["opened", "read_pdf", "unreadable"]

_ASKED = 60
"""Characters of a page that are asked how they are turned."""


def read_pdf(path: Path, sent: Path | None = None) -> list[Page]:
    """The pages of a PDF, turned upright, its letters named where its fonts do not name them.

    Args:
        path: of the PDF.
        sent: the PDF that was sent, where it is there: what its fonts draw is known.

    Raises:
        UnreadableError: the file is no sound PDF, or is locked, or its letters are without a name.
    """
    import pikepdf  # noqa: PLC0415 (a library of several megabytes, for PDFs only)
    import pypdfium2  # noqa: PLC0415 (likewise)

    try:
        pages, turns, file = _opened_upright(path, sent)
    except OSError as error:
        raise unreadable(path, f"Ce PDF ne peut pas être lu ({reason(error)}).", None) from error
    except pikepdf.PdfError as error:
        hint = "Donnez-en une copie intacte."
        raise unreadable(path, "Ce fichier n’est pas un PDF, ou il est abîmé.", hint) from error
    except pypdfium2.PdfiumError as error:
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise unreadable(
                path, "Ce PDF est protégé par un mot de passe.", "Donnez-en une copie sans mot de passe."
            ) from error
        hint = "Donnez-en une copie intacte."
        raise unreadable(path, "Ce fichier n’est pas un PDF, ou il est abîmé.", hint) from error
    numbered = enumerate(zip(pages, turns, strict=True), 1)
    return [Page(number, page, is_turned=bool(turn), file=file) for number, (page, turn) in numbered]


def _opened_upright(path: Path, sent: Path | None) -> tuple[list[Any], list[int], Path | bytes]:
    """The pages of a PDF, upright, its letters named; how each was turned; the file that they were read from.

    Raises:
        UnreadableError: it is too large, or its letters are without a name.
        OSError, PdfError, PdfiumError: it cannot be read.
    """
    from conventool.pdf.limits import is_excessive  # noqa: PLC0415 (for PDFs only)

    if is_excessive(path):  # it says too why the file cannot be opened, which PDFium does not
        hint = "Demandez-en une copie imprimée au format PDF, ou numérisée."
        raise unreadable(path, "Ce PDF est démesuré une fois décompressé.", hint)
    pages = _pages_of(path)
    texts = [page.get_textpage() for page in pages]
    file = _named(path, texts, sent)
    if file is not path:
        pages = _pages_of(file)
        texts = [page.get_textpage() for page in pages]
    turns = list(map(_turn, pages, texts))
    _count_again(path, len(pages))
    if any(turns) or not all(map(_is_plain, pages)):
        file = _upright(file, turns)
        pages = _pages_of(file)
    return pages, turns, file


def _pages_of(file: Path | bytes) -> list[Any]:
    """The pages of a PDF as PDFium has them; it draws the form fields of those alone that are loaded after its forms.

    Raises:
        PdfiumError: it cannot be read.
    """
    import pypdfium2  # noqa: PLC0415 (for PDFs only)

    document = pypdfium2.PdfDocument(file)
    if document.get_formtype():
        document.init_forms()
    return list(document)


def _named(path: Path, texts: Iterable[Any], sent: Path | None) -> Path | bytes:
    """A PDF, with names for its letters where its fonts do not name them.

    Args:
        path: of the PDF.
        texts: of its pages, as PDFium has them.
        sent: the PDF that was sent, where it is there.

    Raises:
        UnnamedLettersError: some letters are not known.
    """
    from conventool.returned.font_names import has_names, unnamed_letters, with_names  # noqa: PLC0415 (it reads pages)

    if has_names("".join(text.get_text_range() for text in texts)):
        return path
    named = with_names(path, sent)
    if named is None:
        return path
    if problem := unnamed_letters(path, named):
        raise problem
    return named


def _count_again(path: Path, count: int) -> None:
    """Hold the number of pages that PDFium finds against that of another program: a page tree may say two.

    Raises:
        UnreadableError: they are not the same.
    """
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    with pikepdf.open(path) as pdf:
        if len(pdf.pages) != count:
            message = f"Ce PDF a {count} pages pour un programme, et {len(pdf.pages)} pour un autre."
            raise unreadable(path, message, "Demandez-en une copie imprimée au format PDF, ou numérisée.")


def opened(file: Path | bytes) -> Path | BytesIO:
    """A file on the disk or in memory, as libraries open it."""
    return file if isinstance(file, Path) else BytesIO(file)


def unreadable(path: Path, message: str, hint: str | None) -> UnreadableError:
    """The error for a file that cannot be read."""
    return UnreadableError(Problem("unreadable", message, hint, place=Place(file=str(path))))


def _turn(page: Any, text: Any) -> int:
    """By how many degrees a page must be turned clockwise for its text to run from left to right."""
    import pypdfium2.raw as pdfium  # noqa: PLC0415 (for PDFs only)

    count = text.count_chars()
    angles = Counter(
        round(-degrees(pdfium.FPDFText_GetCharAngle(text, index)) / 90) % 4 * 90
        for index in range(0, count, max(count // _ASKED, 7))
        if not chr(pdfium.FPDFText_GetUnicode(text, index)).isspace()
    )
    return angles.most_common(1)[0][0] if angles else int(page.get_rotation())


def _is_plain(page: Any) -> bool:
    """Whether a page is shown as it is described: whole, from its lower left corner, not turned."""
    shown = page.get_cropbox()
    return shown == page.get_mediabox() and tuple(shown[:2]) == (0, 0) and not page.get_rotation()


def _upright(file: Path | bytes, turns: Sequence[int]) -> bytes:
    """The file with its pages drawn upright, as much of them as is shown, from their lower left corner."""
    import pikepdf  # noqa: PLC0415 (for such pages only)

    with pikepdf.open(opened(file)) as pdf:
        moved: set[object] = set()
        for page, turn in zip(pdf.pages, turns, strict=True):
            left, bottom, right, top = _shown(page)
            matrix = {
                0: (1, 0, 0, 1, -left, -bottom),
                90: (0, -1, 1, 0, -bottom, right),
                180: (-1, 0, 0, -1, right, top),
                270: (0, 1, -1, 0, top, -left),
            }[turn]
            _move_annotations(page.obj, matrix, moved)
            page.contents_add(pikepdf.Stream(pdf, b"q %g %g %g %g %g %g cm" % matrix), prepend=True)
            page.contents_add(pikepdf.Stream(pdf, b"Q"))
            width, height = right - left, top - bottom
            page.mediabox = pikepdf.Array([0, 0, *((height, width) if turn in {90, 270} else (width, height))])
            for name in ("/CropBox", "/TrimBox", "/BleedBox", "/ArtBox"):
                if name in page.obj:
                    del page.obj[name]
            page.obj["/Rotate"] = 0
        out = BytesIO()
        pdf.save(out)
    return out.getvalue()


def _move_annotations(page: Any, matrix: tuple[float, ...], moved: set[object]) -> None:
    """Put what lies over a page where the page's own content is put, and turn its looks as that is turned (12.5.5).

    Args:
        page: its dictionary.
        matrix: what the coordinates of its content become.
        moved: the looks that were turned, to which those of this page are added.
    """
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    a, b, c, d, e, f = matrix
    for annotation in page.get("/Annots", []):
        left, bottom, right, top = (float(one) for one in annotation.get("/Rect", [0, 0, 0, 0]))
        corners = [(a * x + c * y + e, b * x + d * y + f) for x, y in ((left, bottom), (right, top))]
        (one_x, one_y), (x, y) = corners
        annotation["/Rect"] = pikepdf.Array([min(one_x, x), min(one_y, y), max(one_x, x), max(one_y, y)])
        for look in _looks(annotation.get("/AP")):
            if look.objgen not in moved:
                moved.add(look.objgen)
                own = pikepdf.Matrix(look.get("/Matrix", pikepdf.Array([1, 0, 0, 1, 0, 0])))
                look["/Matrix"] = (own @ pikepdf.Matrix(a, b, c, d, 0, 0)).as_array()


def _looks(appearance: Any) -> Iterator[Any]:
    """The streams that an annotation may be drawn by, one for each of its states."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    if isinstance(appearance, pikepdf.Stream):
        yield appearance
    elif isinstance(appearance, pikepdf.Dictionary):
        for one in appearance.values():
            yield from _looks(one)


def _shown(page: Any) -> tuple[float, float, float, float]:
    """The part of a page that is shown: its crop box, as far as it lies on the page (14.11.2)."""
    boxes = [sorted(float(x) for x in box[0::2]) + sorted(float(y) for y in box[1::2])
             for box in (list(page.mediabox), list(page.cropbox))]  # fmt: skip
    (left, right, bottom, top), (left_2, right_2, bottom_2, top_2) = boxes
    return max(left, left_2), max(bottom, bottom_2), min(right, right_2), min(top, top_2)
