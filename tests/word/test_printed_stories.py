"""What paper shows of a text and Word does not store: the numbers of lists and notes, capitals; and what tabs draw."""

from __future__ import annotations

import pytest

from conventool.text.stories import Story
from conventool.word.labels import counted
from conventool.word.package import Package
from conventool.word.printed_stories import read_printed_stories, without_leaders
from documents.printed_forms import FORMS


def stories(name: str, kind: str) -> list[Story]:
    package = Package(FORMS[name](), f"{name}.docx")
    return [story for story in read_printed_stories(package) if story.kind == kind]


def test_lists_are_counted() -> None:
    (body,) = stories("listes", "body")
    assert [line[:40] for line in body.text.splitlines()[2:-1]] == [
        "1. Versement des dossiers",
        "a) Tri",
        "b) Cotes",
        "1.b.1 Boîtes",
        "2. Consultation sur place",
        "La Commune confie au Syndicat la gestion",
        "1. Communication",
        "2. Copies",
        "Article I – Objet",
        "Article II – Durée",
        "une puce",
        "– un tiret",
        "– un autre",
    ]


def test_notes_have_their_numbers() -> None:
    (body,) = stories("notes", "body")
    assert "de 12501 euros" in body.text
    assert "Le tarif3 est publici." in body.text
    assert [story.text.split()[0] for story in stories("notes", "note")] == ["1", "i"]


def test_capitals_frames_and_counts_of_pages() -> None:
    (body,) = stories("lettres", "body")
    assert "ENTRE LES SOUSSIGNÉS et LE SYNDICAT :" in body.text
    assert "compte  pages, celle-ci étant la ." in body.text
    assert [story.text for story in stories("zones-de-texte", "box")][-1] == "Cadre réservé au service des archives\n"


@pytest.mark.parametrize(
    ("number", "kind", "printed"),
    [(4, "lowerRoman", "iv"), (1949, "upperRoman", "MCMXLIX"), (28, "lowerLetter", "bb"), (26, "upperLetter", "Z"),
     (7, "decimalZero", "07"), (12, "decimal", "12"), (3, "chicago", "3")],
)  # fmt: skip
def test_numbers_of_lists(number: int, kind: str, printed: str) -> None:
    assert counted(number, kind) == printed


@pytest.mark.parametrize(
    ("text", "left"), [("Prix........12 €", "Prix 12 €"), ("Nom ____ Date", "Nom   Date"), ("etc..", "etc..")]
)
def test_what_tabs_draw_is_no_text(text: str, left: str) -> None:
    assert without_leaders(text) == left
