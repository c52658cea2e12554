"""An amendment and a letter are made of what a dossier knows of one adherent, and stand beside its convention."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from conventool.batch.options import RunOptions
from conventool.commands.batch import batch
from conventool.commands.fill import fill, fill_from_dossier
from conventool.commands.read import ReadOptions, read
from conventool.commands.suivi import Signed, suivi
from conventool.commands.verify import VerifyOptions, verify
from conventool.core.errors import ConventoolError, ExitCode, OutputError, UsageError
from conventool.core.report import Report
from conventool.core.watch import NOBODY
from conventool.documents.pdf_files import Paper
from conventool.template import DEFAULT
from conventool.template.folder import TemplateFolder, find_template
from dossiers import told_by
from in_process import command
from wordtext import W, paragraphs, parts

openpyxl: Any = pytest.importorskip("openpyxl")

HEAD = (
    "forme;code_insee;siret;nom;adresse;code_postal;representant_civilite;representant_prenom;representant_nom;"
    "decision_date;decision_numero\n"
)
LIST = HEAD + (
    "commune;59017;;;4 place du Général-de-Gaulle;59280;Madame;Jeanne;MARTIN;2026-03-12;2026-12\n"
    "ccas;59017;;;4 place du Général-de-Gaulle;59280;Madame;Jeanne;MARTIN;2026-03-12;\n"
    "commune;59350;21590350100017;;1 rue A;59000;Monsieur;Paul;DURAND;2026-03-12;\n"
)
PARTIES = ("fibre", "cdg59", "collectivite")
AMENDMENT = {
    "objet": "l’ajout d’un service", "article_modifie": "L’article 2.1", "redaction": "Texte à rédiger.",
    "deliberation": "2027-02-11",
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three conventions, two of them signed by all, the last signature on 7 April 2026."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "liste.csv").write_text(LIST, "utf-8")
    batch(folder / "liste.csv", RunOptions(DEFAULT, folder / "lot"), NOBODY)
    for day, party in zip(("2026-04-02", "2026-04-07", "2026-04-03"), PARTIES, strict=True):
        suivi(folder / "lot", Signed(["commune 59017", "Lille"], day, party))
    return folder / "lot"


@pytest.fixture
def lot(made: Path, tmp_path: Path) -> Path:
    shutil.copy(made.parent / "liste.csv", tmp_path / "liste.csv")
    return Path(shutil.copytree(made, tmp_path / "lot"))


def written(lot: Path, name: str, template: str, values: dict[str, str], **more: Any) -> Report:
    options = RunOptions(template, Path("elsewhere"), fixed=values, **more)
    return fill_from_dossier(lot, name, options)


def amended(lot: Path, name: str = "commune 59017", **values: str) -> Report:
    return written(lot, name, "avenant", {**AMENDMENT, **values})


def text_of(path: Path) -> str:
    return "\n".join(text for text, _ in paragraphs(path)).replace("\xa0", " ")


def state_of(lot: Path, name: str) -> dict[str, Any]:
    report = suivi(lot, details=True)
    (one,) = [one for one in report.as_json()["adherents"] if one["nom"] == name and one["appellation"] != "Le CCAS"]
    return dict(one)


# --- What the dossier gives --------------------------------------------------------------------------------


def test_an_amendment_says_what_the_dossier_knows(lot: Path) -> None:
    report = amended(lot)
    assert report.exit_code is ExitCode.DONE, list(report.problems)
    assert [document.path.name for document in report.documents] == [
        f"avenant-1_commune-d-armentieres_59280_{rank}-{key}.docx" for rank, key in enumerate(PARTIES, 1)
    ]
    assert {document.path.parent for document in report.documents} == {lot}
    assert [document.copy for document in report.documents] == list(PARTIES)
    *_, last = report.documents
    text = text_of(last.path)
    assert "Modèle à compléter : à faire relire par un juriste avant de l’employer" in text
    assert "La Commune d’Armentières, sise 4 place du Général-de-Gaulle, à Armentières (59280)" in text
    assert "représentée par Madame Jeanne MARTIN, sa Maire, dûment autorisée" in text
    assert "par décision du conseil municipal du 11 février 2027" in text  # not of the convention's n° 2026-12
    assert "qui a pris effet le 7 avril 2026" in text
    assert "prend effet à la date de la dernière signature." in text


LEAVES = [  # who, on which day, when the convention then ends: three months before an anniversary, or six months later
    ("La Collectivité", "2027-01-07", "7 avril 2027", "trois mois"),
    ("La Collectivité", "2027-01-08", "7 avril 2028", "trois mois"),
    ("La Collectivité", "2028-01-08", "7 avril 2029", "trois mois"),
    ("cdg 59", "2027-01-08", "8 juillet 2027", "six mois"),
    ("la fibre numérique 59 62", "2027-08-31", "29 février 2028", "six mois"),
]


def test_a_letter_says_the_end_by_the_prudent_reading(lot: Path) -> None:
    for author, day, end, notice in LEAVES:
        report = written(lot, "215903501", "denonciation", {"auteur": author, "date": day}, force=True)
        (document,) = report.documents
        text = text_of(document.path)
        when = "à sa date anniversaire, le" if author == "La Collectivité" else "le"
        assert f"au moins {notice} à l’avance, de sa décision de la résilier." in text
        assert f"La convention prendra fin {when} {end}." in text
        lines = text.split("\n")
        signed = {"La Collectivité": "Paul DURAND", "cdg 59": "Éric DURAND"}.get(author, "Christophe COULON")
        assert signed in lines
        parties = {"La Fibre Numérique 59 62", "CDG 59", "Commune de Lille"}
        assert {lines[0], lines[2], lines[4]} == parties  # the author, then the two others


def test_a_letter_that_comes_too_late_for_any_notice_is_refused(lot: Path) -> None:
    report = written(lot, "Lille", "denonciation", {"auteur": "CDG 59", "date": "2029-11-01"})
    (problem,) = [one for one in report.problems if one.code == "missing-field"]
    assert problem.field == "convention_sortie"
    assert "La convention finit le 7 avril 2030" in (problem.hint or "").replace("\xa0", " ")


@pytest.mark.parametrize("author", ["La Collectivité", "CDG 59"])
def test_nothing_follows_a_convention_before_its_first_day(lot: Path, author: str) -> None:
    report = written(lot, "Lille", "denonciation", {"auteur": author, "date": "2026-04-06"})
    told = {
        one.code: one.message.replace("\xa0", " ")
        for one in report.problems
        if one.field in {"date", "convention_sortie"}
    }
    assert report.exit_code is ExitCode.PROBLEMS
    assert "« Date de la lettre » est le 6 avril 2026, avant la prise d’effet" in told["date-order"]
    assert told.keys() == {"date-order", "missing-field"}
    amended_early = amended(lot, deliberation="2026-04-06")
    assert [one.field for one in amended_early.problems if one.code == "date-order"] == ["deliberation"]


def test_what_nobody_knows_is_asked_by_option(lot: Path) -> None:
    report = written(lot, "ccas 59017", "avenant", {})
    told = {one.field: one.hint or "" for one in report.problems if one.code == "missing-field"}
    assert set(told) == {"objet", "article_modifie", "redaction", "deliberation", "convention_effet"}
    assert all(f"joutez « --set {field}=… »" in hint for field, hint in told.items())
    assert "La Fibre Numérique 59 62, CDG 59, La Collectivité" in told["convention_effet"]
    assert report.exit_code is ExitCode.PROBLEMS
    assert not list(lot.glob("avenant*"))
    values = {**AMENDMENT, "convention_effet": "2026-05-04"}
    assert written(lot, "ccas 59017", "avenant", values).exit_code is ExitCode.DONE


def test_what_was_typed_a_moment_ago_is_known(lot: Path) -> None:
    book = openpyxl.load_workbook(lot / "suivi.xlsx")
    sheet = book["Suivi"]
    head = [cell.value for cell in sheet[1]]
    row = next(row for row in range(2, 6) if sheet.cell(row, 2).value == "Le CCAS")
    for key in ("La Fibre Numérique 59 62", "CDG 59", "La Collectivité"):
        sheet.cell(row, head.index(f"Date de signature : {key}") + 1).value = date(2026, 5, 4)
    book.save(lot / "suivi.xlsx")
    report = amended(lot, "ccas 59017")
    assert all("qui a pris effet le 4 mai 2026" in text_of(document.path) for document in report.documents)


def test_nobody_and_several_are_refused_with_the_candidates(lot: Path) -> None:
    for name in ("59017", "Armentières", "Armentiere", "Paris", "commune 59999"):
        with pytest.raises(UsageError) as raised:
            amended(lot, name)
        (problem,) = raised.value.problems
        assert (problem.code, problem.field) == ("unknown-adherent", "--adherent")
        if name in {"59017", "Armentières"}:
            assert "La Commune Armentières (59280)" in problem.message.replace("\xa0", " ")
            assert "commune 59017" in (problem.hint or "")
            assert "ccas 59017" in (problem.hint or "")
        if name == "Armentiere":
            assert "Armentières" in (problem.hint or "")


def test_an_adherent_is_called_by_its_name_its_code_or_its_number(lot: Path) -> None:
    for name in ("commune 59017", "La Commune Armentières", "LILLE", "59350", "215 903 501"):
        assert written(lot, name, "avenant", AMENDMENT, dry_run=True).exit_code is ExitCode.DONE


# --- Beside the convention ---------------------------------------------------------------------------------


def test_the_convention_stays_what_it_was_and_its_state_tells_what_followed(lot: Path) -> None:
    before = told_by(lot)
    assert state_of(lot, "Armentières")["text"].replace("\xa0", " ") == "Signée, effet le 7 avril 2026"
    amended(lot)
    after = told_by(lot)
    assert after["adherent"] == before["adherent"]
    kept = [piece for piece in after["piece"] if not piece["path"].startswith("avenant")]
    assert kept == before["piece"]
    assert {piece["state"] for piece in after["piece"]} == {"current"}
    one = state_of(lot, "Armentières")
    told = one["text"].replace("\xa0", " ")
    assert told == "Signée, effet le 7 avril 2026 ; écrit depuis : avenant à la convention"
    assert (one["state"], one["effect"]) == ("signée", "2026-04-07")
    assert len(one["documents"]) == 6


def test_the_workbook_links_the_last_amendment(lot: Path) -> None:
    amended(lot)
    amended(lot, numero="2", objet="la fin d’un service")
    sheet = openpyxl.load_workbook(lot / "suivi.xlsx")["Suivi"]
    head = [cell.value for cell in sheet[1]]
    links = [sheet.cell(row, head.index("Avenant à la convention") + 1).value for row in (2, 3, 4)]
    assert [link and str(link).split('"')[1] for link in links] == [
        "avenant-2_commune-d-armentieres_59280_3-collectivite.docx", None, None,
    ]  # fmt: skip
    assert "Exemplaire lettre" not in head


def test_another_run_of_the_list_keeps_what_stands_beside(lot: Path) -> None:
    amended(lot)
    listed = lot.parent / "liste.csv"
    for text in (LIST.replace("Jeanne", "Anne"), LIST.replace("59280;", "59280;", 1).replace("Jeanne", "Marie")):
        listed.write_text(text, "utf-8")
        report = batch(listed, RunOptions(DEFAULT, lot, force=True, prune=True), NOBODY)
        assert report.exit_code is ExitCode.DONE
        assert not [problem for problem in report.problems if problem.code in {"superseded", "pruned"}]
    assert len(list(lot.glob("avenant*"))) == 3
    assert "avenant" in state_of(lot, "Armentières")["text"]


def test_an_adherent_that_leaves_the_list_and_comes_back_has_its_amendment(lot: Path) -> None:
    amended(lot)
    listed = lot.parent / "liste.csv"
    listed.write_text(HEAD + LIST.splitlines(keepends=True)[3], "utf-8")
    batch(listed, RunOptions(DEFAULT, lot), NOBODY)
    assert {one["state"] for one in told_by(lot)["piece"] if one["path"].startswith("avenant")} == {"superseded"}
    listed.write_text(LIST, "utf-8")
    batch(listed, RunOptions(DEFAULT, lot), NOBODY)
    assert {one["state"] for one in told_by(lot)["piece"]} == {"current"}


def test_nothing_is_taken_from_another_or_from_the_convention(lot: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="modèle de sa convention"):
        written(lot, "Lille", DEFAULT, {})
    own = tmp_path / "autre"
    shutil.copytree(find_template("avenant"), own)
    manifest = (own / "template.yaml").read_text("utf-8")
    fichier = next(line for line in manifest.splitlines() if line.startswith("fichier:"))
    same = 'fichier: "convention_{{ adherent.designation }}_{{ adherent.code_postal }}_{{ exemplaire.rang }}-{{ exemplaire.cle }}"'  # noqa: E501
    (own / "template.yaml").write_text(manifest.replace(fichier, same), "utf-8")
    before = {path.name: path.read_bytes() for path in lot.glob("*.docx")}
    report = written(lot, "Lille", str(own), AMENDMENT, force=True)
    assert [one.code for one in report.problems if one.severity.value == "error"] == ["same-file-name"]
    report = amended(lot, code_insee="59295", code_postal="59190")
    assert [one.code for one in report.problems if one.severity.value == "error"] == ["unknown-adherent"]
    assert {path.name: path.read_bytes() for path in lot.glob("*.docx")} == before


def test_the_same_again_is_identical_and_another_is_not_overwritten(lot: Path) -> None:
    amended(lot)
    assert {one.status for one in amended(lot).documents} == {"identical"}
    with pytest.raises(OutputError):
        amended(lot, objet="autre chose")
    assert {
        one.status
        for one in written(lot, "commune 59017", "avenant", {**AMENDMENT, "objet": "un ajout"}, force=True).documents
    } == {"replaced"}


def test_a_dry_run_writes_nothing(lot: Path) -> None:
    before = {path.name: path.read_bytes() for path in lot.iterdir()}
    report = written(lot, "Lille", "avenant", AMENDMENT, dry_run=True)
    assert {document.status for document in report.documents} == {"planned"}
    assert {path.name: path.read_bytes() for path in lot.iterdir()} == before


# --- There and back ----------------------------------------------------------------------------------------


def test_an_amendment_is_read_and_verified_and_its_dates_are_not_the_conventions(lot: Path) -> None:
    docx = pytest.importorskip("docx")
    report = amended(lot)
    paths = [document.path for document in report.documents]
    found = read(paths[:1], ReadOptions(), NOBODY)
    (values,) = found.as_json()["adherents"]
    assert (found.exit_code, list(found.problems)) == (ExitCode.DONE, [])
    assert values["objet"] == "l’ajout d’un service"
    assert (values["decision"]["date"], values["convention_effet"]) == ("2026-03-12", "2026-04-07")
    assert verify([], VerifyOptions(dossier=lot)).exit_code is ExitCode.DONE
    back = lot.parent / "retours"
    back.mkdir()
    document = docx.Document(paths[1])
    changed = next(one for one in document.paragraphs if "restent inchangées" in one.text).runs[-1]
    document.save(back / paths[1].name)
    assert verify([back], VerifyOptions(dossier=lot)).summary["intact"] == 1
    changed.text = changed.text.replace("inchangées", "changées")
    document.save(back / paths[1].name)
    assert verify([back], VerifyOptions(dossier=lot)).summary["altered"] == 1
    assert {name for name in state_of(lot, "Armentières")["facts"] if name.startswith("retour.")} == set()


def test_the_parties_of_the_models_are_those_of_the_convention() -> None:
    parties = TemplateFolder.open(find_template(DEFAULT)).manifest.parties
    for name in ("avenant", "denonciation"):
        assert TemplateFolder.open(find_template(name)).manifest.parties == parties


def test_the_key_of_a_copy_holds_no_colon(tmp_path: Path) -> None:
    """In the dossier one stands between the title of an amendment and the key of its copy."""
    own = Path(shutil.copytree(find_template("avenant"), tmp_path / "autre"))
    manifest = (own / "template.yaml").read_text("utf-8").replace("  cdg59: CDG 59\n", '  "cdg:59": CDG 59\n', 1)
    (own / "template.yaml").write_text(manifest, "utf-8")
    with pytest.raises(ConventoolError) as raised:
        TemplateFolder.open(own)
    assert ["clé d’un exemplaire" in problem.message for problem in raised.value.problems] == [True]


def test_the_models_can_be_filled_from_a_file_too(tmp_path: Path) -> None:
    data = Path(__file__).parents[1] / "examples" / "adherent.yaml"
    options = RunOptions("avenant", tmp_path, fixed={**AMENDMENT, "convention_effet": "2026-04-07"})
    assert len(fill(data, options).documents) == 3
    with pytest.raises(ConventoolError):
        fill(data, options._replace(template="absent"))


@pytest.mark.parametrize("name", ["avenant/avenant.docx", "denonciation/lettre.docx"])
def test_the_documents_are_made_of_styles_in_french(name: str) -> None:
    parts_of = parts(find_template(DEFAULT).parent / name)
    root = etree.fromstring(parts_of["word/document.xml"])
    assert all(paragraph.find(f"{W}pPr/{W}pStyle") is not None for paragraph in root.iter(f"{W}p"))
    looks = {str(look.tag).removeprefix(W) for properties in root.iter(f"{W}rPr") for look in properties}
    assert looks == {"rStyle"}
    assert b'<w:lang w:val="fr-FR"' in parts_of["word/styles.xml"]
    assert b"<dc:language>fr-FR</dc:language>" in parts_of["docProps/core.xml"]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_their_pdf_files_are_tagged_in_french_and_come_back(lot: Path) -> None:
    pikepdf = pytest.importorskip("pikepdf")
    values = {"auteur": "La Collectivité", "date": "2026-12-15"}
    made = [
        *written(lot, "Lille", "avenant", AMENDMENT, paper=Paper()).documents,
        *written(lot, "Lille", "denonciation", values, paper=Paper()).documents,
    ]
    papers = [document.path for document in made if document.format == "pdf"]
    assert len(papers) == 4
    for path in papers:
        with pikepdf.open(path) as paper:
            assert (str(paper.Root.Lang), bool(paper.Root.MarkInfo.Marked)) == ("fr-FR", True)
            assert len(paper.pages) == (1 if path.name.startswith("denonciation") else 2)
            with paper.open_metadata() as told:
                assert (told["pdfaid:part"], told["pdfaid:conformance"]) == ("2", "B")
    back = lot.parent / "retours"
    back.mkdir()
    for path in papers:
        shutil.copy(path, back / f"signe-{path.name}")
    assert verify([back], VerifyOptions()).summary["intact"] == 4


# --- On the command line -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ("--dossier", "LOT"), ("--adherent", "Lille"), ("x.yaml", "--dossier", "LOT", "--adherent", "Lille"), (),
        ("--dossier", "LOT", "--adherent", "Lille", "-o", "ailleurs"),
        ("--dossier", "LOT", "--adherent", "Lille", "-t", "LOT/convention_commune-de-lille_59000_1-fibre.docx"),
    ],
)  # fmt: skip
def test_options_that_do_not_go_together_are_told(lot: Path, arguments: tuple[str, ...]) -> None:
    said = command("fill", *(one.replace("LOT", str(lot)) for one in arguments))
    assert (said.code, said.out) == (ExitCode.USAGE, "")
    assert "[usage]" in said.err


def test_a_folder_without_a_dossier_is_unreadable(tmp_path: Path) -> None:
    said = command("fill", "--dossier", tmp_path, "--adherent", "Lille", "-t", "avenant")
    assert said.code == ExitCode.UNREADABLE
