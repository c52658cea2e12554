"""Does another commit make the same documents, byte for byte? For a change that is not to change any.

    git worktree add /tmp/before COMMIT
    python benchmarks/same_documents.py /tmp/before/src [--adherents 1000]

Both programs fill the project's examples and a generated list of adherents of every kind, with their controls kept and
unwrapped; every document is compared. The list is written once, by the tests' own generator, with a fixed seed. The
exit code is 1 if a document differs, or is made by one of them only.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))


_OF_ANY_NAME = {"sivu", "sivom", "syndicat-mixte", "petr", "etablissement-public", "regie", "autre"}
"""Kinds that no register names."""


def write_list(path: Path, number: int) -> None:
    """So many adherents as a YAML list."""
    from adherents_at_random import adherents

    found: dict[tuple[object, object], dict[str, Any]] = {}

    @seed(5962)
    @settings(
        max_examples=4 * number,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def collect(data: st.DataObject) -> None:
        one = data.draw(adherents())
        if one["forme"] in _OF_ANY_NAME:
            one["nom"] = f"{one['nom']} {len(found)}"  # one adherent stands once in a list
        found.setdefault((one["forme"], one.get("code_insee") or one.get("nom")), one)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        collect()
    path.write_text(json.dumps(list(found.values())[:number], default=str, ensure_ascii=False), encoding="utf-8")


def documents_of(source: Path, work: Path, generated: Path) -> dict[str, bytes]:
    """Every document that the program in a source folder makes, by controls and name."""
    environment = os.environ | {"PYTHONPATH": str(source), "SOURCE_DATE_EPOCH": "1782777600", "PYTHONUTF8": "1"}
    found: dict[str, bytes] = {}
    for controls in ("keep", "unwrap"):
        for command, file in (("fill", "adherent.yaml"), ("batch", "communes.csv"), ("batch", str(generated))):
            output = work / controls / Path(file).stem
            options = ["-o", str(output), "-q", "--controls", controls]
            subprocess.run(
                [sys.executable, "-m", "conventool", command, str(ROOT / "examples" / file), *options],
                env=environment, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=work,
            )  # fmt: skip
            found |= {f"{controls}/{path.parent.name}/{path.name}": path.read_bytes() for path in output.glob("*.docx")}
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="the src folder of the other commit")
    parser.add_argument("--adherents", type=int, default=1000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        generated = Path(name, "generated.yaml")
        write_list(generated, arguments.adherents)
        made = []
        for which, source in (("before", arguments.source.resolve()), ("now", ROOT / "src")):
            work = Path(name, which)
            work.mkdir()
            made.append(documents_of(source, work, generated))
    before, now = made
    alone = before.keys() ^ now.keys()
    differing = [path for path in before.keys() & now.keys() if before[path] != now[path]]
    print(f"documents before {len(before)}, now {len(now)}; differing {len(differing)}; made by one only {len(alone)}")
    for path in sorted([*differing, *alone])[:10]:
        print(f"    {path}")
    return 1 if differing or alone else 0


if __name__ == "__main__":
    raise SystemExit(main())
