"""What a finished PDF says of itself, its annexes, and the fonts it had to do without."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest

from conventool.core.problems import Severity
from conventool.pdf.annexes import append_annexes
from conventool.pdf.artifacts import mark_artifacts
from conventool.pdf.fonts import font_objects, font_problems, fonts_of
from conventool.pdf.jobs import Annex, Job
from conventool.pdf.metadata import Claims, claimed_part, date_to_tell, describe
from conventool.pdf.profiles import Profile

MARCH = datetime(2026, 3, 1, 10, tzinfo=UTC)


def pages(count: int, part: int | None = None, channels: int | None = None) -> pikepdf.Pdf:
    pdf = pikepdf.new()
    for _ in range(count):
        pdf.add_blank_page()
    claim = f"<pdfaid:part>{part}</pdfaid:part>" if part else ""
    pdf.Root.Metadata = pdf.make_stream(claim.encode(), Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
    if channels:
        colours = pdf.make_stream(b"\0" * 128, N=channels)
        pdf.Root.OutputIntents = pikepdf.Array([pikepdf.Dictionary(DestOutputProfile=colours)])
    return pdf


def saved(pdf: pikepdf.Pdf, path: Path, **options: object) -> Annex:
    pdf.save(path, fix_metadata_version=False, **options)  # type: ignore[arg-type]
    return Annex(path, f"Annexe {path.stem}")


def with_annexes(
    tmp_path: Path, *annexes: Annex, profile: Profile = Profile.PDFA_2B
) -> tuple[pikepdf.Pdf, Claims, list[str]]:
    pdf = pages(2, 2)
    claims, _, problems = append_annexes(pdf, Job(b"", tmp_path / "c.pdf", annexes=annexes), "Convention", profile)
    assert all(problem.severity is Severity.WARNING for problem in problems)
    return pdf, claims, [problem.code for problem in problems]


def _target(pdf: pikepdf.Pdf, item: pikepdf.OutlineItem) -> int:
    assert isinstance(item.destination, pikepdf.Array)
    return pdf.pages.index(pikepdf.Page(item.destination[0]))


def test_annexes_follow_with_their_bookmarks(tmp_path: Path) -> None:
    pdf, claims, codes = with_annexes(
        tmp_path, saved(pages(3, 2, 3), tmp_path / "1.pdf"), saved(pages(1, 1), tmp_path / "2.pdf")
    )
    assert len(pdf.pages) == 6
    assert (claims, codes) == (Claims(2, accessible=False), [])
    with pdf.open_outline() as outline:
        marks = [(item.title, _target(pdf, item)) for item in outline.root]
    assert marks == [("Convention", 0), ("Annexe 1", 2), ("Annexe 2", 5)]


@pytest.mark.parametrize(("part", "channels"), [(None, 3), (3, 3), (2, 4), (2, 1)])
def test_an_annex_that_breaks_the_standard_costs_the_claim(tmp_path: Path, part: int | None, channels: int) -> None:
    """No PDF/A, a later part of it, or colours that are not those of the document."""
    pdf, claims, codes = with_annexes(tmp_path, saved(pages(1, part, channels), tmp_path / "1.pdf"))
    assert (claims.part, codes, len(pdf.pages)) == (None, ["annex-not-pdfa"], 3)


def test_an_absent_annex_is_named(tmp_path: Path) -> None:
    job = Job(b"", tmp_path / "c.pdf", annexes=(Annex(tmp_path / "absente.pdf", "Annexe 1 – Tarifs"),))
    pdf = pages(2, 2)
    claims, _, (problem,) = append_annexes(pdf, job, "Convention", Profile.PDFA_2B)
    assert (problem.code, problem.severity, claims.part) == ("annex-missing", Severity.WARNING, 2)
    assert "Annexe 1 – Tarifs" in problem.message
    assert problem.place.file == str(tmp_path / "absente.pdf")
    assert "/Outlines" not in pdf.Root


def test_an_annex_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    locked = saved(pages(1, 2), tmp_path / "1.pdf", encryption=pikepdf.Encryption(user="secret", owner="secret"))
    (tmp_path / "2.pdf").write_bytes(b"rubbish")
    pdf, claims, codes = with_annexes(tmp_path, locked, Annex(tmp_path / "2.pdf", "Deux"))
    assert (codes, claims.part, len(pdf.pages)) == (["annex-unreadable"] * 2, 2, 2)


def test_the_whole_is_no_longer_accessible(tmp_path: Path) -> None:
    annex = saved(pages(1, 2), tmp_path / "1.pdf")
    _, claims, codes = with_annexes(tmp_path, annex, profile=Profile.PDFA_2B_UA)
    assert (claims, codes) == (Claims(2, accessible=False), ["annex-not-accessible"])


def test_an_annex_brings_no_fields_and_no_tags(tmp_path: Path) -> None:
    annex = pages(1, 2)
    field = annex.make_indirect(pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T="nom", V="Hem", F=4,
        Rect=[10, 10, 90, 30], DA="/Helv 12 Tf 0 g",
    ))  # fmt: skip
    helvetica = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    annex.Root.AcroForm = pikepdf.Dictionary(
        Fields=[field],
        NeedAppearances=True,
        DA="/Helv 12 Tf 0 g",
        DR=pikepdf.Dictionary(Font=pikepdf.Dictionary(Helv=helvetica)),
    )
    annex.pages[0].obj.Annots = pikepdf.Array([field])
    annex.pages[0].obj.StructParents = 0
    pdf, _, _ = with_annexes(tmp_path, saved(annex, tmp_path / "1.pdf"))
    added = pdf.pages[2].obj
    assert "/AcroForm" not in pdf.Root
    assert "/StructParents" not in added
    assert len(added.get("/Annots", [])) == 0
    assert any(b"Hem" in form.read_bytes() for form in added.Resources.XObject.values())


def test_what_it_says_of_itself_is_said_twice_alike() -> None:
    """In the document information and in the XMP packet."""
    pdf = pages(1)
    pdf.docinfo["/Author"] = "Nord & Co <59>"
    pdf.docinfo["/ModDate"] = "D:20200101000000Z"
    describe(pdf, "Convention « Hem » & suite", MARCH, Claims(2, accessible=False))
    assert {key: str(text) for key, text in pdf.docinfo.items()} == {
        "/Title": "Convention « Hem » & suite",
        "/Author": "Nord & Co <59>",
        "/CreationDate": "D:20260301100000Z",
    }
    with pdf.open_metadata(update_docinfo=False) as metadata:
        assert metadata["dc:title"] == "Convention « Hem » & suite"
        assert metadata["dc:creator"] == ["Nord & Co <59>"]
        assert metadata["xmp:CreateDate"] == "2026-03-01T10:00:00Z"
        assert metadata.pdfa_status == "2B"
    assert pdf.Root.Lang == "fr-FR"
    assert claimed_part(pdf) == 2


def test_a_plain_pdf_claims_nothing() -> None:
    pdf = pages(1, 2)
    describe(pdf, "Convention", None, Claims(None, accessible=False))
    with pdf.open_metadata() as metadata:
        assert (metadata.pdfa_status, "xmp:CreateDate" in metadata) == ("", False)


def test_source_date_epoch_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert (date_to_tell(MARCH), date_to_tell(None)) == (MARCH, None)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    assert date_to_tell(MARCH) == datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)


def with_fonts(*names: str) -> pikepdf.Pdf:
    pdf = pages(1)
    for name in names:
        pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Font, BaseFont=pikepdf.Name(f"/ABCDEF+{name}")))
    return pdf


@pytest.mark.parametrize(("asked", "there", "missing"), [
    ({"Calibri"}, ["Carlito", "Carlito-Bold"], None),
    ({"Calibri"}, ["Calibri-Light"], None),
    ({"Calibri", "Arial"}, ["Carlito"], None),
    ({"Calibri", "Symbol"}, ["Carlito", "OpenSymbol"], None),
    ({"Calibri"}, ["Carlito", "DejaVuSans"], None),
    ({"Arial", "Times New Roman"}, ["ArialMT", "Arial-BoldMT", "TimesNewRomanPSMT"], None),
    ({"Arial", "Times New Roman"}, ["LiberationSans", "LiberationSerif-Bold"], None),
    ({"Calibri"}, ["DejaVuSans"], "sudo apt install fonts-crosextra-carlito"),
    ({"Calibri", "Cambria"}, ["Carlito", "DejaVuSerif"], "sudo apt install fonts-crosextra-caladea"),
    ({"Marianne"}, ["DejaVuSans-Bold"], "Installez cette police"),
])  # fmt: skip
def test_a_missing_font_is_told_with_its_remedy(
    asked: set[str], there: list[str], missing: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    pdf = with_fonts(*there)
    problems = font_problems(fonts_of(font_objects(pdf)), asked, "a.docx")
    assert [problem.code for problem in problems] == (["font-missing"] if missing else [])
    assert all(problem.hint and missing and missing in problem.hint for problem in problems)
    assert all(problem.severity is Severity.WARNING for problem in problems)


def test_lines_left_unmarked_become_artifacts() -> None:
    pdf = pages(1)
    before = b"/P <</MCID 0>> BDC 0 0 m 9 9 l S EMC q 1 w 0 0 m 5 5 l S 1 1 2 2 re f* 0 0 9 9 re W n Q"
    pdf.pages[0].obj.Contents = pdf.make_stream(before)
    mark_artifacts(pdf)
    after = re.sub(rb"\s+", b" ", pdf.pages[0].obj.Contents.read_bytes()).decode()
    assert (
        re.sub("/Artifact BMC (.*?) EMC", r"\1", after).split()
        == before.decode().replace("<</MCID", "<< /MCID").replace("0>>", "0 >>").split()
    )
    assert re.findall("/Artifact BMC (.*?) EMC", after) == ["0 0 m 5 5 l S", "1 1 2 2 re f*"]
