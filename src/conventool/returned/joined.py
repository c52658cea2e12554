"""The copies of one convention that a PDF joins one behind the other, as who signs them all at once gives them back."""

from __future__ import annotations

from collections.abc import Sequence

from conventool.returned.documents import Returned
from conventool.returned.pdf_pages import Page
from conventool.returned.template_pattern import TemplatePattern
from conventool.text.stories import levelled, squeezed

__all__ = ["joined_copies"]


def joined_copies(returned: Returned, templates: Sequence[TemplatePattern]) -> list[tuple[str, Returned]]:
    """The copies that a PDF joins, each with its key and its own pages.

    Args:
        returned: the document.
        templates: those that it may have been filled from.

    Returns:
        Nothing for a Word document, for a PDF of one copy, and for one in which the pages of two are mixed.
    """
    for template in templates if len(returned.pages) > 1 else ():
        copies = _copies(returned.pages, template)
        if len(copies) > 1:
            return [(key, returned.only(pages)) for key, pages in copies]
    return []


def _copies(pages: Sequence[Page], template: TemplatePattern) -> list[tuple[str, list[Page]]]:
    """Some pages by the copy whose mark they bear; a page without one, as an annex's, is of the copy before it.

    Each begins with the template's first words and has its pages in a row, or nothing is parted.
    """
    marks = {key: [squeezed(text) for text in own.values()] for key, own in template.copies.items() if own}
    opening = squeezed(template.body.passages[0].key.partition("\0")[0]) if template.body.passages else ""
    found: dict[str, list[Page]] = {}
    current = ""
    for page in pages if len(marks) > 1 and opening else ():
        text = squeezed(levelled(page.text))
        said = [key for key, own in marks.items() if all(one in text for one in own)]
        key = said[0] if len(said) == 1 else current
        if key != current and (key in found or opening not in text):
            return []
        found.setdefault(key, []).append(page)
        current = key
    return list(found.items()) if "" not in found else []
