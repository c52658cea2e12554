"""The workbook that people follow the conventions in, read back by openpyxl."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conventool.dossier import tracking_workbook as followup
from conventool.dossier.reading import Followed
from conventool.dossier.records import Piece

openpyxl = pytest.importorskip("openpyxl")

COPIES = {"fibre": "La Fibre 59 & 62", "cdg": 'Le « "CDG" » 100 %s {x}'}
# what XML 1.0 holds, and no line break but "\n": parsers must turn the others into that one
TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=40)


def entry(
    rank: int, name: str = "Laon", *, told: str = "", files: tuple[Piece, ...] = (), postal: str = "02000"
) -> Followed:
    return Followed(name, f"La {name}", postal, False, files, (told,) if told else ())


def sheets(entries: list[Followed]) -> list[Any]:
    file = BytesIO()
    followup.write(file, COPIES, iter(entries))
    return list(openpyxl.load_workbook(file))


def lines(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(min_row=2, values_only=True))


def text_of(cell: str | None) -> str:
    return str(openpyxl.utils.escape.unescape(cell or ""))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
def test_every_text_is_there_as_it_is(texts: list[tuple[str, str]]) -> None:
    (sheet,) = sheets([entry(rank, name, told=told) for rank, (name, told) in enumerate(texts, 1)])
    found = [(text_of(line[0]), text_of(line[1]), text_of(line[-1])) for line in lines(sheet)]
    assert found == [(name, f"La {name}", told) for name, told in texts]


@pytest.mark.parametrize("number", [0, 1, 2, 250])
def test_there_are_as_many_lines_as_adherents_and_the_filter_knows(number: int) -> None:
    (sheet,) = sheets([entry(rank, f"Commune {rank}", postal=f"{rank:05}") for rank in range(number)])
    assert [line[2] for line in lines(sheet)] == [f"{rank:05}" for rank in range(number)]
    assert (sheet.dimensions, sheet.auto_filter.ref) == (f"A1:I{number + 1}",) * 2
    assert sheet.freeze_panes == "B2"


def test_a_copy_that_is_not_there_has_no_link_and_each_state_is_told() -> None:
    both = (Piece("fibre", "a 1.docx"), Piece("cdg", "b.docx"), Piece("fibre", "a 1.pdf"))
    failed, taken = (Piece("cdg", "c.pdf", status="failed"),), (Piece("fibre", "d.docx", status="conflict"),)
    (sheet,) = sheets([entry(1, files=both), entry(2, files=failed), entry(3, files=taken), entry(4)])
    links = [[cell and str(cell).split('"')[1] for cell in line[3:5]] for line in lines(sheet)]
    assert links == [["a%201.docx", "b.docx"], [None, "c.pdf"], ["d.docx", None], [None, None]]
    assert [line[5] for line in lines(sheet)] == [
        "À signer", "PDF non produit", "Non écrite : un autre fichier porte ce nom", "À signer",
    ]  # fmt: skip
    assert sheet["E2"].value == f'=HYPERLINK("b.docx","{COPIES["cdg"].replace(chr(34), chr(34) * 2)}")'


def test_an_adherent_takes_one_line_on_the_screen_and_the_sheet_one_page_across() -> None:
    """LibreOffice prints what is below a line break over the line above."""
    (sheet,) = sheets([entry(1)._replace(messages=("Un.", "Deux."))])
    assert sheet["I2"].value == "Un. Deux."
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.print_title_rows) == (True, "$1:$1")
    assert sheet.row_dimensions[1].height > 40


def test_what_a_cell_cannot_hold_is_left_out() -> None:
    (sheet,) = sheets([entry(1, "a\x00\x1fb\ufffe", told="x" * 40_000)])
    assert (sheet["A2"].value, len(sheet["I2"].value)) == ("ab", 32_767)


def test_a_list_longer_than_a_sheet_goes_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followup, "_ROWS", 2)
    found = sheets([entry(rank, f"Commune {rank}") for rank in range(5)])
    assert [sheet.title for sheet in found] == ["Suivi", "Suivi 2", "Suivi 3"]
    assert [[line[0] for line in lines(sheet)] for sheet in found] == [
        ["Commune 0", "Commune 1"], ["Commune 2", "Commune 3"], ["Commune 4"],
    ]  # fmt: skip
