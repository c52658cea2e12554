"""A Word form as received made fit to be a template: controls for its bare placeholders, tags for its controls.

Parts that nothing changes stay byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import NamedTuple

from lxml import etree

from conventool.core.problems import Place, Problem, Severity
from conventool.word.control_editing import unwrap
from conventool.word.controls import Control, content_of, sdt_elements
from conventool.word.document import Document
from conventool.word.fields import fields
from conventool.word.form_fields import form_data, is_ticked
from conventool.word.merge_fields import MergeField, Switch, merge_fields
from conventool.word.names import (
    MATH,
    W14,
    child,
    ensured,
    is_on,
    is_word,
    set_attribute,
    value_of,
    word_children,
    word_iter,
)
from conventool.word.package import Package, serialize_xml, with_parts
from conventool.word.placeholders import MOST_PLACEHOLDERS, control_of_field, controls_of_matches, placeholder_pattern
from conventool.word.text_walker import visible_text

__all__ = ["PreparedForm", "prepare_form", "rich_content", "shows_ticked_box", "tagged"]

_GOOGLE_WRAPPER = re.compile(r"goog_rdk_\d+")
_RICH = (
    (("tbl",), "un tableau"),
    (("drawing", "pict", "object"), "une image ou un dessin"),
    (("fldChar", "fldSimple"), "un champ de Word"),
    (("footnoteReference", "endnoteReference"), "un appel de note"),
)
_SEVERAL = {"row": ("tc", "plusieurs cellules"), "block": ("p", "plusieurs paragraphes")}
"""By level, what a text takes the place of only where there is one; the paragraphs of a prompt go together."""
_BEFORE_TAG = ("rPr", "alias")
_OF_A_MERGE = frozenset(
    ["ADDRESSBLOCK", "ASK", "DATABASE", "FILLIN", "GREETINGLINE", "MERGEREC", "MERGESEQ", "NEXT", "NEXTIF", "SKIPIF"]
)  # ISO/IEC 29500-1, 17.16.5
_MAIL_MERGE = ("/mailMergeSource", "/mailMergeHeaderSource", "/recipientData")
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class PreparedForm(NamedTuple):
    """A form fit to be a template.

    Attributes:
        data: the bytes of the document.
        problems: merge fields that no control can replace, switches that are lost.
        switches: by the identifier of a control of text, what the merge field in its place asked of its value.
    """

    data: bytes
    problems: list[Problem]
    switches: Mapping[str, Sequence[Switch]]


def prepare_form(package: Package, placeholders: Sequence[str]) -> PreparedForm:
    """A copy of a form in which bare placeholders have become controls that show them as their prompts.

    A placeholder that stands in a control, in a tracked change or in a field is left alone. It becomes a date picker if
    it speaks of a date, else a text; its look stays. The wrappers that Google Docs puts around anything go, and so does
    what ties a main document of a mail merge to its list. A Word template becomes a document.

    Args:
        package: the form; used up.
        placeholders: what ``--placeholder`` was given.

    Raises:
        TemplateError: it is no sound document, or has more placeholders than any form.
    """
    document = Document(package)
    patterns = [pattern for asked in placeholders if (pattern := placeholder_pattern(asked))]
    with_fields = any(placeholder_pattern(asked) is None for asked in placeholders)
    ids = count(1 + max(_used_ids(document), default=0))
    changed: dict[str, bytes | None] = {}
    problems: list[Problem] = []
    switches: dict[str, Sequence[Switch]] = {}
    for part, root in document.roots.items():
        done = _without_google_wrappers(root)
        problems += _other_fields_of_a_merge(root, package.name, part) if with_fields else ()
        for field in merge_fields(root) if with_fields else ():
            problems += _field_warnings(field, package.name, part)
            if field.obstacle is None:
                identifier = next(ids)
                control_of_field(field, identifier)
                switches |= {} if field.date_format else {str(identifier): field.switches}
                done += 1
        done += _put_controls(package, part, root, patterns, ids)
        if done:
            changed[part] = serialize_xml(root)
    unlinked = _without_mail_merge(package) if with_fields else {}
    problems += [_unlinked(package.name)] if unlinked else []
    return PreparedForm(with_parts(package, changed | unlinked | package.as_document()), problems, switches)


def _put_controls(
    package: Package, part: str, root: etree._Element, patterns: Sequence[re.Pattern[str]], ids: Iterator[int]
) -> int:
    """Make controls of the placeholders in a part; how many."""
    paragraphs = list(word_iter(root, "p"))
    try:
        return sum(controls_of_matches(one, pattern, ids) for one in paragraphs for pattern in patterns)
    except OverflowError:
        why = f"un de ses paragraphes a plus de {MOST_PLACEHOLDERS} textes à changer en contrôles."
        package.refuse(why, "Vérifiez « --placeholder ».", part, "unsafe-document")


def tagged(package: Package, tags: Mapping[str, str]) -> bytes:
    """A copy of a document whose controls have new tags.

    Args:
        package: the document; used up.
        tags: by address, the tag of a control that has none.

    Raises:
        TemplateError: it is no sound document.
    """
    document = Document(package)
    changed: dict[str, bytes | None] = {}
    for control in document.controls:
        for site in control.sites if control.address in tags else ():
            _set_tag(document.element(site), tags[control.address])
            changed[site.part] = b""
    return with_parts(package, {part: serialize_xml(document.roots[part]) for part in changed})


def rich_content(document: Document, control: Control) -> str | None:
    """What a control holds that no text can take the place of, in French; None where it holds plain text only."""
    content = content_of(document.element(control.sites[0]))
    if content is None:
        return None
    for names, what in _RICH:
        if next(word_iter(content, *names), None) is not None:
            return what
    if next(content.iter(f"{{{MATH}}}oMath"), None) is not None:
        return "une formule"
    piece, what = _SEVERAL.get(control.level, ("", ""))
    if what and (control.filled or control.level == "row") and sum(1 for _ in word_iter(content, piece)) > 1:
        return what
    if control.filled and len({_look(run) for run in word_iter(content, "r") if visible_text(run)}) > 1:
        return "un texte mis en forme"
    return None


def shows_ticked_box(document: Document, control: Control) -> bool:
    """Is a box to tick, be it a control or a legacy form field, ticked in the form?"""
    element = document.element(control.sites[0])
    if form_data(element) is not None:
        return is_ticked(element)
    return is_on(child(child(element, "sdtPr"), "checkbox", W14), "checked", W14)


def _look(run: etree._Element) -> bytes:
    """What makes a run look as it does; its language does not."""
    look = child(run, "rPr")
    shown = [] if look is None else [one for one in look if not is_word(one, "lang", "noProof")]
    return b"".join(etree.tostring(one, with_tail=False) for one in shown)


def _set_tag(sdt: etree._Element, name: str) -> None:
    """Give a control the tag that it lacks, or a legacy form field the name."""
    data = form_data(sdt)
    if data is not None:
        set_attribute(ensured(data, "name"), "val", name)
        return
    tag = ensured(ensured(sdt, "sdtPr"), "tag", _BEFORE_TAG)
    set_attribute(tag, "val", name)


def _used_ids(document: Document) -> Iterator[int]:
    for root in document.roots.values():
        for properties in word_iter(root, "sdtPr"):
            text = value_of(properties, "id") or ""
            if text.isdecimal() and int(text) < 0x3FFFFFFF:
                yield int(text)


def _without_google_wrappers(root: etree._Element) -> int:
    """Take off the controls that Google Docs puts around what was commented or pasted: nobody is to fill them."""
    wrappers = [
        sdt
        for sdt in sdt_elements(root)
        if _GOOGLE_WRAPPER.fullmatch(value_of(child(sdt, "sdtPr"), "tag") or "") and content_of(sdt) is not None
    ]
    for sdt in reversed(wrappers):
        unwrap(sdt)
    return len(wrappers)


def _field_warnings(field: MergeField, file: str, part: str) -> Iterator[Problem]:
    place = Place(file=file, part=part)
    if field.obstacle:
        message = f"Le champ de fusion « {field.name} » {field.obstacle} : il reste tel quel, et ne se remplira pas."
        hint = _INSTEAD.get(field.around, _CONTROL_INSTEAD)
        yield Problem("merge-field-left", message, hint, place=place, severity=Severity.WARNING)
    elif field.lost:
        switches = ", ".join(f"« {switch} »" for switch in field.lost)
        message = f"Le champ de fusion « {field.name} » devient un contrôle, qui ne garde pas {switches}."
        hint = "Ce que ces options ajoutent, écrivez-le dans le document, dans la donnée ou dans le manifeste."
        yield Problem("merge-switch-lost", message, hint, place=place, severity=Severity.WARNING)


_CONTROL_INSTEAD = "Dans Word, mettez à sa place un contrôle (onglet Développeur), puis relancez « conventool adopt »."
_INSTEAD = {
    "IF": "Dans Word, mettez un contrôle à la place de tout le champ IF ; la condition s’écrit dans le manifeste : "
    "{{ 'texte' if champs.nom == 'valeur' else 'autre texte' }}.",
    "HYPERLINK": "L’adresse d’un lien ne se remplit pas : dans Word, ôtez le lien et mettez un contrôle à sa place.",
}
"""What to do about a merge field that is part of another field, by the kind of that."""


def _other_fields_of_a_merge(root: etree._Element, file: str, part: str) -> Iterator[Problem]:
    """Those that compose an address or go to the next line of the list: no single value is theirs."""
    for kind in sorted({one.kind for one in fields(root)} & _OF_A_MERGE):
        message = f"Le champ {kind} d’un publipostage ne peut pas devenir un contrôle : il reste tel quel."
        hint = "Dans Word, mettez à sa place les contrôles qu’il faut (onglet Développeur), ou ôtez-le."
        place = Place(file=file, part=part)
        yield Problem("merge-field-left", message, hint, place=place, severity=Severity.WARNING)


def _without_mail_merge(package: Package) -> dict[str, bytes | None]:
    """The settings without the mail merge (17.14.20), and without what ties them to its list; empty if there is none.

    Word would ask for the list whenever it opens the document.
    """
    settings = package.part_of("settings")
    if settings is None:
        return {}
    root = package.parse(settings)
    merges = list(word_children(root, "mailMerge"))
    if not merges:
        return {}
    for merge in merges:
        root.remove(merge)
    changed: dict[str, bytes | None] = {settings: serialize_xml(root)}
    rels = package.relationships_part(settings)
    if rels in package.entries:
        relationships = package.parse(rels)
        for relationship in list(relationships.iter(_RELATIONSHIP)):
            if relationship.get("Type", "").endswith(_MAIL_MERGE):
                relationships.remove(relationship)
        changed[rels] = serialize_xml(relationships)
    changed |= dict.fromkeys(
        target for kind, target in package.relationships(settings) if kind.endswith("/recipientData")
    )
    return changed


def _unlinked(file: str) -> Problem:
    message = "Ce document était lié à une liste de publipostage ; le modèle ne l’est plus."
    hint = "Les données viennent maintenant d’un fichier : conventool batch."
    return Problem("mail-merge-removed", message, hint, place=Place(file=file), severity=Severity.NOTICE)
