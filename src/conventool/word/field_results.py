"""Fields that repeat what a document says elsewhere (ISO/IEC 29500-1, 17.16.5), and what Word shows for them.

REF repeats a bookmark, STYLEREF a paragraph, TITLE and its like a property, ``=SUM`` sums cells, FILENAME names the
file. What a field of another kind shows depends on pages: that is Word's matter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from functools import cached_property
from typing import NamedTuple

from lxml import etree

from conventool.word.compiled_part import Work
from conventool.word.control_editing import run_with_text
from conventool.word.document import Document
from conventool.word.field_editing import TEXT_SIGNS, is_whole, replace_result, shown_runs, shown_text
from conventool.word.fields import Field, fields
from conventool.word.form_fields import form_data, shown_sign
from conventool.word.names import MC, ancestor, attribute, child, is_word, make, value_of, word_iter
from conventool.word.properties import property_text
from conventool.word.styled_text import styled_paragraph
from conventool.word.table_sums import is_table_sum, table_sum
from conventool.word.text_walker import visible_text

__all__ = ["FieldResults", "Instruction", "bookmark_of", "bookmarks_in", "instruction", "repeats"]

_PIECE = re.compile(r'\\(?P<switch>[*#@]|\w)|"(?P<quoted>[^"]*)"|(?P<word>[^\s"\\]+)')
_WITH_ARGUMENT = frozenset("*#@d")
_PROPERTIES = {"TITLE", "SUBJECT", "AUTHOR", "KEYWORDS", "COMMENTS", "LASTSAVEDBY"}
_RENEWED = _PROPERTIES | {"DOCPROPERTY", "FILENAME", "INFO", "REF", "STYLEREF"}
_WITHOUT_ARGUMENT = _PROPERTIES | {
    "ADVANCE", "AUTOTEXT", "BIBLIOGRAPHY", "CREATEDATE", "DATE", "EDITTIME", "FILENAME", "FILESIZE", "FORMCHECKBOX",
    "FORMDROPDOWN", "FORMTEXT", "INDEX", "LISTNUM", "MERGEREC", "MERGESEQ", "NEXT", "NUMCHARS", "NUMPAGES", "NUMWORDS",
    "PAGE", "PRINTDATE", "REVNUM", "SAVEDATE", "SECTION", "SECTIONPAGES", "TEMPLATE", "TIME", "TOA", "TOC",
    "USERADDRESS", "USERINITIALS", "USERNAME",
}  # fmt: skip
_LOOKS = frozenset({"MERGEFORMAT", "CHARFORMAT"})
_CASES: Mapping[str, Callable[[str], str]] = {
    "UPPER": str.upper,
    "LOWER": str.lower,
    "FIRSTCAP": lambda text: text[:1].upper() + text[1:],
    "CAPS": lambda text: re.sub(r"(?<!\w)\w", lambda letter: letter[0].upper(), text),
}
_HARMLESS_SWITCHES = {
    "FILENAME": frozenset({"*", "p"}),
    "REF": frozenset({"*", "h"}),
    "STYLEREF": frozenset({"*", "l"}),
}
_LOCKED = frozenset({"1", "true", "on"})
_REMOVED = ("del", "moveFrom")


class Instruction(NamedTuple):
    r"""The code of a field, read.

    Attributes:
        name: the kind of field, in capitals.
        arguments: what follows it.
        switches: their letters, and what follows each.
        formats: of ``\*``, in capitals.
    """

    name: str
    arguments: tuple[str, ...]
    switches: Mapping[str, str]
    formats: frozenset[str]

    @property
    def case(self) -> Callable[[str], str] | None:
        """How the letters of the result are written, if that is said."""
        return next((work for name, work in _CASES.items() if name in self.formats), None)


def instruction(code: str) -> Instruction:
    """Read the code of a field (17.16.2, 17.16.4)."""
    found = list(_PIECE.finditer(code))
    name, arguments, formats = "", [], set()
    switches: dict[str, str] = {}
    awaiting = ""
    for piece in found:
        text = piece["quoted"] if piece["quoted"] is not None else piece["word"] or ""
        if piece["switch"]:
            awaiting = piece["switch"].lower()
            switches.setdefault(awaiting, "")
            awaiting = awaiting if awaiting in _WITH_ARGUMENT else ""
        elif awaiting:
            switches[awaiting] = text
            formats |= {text.upper()} if awaiting == "*" else set()
            awaiting = ""
        elif name:
            arguments.append(text)
        else:
            name = text
    return Instruction(name.upper(), tuple(arguments), switches, frozenset(formats))


def bookmark_of(code: str, names: frozenset[str]) -> str | None:
    """The bookmark whose text a field repeats, in small letters; None where it is no such field.

    Args:
        code: of the field; the name of a bookmark alone is one too.
        names: of the document's bookmarks, in small letters.
    """
    said = instruction(code)
    name = said.arguments[0] if said.name == "REF" and len(said.arguments) == 1 else said.name
    alone = said.name == "REF" or (not said.arguments and said.name not in _WITHOUT_ARGUMENT)
    return name.casefold() if alone and name.casefold() in names else None


def bookmarks_in(root: etree._Element) -> frozenset[str]:
    """The names of a part's bookmarks, in small letters."""
    return frozenset((attribute(mark, "name") or "").casefold() for mark in word_iter(root, "bookmarkStart"))


def repeats(code: str) -> bool:
    """Is a field of a kind whose result is renewed when the document is filled, where that can be done?"""
    said = instruction(code)
    alone = not said.arguments and said.name not in _WITHOUT_ARGUMENT
    return alone or said.name in _RENEWED or is_table_sum(code)


class FieldResults:
    """What the fields of a document show.

    Args:
        document: the document.
        read: gives the tree of a part as it is by now.
        work_out: gives the text that is to be made of some texts, or what will stand for it.
        file: gives the name of the file, or what will stand for it.
        chosen: what will stand for the choice of a legacy list, by the mark that begins it.
    """

    def __init__(
        self,
        document: Document,
        read: Callable[[str], etree._Element],
        work_out: Callable[[Sequence[str], Work], str] = lambda texts, work: work(texts),
        file: Callable[[], str] = str,
        chosen: Mapping[etree._Element, str] | None = None,
    ) -> None:
        self._document = document
        self._read = read
        self._work_out = work_out
        self._file = file
        self._chosen = chosen or {}
        self._worked: dict[tuple[etree._Element, tuple[str, ...]], str] = {}

    def renew(self, root: etree._Element) -> bool:
        """Give each field of a part its result; whether that changed any."""
        changed = False
        for field in list(fields(root)):
            runs = self.result(field)
            if runs is not None and "".join(map(visible_text, runs)) != shown_text(field):
                replace_result(field.begin, runs)
                changed = True
        return changed

    def result(self, field: Field) -> list[etree._Element] | None:
        """The runs of a field's result; None of one that only Word works out, or that is not to change."""
        if field.around or field.inside or not is_whole(field) or attribute(field.begin, "fldLock") in _LOCKED:
            return None
        total = table_sum(field.begin, field.code)
        if total is not None:
            return [self._run(field, self._worked_out(field, total.texts, total.result))]
        said = instruction(field.code)
        marked = bookmark_of(field.code, self.bookmarks)
        harmless = _HARMLESS_SWITCHES.get("REF" if marked else said.name, {"*"})
        if set(said.switches) - harmless or said.formats - _LOOKS - _CASES.keys():
            return None
        if marked is not None:
            return self._repeated(field, said, marked)
        text = self._styled(field, said) if said.name == "STYLEREF" else self._text_of(said)
        return None if text is None else [self._run(field, self._cased(field, said, text))]

    @cached_property
    def bookmarks(self) -> frozenset[str]:
        """The names of all bookmarks, in small letters."""
        return frozenset[str]().union(*(bookmarks_in(self._read(part)) for part in self._document.roots))

    def _text_of(self, said: Instruction) -> str | None:
        """What a field without a bookmark prints."""
        if said.name == "FILENAME":
            return self._file() or None
        if said.name in {"DOCPROPERTY", "INFO"} and len(said.arguments) == 1:
            return property_text(self._document.package, said.arguments[0], self._read)
        if said.name in _PROPERTIES and not said.arguments:
            return property_text(self._document.package, said.name, self._read)
        return None

    def _styled(self, field: Field, said: Instruction) -> str | None:
        """The text of the paragraph of a style."""
        if len(said.arguments) != 1:
            return None
        main = self._read(self._document.package.main_part)
        paragraph = styled_paragraph(self._document.styles, main, field, said.arguments[0])
        return None if paragraph is None else visible_text(paragraph)

    def _repeated(self, field: Field, said: Instruction, name: str) -> list[etree._Element] | None:
        """The text of a bookmark with its look, or the field's own where it says so."""
        marked = self._marked(name)
        if marked is None:
            return None
        if said.case:
            text = "".join(map(visible_text, marked))
            return [self._run(field, self._cased(field, said, text))]
        if said.formats & _LOOKS:
            look = self._look(field)
            for run in marked:
                own = child(run, "rPr")
                if own is not None:
                    run.remove(own)
                if look is not None:
                    run.insert(0, deepcopy(look))
        return marked

    def _marked(self, name: str) -> list[etree._Element] | None:
        """Copies of the runs that a bookmark holds, of their texts only; None where they are several paragraphs."""
        for part in self._document.roots:
            root = self._read(part)
            start = next(
                (m for m in word_iter(root, "bookmarkStart") if (attribute(m, "name") or "").casefold() == name), None
            )
            if start is not None:
                held = _held(root, start)
                within = {ancestor(run, "p") for run in held}
                return [self._copy(run, pieces) for run, pieces in held.items()] if len(within) == 1 else None
        return None

    def _copy(self, run: etree._Element, pieces: Sequence[etree._Element]) -> etree._Element:
        copy = make(run, "r")
        look = child(run, "rPr")
        if look is not None:
            copy.append(deepcopy(look))
        for piece in pieces:
            if is_word(piece, "fldChar"):
                copy.extend(run_with_text(run, None, self._chosen.get(piece) or shown_sign(piece)))
            else:
                inner = deepcopy(piece)
                inner.tail = None
                copy.append(inner)
        return copy

    def _run(self, field: Field, text: str) -> etree._Element:
        return run_with_text(field.begin, self._look(field), text)

    def _look(self, field: Field) -> etree._Element | None:
        """The look of a field's result as it is, be it that of a prompt no more."""
        look = child(next(iter(shown_runs(field)), None), "rPr")
        if look is None:
            return None
        copied = deepcopy(look)
        copied.tail = None
        style = child(copied, "rStyle")
        if style is not None and value_of(copied, "rStyle") in self._document.prompt_styles:
            copied.remove(style)
        return copied

    def _cased(self, field: Field, said: Instruction, text: str) -> str:
        case = said.case
        return text if case is None else self._worked_out(field, (text,), lambda texts: case(texts[0]))

    def _worked_out(self, field: Field, texts: tuple[str, ...], work: Work) -> str:
        key = field.begin, texts
        if key not in self._worked:
            self._worked[key] = self._work_out(texts, work)
        return self._worked[key]


def _held(root: etree._Element, start: etree._Element) -> dict[etree._Element, list[etree._Element]]:
    """By run, what a bookmark holds that shows text; the mark of a legacy field stands for what it draws."""
    number, inside = attribute(start, "id"), False
    codes: list[bool] = []  # of each field around, are we in its code?
    held: dict[etree._Element, list[etree._Element]] = {}
    for piece in word_iter(root, "bookmarkStart", "bookmarkEnd", "fldChar", *TEXT_SIGNS):
        run = piece.getparent()
        inside = inside or piece is start
        if is_word(piece, "bookmarkEnd") and inside and attribute(piece, "id") == number:
            break
        if is_word(piece, *TEXT_SIGNS) and inside and run is not None and not any(codes):
            held.setdefault(run, []).append(piece)
        if is_word(piece, "fldChar"):
            if form_data(piece) is not None and inside and run is not None:
                held.setdefault(run, []).append(piece)
            _follow(codes, attribute(piece, "fldCharType"))
    return {run: shown for run, shown in held.items() if not any(map(_is_no_text, run.iterancestors()))}


def _follow(codes: list[bool], mark: str | None) -> None:
    """Pass a mark of a field: its code begins, its result begins, or it ends."""
    if mark == "begin":
        codes.append(True)
    elif codes and mark == "separate":
        codes[-1] = False
    elif codes and mark == "end":
        codes.pop()


def _is_no_text(element: etree._Element) -> bool:
    """Is it what was deleted, or the twin of what is shown?"""
    return is_word(element, *_REMOVED) or element.tag == f"{{{MC}}}Fallback"
