"""Templates of several documents: the whole file of a convention, and each fault of a piece at its line."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import forks
from conventool.catalogue.catalogue import read_catalogue
from conventool.core.errors import TemplateError
from conventool.template.folder import TemplateFolder
from conventool.word.package import Package
from conventool.word.stories import read_stories
from edits import edited

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "templates" / "convention-services-numeriques"
COPIES = ["fibre", "cdg59", "collectivite"]
ANNEXES = [
    "Annexe n°1 – Présentation des services",
    "Annexe n°2 – Participation financière de la Collectivité",
    "Annexe n°3 – Dispositions relatives au RGPD",
]
PIECES = ["annexe-1", "annexe-2", "annexe-3", "deliberation", "courrier"]


def run(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
    done = forks.run([*arguments, "--json"], ROOT)
    return done.returncode, json.loads(done.stdout)


def text_of(path: Path) -> str:
    return "\n".join(story.text for story in read_stories(Package.open(path))).replace("\u00a0", " ")


def test_no_piece_leaves_with_tracked_changes(tmp_path: Path) -> None:
    """Each is a text that is signed or sent with the convention; those that are not asked for do not count."""
    shutil.copytree(SHIPPED, tmp_path / "modele")
    piece = tmp_path / "modele" / "annexe-1.docx"
    added = '<w:ins w:id="9999" w:author="Agent"><w:r><w:t>ajout</w:t></w:r></w:ins></w:p>'
    piece.write_bytes(edited(piece, lambda text: text.replace("</w:p>", added, 1)))
    order = ("fill", "examples/adherent-complet.yaml", "-t", tmp_path / "modele", "-o", tmp_path / "lot")
    code, told = run(*order)
    assert (code, [problem["code"] for problem in told["problems"]]) == (3, ["tracked-change"])
    assert run(*order, "--pieces", "convention")[0] == 0


def test_the_whole_file_of_a_convention_is_written(tmp_path: Path) -> None:
    code, told = run("fill", "examples/adherent-complet.yaml", "-o", tmp_path)
    assert code == 0
    written = {document["copy"]: Path(document["path"]) for document in told["documents"]}
    assert list(written) == [*COPIES, *PIECES]
    texts = {copy: text_of(path) for copy, path in written.items()}
    for piece in PIECES:
        assert "Exemple fictif : à remplacer par" in texts[piece]
        assert "Commune d’Armentières" in texts[piece]
    assert "Exemple fictif" not in texts["fibre"]
    chosen, others = texts["annexe-1"].split("n’a pas choisi")
    assert "Sauvegarde externalisée" in chosen
    assert "Messagerie professionnelle" in others
    # by hand: 800 + 60 + 50 × 0,45 + 6 × 50, VAT of 20 % on all but the hours; 640 from the second year on
    for amount in ("800,00 €", "22,50 €", "1 182,50 €", "176,50 €", "1 359,00 €", "1 022,50 €", "1 167,00 €"):
        assert amount in texts["annexe-2"]
    assert "1 359,00 € la première année" in texts["deliberation"]
    assert "population municipale 2023" in texts["annexe-2"]
    assert texts["annexe-3"].count("Finalité") == 4
    code, again = run("fill", "examples/adherent-complet.yaml", "-o", tmp_path)
    assert {document["status"] for document in again["documents"]} == {"identical"}


def test_without_services_there_are_three_copies_and_that_is_told(tmp_path: Path) -> None:
    code, told = run("fill", "examples/adherent.yaml", "-o", tmp_path)
    assert code == 0
    assert [document["copy"] for document in told["documents"]] == COPIES
    (notice,) = [problem for problem in told["problems"] if problem["code"] == "no-service"]
    assert notice["severity"] == "notice"
    assert "L’article 9 de la convention annonce trois annexes." in notice["message"]


def test_pieces_are_chosen_and_those_that_are_none_refused(tmp_path: Path) -> None:
    code, told = run("fill", "examples/adherent-complet.yaml", "-o", tmp_path, "--pieces", "convention, annexe-2")
    assert code == 0
    assert [document["copy"] for document in told["documents"]] == [*COPIES, "annexe-2"]
    code, told = run("fill", "examples/adherent-complet.yaml", "-o", tmp_path, "--pieces", "annexe2")
    assert (code, told["problems"][0]["hint"]) == (2, "Vouliez-vous dire «\u00a0annexe-2\u00a0»\u00a0?")
    code, told = run("fill", "examples/adherent.yaml", "-o", tmp_path / "no", "--pieces", "annexe-1,courrier")
    assert (code, [one["code"] for one in told["problems"] if one["severity"] == "error"]) == (1, ["no-piece"])


def test_the_sum_of_annexe_2_is_that_of_participations(tmp_path: Path) -> None:
    rows = (ROOT / "examples" / "services.csv").read_text(encoding="utf-8")
    (tmp_path / "liste.csv").write_text(rows, encoding="utf-8")
    code, told = run("batch", tmp_path / "liste.csv", "-o", tmp_path / "out")
    assert code == 0
    annexes = [Path(one["path"]) for one in told["documents"] if one["copy"] == "annexe-2"]
    assert len(annexes) == 2
    run("participations", tmp_path / "liste.csv", "-o", tmp_path / "out")
    budget = (tmp_path / "out" / "participations.csv").read_text(encoding="utf-8-sig").splitlines()
    head, *lines = (line.split(";") for line in budget)
    for path in annexes:
        text = text_of(path)
        (nom,) = {line[0] for line in lines if line[0] in text}
        mine = [dict(zip(head, line, strict=False)) for line in budget_lines(budget, nom)]
        total = sum((Decimal(line["ttc"].replace(",", ".")) for line in mine), Decimal(0))
        assert f"{total:,.2f} €".replace(",", " ").replace(".", ",") in text


def budget_lines(budget: list[str], nom: str) -> list[list[str]]:
    """The lines of one adherent's first year."""
    return [cells for cells in (line.split(";") for line in budget[1:]) if cells[0] == nom and cells[4] == "1"]


def test_a_list_says_services_in_a_column_each(tmp_path: Path) -> None:
    head = "Forme;Code INSEE;Adresse;Civilité;Prénom;Nom du représentant;Date de délibération;Actes;Sauvegarde"
    row = "Commune;59017;4 place du Général-de-Gaulle;Madame;Jeanne;MARTIN;12/03/2026"
    (tmp_path / "liste.csv").write_text(f"{head}\n{row};x;50\n", encoding="utf-8")
    code, told = run("batch", tmp_path / "liste.csv", "-o", tmp_path / "out")
    assert code == 0, told["problems"]
    (annexe,) = [Path(one["path"]) for one in told["documents"] if one["copy"] == "annexe-2"]
    assert "82,50 €" in text_of(annexe)  # 60 + 50 × 0,45
    (tmp_path / "liste.csv").write_text(f"{head}\n{row};x;beaucoup\n", encoding="utf-8")
    code, told = run("batch", tmp_path / "liste.csv", "-o", tmp_path / "out")
    (error,) = [problem for problem in told["problems"] if problem["severity"] == "error"]
    assert (error["code"], error["place"]["line"], error["place"]["column"]) == (
        "bad-quantity", 2, "Sauvegarde",
    )  # fmt: skip
    (tmp_path / "liste.csv").write_text(f"{head};Services\n{row};x;50;actes\n", encoding="utf-8")
    code, told = run("batch", tmp_path / "liste.csv", "-o", tmp_path / "out")
    assert (code, "donnent tous deux" in told["problems"][0]["message"]) == (3, True)


def _folder(tmp_path: Path, manifest: str) -> Path:
    folder = tmp_path / "modele"
    folder.mkdir()
    shutil.copy(SHIPPED / "courrier.docx", folder)
    (folder / "template.yaml").write_text(manifest, encoding="utf-8")
    return folder


SAID_WRONG = [
    ("pieces: courrier\n", 1, "« pieces » doit nommer des pièces."),
    ("pieces:\n  Courrier: {}\n", 2, "n’est pas le nom d’une pièce"),
    ("pieces:\n  courrier: courrier.docx\n", 2, "La pièce « courrier » ne dit rien."),
    ("titre: T\ncontroles: {}\npieces:\n  a: {document: courrier.docx, fichier: a}\n", 2, "est propre à chaque pièce"),
    ("titre: T\npieces:\n  a: {document: courrier.docx}\n", 3, "« fichier » manque"),
    ("titre: T\npieces:\n  a:\n    document: courrier.docx\n    fichier: a\n    suit: b\n", 6, "n’est pas une pièce"),
    ("titre: T\npieces:\n  a:\n    document: courrier.docx\n    fichier: a\n    si: '{{ x'\n", 6, "mal écrite"),
    (
        "titre: T\npieces:\n  a: {document: courrier.docx, fichier: a, exemplaires: {x: X}}\n"
        "  b: {document: courrier.docx, fichier: b, exemplaires: {x: X}}\n", 4, "« x » est la clé",
    ),
    ("titre: T\ndocument: a.docx\nfichier: a\nexemplaires: {x: X}\npieces:\n  convention: {document: a.docx}\n",
     6, "Deux pièces s’appellent « convention »"),
]  # fmt: skip


@pytest.mark.parametrize(("manifest", "line", "message"), SAID_WRONG)
def test_a_fault_of_a_piece_is_told_at_its_line(tmp_path: Path, manifest: str, line: int, message: str) -> None:
    with pytest.raises(TemplateError) as refused:
        TemplateFolder.open(_folder(tmp_path, manifest))
    (problem,) = refused.value.problems
    assert problem.place.line == line
    assert message in problem.message.replace("\u00a0", " ")


def test_the_parties_and_the_contribution_are_shown_after_filling(tmp_path: Path) -> None:
    done = forks.run(["fill", "examples/adherent-complet.yaml", "-o", tmp_path], ROOT)
    assert done.returncode == 0
    shown = done.stdout
    party, contribution = shown.replace("\u00a0", " ").split("\n\n")[:2]
    assert "représentée par Madame Jeanne MARTIN" in party
    assert "1 359,00 € la première année, 1 167,00 € chacune des suivantes" in contribution


def test_what_is_shown_after_filling_is_a_control_of_its_piece(tmp_path: Path) -> None:
    folder = shutil.copytree(SHIPPED, tmp_path / "modele")
    manifest = (folder / "template.yaml").read_text(encoding="utf-8").replace("apercu: total", "apercu: totl")
    (folder / "template.yaml").write_text(manifest, encoding="utf-8")
    code, told = run("fill", "examples/adherent-complet.yaml", "-t", folder, "-o", tmp_path / "sortie")
    (problem,) = [problem for problem in told["problems"] if problem["severity"] == "error"]
    assert (code, problem["code"]) == (3, "control-missing")
    assert problem["place"]["line"] == 1 + manifest.split("apercu: totl")[0].count("\n")
    assert "total" in problem["hint"]
    assert not list(tmp_path.glob("sortie/*.docx"))


def test_a_short_manifest_is_that_of_one_piece() -> None:
    shipped = TemplateFolder.open(SHIPPED)
    assert list(shipped.pieces) == ["convention", *PIECES]
    assert shipped.pieces["convention"] is shipped
    assert {piece.manifest.reconduction for piece in shipped.pieces.values()} == {"tacite"}
    assert not {"controles", "exemplaires"} & shipped.pieces["courrier"].row.values["parties"].keys()  # type: ignore[union-attr]
    assert shipped.pieces["courrier"].manifest.exemplaires == {"courrier": "Lettre d’accompagnement"}


def test_the_shipped_catalogue_says_that_it_is_an_example_and_one_true_price() -> None:
    catalogue = read_catalogue(SHIPPED / "catalogue.yaml")
    assert catalogue.fictif
    assert catalogue.services["intervention"].prix[0].taux == 50


@pytest.mark.slow
def test_each_piece_is_checked() -> None:
    code, told = run("check", "convention-services-numeriques")
    assert code == 0
    names = [template["template"] for template in told["templates"]]
    assert names == ["convention-services-numeriques", *(f"convention-services-numeriques, {key}" for key in PIECES)]
    assert all(template["rendered"] > 50 for template in told["templates"])


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_the_annexes_end_the_pdf_of_each_copy(tmp_path: Path) -> None:
    import pikepdf

    code, told = run("fill", "examples/adherent-complet.yaml", "-o", tmp_path, "--pdf")
    assert code == 0, told["problems"]
    printed = [one["copy"] for one in told["documents"] if one["format"] == "pdf"]
    assert printed == [*COPIES, "deliberation", "courrier"]
    titles = [TemplateFolder.open(SHIPPED).pieces[f"annexe-{n}"].manifest.titre for n in (1, 2, 3)]
    for one in told["documents"]:
        if one["copy"] in COPIES and one["format"] == "pdf":
            with pikepdf.open(one["path"]) as pdf, pdf.open_outline() as outline, pdf.open_metadata() as metadata:
                assert [item.title for item in outline.root][-3:] == titles
                assert metadata.pdfa_status == "2B"
                assert len(pdf.pages) == 10
    code, again = run("fill", "examples/adherent-complet.yaml", "-o", tmp_path, "--pdf")
    assert {one["status"] for one in again["documents"]} == {"identical"}
    # the PDF alone: what follows is in it, and nowhere else
    code, alone = run("fill", "examples/adherent-complet.yaml", "-o", tmp_path / "pdf", "--pdf-only")
    assert [one["copy"] for one in alone["documents"]] == printed
    assert not list((tmp_path / "pdf").glob("annexe*"))


def _with_text(source: Path, target: Path, old: str, new: str) -> None:
    import zipfile

    with zipfile.ZipFile(source) as was, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as becomes:
        for entry in was.infolist():
            data = was.read(entry)
            assert entry.filename != "word/document.xml" or old.encode() in data
            becomes.writestr(entry, data.replace(old.encode(), new.encode()))


def test_an_amount_changed_in_annexe_2_is_found_and_so_is_a_line_added(tmp_path: Path) -> None:
    sent, back = tmp_path / "sent", tmp_path / "back"
    back.mkdir()
    run("fill", "examples/adherent-complet.yaml", "-o", sent)
    code, told = run("verify", *sorted(sent.glob("*.docx")), "--data", "examples/adherent-complet.yaml")
    assert (code, {one["status"] for one in told["documents"]}) == (0, {"intact"})
    (annexe,) = sent.glob("annexe-2*.docx")
    _with_text(annexe, back / annexe.name, "22,50\u00a0€", "12,50\u00a0€")
    for option in (["--dossier", sent], ["--data", "examples/adherent-complet.yaml"]):
        code, told = run("verify", back, *option)
        assert (code, told["documents"][0]["status"]) == (1, "altered")
        messages = [one["message"].replace("\u00a0", " ") for one in told["problems"] if one["code"] == "altered-value"]
        was, becomes = (f"Sauvegarde externalisée 50 Go {ht} € 4,50 € 27,00 €" for ht in ("22,50", "12,50"))
        assert f"première année : « {was} » → « {becomes} »" in messages
    (other,) = sent.glob("annexe-1*.docx")
    data, opening, ending = Package.open(other).read("word/document.xml").decode(), "<w15:repeatingSection/>", "</w:tr>"
    start = data.index("<w:sdt>", data.index(opening))  # the first item of the first section, once more
    end = data.index("</w:sdt>", data.index(ending, start)) + len("</w:sdt>")
    _with_text(other, back / other.name, data[start:end], data[start:end] * 2)
    code, told = run("verify", back / other.name, "--dossier", sent)
    assert (code, told["documents"][0]["status"]) == (1, "altered")


def test_read_takes_the_services_back_from_the_annexes(tmp_path: Path) -> None:
    run("fill", "examples/adherent-complet.yaml", "-o", tmp_path / "out")
    code, told = run("read", tmp_path / "out")
    (found,) = told["adherents"]
    assert code == 0
    assert found["services"] == "parapheur ; actes ; sauvegarde × 50 ; intervention × 6"
    assert "population_municipale" not in found  # the register has it
    assert found["protection"]["sort"] == "restitution"
    assert sorted(Path(one["place"]["file"]).name.partition("_")[0] for one in told["problems"]) == [
        "courrier", "deliberation"]  # fmt: skip
    assert {one["code"] for one in told["problems"]} == {"other-piece"}
    run("read", tmp_path / "out", "-o", tmp_path / "lu.yaml")
    code, told = run("fill", tmp_path / "lu.yaml", "-o", tmp_path / "out")
    assert {one["status"] for one in told["documents"]} == {"identical"}


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_an_annexe_changed_or_another_adherents_is_found_in_a_pdf(tmp_path: Path) -> None:
    import pikepdf

    data = (ROOT / "examples" / "adherent-complet.yaml").read_text(encoding="utf-8")
    variants = {
        "sent": data,
        "dearer": data.replace("quantite: 50", "quantite: 60"),
        "other": data.replace("59017", "59325").replace("4 place du Général-de-Gaulle", "1 place de la Mairie"),
    }
    made = {}
    for name, text in variants.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        code, told = run("fill", tmp_path / f"{name}.yaml", "-o", tmp_path / name, "--pdf")
        assert code == 0
        made[name] = next(Path(one["path"]) for one in told["documents"] if one["path"].endswith("fibre.pdf"))
    given = ["--data", str(tmp_path / "sent.yaml")]
    code, told = run("verify", made["sent"], *given)
    assert (code, told["documents"][0]["status"]) == (0, "intact")
    code, told = run("read", made["sent"])
    assert [(one["nom"], one["services"]) for one in told["adherents"]] == [
        ("Armentières", "parapheur ; actes ; sauvegarde × 50 ; intervention × 6")
    ]
    # on paper nothing parts two values side by side
    assert [one["code"] for one in told["problems"]] == ["not-read-back", "not-read-back"]
    assert told["adherents"][0]["protection"] == {"sort": "restitution"}
    back = tmp_path / "back"
    back.mkdir()
    for name, expected in (("dearer", "27,00 €"), ("other", "Commune de Jolimetz")):
        with pikepdf.open(made["sent"]) as whole, pikepdf.open(made[name]) as annexes:
            del whole.pages[5:]
            whole.pages.extend(annexes.pages[5:])
            whole.save(back / f"{name}.pdf")
        code, told = run("verify", back / f"{name}.pdf", *given)
        assert (code, told["documents"][0]["status"]) == (1, "altered")
        assert any(expected in one["message"].replace("\u00a0", " ") for one in told["problems"])
    with pikepdf.open(made["sent"]) as whole:
        del whole.pages[5:]
        (tmp_path / "short").mkdir()
        whole.save(tmp_path / "short" / made["sent"].name)
    missing = [f"« {title} » devait terminer ce PDF, et n’y est pas." for title in ANNEXES]
    for known in (["--dossier", str(tmp_path / "sent")], given):
        code, told = run("verify", tmp_path / "short", *known)
        assert (code, told["documents"][0]["status"]) == (1, "altered")
        messages = [one["message"] for one in told["problems"] if one["code"] == "missing-content"]
        assert [message.replace("\u00a0", " ") for message in messages] == missing
    code, told = run("verify", tmp_path / "short")
    (note,) = told["problems"]
    assert (code, told["documents"][0]["status"]) == (0, "intact")
    assert (note["code"], note["severity"]) == ("missing-content", "notice")
    assert all(title in note["message"] for title in ANNEXES)
    _misplaced_pages_are_told(made["sent"], back)
    # without the data, too, an annexe of another adherent is told by the name on it
    code, told = run("verify", back / "other.pdf")
    assert (code, told["documents"][0]["status"]) == (1, "altered")
    names = "au nom de « Commune de Jolimetz », et la convention à celui de « Commune d’Armentières »."
    messages = [one["message"].replace("\u00a0", " ") for one in told["problems"]]
    assert [message.endswith(names) for message in messages] == [True] * len(ANNEXES)
    # one whose data choose no services owes none
    (tmp_path / "sent.yaml").write_text(data[: data.index("services:")], encoding="utf-8")
    code, told = run("verify", tmp_path / "short", *given)
    assert (code, told["documents"][0]["status"]) == (0, "intact")


def _misplaced_pages_are_told(sent: Path, back: Path) -> None:
    import pikepdf

    for name, moved in (("twice", [*range(7), 6]), ("order", [*range(5), 6, 5]), ("among", [*range(4), 5, 4, 6])):
        with pikepdf.open(sent) as whole, pikepdf.open(sent) as source:
            rest = range(7, len(source.pages))
            del whole.pages[:]
            whole.pages.extend(source.pages[number] for number in (*moved, *rest))
            whole.save(back / f"{name}.pdf")
        code, told = run("verify", back / f"{name}.pdf")
        assert (code, told["documents"][0]["status"]) == (1, "doubtful")
        assert [one["code"] for one in told["problems"]] == ["misplaced-page"]
    with pikepdf.open(sent) as whole:
        del whole.pages[6]
        whole.save(back / "without-annexe-2.pdf")
    code, told = run("verify", back / "without-annexe-2.pdf")
    (problem,) = told["problems"]
    assert (code, told["documents"][0]["status"]) == (1, "doubtful")
    assert (problem["code"], ANNEXES[1] in problem["message"].replace("\u00a0", " ")) == ("missing-content", True)


EXAMPLE = ROOT / "examples" / "mise-a-disposition"


def test_the_second_template_writes_its_convention_and_its_annexes(tmp_path: Path) -> None:
    code, told = run("fill", EXAMPLE / "exemples" / "jolimetz.yaml", "-t", EXAMPLE, "-o", tmp_path)
    assert code == 0, told["problems"]
    texts = {one["copy"]: text_of(Path(one["path"])) for one in told["documents"]}
    assert list(texts) == ["preteur", "emprunteur", "annexe-1", "annexe-2"]
    assert "participation de 120,00 €" in texts["preteur"]
    assert "Écran sur pied" in texts["annexe-1"]
    assert "31 octobre 2026" in texts["annexe-2"]
    code, told = run("verify", tmp_path, "-t", EXAMPLE, "--data", EXAMPLE / "exemples" / "jolimetz.yaml")
    assert (code, {one["status"] for one in told["documents"]}) == (0, {"intact"})
    # its own fields come back from all the pieces: the list of the material stands in the first annexe alone
    code, told = run("read", tmp_path, "-t", EXAMPLE, "-o", tmp_path / "lu.yaml")
    assert (code, told["problems"]) == (0, [])
    code, told = run("fill", tmp_path / "lu.yaml", "-t", EXAMPLE, "-o", tmp_path)
    assert {one["status"] for one in told["documents"]} == {"identical"}


@pytest.mark.slow
def test_the_second_template_is_sound() -> None:
    code, told = run("check", EXAMPLE)
    assert (code, len(told["templates"])) == (0, 3), told["problems"]
