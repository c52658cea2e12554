"""What the PDF lacks of what Word draws: LibreOffice leaves some things out without a word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pikepdf

from conventool.core.problems import Place, Problem, Severity
from conventool.word.undrawn import Undrawn

__all__ = ["left_out"]


def left_out(pdf: pikepdf.Pdf, document: Undrawn, name: str) -> Iterator[Problem]:
    """A warning for what LibreOffice left out, judged by the PDF's tags where it depends on the installation.

    Args:
        pdf: as LibreOffice made it.
        document: what it may lack.
        name: how messages call the document.
    """
    place, severity = Place(file=name), Severity.WARNING
    tags = _tags(pdf) if document.formulas or document.cells else Counter[str]()
    if document.formulas and not tags["Formula"]:
        message = (
            "Les formules mathématiques de ce document ne sont pas imprimées : ce LibreOffice n’a pas son module Math."
        )
        hint = "Installez-le (Debian, Ubuntu : sudo apt install libreoffice-math-nogui), puis convertissez de nouveau."
        yield Problem("formula-missing", message, hint, place=place, severity=severity)
    told = list(document.told)
    if tags["TD"] + tags["TH"] < document.cells:
        told.append("la fin d’un tableau flottant, plus long que sa page")
    if told:
        message = f"LibreOffice n’imprime pas ce que Word montre : {', '.join(told)}."
        hint = "Mettez à sa place du texte, une image ou un tableau aligné sur le texte, puis convertissez de nouveau."
        yield Problem("left-out", message, hint, place=place, severity=severity)


def _tags(pdf: pikepdf.Pdf) -> Counter[str]:
    """How many elements of each type the structure of a PDF has (ISO 32000-1, 14.7.2)."""
    found: Counter[str] = Counter()
    waiting = [pdf.Root.StructTreeRoot.get("/K")]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, pikepdf.Array):
            waiting += list(thing)
        elif isinstance(thing, pikepdf.Dictionary):
            found[str(thing.get("/S", "/"))[1:]] += 1
            waiting.append(thing.get("/K"))
    return found
