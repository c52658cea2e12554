"""What programs do to a page that they print again, and what only looks like it."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from conventool.returned.page_comparison import differences, is_same_print
from conventool.returned.pdf_foreign import Own, Zones, page_foreign, rare_fonts
from conventool.returned.pdf_glyphs import Box, Glyph
from conventool.returned.pdf_opening import read_pdf
from conventool.returned.pdf_pages import Page
from conventool.returned.pdf_resources import ways_of

SENT = ["La convention dure cinq ans.", "Elle vaut 50 euros."]
NOWHERE = {1: Zones(Box(0, 0, 595, 842), None)}


def drawn(path: Path, content: str, size: tuple[int, int] = (595, 842)) -> Page:
    """The one page of a PDF with this content, its text in Helvetica."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=size)
        helvetica = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=helvetica))
        page.Contents = pdf.make_stream(content.encode("latin-1"))
        pdf.save(path)
    (found,) = read_pdf(path)
    return found


def lines(texts: list[str], right: float = 0) -> str:
    shown = (f"1 0 0 1 {70 + right} {700 - 20 * rank} Tm ({text}) Tj" for rank, text in enumerate(texts))
    return f"BT /F 11 Tf {' '.join(shown)} ET"


def test_letters_moved_by_a_hair_are_another_print(tmp_path: Path) -> None:
    """On a page of few lines as well."""
    sent, returned = drawn(tmp_path / "a.pdf", lines(SENT)), drawn(tmp_path / "b.pdf", lines(SENT, right=0.3))
    assert not is_same_print([returned], [sent])
    assert is_same_print([sent], [sent])


@pytest.mark.parametrize("said", ["Elle vaut 60 euros.", "Elle vaut 5O euros.", "Elle vaut 50. euros."])
def test_a_changed_word_of_the_same_print_differs(tmp_path: Path, said: str) -> None:
    sent, returned = drawn(tmp_path / "a.pdf", lines(SENT)), drawn(tmp_path / "b.pdf", lines([SENT[0], said]))
    assert is_same_print([returned], [sent])
    assert [one.page for one in differences([returned], [sent], (), NOWHERE)] == [1]
    assert not list(differences([returned], [sent], (), {1: Zones(Box(0, 0, 595, 842), 0)}))


def test_edges_drawn_otherwise_do_not_differ(tmp_path: Path) -> None:
    sent = drawn(tmp_path / "a.pdf", lines(SENT))
    returned = drawn(tmp_path / "b.pdf", f"{lines(SENT[:1])} 1 0 0 1 0.3 -20 cm {lines(SENT[1:])}")
    assert sent.image.tobytes() != returned.image.tobytes()
    assert is_same_print([returned], [sent])
    assert not list(differences([returned], [sent], (), NOWHERE))


def test_cells_of_a_page_made_smaller(tmp_path: Path) -> None:
    """An A4 page on A5: its coloured cells are as low as a line of text."""
    cells = "0.8 g 46 440 106 9.9 re f 153 440 106 9.9 re f 0 g BT /F 7 Tf 50 443 Td (Valeur) Tj ET"
    page = drawn(tmp_path / "a.pdf", f"BT /F 7 Tf 46 520 Td (La convention dure cinq ans.) Tj ET {cells}", (420, 595))
    glyphs = [line.glyphs for line in page.lines]
    told = [list(page_foreign(page, glyphs, (), NOWHERE[1], Own(ruled=ruled))) for ruled in (True, False)]
    assert [[one.code for one in ones] for ones in told] == [[], ["foreign-content"]]


def glyph(char: str, left: float, font: str) -> Glyph:
    return Glyph(char, Box(left, 0, left + 5, 10), left, 10, font, (500, 700, 0, 700))


@pytest.mark.parametrize(
    ("letters", "together", "told"), [("ti", True, ""), ("ti", False, "ti"), ("50", True, "50"), ("né", True, "né")]
)
def test_a_font_of_ligatures(letters: str, together: bool, told: str) -> None:
    """Programs make one of the ligatures alone; letters that stand side by side are told."""
    line = [glyph(char, 10 * rank, "Carlito") for rank, char in enumerate("la convention dure")]
    line += [glyph(char, 200 if together else 200 + 10 * rank, "Autre") for rank, char in enumerate(letters)]
    assert "".join(one.text for one in rare_fonts({1: [line]}, (), "")) == told


@pytest.mark.parametrize(
    ("replacement", "told"),
    [(r"(\376\377\000\240)", 0), ("<FEFF00A0>", 0), (r"(\376\377\0006)", 1), (r"(\040\066)", 1), ("<FEFF0036>", 1)],
)
def test_a_replacement_text_in_any_notation(tmp_path: Path, replacement: str, told: int) -> None:
    """A no-break space in the place of a space is the same text, in octal digits too (ISO 32000-1, 7.3.4.2)."""
    drawn(tmp_path / "a.pdf", f"/Span <</ActualText {replacement}>> BDC {lines(SENT)} EMC")
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        assert len(list(ways_of(pdf.pages[0]))) == told
