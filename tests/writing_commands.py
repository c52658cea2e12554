"""Every command that writes, in a folder made ready for it: what is done to each of them at its worst moment."""

from __future__ import annotations

import shutil
import sqlite3
import zipfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from in_process import command

openpyxl: Any = pytest.importorskip("openpyxl")

__all__ = ["BAD_ROW", "COMMANDS", "FIELDS", "ROW", "is_sound", "make_world", "state_of"]

ROOT = Path(__file__).parents[1]
TESTS = Path(__file__).parent
FORM = TESTS / "documents" / "kinds_in_runs.docx"
FIELDS = (
    "forme;nom;adresse;code_postal;commune;representant_civilite;representant_prenom;representant_nom;decision_date;"
    "signatures_fibre;signatures_cdg59;signatures_collectivite"
)
ROW = (
    "syndicat mixte;Eaux {0};1 rue Haute;59280;Armentières;Madame;Camille;MARTIN;2026-03-12;"
    "2026-04-01;2026-04-01;2026-04-0{0}"
)
BAD_ROW = "commune;Nulle-Part;1 rue Haute;59280;;Madame;Camille;MARTIN;2026-03-12;;;"

COMMANDS: dict[str, str] = {
    "fill": "fill adherent.yaml -o neuf",
    "fill, in a dossier": "fill adherent.yaml -o lot",
    "batch": "batch liste.csv -o neuf --rejects neuf/a-corriger.csv",
    "batch, in a dossier": "batch liste.csv -o lot --prune",
    "adopt": "adopt formulaire.docx -o neuf",
    "read": "read lot -o neuf/lu.csv",
    "check --annotate": "check modele --annotate neuf/copie.docx --junit neuf/junit.xml --force",
    "check --update": "check ancien --update --force",
    "classeur": "classeur services.csv -o neuf/classeur.xlsx",
    "fill --dossier": "fill --dossier ouvert --adherent Armentières -t avenant --set objet=Objet"
    " --set article_modifie=4 --set redaction=Texte --set deliberation=2026-03-12 --set convention_effet=2026-06-01",
    "modele": "modele -o neuf/adherent.yaml",
    "schema": "schema -o neuf/schema.json",
    "participations": "participations services.csv -o neuf",
    "echeances": "echeances services.csv -o neuf",
    "echeances, of a dossier": "echeances lot --par-adherent",
    "fill, done before": "fill adherent.yaml -o ouvert",
    "suivi": "suivi lot",
    "suivi --signer": "suivi ouvert --signer Armentières --le 2026-05-04 --par fibre",
    "courriels": "courriels lot --modele courriel.yaml",
    "verify --dossier": "verify revenus --dossier ouvert",
}
"""A command line by what it writes, to be run in a copy of the world."""


def make_world(home: Path) -> None:
    """A folder with data, forms, templates, documents with their dossiers, documents that came back."""
    for name in ("adherent.yaml", "courriel.yaml", "services.csv"):
        shutil.copy(ROOT / "examples" / name, home)
    shutil.copy(FORM, home / "formulaire.docx")
    for name, numbers in {"liste": (1, 2, 3), "avant": (2, 3, 4)}.items():
        rows = [FIELDS, *(ROW.format(number) for number in numbers), BAD_ROW][: 5 if name == "liste" else 4]
        (home / f"{name}.csv").write_text("\n".join(rows), encoding="utf-8")
    for line in ("adopt formulaire.docx -o modele", "batch avant.csv -o lot", "fill adherent.yaml -o ouvert"):
        words = [home / word if (home / word).exists() else word for word in line.split()]
        words[-1] = home / str(words[-1])
        assert command(*words).code in {0, 1}, line
    type_addresses(home / "lot" / "suivi.xlsx")
    shutil.copytree(home / "modele", home / "ancien")
    golden = next((home / "ancien").glob("*.txt"))
    golden.write_text("Un ancien texte.\n" + golden.read_text(encoding="utf-8"), encoding="utf-8")
    (home / "revenus").mkdir()
    for document in (home / "ouvert").glob("*.docx"):
        shutil.copy(document, home / "revenus")


def type_addresses(workbook: Path) -> None:
    """Type an address of mail for each adherent of a tracking workbook."""
    book = openpyxl.load_workbook(workbook)
    sheet = book["Suivi"]
    column = next(cell.column for cell in sheet[1] if cell.value == "Courriel")
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, column).value = f"eaux{row}@exemple.fr"
    book.save(workbook)


def state_of(home: Path) -> Mapping[str, bytes]:
    """Every file below a folder by its path, but the dossiers and what tells the hour."""
    return {
        str(path.relative_to(home)): path.read_bytes()
        for path in sorted(home.rglob("*"))
        if path.is_file() and not path.name.startswith(("suivi.sqlite", "suivi.xlsx", "rejets", "junit"))
    }


def is_sound(home: Path) -> bool:
    """Whether every dossier and every workbook below a folder opens as whole."""
    for path in home.rglob("suivi.sqlite"):
        if path.stat().st_size:
            with closing(sqlite3.connect(path)) as database:
                if database.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                    return False
    return all(zipfile.ZipFile(path).testzip() is None for path in home.rglob("*.xlsx"))
