"""What paper shows of a text and Word does not store: the numbers of lists and notes, capitals; and what tabs draw."""

from __future__ import annotations

from pathlib import Path

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


def test_numbers_that_depend_on_the_elements_of_a_section_are_told() -> None:
    """In the section and behind it; those before it, and those of a deeper level that begins anew, are sure."""
    (body,) = stories("comptes-repris", "body")
    unsure = [span for span in body.spans if (span.tag or "").startswith("champ LABEL")]
    assert [body.text[span.start : span.end] for span in unsure] == ["2.", "a)", "3."]
    assert "1. Versement des dossiers\n" in body.text
    assert "\na) Tri\n" in body.text


def test_a_table_that_text_runs_around_is_a_text_box() -> None:
    assert [story.text.split("\n")[0] for story in stories("a-cote-du-texte", "box")] == ["Loyer", "Caution"]


def test_a_note_without_a_place_for_its_number_has_one() -> None:
    (notes,) = stories("notes-longues", "note")
    assert [notes.text[span.end :][:9] for span in notes.spans if (span.tag or "").startswith("champ NOTE")] == [
        "Comptable"
    ]


def test_a_word_file_in_another_is_read() -> None:
    form = Package.open(Path(__file__).parents[1] / "cases" / "forms" / "o2-annexe-docx-incluse.docx")
    assert "Annexe : règlement du prêt." in read_printed_stories(form)[0].text
