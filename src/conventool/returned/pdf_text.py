"""The text layer of a PDF as stories: lines joined, headers and footers told from the text that runs on.

PDFium reads it (``pypdfium2``): in the order in which it was written, so that cells stay whole, and fast enough for
hundreds of files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from conventool.core.errors import UnreadableError, reason
from conventool.core.problems import Place, Problem
from conventool.returned.alignment import matches
from conventool.returned.template_pattern import TemplatePattern
from conventool.text.stories import Story, StoryKind, levelled, squeezed

__all__ = ["pdf_stories", "read_pages"]

_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_BROKEN = re.compile("(\\w+)(?:-[ ]*\n\\s*|[\ufffe\x02]\\s*)(?=(\\w+))")  # PDFium's signs for a hyphen at a line's end
_BULLETS = "•◦▪‣\uf0b7\uf0a7"
_NUMBERS = (r"\d+(\D{1,6})\d+\s*$", r"()\d+\s*$", r"^\s*()\d+(?!\w)", r"$()")
_MOST_LINES = 3
_CLOSE = 75


def read_pages(path: Path) -> list[str]:
    """The text of each page.

    Raises:
        UnreadableError: the file is no sound PDF, is locked, or holds pictures of pages only.
    """
    import pypdfium2  # noqa: PLC0415 (a library of several megabytes, for PDFs only)

    try:
        path.stat()  # PDFium does not say why it cannot open a file
        document = pypdfium2.PdfDocument(path)
    except OSError as error:
        raise _unreadable(path, f"Ce PDF ne peut pas être lu ({reason(error)}).", None) from error
    except pypdfium2.PdfiumError as error:
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise _unreadable(path, "Ce PDF est protégé par un mot de passe.", "Donnez-en une copie sans.") from error
        hint = "Donnez-en une copie intacte."
        raise _unreadable(path, "Ce fichier n’est pas un PDF, ou il est abîmé.", hint) from error
    with document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    if not "".join(pages).strip():
        hint = "C’est sans doute un document numérisé : passez-le par une reconnaissance de caractères, ou relisez-le."
        raise _unreadable(path, "Ce PDF n’a pas de couche de texte.", hint)
    return [page.replace("\r\n", "\n").replace("\r", "\n").strip("\n") for page in pages]


def pdf_stories(pages: Sequence[str], template: TemplatePattern) -> tuple[Story, ...]:
    """The stories of a PDF, as its template tells them apart.

    Args:
        pages: the text of each page.
        template: whose headers and footers are looked for at both ends of each page.

    Returns:
        The body, then each distinct header and footer, then each page after the last that has any: it was put there.
        The template's annexes are left out, as far as they are whole.
    """
    folder = template.folder
    annexes = {text for annex in folder.manifest.annexes for text in _squeezed_pages(folder.folder / annex.fichier)}
    pages = [page for page in pages if squeezed(page) not in annexes]
    vocabulary = {word for pattern in template.stories for passage in pattern.passages for word in _words(passage.text)}
    bullets = "".join(char for char in _BULLETS if not any(char in p.text for p in template.body.passages))
    texts: list[str] = []
    edges: dict[tuple[StoryKind, str], None] = {}
    count = 0
    for page in pages:
        lines = levelled(page.translate(_LIGATURES)).split("\n")
        for kind in ("header", "footer"):
            lines, edge = _without_edge(lines, kind, template)
            if edge:
                edges[kind, edge] = None
                count = len(texts) + 1
        texts.append("\n".join(line.lstrip(" ").lstrip(bullets) for line in lines) + "\n")
    texts, added = (texts[:count], texts[count:]) if count else (texts, [])
    body = _BROKEN.sub(lambda broken: _rejoined(broken, vocabulary), "".join(texts))
    starts = [0]
    for text in texts[:-1]:
        starts.append(starts[-1] + len(text))
    around = (Story(kind, f"{text}\n") for kind, text in edges)
    return Story("body", body, pages=tuple(starts)), *around, *(Story("page", text) for text in added)


@cache
def _squeezed_pages(path: Path) -> frozenset[str]:
    """The text of each page without white space; nothing where the file cannot be read, which is told elsewhere."""
    try:
        return frozenset(map(squeezed, read_pages(path)))
    except UnreadableError:
        return frozenset()


def _without_edge(lines: list[str], kind: StoryKind, template: TemplatePattern) -> tuple[list[str], str | None]:
    """The lines of a page without its header or footer, and that text without its page numbers.

    A text that is nearly the template's header or footer is taken for one, so that its alteration is told as such.
    """
    patterns = [pattern for pattern in template.stories if pattern.kind == kind]
    ends = [(0, count) for count in range(1, _MOST_LINES + 1)]
    ends += [(len(lines) - count, len(lines)) for count in range(1, _MOST_LINES + 1)]
    near: tuple[float, int, int, str] = (_CLOSE, 0, 0, "")
    for start, end in ends if patterns else []:
        text = " ".join(lines[max(start, 0) : end])
        for pattern in patterns:
            for number in _NUMBERS:
                bare = re.sub(number, r"\1", text, count=1)
                if bare.strip() and matches(pattern, bare):
                    return lines[: max(start, 0)] + lines[end:], bare
        bare = re.sub(_NUMBERS[0], r"\1", text, count=1)
        likeness = max((_likeness(bare, known) for known in _marks(template, kind)), default=0.0)
        if likeness > near[0]:
            near = likeness, max(start, 0), end, bare
    if near[3]:
        return lines[: near[1]] + lines[near[2] :], near[3]
    return lines, None


def _marks(template: TemplatePattern, kind: StoryKind) -> Iterator[str]:
    """What the headers or footers of each copy print."""
    for own in template.copies.values() or [{}]:
        for pattern in template.stories:
            if pattern.kind == kind:
                items = [item for passage in pattern.passages for item in passage.items]
                yield "".join(item if isinstance(item, str) else own.get(item.address, "") for item in items)


def _likeness(text: str, known: str) -> float:
    """How near a text is to another, out of 100; nothing is near to what is twice as long."""
    if not known.strip() or not 0.5 < len(text) / len(known) < 2:
        return 0.0
    from rapidfuzz.fuzz import ratio  # noqa: PLC0415 (only where a header or footer is not the template's)

    return ratio(squeezed(text), squeezed(known))


def _rejoined(broken: re.Match[str], vocabulary: set[str]) -> str:
    """A word that a line's end cut in two: whole if the template has it so, else with its hyphen."""
    return broken[1] + ("" if broken[1] + broken[2] in vocabulary else "-")


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _unreadable(path: Path, message: str, hint: str | None) -> UnreadableError:
    return UnreadableError(Problem("unreadable", message, hint, place=Place(file=str(path))))
