"""Returned documents as a forger makes them, and as people and programs change them in good faith.

Each file in ``cases/returns`` is named after what was done to it; ``expected.tsv`` there holds the verdict owed.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from conventool.commands.verify import VerifyOptions, verify

RETURNS = Path(__file__).parent / "cases" / "returns"
STATUSES = {
    "intact": {"intact"},
    "intact, with a note": {"intact"},
    "à regarder": {"doubtful"},
    "modifié": {"altered"},
    "à regarder or modifié": {"doubtful", "altered"},
}
DATA = {"other/rlo14.docx": "other/l.csv"}
"""The data of a file, where they are others than those of most."""


def expected() -> list[tuple[str, str]]:
    with (RETURNS / "expected.tsv").open(encoding="utf-8") as lines:
        return [(row["file"], row["verdict owed"]) for row in csv.DictReader(lines, delimiter="\t")]


def marked(name: str, verdict: str) -> ParameterSet:
    """Pages take a second each to look at: those of PDF files are slow, but for the sound ones."""
    slow = name.endswith(".pdf") and not verdict.startswith("intact")
    return pytest.param(name, verdict, marks=pytest.mark.slow if slow else ())


@pytest.mark.parametrize(("name", "verdict"), [marked(*owed) for owed in expected()])
def test_the_verdict_owed(name: str, verdict: str) -> None:
    data = RETURNS / DATA.get(name, "other/adherent.csv")
    report = verify([RETURNS / name], VerifyOptions(data=data, jobs=1))
    assert {document.status for document in report.documents} <= STATUSES[verdict]
    assert bool(report.exit_code) is (verdict not in {"intact", "intact, with a note"})


def test_every_file_is_expected() -> None:
    files = {path.relative_to(RETURNS).as_posix() for path in RETURNS.rglob("*") if path.suffix in {".docx", ".pdf"}}
    assert files == {name for name, _ in expected()}
