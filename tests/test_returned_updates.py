"""PDFs whose file was written on, or written otherwise, since they were sent: each with the verdict owed."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Encryption, Name, ObjectStreamMode, Permissions, Stream

from conventool.commands.verify import VerifyOptions, verify
from conventool.core.problems import Severity
from test_returned_hiding import DATA, PDF, words_of

pytestmark = pytest.mark.slow
Written: TypeAlias = Callable[[], bytes]
PAGE = 2


def saved(pdf: pikepdf.Pdf, **how: object) -> bytes:
    out = BytesIO()
    pdf.save(out, **{"object_stream_mode": ObjectStreamMode.disable, **how})
    return out.getvalue()


def again(**how: object) -> Written:
    """The same, saved in some way."""

    def write() -> bytes:
        with pikepdf.open(PDF) as pdf:
            return saved(pdf, **how)

    return write


def content_of(pdf: pikepdf.Pdf) -> tuple[int, bytes]:
    """The object of a page's content, and that content with a word painted over."""
    stream = pdf.pages[PAGE].Contents
    _, (left, bottom, right, top) = words_of(PAGE)[20]
    return stream.objgen[0], stream.read_bytes() + b"\n1 g %f %f %f %f re f" % (
        left,
        bottom,
        right - left,
        top - bottom,
    )


def as_stream(data: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(data), data)


def appended(base: bytes, objects: Mapping[int, bytes], trailer: bytes = b"") -> bytes:
    """An incremental update (ISO 32000-1, 7.5.6): new versions of some objects, their table, the trailer before."""
    out, places = bytearray(base), {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n"
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    root, size = re.findall(rb"/Root (\d+ 0 R)", base)[-1], re.findall(rb"/Size (\d+)", base)[-1]
    before = re.findall(rb"startxref\s+(\d+)", base)[-1]
    size = b"%d" % max(int(size), *[number + 1 for number in objects])
    return bytes(out) + b"trailer\n<< /Size %s /Root %s /Prev %s %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        size, root, before, trailer, start
    )  # fmt: skip


def other_content() -> bytes:
    base = again()()
    with pikepdf.open(BytesIO(base)) as pdf:
        number, changed = content_of(pdf)
    return appended(base, {number: as_stream(changed)})


def other_information() -> bytes:
    base = again()()
    return appended(base, {9_000: b"<< /Producer (GED) /Title (Convention) >>"}, b"/Info 9000 0 R")


def annotated(rect: str, words: str, kind: str = "FreeText") -> Written:
    def write() -> bytes:
        base = again()()
        with pikepdf.open(BytesIO(base)) as pdf:
            page = pdf.pages[PAGE].obj
            number = page.objgen[0]
            body = re.sub(rb"/Annots (?:\[.*?\]|\d+ 0 R)", b"", page.unparse(resolved=True))
        note = f"<< /Type /Annot /Subtype /{kind} /Rect [{rect}] /F 4 {words} >>".encode()
        return appended(base, {number: body[:-2] + b" /Annots [9001 0 R] >>", 9_001: note})

    return write


def hybrid() -> bytes:
    """New content that only readers of cross-reference streams find (7.5.8.4)."""
    base = again()()
    with pikepdf.open(BytesIO(base)) as pdf:
        number, changed = content_of(pdf)
        size = len(pdf.objects) + 1
    body, at = b"%d 0 obj\n%s\nendobj\n" % (number, as_stream(changed)), len(base)
    entry = struct.pack(">BIH", 1, at, 0)
    table = b"<< /Type /XRef /Size %d /W [1 4 2] /Index [%d 1] /Length 7 >>\nstream\n%s\nendstream" % (
        size,
        number,
        entry,
    )
    place = at + len(body)
    stream = b"%d 0 obj\n%s\nendobj\n" % (size, table)
    return appended(base + body + stream, {9_000: b"<< >>"}, b"/XRefStm %d" % place)


def without_table(base: bytes) -> bytes:
    """The place of the table is wrong, and the table is spoilt."""
    at = base.rindex(b"xref\n0 ")
    return base[:at] + b"xerf\n9 " + re.sub(rb"startxref\s+\d+", b"startxref\n7", base[at + 7 :])


def beyond_the_page() -> bytes:
    """Words that stand outside of what is shown of a page."""
    with pikepdf.open(PDF) as pdf:
        page = pdf.pages[PAGE]
        left, bottom, right, top = (float(one) for one in page.mediabox)
        page.MediaBox, page.CropBox = Array([left, bottom - 200, right, top]), Array([left, bottom, right, top])
        page.add_resource(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica), Name.Font, Name.FZ)
        words = b"Q q BT /FZ 9 Tf 100 -100 Td (sauf accord contraire des parties) Tj ET Q"
        page.contents_add(Stream(pdf, b"q"), prepend=True)
        page.contents_add(Stream(pdf, words))
        return saved(pdf)


LOCKED = Encryption(owner="proprietaire", user="", R=6, allow=Permissions(extract=False, modify_other=False))
OLD_LOCK = Encryption(owner="proprietaire", user="", R=3, aes=False, metadata=False)
WAYS: dict[str, tuple[str, Written]] = {
    "saved again": ("intact", again()),
    "linearised": ("intact", again(linearize=True)),
    "object streams": ("intact", again(object_stream_mode=ObjectStreamMode.generate)),
    "locked against changes": ("intact", again(encryption=LOCKED)),
    "locked the old way": ("intact", again(encryption=OLD_LOCK)),
    "locked by a password": ("unreadable", again(encryption=Encryption(owner="a", user="secret"))),
    "metadata written on": ("intact", other_information),
    "twice the same metadata": ("intact", lambda: appended(other_information(), {9_000: b"<< /Producer (x) >>"})),
    "content written on": ("doubtful", other_content),
    "content for some readers": ("doubtful", hybrid),
    "a note written on": ("doubtful", annotated("200 400 300 420", "/Contents (5 euros) /DA (/Helv 9 Tf 0 g)")),
    "a stamp written on the text": ("doubtful", annotated("200 400 300 420", "", "Stamp")),
    "a stamp written in the margin": ("intact", annotated("450 800 590 835", "", "Stamp")),
    "without a table": ("intact", lambda: without_table(again()())),
    "written on, without a table": ("doubtful", lambda: without_table(other_content())),
    "words beyond the page": ("doubtful", beyond_the_page),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_a_file_was_written_on_is_told(tmp_path: Path, way: str) -> None:
    wanted, write = WAYS[way]
    (tmp_path / "revenu.pdf").write_bytes(write())
    report = verify([tmp_path], VerifyOptions(data=DATA, jobs=1))
    told = [str(problem) for problem in report.problems if problem.severity is not Severity.NOTICE]
    assert [document.status for document in report.documents] == [wanted], told
    assert bool(told) is (wanted != "intact")


def test_what_to_do_with_a_password_is_said(tmp_path: Path) -> None:
    (tmp_path / "revenu.pdf").write_bytes(WAYS["locked by a password"][1]())
    (problem,) = verify([tmp_path], VerifyOptions(data=DATA, jobs=1)).problems
    assert "mot de passe" in problem.message
    assert problem.hint == "Donnez-en une copie sans mot de passe."
