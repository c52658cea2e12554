"""A filled copy held against its template: which controls still show their prompt, and is the fixed text as it was?"""

from __future__ import annotations

from lxml import etree

from conventool.word.controls import Control, content_of, control_elements
from conventool.word.document import Document
from conventool.word.form_fields import form_data, result_text
from conventool.word.names import child, is_word, value_of
from conventool.word.package import Package
from conventool.word.prompts import is_prompt
from conventool.word.text import text_outside_controls
from conventool.word.text_walker import visible_text

__all__ = ["ReadBack"]


class ReadBack:
    """What filled copies of one document are held against.

    Args:
        document: the document before it was filled.
    """

    def __init__(self, document: Document) -> None:
        self._controls = {_identity(document.element(control.sites[0])): control for control in document.controls}
        self._fixed = {
            part: [text for _, text in text_outside_controls(document.roots[part])]
            for part in {site.part for control in document.controls for site in control.sites}
        }
        self._known: set[tuple[str, int, int]] = set()

    def look(self, filled: Package) -> tuple[list[Control], bool]:
        """Look at a filled copy; a part of the same bytes as one looked at before has nothing new to tell.

        Returns:
            The controls of the document that still show a prompt, and whether the text outside the controls differs.
        """
        prompting: list[Control] = []
        altered = False
        for part, texts in self._fixed.items():
            entry = filled.entries[part]
            if (part, entry.crc, entry.size) in self._known:
                continue
            self._known.add((part, entry.crc, entry.size))
            root = filled.parse(part)
            prompting += self._prompting(root)
            altered = altered or [text for _, text in text_outside_controls(root)] != texts
        return prompting, altered

    def _prompting(self, root: etree._Element) -> list[Control]:
        return [
            control
            for element in control_elements(root)
            if (control := self._controls.get(_identity(element))) is not None
            and is_prompt(_text_of(element), control.placeholder)
        ]


def _text_of(element: etree._Element) -> str:
    return visible_text(content_of(element)) if is_word(element, "sdt") else result_text(element)


def _identity(sdt: etree._Element) -> tuple[str | None, ...]:
    data = form_data(sdt)
    if data is not None:
        return "champ", value_of(data, "name")
    properties = child(sdt, "sdtPr")
    return tuple(value_of(properties, name) for name in ("tag", "alias", "id"))
