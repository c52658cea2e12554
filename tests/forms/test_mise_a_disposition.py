"""A colleague's form, whole: adopted, filled from a YAML and from a list of ten, printed, read, verified.

Its pictures were looked at, one by one, on the day this was written: two lines of a mission, boxes ticked and not.
"""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
import yaml

from conventool.batch.options import RunOptions
from conventool.commands.adopt import adopt
from conventool.commands.batch import batch
from conventool.commands.fill import fill
from conventool.commands.read import ReadOptions, read
from conventool.commands.verify import VerifyOptions, verify
from conventool.core.watch import NOBODY
from conventool.documents.pdf_files import Paper

CASES = Path(__file__).parents[1] / "cases"
FORM = CASES / "forms" / "mise-a-disposition.docx"
DATA = CASES / "mise-a-disposition" / "armentieres.yaml"
LIST = CASES / "mise-a-disposition" / "liste.csv"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The form adopted, nothing in it edited."""
    folder = tmp_path_factory.mktemp("adopted") / "modele"
    adopt(FORM, folder)
    return folder


def text(path: Path) -> str:
    """What a document says, by python-docx."""
    paragraphs = docx.Document(str(path)).element.body.xpath(".//w:p")
    return "\n".join(paragraph.xpath("string(.)") for paragraph in paragraphs).replace("\u00a0", " ")


def test_filled_from_yaml(template: Path, tmp_path: Path) -> None:
    """Every value stands in its sentence."""
    report = fill(DATA, RunOptions(str(template), tmp_path))
    assert report.errors == []
    said = text(next(iter(report.documents)).path)
    for sentence in (
        "et la commune de Armentières, dont le siège est situé 4 place du Général-de-Gaulle, 59280 Armentières,",
        "par Madame Jeanne MARTIN, en qualité de Maire, dûment habilité(e) par délibération en date du 12 mars 2026,",
        "prend effet le 1er avril 2026 pour une durée de 6 mois. Elle est renouvelable ☒ par tacite",
        "est fixé à 28,50 euros",
        "Pour la collectivité d’accueil, le 20 mars 2026",
    ):
        assert sentence in said, said


def test_a_choice_that_links_a_name_badly_is_told(template: Path, tmp_path: Path) -> None:
    """The form's own list says « la commune de »: before « Armentières » and « Le Quesnoy » it is told, at the name."""
    (told,) = [one for one in fill(DATA, RunOptions(str(template), tmp_path)).problems if one.code == "bad-link"]
    assert "« de Armentières », au lieu de « d’Armentières »" in told.message
    assert (told.field, told.place.line, told.severity.value) == ("texte", 12, "warning")
    report = batch(LIST, RunOptions(str(template), tmp_path / "liste"), NOBODY)
    badly = {one.value for one in report.problems if one.code == "bad-link"}
    assert badly == {"Armentières", "Arras", "Auchel", "Le Quesnoy"}


def test_filled_from_a_list_of_ten_read_and_verified(template: Path, tmp_path: Path) -> None:
    """What comes back is what was given; each document is intact, and a value of another row is not."""
    report = batch(LIST, RunOptions(str(template), tmp_path), NOBODY)
    assert (report.summary["accepted"], report.errors) == (10, [])
    documents = sorted(tmp_path.glob("*.docx"))
    assert ["☐" in text(path) for path in documents].count(True) == 4
    quesnoy = next(text(path) for path in documents if "quesnoy" in path.name)
    assert "la commune de Le Quesnoy, dont le siège est situé 13 rue du Maréchal-Joffre, 59530 Le Quesnoy," in quesnoy
    options = VerifyOptions(template=str(template), data=LIST, jobs=1)
    assert [str(problem) for problem in verify(documents, options).problems] == []
    given = read([path for path in documents if "auchel" in path.name], ReadOptions(str(template))).data[0]
    wanted = {
        "mission": "Marchés publics : dossiers de consultation",
        "date_de_debut_de_mission": "2026-05-04",
        "duree": "6 mois",
        "elle_est_renouvelable": "oui",
        "montant_horaire_ttc": "33,20",
        "pour_la_collectivite_daccueil": "2026-04-20",
    }
    assert {name: given[name] for name in wanted} == wanted
    other = VerifyOptions(template=str(template), data=DATA, jobs=1)
    assert verify(documents[:1], other).exit_code != 0


def test_the_example_that_comes_with_it(template: Path, tmp_path: Path) -> None:
    """The invented data beside the template fill it at once."""
    example = template / "exemples" / "exemple.yaml"
    assert set(yaml.safe_load(example.read_text(encoding="utf-8"))) >= {"forme", "mission", "duree"}
    assert fill(example, RunOptions(str(template), tmp_path)).errors == []


@pytest.mark.slow
def test_printed_and_verified(template: Path, tmp_path: Path) -> None:
    """PDF files say what the documents say; a changed value is found in them."""
    fill(DATA, RunOptions(str(template), tmp_path, paper=Paper()))
    printed = list(tmp_path.glob("*.pdf"))
    assert len(printed) == 1
    options = VerifyOptions(template=str(template), data=DATA, jobs=1)
    assert [str(problem) for problem in verify(printed, options).problems] == []
    changed = tmp_path / "autre.yaml"
    changed.write_text(DATA.read_text(encoding="utf-8").replace("28,50", "29,50"), encoding="utf-8")
    problems = verify(printed, VerifyOptions(template=str(template), data=changed, jobs=1)).problems
    assert [problem.code for problem in problems] == ["altered-value"]
