"""Filled documents back into data, ready for ``fill`` and ``batch``."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from time import perf_counter
from typing import Any

from conventool.adherent.fields import FIELDS
from conventool.core.clock import seconds_since, today
from conventool.core.errors import ConventoolError, ExitCode, UsageError
from conventool.core.problems import Place, Problem, Severity
from conventool.core.report import DataReport
from conventool.core.watch import NOBODY, Watch
from conventool.files.plan import Wanted
from conventool.files.workbook import xlsx_writer
from conventool.files.writing import write_as_planned
from conventool.register.communes import Register
from conventool.returned.chosen_services import PieceReader
from conventool.returned.confusables import skeleton
from conventool.returned.documents import (
    Comparison,
    Returned,
    best_template,
    known_patterns,
    returned_files,
    skipped_folders,
    unknown_template,
)
from conventool.returned.extraction import extract, words_of
from conventool.returned.following import named_in
from conventool.returned.own_fields import own_fields
from conventool.returned.slots import Slot
from conventool.returned.template_pattern import TemplatePattern
from conventool.sources.formulas import harmless
from conventool.sources.yaml_file import yaml_text
from conventool.template.folder import TemplateFolder
from conventool.text.stories import squeezed
from conventool.text.suggestions import listed

__all__ = ["ReadOptions", "read"]

_FORMATS = (".yaml", ".yml", ".csv", ".xlsx")
_SAID_IN = {
    "appellation": "forme",
    "genre": "sise",
    "article": "nom_lien",
    **{f"representant.{name}": "representant" for name in ("civilite", "prenom", "nom")},
    **{f"representant.{name}": "fonction" for name in ("fonction", "delegation.arrete", "delegation.date")},
    "representant.delegation.texte": "titre",
    **{f"decision.{name}": "organe" for name in ("organe", "numero")},
    "decision.date": "decision_date",
}
"""The word of the text in which a field is told, where it has not the field's own name."""
_UNREADABLE = frozenset({"unreadable", "unsafe-document"})


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What ``read`` is asked.

    Attributes:
        template: name or folder of the template; None to find it among those of the program.
        output: the file to write, told by its suffix; None for YAML on the standard output.
        force: may a file that differs be replaced?
    """

    template: str | None = None
    output: Path | None = None
    force: bool = False


def read(paths: Sequence[Path], options: ReadOptions, watch: Watch = NOBODY) -> DataReport:
    """Read the data of filled documents; the copies of one adherent are one.

    Args:
        paths: documents, and folders of them.
        options: what else is asked.
        watch: told how the work goes on.

    Raises:
        ConventoolError: a template cannot be read, there is no document, or the result cannot be written.
    """
    started = perf_counter()
    if options.output and options.output.suffix.lower() not in _FORMATS:
        message = f"Un fichier « {options.output.suffix} » ne peut pas être écrit ici."
        raise UsageError(Problem("unknown-format", message, f"Formats possibles : {', '.join(_FORMATS)}."))
    files, templates, register = returned_files(paths), known_patterns(options.template), Register.open()
    now = today()
    problems: list[Problem] = skipped_folders(paths)
    conventions: list[_Convention] = []
    loose: list[Comparison] = []
    watch.begin("Lecture", len(files))
    for file in files:
        convention, pieces, wrong = _read_one(file, templates, register, now)
        watch.step(1)
        problems += wrong
        conventions += [convention] if convention else []
        loose += pieces
    found, told = _together(conventions, loose, register, now)
    problems += told
    raw = ""
    if options.output and found:
        _write(options.output, found, force=options.force)
    elif found:
        raw = _yaml(found).decode("utf-8")
    bad = any(problem.severity is not Severity.NOTICE for problem in problems)
    unreadable = not found and all(problem.code in _UNREADABLE for problem in problems)
    code = ExitCode.UNREADABLE if unreadable else ExitCode.PROBLEMS if bad else ExitCode.DONE
    summary = {"documents": len(files), "adherents": len(found), "seconds": seconds_since(started)}
    written = {"data": options.output} if options.output and found else {}
    return DataReport("read", summary, problems=problems, exit_code=code, files=written, data=found, raw=raw)


@dataclass(frozen=True, slots=True)
class _Convention:
    """The data of a convention, its adherent as its pieces name it, and those of its pieces that follow it."""

    comparison: Comparison
    name: str
    data: dict[str, Any]
    pieces: Sequence[Comparison]

    @property
    def folder(self) -> TemplateFolder:
        """Its template."""
        return self.comparison.template.folder


def _read_one(
    file: Path, templates: Sequence[TemplatePattern], register: Register, now: date
) -> tuple[_Convention | None, Sequence[Comparison], list[Problem]]:
    """The data of one document, or the piece that it is alone; and what could not be read of it."""
    place = Place(file=str(file))
    try:
        compared = [best_template(part, likely) for part, likely in Returned(file).parted(templates)]
    except ConventoolError as error:
        return None, (), list(error.problems)
    comparison, *following = compared
    if comparison is None:
        return None, (), [unknown_template(templates)._replace(place=place)]
    if not comparison.template.folder.is_first:
        return None, [one for one in compared if one], []
    data, problems = _data_of(comparison, place, register, now)
    if data is None:
        return None, (), problems
    return _Convention(comparison, named_in(comparison), data, [one for one in following if one]), (), problems


def _data_of(
    comparison: Comparison, place: Place, register: Register, now: date
) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The data of an adherent that a convention says, and what could not be read; of a blank one that it is."""
    own, _ = own_fields([comparison], place)
    slots, said = words_of(comparison)
    if not comparison.template.folder.manifest.adherent:
        if not own:
            return None, [_not_filled(place, "aucun de ses champs n’a de valeur")]
        return {}, []
    naming = {"forme", "nom", "designation", "representant"} & slots.keys() or slots.keys()
    if not own and not naming & said.keys():
        return None, [_not_filled(place, "ni l’adhérent ni son représentant n’y sont nommés")]
    extraction = extract(said, register, place, now)
    untold = [one for one in extraction.problems if one.code == "missing-field" and not _is_printed(one.field, slots)]
    problems = [
        _placed(problem, comparison.path, slots)
        for problem in extraction.problems
        if problem.severity is not Severity.NOTICE and problem not in untold
    ]
    problems += [_not_printed([one.field or "" for one in untold], place)] if untold else []
    for path, (text, told) in extraction.differences.items():
        message = f"Le document dit « {text} » ; refait avec ces données, il dirait « {told} »."
        hint = "Le document a été rempli ou accordé autrement ; vérifiez ce champ."
        where = place._replace(control=slots[path].address)
        problems.append(Problem("not-reproduced", message, hint, path, text, where, Severity.WARNING))
    return extraction.data, problems


def _together(
    conventions: Sequence[_Convention], loose: Sequence[Comparison], register: Register, now: date
) -> tuple[list[dict[str, Any]], list[Problem]]:
    """The data of each adherent once, with what its other pieces say: those of its PDF, or the files that name it.

    Returns:
        The data; and what is wrong with the pieces, or was not read in them.
    """
    found: list[dict[str, Any]] = []
    problems: list[Problem] = []
    filed: dict[tuple[Path, str], list[Comparison]] = {}
    for piece in loose:
        filed.setdefault((piece.template.folder.folder, _key(named_in(piece))), []).append(piece)
    same: dict[tuple[Path, str], list[dict[str, Any]]] = {}
    for one in conventions:
        said = same.setdefault((one.folder.folder, _key(one.name)), [])
        said += [one.data] if one.data not in said else []
    used: set[int] = set()
    for one in conventions:
        key, pieces = (one.folder.folder, _key(one.name)), one.pieces
        reader = PieceReader(one.folder.catalogue, register, now)
        if not pieces and one.name and len(same[key]) == 1:  # of two adherents of one name, neither is told from it
            pieces = [piece for piece in _agreeing(filed.get(key, ())) if reader.is_telling(piece)]
        used |= {id(piece) for piece in pieces}
        own, unsound = own_fields([one.comparison, *pieces], Place(file=str(one.comparison.path)))
        data, wrong = reader.completed(one.data | own, reader.read(pieces))
        problems += [*unsound, *wrong]
        found += [data] if data not in found else []
    return found, [*dict.fromkeys(problems), *(_other_piece(piece) for piece in loose if id(piece) not in used)]


def _key(name: str) -> str:
    return skeleton(squeezed(name))


def _agreeing(pieces: Sequence[Comparison]) -> list[Comparison]:
    """Those that no other file of the same piece contradicts."""
    values = {piece.template.folder.key: piece.values for piece in pieces}
    odd = {piece.template.folder.key for piece in pieces if piece.values != values[piece.template.folder.key]}
    return [piece for piece in pieces if piece.template.folder.key not in odd]


def _is_printed(field: str | None, slots: Mapping[str, Slot]) -> bool:
    """Does the template print the word in which a field is told, so that a filled document must say it?"""
    word = _SAID_IN.get(field or "", field or "")
    return word in slots or (word in {"forme", "nom"} and "designation" in slots)


def _not_printed(fields: Sequence[str], place: Place) -> Problem:
    message = f"Ce modèle n’imprime pas {listed(fields)} : le document n’en dit rien."
    hint = "Pour le remplir à nouveau, ajoutez-les aux données lues."
    return Problem("not-printed", message, hint, place=place, severity=Severity.NOTICE)


def _not_filled(place: Place, why: str) -> Problem:
    return Problem("not-filled", f"Ce document n’est pas rempli : {why}.", None, place=place)


def _other_piece(comparison: Comparison) -> Problem:
    title = comparison.template.folder.manifest.titre
    message = f"De cette pièce (« {title} »), rien n’est repris dans les données."
    return Problem("other-piece", message, place=Place(file=str(comparison.path)), severity=Severity.NOTICE)


def _placed(problem: Problem, file: Path, slots: Mapping[str, Slot]) -> Problem:
    slot = slots.get(_SAID_IN.get(problem.field or "", problem.field or ""))
    place = Place(file=str(file), control=slot.address if slot else None)
    return Problem(problem.code, problem.message, problem.hint, problem.field, problem.value, place, problem.severity)


# --- Writing -----------------------------------------------------------------------------------------------


def _write(path: Path, found: Sequence[Mapping[str, Any]], *, force: bool) -> None:
    """Write the data in the format that the file's name says.

    Raises:
        OutputError: another file is in the way, or the folder refuses.
    """
    match path.suffix.lower():
        case ".csv":
            data = _csv(found)
        case ".xlsx":
            data = _workbook(found)
        case _:
            data = _yaml(found)
    write_as_planned([Wanted(path, data)], force=force)


def _yaml(found: Sequence[Mapping[str, Any]]) -> bytes:
    content: Any = [dict(one) for one in found] if len(found) > 1 else dict(found[0])
    return yaml_text(content).encode("utf-8")


def _table(found: Sequence[Mapping[str, Any]]) -> Iterator[list[str]]:
    """A header, then a line for each adherent; the columns that hold nothing are left out."""
    rows = [dict(_flat(one)) for one in found]
    columns = [path for path in FIELDS if any(path in row for row in rows)]
    columns += [path for path in dict.fromkeys(path for row in rows for path in row) if path not in columns]
    yield [path.replace(".", "_") for path in columns]
    yield from ([row.get(path, "") for path in columns] for row in rows)


def _flat(data: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in data.items():
        if isinstance(value, list):
            yield from _flat({str(rank): item for rank, item in enumerate(value, 1)}, f"{prefix}{name}.")
        elif isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)


def _csv(found: Sequence[Mapping[str, Any]]) -> bytes:
    """As Excel in French opens it."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for line in _table(found):
        writer.writerow([harmless(cell) for cell in line])
    return out.getvalue().encode("utf-8-sig")


def _workbook(found: Sequence[Mapping[str, Any]]) -> bytes:
    """Every cell a text, so that no postal code loses its zero."""
    from datetime import datetime  # noqa: PLC0415

    out = BytesIO()
    with xlsx_writer(out, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": datetime(1980, 1, 1)})  # noqa: DTZ001 (the same data, the same bytes)
        sheet, bold, text = (
            workbook.add_worksheet("Adhérents"),
            workbook.add_format({"bold": True}),
            workbook.add_format({"num_format": "@"}),
        )
        for rank, line in enumerate(_table(found)):
            for column, cell in enumerate(line):
                sheet.write_string(rank, column, cell, text if rank else bold)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return out.getvalue()
