"""Pictures of what differs, for a person to look at; and what is not verified is named."""

from __future__ import annotations

import re
import shutil
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from conventool.commands.verify import VerifyOptions, verify
from conventool.core.errors import ExitCode
from conventool.core.problems import Severity
from conventool.pdf.office import VARIABLE
from test_returned_forgeries import RETURNS

MIXED = Path(__file__).parent / "cases" / "returned-mixed"
RED = (192, 0, 0)


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
        expected, returned = image.crop((0, 0, 834, image.height)), image.crop((856, 0, image.width, image.height))
        assert RED in {colour for _, colour in returned.getcolors(1 << 20) or ()}
        assert expected.size[1] == returned.size[1]


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


@pytest.mark.slow
@pytest.mark.usefixtures("confined_office")
def test_documents_of_other_word_processors_are_read_through_libreoffice() -> None:
    report = verify([MIXED], VerifyOptions(jobs=1))
    read = {document.path.name: document.status for document in report.documents if document.status != "unverified"}
    others = dict.fromkeys(("annoeullin.doc", "bersee.odt", "camphin.rtf"), "doubtful")
    assert read == {"hem.docx": "intact", **others}
    assert {p.code for p in report.problems if Path(p.place.file or "").name in others} == {"converted"}
