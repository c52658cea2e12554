"""What is in a Word form: every control with an address that works, and what is odd about the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from conventool.core.report import Report, Table
from conventool.text.numbers import plural
from conventool.text.suggestions import and_others
from conventool.word.controls import Control
from conventool.word.template import Template

__all__ = ["KINDS", "inspect"]

KINDS: Mapping[str, str] = {
    "text": "texte",
    "rich": "texte enrichi",
    "list": "liste fermée",
    "combo": "liste modifiable",
    "date": "date",
    "checkbox": "case à cocher",
    "picture": "image",
    "repeat": "section répétée",
    "repeat-item": "élément répété",
    "building-block": "bloc de construction",
    "group": "groupe",
    "citation": "citation",
    "other": "autre",
}
"""The kinds of controls, as Word's French ribbon calls them or nearly."""

_LEVELS = {"run": "", "block": "paragraphes", "cell": "cellule", "row": "ligne de tableau"}
_PARTS = {"header": "en-tête", "footer": "pied de page", "footnotes": "notes de bas de page",
          "endnotes": "notes de fin", "comments": "commentaires"}  # fmt: skip
_ITEMS_SHOWN = 4
_TEXT_SHOWN = 80
_AROUND = 28


def inspect(path: Path) -> Report:
    """Look into a Word document.

    Args:
        path: a ``.docx``, ``.docm``, ``.dotx`` or ``.dotm``.

    Raises:
        TemplateError: it is no sound Word document.
    """
    template = Template.open(path)
    controls = template.controls
    rows = [("\n".join(_name(control)), "\n".join(_details(control))) for control in controls]
    count = f"{len(controls)} {plural(len(controls), 'contrôle')} de contenu"
    table = Table(f"{path.name} : {count}", ("Adresse", "Contenu"), rows)
    own = {"file": str(path), "controls": [_as_json(control) for control in controls]}
    return Report("inspect", tables=(table,), problems=template.warnings, own=own)


def part_in_french(part: str) -> str:
    """What a person calls a part: ``word/footer1.xml`` is a « pied de page ». Empty for the main text."""
    stem = part.rpartition("/")[2].removesuffix(".xml").rstrip("0123456789")
    return _PARTS.get(stem, "")


def _name(control: Control) -> Iterator[str]:
    yield control.address
    traits = (KINDS[control.kind], _LEVELS[control.level], part_in_french(control.part))
    yield f"  {', '.join(trait for trait in traits if trait)}"


def _details(control: Control) -> Iterator[str]:
    text, prompt = (" ".join((words or "").split())[:_TEXT_SHOWN] for words in (control.text, control.placeholder))
    if control.alias and not control.address.startswith("alias:"):
        yield f"titre\t{control.alias}"
    if control.filled:
        yield f"texte\t{text}"
    elif prompt:
        yield f"espace réservé\t{prompt}"
    if control.items:
        shown = ", ".join(item.text for item in control.items[:_ITEMS_SHOWN])
        more = len(control.items) - _ITEMS_SHOWN
        yield f"choix\t{shown}{and_others(more)}"
    if control.date_format:
        yield f"format\t{control.date_format}{f' ({control.language})' if control.language else ''}"
    traits = [
        trait
        for holds, trait in (
            (control.form_field is not None, "ancien champ de formulaire"),
            (control.bound, "lié à des données"),
            (control.lock, f"verrou {control.lock}"),
            (control.tracked, "modifications suivies"),
        )
        if holds
    ]
    if traits:
        yield f"à noter\t{', '.join(traits)}"
    yield f"où\t{_whole_words(control.context)}"


def _whole_words(context: str) -> str:
    """The words around, those cut at either end left out."""
    before, opened, rest = context.partition("[")
    here, closed, after = rest.rpartition("]")
    if len(before) > _AROUND:
        before = f"… {before[-_AROUND:].partition(' ')[2]}"
    if len(after) > _AROUND:
        after = f"{after[:_AROUND].rpartition(' ')[0]} …"
    return f"{before}{opened}{here}{closed}{after}"


def _as_json(control: Control) -> dict[str, Any]:
    return {
        "address": control.address,
        "tag": control.tag,
        "alias": control.alias,
        "kind": control.kind,
        "level": control.level,
        "part": control.part,
        "items": [item._asdict() for item in control.items],
        "date_format": control.date_format,
        "language": control.language,
        "placeholder": control.placeholder,
        "text": control.text,
        "filled": control.filled,
        "bound": control.bound,
        "lock": control.lock,
        "context": control.context,
    }
