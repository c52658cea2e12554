"""``courriels``: a draft of mail for each adherent of a folder, its files attached. Nothing is ever sent."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from conventool.adherent.adherent import read_adherent
from conventool.adherent.contact import mail_addresses
from conventool.adherent.fields import Given
from conventool.core.clock import seconds_since, today
from conventool.core.errors import ExitCode, TemplateError, UnreadableError
from conventool.core.problems import Place, Problem, Severity
from conventool.core.report import DocumentDone, Report
from conventool.core.row import Row
from conventool.dossier import facts
from conventool.dossier.database import NAME, connect_for_writing, no_dossier
from conventool.dossier.dossier import Dossier
from conventool.dossier.outputs import put_output
from conventool.dossier.reading import Folder, Followed
from conventool.dossier.tracking import bring_together
from conventool.files.filenames import free_name
from conventool.files.plan import Wanted
from conventool.files.reading import naming
from conventool.files.workbook import LINE_HEIGHT, begin_table, lines_of, new_workbook
from conventool.files.writing import drafting, write_as_planned
from conventool.register.communes import Register
from conventool.template.bindings import adherent_words
from conventool.template.mail_model import MailModel, read_mail_model
from conventool.text.suggestions import listed

__all__ = ["courriels"]

_DRAFTS, _LIST = "courriels", "bordereau.xlsx"
_LARGEST = 20 * 1024 * 1024
"""Bytes of the files of a mail: more is refused by most servers."""
_TYPES = {"pdf": ("application", "pdf")}
_WORD = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")


class _Draft(NamedTuple):
    """A draft, or why there is none.

    Attributes:
        adherent: its name.
        to: the addresses.
        subject: of the mail.
        files: names of what is attached.
        name: of the draft's file; empty where there is none.
        data: of the draft.
        problem: what keeps it from being made.
    """

    adherent: str
    to: str = ""
    subject: str = ""
    files: tuple[str, ...] = ()
    name: str = ""
    data: bytes = b""
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the draft of an adherent."""

    folder: Path
    model: MailModel
    register: Register
    today: date

    def make(self, one: Followed, given: dict[str, object]) -> _Draft:
        """Write a draft, or tell why there is none."""
        to, wrong = _addresses(one)
        if not to:
            why = f"« {wrong} » n’est pas une adresse de courriel." if wrong else "pas d’adresse de courriel."
            return _Draft(one.nom, problem=self._missing(one, "mail-address", why, _ASK_ADDRESS))
        paths = self._paths(one)
        absent = [path.name for path in paths if not path.is_file()]
        if not paths or absent:
            what = ", ".join(absent) or f"aucun exemplaire en {self.model.format}"
            hint = "Relancez batch avec --pdf, ou écrivez « format: docx » dans le modèle du courriel."
            return _Draft(one.nom, to, problem=self._missing(one, "file-missing", f"pièce absente : {what}.", hint))
        size = sum(path.stat().st_size for path in paths)
        if size > _LARGEST:
            why = f"les pièces font {size // 1024 // 1024} Mo, et 20 Mo sont permis."
            hint = "Envoyez-en moins, par « pieces »."
            return _Draft(one.nom, to, problem=self._missing(one, "mail-too-big", why, hint))
        own = {name: value for name, value in given.items() if name in Given.model_fields}
        adherent, _ = read_adherent(Row(own), self.register, today=self.today)  # type: ignore[arg-type]
        if adherent is None:
            hint = "Relancez la commande qui a fait ses documents."
            why = "ses données ne se lisent plus."
            return _Draft(one.nom, to, problem=self._missing(one, "not-understood", why, hint))
        try:
            subject, text = self.model.written(adherent_words(adherent))
        except TemplateError as error:
            (wrong_here,) = error.problems
            message = f"{one.nom} : {wrong_here.message} Pas de brouillon."
            return _Draft(one.nom, to, problem=wrong_here._replace(message=message, severity=Severity.WARNING))
        data = _message(to, subject, text, paths)
        return _Draft(one.nom, to, subject, tuple(path.name for path in paths), f"{one.nom} {one.code_postal}", data)

    def _paths(self, one: Followed) -> list[Path]:
        wanted = self.model.pieces or tuple(one.copies)
        is_pdf = self.model.format == "pdf"
        return [
            self.folder / piece.path
            for key in wanted
            for piece in one.pieces
            if piece.copy == key and (piece.format == "pdf") == is_pdf
        ]

    def _missing(self, one: Followed, code: str, why: str, hint: str) -> Problem:
        place = Place(file=str(self.folder))
        message = f"{one.nom} : {why} Pas de brouillon."
        return Problem(code, message, hint, value=one.nom, place=place, severity=Severity.WARNING)


_ASK_ADDRESS = "Écrivez-la dans la colonne « Courriel » de suivi.xlsx, puis relancez."


def _addresses(one: Followed) -> tuple[str, str]:
    """The addresses of an adherent, as a mail is sent to them; none where one of them is none, which is then told."""
    fact = one.facts.get(facts.MAIL)
    found, wrong = mail_addresses(str(fact.value) if fact and fact.value else "")
    return ", ".join(found), wrong


def _message(to: str, subject: str, text: str, paths: Sequence[Path]) -> bytes:
    """A draft that mail programs open to be sent (``X-Unsent``); the same bytes from the same content."""
    message = EmailMessage(policy=SMTP)
    message["To"], message["Subject"], message["X-Unsent"] = to, subject, "1"
    message.set_content(text if text.endswith("\n") else f"{text}\n", charset="utf-8", cte="quoted-printable")
    digest = sha256(f"{to}\n{subject}\n{text}".encode())
    for path in paths:
        with naming(path):
            data = path.read_bytes()
        digest.update(data)
        main, sub = _TYPES.get(path.suffix[1:].lower(), _WORD)
        message.add_attachment(data, maintype=main, subtype=sub, filename=path.name)
    message.set_boundary(f"=_{digest.hexdigest()[:32]}")
    return message.as_bytes()


def courriels(path: Path, model: Path, *, force: bool = False) -> Report:
    """Make a draft for each adherent of a folder, and a list of them.

    Args:
        path: the folder that ``batch`` or ``fill`` wrote.
        model: file of the model of the mail.
        force: may drafts that differ be replaced?

    Raises:
        ConventoolError: the folder or the model cannot be read, or the drafts cannot be written.
    """
    started, day = time.perf_counter(), today()
    if not (path / NAME).is_file():
        raise no_dossier(path)
    maker = _Maker(path, read_mail_model(model), Register.open(), day)
    with connect_for_writing(path, writes=True) as database:
        dossier, folder = Dossier(database, path), Folder(database, path)
        with dossier.transaction():
            tracked = bring_together(dossier, path, day)  # an address may have been typed a moment ago
        _refuse_unknown_copies(maker.model, folder)
        drafts = [maker.make(one, folder.given(one.number)) for one in folder.adherents() if not one.superseded]
        documents = _write(path / _DRAFTS, drafts, force=force)
        with dossier.transaction():
            bordereau = _write_list(dossier, path, drafts, documents)
    problems = [*tracked.problems, *(one.problem for one in drafts if one.problem)]
    summary = {
        "drafts": len(documents),
        "without": sum(one.problem is not None for one in drafts),
        "seconds": seconds_since(started),
    }
    texts = [f"Brouillons : {summary['drafts']} ; sans brouillon : {summary['without']}. Rien n’est envoyé."]
    code = ExitCode.PROBLEMS if summary["without"] else ExitCode.DONE
    files = {"bordereau": bordereau, "dossier": path / NAME, "workbook": tracked.path}
    return Report("courriels", summary, documents, problems, texts, exit_code=code, files=files)


def _refuse_unknown_copies(model: MailModel, folder: Folder) -> None:
    """Refuse a model that attaches copies that no template of the folder has.

    Raises:
        UnreadableError: it does.
    """
    known = folder.copies()
    unknown = [key for key in model.pieces if key not in known]
    if unknown:
        message = f"« {unknown[0]} » n’est pas un exemplaire de ce dossier."
        hint = f"Écrivez {listed(list(known))}."
        raise UnreadableError(Problem("bad-choice", message, hint, "pieces", place=model.row.where(("pieces",))))


def _write(folder: Path, drafts: Sequence[_Draft], *, force: bool) -> list[DocumentDone]:
    """Write the drafts, all of them or none.

    Raises:
        OutputError: another file is in the place of one, or the folder refuses.
    """
    named = dict(_named(drafts))
    planned = write_as_planned([Wanted(folder / name, one.data) for name, one in named.items()], force=force)
    return [file.done(one.adherent) for file, one in zip(planned, named.values(), strict=True)]


def _named(drafts: Sequence[_Draft]) -> Iterator[tuple[str, _Draft]]:
    """Each draft with the name of its file; adherents of one name are told apart by a number."""
    taken: set[str] = set()
    for one in drafts:
        if one.data:
            texts = [one.name, *(f"{one.name} {number}" for number in range(2, len(drafts) + 2))]
            yield free_name(texts, ".eml", taken), one


def _write_list(dossier: Dossier, folder: Path, drafts: Sequence[_Draft], documents: Sequence[DocumentDone]) -> Path:
    """Write which files go to whom."""
    names = iter(document.path.name for document in documents)
    columns = {"Adhérent": 24, "À": 26, "Objet": 34, "Pièces jointes": 40, "Brouillon": 24, "Pourquoi il manque": 30}
    with drafting(folder) as draft:
        with new_workbook(draft.file) as workbook:
            sheet = begin_table(workbook, "Bordereau", columns.items(), names=1)
            wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
            for row, one in enumerate(drafts, 1):
                why = one.problem.message if one.problem else ""
                cells = (one.adherent, one.to, one.subject, "\n".join(one.files), next(names) if one.data else "", why)
                lines = max(lines_of(text, width) for text, width in zip(cells, columns.values(), strict=True))
                sheet.set_row(row, LINE_HEIGHT * lines)
                for rank, text in enumerate(cells):
                    sheet.write_string(row, rank, text, wrapped)
        draft.finish()
        placed, _ = put_output(dossier, draft, folder / _LIST)
    return placed
