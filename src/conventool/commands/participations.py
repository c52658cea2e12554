"""``participations``: what each adherent of a list pays, line by line, year by year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

from conventool.adherent.needs import Billing
from conventool.batch.options import RunOptions
from conventool.catalogue import CATALOGUE
from conventool.catalogue.budget import Payer, budget_csv, budget_workbook
from conventool.catalogue.contribution import contribution_of, signed_on
from conventool.catalogue.tariff import Catalogue
from conventool.commands.batch import open_list
from conventool.core.clock import seconds_since, today
from conventool.core.errors import TemplateError
from conventool.core.problems import Place, Problem, Severity
from conventool.core.report import DocumentDone, Report, Table, exit_code_of
from conventool.core.row import Row
from conventool.core.watch import Watch
from conventool.deadlines.terms import yearly_invoices
from conventool.documents.fillers import identities
from conventool.files.plan import Wanted
from conventool.files.writing import write_as_planned
from conventool.register.communes import Register
from conventool.template.data import DataReader, own_columns
from conventool.template.folder import TemplateFolder, find_template
from conventool.text.french import amount

__all__ = ["participations"]

NAMES = ("participations.xlsx", "participations.csv")


def participations(source: Path, options: RunOptions, watch: Watch) -> Report:
    """A list of adherents → what each pays, as a workbook and as a CSV.

    Args:
        source: the list.
        options: the template whose catalogue says the prices, the list's columns and rows, the folder.
        watch: told how the work goes on.

    Raises:
        ConventoolError: the list or the catalogue cannot be read, or the files cannot be written.
    """
    started = perf_counter()
    template = TemplateFolder.open(find_template(options.template))
    rows = open_list(source, options, own_columns(template.manifest, template.catalogue))
    register, day, due = Register.open(), today(), _due(template)
    reckoning = _Reckoning(_catalogue(template), register, day, DataReader(template.manifest, register, day))
    watch.begin("Calcul", None)
    payers = [payer for row in _counted(rows, watch) if (payer := reckoning.payer(row))]
    problems = [*reckoning.problems, *rows.problems, *reckoning.idle()]
    documents = _write(payers, due, options) if payers else ()
    summary = {"adherents": reckoning.read, "accepted": len(payers), "rejected": reckoning.rejected,
               "seconds": seconds_since(started)}  # fmt: skip
    return Report(
        "participations", summary, documents, problems, tables=[_sums(payers, due)] if payers else (),
        exit_code=exit_code_of(problems),
        template=template.named,
    )  # fmt: skip


def _catalogue(template: TemplateFolder) -> Catalogue:
    if template.catalogue is None:
        message = f"Ce modèle n’a pas de {CATALOGUE} : il ne dit aucun prix."
        hint = "Partez du catalogue d’un modèle livré ; docs/annexes.md dit comment l’écrire."
        raise TemplateError(Problem("unreadable", message, hint, place=Place(file=str(template.folder / CATALOGUE))))
    return template.catalogue


def _due(template: TemplateFolder) -> list[str]:
    """When the invoice of each year is due, as the manifest's terms say.

    Raises:
        TemplateError: they do not say it, or the invoices are not those of a year, as the catalogue's prices are.
    """
    terms, row = template.manifest.terms, template.row
    if terms is None or terms.invoices is None:
        message = "Le manifeste ne dit pas combien d’années sont à facturer."
        hint = "Ajoutez-y « duree », « renouvellements » et « factures », par exemple « 1 an »."
        raise TemplateError(Problem("missing-field", message, hint, "factures", place=row.where_named(("factures",))))
    if terms.invoices.months != _A_YEAR:
        message = f"Les prix du catalogue sont ceux d’une année, et les factures sont de {terms.invoices}."
        place = row.where(("factures",))
        raise TemplateError(Problem("bad-value", message, "Écrivez « factures: 1 an ».", "factures", place=place))
    return yearly_invoices(terms)


_A_YEAR = 12
"""Months."""


def _counted(rows: Iterable[Row], watch: Watch) -> Iterator[Row]:
    for row in rows:
        yield row
        watch.step(1)


@dataclass(eq=False, repr=False)
class _Reckoning:
    """The rows of a list on their way to contributions, and what was wrong."""

    catalogue: Catalogue
    register: Register
    day: date
    reader: DataReader

    def __post_init__(self) -> None:
        self.problems: list[Problem] = []
        self.read = self.rejected = 0
        self._idle: list[str] = []
        self._known: dict[str, Place] = {}

    def payer(self, row: Row) -> Payer | None:
        """What a row's adherent pays; None where it pays nothing, or cannot be read."""
        self.read += 1
        data, told = self.reader.read(row)
        adherent = data and data.adherent
        problems = [problem for problem in told if problem.severity is not Severity.NOTICE or _is_of_services(problem)]
        contribution = None
        if adherent:
            day = signed_on(adherent, self.day)
            contribution, found = contribution_of(adherent, self.catalogue, self.register, row, day)
            problems = [*problems, *found, *self._double(list(identities(adherent)), row)]
        wrong = any(problem.severity is Severity.ERROR for problem in problems)
        self.rejected += wrong
        self.problems += problems
        if wrong or adherent is None:
            return None
        if contribution is None:
            self._idle.append(adherent.nom)
            return None
        billing = adherent.besoins.facturation
        siret = billing.siret or (adherent.siret if adherent.siret and len(adherent.siret) == 14 else None)
        if siret is None:
            message = f"Il n’y a pas de SIRET où facturer {adherent.nom}."
            hint = "Ajoutez « facturation.siret », ou le SIRET de l’adhérent ; un SIREN ne suffit pas à Chorus Pro."
            place = row.where_named(("facturation",))
            self.problems.append(
                Problem("missing-siret", message, hint, "facturation.siret", None, place, Severity.WARNING)
            )
        return Payer(adherent.nom, Billing(siret, billing.code_service, billing.numero_engagement), contribution)

    def _double(self, keys: list[str], row: Row) -> Iterator[Problem]:
        """An adherent that is in the list twice would pay twice."""
        before = next((self._known[key] for key in keys if key in self._known), None)
        self._known.update(dict.fromkeys(keys, row.place))
        if before is not None:
            message = f"Cet adhérent est déjà dans la liste ({before})."
            yield Problem("duplicate-adherent", message, "Gardez une seule des deux lignes.", place=row.place)

    def idle(self) -> Iterator[Problem]:
        """Tell once of all who chose nothing."""
        if self._idle:
            named = ", ".join(self._idle[:5]) + ("…" if len(self._idle) > 5 else "")
            message = f"Sans service choisi, rien n’est dû ({len(self._idle)} : {named})."
            yield Problem("no-service", message, severity=Severity.NOTICE)


def _is_of_services(problem: Problem) -> bool:
    return (problem.field or "").partition(".")[0] == "services"


def _write(payers: list[Payer], due: list[str], options: RunOptions) -> tuple[DocumentDone, ...]:
    """The two files, in the folder asked for; nothing if another one is in the place of either."""
    contents = (budget_workbook(payers, due), budget_csv(payers, due))
    wanted = [Wanted(options.output / name, data) for name, data in zip(NAMES, contents, strict=True)]
    return tuple(one.done() for one in write_as_planned(wanted, force=options.force))


def _sums(payers: list[Payer], due: list[str]) -> Table:
    """What all pay, year by year."""
    rows = []
    for year, when in enumerate(due, 1):
        sums = map(sum, zip(*(payer.contribution.of_year(year).total for payer in payers), strict=True))
        rows.append([f"{year}, {when}", *map(amount, sums)])
    return Table("Participations", ["Année", "HT", "TVA", "TTC"], rows)
