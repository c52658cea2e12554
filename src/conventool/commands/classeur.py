"""``classeur``: a workbook to fill in, made of what a template asks for; or a list brought into one."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from conventool.core.errors import UsageError
from conventool.core.problems import Place, Problem
from conventool.core.report import Report, exit_code_of
from conventool.files.plan import Wanted
from conventool.files.writing import write_as_planned
from conventool.lists.columns import columns_of
from conventool.lists.transfer import Brought, bring, choice
from conventool.lists.workbook import MOST_ROWS, Contents, write
from conventool.register.communes import Register
from conventool.sources import read_rows
from conventool.sources.own_columns import OwnColumns
from conventool.template.folder import TemplateFolder, find_template, is_word_form
from conventool.text.french import fold

__all__ = ["classeur"]


def classeur(
    source: Path | None,
    template: str,
    output: Path,
    *,
    sheet: str | None = None,
    columns: Path | None = None,
    force: bool = False,
) -> Report:
    """A template → a workbook whose columns are its fields, empty or with the rows of a list.

    Args:
        source: the list; None for an empty workbook.
        template: name or folder of the template.
        output: the workbook.
        sheet: of a workbook, the sheet that is the list.
        columns: a file that says which header means which field.
        force: may a file that differs be replaced?

    Raises:
        ConventoolError: the list or the template cannot be read, or the workbook cannot be written.
    """
    _refuse_unmade(template, output)
    folder = TemplateFolder.open(find_template(template))
    offered, own = columns_of(folder)
    register, brought = Register.open(), Brought(offered, [], [], [])
    if source is not None:
        brought = bring(read_rows(source, sheet=sheet, columns=columns, own=own), offered, own, register)
        _refuse_too_many(brought, source)
    elif sheet or columns:
        message = "« --sheet » et « --columns » disent comment lire une liste, et aucune n’est donnée."
        raise UsageError(Problem("usage", message, f"Écrivez : conventool classeur LISTE -o {output}"))
    write_as_planned([Wanted(output, _workbook(folder, brought, register, own))], force=force)
    return Report(
        "classeur", {"columns": len(brought.columns), "rows": len(brought.rows)}, problems=brought.problems,
        texts=[_told(brought, output)], exit_code=exit_code_of(brought.problems),
        template=folder.named, files={"workbook": output},
    )  # fmt: skip


def _refuse_unmade(template: str, output: Path) -> None:
    """Refuse what is no workbook, and a form of which nothing tells what its columns ask for."""
    if output.suffix.lower() != ".xlsx":
        message = f"« {output.name} » n’est pas le nom d’un classeur .xlsx."
        raise UsageError(Problem("usage", message, f"Écrivez par exemple : -o {output.with_suffix('.xlsx')}"))
    if is_word_form(template):
        message = f"« {template} » est un formulaire sans manifeste : rien n’y dit ce que ses colonnes demandent."
        raise UsageError(Problem("usage", message, f"Faites-en un modèle : conventool adopt {template} -o modele"))


def _refuse_too_many(brought: Brought, source: Path) -> None:
    if len(brought.rows) > MOST_ROWS:
        message = f"Une feuille de classeur tient {MOST_ROWS} lignes, et cette liste en a {len(brought.rows)}."
        raise UsageError(
            Problem("usage", message, "Reprenez-la en plusieurs classeurs.", place=Place(file=str(source)))
        )


def _workbook(template: TemplateFolder, brought: Brought, register: Register, own: OwnColumns) -> bytes:
    """The workbook's bytes; every commune is offered, by name."""
    communes = sorted(register, key=lambda commune: (fold(commune.nom), commune.code))
    contents = Contents(
        template.manifest.titre, brought.columns, brought.kept, brought.rows, map(choice, communes),
        template.manifest.adherent, own.sheets,
    )  # fmt: skip
    data = BytesIO()
    write(data, contents)
    return data.getvalue()


def _told(brought: Brought, output: Path) -> str:
    rows, s = len(brought.rows), "s" if len(brought.rows) > 1 else ""
    taken = f", {rows} ligne{s} reprise{s}" if rows else ""
    told = f"Classeur à remplir : {len(brought.columns)} colonnes{taken}."
    return (
        f"{told} Remplissez-le ; « conventool validate {output} » le vérifie, « conventool batch {output} » le produit."
    )
