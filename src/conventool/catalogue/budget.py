"""What adherents pay, as files: a workbook that a spreadsheet recomputes, a CSV for the finance software."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from conventool.adherent.needs import Billing
from conventool.catalogue.contribution import Contribution
from conventool.files.csv_text import BOM_UTF8, csv_line
from conventool.files.workbook import begin_table, new_workbook
from conventool.sources.formulas import harmless

if TYPE_CHECKING:
    from xlsxwriter import Workbook

    from conventool.catalogue.pricing import Line

__all__ = ["Payer", "budget_csv", "budget_workbook"]

_FOR_ALL = ("Adhérent", "SIRET", "Code service", "N° d’engagement")
_OF_LINES = (
    *_FOR_ALL, "Année", "Échéance", "Prestation", "Calcul", "Taux de TVA", "HT", "TVA", "TTC", "Sans TVA : motif"
)  # fmt: skip
_WIDTHS = {
    "Adhérent": 34, "SIRET": 16, "N° d’engagement": 16, "Année": 7, "Échéance": 40, "Prestation": 34, "Calcul": 44,
    "Taux de TVA": 9, "Sans TVA : motif": 30,
}  # fmt: skip
_WIDTH = 12.5
"""Of the other columns, which hold amounts, in characters: ``1 234 567,89 €``."""
_RATE, _HT, _TVA, _TTC = (_OF_LINES.index(title) for title in ("Taux de TVA", "HT", "TVA", "TTC"))


class Payer(NamedTuple):
    """An adherent who pays: its name, what Chorus Pro asks for its invoices, what it pays."""

    nom: str
    facturation: Billing
    contribution: Contribution

    def head(self) -> tuple[str, str, str, str]:
        """What every line says of it."""
        siret, service, engagement = (part or "" for part in self.facturation)
        return self.nom, siret, service, engagement


def budget_csv(payers: Iterable[Payer], due: Sequence[str]) -> bytes:
    """A line for each line of each year, its numbers with decimal commas.

    Args:
        payers: who pays.
        due: by year of the convention, when its invoice is due, in French.
    """
    names = "adherent siret code_service numero_engagement annee echeance prestation calcul taux_tva ht tva ttc motif"
    return b"".join([BOM_UTF8, csv_line(names.split()), *map(csv_line, _csv_rows(payers, due))])


def _csv_rows(payers: Iterable[Payer], due: Sequence[str]) -> Iterator[list[str]]:
    for payer in payers:
        for year, when in enumerate(due, 1):
            for line in payer.contribution.of_year(year).lignes:
                texts = (*payer.head(), str(year), when, line.libelle, line.calcul)
                numbers = (
                    "" if n is None else str(n).replace(".", ",") for n in (line.taux, line.ht, line.tva, line.ttc)
                )
                yield [*map(harmless, texts), *numbers, harmless(line.sans or "")]


def budget_workbook(payers: Iterable[Payer], due: Sequence[str]) -> bytes:
    """Two sheets: a line for each adherent, its amounts year by year; and all their lines.

    Every amount but those that the tariff says is a formula, so that a spreadsheet finds the sums anew.

    Args:
        payers: who pays.
        due: by year of the convention, when its invoice is due, in French.
    """
    out = BytesIO()
    with new_workbook(out, "Participations") as workbook:
        sheets = _Sheets(workbook, due)
        for payer in payers:
            sheets.add(payer)
        sheets.finish()
    return out.getvalue()


class _Sheets:
    """The sheets of a workbook, to which adherents are added; its numbers, unlike ours, are double ones."""

    def __init__(self, workbook: Workbook, due: Sequence[str]) -> None:
        self._due = due
        self._money = workbook.add_format({"num_format": '#,##0.00" €"'})
        self._sum = workbook.add_format({"num_format": '#,##0.00" €"', "bold": True, "top": 1})
        self._percent = workbook.add_format({"num_format": "0.0##%"})
        titles = [f"{title}, année {year}" for year in range(1, len(due) + 1) for title in ("HT", "TVA", "TTC")]
        self._payers = begin_table(workbook, "Par adhérent", _with_widths([*_FOR_ALL, *titles]), names=1)
        self._lines = begin_table(workbook, "Lignes", _with_widths(_OF_LINES), names=1)
        self._payer = self._line = 0
        self._totals = [Decimal(0)] * len(titles)

    def add(self, payer: Payer) -> None:
        """Write an adherent and its lines."""
        self._payer += 1
        for rank, text in enumerate(payer.head()):
            self._payers.write_string(self._payer, rank, text)
        for rang in range(1, len(self._due) + 1):
            first, year = self._line + 1, payer.contribution.of_year(rang)
            for line in year.lignes:
                self._line += 1
                self._write_line(payer, rang, line)
            for rank, (column, value) in enumerate(zip((_HT, _TVA, _TTC), year.total, strict=True)):
                place = 3 * (rang - 1) + rank
                formula = f"=SUM(Lignes!{_cell(first, column)}:{_cell(self._line, column)})"
                where = (self._payer, len(_FOR_ALL) + place)
                self._payers.write_formula(*where, formula, self._money, float(value))
                self._totals[place] += value

    def _write_line(self, payer: Payer, year: int, line: Line) -> None:
        sheet, row = self._lines, self._line
        texts = (*payer.head(), None, self._due[year - 1], line.libelle, line.calcul)
        for rank, text in enumerate(texts):
            if text is not None:
                sheet.write_string(row, rank, text)
        sheet.write_number(row, _OF_LINES.index("Année"), year)
        rate, ht, tva, ttc = (_cell(row, column) for column in (_RATE, _HT, _TVA, _TTC))
        if line.taux is not None:
            sheet.write_number(row, _RATE, float(line.taux / 100), self._percent)
        if line.montants == "TTC":
            sheet.write_formula(row, _HT, f"=ROUND({ttc}/(1+{rate}),2)", self._money, float(line.ht))
            sheet.write_formula(row, _TVA, f"={ttc}-{ht}", self._money, float(line.tva))
            sheet.write_number(row, _TTC, float(line.ttc), self._money)
        else:
            sheet.write_number(row, _HT, float(line.ht), self._money)
            sheet.write_formula(row, _TVA, f"=ROUND({ht}*{rate},2)", self._money, float(line.tva))
            sheet.write_formula(row, _TTC, f"={ht}+{tva}", self._money, float(line.ttc))
        sheet.write_string(row, _TTC + 1, line.sans or "")

    def finish(self) -> None:
        """Write the sums of all."""
        row = self._payer + 1
        self._payers.write_string(row, 0, "Total", self._sum)
        for rank, value in enumerate(self._totals, len(_FOR_ALL)):
            cells = f"{_cell(1, rank)}:{_cell(self._payer, rank)}"
            self._payers.write_formula(row, rank, f"=SUM({cells})", self._sum, float(value))
        self._lines.autofilter(0, 0, self._line, len(_OF_LINES) - 1)


def _with_widths(titles: Iterable[str]) -> Iterator[tuple[str, float]]:
    return ((title, _WIDTHS.get(title, _WIDTH)) for title in titles)


def _cell(row: int, column: int) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell  # noqa: PLC0415 (slow to import)

    return str(xl_rowcol_to_cell(row, column))
