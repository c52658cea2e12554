"""Build the register of communes from Etalab's npm package.

Run once a year, when INSEE's new vintage is out::

    npm pack @etalab/decoupage-administratif@6.0.0
    python tools/build_register.py etalab-decoupage-administratif-6.0.0.tgz

It writes the sorted tables that `conventool.register.table` searches by halves, the same bytes for the same
package; `git diff` then shows what the year has changed. `VINTAGE` and `PACKAGE` in `conventool.register.communes` say
what was built: bring them up to date with it.

Data under the Licence Ouverte: INSEE (Code officiel géographique), DGCL, La Poste, via Etalab.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tarfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from conventool.register.communes import place_key
from conventool.register.table import DATA
from conventool.text.french import typographic

CORRECTED_TNCC = {"63448": 2}
"""Le Vernet-Chaméane, which INSEE files under 0 as though it had no article."""

CONSONANT_H_OR_Y = {"98720", "98721", "98722", "98723", "98724", "98807", "98808", "98832"}
"""Overseas communes without TNCC whose initial h or y is a consonant: de Hao, de Hienghène, de Yaté."""

USUAL_TNCC = {"41": 0, "47": 0, "82": 0, "84": 0}
"""Départements that call themselves otherwise than INSEE: de Loir-et-Cher, de Lot-et-Garonne, de Tarn-et-Garonne, de
Vaucluse."""

_ARTICLES = {"Le ": 2, "La ": 3, "Les ": 4, "L’": 5}

Entry = Mapping[str, Any]


def main() -> None:
    """Read the package named on the command line, write the tables into the source tree."""
    parser = argparse.ArgumentParser(description="Construit le répertoire des communes.")
    parser.add_argument("package", type=Path, help="l’archive .tgz obtenue par npm pack")
    parser.add_argument("--output", type=Path, default=DATA, help="le dossier des tables")
    arguments = parser.parse_args()
    package: Path = arguments.package
    output: Path = arguments.output
    communes, epci, departements = (
        _read(package, name) for name in ("communes.json", "epci.json", "departements.json")
    )
    present = [entry for entry in communes if entry["type"] == "commune-actuelle"]
    former = [entry for entry in communes if entry["type"] != "commune-actuelle"]
    _write(
        output / "communes.tsv",
        "code nom tncc siren codes_postaux population epci anciens_codes",
        _communes(present, epci),
    )
    _write(output / "former.tsv", "code nom nature successeur", _former(present, former))
    _write(output / "names.tsv", "cle communes anciennes", _names(present, former))
    _write(output / "postal_codes.tsv", "code_postal communes", _postal_codes(present))
    _write(output / "epci.tsv", "siren type nom", ([e["code"], e["type"], typographic(e["nom"])] for e in epci))
    _write(
        output / "departements.tsv",
        "code nom tncc",
        ([d["code"], typographic(d["nom"]), USUAL_TNCC.get(d["code"], d["typeLiaison"])] for d in departements),
    )


def _read(package: Path, name: str) -> list[Entry]:
    with tarfile.open(package) as archive:
        member = archive.extractfile(f"package/data/{name}")
        assert member is not None
        entries: list[Entry] = json.load(member)
        return entries


def _communes(present: Iterable[Entry], epci: Iterable[Entry]) -> Iterable[list[object]]:
    epci_of = {member["code"]: group["code"] for group in epci for member in group["membres"]}
    for entry in present:
        yield [
            entry["code"],
            typographic(entry["nom"]),
            _tncc(entry),
            entry.get("siren", ""),
            ",".join(sorted(entry.get("codesPostaux", ()))),
            entry.get("population", ""),
            epci_of.get(entry["code"], ""),
            ",".join(sorted(entry.get("anciensCodes", ()))),
        ]


def _tncc(entry: Entry) -> int:
    """Take INSEE's TNCC; for the overseas collectivities, which have none, apply its definition."""
    code, nom = entry["code"], typographic(entry["nom"])
    if code in CORRECTED_TNCC:
        return CORRECTED_TNCC[code]
    if "typeLiaison" in entry:
        return int(entry["typeLiaison"])
    if article := next((article for article in _ARTICLES if nom.startswith(article)), None):
        return _ARTICLES[article]
    initial = place_key(nom)[0]
    if initial in "hy" and code not in CONSONANT_H_OR_Y:
        sys.exit(f"{code} {nom} : h ou y, consonne ou voyelle ? À dire dans CONSONANT_H_OR_Y.")
    return int(initial in "aeiou")


def _former(present: Iterable[Entry], former: Iterable[Entry]) -> Iterable[list[object]]:
    named = {entry["code"] for entry in former}
    for entry in former:
        yield [
            entry["code"],
            typographic(entry["nom"]),
            entry["type"],
            entry.get("chefLieu") or entry["commune"],
        ]
    for entry in present:
        for code in entry.get("anciensCodes", ()):
            if code not in named:
                yield [code, "", "commune-fusionnee", entry["code"]]


def _names(present: Iterable[Entry], former: Iterable[Entry]) -> Iterable[list[object]]:
    codes: defaultdict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for column, entries in enumerate((present, former)):
        for entry in entries:
            codes[place_key(entry["nom"])][column].add(entry["code"])
            without_precision = re.sub(r"\(.*\)", "", entry["nom"])
            codes[place_key(without_precision)][column].add(entry["code"])
    for key, columns in codes.items():
        yield [key, *(",".join(sorted(column)) for column in columns)]


def _postal_codes(present: Iterable[Entry]) -> Iterable[list[object]]:
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for entry in present:
        for postal_code in entry.get("codesPostaux", ()):
            codes[postal_code].add(entry["code"])
    for postal_code, served in codes.items():
        yield [postal_code, ",".join(sorted(served))]


def _write(table: Path, header: str, rows: Iterable[Iterable[object]]) -> None:
    lines = sorted(("\t".join(map(str, row)) for row in rows), key=lambda line: line.split("\t", 1)[0].encode())
    text = "\n".join([header.replace(" ", "\t"), *lines, ""])
    table.write_bytes(text.encode())
    sys.stdout.write(f"{table.name} : {len(lines)} lignes\n")


if __name__ == "__main__":
    main()
