"""Pictures of what differs, for a person to look at; and what is not verified is named."""

from __future__ import annotations

import re
import shutil
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from lxml import etree
from PIL import Image

from conventool.commands.read import ReadOptions, read
from conventool.commands.verify import VerifyOptions, verify
from conventool.core.errors import ExitCode
from conventool.core.problems import Severity
from conventool.pdf.office import VARIABLE
from conventool.returned.passages import Reading
from conventool.returned.pdf_opening import read_pdf
from test_returned_forgeries import RETURNS
from test_returned_names import larger, nameless
from test_verify_alterations import said
from word_by_hand import Opened, W

MIXED = Path(__file__).parent / "cases" / "returned-mixed"
RED = (192, 0, 0)
GAP = 24
"""Pixels between the two pages of a picture."""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_each_difference_is_drawn_with_its_place(tmp_path: Path) -> None:
    names = ("docx/xml-pi-in-t.docx", "pdf/vector-clause-added.pdf", "sound.docx")
    report = verify([RETURNS / name for name in names], VerifyOptions(jobs=1, images=tmp_path / "images"))
    page = (tmp_path / "images" / "differences.html").read_text(encoding="utf-8")
    pictures = re.findall(r'<img src="([^"]+)"', page)
    assert len(pictures) == len([one for one in report.problems if one.severity is not Severity.NOTICE]) == 3
    assert "sound.docx" not in page
    assert "« de 50 euros » → « de 500 euros »" in page.replace("\u00a0", " ")
    assert "<script" not in page
    for name in pictures:
        image = Image.open(BytesIO((tmp_path / "images" / name).read_bytes())).convert("RGB")
        side = (image.width - GAP) // 2
        expected, returned = image.crop((0, 0, side, image.height)), image.crop((side + GAP, 0, *image.size))
        assert RED in {colour for _, colour in returned.getcolors(1 << 20) or ()}
        assert expected.size[1] == returned.size[1]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_each_place_is_the_one_that_is_told_of(tmp_path: Path) -> None:
    """Two letters are framed in their article, not in the first word that has them; a scan is shown page by page."""
    names = ("docx/dstrike.docx", "docx/listnum-field.docx", "docx/header-rect.docx", "pdf/ocr-sandwich-forged.pdf")
    verify([RETURNS / name for name in names], VerifyOptions(jobs=1, images=tmp_path / "images"))
    page = (tmp_path / "images" / "differences.html").read_text(encoding="utf-8").replace("\u00a0", " ")
    captions = re.findall(r'class="what">([^<]*)', page)
    assert [one.partition(" : ")[0] for one in captions] == [
        "Page 4. ARTICLE 5.2. RESPONSABILITE DE LA FIBRE NUMERIQUE 59 62",
        "Page 4. ARTICLE 6. RESILIATION DE LA CONVENTION",
        "Page 1. En-tête",
        "Page 1",
        *(f"Page {number}, pour la même raison." for number in range(2, 6)),
    ]
    struck = Image.open(tmp_path / "images" / "001-dstrike-1.png").convert("RGB")
    side = (struck.width - GAP) // 2
    for left in (0, side + GAP):  # the same words, at the same place
        rows = {y for x in range(left, left + side) for y in range(struck.height) if struck.getpixel((x, y)) == RED}
        assert 0.34 < min(rows) / struck.height < max(rows) / struck.height < 0.38


@pytest.mark.slow
def test_letters_that_nobody_knows_are_shown_where_they_are(tmp_path: Path) -> None:
    """Without LibreOffice too: there is no page to expect."""
    pdf = nameless(tmp_path / "inconnue.pdf", larger)
    verify([pdf], VerifyOptions(jobs=1, images=tmp_path / "images"))
    page = (tmp_path / "images" / "differences.html").read_text(encoding="utf-8")
    pictures = re.findall(r'<img src="([^"]+)"', page)
    assert len(pictures) == 5
    for name in pictures:
        image = Image.open(tmp_path / "images" / name).convert("RGB")
        assert RED in {colour for _, colour in image.getcolors(1 << 20) or ()}


def test_what_has_no_picture_says_why(tmp_path: Path) -> None:
    """Damaged files, files of other formats, names that are no HTML."""
    (tmp_path / "retours <b>&").mkdir()
    for name in ("abîmé.pdf", "note #1.txt"):
        (tmp_path / "retours <b>&" / name).write_text("rien", encoding="utf-8")
    verify([tmp_path / "retours <b>&"], VerifyOptions(jobs=1, images=tmp_path / "images"))
    page = (tmp_path / "images" / "differences.html").read_text(encoding="utf-8")
    assert len(re.findall("Sans image", page)) == 2
    assert not re.findall("<(img|script|link)", page)
    assert page.count("<bdi>note #1.txt</bdi>") == 2  # in the list and above what is said of it
    assert "<b>" not in page


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_an_article_put_in_the_place_of_another_is_one_difference_framed_whole(tmp_path: Path) -> None:
    """The same change in several places of an article is one picture, each place framed; pictures stay small."""
    document = Opened.of((RETURNS / "sound.docx").read_bytes())
    root = document.root()
    lines = {said(one): one for one in root.iter(f"{W}p")}
    new = ["La présente convention se résilie sans préavis, par simple lettre de l’une des deux autres Parties.",
           "La Collectivité en supporte les frais.", "Aucune indemnité n’est due au CDG 59."]  # fmt: skip
    texts = list(lines)
    first = next(rank for rank, text in enumerate(texts) if text.startswith("Chaque Partie pourra résilier"))
    for rank, words in enumerate(new):
        put(lines[texts[first + rank]], words)
    for text, line in lines.items():
        if text.startswith("La Fibre Numérique 59 62 n’assume"):
            put(line, text.replace("59 62", "59/62"))
    document.put(root)
    images = tmp_path / "images"
    report = verify([document.saved(tmp_path / "revenu.docx")], VerifyOptions(jobs=1, images=images))
    assert [one.code for one in report.problems] == ["altered-text"] * 3
    page = (images / "differences.html").read_text(encoding="utf-8").replace("\u00a0", " ")
    captions = re.findall(r'class="what">([^<]*)', page)
    assert [one[:22] for one in captions] == ["Page 4. ARTICLE 5.2. R", "Page 4. ARTICLE 6. RES"]
    assert "« 59 62 » → « 59/62 »" in captions[0]
    assert (
        captions[1].count(new[0]) == captions[1].count(new[2]) == captions[1].count("au moins 6 mois à l’avance") == 1
    )
    for name, least, most in (("001-revenu-1.png", 2, 2), ("001-revenu-2.png", 3, 5)):
        picture = Image.open(images / name)
        assert (images / name).stat().st_size < 220_000
        assert picture.mode == "P"
        side = picture.convert("RGB").crop(((picture.width + GAP) // 2, 0, *picture.size))
        starts = [y for y in range(1, side.height) if reddish(side, y) and not reddish(side, y - 1)]
        assert least <= len(starts) / 2 <= most
    assert str(images.resolve() / "differences.html") in report.texts[1]


def put(line: etree._Element, words: str) -> None:
    """Write other words in a paragraph, all in its first run."""
    first, *others = line.iter(f"{W}t")
    first.text = words
    for one in others:
        one.text = ""


def reddish(side: Image.Image, row: int) -> bool:
    """Whether a row of a picture has the upper or the lower edge of a frame."""
    return sum(side.getpixel((x, row)) == RED for x in range(side.width)) > 25


def test_words_are_found_below_their_heading() -> None:
    """Few letters as words of their own only; many elsewhere too, where the heading has none of them."""
    reading = Reading(read_pdf(RETURNS / "pdf" / "sound.pdf"))
    under = "ARTICLE 5.2. RESPONSABILITE DE LA FIBRE NUMERIQUE 59 62"
    assert next(reading.passages("ne")).page < next(reading.passages("ne", under=under)).page == 4
    assert [one.page for one in reading.passages("[Collectivité : nom] une délibération du comité", under=under)] == []
    assert [one.page for one in reading.passages("comité syndical du 21 février", under=under)] == [1]
    assert not list(reading.passages("sponsab"))


def scanned(path: Path, *, turned: int = 0, beside: int = 1) -> Path:
    """The sound PDF as a scanner gives it back: pictures of its pages, ``beside`` on each sheet, and no text."""
    with pdfium.PdfDocument(RETURNS / "pdf/sound.pdf") as document:
        pages = [page.render(scale=1).to_pil().convert("L").rotate(turned, expand=True) for page in document]
    sheets = []
    for first in range(0, len(pages), beside):
        sheets.append(Image.new("L", (pages[0].width * beside, pages[0].height), 255))
        for rank, page in enumerate(pages[first : first + beside]):
            sheets[-1].paste(page, (rank * page.width, 0))
    sheets[0].save(path, save_all=True, append_images=sheets[1:])
    return path


@pytest.mark.parametrize(("how", "sheets"), [({}, 5), ({"turned": 90}, 5), ({"beside": 2}, 3)])
def test_a_scan_is_to_be_read_again(tmp_path: Path, how: dict[str, int], sheets: int) -> None:
    """Page by page; nobody vouches for it, and it is not unreadable either."""
    path = scanned(tmp_path / "numerise.pdf", **how)
    report = verify([path], VerifyOptions(jobs=1))
    assert [document.status for document in report.documents] == ["doubtful"]
    (first, *others) = (problem for problem in report.problems if problem.code == "scanned")
    assert len(others) == (0 if sheets > 3 else sheets - 1)
    assert ("comme 4 autres" in first.message) is (sheets == 5)
    assert report.exit_code is ExitCode.PROBLEMS
    assert read([path], ReadOptions()).exit_code is ExitCode.UNREADABLE


def test_two_pages_on_a_sheet_have_two_footers(tmp_path: Path) -> None:
    """Neither is a passage that was added."""
    with pikepdf.open(RETURNS / "pdf/sound.pdf") as document, pikepdf.new() as two_up:
        for first in range(0, len(document.pages), 2):
            sheet = two_up.add_blank_page(page_size=(842, 595))
            for rank, page in enumerate(list(document.pages)[first : first + 2]):
                sheet.add_overlay(page, pikepdf.Rectangle(rank * 421, 0, rank * 421 + 421, 595))
        two_up.save(tmp_path / "deux.pdf")
    (returned,) = verify([tmp_path / "deux.pdf"], VerifyOptions(jobs=1)).documents
    assert returned.status != "altered"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_each_page_of_a_scan_is_beside_the_one_expected(tmp_path: Path) -> None:
    verify([scanned(tmp_path / "numerise.pdf")], VerifyOptions(jobs=1, images=tmp_path / "images"))
    assert len(list((tmp_path / "images").glob("*.png"))) == 5


def test_what_is_not_verified_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where LibreOffice is missing, so are documents of other word processors."""
    monkeypatch.setenv(VARIABLE, "nulle-part")
    folder = shutil.copytree(MIXED, tmp_path / "retours")
    (folder / "parti.docx").symlink_to(folder / "nulle-part.docx")
    for name in (
        "sans-extension",
        "lisezmoi.txt",
        ".cache.docx",
        "a.docx.part",
        "Thumbs.db",
        "~$hem.docx",
        ".DS_Store",
    ):
        (folder / name).write_bytes((folder / "hem.docx").read_bytes())
    for name in ("differences.html", "001.png", "._hem.docx", "suivi.xlsx", "suivi.sqlite"):
        (folder / "differences").mkdir(exist_ok=True)
        (folder / "differences" / name).write_bytes(b"")
    report = verify([folder], VerifyOptions(jobs=1))
    by_status: dict[str, set[str]] = {}
    for document in report.documents:
        by_status.setdefault(document.status, set()).add(document.path.name)
    assert by_status == {
        "intact": {"hem.docx"},
        "unverified": {
            "annoeullin.doc", "bersee.odt", "camphin.rtf", "lot.zip", "modele.dotx", "parti.docx", "scan.jpg",
            "scan.tif", "signe.docx.p7m", "sans-extension", "lisezmoi.txt", ".cache.docx", "a.docx.part",
        },
    }  # fmt: skip
    assert report.exit_code is ExitCode.PROBLEMS
    assert {problem.code for problem in report.problems} == {"not-verified"}
    assert report.texts == ["1 document vérifié : 1 intact ; 13 non vérifiés."]
    told = read([folder], ReadOptions())
    unread = {Path(one.place.file or "").name for one in told.problems if one.code == "not-read"}
    assert unread == by_status["unverified"]
    assert (told.exit_code, len(told.data)) == (ExitCode.PROBLEMS, 1)


@pytest.mark.parametrize("command", ["verify", "read"])
def test_a_folder_of_other_files_alone_names_them(tmp_path: Path, command: str) -> None:
    (tmp_path / "scan.jpg").write_bytes(b"\xff\xd8")
    report = verify([tmp_path], VerifyOptions(jobs=1)) if command == "verify" else read([tmp_path], ReadOptions())
    (problem,) = report.problems
    assert problem.place.file == str(tmp_path / "scan.jpg")
    assert report.exit_code is ExitCode.PROBLEMS


@pytest.mark.slow
@pytest.mark.usefixtures("confined_office")
def test_documents_of_other_word_processors_are_read_through_libreoffice() -> None:
    report = verify([MIXED], VerifyOptions(jobs=1))
    verdicts = {one.path.name: one.status for one in report.documents if one.status != "unverified"}
    others = dict.fromkeys(("annoeullin.doc", "bersee.odt", "camphin.rtf"), "doubtful")
    assert verdicts == {"hem.docx": "intact", **others}
    assert {p.code for p in report.problems if Path(p.place.file or "").name in others} == {"converted"}
    told = read([MIXED], ReadOptions())
    assert {one["nom"] for one in told.data} == {"Armentières", "Holling"}
    assert not {Path(one.place.file or "").name for one in told.problems} & others.keys()
