"""What a page of a PDF draws that its template has not, and what a screen reader says otherwise: each kind is told.

Page numbers, rules in empty places, pale and raised signs, inks, bars in tables, structure; other documents joined.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Operator, String

from conventool.commands.verify import VerifyOptions, verify
from conventool.core.problems import Problem
from conventool.returned.page_numbers import PageNumber, miscounted
from conventool.returned.pdf_opening import read_pdf
from conventool.word.package import Package
from conventool.word.printed_rules import printed_rules
from test_returned_drawing import content
from test_returned_hiding import DATA, PDF

Edit: TypeAlias = Callable[[pikepdf.Pdf], object]
PAGE = 1


def numbers(*said: Sequence[int]) -> list[PageNumber]:
    return [PageNumber(page, tuple(one)) for page, one in enumerate(said, 1)]


SOUND_NUMBERS: dict[str, tuple[list[PageNumber], int, set[int], int]] = {
    "as they are": (numbers((1, 3), (2, 3), (3, 3)), 3, set(), 1),
    "without a total": (numbers((1,), (2,), (3,)), 3, set(), 1),
    "a first page without": (numbers((2, 3), (3, 3)), 3, set(), 1),
    "begun later": (numbers((7,), (8,), (9,)), 3, set(), 1),
    "as a browser prints them": (numbers((1, 1), (1, 1)), 2, set(), 1),
    "as Word saved them": (numbers((5, 5), (5, 5), (5, 5)), 3, set(), 1),
    "two sections": (numbers((1,), (2,), (1,), (2,)), 4, {1}, 2),
    "a page is missing, which is told": (numbers((1,), (3,), (4,)), 3, set(), 1),
}
FORGED_NUMBERS: dict[str, tuple[list[PageNumber], int, set[int], int, list[int]]] = {
    "one in between": (numbers((1, 3), (7, 3), (3, 3)), 3, set(), 1, [2]),
    "the first": (numbers((2, 2), (2, 2)), 2, set(), 1, [1]),
    "the last": (numbers((1, 3), (2, 3), (4, 3)), 3, set(), 1, [3]),
    "one total": (numbers((1, 3), (2, 8), (3, 3)), 3, set(), 1, [2]),
    "all totals": (numbers((1, 9), (2, 9), (3, 9)), 3, set(), 1, [1]),
    "of one page": (numbers((4, 1)), 1, set(), 1, [1]),
    "of a section": (numbers((1,), (2,), (1,), (5,)), 4, {1}, 2, [4]),
}


@pytest.mark.parametrize("case", SOUND_NUMBERS)
def test_page_numbers_that_follow_are_sound(case: str) -> None:
    said, pages, starts, sections = SOUND_NUMBERS[case]
    assert list(miscounted(said, pages, starts, sections=sections)) == []


@pytest.mark.parametrize("case", FORGED_NUMBERS)
def test_a_page_number_that_was_changed_is_told_with_its_page(case: str) -> None:
    said, pages, starts, sections, owed = FORGED_NUMBERS[case]
    assert [one.page for one in miscounted(said, pages, starts, sections=sections)] == owed


# --- Forged PDFs -------------------------------------------------------------------------------------------


def drawn(operators: str, page: int = PAGE) -> Edit:
    """Something is drawn last, at a place of the page where nothing is: ``{x}`` and ``{y}``."""

    def edit(pdf: pikepdf.Pdf) -> None:
        x, y = empty(page)
        data = content(pdf, page) + f"\nq {operators.format(x=x, y=y)} Q".encode()
        pdf.pages[page].Contents = pdf.make_stream(data)

    return edit


def empty(page: int) -> tuple[float, float]:
    """A place of the sound PDF with room for a line, between its paragraphs."""
    picture = read_pdf(PDF)[page].image
    rows = [min(picture.crop((60, y, 540, y + 1)).tobytes()) > 250 for y in range(picture.height)]
    top = next(y for y in range(160, picture.height) if all(rows[y : y + 14]))
    return 100, picture.height - top - 7


def with_resource(kind: str, what: Any, operators: str) -> Edit:
    def edit(pdf: pikepdf.Pdf) -> None:
        pdf.pages[PAGE].add_resource(pdf.make_indirect(what), Name(f"/{kind}"), Name("/ZZ"))
        drawn(operators)(pdf)

    return edit


def names_of(font: Any) -> dict[int, str]:
    """The characters of a font, by code."""
    said = re.findall(r"<([0-9A-Fa-f]{2})>\s*<([0-9A-Fa-f]{4})>", font.ToUnicode.read_bytes().decode("latin-1"))
    return {int(code, 16): chr(int(char, 16)) for code, char in said}


def shown_as(wanted: str, before: Iterable[tuple[object, str]], after: Iterable[tuple[object, str]]) -> Edit:
    """A text is shown with other settings: the last signs of what a pattern finds in the strings of a page."""

    def parted(shown: Any, start: int, end: int) -> list[Any]:
        data = [bytes(one) for one in shown if isinstance(one, String)]
        whole = b"".join(data)
        pieces = (whole[:start], whole[start:end], whole[end:])
        first, second, third = ([Array([String(piece)])] for piece in pieces)
        show = Operator("TJ")
        settings = [[([value], Operator(name)) for value, name in some] for some in (before, after)]
        return [(first, show), *settings[0], (second, show), *settings[1], (third, show)]

    def edit(pdf: pikepdf.Pdf) -> None:
        for page in pdf.pages:
            instructions, names = list(pikepdf.parse_content_stream(page)), dict[int, str]()
            for rank, one in enumerate(instructions):
                if str(one.operator) == "Tf":
                    names = names_of(page.Resources.Font[str(one.operands[0])])
                if str(one.operator) != "TJ":
                    continue
                shown: Any = one.operands[0]
                text = "".join(
                    names.get(code, "?") for part in shown if isinstance(part, String) for code in bytes(part)
                )
                if found := re.search(wanted, text):
                    new: list[Any] = instructions[:rank] + parted(shown, *found.span()) + instructions[rank + 1 :]
                    page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(new))
                    return
        raise AssertionError(wanted)

    return edit


def renumbered(pdf: pikepdf.Pdf) -> None:
    """The number of the page, where it is shown by itself or at the end of the footer, is that of another."""
    page = pdf.pages[PAGE]
    instructions, names, found = list(pikepdf.parse_content_stream(page)), dict[int, str](), list[tuple[int, int]]()
    for rank, one in enumerate(instructions):
        if str(one.operator) == "Tf":
            names = names_of(page.Resources.Font[str(one.operands[0])])
        if str(one.operator) in {"Tj", "TJ"}:
            shown: Any = one.operands[0] if str(one.operator) == "TJ" else [one.operands[0]]
            codes = [code for part in shown if isinstance(part, String) for code in bytes(part)]
            if re.search(r"\d/?$", "".join(names.get(code, "?") for code in codes)):
                other = next(code for code, char in names.items() if char in "34" and code not in codes)
                found.append((rank, other))
    rank, other = found[-2]
    one = instructions[rank]
    shown = one.operands[0] if str(one.operator) == "TJ" else [one.operands[0]]
    data = bytearray(b"".join(bytes(part) for part in shown if isinstance(part, String)))
    digit = max(at for at, code in enumerate(data) if names.get(code, "?").isdigit())
    data[digit] = other
    instructions[rank : rank + 1] = [([Array([String(bytes(data))])], Operator("TJ"))]  # type: ignore[list-item]
    page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(instructions))


def tree_order(change: Callable[[list[Any]], object]) -> Edit:
    """The elements of the structure that have many below them are in another order, or fewer."""

    def edit(pdf: pikepdf.Pdf) -> None:
        pending: list[Any] = [pdf.Root.StructTreeRoot]
        while pending:
            one = pending.pop()
            kids = one.get("/K")
            below = list(kids) if isinstance(kids, Array) else [kids]
            if len(below) > 6:
                change(below)
                one["/K"] = Array(below)
                return
            pending += [kid for kid in below if isinstance(kid, Dictionary)]
        raise AssertionError

    return edit


INK = Array([
    Name.Separation, Name.Vernis, Name.DeviceGray,
    Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([1]), C1=Array([1]), N=1),
])  # fmt: skip
FORGED: dict[str, tuple[Edit, str, str]] = {
    "a page number": (renumbered, "misplaced-page", "Page 2"),
    "a line to write on": (drawn("0 G 0.5 w {x} {y} m 300 {y} l S"), "foreign-content", "Page 2"),
    "a dashed line": (drawn("0 G 0.5 w [2 2] 0 d {x} {y} m 300 {y} l S"), "foreign-content", "Page 2"),
    "a picture as a line": (
        drawn("200 0 0 1 {x} {y} cm BI /W 1 /H 1 /CS /G /BPC 8 ID \0 EI"), "foreign-content", "Page 2"
    ),
    "a pale word": (shown_as("Fibre Num", [(0.72, "g")], [(0, "g")]), "hidden-text", "Page 1"),
    "a raised digit": (shown_as(r"(?<=\d)\d(?=\D)", [(3, "Ts")], [(0, "Ts")]), "drawn-otherwise", "Page 1"),
    "a lowered digit": (shown_as(r"(?<=\d)\d(?=\D)", [(-2, "Ts")], [(0, "Ts")]), "drawn-otherwise", "Page 1"),
    "an ink of its own": (
        with_resource("ColorSpace", INK, "/ZZ cs 1 scn {x} {y} 60 6 re f"), "drawn-otherwise", "Page"
    ),
    "overprinted": (
        with_resource("ExtGState", Dictionary(op=True, OPM=1), "/ZZ gs 0 0 0 0 k {x} {y} 60 6 re f"),
        "drawn-otherwise", "Page",
    ),
    "a halftone": (
        with_resource("ExtGState", Dictionary(HT=Dictionary(HalftoneType=1)), "/ZZ gs"), "drawn-otherwise", "Page"
    ),
    "turned by half": (lambda pdf: pdf.pages[PAGE].obj.__setitem__("/Rotate", 45), "drawn-otherwise", "Page 2"),
    "a page five times as wide": (
        lambda pdf: pdf.pages[PAGE].obj.__setitem__("/MediaBox", Array([-1200, -1700, 1800, 2550])),
        "drawn-otherwise", "Page 2",
    ),
    "read in another order": (tree_order(lambda kids: kids.insert(5, kids.pop(2))), "drawn-otherwise", "Page 1"),
    "a paragraph that is not read": (tree_order(lambda kids: kids.pop(4)), "drawn-otherwise", "Page 1"),
    "a field that runs": (
        lambda pdf: pdf.Root.__setitem__(
            "/AcroForm", Dictionary(Fields=Array([pdf.make_indirect(Dictionary(FT=Name.Tx, AA=Dictionary()))]))
        ),
        "foreign-content", "Début",
    ),
}  # fmt: skip


def verified(folder: Path, ways: Mapping[str, Edit]) -> dict[str, tuple[str, list[Problem]]]:
    """By way, the verdict on the sound PDF edited so, and what is said of it."""
    for rank, edit in enumerate(ways.values()):
        with pikepdf.open(PDF) as pdf:
            edit(pdf)
            pdf.save(folder / f"{rank:02}.pdf")
    report = verify([folder], VerifyOptions(data=DATA, jobs=1))
    told: dict[str, list[Problem]] = {}
    for problem in report.problems:
        told.setdefault(Path(problem.place.file or "").name, []).append(problem)
    verdicts = {document.path.name: document.status for document in report.documents}
    return {way: (verdicts[name := f"{rank:02}.pdf"], told.get(name, [])) for rank, way in enumerate(ways)}


@pytest.mark.slow
def test_what_a_pdf_draws_besides_its_template_is_told_where_it_is(tmp_path: Path) -> None:
    found = verified(tmp_path, {way: edit for way, (edit, _, _) in FORGED.items()})
    assert {way: status for way, (status, _) in found.items() if status != "doubtful"} == {}
    for way, (_, code, where) in FORGED.items():
        said = [(problem.code, problem.message[: len(where)]) for problem in found[way][1]]
        assert (code, where) in said, way


SOUND: dict[str, Edit] = {
    "a line in the margin": drawn("0 G 0.5 w 60 20 m 500 20 l S"),
    "a text shown in parts": shown_as("Fibre Num", [], []),
    "a grey that is read": shown_as("Fibre Num", [(0.4, "g")], [(0, "g")]),
    "no structure": lambda pdf: pdf.Root.__delitem__("/StructTreeRoot"),
}


@pytest.mark.slow
def test_what_only_looks_like_it_is_intact(tmp_path: Path) -> None:
    found = verified(tmp_path, SOUND)
    assert {way: list(map(str, problems)) for way, (_, problems) in found.items() if problems} == {}
    assert {status for status, _ in found.values()} == {"intact"}


# --- Where it is -------------------------------------------------------------------------------------------


def inserted(words: str, *, first: bool) -> Edit:
    """A line is drawn before all others, or last, where the page has room."""

    def edit(pdf: pikepdf.Pdf) -> None:
        x, y = empty(PAGE)
        pdf.pages[PAGE].add_resource(
            Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica), Name.Font, Name("/ZZ")
        )
        line = f"q 0 g BT /ZZ 9 Tf {x} {y - 3} Td ({words}) Tj ET Q".encode()
        data = [line, content(pdf, PAGE)] if first else [content(pdf, PAGE), line]
        pdf.pages[PAGE].Contents = pdf.make_stream(b"\n".join(data))

    return edit


@pytest.mark.slow
def test_a_line_is_told_where_it_stands_whenever_it_is_drawn(tmp_path: Path) -> None:
    ways = {str(first): inserted("Sauf accord contraire", first=first) for first in (True, False)}
    for _, problems in verified(tmp_path, ways).values():
        told = [problem.message for problem in problems]
        assert any("passage ajouté" in one and "Sauf accord contraire" in one for one in told)
        moved = [one for one in told if "dans l’ordre où elles sont écrites" in one]
        assert [re.findall("«.(.*).»", one) for one in moved] == [["Sauf accord contraire"]]


@pytest.mark.slow
def test_a_second_document_in_a_pdf_is_told_as_such(tmp_path: Path) -> None:
    with pikepdf.open(PDF) as pdf, pikepdf.open(PDF) as other:
        pdf.pages.extend(other.pages)
        pdf.save(tmp_path / "revenu.pdf")
    report = verify([tmp_path], VerifyOptions(data=DATA, jobs=1))
    count = len(read_pdf(PDF))
    (problem,) = report.problems
    assert problem.code == "joined-document"
    assert problem.message.startswith(f"Les pages {count + 1} à {2 * count} sont un autre document")


def test_a_template_says_where_it_draws_rules() -> None:
    root = Path(__file__).parents[1] / "templates"
    of_convention = printed_rules(Package.open(root / "convention-services-numeriques" / "convention.docx"))
    assert (of_convention.anywhere, of_convention.of_margins, of_convention.raised) == (False, True, False)
    assert [text[:10] for text in of_convention.beside] == ["CONVENTION"]
    of_annex = printed_rules(Package.open(root / "convention-services-numeriques" / "annexe-2.docx"))
    assert of_annex.anywhere
