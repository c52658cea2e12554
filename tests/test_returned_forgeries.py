"""Returned documents as a forger makes them, and as people and programs change them in good faith.

Each file in ``cases/returns`` is named after what was done to it; ``expected.tsv`` there holds the verdict owed.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from conventool.commands.verify import VerifyOptions, verify
from conventool.core.problems import Severity

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


@pytest.mark.parametrize(
    ("name", "where", "words"),
    [
        ("docx/exact-line-0.docx", "Article 4.2.1. ", "« Chaque intervention effectuée par les services du Centre de "),
        ("pdf/tr3-word.pdf", "Page 4, ARTICLE 5.2. ", "« ne peut »"),
    ],
)
def test_what_is_drawn_otherwise_is_told_in_its_words_with_its_article(name: str, where: str, words: str) -> None:
    problems = verify([RETURNS / name], VerifyOptions(jobs=1)).problems
    (problem,) = (one for one in problems if one.severity is not Severity.NOTICE)
    assert problem.message.startswith(where)
    assert words in problem.message.replace("\u00a0", " ")


def test_every_file_is_expected() -> None:
    files = {path.relative_to(RETURNS).as_posix() for path in RETURNS.rglob("*") if path.suffix in {".docx", ".pdf"}}
    assert files == {name for name, _ in expected()}
