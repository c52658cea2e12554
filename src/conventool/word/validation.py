"""What would make Word refuse a document or repair it: the rules that an edit by hand or by a program breaks.

Cheap rules of our own, checked on every document; ``openxml-audit``, where it is installed, knows all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from lxml import etree

from conventool.core.errors import TemplateError
from conventool.core.problems import Place, Problem
from conventool.files.reading import naming
from conventool.files.scratch import scratch_folder
from conventool.word.controls import Control, Site, content_of, control_elements, level_of, sdt_elements
from conventool.word.document import Document
from conventool.word.names import attribute, child, in_fallback, is_word, local, value_of, word_iter
from conventool.word.package import Package
from conventool.word.prompts import PROMPT
from conventool.word.text import paragraphs, text_outside_controls

__all__ = ["Finding", "audit", "broken_rules", "stray_prompts"]

_RESAVE = "Ouvrez le document dans Word, enregistrez-le de nouveau, puis relancez la vérification."
_REFUSED = "Word refuserait d’ouvrir ce document, ou le réparerait : "
_CHILDREN = {
    "run": frozenset({"r", "hyperlink", "fldSimple", "sdt", "smartTag", "customXml", "ins", "del", "moveFrom", "moveTo",
                      "dir", "bdo", "subDoc"}),
    "block": frozenset({"p", "tbl", "sdt", "customXml", "altChunk", "ins", "del", "moveFrom", "moveTo"}),
    "cell": frozenset({"tc", "sdt", "customXml", "ins", "del", "moveFrom", "moveTo"}),
    "row": frozenset({"tr", "sdt", "customXml", "ins", "del", "moveFrom", "moveTo"}),
}  # fmt: skip
_HOLDERS = frozenset({"p", "tbl", "tr", "tc", "r"})
_WHAT = {
    "schema": "il contient un élément ou une valeur que le format n’admet pas",
    "semantic": "une de ses valeurs renvoie à ce qui n’existe pas, ou se répète",
    "relationship": "une de ses parties renvoie à une autre qui manque",
    "package": "l’archive qu’il est n’est pas bien formée",
    "binary": "une de ses images ou de ses polices est abîmée",
    "markup_compatibility": "il emploie une extension du format qu’il ne déclare pas",
}
# by part and words, what the validator says of files that Word opens without a question
_HARMLESS = (
    (r"", r"required relationship type '.*/(?:fontTable|settings|styles|theme|webSettings)' is missing"),
    (r"word/stylesWithEffects", r""),  # a part of Word 2010's, which python-docx has in its own default document
    (r"", r"Unexpected element 'smartTag'"),  # 17.5.1.9; Word has made none since 2010, and reads them
    (r"", r"bbPlcHdr"),  # of a building block's prompt (ISO/IEC 29500-1, 17.12.2)
    (r"", r"^Style .* referenced but not defined"),  # Word shows such a text in the default style
    (r"word/fontTable", r"attribute 'characterSet'"),  # LibreOffice names character sets by their IANA names
    (r"word/comments", r"Invalid dateTime value: '0-00-00"),  # LibreOffice, of a comment without a date
    (r"_rels/", r"Missing main document relationship"),  # of the strict edition, which the validator does not know
    # the type of a legacy text field (17.16.34), which the validator takes for that of a section
    (r"", r"Value '(?:regular|number|date|current(?:Time|Date)|calculated)' is not in allowed values: \['continuous'"),
    (r"", r"Value '(?:true|false|1|0)' is not in allowed values: \['off', 'on'\]"),  # LibreOffice's way to say on
)
_WORDS_AROUND = 40
_CELL_ENDS = ("p", "sdt", "customXml")


class Finding(NamedTuple):
    """What the validator finds.

    Attributes:
        part: the part of the document.
        what: what it comes to, in French.
        description: the validator's own words.
    """

    part: str
    what: str
    description: str


def broken_rules(document: Document) -> list[Problem]:
    """Every rule that a document breaks.

    Checked: parts well-formed and relationships that lead somewhere (ISO/IEC 29500-2, 9.3); each control holding what
    its level allows (29500-1, 17.5.2.33 to 17.5.2.38); cells that end with a paragraph (17.4.65); identifiers of
    controls and bookmarks used once (17.5.2.18, 17.13.6.2).

    Returns:
        A problem for each, with its part and paragraph.
    """
    numbers = {paragraph.element: paragraph.number for paragraph in paragraphs(document)}
    problems = list(_of_package(document.package))
    for part, root in document.roots.items():
        for element, why in (*_levels(root), *_cells(root), *_bookmarks(root)):
            problems.append(_problem(document, part, element, why, numbers))
    problems += [_problem(document, part, sdt, why, numbers) for part, sdt, why in _identifiers(document)]
    return problems


def stray_prompts(document: Document) -> list[Problem]:
    """A problem for each prompt that stands as plain text outside any control, where nothing can ever fill it."""
    problems = []
    for part, root in document.roots.items():
        for number, text in text_outside_controls(root) if not is_word(root, "comments") else ():
            for match in re.finditer(PROMPT, text):
                context = text[max(0, match.start() - _WORDS_AROUND) : match.end() + _WORDS_AROUND].strip()
                place = Place(file=document.package.name, part=part, paragraph=number, context=context)
                message = f"« {match[0]} » est écrit hors de tout contrôle : il restera dans chaque exemplaire."
                hint = "Faites-en un contrôle (« conventool adopt » sait le faire), ou supprimez-le."
                problems.append(Problem("leftover-placeholder", message, hint, place=place))
    return problems


def audit(data: bytes, suffix: str = ".docx") -> list[Finding] | None:
    """The findings of ``openxml-audit``, Open XML SDK's rules, each once; without those that Word does not mind.

    Args:
        data: a document.
        suffix: how the name of its file ends, which must be that of its kind.

    Returns:
        The findings; None where it is not installed.
    """
    validator = _validator()
    if validator is None:
        return None
    with scratch_folder() as folder, naming(folder):
        path = f"{folder}/document{suffix}"
        with open(path, "wb") as file:  # noqa: PTH123
            file.write(data)
        errors = validator.validate(path).errors
    findings = (
        Finding(
            (error.part_uri or "").lstrip("/"), _WHAT.get(error.error_type.value, _WHAT["schema"]), error.description
        )
        for error in errors
    )
    return [finding for finding in dict.fromkeys(findings) if not _is_harmless(finding)]


@cache
def _validator() -> Any:
    """The validator, which takes a while to be made; None where it is not installed."""
    try:
        from openxml_audit import FileFormat, OpenXmlValidator  # type: ignore[import-untyped]  # noqa: PLC0415
    except ImportError:
        return None
    return OpenXmlValidator(FileFormat.MICROSOFT_365)


def _is_harmless(finding: Finding) -> bool:
    return any(re.match(part, finding.part) and re.search(words, finding.description) for part, words in _HARMLESS)


def _of_package(package: Package) -> Iterator[Problem]:
    for name in package.entries:
        if not name.lower().endswith((".xml", ".rels")):
            continue
        try:
            root = package.parse(name)
        except TemplateError as error:
            yield from error.problems
            continue
        if name.endswith(".rels"):
            yield from _dead_ends(package, name, root)


def _dead_ends(package: Package, name: str, root: etree._Element) -> Iterator[Problem]:
    """Relationships to parts that are not there."""
    path = PurePosixPath(name)
    source = str(path.parent.parent / path.stem) if path.stem else ""
    if not any(element.get("TargetMode") != "External" for element in root.iter("{*}Relationship")):
        return
    for _, target in package.relationships(source):
        if target not in package.entries and not target.startswith("#"):
            why = f"« {name} » renvoie à la partie « {target} », qui n’y est pas."
            yield Problem("invalid-for-word", _REFUSED + why, _RESAVE, place=Place(file=package.name, part=name))


def _levels(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Controls that hold what may not stand where they do."""
    for sdt in sdt_elements(root):
        allowed = _CHILDREN[level_of(sdt)]
        content = content_of(sdt)
        for inner in content if content is not None else ():
            if is_word(inner, *_HOLDERS) and local(inner) not in allowed:
                yield sdt, f"un contrôle contient un élément « {local(inner)} » qui n’a pas sa place à cet endroit."
                break


def _cells(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    for cell in word_iter(root, "tc"):
        blocks = [element for element in cell if is_word(element, "p", "tbl", "sdt", "customXml")]
        if not blocks or not is_word(blocks[-1], *_CELL_ENDS):
            yield cell, "une cellule de tableau ne finit pas par un paragraphe."


def _bookmarks(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Bookmarks of one name, and those that begin and never end."""
    ends = {attribute(end, "id") for end in word_iter(root, "bookmarkEnd")}
    names: set[str] = set()
    for start in word_iter(root, "bookmarkStart"):
        name = attribute(start, "name") or ""
        if attribute(start, "id") not in ends:
            yield start, f"le signet « {name} » commence et ne finit pas."
        if name in names and not in_fallback(start):
            yield start, f"deux signets portent le nom « {name} »."
        names.add(name)


def _identifiers(document: Document) -> Iterator[tuple[str, etree._Element, str]]:
    seen: set[str] = set()
    for part, root in document.roots.items():
        for sdt in sdt_elements(root):
            identifier = value_of(child(sdt, "sdtPr"), "id")
            if identifier is None or in_fallback(sdt):
                continue
            if identifier in seen:
                yield part, sdt, f"deux contrôles portent l’identifiant {identifier}."
            seen.add(identifier)


def _problem(
    document: Document, part: str, element: etree._Element, why: str, numbers: dict[etree._Element, int]
) -> Problem:
    """A broken rule, at its paragraph."""
    around = next((a for a in (element, *element.iterancestors()) if a in numbers), None)
    paragraph = around if around is not None else next((p for p in word_iter(element, "p") if p in numbers), None)
    control = _control(document, part, element) if is_word(element, "sdt") else None
    address, context = (control.address, control.context) if control else (None, None)
    number = numbers[paragraph] if paragraph is not None else None
    place = Place(file=document.package.name, part=part, paragraph=number, control=address, context=context)
    return Problem("invalid-for-word", _REFUSED + why, _RESAVE, place=place)


def _control(document: Document, part: str, sdt: etree._Element) -> Control | None:
    site = Site(part, control_elements(document.roots[part]).index(sdt))
    return next((control for control in document.controls if site in control.sites), None)
