"""A returned PDF beside the PDF that was sent: what no text layer tells is seen in the pictures of the pages."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from conventool.batch.options import RunOptions
from conventool.commands.batch import batch
from conventool.commands.verify import VerifyOptions, verify
from conventool.core.watch import NOBODY
from conventool.documents.pdf_files import Paper
from conventool.returned.alterations import alterations
from conventool.returned.comparison import Comparison, best_template, known_patterns
from conventool.returned.documents import Returned
from conventool.returned.expectations import as_sent
from test_batch import FOUR
from test_returned_by_signing import signed, typed
from test_returned_hiding import PDF, drawn_last

SWAPPED = bytes.maketrans(b"\x1b\x1c", b"\x1c\x1b")
"""In the convention's text font, the codes of a 5 and of a 9."""


def compared(path: Path) -> Comparison:
    """A PDF beside the one that was sent."""
    comparison = best_template(Returned(path, PDF), known_patterns(None))
    assert comparison is not None
    return comparison


def told(path: Path) -> list[tuple[str, str]]:
    """Code and place of all that is said of a PDF beside the one that was sent."""
    return [(problem.code, problem.message.partition(" : ")[0]) for problem in alterations(compared(path))]


def saved_again(path: Path) -> Path:
    with pikepdf.open(PDF) as pdf:
        pdf.save(path, linearize=True)
    return path


def with_swapped_digits(path: Path) -> Path:
    """Every 5 drawn as a 9 and every 9 as a 5, in the whole document, and called what they were."""
    with pikepdf.open(PDF) as pdf:
        fonts: dict[Any, Any] = {}
        for page in pdf.pages:
            font = page.Resources.Font["/F2"]
            fonts[font.objgen] = font
            instructions, name = [], ""
            for one in pikepdf.parse_content_stream(page):
                values: list[Any] = list(one.operands)
                operator = str(one.operator)
                if operator == "Tf":
                    name = str(values[0])
                elif operator == "TJ" and name == "/F2":
                    values = [pikepdf.Array([swapped(shown) for shown in values[0]])]
                elif operator == "Tj" and name == "/F2":
                    values = [swapped(values[0])]
                instructions.append((values, one.operator))
            page.Contents = pikepdf.Stream(pdf, pikepdf.unparse_content_stream(instructions))
        for font in fonts.values():
            names = font.ToUnicode.read_bytes()
            names = names.replace(b"<1B> <0035>", b"<1B> <0000>").replace(b"<1C> <0039>", b"<1C> <0035>")
            font.ToUnicode = pikepdf.Stream(pdf, names.replace(b"<1B> <0000>", b"<1B> <0039>"))
        pdf.save(path)
    return path


def swapped(shown: Any) -> Any:
    return pikepdf.String(bytes(shown).translate(SWAPPED)) if isinstance(shown, pikepdf.String) else shown


def test_the_same_print_is_the_same(tmp_path: Path) -> None:
    returned = Returned(saved_again(tmp_path / "revenu.pdf"), PDF)
    assert returned.is_drawn_as_sent
    assert told(returned.path) == []


def test_what_is_laid_over_is_not_as_sent(tmp_path: Path) -> None:
    with pikepdf.open(PDF) as pdf:
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[50, 50, 60, 60], F=2)
        field = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Caret, Rect=[50, 50, 60, 60], F=4)
        pdf.pages[1].obj["/Annots"] = pdf.make_indirect(pikepdf.Array([note, field]))
        pdf.save(tmp_path / "revenu.pdf")
    assert not Returned(tmp_path / "revenu.pdf", PDF).is_drawn_as_sent


def with_lines_set_anew(path: Path, *, colour: str = "") -> Path:
    """Some lines whose letters, but for the first, stand half a point farther, be they in another colour."""
    with pikepdf.open(PDF) as pdf:
        page, seen = pdf.pages[1], 0
        instructions: list[Any] = []
        for one in pikepdf.parse_content_stream(page):
            values: list[Any] = list(one.operands)
            if str(one.operator) == "TJ" and (seen := seen + 1) in range(5, 9):
                values = [pikepdf.Array([values[0][0], -50, *list(values[0])[1:]])]
                instructions += [([*map(int, colour.split())], pikepdf.Operator("rg"))] if colour else []
            instructions.append((values, one.operator))
        page.Contents = pikepdf.Stream(pdf, pikepdf.unparse_content_stream(instructions))
        pdf.save(path)
    return path


def test_letters_that_stand_a_little_farther_on_their_lines_are_no_drawing(tmp_path: Path) -> None:
    """So does LibreOffice print the document itself, whose lines the prepared copy of it sets otherwise."""
    moved = with_lines_set_anew(tmp_path / "revenu.pdf")
    assert not Returned(moved, PDF).is_drawn_as_sent
    assert told(moved) == []
    assert ("unlike-sent", "Page 2, PREAMBULE") in told(with_lines_set_anew(moved, colour="1 0 0"))


def test_a_picture_that_only_others_may_draw_is_looked_at(tmp_path: Path) -> None:
    """The pixels are those that were sent: what this program cannot decode it does not draw."""
    with pikepdf.open(PDF) as pdf:
        picture = pikepdf.Stream(pdf, b"no picture", Subtype=pikepdf.Name.Image, Width=9, Height=9, BitsPerComponent=8,
                                 ColorSpace=pikepdf.Name.DeviceGray, Filter=pikepdf.Name.JPXDecode)  # fmt: skip
        pdf.pages[2].add_resource(picture, pikepdf.Name.XObject, pikepdf.Name("/Unseen"))
        drawn_last("{width} 0 0 {height} {left} {bottom} cm /Unseen Do")(pdf, 2, (100, 400, 300, 520))
        pdf.save(tmp_path / "revenu.pdf")
    assert not Returned(tmp_path / "revenu.pdf", PDF).is_drawn_as_sent
    assert ("foreign-content", "Page 3") in [(code, place[:6]) for code, place in told(tmp_path / "revenu.pdf")]


@pytest.mark.slow
def test_a_font_that_lies_throughout_is_seen(tmp_path: Path) -> None:
    """Its digits do not look like those that they are called; the PDF that was sent says in which article."""
    path = with_swapped_digits(tmp_path / "revenu.pdf")
    assert {code for code, _ in told(path)} == {"drawn-otherwise", "unlike-sent"}
    alone = best_template(Returned(path), known_patterns(None))
    assert alone is not None
    assert {one.code for one in alone.foreign} == {"drawn-otherwise"}
    assert set("".join(one.text for one in alone.foreign)) == {"5", "9"}
    assert {"Page 3, Article 4.2.1", "Page 3, ARTICLE 5.1. "} <= {one.under[:21] for one in compared(path).foreign}
    assert Returned(path).key == Returned(PDF).key


def test_what_a_pdf_that_was_sent_says_is_read() -> None:
    """Where no Word file was kept: paper has slots of its own, as the signs of lists are."""
    texts = as_sent(PDF, "armentieres", "fibre", known_patterns(None)[0]).values
    assert "12 mars 2026" in set(texts.values())


def test_what_belongs_to_signing_is_no_difference(tmp_path: Path) -> None:
    by_hand = signed(tmp_path / "signe.pdf", 4, 400, 340), typed(tmp_path / "date.pdf", 4, 420, 330, "Lu et approuvé")
    assert {code for path in by_hand for code, _ in told(path)} == {"by-hand"}


def test_a_hidden_drawing_is_told_where_it_is(tmp_path: Path) -> None:
    with pikepdf.open(PDF) as pdf:
        drawn_last("0.55 g {left} {bottom} {width} {height} re f")(pdf, 2, (100, 500, 140, 510))
        pdf.save(tmp_path / "revenu.pdf")
    places = [place for code, place in told(tmp_path / "revenu.pdf") if code == "unlike-sent"]
    assert [place.startswith("Page 3, Article 4.2.1.") for place in places] == [True]


@pytest.mark.skipif(shutil.which("pdftocairo") is None, reason="pdftocairo is not installed")
def test_a_reprint_is_told_as_such(tmp_path: Path) -> None:
    """Another program sets the letters otherwise by a hair; the check of each letter still holds."""
    subprocess.run(["pdftocairo", "-pdf", str(PDF), str(tmp_path / "revenu.pdf")], check=True)
    assert {code for code, _ in told(tmp_path / "revenu.pdf")} <= {"reprinted"}


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_dossier_with_its_pdf_files(tmp_path: Path) -> None:
    sent, back = tmp_path / "lot", tmp_path / "retours"
    batch(FOUR / "utf-8.csv", RunOptions("convention-services-numeriques", sent, paper=Paper()), NOBODY)
    back.mkdir()
    papers = sorted(sent.glob("*.pdf"))
    assert len(papers) >= 9
    for rank, path in enumerate(papers):
        with pikepdf.open(path) as pdf:
            if rank == 4:
                drawn_last("0 g {left} {bottom} 3 3 re f")(pdf, 2, (200, 500, 240, 510))
            pdf.save(back / path.name, linearize=True)
    report = verify([back], VerifyOptions(dossier=sent, jobs=1))
    assert [one.path.name for one in report.documents if one.status != "intact"] == [papers[4].name]
    _joined_copies_are_verified_each(sent, back, papers)


def _joined_copies_are_verified_each(sent: Path, back: Path, papers: list[Path]) -> None:
    """The three copies of an adherent in one PDF, whatever its name; of two adherents they are no whole."""
    told = {}
    for name, some in {"trois": papers[:3], "deux": [papers[5], papers[4]], "melange": [papers[0], papers[4]]}.items():
        with pikepdf.new() as whole:
            for path in some:
                with pikepdf.open(back / path.name) as one:
                    whole.pages.extend(one.pages)
            whole.save(back / f"{name}.pdf")
        report = verify([back / f"{name}.pdf"], VerifyOptions(dossier=sent, jobs=1))
        (done,), problems = report.documents, list(report.problems)
        told[name] = done.status, [one.code for one in problems], problems[-1].message
    assert told["trois"][:2] == ("intact", ["joined-copies"])
    assert told["deux"][0] == "doubtful"
    assert told["deux"][2].startswith("Exemplaire «\u00a0CDG 59\u00a0», page ")
    assert told["melange"][0] == "altered"
    assert told["melange"][1][0] == "mixed-copies"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_annexes_of_a_dossier_of_pdf_files_alone(tmp_path: Path) -> None:
    """They are held against the same pages of the PDF that was sent, their pictures and what they say."""
    sent = tmp_path / "lot"
    data = Path(__file__).parents[1] / "examples" / "adherent-complet.yaml"
    batch(data, RunOptions("convention-services-numeriques", sent, paper=Paper(only=True)), NOBODY)
    (own,) = sent.glob("convention*1-fibre.pdf")
    told = {}
    for name, (page, box) in {"stamp": (0, (500, 800, 540, 810)), "blot": (5, (200, 500, 240, 510))}.items():
        back = tmp_path / name / own.name
        back.parent.mkdir()
        with pikepdf.open(own) as pdf:
            drawn_last("0 g {left} {bottom} 9 9 re f")(pdf, page, box)
            pdf.save(back)
        report = verify([back], VerifyOptions(dossier=sent, jobs=1))
        (done,) = report.documents
        told[name] = done.status, {problem.code for problem in report.problems}
    assert told["stamp"] == ("intact", {"by-hand"})
    assert told["blot"][0] == "doubtful"
    assert "unlike-sent" in told["blot"][1]
    assert not {"reprinted", "not-compared"} & told["blot"][1]
