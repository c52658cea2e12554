"""What the program makes is intact by its own word, held against the data: every kind of adherent, with delegations."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings

from adherents_at_random import adherents
from conventool.adherent.kinds import KINDS
from conventool.batch.options import RunOptions
from conventool.commands.batch import batch
from conventool.commands.verify import VerifyOptions, verify
from conventool.core.watch import NOBODY
from conventool.documents.pdf_files import Paper
from conventool.pdf.convert import convert
from conventool.pdf.jobs import Job
from test_read_back import MODES, adherent_of, copies_of
from word_by_hand import Opened

EACH = 50
"""Adherents of each kind: a thousand in all."""
IN_PDF = int(os.environ.get("OWN_OUTPUT_IN_PDF", "2"))
"""The same in PDF: ``OWN_OUTPUT_IN_PDF=50`` makes a thousand, in some twenty minutes."""
IN_DOSSIER = int(os.environ.get("IN_DOSSIER", "5"))
"""Adherents of each kind whose three copies are held against the dossier."""
SENT_AS_PDF = int(os.environ.get("SENT_AS_PDF", "1"))
"""The same as PDF; ``SENT_AS_PDF=50``: a thousand, in some twenty minutes."""


def some(kind: str, count: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    @settings(max_examples=count, database=None, derandomize=True, phases=[Phase.generate], deadline=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(data=adherents((kind,)))
    def collect(data: dict[str, Any]) -> None:
        found.append(data)

    collect()
    return found


def delegated(data: dict[str, Any], rank: int) -> dict[str, Any]:
    """Every other adherent signs by delegation."""
    person = dict(data["representant"])
    if rank % 2:
        person["fonction"] = "Première adjointe" if person["civilite"] == "Madame" else "Premier adjoint"
        person["delegation"] = {"texte": "Par délégation", "arrete": f"2025-{rank}", "date": "2025-06-02"}
    return {**data, "representant": person}


def written(folder: Path, each: int) -> Path:
    """A copy for each adherent, kept or unwrapped; their data."""
    everybody = [delegated(data, rank) for kind in KINDS for rank, data in enumerate(some(kind, each))]
    for rank, data in enumerate(everybody):
        chosen = random.Random(rank)
        document = chosen.choice(copies_of(adherent_of(data), chosen.choice(MODES)))
        (folder / f"{rank:04}.docx").write_bytes(document)
    listed = folder / "adherents.yaml"
    listed.write_text(yaml.safe_dump(everybody, allow_unicode=True), encoding="utf-8")
    return listed


def alarms(folder: Path, data: Path) -> list[str]:
    report = verify([folder], VerifyOptions(data=data, jobs=1))
    assert len(report.documents) > 20
    return [f"{problem.place.file}: {problem}" for problem in report.problems]


@pytest.mark.slow
def test_a_thousand_word_documents(tmp_path: Path) -> None:
    assert len(KINDS) * EACH >= 1_000
    assert alarms(tmp_path, written(tmp_path, EACH)) == []


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_their_pdf_files(tmp_path: Path) -> None:
    data = written(tmp_path, IN_PDF)
    jobs = [Job(path, path.with_suffix(".pdf")) for path in sorted(tmp_path.glob("*.docx"))]
    assert all(result.done for result in convert(jobs))
    for job in jobs:
        Path(job.document if isinstance(job.document, Path) else "").unlink()
    assert alarms(tmp_path, data) == []


def rounds(folder: Path, each: int) -> Iterator[tuple[Path, Path, Path]]:
    """By turns an adherent of each kind, with delegations: a list, a folder for what is sent, one for what comes back.

    One list of all would hold the same département several times.
    """
    by_kind = [some(kind, each) for kind in KINDS]
    for rank, everybody in enumerate(zip(*by_kind, strict=True)):
        signing = [delegated(data, rank + place) for place, data in enumerate(everybody)]
        for one in signing:
            one.pop("signatures", None)  # of which some are to come on the day of the test, and that is told
        data = folder / f"{rank}.yaml"
        data.write_text(yaml.safe_dump(signing, allow_unicode=True), encoding="utf-8")
        back = folder / f"retours-{rank}"
        back.mkdir()
        yield data, folder / f"lot-{rank}", back


def assert_intact(back: Path, sent: Path) -> None:
    count = len([*back.iterdir()])
    assert count > 2.5 * len(KINDS)  # three each; a commune nouvelle that is a commune already is refused
    report = verify([back], VerifyOptions(dossier=sent, jobs=1))
    assert [f"{problem.place.file}: {problem}" for problem in report.problems] == []
    assert [document.status for document in report.documents] == ["intact"] * count


@pytest.mark.slow
def test_the_documents_of_a_dossier_saved_again(tmp_path: Path) -> None:
    """What comes back of a batch is held against what was sent."""
    for data, sent, back in rounds(tmp_path, IN_DOSSIER):
        batch(data, RunOptions("convention-services-numeriques", sent), NOBODY)
        for path in sent.glob("*.docx"):
            Opened.of(path.read_bytes()).saved(back / path.name)
        assert_intact(back, sent)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_the_pdf_files_of_a_dossier_saved_again(tmp_path: Path) -> None:
    """The same as PDF: of each adherent one converted, two whose mark was rewritten in it."""
    for data, sent, back in rounds(tmp_path, SENT_AS_PDF):
        batch(data, RunOptions("convention-services-numeriques", sent, paper=Paper(only=True)), NOBODY)
        for path in sent.glob("*.pdf"):
            with pikepdf.open(path) as pdf:
                pdf.save(back / path.name, linearize=True)
        assert_intact(back, sent)
