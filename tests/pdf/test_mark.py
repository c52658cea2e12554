"""The PDF of a copy made of that of another looks as if it had been converted, or is converted."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from conventool import Template
from conventool.core.errors import ProgramError
from conventool.pdf.convert import convert
from conventool.pdf.jobs import Job, Result
from conventool.pdf.mark import MarkChange, learn, rewrite, same_pictures
from conventool.pdf.office import find_office

from .test_commands import statuses, told, write_list

CONVENTION = Path(__file__).parents[2] / "templates" / "convention-services-numeriques" / "convention.docx"
MARKS = ("La Fibre Numérique 59 62", "CDG 59", "La Collectivité")
NAMES = ("Armentières", "Zuydcoote", "L’Orée de Mormal", "Œuf-en-Ternois", "Ÿ")


def content(mark: str, page: int, codes: str, place: str = "50 30 Td") -> bytes:
    """A page as LibreOffice writes it: a line of text, then the mark."""
    encoded = "".join(f"{codes.index(letter) + 1:02X}" for letter in mark)
    body = f"{codes.index('x') + 1:02X}"
    return (
        f"0.1 w\nq 0 0 0 rg\nBT\n70 {700 - page} Td /F1 11 Tf<{body}>Tj\nET\nQ\n"
        f"q 0 0 0 rg\nBT\n{place} /F1 9 Tf[<{encoded[:2]}>6<{encoded[2:]}>]TJ\nET\nQ\n"
    ).encode()


def make(*pages: bytes, codes: str, name: str = "BAAAAA+Carlito", widths: int = 500) -> pikepdf.Pdf:
    """A PDF of such pages, whose font gives the codes 1, 2 … to these letters."""
    pdf = pikepdf.new()
    lines = "\n".join(f"<{code + 1:02X}> <{ord(letter):04X}>" for code, letter in enumerate(codes))
    mapping = f"1 begincodespacerange\n<00> <FF>\nendcodespacerange\n{len(codes)} beginbfchar\n{lines}\nendbfchar\n"
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.TrueType, BaseFont=pikepdf.Name(f"/{name}"), FirstChar=0,
        Widths=[0, *range(widths, widths + len(codes))], ToUnicode=pdf.make_stream(mapping.encode()),
    )  # fmt: skip
    resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdf.make_indirect(font)))
    for page in pages:
        pdf.add_blank_page()
        pdf.pages[-1].obj.Resources = resources
        pdf.pages[-1].obj.Contents = pdf.make_stream(page)
    return pdf


@pytest.fixture
def change() -> MarkChange:
    codes = "xABC"
    first = make(*(content("AB", page, codes) for page in range(3)), codes=codes)
    other = make(*(content("BC", page, codes) for page in range(3)), codes=codes)
    learned = learn(first, other)
    assert learned is not None
    return learned


def test_a_mark_is_written_in_the_codes_of_another_document(change: MarkChange) -> None:
    """Its font has the letters in another order, under another name of the subset."""
    codes = "CxBA"
    pdf = make(*(content("AB", page, codes) for page in range(5)), codes=codes, name="ZZZZZZ+Carlito")
    _same_widths(pdf, codes)
    assert rewrite(pdf, change)
    assert [page.Contents.read_bytes() for page in pdf.pages] == [content("BC", page, codes) for page in range(5)]


def _same_widths(pdf: pikepdf.Pdf, codes: str) -> None:
    """Each letter is as wide as in the documents that taught."""
    font = pdf.pages[0].obj.Resources.Font.F1
    font.Widths = pikepdf.Array([0, *(500 + "xABC".index(letter) for letter in codes)])


@pytest.mark.parametrize("spoil", [
    lambda page: page.replace(b"50 30 Td", b"51 30 Td"),  # another place
    lambda page: page + page[page.index(b"BT\n50") - 15 :],  # twice on a page
    lambda page: page.replace(b">6<", b">5<"),  # other distances between the letters
    lambda page: page.replace(b"/F1 9 Tf", b"/F1 10 Tf"),
], ids=["elsewhere", "twice", "spaced", "larger"])  # fmt: skip
def test_a_page_without_exactly_that_mark_is_left(change: MarkChange, spoil: Callable[[bytes], bytes]) -> None:
    pages = [content("AB", 0, "xABC"), spoil(content("AB", 1, "xABC"))]
    assert not rewrite(make(*pages, codes="xABC"), change)


def test_a_letter_that_the_font_lacks(change: MarkChange) -> None:
    assert not rewrite(make(content("AB", 0, "xAB"), codes="xAB"), change)


def test_a_letter_of_another_width(change: MarkChange) -> None:
    """A small capital, a ligature, a digit of another form read alike and are not."""
    pdf = make(content("AB", 0, "xABC"), codes="xABC")
    pdf.pages[0].obj.Resources.Font.F1.Widths[4] = 700
    assert not rewrite(pdf, change)


def test_another_font(change: MarkChange) -> None:
    assert not rewrite(make(content("AB", 0, "xABC"), codes="xABC", name="BAAAAA+Arial"), change)


def test_documents_that_differ_elsewhere_too_teach_nothing() -> None:
    codes = "xABC"
    first = make(*(content("AB", page, codes) for page in range(3)), codes=codes)
    others = [
        make(*(content("BC", page + (page == 1), codes) for page in range(3)), codes=codes),  # the body too
        make(*(content("BC" if page else "CB", page, codes) for page in range(3)), codes=codes),  # two ways
        make(*(content("BC", page, codes) for page in range(2)), codes=codes),  # fewer pages
        make(*(content("AB", page, codes) for page in range(3)), codes=codes),  # nothing differs
    ]
    assert [learn(first, other) for other in others] == [None] * 4


# --- with LibreOffice ----------------------------------------------------------------------------------------


def documents(names: tuple[str, ...] = NAMES, marks: tuple[str, ...] = MARKS) -> list[tuple[str, bytes]]:
    template = Template.open(CONVENTION)
    return [
        (f"{rank}-{copy}", template.fill({
            "tag:nom": name, "tag:exemplaire": f"Exemplaire n°\u00a0{copy}/3 – {mark.format(name)}",
        }))
        for rank, name in enumerate(names)
        for copy, mark in enumerate(marks, start=1)
    ]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _installed(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("slow"):
        try:
            find_office()
        except ProgramError as error:
            pytest.skip(str(error))


def run(
    folder: Path,
    *,
    rewriting: bool,
    jobs: int = 1,
    names: tuple[str, ...] = NAMES,
    marks: tuple[str, ...] = MARKS,
) -> list[Result]:
    folder.mkdir()
    wanted = [Job(data, folder / f"{name}.pdf") for name, data in documents(names, marks)]
    return list(convert(wanted, jobs=jobs, rewriting=rewriting))


@pytest.mark.slow
def test_each_looks_as_if_it_had_been_converted(tmp_path: Path) -> None:
    """Fifteen documents, pixel for pixel, letter for letter; those of one adherent differ from each other."""
    results = run(tmp_path / "rewritten", rewriting=True)
    run(tmp_path / "converted", rewriting=False)
    assert all(result.done for result in results)
    for name, _ in documents():
        one, other = ((tmp_path / way / f"{name}.pdf").read_bytes() for way in ("rewritten", "converted"))
        assert same_pictures(one, other)
    assert not same_pictures(*((tmp_path / "rewritten" / f"0-{copy}.pdf").read_bytes() for copy in (1, 2)))


@pytest.mark.slow
@pytest.mark.parametrize("vain", [50, 2])
def test_marks_that_name_each_adherent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, vain: int) -> None:
    """Nothing can be learned for the next: each is converted."""
    monkeypatch.setattr("conventool.pdf.copies._IN_VAIN", vain)
    marks = ("La Fibre Numérique 59 62", "CDG 59, pour {}", "Commune : {}")
    ways = {rewriting: run(tmp_path / str(rewriting), rewriting=rewriting, marks=marks) for rewriting in (True, False)}
    assert all(result.done for results in ways.values() for result in results)
    for result in ways[True]:
        other = tmp_path / "False" / result.job.target.name
        assert same_pictures(result.job.target.read_bytes(), other.read_bytes())


@pytest.mark.slow
def test_the_same_bytes_with_one_worker_or_two_alone_or_among_others(tmp_path: Path) -> None:
    many = {result.job.target.name: result.sha256 for result in run(tmp_path / "a", rewriting=True, names=NAMES * 8)}
    again = {
        result.job.target.name: result.sha256 for result in run(tmp_path / "b", rewriting=True, names=NAMES * 8, jobs=2)
    }
    few = {result.job.target.name: result.sha256 for result in run(tmp_path / "c", rewriting=True, names=NAMES[:1])}
    assert many == again
    assert few.items() <= many.items()


@pytest.mark.slow
def test_a_difference_ends_it_and_what_was_made_so_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first sample is one, as if a page had come out otherwise; two teachers were compared before."""
    seen: list[bool] = []

    def differs_once(one: bytes, other: bytes) -> bool:
        seen.append(len(seen) != 2)
        return same_pictures(one, other) and seen[-1]

    monkeypatch.setattr("conventool.pdf.copies.same_pictures", differs_once)
    results = run(tmp_path / "a", rewriting=True)
    assert len(seen) == 3
    again = [result for result in results if result.again]
    told = {problem.code for result in results for problem in result.problems}
    assert "copies-converted" in told
    assert again
    assert {result.job.target.name for result in results} == {f"{name}.pdf" for name, _ in documents()}
    last = {result.job.target: result.sha256 for result in results}
    run(tmp_path / "b", rewriting=False)
    for target in last:
        assert target.read_bytes() == (tmp_path / "b" / target.name).read_bytes()


@pytest.mark.slow
def test_a_run_that_was_stopped_before_it_noted_a_pdf_goes_on(tmp_path: Path) -> None:
    """The copy was made of the first one's PDF; converted alone it would have other bytes, and seem another file."""
    rows = write_list(tmp_path / "liste.csv", "4 place du Général-de-Gaulle")
    order = ("batch", rows, "-o", "out", "--pdf")
    told(*order, cwd=tmp_path)
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").glob("*.pdf")}
    with closing(sqlite3.connect(tmp_path / "out" / "suivi.sqlite")) as database, database:
        assert database.execute("DELETE FROM piece WHERE path LIKE '%2-cdg59.pdf'").rowcount == 1
    rows.write_text(rows.read_text(encoding="utf-8") + "\n", encoding="utf-8")  # else there is nothing to do
    again = told(*order, cwd=tmp_path)
    assert statuses(again, ".pdf") == ["identical"] * 3
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").glob("*.pdf")} == before


def test_pictures_of_other_sizes_differ() -> None:
    made = []
    for size in ((300, 300), (300, 301)):
        with pikepdf.new() as pdf:
            pdf.add_blank_page(page_size=size)
            out = BytesIO()
            pdf.save(out)
            made.append(out.getvalue())
    assert same_pictures(made[0], made[0])
    assert not same_pictures(*made)
