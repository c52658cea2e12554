"""Where the time of a list goes, without the writing of its documents: each stage alone, in this process.

    python benchmarks/stages.py [--communes 3000] [--runs 7]

The list is that of ``benchmarks/batch.py``. Each stage is done for the whole of it, several times; the quickest counts.
What one stage needs of another is made before its clock starts. A part of a stage is indented beneath it.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from batch import write_list

from conventool.adherent.adherent import read_adherent
from conventool.batch.digests import Digests
from conventool.batch.seen import Seen
from conventool.batch.spool import Spool
from conventool.batch.worker import Accepted, Order, Workshop
from conventool.core.clock import today
from conventool.core.workers import chunks
from conventool.dossier import manifest
from conventool.dossier import tracking_workbook as followup
from conventool.register.communes import Register
from conventool.sources import read_rows
from conventool.template.bindings import Binder
from conventool.template.folder import DEFAULT, TemplateFolder, find_template

COPIES = 3

T = TypeVar("T")


class Table:
    """Measures, and prints what it measures."""

    def __init__(self, adherents: int, runs: int) -> None:
        self._adherents = adherents
        self._runs = runs
        self.total = 0.0
        print(f"{'':<40}{'µs an adherent':>15}{'µs a document':>15}")

    def add(self, title: str, work: Callable[[], T], *, part: bool = False) -> T:
        """Measure a stage, or a part of the one before."""
        quickest = float("inf")
        for _ in range(self._runs):
            started = time.perf_counter()
            result = work()
            quickest = min(quickest, time.perf_counter() - started)
        self._print(f"    {title}" if part else title, quickest / self._adherents * 1e6)
        self.total += 0 if part else quickest / self._adherents * 1e6
        return result

    def end(self) -> None:
        """Print the sum of the stages."""
        self._print("together", self.total)

    @staticmethod
    def _print(title: str, each: float) -> None:
        print(f"{title:<40}{each:>15.0f}{each / COPIES:>15.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--communes", type=int, default=3000)
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        source = Path(name, "list.csv")
        adherents = write_list(source, arguments.communes)
        measure(source, Table(adherents, arguments.runs))


def measure(source: Path, table: Table) -> None:
    order = Order(DEFAULT, source.parent, "keep", force=False, writes=False, today=today())
    workshop, template, register = Workshop(order), TemplateFolder.open(find_template(DEFAULT)), Register.open()
    binder, document = Binder(template), template.document

    columns = source.with_suffix(".yaml")
    rows = table.add("read the rows", lambda: list(enumerate(read_rows(source, columns=columns), 1)))
    examined = table.add("check them", lambda: [workshop.examine(some) for some in chunks(rows, 50)])
    read = table.add(
        "data into adherents",
        lambda: [read_adherent(row, register, today=order.today)[0] for _, row in rows],
        part=True,
    )
    bound = table.add("words and file names", lambda: [binder.bind(one) for one in read if one], part=True)
    accepted = [one for some in examined for one in some.rows if isinstance(one, Accepted)]
    table.add("find what was met before", lambda: meet(accepted))
    pickled = [one.pickled for one in accepted]
    produced = table.add("make the documents", lambda: [workshop.produce(some) for some in chunks(pickled, 400)])
    table.add("filled", lambda: [document.fill(copy.values) for one in bound for copy in binder.unfold(one)], part=True)
    digests, copies = Digests(), [[document.fill(copy.values) for copy in binder.unfold(one)] for one in bound]
    table.add("checksums", lambda: [list(digests(some)) for some in copies], part=True)
    entries = [entry for some in produced for entry in some]
    whose = dict(template.manifest.exemplaires)
    table.add("keep them in temporary files", lambda: keep([*pickled, *entries]))
    table.add("write the workbook", lambda: followup.write(BytesIO(), whose, entries, len(entries)))
    table.add("write the register", lambda: list(manifest.written("", (), (("run", one) for one in entries), ())))
    table.end()


def meet(accepted: list[Accepted]) -> None:
    seen = Seen()
    for one in accepted:
        seen.add((*one.identities, *one.names), one.place)


def keep(items: Sequence[object]) -> None:
    spool: Spool[object] = Spool()
    for item in items:
        spool.append(item)
    for _ in spool:
        pass


if __name__ == "__main__":
    main()
