"""Who is to sign which PDF, where on it and in which order: as a CSV and as JSON, for a platform of signatures."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple

from conventool.adherent.contact import mail_addresses, phone_numbers
from conventool.core.problems import Place, Problem, Severity
from conventool.dossier.dossier import Dossier
from conventool.dossier.outputs import put_output
from conventool.dossier.reading import Paper
from conventool.files.csv_text import BOM_UTF8, csv_line
from conventool.files.writing import drafting
from conventool.sources.formulas import harmless
from conventool.template.folder import TemplateFolder
from conventool.text.suggestions import and_others

__all__ = ["write_signers"]

_FILES = {"signers": "signataires.csv", "signers_json": "signataires.json"}
"""By what it is, the name of each file."""
_COLUMNS = {
    "adherent": "adherent", "copy": "exemplaire", "file": "fichier", "order": "ordre", "field": "champ",
    "civility": "civilite", "first_name": "prenom", "last_name": "nom", "capacity": "qualite", "email": "courriel",
    "phone": "telephone", "page": "page", "left": "gauche", "bottom": "bas", "width": "largeur", "height": "hauteur",
}  # fmt: skip
"""By key of the JSON, the header of the CSV."""
_PHONE = re.compile(r"\+?[\d\s().-]+")


class _Person(NamedTuple):
    """Who signs for a party, and how a platform reaches them."""

    civility: str
    first_name: str
    last_name: str
    capacity: str
    email: str
    phone: str


def write_signers(
    dossier: Dossier, papers: Iterable[Paper], folder: Path, pieces: Mapping[str, TemplateFolder]
) -> tuple[dict[str, Path], list[Problem]]:
    """Write who signs each PDF that has signature fields.

    Args:
        dossier: of the folder; a transaction is open.
        papers: the PDF files, with the data of their adherents.
        folder: where they are, and where this is written.
        pieces: by key, the pieces of the template, which says who signs for its parties.

    Returns:
        By what it is, where each file is; and what is to be said of them.

    Raises:
        OutputError: the folder cannot be written.
    """
    signed = {copy: piece for piece in pieces.values() if piece.manifest.signatures
              for copy in piece.manifest.exemplaires}  # fmt: skip
    unreachable: dict[str, None] = {}
    files = {}
    with drafting(folder) as table, drafting(folder) as whole:
        _write(table.file, whole.file, _rows(papers, folder, signed, unreachable))
        for key, draft in zip(_FILES, (table, whole), strict=True):
            draft.finish()
            files[key], _ = put_output(dossier, draft, folder / _FILES[key])
    return files, [_unreachable(list(unreachable), files["signers"])] if unreachable else []


def _rows(
    papers: Iterable[Paper], folder: Path, signed: Mapping[str, TemplateFolder], unreachable: dict[str, None]
) -> Iterator[dict[str, Any]]:
    """A row for each field of each PDF; names those whom no mail reaches."""
    from conventool.pdf.signature_fields import fields_of  # noqa: PLC0415 (only a PDF needs it)

    for paper in papers:
        if paper.copy not in signed:
            continue
        manifest = signed[paper.copy].manifest
        for field in fields_of(folder / paper.path):
            order, _, party = field.name.partition("_")
            person = _person(manifest.parties.get(party), paper)
            if not person.email:
                unreachable[manifest.exemplaires.get(party, party) if party in manifest.parties else paper.nom] = None
            left, bottom, right, top = map(round, field.box)
            yield {
                "adherent": paper.nom, "copy": paper.copy, "file": paper.path, "order": int(order),
                "field": field.name, **person._asdict(), "page": field.page, "left": left, "bottom": bottom,
                "width": right - left, "height": top - bottom,
            }  # fmt: skip


def _person(party: Any, paper: Paper) -> _Person:
    """Who signs: for a party of the template whom that names, else for the adherent whom its data name."""
    if party is not None:
        return _Person(
            party.civilite, party.prenom, party.nom, party.fonction, party.courriel or "", party.telephone or ""
        )
    one = paper.understood.get("representant") or {}
    told = [str(one.get(name) or "") for name in ("civilite", "prenom", "nom", "fonction")]
    (mail, *_), (phone, *_) = mail_addresses(paper.mail)[0] or [""], phone_numbers(paper.phone)[0] or [""]
    return _Person._make([*told, mail, phone])  # of several, a platform asks the first


def _write(table: IO[bytes], whole: IO[bytes], rows: Iterable[Mapping[str, Any]]) -> None:
    """As a table, and as one list of JSON."""
    table.write(BOM_UTF8 + csv_line(_COLUMNS.values()))
    before = b"[\n"
    for row in rows:
        table.write(csv_line(_cell(row[key]) for key in _COLUMNS))
        whole.write(before + json.dumps(row, ensure_ascii=False).encode())
        before = b",\n"
    whole.write(b"\n]\n" if before != b"[\n" else b"[]\n")


def _cell(value: str | int) -> str:
    """A cell that no spreadsheet calculates; a telephone number may begin with a plus."""
    text = str(value)
    return text if _PHONE.fullmatch(text) else harmless(text)


def _unreachable(whom: list[str], file: Path) -> Problem:
    more = and_others(len(whom) - _NAMED, ", et ")
    named = f"{', '.join(whom[:_NAMED])}{more}"
    message = f"Sans adresse de courriel, une plateforme ne peut pas leur demander de signer : {named}."
    hint = "Donnez-la : colonne « Courriel » de la liste ou de suivi.xlsx ; « parties », dans le manifeste. Relancez."
    return Problem("signer-without-mail", message, hint, place=Place(file=str(file)), severity=Severity.NOTICE)


_NAMED = 3
