"""Forms on paper: a PDF says what its document says, and nothing that is not to leave."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import yaml

from conventool.commands.adopt import adopt
from conventool.commands.batch import batch
from conventool.commands.fill import RunOptions, fill
from conventool.commands.inspect import inspect
from conventool.commands.read import ReadOptions, read
from conventool.commands.verify import VerifyOptions, verify
from conventool.core.watch import NOBODY
from conventool.documents.pdf_files import Paper
from conventool.word.package import Package
from conventool.word.text_walker import visible_text

CASES = Path(__file__).parents[1] / "cases" / "forms"


def lines_of(path: Path) -> list[str]:
    """What a PDF shows, line by line."""
    with pypdfium2.PdfDocument(path) as pdf:
        text = "\n".join(page.get_textpage().get_text_bounded() for page in pdf)
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def printed(form: str, data: str, folder: Path) -> tuple[list[str], Path]:
    """A form filled with the data beside it, on paper: its lines, and the PDF."""
    options = RunOptions(str(CASES / form), folder, paper=Paper(), allow_revisions=True)
    report = fill(CASES / data, options)
    [path] = [folder / one.path for one in report.documents if one.path.suffix == ".pdf"]
    return lines_of(path), path


@pytest.mark.slow
def test_fields_show_on_paper_what_they_show_in_word(tmp_path: Path) -> None:
    """A reference, a title, a property, a sum of French numbers."""
    lines, path = printed("01-champs-derives.docx", "01.yaml", tmp_path)
    package = Package.open(path.with_suffix(".docx"))
    shown = [" ".join(one.split()) for one in visible_text(package.parse(package.main_part)).split("\n")]
    for line in (
        "Article 2. L’adhérent Commune de Vieux-Lavoir s’engage.",
        "Rappel de l’objet : Prestations numériques.",
    ):
        assert line in lines
        assert line in shown
    assert "Rappel 2 : Prestations numériques." in lines
    assert "Total 2000" in lines
    assert "2000" in shown


@pytest.mark.slow
def test_the_name_of_the_file_is_that_of_the_document(tmp_path: Path) -> None:
    """On each page, twice; two runs give the same PDF."""
    lines, path = printed("02-nom-de-fichier.docx", "02.yaml", tmp_path / "1")
    footers = [line for line in lines if "Document :" in line]
    assert len(footers) == 2
    assert all(line.count("02-nom-de-fichier_02.docx") == 2 and "tmp" not in line for line in footers)
    _, again = printed("02-nom-de-fichier.docx", "02.yaml", tmp_path / "2")
    assert again.read_bytes() == path.read_bytes()


@pytest.mark.slow
def test_paper_has_no_marks_of_revision_and_no_annotation(tmp_path: Path) -> None:
    """Nor the text that is hidden."""
    lines, path = printed("16b-suivi.docx", "16.yaml", tmp_path)
    assert "La durée est de quatre ans avec X." in lines
    assert not any("trois" in line or "caché" in line for line in lines)
    with pikepdf.open(path) as pdf:
        assert not any("/Annots" in page and len(page.Annots) for page in pdf.pages)


@pytest.mark.slow
def test_lines_are_not_stretched_and_items_are_numbered(tmp_path: Path) -> None:
    """The short line of a justified paragraph ends well before the margin."""
    lines, path = printed("10-multiligne.docx", "10.yaml", tmp_path)
    assert lines[lines.index("1. un point") + 1] == "2. un autre point"
    with pypdfium2.PdfDocument(path) as pdf:
        page = pdf[0].get_textpage()
        at = page.get_text_bounded().index("Premier paragraphe assez court.")
        found = page.search("Premier paragraphe assez court.").get_next()
        assert found is not None
        rights = [page.get_charbox(found[0] + rank)[2] for rank in range(found[1])]
        assert at >= 0
        assert max(rights) < pdf[0].get_width() / 2


@pytest.mark.slow
def test_a_word_file_inside_a_document_is_no_obstacle(tmp_path: Path) -> None:
    """It opens, its controls are listed, it becomes a PDF."""
    form = CASES / "o2-annexe-docx-incluse.docx"
    [name, *_] = [control["address"] for control in inspect(form).own["controls"]]
    (tmp_path / "x.yaml").write_text(f"'{name}': Hem\n", encoding="utf-8")
    report = fill(tmp_path / "x.yaml", RunOptions(str(form), tmp_path, paper=Paper()))
    assert {document.status for document in report.documents} == {"created"}


def test_each_value_is_as_the_sheet_shows_it(tmp_path: Path) -> None:
    """Amounts, rates, post codes, phones, times, a date for a text: what the eye saw in the workbook."""
    report = batch(CASES / "04b-formats.xlsx", RunOptions(str(CASES / "04-formats.docx"), tmp_path), NOBODY)
    [document] = report.documents
    package = Package.open(tmp_path / document.path)
    lines = visible_text(package.parse(package.main_part)).replace("\N{NARROW NO-BREAK SPACE}", " ").split("\n")
    text = " | ".join(" ".join(line.split()) for line in lines)
    for shown in (
        "1 200,50 €",
        "5,5 %",
        "01000",
        "06 12 34 56 78",
        "1er mars 2026",
        "14:30",
        "0,30",
        "(1 250 €)",
        "12,50 m²",
    ):
        assert f": {shown} |" in f"{text} |", shown


@pytest.mark.slow
def test_a_table_of_contents_is_renewed_on_paper(tmp_path: Path) -> None:
    """That of the form says what it said once; both it and the new one are the template's for ``verify``."""
    adopt(CASES / "40-sommaire-perime.docx", tmp_path / "modele")
    data = tmp_path / "modele" / "exemples" / "exemple.yaml"
    report = fill(data, RunOptions(str(tmp_path / "modele"), tmp_path / "sortie", paper=Paper()))
    documents = [one.path for one in report.documents]
    [lines] = [lines_of(path) for path in documents if path.suffix == ".pdf"]
    heading = "Objet de la mission Exemple (Mission)"
    assert [re.sub(r"[. ]*\.[. ]*", " ", line) for line in lines[:4]] == [
        heading, "Convention", f"{heading} 1", "Prix 2"
    ]  # fmt: skip
    assert "La mission commence le Exemple (Debut). Voir page 2, chapitre Objet de la" in lines
    assert not [one for one in report.problems if one.code == "stale-field" and "PDF" in one.message]
    found = verify(documents, VerifyOptions(str(tmp_path / "modele"), data, jobs=1))
    assert found.problems == []
    assert [one.status for one in found.documents] == ["intact", "intact"]


@pytest.mark.slow
def test_the_lines_of_a_value_are_told_from_those_of_the_page(tmp_path: Path) -> None:
    """In a paragraph as wide as the page, and in a cell; a line may be short because the next word is long."""
    adopt(CASES / "49-lignes-sur-papier.docx", tmp_path / "modele")
    given = {
        "projet": "Première ligne\nDeuxième, bien plus longue que la page n’est large, qui se coupe donc au moins une "
        "fois d’elle-même au bout\nTroisième\net une dernière",
        "lieu": f"Salle des fêtes, au fond de la cour, derrière la {'mairie' * 12} et à côté",
        "cell": "Une valeur de cellule assez longue pour se couper deux fois au moins\nUne autre",
    }
    example = yaml.safe_load((tmp_path / "modele" / "exemples" / "exemple.yaml").read_text(encoding="utf-8"))
    data = tmp_path / "donnees.yaml"
    data.write_text(yaml.safe_dump(example | given), encoding="utf-8")
    report = fill(data, RunOptions(str(tmp_path / "modele"), tmp_path / "sortie", paper=Paper()))
    documents = [one.path for one in report.documents]
    for document in documents:
        [found] = read([document], ReadOptions(str(tmp_path / "modele"))).data
        assert {name: found[name] for name in given} == given
    assert verify(documents, VerifyOptions(str(tmp_path / "modele"), data, jobs=1)).problems == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["06-champs-anciens", "42-champs-anciens-en-tableau", "08b-cases-wingdings", "50-cases-de-polices"]
)
def test_boxes_come_back_from_paper(name: str, tmp_path: Path) -> None:
    """Those of legacy fields and of fonts of signs: some ticked, some not, in Word and PDF alike."""
    adopt(CASES / f"{name}.docx", tmp_path / "modele")
    given = yaml.safe_load((tmp_path / "modele" / "exemples" / "exemple.yaml").read_text(encoding="utf-8"))
    manifest = yaml.safe_load((tmp_path / "modele" / "template.yaml").read_text(encoding="utf-8"))
    boxes = [field for field, champ in manifest["champs"].items() if champ["type"] == "oui-non"]
    assert len(boxes) > 1
    given |= {field: bool(rank % 2) for rank, field in enumerate(boxes)}
    data = tmp_path / "donnees.yaml"
    data.write_text(yaml.safe_dump(given), encoding="utf-8")
    report = fill(data, RunOptions(str(tmp_path / "modele"), tmp_path / "sortie", paper=Paper()))
    documents = [one.path for one in report.documents]
    for document in documents:
        [found] = read([document], ReadOptions(str(tmp_path / "modele"))).data
        assert {field: found[field] for field in boxes} == {field: ("non", "oui")[given[field]] for field in boxes}
    assert verify(documents, VerifyOptions(str(tmp_path / "modele"), data, jobs=1)).problems == []
