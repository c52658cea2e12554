"""Other documents joined to a PDF: an amendment behind its convention, a second copy, a letter before it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from conventool.core.problems import Problem, Severity
from conventool.returned.comparison import Comparison, best_template
from conventool.returned.documents import Returned, page_sign
from conventool.returned.pdf_glyphs import box_of
from conventool.returned.pdf_pages import Page
from conventool.returned.template_pattern import TemplatePattern
from conventool.text.stories import squeezed

__all__ = ["joined_problem", "without_joined"]

_EDGE_LINES = 2
"""Lines above and below a page's text that may be its header and its footer."""
_FIRST_LINES = 3
_LEAST_TITLE = 20
"""Characters of a title that no page bears but the first of a document."""


class _Part(NamedTuple):
    """Some pages of a PDF that bear one sign, or none."""

    sign: str
    pages: list[Page]


def without_joined(returned: Returned, templates: Sequence[TemplatePattern]) -> tuple[Returned, list[Comparison]]:
    """A PDF without other documents that are joined to it, and each of these beside its template.

    Args:
        returned: a document.
        templates: those that it may have been filled from.
    """
    alone = [one for one in templates if not one.folder.manifest.suit or one.folder.is_first]
    signs = {sign: one for one in alone if (sign := page_sign(one))}
    parts = list(_parts(returned.pages, signs))
    own = next((part for part in parts if not part.sign), parts[0] if parts else None)
    begun = [one for one in alone if own and not (own.sign or page_sign(one)) and len(_split(own.pages, one)) > 1]
    if own is None or (len(parts) == 1 and not begun):
        return returned, []
    main = returned.only(own.pages)
    others = [(returned.only(part.pages), signs[part.sign]) for part in parts if part is not own]
    if not own.sign:
        known = best_template(next(main.parted(templates))[0], [one for one in alone if not page_sign(one)])
        if known is None:
            return returned, []
        first, *again = _split(own.pages, known.template)
        main = returned.only(first)
        others += [(returned.only(pages), known.template) for pages in again]
    found = [best_template(next(other.parted([template]))[0], [template]) for other, template in others]
    if not found or None in found:
        return returned, []
    return main, [one for one in found if one is not None]


def _parts(pages: Sequence[Page], signs: Collection[str]) -> Iterator[_Part]:
    """The pages by the sign that they bear at their edges, in the order of their first."""
    found: dict[str, list[Page]] = {}
    for page in pages if len(pages) > 1 else ():
        lines = sorted((line for line in page.lines if line.glyphs), key=lambda line: box_of(line).top)
        edges = squeezed("\n".join(line.text for line in (*lines[:_EDGE_LINES], *lines[-_EDGE_LINES:])))
        found.setdefault(next((sign for sign in signs if sign in edges), ""), []).append(page)
    yield from (_Part(sign, own) for sign, own in found.items())


def _split(pages: Sequence[Page], template: TemplatePattern) -> list[list[Page]]:
    """Some pages, parted before each that begins as the template's first does."""
    title = next((one.key for one in template.body.passages if len(one.key) >= _LEAST_TITLE and not one.slots), "")
    found: list[list[Page]] = []
    for page in pages:
        first = squeezed("".join(line.text for line in page.lines[:_FIRST_LINES]))
        begins = bool(title) and title[:_LEAST_TITLE] in first
        if begins or not found:
            found.append([])
        found[-1].append(page)
    return found


def joined_problem(document: Comparison) -> Problem:
    """What is said of a document that is joined to another.

    Args:
        document: the one that is joined.
    """
    first, last = document.returned.pages[0].number, document.returned.pages[-1].number
    where = f"La page {first} est" if first == last else f"Les pages {first} à {last} sont"
    message = f"{where} un autre document, « {document.template.folder.manifest.titre} »."
    hint = "Séparez-le de celui-ci, et vérifiez-le à part ; ce qui y est changé est dit ci-dessous."
    return Problem("joined-document", message, hint, severity=Severity.WARNING)
