"""Addresses of mail and telephone numbers: what is one, and the way from the data to whatever reaches the adherent."""

from __future__ import annotations

from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from conventool.adherent.contact import mail_addresses, phone_numbers
from conventool.batch.options import RunOptions
from conventool.commands.batch import batch
from conventool.commands.courriels import courriels
from conventool.commands.fill import fill
from conventool.commands.modele import modele
from conventool.commands.schema import schema
from conventool.core.problems import Severity
from conventool.core.report import Report
from conventool.core.watch import NOBODY
from conventool.lists.columns import columns_of
from conventool.template import DEFAULT
from conventool.template.folder import TemplateFolder, find_template
from documents.make import docx, p, prompt, sdt
from documents.zoo import TEXT
from wordtext import paragraphs

openpyxl: Any = pytest.importorskip("openpyxl")

YAML = """forme: commune
code_insee: "59017"
adresse: 4 place du Général-de-Gaulle
code_postal: "59280"
representant: {civilite: Madame, prenom: Jeanne, nom: MARTIN}
decision: {date: 2026-03-12}
"""
HEAD = "forme;code_insee;adresse;code_postal;representant_civilite;representant_prenom;representant_nom;decision_date"
ROW = "commune;59017;1 rue A;59280;Madame;Jeanne;MARTIN;2026-03-12"
MODEL = """sujet: "Convention {{ adherent.nom }}"
texte: "À {{ adherent.courriel or '' }}, {{ adherent.telephone or '' }}."
format: docx
"""


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("mairie@exemple.fr", ["mairie@exemple.fr"]),
        ("Accueil.Mairie+sg@ville-d-exemple.fr", ["Accueil.Mairie+sg@ville-d-exemple.fr"]),
        ("a@b.fr; c@d.fr, e@f.fr", ["a@b.fr", "c@d.fr", "e@f.fr"]),
        ("a@b.fr c@d.fr / e@f.fr ou g@h.fr", ["a@b.fr", "c@d.fr", "e@f.fr", "g@h.fr"]),
        ("a@b.fr ; a@b.fr ;", ["a@b.fr"]),
        ("mailto:mairie@exemple.fr", ["mairie@exemple.fr"]),
        ("Mairie d’Hem <mairie@exemple.fr>; x@y.fr", ["mairie@exemple.fr", "x@y.fr"]),
        ("x@xn--bthune-bva.fr", ["x@xn--bthune-bva.fr"]),
    ],
)
def test_addresses_are_read_as_they_are_written(text: str, read: list[str]) -> None:
    assert mail_addresses(text) == (read, "")


@pytest.mark.parametrize(
    "text",
    [
        "mairie", "mairie@", "@exemple.fr", "mairie@exemple", "a@@b.fr", "a@b@c.fr", "a..b@c.fr", ".a@b.fr", "a.@b.fr",
        "a@-b.fr", "a@b-.fr", "a@b..fr", "a@b.fr.", "a@b.f", "a@b.123", "mairie@béthune.fr", "a b@c.fr x", "a(at)b.fr",
        f"{'x' * 65}@b.fr", f"a@{'x' * 64}.fr", "www.exemple.fr", "03 20 00 00 00", "a@b.fr\nBcc: x@y.fr", "a@b.fr>",
        "Jean Dupont jean@exemple.fr",
    ],
)  # fmt: skip
def test_what_is_no_address_is_none(text: str) -> None:
    found, wrong = mail_addresses(text)
    assert not found
    assert wrong


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("03 20 00 00 00", ["03 20 00 00 00"]),
        ("0320000000", ["0320000000"]),
        ("03.20.00.00.00", ["03.20.00.00.00"]),
        ("03-20-00-00-00", ["03-20-00-00-00"]),
        ("+33 3 20 00 00 00", ["+33 3 20 00 00 00"]),
        ("+33 (0)3 20 00 00 00", ["+33 (0)3 20 00 00 00"]),
        ("0033 3 20 00 00 00", ["0033 3 20 00 00 00"]),
        ("+32 56 12 34 56", ["+32 56 12 34 56"]),
        ("320000000", ["0320000000"]),
        ("3949", ["3949"]),
        ("Tél. : 03 20 00 00 00", ["03 20 00 00 00"]),
        ("03 20 00 00 00 / 06 00 00 00 00 ; 07 00 00 00 00", ["03 20 00 00 00", "06 00 00 00 00", "07 00 00 00 00"]),
    ],
)
def test_numbers_are_read_as_they_are_written(text: str, read: list[str]) -> None:
    assert phone_numbers(text) == (read, "")


@pytest.mark.parametrize(
    "text",
    ["03 20 00 00", "03 20 00 00 00 0", "00 20 00 00 00", "59017", "12", "+33 03 20 00 00 00", "+33 3 20 00 00",
     "mairie@exemple.fr", "secrétariat", "21590017600011", "+1234"],
)  # fmt: skip
def test_what_is_no_number_is_none(text: str) -> None:
    found, wrong = phone_numbers(text)
    assert not found
    assert wrong


def said(folder: Path, header: str) -> Any:
    sheet = openpyxl.load_workbook(folder / "suivi.xlsx")["Suivi"]
    return sheet.cell(2, [cell.value for cell in sheet[1]].index(header) + 1).value


def drafted(folder: Path) -> Any:
    model = folder.parent / "courriel.yaml"
    model.write_text(MODEL, "utf-8")
    documents = courriels(folder, model, force=True).documents
    return [message_from_bytes(one.path.read_bytes()) for one in documents]


def test_what_one_adherent_gives_reaches_its_draft_and_the_workbook(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(YAML + "courriel: mairie@exemple.fr\ntelephone: 03 20 00 00 00\n", "utf-8")
    fill(tmp_path / "a.yaml", RunOptions(DEFAULT, tmp_path / "lot"))
    (draft,) = drafted(tmp_path / "lot")
    assert draft["To"] == "mairie@exemple.fr"
    text = draft.get_payload(0).get_payload(decode=True).decode()
    assert "mairie@exemple.fr, 03 20 00 00 00." in text
    assert (said(tmp_path / "lot", "Courriel"), said(tmp_path / "lot", "Téléphone")) == (
        "mairie@exemple.fr", "03 20 00 00 00",
    )  # fmt: skip


def made(tmp_path: Path, headers: str, cells: str) -> Report:
    (tmp_path / "liste.csv").write_text(f"{HEAD};{headers}\n{ROW};{cells}\n", "utf-8")
    return batch(tmp_path / "liste.csv", RunOptions(DEFAULT, tmp_path / "lot"), NOBODY)


def test_a_wrong_one_is_told_and_the_convention_is_made(tmp_path: Path) -> None:
    report = made(tmp_path, "Courriel;Téléphone", "mairie@exemple;03 20")
    told = [(one.code, one.field, one.severity.value, one.place.column) for one in report.problems
            if one.code == "bad-contact"]  # fmt: skip
    assert told == [
        ("bad-contact", "courriel", "warning", "Courriel"), ("bad-contact", "telephone", "warning", "Téléphone"),
    ]  # fmt: skip
    assert report.summary["accepted"] == 1
    assert drafted(tmp_path / "lot") == []


def test_a_number_that_a_spreadsheet_cut_has_its_zero_and_a_word_for_nothing_is_none(tmp_path: Path) -> None:
    report = made(tmp_path, "Mail de la mairie;Tél. mairie", "à compléter;320000000")
    told = {(one.code, one.field) for one in report.problems}
    assert {("placeholder", "courriel"), ("lost-zero", "telephone")} <= told
    assert (said(tmp_path / "lot", "Courriel"), said(tmp_path / "lot", "Téléphone")) == (None, "0320000000")
    sheet = openpyxl.load_workbook(tmp_path / "lot/suivi.xlsx")["Suivi"]
    (cell,) = (cell for cell in sheet[2] if cell.value == "0320000000")
    assert cell.number_format == "@"  # typed over, the next number keeps its zero


def test_of_several_columns_one_gives_it_and_the_others_are_kept(tmp_path: Path) -> None:
    report = made(
        tmp_path, "Mail du maire;Courriel;Téléphone;Téléphone fixe", "m@a.fr;c@a.fr;03 20 00 00 00;03 21 00 00 00"
    )
    aside = [one.place.column for one in report.problems if one.code == "column-left-aside"]
    assert aside == ["Mail du maire", "Téléphone fixe"]
    wanted = {"Courriel": "c@a.fr", "Mail du maire": "m@a.fr",
              "Téléphone": "03 20 00 00 00", "Téléphone fixe": "03 21 00 00 00"}  # fmt: skip
    assert {header: said(tmp_path / "lot", header) for header in wanted} == wanted


def test_what_is_typed_in_the_workbook_wins_over_the_list(tmp_path: Path) -> None:
    made(tmp_path, "Courriel", "liste@exemple.fr")
    book = openpyxl.load_workbook(tmp_path / "lot/suivi.xlsx")
    head = [cell.value for cell in book["Suivi"][1]]
    book["Suivi"].cell(2, head.index("Courriel") + 1).value = "tape@exemple.fr"
    book.save(tmp_path / "lot/suivi.xlsx")
    made(tmp_path, "Courriel", "autre@exemple.fr")
    assert [draft["To"] for draft in drafted(tmp_path / "lot")] == ["tape@exemple.fr"]


OWN = """titre: Lettre
document: form.docx
fichier: "lettre_{{ adherent.nom }}"
exemplaires: {original: Original}
champs:
  courriel: {type: texte, libelle: Adresse de contact, facultatif: oui}
  telephone: {type: texte, libelle: Joindre au, facultatif: oui}
controles:
  courriel: "{{ champs.courriel or blanc }}"
  telephone: "{{ champs.telephone or blanc }}"
  nom: "{{ adherent.nom }}"
"""


@pytest.fixture
def own(tmp_path: Path) -> str:
    """A template with fields of its own of the same names."""
    folder = tmp_path / "modele"
    folder.mkdir()
    body = "".join(p(sdt(prompt(), TEXT, tag=tag, showing=True)) for tag in ("courriel", "telephone", "nom"))
    (folder / "form.docx").write_bytes(docx(body))
    (folder / "template.yaml").write_text(OWN, "utf-8")
    return str(folder)


def test_a_templates_own_field_of_that_name_serves_both(own: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        YAML + "courriel: mairie@exemple.fr\ntelephone: demander le secrétariat\n", "utf-8"
    )
    report = fill(tmp_path / "a.yaml", RunOptions(own, tmp_path / "lot"))
    assert [one.code for one in report.problems if one.severity is not Severity.NOTICE] == []
    (document,) = report.documents
    assert [text for text, _ in paragraphs(document.path)][:2] == ["mairie@exemple.fr", "demander le secrétariat"]
    (draft,) = drafted(tmp_path / "lot")
    assert draft["To"] == "mairie@exemple.fr"
    assert said(tmp_path / "lot", "Téléphone") is None  # what is no number is the template's alone


def test_a_list_gives_it_by_the_label_or_by_a_usual_header(own: str, tmp_path: Path) -> None:
    lines = f"{HEAD};Mail mairie;Joindre au\n{ROW};m@a.fr;03 20 00 00 00\n"
    (tmp_path / "liste.csv").write_text(lines, "utf-8")
    report = batch(tmp_path / "liste.csv", RunOptions(own, tmp_path / "lot"), NOBODY)
    (document,) = report.documents
    assert [text for text, _ in paragraphs(document.path)][:2] == ["m@a.fr", "03 20 00 00 00"]
    assert [said(tmp_path / "lot", header) for header in ("Courriel", "Téléphone")] == ["m@a.fr", "03 20 00 00 00"]


def test_every_field_is_told_once(own: str) -> None:
    for template, headers in ((DEFAULT, ["Courriel", "Téléphone"]), (own, ["Adresse de contact", "Joindre au"])):
        paths = [one["path"] for one in modele(template).own["fields"]]
        assert [paths.count(name) for name in ("courriel", "telephone")] == [1, 1]
        assert {"courriel", "telephone"} <= schema(template, None).own["schema"]["$defs"]["Donnees"][
            "properties"
        ].keys()
        offered, _ = columns_of(TemplateFolder.open(find_template(template)))
        assert [one.header for one in offered if one.field in {"courriel", "telephone"}] == headers
