"""``classeur``: a workbook to fill in, made of what a template asks for; or a list brought into one."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from conventool.core.errors import ExitCode, UsageError
from conventool.core.problems import Problem, Severity
from conventool.core.report import Report
from conventool.documents.form_values import is_word_form
from conventool.files.plan import Wanted
from conventool.files.writing import write_as_planned
from conventool.lists.columns import columns_of
from conventool.lists.transfer import Brought, bring, choice
from conventool.lists.workbook import Contents, write
from conventool.register.communes import Register
from conventool.sources import read_rows
from conventool.sources.own_columns import OwnColumns
from conventool.template.folder import TemplateFolder, find_template
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
    if output.suffix.lower() != ".xlsx":
        message = f"« {output.name} » n’est pas le nom d’un classeur .xlsx."
        raise UsageError(Problem("usage", message, f"Écrivez par exemple : -o {output.with_suffix('.xlsx')}"))
    if is_word_form(template):
        message = f"« {template} » est un formulaire sans manifeste : rien n’y dit ce que ses colonnes demandent."
        raise UsageError(Problem("usage", message, f"Faites-en un modèle : conventool adopt {template} -o modele"))
    folder = TemplateFolder.open(find_template(template))
    offered, own = columns_of(folder)
    register = Register.open()
    if source is None:
        brought = Brought(offered, [], [], [])
    else:
        brought = bring(read_rows(source, sheet=sheet, columns=columns, own=own), offered, own, register)
    write_as_planned([Wanted(output, _workbook(folder, brought, register, own))], force=force)
    bad = any(problem.severity is Severity.ERROR for problem in brought.problems)
    return Report(
        "classeur", {"columns": len(brought.columns), "rows": len(brought.rows)}, problems=brought.problems,
        texts=[_told(brought, output)], exit_code=ExitCode.PROBLEMS if bad else ExitCode.DONE,
        template={"name": folder.folder.name, "folder": str(folder.folder)}, files={"workbook": output},
    )  # fmt: skip


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
    told = f"Classeur à remplir : {len(brought.columns)} colonnes{taken}."
    return f"{told} Remplissez-le, puis : conventool validate {output}"
