"""Tracked changes and comments: no original is written with them, and paper shows neither."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from conventool.commands.batch import batch
from conventool.commands.fill import RunOptions, fill
from conventool.core.errors import TemplateError
from conventool.core.watch import NOBODY
from conventool.word.names import word_iter
from conventool.word.print_copy import Copier
from conventool.word.revisions import accept_changes, tracked_changes
from conventool.word.text_walker import visible_text
from documents.producers import p, run
from edits import MAIN, minimal, parts

CASES = Path(__file__).parents[1] / "cases" / "forms"
FORM, DATA = CASES / "16b-suivi.docx", CASES / "16.yaml"
BY = 'w:id="1" w:author="Agent" w:date="2026-01-02T00:00:00Z"'
DELETED = f'<w:del {BY}><w:r><w:delText xml:space="preserve">trois </w:delText></w:r></w:del>'
INSERTED = f"<w:ins {BY}>{run('quatre ')}</w:ins>"

GONE_CELL = f"<w:tc><w:tcPr><w:cellDel {BY}/></w:tcPr>{p('b')}</w:tc>"


def accepted(body: str) -> list[str]:
    """The paragraphs of a document once its changes are accepted; none is left."""
    root = etree.fromstring(parts(minimal(body))[MAIN])
    assert accept_changes(root)
    assert list(tracked_changes(root)) == []
    assert not accept_changes(root)
    return [visible_text(paragraph) for paragraph in word_iter(root, "p")]


def row(text: str, mark: str = "") -> str:
    return f"<w:tr>{f'<w:trPr>{mark}</w:trPr>' if mark else ''}<w:tc>{p(text)}</w:tc></w:tr>"


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (p("Durée : ", DELETED, INSERTED, "ans"), ["Durée : quatre ans"]),
        (p("a", f"<w:moveFrom {BY}>{run('parti')}</w:moveFrom><w:moveTo {BY}>{run('venu')}</w:moveTo>"), ["avenu"]),
        (p("a", f"<w:ins {BY}>{DELETED}{run('b')}</w:ins>"), ["ab"]),
        (p(run("a", f"<w:b/><w:rPrChange {BY}><w:rPr/></w:rPrChange>")), ["a"]),
        (f"<w:p><w:pPr><w:rPr><w:del {BY}/></w:rPr></w:pPr>{run('a')}</w:p>{p('b')}", ["ab"]),
        (f"<w:p><w:pPr><w:rPr><w:ins {BY}/></w:rPr></w:pPr>{run('a')}</w:p>{p('b')}", ["a", "b"]),
        (f"<w:tbl>{row('a')}{row('b', f'<w:del {BY}/>')}{row('c', f'<w:ins {BY}/>')}</w:tbl>{p('d')}", ["a", "c", "d"]),
        (f"<w:tbl>{row('a', f'<w:del {BY}/>')}</w:tbl>{p('d')}", ["d"]),
        (f"<w:tbl>{row('a').removesuffix('</w:tr>')}{GONE_CELL}</w:tr></w:tbl>", ["a"]),
    ],
)
def test_accepted_changes_read_as_word_would_leave_them(body: str, read: list[str]) -> None:
    """Insertions, deletions, moves, looks, paragraphs joined, rows and cells."""
    assert accepted(body) == read


def test_no_original_is_written_with_tracked_changes(tmp_path: Path) -> None:
    """It is refused before anything is written, and filled where that is asked; then it is told."""
    rows = tmp_path / "liste.csv"
    rows.write_text("nom\nHem\n", encoding="utf-8")
    options = RunOptions(str(FORM), tmp_path / "out")
    attempts: list[Callable[[], object]] = [lambda: fill(DATA, options), lambda: batch(rows, options, NOBODY)]
    for attempt in attempts:
        with pytest.raises(TemplateError) as refused:
            attempt()
        [problem] = refused.value.problems
        assert problem.code == "tracked-change"
        assert "Agent" in problem.message
        assert "--allow-revisions" in (problem.hint or "")
        assert not (tmp_path / "out").exists()
    report = fill(DATA, RunOptions(str(FORM), tmp_path / "out", allow_revisions=True))
    assert {problem.code for problem in report.problems} == {"tracked-change", "comment-left"}
    assert [document.status for document in report.documents] == ["created"]


def test_paper_shows_neither_changes_nor_comments() -> None:
    """What is printed reads as if they were accepted; that it had any is told."""
    copy = Copier().copy(FORM.read_bytes(), FORM.name)
    main = parts(copy.data)[MAIN]
    assert copy.revised
    assert "quatre" in main.decode()
    for trace in (b"trois", b"w:ins", b"w:del", b"w:comment"):
        assert trace not in main
    assert not Copier().copy((CASES / "05-simple.docx").read_bytes(), "x.docx").revised


def test_paper_has_the_document_s_own_name_and_its_sums() -> None:
    """Not those of the file that LibreOffice is given, nor sums of English numbers."""
    copy = Copier()
    for name in ("dossier/convention_Hem.docx", "dossier/convention_Lille.docx"):
        footer = parts(copy.copy((CASES / "02-nom-de-fichier.docx").read_bytes(), name).data)[
            "word/footer1.xml"
        ].decode()
        assert footer.count(f">{Path(name).name}</w:t>") == 2
        assert "FILENAME" not in footer
        assert "PAGE" in footer
        assert ">01/02/2020</w:t>" in footer
    main = parts(copy.copy((CASES / "01-champs-derives.docx").read_bytes(), "x.docx").data)[MAIN].decode()
    assert "=SUM" not in main
    assert "REF Adherent" in main
