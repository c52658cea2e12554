"""``conventool fill`` as a process, beside a script that imports docxtpl and renders one file, and without register.

    python benchmarks/process.py [--runs 15]

"conventool fill" writes into a folder that is not there yet, and so makes all of a dossier; "again" finds that nothing
is to be done. The commands take turns, so that a machine whose speed drifts slows them all; the ratios are the medians
of the turns'. Processor time is counted, of the process and the system: each does one thing after the other.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from fill import converted, run, texts

ADHERENT = Path(__file__).parents[1] / "examples/adherent.yaml"
DOCXTPL = """
from docxtpl import DocxTemplate
document = DocxTemplate({source!r})
document.render({values!r}, autoescape=True)
document.save({target!r})
"""
NEW = "new"
"""The folder that is not there when a command begins."""
CONVENTOOL = "from conventool.__main__ import main; main()"
PACKAGES = """
import gc
gc.set_threshold(100_000)
import filelock, jinja2, lxml.etree, pydantic.plugin._loader, sqlite3, typer._adapters, xlsxwriter, yaml
gc.freeze()
"""
"""Those that each fill needs, whatever our own code does; garbage is looked for as seldom as by the program."""
WITHOUT_REGISTER = """
from conventool.register import communes
known = communes.Commune({fields})
class NoRegister:
    def __getattr__(self, name):
        return lambda *a, **k: known if name == "by_code" else [known] if name.startswith("by_") else None
communes.Register.open = classmethod(lambda cls: NoRegister())
from conventool.__main__ import main
main()
"""


def commands(folder: Path) -> dict[str, list[str]]:
    """The commands to compare, by name; each writes into ``folder``."""
    from conventool.register.communes import Register

    source = folder / "docxtpl-template.docx"
    source.write_bytes(converted(lambda name: [run("t", text=f"{{{{ {name} }}}}")]))
    rendering = DOCXTPL.format(source=str(source), values=texts(1), target=str(folder / "docxtpl.docx"))
    armentieres = Register.open().by_code("59017")
    assert armentieres is not None
    fields = ", ".join(f"{name}={getattr(armentieres, name)!r}" for name in armentieres._fields)
    fill = ["fill", str(ADHERENT), "--force", "--output"]
    return {
        "conventool fill": [sys.executable, "-c", CONVENTOOL, *fill, str(folder / NEW)],
        "fill --quiet": [sys.executable, "-c", CONVENTOOL, *fill, str(folder / NEW), "--quiet"],
        "fill again": [sys.executable, "-c", CONVENTOOL, *fill, str(folder / "again")],
        "packages alone": [sys.executable, "-c", PACKAGES],
        "docxtpl script": [sys.executable, "-c", rendering],
        "fill, no register": [
            sys.executable, "-c", WITHOUT_REGISTER.format(fields=fields), *fill, str(folder / NEW),
        ],
        "--version": [sys.executable, "-c", CONVENTOOL, "--version"],
        "--help": [sys.executable, "-c", CONVENTOOL, "--help"],
    }  # fmt: skip


def turn(command: list[str], folder: Path) -> float:
    """Processor seconds that one process takes. Like an installed program it may keep its bytecode."""
    shutil.rmtree(folder / NEW, ignore_errors=True)
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        compared = commands(Path(folder))
        for command in compared.values():
            turn(command, Path(folder))  # bytecode and disk caches warm
        taken: dict[str, list[float]] = {name: [] for name in compared}
        for _ in range(runs):
            for name, command in compared.items():
                taken[name].append(turn(command, Path(folder)))
    print(f"{'':<20}{'median ms':>10}{'× docxtpl':>11}{'× no register':>15}")
    for name, seconds in taken.items():
        ratios = [
            statistics.median(a / b for a, b in zip(seconds, taken[base], strict=True))
            for base in ("docxtpl script", "fill, no register")
        ]
        print(f"{name:<20}{statistics.median(seconds) * 1000:>10.0f}{ratios[0]:>11.2f}{ratios[1]:>15.2f}")


if __name__ == "__main__":
    main()
