"""The golden text beside a template's document: a change of the legal text shows there, word by word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher, unified_diff
from pathlib import Path

from conventool.core.problems import Place, Problem
from conventool.files.reading import naming
from conventool.word.document import Document
from conventool.word.text import Paragraph, text_lines

__all__ = ["compare", "diff", "golden_path", "golden_text"]

_SHOWN = 160
_ACCEPT = "Si ce changement est voulu : conventool check --update --force"
_Lines = Sequence[tuple[str, Paragraph | None]]


def golden_path(document: Path) -> Path:
    """Where the text of a document is kept."""
    return document.with_suffix(".txt")


def golden_text(document: Document) -> str:
    """The text to keep: one paragraph a line, as [text_lines][conventool.word.text.text_lines] gives them."""
    return "".join(f"{line}\n" for line, _ in text_lines(document))


def compare(document: Document, golden: Path) -> list[Problem]:
    """Hold a document's text against the golden text.

    Returns:
        A problem for each passage that differs, with its paragraph in the document.
    """
    if not golden.is_file():
        hint = "Créez-le avec : conventool check --update"
        message = "Le texte de référence manque : un changement du document passerait inaperçu."
        return [Problem("golden-missing", message, hint, place=Place(file=str(golden)))]
    lines = list(text_lines(document))
    return list(_differences(document, _lines_of(golden), lines))


def diff(document: Document, golden: Path) -> str:
    """The difference between the golden text and the document's, as ``diff -u`` shows it; empty where there is none."""
    old = _lines_of(golden) if golden.is_file() else []
    new = golden_text(document).split("\n")[:-1]
    name = golden.name
    return "\n".join(unified_diff(old, new, f"{name} (avant)", f"{name} (après)", n=1, lineterm=""))


def _lines_of(golden: Path) -> list[str]:
    """The lines of a golden text, each ended by a newline: other signs that end lines are signs of its text."""
    with naming(golden):
        return golden.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def _differences(document: Document, old: list[str], lines: _Lines) -> Iterator[Problem]:
    new = [line for line, _ in lines]
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        both = min(i2 - i1, j2 - j1)
        for i, j in zip(range(i1, i1 + both), range(j1, j1 + both), strict=True):
            yield _problem(document, lines, j, _changed(old[i], new[j]))
        for i in range(i1 + both, i2):
            yield _problem(document, lines, j2, f"Passage supprimé : « {_short(old[i])} ».")
        for j in range(j1 + both, j2):
            yield _problem(document, lines, j, f"Passage ajouté : « {_short(new[j])} ».")


def _problem(document: Document, lines: _Lines, index: int, message: str) -> Problem:
    """A difference, at the paragraph of that line, or at the nearest that has one."""
    near = [paragraph for _, paragraph in lines[index:] if paragraph] or [p for _, p in lines[:index][::-1] if p]
    place = Place(
        file=document.package.name,
        part=near[0].part if near else None,
        paragraph=near[0].number if near else None,
        context=_short(near[0].text, 60) if near else None,
    )
    return Problem("altered-text", message, _ACCEPT, place=place)


def _changed(old: str, new: str) -> str:
    """What became what, with the words around."""
    before, after = old.split(" "), new.split(" ")
    blocks = [
        block for block in SequenceMatcher(None, before, after, autojunk=False).get_opcodes() if block[0] != "equal"
    ]
    if not blocks:
        return f"Texte changé : « {_short(old)} » devient « {_short(new)} »."
    first, last = blocks[0], blocks[-1]
    around = slice(max(0, first[1] - 2), last[2] + 2), slice(max(0, first[3] - 2), last[4] + 2)
    was, becomes = (" ".join(words[part]) for words, part in zip((before, after), around, strict=True))
    return f"Texte changé : « {_short(was)} » devient « {_short(becomes)} »."


def _short(text: str, length: int = _SHOWN) -> str:
    text = text.replace("\t", " ").strip(" ")
    return text if len(text) <= length else f"{text[:length].rstrip()}…"
