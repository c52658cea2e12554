"""No row is refused without an error that says why: over lists as people have them, and over generated dirt."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from conventool.adherent.adherent import read_adherent
from conventool.core.errors import UsageError
from conventool.core.problems import Severity
from conventool.core.row import Row
from conventool.register.communes import Register
from conventool.sources import read_rows

LISTS = Path(__file__).parent / "cases" / "lists"
REGISTER = Register.open()
TODAY = date(2026, 6, 30)


def assert_told(row: Row) -> bool:
    """Whether a row is accepted; one that is not says why."""
    adherent, problems = read_adherent(row, REGISTER, today=TODAY)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    assert (adherent is None) == bool(errors), (row.values, problems)
    assert all(problem.message for problem in errors)
    return adherent is not None


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(LISTS.iterdir()) if not path.stem.endswith("-colonnes")],
    ids=lambda path: path.name,
)
def test_a_row_of_a_list_is_accepted_or_told_why_not(path: Path) -> None:
    columns = LISTS / f"{path.stem}-colonnes.yaml"
    if path.name == "deux-feuilles.xlsx":
        with pytest.raises(UsageError):
            read_rows(path)
        return
    source = read_rows(path, columns=columns if columns.exists() else None)
    for row in source:
        assert_told(row)


SOUND = {
    "forme": ["commune", "SIVU", "CC", "CCAS", "syndicat mixte", "département", "autre"],
    "code_insee": ["59017", "62043", "59350", "", ""],
    "nom": ["Armentières", "du Bocage", "CC Pévèle-Carembault", "Nord", ""],
    "adresse": ["4 place du Général-de-Gaulle", "1 rue Haute, BP 63", "Hôtel de Ville"],
    "code_postal": ["59280", "59 190", "1300", "F-59190", "59160 CEDEX", ""],
    "commune": ["Armentières", "Hasebrouck", "Hazebrouck (Nord)", "59710 Pont-à-Marcq", "Lomme", ""],
    "representant_civilite": ["Mme", "M.", "Madame", "M. le Maire"],
    "representant_prenom": ["Jeanne", "Jean-Paul"],
    "representant_nom": ["LECOQTEST", "d’HŒUR"],
    "representant_fonction": ["", "Maire", "1er adjoint", "Directrice"],
    "decision_date": ["27/03/2026", "2026-03-27", "27 mars 2026", "mars 2026"],
    "decision_numero": ["", "2026-12", "Délibération n°2026-12", "sans"],
}
DIRT = ["?", "-", "N/A", "à compléter", "contact@exemple.fr", "03 20 00 00 00", "https://exemple.fr", "59", "\u200b",
        "…", "21590017000013", "oui", "0", "#REF!", "x" * 300]  # fmt: skip


def dirty_rows(number: int) -> Iterator[list[str]]:
    """Rows of sound values in which some are those of another column, dirt or missing."""
    chance = random.Random(15)
    values = [value for column in SOUND.values() for value in column]
    for _ in range(number):
        row = [chance.choice(column) for column in SOUND.values()]
        for place in chance.sample(range(len(row)), chance.randrange(4)):
            row[place] = chance.choice([chance.choice(values), chance.choice(DIRT), ""])
        yield row


@pytest.mark.slow
def test_a_row_of_generated_dirt_is_accepted_or_told_why_not(tmp_path: Path) -> None:
    path = tmp_path / "dirt.csv"
    lines = [list(SOUND), *dirty_rows(3000)]
    path.write_text("\n".join(";".join(line) for line in lines), encoding="utf-8")
    accepted = [assert_told(row) for row in read_rows(path)]
    assert len(accepted) == 3000
    assert 10 < sum(accepted) < 2900
