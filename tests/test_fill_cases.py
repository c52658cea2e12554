"""Each case is a folder: an adherent's data, and the text of its three copies as a lawyer would check it.

A copy's golden text is the whole document; or, where it begins with « […] », the paragraphs that hold a
control, « […] » standing for those between them, which must be the blank convention's own.

Run as a program, this file writes the golden texts anew, after a change that is meant, and those of a new folder:
``python tests/test_fill_cases.py``.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pytest

from conventool.batch.options import RunOptions
from conventool.commands.fill import fill
from conventool.core.report import Report
from wordtext import document_text, parts

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases" / "fill"
TEMPLATE = ROOT / "templates" / "convention-services-numeriques"
BLANK = [text for text, _ in document_text(TEMPLATE / "convention.docx")]
COPIES = ["1-fibre", "2-cdg59", "3-collectivite"]
REST = "[…]"

every_case = pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)


def filled(case: Path, folder: Path, controls: str = "keep") -> dict[str, Path]:
    """The copies of a case, filled into a folder, by the name of their golden text."""
    report: Report = fill(case / "adherent.yaml", RunOptions(str(TEMPLATE), folder, controls))  # type: ignore[arg-type]
    assert not report.errors, [str(problem) for problem in report.errors]
    paths = [document.path for document in report.documents]
    return {copy: next(path for path in paths if path.stem.endswith(copy)) for copy in COPIES}


def abridged(said: list[tuple[str, bool]]) -> list[str]:
    """The paragraphs that hold a control; those between them must be the blank convention's."""
    rest = [(text, blank) for (text, held), blank in zip(said, BLANK, strict=True) if not held]
    assert [text for text, _ in rest] == [blank for _, blank in rest]
    return [
        text for held, group in groupby(said, lambda one: one[1]) for text, _ in (group if held else [(REST, held)])
    ]


def golden(said: list[tuple[str, bool]], *, whole: bool) -> str:
    return "\n".join([text for text, _ in said] if whole else abridged(said)) + "\n"


@every_case
def test_copies_say_what_the_case_expects(case: Path, tmp_path: Path) -> None:
    """Agreements, links, dates and the copy mark; and the legal text around them untouched."""
    for copy, path in filled(case, tmp_path).items():
        expected = (case / f"{copy}.txt").read_text(encoding="utf-8")
        said = document_text(path)
        abridged(said)
        assert golden(said, whole=not expected.startswith(REST)) == expected


@every_case
def test_unwrapped_copies_say_the_same(case: Path, tmp_path: Path) -> None:
    """Without its controls a copy keeps every word."""
    kept, unwrapped = filled(case, tmp_path / "kept"), filled(case, tmp_path / "unwrapped", "unwrap")
    for copy in COPIES:
        said = document_text(unwrapped[copy])
        assert [text for text, _ in said] == [text for text, _ in document_text(kept[copy])]
        assert not any(held for _, held in said)


@pytest.mark.parametrize("controls", ["keep", "unwrap"])
@every_case
def test_copies_are_identical_but_for_the_mark(case: Path, controls: str, tmp_path: Path) -> None:
    """One legal text for all three parties: only the footer differs, and in it only whose copy it is."""
    fibre, cdg59, collectivite = (parts(path) for path in filled(case, tmp_path, controls).values())
    marks = ["1/3 – La Fibre Numérique 59 62", "2/3 – CDG 59", "3/3 – La Collectivité"]
    assert list(fibre) == list(cdg59) == list(collectivite)
    for name in fibre:
        if name != "word/footer1.xml":
            assert fibre[name] == cdg59[name] == collectivite[name], name
    footers = [copy["word/footer1.xml"].decode("utf-8") for copy in (fibre, cdg59, collectivite)]
    assert [footer.count(mark) for footer, mark in zip(footers, marks, strict=True)] == [1, 1, 1]
    assert len({footer.replace(mark, "") for footer, mark in zip(footers, marks, strict=True)}) == 1


@every_case
def test_no_prompt_is_left(case: Path, tmp_path: Path) -> None:
    """What nobody filled in would stand in a signed original."""
    for path in filled(case, tmp_path).values():
        text = "\n".join(text for text, _ in document_text(path))
        assert not [p for p in ("Choisissez", "Cliquez", "Nom d", "Adresse.", "Commune.", "(Code") if p in text]


def write_goldens(folder: Path) -> None:
    for case in sorted(CASES.iterdir()):
        for copy, path in filled(case, folder / case.name).items():
            file = case / f"{copy}.txt"
            whole = file.exists() and not file.read_text(encoding="utf-8").startswith(REST)
            file.write_text(golden(document_text(path), whole=whole), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as name:
        write_goldens(Path(name))
