"""What ``fill`` wrote, ``read`` gives back."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adherents_at_random import REGISTER, TODAY, adherents
from conventool.adherent.adherent import Adherent, read_adherent
from conventool.adherent.kinds import KINDS
from conventool.core.problems import Place, Severity
from conventool.core.row import Row
from conventool.returned.comparison import Comparison
from conventool.returned.documents import Returned
from conventool.returned.extraction import Extraction, extract
from conventool.returned.said_words import words_of
from conventool.returned.template_pattern import TemplatePattern, template_pattern
from conventool.template import DEFAULT
from conventool.template.bindings import Binder
from conventool.template.folder import TemplateFolder, find_template
from conventool.word.template import Mode

MODES: tuple[Mode, ...] = ("keep", "unwrap")


@cache
def template() -> TemplateFolder:
    return TemplateFolder.open(find_template(DEFAULT))


@cache
def pattern() -> TemplatePattern:
    return template_pattern(template())


def adherent_of(data: dict[str, Any]) -> Adherent:
    adherent, problems = read_adherent(Row(data), REGISTER, today=TODAY)
    assert adherent is not None, [str(problem) for problem in problems]
    return adherent


def copies_of(adherent: Adherent, mode: Mode) -> list[bytes]:
    return [template().document.fill(copy.values, mode) for copy in Binder(template()).copies(adherent)]


def read_back(path: Path) -> Extraction:
    return extract(words_of(Comparison.of(Returned(path), pattern()))[1], REGISTER, Place(), TODAY)


def told(adherent: Adherent) -> dict[str, Any]:
    """Everything of an adherent that its documents tell.

    A commune nouvelle signs as a commune; a default printed is as good as one given; the name of a body that no
    register knows is told with its link, whichever way it was given.
    """
    known: dict[str, Any] = adherent._asdict()
    del known["siret"], known["siren"]
    if adherent.forme == "commune-nouvelle":
        known["forme"] = "commune"
    if adherent.code_insee is None:
        del known["nom"]
    known["reconduction"] = adherent.reconduction or "tacite"
    return known


def comes_back(data: st.DataObject, kind: str, path: Path) -> None:
    """From a copy that keeps its controls, and from one that has only their text."""
    adherent = adherent_of(data.draw(adherents((kind,))))
    for mode in MODES:
        copies = copies_of(adherent, mode)
        path.write_bytes(copies[data.draw(st.integers(0, len(copies) - 1))])
        extraction = read_back(path)
        assert not extraction.differences
        again = adherent_of(extraction.data)
        assert told(again) == told(adherent)
        assert copies_of(again, mode) == copies


ONE_FOLDER = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("kind", KINDS)
@settings(ONE_FOLDER, max_examples=4)
@given(data=st.data())
def test_the_data_come_back(tmp_path: Path, kind: str, data: st.DataObject) -> None:
    """The data of a document, filled in again, give its very bytes, and those of the other copies."""
    comes_back(data, kind, tmp_path / "copie.docx")


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@settings(ONE_FOLDER, max_examples=100)
@given(data=st.data())
def test_the_data_of_many_come_back(tmp_path: Path, kind: str, data: st.DataObject) -> None:
    """The same of many more adherents."""
    comes_back(data, kind, tmp_path / "copie.docx")


def test_a_designation_alone_comes_back() -> None:
    found = extract({"designation": "Commune d’Armentières"}, REGISTER, Place(), TODAY).data
    assert (found["forme"], found["nom"]) == ("commune", "Armentières")


def test_a_ville_is_not_silently_another_body() -> None:
    said = {"forme": "La Ville", "nom_lien": "d’", "nom": "Armentières"}
    assert "unknown-kind" in {problem.code for problem in extract(said, REGISTER, Place(), TODAY).problems}


@pytest.mark.parametrize(
    ("name", "is_told"),
    [("Xavier Dubois de la Rue", True), ("Pierre Martin de Villers", True), ("Jeanne de Villers", False),
     ("Jean Baptiste LE GOFF", False), ("Jeanne MARTIN", False)],
)  # fmt: skip
def test_where_a_surname_begins_is_asked_where_nothing_tells(name: str, is_told: bool) -> None:
    said = {"representant": f"Monsieur {name}"}
    codes = {problem.code for problem in extract(said, REGISTER, Place(), TODAY).problems}
    assert ("ambiguous-name" in codes) is is_told


@pytest.mark.parametrize(
    ("name", "nom"),
    [
        ("Anne Van den Berghe", "Van den Berghe"), ("Maria da Silva", "da Silva"), ("José dos Santos", "dos Santos"),
        ("Filippo della Rovere", "della Rovere"), ("Wim ten Cate", "ten Cate"), ("Paul D’Hondt", "D’Hondt"),
        ("Jean Le Roy de Beaulieu", "Le Roy de Beaulieu"), ("Alain Saint Martin", "Saint Martin"),
        ("J.-P. Durand", "Durand"), ("Xavier DUBOIS de la Rue", "DUBOIS de la Rue"),
    ],
)  # fmt: skip
def test_a_particle_begins_a_surname(name: str, nom: str) -> None:
    found = extract({"representant": f"Monsieur {name}"}, REGISTER, Place(), TODAY)
    assert found.data["representant"]["nom"] == nom
    assert not {"ambiguous-name", "swapped-names"} & {problem.code for problem in found.problems}


@pytest.mark.parametrize(
    ("said", "forme", "nom", "is_told"),
    [
        ("Le Lycée||Gustave Eiffel", "etablissement-public", "Lycée Gustave Eiffel", True),
        ("L’EHPAD||Les Orchidées", "etablissement-public", "EHPAD Les Orchidées", True),
        ("La Résidence autonomie||Les Lilas", "etablissement-public", "Résidence autonomie Les Lilas", True),
        ("Le Centre hospitalier|de|Douai", "etablissement-public", "Centre hospitalier de Douai", True),
        ("L’Office|de|tourisme de Lille", "etablissement-public", "Office de tourisme de Lille", True),
        ("L’Agence|d’|urbanisme", "autre", "urbanisme", True), ("La Mairie|du|Quesnoy", "autre", "Quesnoy", True),
        ("Le Centre communal d’action sociale|d’|Hem", "autre", "Hem", True),
        ("Le SIVU|des|Prés", "autre", "Prés", True),
        ("La Région||Hauts-de-France", "autre", "Hauts-de-France", False),
        ("L’Association|des|maires", "autre", "maires", False), ("La||CAPSO", "autre", None, True),
        ("L’||ADICO", "autre", None, True), ("Le Service|d’|incendie", "autre", "incendie", True),
        ("Le Comité|des|œuvres sociales", "autre", "œuvres sociales", True),
    ],
)  # fmt: skip
def test_a_body_without_the_noun_of_its_kind_is_no_secret_guess(said: str, forme: str, nom: str, is_told: bool) -> None:
    """Where the words are those of an établissement public it is one; a body that may be of another kind is told."""
    noun, link, name = said.split("|")
    sise = "sise" if noun.startswith("La ") or "Ag" in noun or "As" in noun else "sis"
    found = extract({"forme": noun, "nom_lien": link, "nom": name, "sise": sise}, REGISTER, Place(), TODAY)
    assert (found.data["forme"], found.data.get("nom")) == (forme, nom)
    assert ("unknown-kind" in {problem.code for problem in found.problems}) is is_told


@pytest.mark.parametrize(
    ("said", "hint"),
    [("La||CAPSO", "Si c’est « CA du Pays de Saint-Omer », écrivez sa forme et son nom entier."),
     ("La||CUD", "Si c’est « CU de Dunkerque », écrivez sa forme et son nom entier."),
     ("L’||ADICO", "Un sigle ne dit pas la forme : si ce n’est pas « autre », écrivez-la, et le nom entier."),
     ("Le Service|d’|incendie", "C’est d’ordinaire un « sdis »."),
     ("Le Comité|des|œuvres sociales", None)],
)  # fmt: skip
def test_what_a_body_of_no_known_form_may_be_is_said(said: str, hint: str | None) -> None:
    """Where nothing speaks against « autre » it is a note: the same document can be made again."""
    noun, link, name = said.split("|")
    found = extract({"forme": noun, "nom_lien": link, "nom": name, "sise": "sise"}, REGISTER, Place(), TODAY)
    (told,) = (problem for problem in found.problems if problem.code == "unknown-kind")
    assert (told.hint or "").replace("\xa0", " ") == (hint or "")
    assert told.severity is (Severity.WARNING if hint else Severity.NOTICE)


def test_a_sigle_alone_comes_back_as_a_syndicat_and_that_is_told() -> None:
    """No sigle says which kind of syndicat it is."""
    said = {"forme": "Le", "nom_lien": "", "nom": "SIDEN-SIAN", "sise": "sis"}
    found = extract(said, REGISTER, Place(), TODAY)
    assert (found.data["forme"], found.data["nom"]) == ("syndicat-mixte", "Le SIDEN-SIAN")
    assert "unknown-kind" in {problem.code for problem in found.problems}
