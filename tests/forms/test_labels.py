"""How a field of a form is called: by the words that a person would go by, in the manners of official forms."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_placeholders import texts

from conventool.commands.adopt import adopted
from conventool.commands.fill import RunOptions, fill
from conventool.word.package import Package
from documents.producers import field, table
from edits import control, minimal, paragraph

BOX = '<w:ffData><w:name w:val="{}"/><w:checkBox/></w:ffData>'

NUMBER = '<w:type w:val="number"/>'
PERCENT = '<w:format w:val="0,00 %"/>'


def text(name: str, inside: str = "") -> str:
    """A legacy text, bookmarked as Word does."""
    data = f'<w:ffData><w:name w:val="{name}"/><w:textInput>{inside}</w:textInput></w:ffData>'
    made = field("FORMTEXT", "\N{EN SPACE}" * 5, data)
    return f'<w:bookmarkStart w:id="1" w:name="{name}"/>{made}<w:bookmarkEnd w:id="1"/>'


def box(name: str) -> str:
    return field("FORMCHECKBOX", "", BOX.format(name))


def champs(body: str, *placeholders: str) -> dict[str, str]:
    """By the name of each field, its type, its label and what else is declared, as a line."""
    draft = adopted(Package(minimal(body), "x.docx"), placeholders, name="x.docx", folder="x").draft
    return {name: " ".join(f"{one}" for one in declared.values()) for name, declared in draft.champs.items()}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (table(paragraph("Sigle de l’association :"), paragraph(text("Texte1"))), "texte Sigle de l’association"),
        (paragraph("Montant : ", text("Texte1", '<w:default w:val="0"/>')), "texte Montant"),
        (paragraph("Sigle : ", text("T", '<w:maxLength w:val="8"/>')), "texte Sigle 8"),
        (paragraph("Année : ", text("T", '<w:type w:val="number"/><w:format w:val="0"/>')), "entier Année"),
        (paragraph("Prix : ", text("T", '<w:type w:val="number"/><w:format w:val="# ##0,00"/>')), "montant Prix"),
        (
            paragraph("Taux : ", text("T", f'{NUMBER}<w:maxLength w:val="6"/>{PERCENT}')),
            "montant Taux 1",
        ),
        (paragraph("CP : ", text("T", '<w:type w:val="number"/><w:format w:val="00000"/>')), "texte CP"),
        (paragraph("Site : ", control("<w:text/>", "Choisissez ou saisissez")), "texte Site"),
        (paragraph("Motif : ", control("<w:text/>", "XXX", prompt=False)), "texte Motif"),
        (paragraph("Lieu : ", control("<w:text/>", "[à compléter]", prompt=False)), "texte Lieu"),
    ],
)
def test_a_control_is_called_by_the_words_around_it(body: str, expected: str) -> None:
    """By the cell beside it too, and by no sign to write over; what only stands for a value is no default."""
    assert list(champs(body).values()) == [expected]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (paragraph("Adhésion : ", box("a"), " Oui ", box("b"), " Non"), ["Adhésion : oui", "Adhésion : non"]),
        (table(paragraph("Déjà aidée :"), paragraph(box("a"), " oui ", box("b"), " non")),
         ["Déjà aidée : oui", "Déjà aidée : non"]),
        (paragraph(box("a"), " Salle des fêtes   ", box("b"), " Gymnase Léo-Lagrange"),
         ["Salle des fêtes", "Gymnase Léo-Lagrange"]),
        (paragraph("Commune ", box("a"), "   EPCI ", box("b")), ["Commune", "EPCI"]),
        (paragraph("Elle est renouvelable ", box("a"), " par tacite reconduction"), ["Elle est renouvelable"]),
    ],
)  # fmt: skip
def test_a_box_is_called_by_what_it_ticks(body: str, expected: list[str]) -> None:
    """Never by the words of the box before it."""
    assert [line.removeprefix("oui-non ").removesuffix(" non") for line in champs(body).values()] == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("né le ……/……/………… à Lille", ["date"]),
        ("le __ / __ / ____", ["date"]),
        ("le |__|__|/|__|__|/|__|__|__|__|", ["date"]),
        ("le [JJ/MM/AAAA]", ["date"]),
        ("Tél. . . . . . . . . . .", ["texte"]),
        ("SIRET |_|_|_|_|_|_|_|_|_|", ["texte"]),
        ("Nom : _ _ _ _ _ _ et prénom : ….……", ["texte", "texte"]),
        ("etc…. et a/b, 1 / 2 / 3, …", []),
    ],
)
def test_lines_to_write_on_of_every_manner(written: str, expected: list[str]) -> None:
    """Three with slashes are one date."""
    known = control("<w:text/>", "Objet", tag="objet")
    found = champs(paragraph(known) + paragraph(written), "……", "[…]")
    assert [line.split()[0] for name, line in found.items() if name != "objet"] == expected


def test_what_stays_to_be_filled_in_the_text_is_told_once_a_family() -> None:
    """Not what is asked to become a control, nor a box between brackets."""
    body = paragraph("Objet : ", control("<w:text/>", "Objet", tag="objet"))
    body += paragraph("Nom ........ et prénom ________, [ville], [x]")
    for asked, told in ((), [("(2)", "........"), ("(1)", "[ville]")]), (("……", "[…]"), []):
        made = adopted(Package(minimal(body), "x.docx"), asked, name="x.docx", folder="x")
        found = [one.message for one in made.problems if one.code == "blank-in-text"]
        assert [all(words in message for words in some) for message, some in zip(found, told, strict=True)] == [
            True
        ] * len(told)


def test_a_legacy_form_prints_its_values_once_and_in_its_manner(tmp_path: Path) -> None:
    """A reference to a legacy text repeats it once; numbers go through the field's own picture."""
    picture = '<w:type w:val="number"/><w:format w:val="# ##0,00 €"/>'
    body = paragraph("Prix : ", text("Prix", picture)) + paragraph("soit ", field("REF Prix", "x"))
    body += paragraph("Titre : ", text("Titre", '<w:format w:val="UPPERCASE"/>'))
    made = adopted(Package(minimal(body), "x.docx"), (), name="x.docx", folder="x")
    folder = tmp_path / "modele"
    for name, data in made.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    (tmp_path / "un.yaml").write_text("prix: 1234,5\ntitre: mairie\n", encoding="utf-8")
    (done,) = fill(tmp_path / "un.yaml", RunOptions(str(folder), tmp_path / "sortie")).documents
    assert texts(done.path.read_bytes()) == ["Prix : 1\u00a0234,50 €", "soit 1\u00a0234,50 €", "Titre : MAIRIE"]
