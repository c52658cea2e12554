"""The folder of a batch, weeks later: what changed in it, and what the returned copies say that was not sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from conventool.batch.options import RunOptions
from conventool.commands.batch import batch
from conventool.commands.verify import VerifyOptions, verify
from conventool.core.errors import ExitCode, UnreadableError
from conventool.core.watch import NOBODY
from test_batch import FOUR
from word_by_hand import Opened


@pytest.fixture
def produced(tmp_path: Path) -> Path:
    options = RunOptions("convention-services-numeriques", tmp_path / "lot")
    batch(FOUR / "utf-8.csv", options, NOBODY)
    return tmp_path / "lot"


def altered(path: Path, old: str, new: str, to: Path | None = None) -> Path:
    document = Opened.of(path.read_bytes())
    before = dict(document.parts)
    document.parts = {name: data.replace(old.encode(), new.encode()) for name, data in before.items()}
    assert old == new or document.parts != before
    return document.saved(to or path)


def test_a_folder_as_it_was_is_sound(produced: Path) -> None:
    report = verify([], VerifyOptions(dossier=produced))
    assert (report.exit_code, report.problems) == (ExitCode.DONE, [])
    assert report.summary["intact"] == len(list(produced.glob("*.docx"))) > 0


def test_missing_changed_and_altered_files_are_told_apart(produced: Path) -> None:
    gone, resaved, edited, *_ = sorted(produced.glob("*.docx"))
    gone.unlink()
    altered(resaved, "", "")
    altered(edited, "au moins 3 mois", "au moins 1 mois")
    report = verify([], VerifyOptions(dossier=produced))
    assert report.exit_code is ExitCode.PROBLEMS
    assert {(problem.code, problem.place.file) for problem in report.problems} == {
        ("file-missing", str(gone)),
        ("file-changed", str(resaved)),
        ("file-changed", str(edited)),
        ("altered-text", str(edited)),
    }
    statuses = {document.path: document.status for document in report.documents if document.status != "intact"}
    assert statuses == {resaved: "changed", edited: "altered"}
    assert report.summary["missing"] == 1


def test_values_are_held_against_the_documents_sent(produced: Path, tmp_path: Path) -> None:
    sent = min(produced.glob("*armentieres*.docx"))
    returned = altered(sent, "(59280)", "(59290)", to=tmp_path / sent.name)
    assert verify([returned], VerifyOptions()).problems == []
    (problem,) = verify([returned], VerifyOptions(dossier=produced)).problems
    assert problem.code == "altered-value"
    assert "« (59280) » → « (59290) »" in problem.message.replace("\u00a0", " ")


@pytest.mark.parametrize("content", [None, "pas un dossier de suivi", "x" * 5000])
def test_what_is_no_dossier_is_refused(tmp_path: Path, content: str | None) -> None:
    if content:
        (tmp_path / "suivi.sqlite").write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableError):
        verify([], VerifyOptions(dossier=tmp_path))
