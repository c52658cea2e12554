"""Files that nobody should have sent back: each is told for what it is, and the others are looked at all the same."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from conventool.commands.read import ReadOptions, read
from conventool.commands.verify import VerifyOptions, verify
from conventool.core.errors import ExitCode
from conventool.core.report import Report
from test_verify_alterations import sound
from word_by_hand import Opened, flattened


def zipped(parts: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def with_body(change: Callable[[bytes], bytes]) -> bytes:
    parts = dict(Opened.of(sound("keep")).parts)
    parts["word/document.xml"] = change(parts["word/document.xml"])
    return zipped(parts)


def blank_pdf(password: str = "") -> bytes:
    out, pdf = BytesIO(), pikepdf.new()
    pdf.add_blank_page()
    pdf.save(out, encryption=pikepdf.Encryption(owner="x", user=password) if password else False)
    return out.getvalue()


HOSTILE: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "vide.docx": (lambda: b"", "unreadable", "il est vide"),
    "tronque.docx": (lambda: sound("keep")[:9_000], "unreadable", "tronqué"),
    "texte.docx": (lambda: b"Bonjour,", "unreadable", "pas un document Word"),
    "chiffre.docx": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096), "unreadable", "mot de passe"),
    "archive.docx": (lambda: zipped({"lisez-moi.txt": b"rien"}), "unreadable", "archive zip"),
    "bombe.docx": (
        lambda: zipped({**Opened.of(sound("keep")).parts, "word/media/image1.bin": bytes(200 << 20)}),
        "unsafe-document",
        "démesuré",
    ),
    "doctype.docx": (
        lambda: with_body(lambda xml: b'<!DOCTYPE w [<!ENTITY a "b">]>' + xml.partition(b"?>")[2]),
        "unsafe-document",
        "DOCTYPE",
    ),
    "xml.docx": (lambda: with_body(lambda xml: xml[:2_000]), "unreadable", "XML bien formé"),
    "vide.pdf": (lambda: b"", "unreadable", "pas un PDF"),
    "faux.pdf": (lambda: sound("keep"), "unreadable", "pas un PDF"),
    "abime.pdf": (lambda: b"%PDF-1.7\n" + bytes(500), "unreadable", "abîmé"),
    "verrou.pdf": (lambda: blank_pdf("secret"), "unreadable", "mot de passe"),
    "numerise.pdf": (blank_pdf, "unreadable", "couche de texte"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound document among the others, and what is no document at all."""
    for name, (make, _, _) in HOSTILE.items():
        (tmp_path / name).write_bytes(make())
    (tmp_path / "sain.docx").write_bytes(sound("keep"))
    (tmp_path / "dossier.docx").mkdir()
    (tmp_path / "~$sain.docx").write_bytes(b"Jeanne")
    return tmp_path


def told_of(report: Report) -> dict[str, tuple[str, str]]:
    return {Path(str(p.place.file)).name: (p.code, p.message) for p in report.problems}


@pytest.mark.parametrize("command", ["verify", "read"])
def test_each_is_told_and_stops_no_other(folder: Path, command: str) -> None:
    report = verify([folder], VerifyOptions()) if command == "verify" else read([folder], ReadOptions())
    told = told_of(report)
    assert told.keys() == HOSTILE.keys()
    for name, (_, code, words) in HOSTILE.items():
        assert told[name][0] == code, name
        assert words in told[name][1], name
    assert report.exit_code is ExitCode.PROBLEMS
    assert report.summary["documents"] == len(HOSTILE) + 1
    assert report.summary["intact" if command == "verify" else "adherents"] == 1


def test_where_nothing_can_be_read_the_exit_code_says_so(tmp_path: Path) -> None:
    (tmp_path / "vide.docx").write_bytes(b"")
    assert verify([tmp_path / "vide.docx"], VerifyOptions()).exit_code is ExitCode.UNREADABLE
    assert read([tmp_path / "vide.docx"], ReadOptions()).exit_code is ExitCode.UNREADABLE


@pytest.mark.slow
def test_a_text_that_repeats_itself_without_end_is_no_value(tmp_path: Path) -> None:
    """Without controls, an address takes in whatever it may; but no address is a page long."""
    again = "à Hem (59510), représentée par Madame X ".encode() * 100
    document = Opened.of(sound("keep")).change(flattened)
    xml = document.parts["word/document.xml"]
    document.parts["word/document.xml"] = xml.replace("représentée".encode(), again + "représentée".encode(), 1)
    report = verify([document.saved(tmp_path / "revenu.docx")], VerifyOptions())
    assert report.exit_code is ExitCode.PROBLEMS
    assert {problem.code for problem in report.problems} & {"altered-text", "altered-value"}
