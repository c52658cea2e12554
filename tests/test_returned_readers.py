"""PDFs that one program shows, prints or reads aloud otherwise than another; signs that are there and not to be seen.

None is intact. What programs that sign, file or save do of the same kinds is no alarm.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream

from conventool.commands.verify import VerifyOptions, verify
from conventool.core.problems import Severity
from conventool.returned.pdf_foreign import Zones
from conventool.returned.pdf_glyphs import Box
from conventool.returned.pdf_opening import read_pdf
from conventool.returned.pdf_structure import structure_foreign
from test_returned_drawing import content, form
from test_returned_hiding import DATA, PDF

Edit: TypeAlias = Callable[[pikepdf.Pdf], object]
PAGE = 2
pytestmark = pytest.mark.slow
TEXT = Box(60, 60, 540, 780)
ON_TEXT, IN_MARGIN = (200, 400, 400, 420), (430, 800, 590, 838)
PROGRAM = Dictionary(S=Name.JavaScript, JS="1")
ELSEWHERE = Dictionary(S=Name.URI, URI="https://exemple.fr")


def annotation(kind: str, rect: tuple[float, ...] = ON_TEXT, **more: Any) -> Edit:
    def edit(pdf: pikepdf.Pdf) -> None:
        one = pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name(kind), Rect=Array(rect), **more))
        pdf.pages[PAGE].obj["/Annots"] = Array([one])
        if kind == "/Widget":
            pdf.Root["/AcroForm"] = Dictionary(Fields=Array([one]), NeedAppearances=True)

    return edit


def stamp(rect: tuple[float, ...], flags: int = 4) -> Edit:
    """A white stamp with words."""

    def edit(pdf: pikepdf.Pdf) -> None:
        look = pdf.make_indirect(Stream(pdf, b"1 g 0 0 200 20 re f 0 g 5 5 50 2 re f", BBox=Array([0, 0, 200, 20])))
        look.Type, look.Subtype = Name.XObject, Name.Form
        annotation("/Stamp", rect, F=flags, AP=Dictionary(N=look))(pdf)

    return edit


def rooted(name: str, what: Any) -> Edit:
    return lambda pdf: pdf.Root.__setitem__(name, what)


def of_page(name: str, what: Any) -> Edit:
    return lambda pdf: pdf.pages[PAGE].obj.__setitem__(name, what)


def with_resource(kind: str, what: Callable[[pikepdf.Pdf], Any], name: str = "ZZ") -> Edit:
    """The page may draw with something more; it need not do so to be told."""
    return lambda pdf: pdf.pages[PAGE].add_resource(pdf.make_indirect(what(pdf)), Name(f"/{kind}"), Name(f"/{name}"))


def inherited(kind: str, what: Callable[[pikepdf.Pdf], Any]) -> Edit:
    """The same, said of all pages at once."""

    def edit(pdf: pikepdf.Pdf) -> None:
        with_resource(kind, what)(pdf)
        pdf.Root.Pages["/Resources"] = pdf.make_indirect(pdf.pages[PAGE].obj.Resources)
        del pdf.pages[PAGE].obj["/Resources"]

    return edit


def marked(properties: bytes) -> Edit:
    return lambda pdf: of_page(
        "/Contents", Stream(pdf, b"/Span <<%s>> BDC " % properties + content(pdf, PAGE) + b" EMC")
    )(pdf)


def element(**said: Any) -> Edit:
    return lambda pdf: pdf.Root.StructTreeRoot.__setitem__("/K", Array([Dictionary(Pg=pdf.pages[PAGE].obj, **said)]))


def bookmarked(action: Any) -> Edit:
    return rooted("/Outlines", Dictionary(First=Dictionary(Title="Convention", A=action)))


def deeply(pdf: pikepdf.Pdf) -> None:
    """A blend mode in a form, fourteen forms deep."""
    inner = form(pdf, b"", Resources=Dictionary(ExtGState=Dictionary(G=Dictionary(BM=Name.Darken))))
    for _ in range(14):
        inner = form(pdf, b"/X Do", Resources=Dictionary(XObject=Dictionary(X=pdf.make_indirect(inner))))
    with_resource("XObject", lambda _: inner)(pdf)


def ink(kind: str, *names: Any) -> Callable[[pikepdf.Pdf], Any]:
    ramp = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([1]), C1=Array([0]), N=1)
    return lambda _: Array([Name(kind), *names, Name.DeviceGray, ramp])


def picture(**more: Any) -> Callable[[pikepdf.Pdf], Any]:
    return lambda pdf: Stream(pdf, b"\xff", Subtype=Name.Image, Width=1, Height=1, ColorSpace=Name.DeviceGray,
                              BitsPerComponent=8, **more)  # fmt: skip


def turned(pdf: pikepdf.Pdf, edit: Edit) -> None:
    pdf.pages[PAGE].Rotate = 90
    edit(pdf)


def shifted(pdf: pikepdf.Pdf, edit: Edit) -> None:
    left, bottom, right, top = (float(one) for one in pdf.pages[PAGE].mediabox)
    of_page("/MediaBox", Array([left, bottom - 500, right, top - 500]))(pdf)
    of_page("/Contents", Stream(pdf, b"q 1 0 0 1 0 -500 cm " + content(pdf, PAGE) + b" Q"))(pdf)
    edit(pdf)


WAYS: dict[str, Edit] = {
    "a link whose border strikes words": annotation("/Link", (200, 405, 300, 405), Border=[0, 0, 1], A=ELSEWHERE),
    "a link that then runs": annotation("/Link", Border=Array([0, 0, 0]), A=Dictionary(**ELSEWHERE, Next=PROGRAM)),
    "a popup with words": annotation("/Popup", Contents="sauf accord"),
    "a signature field with a ground": annotation("/Widget", FT=Name.Sig, T="s", MK=Dictionary(BG=Array([1, 1, 1]))),
    "a field with a value by default": annotation("/Widget", FT=Name.Tx, T="t", DV="cinq cents"),
    "a button with a caption": annotation("/Widget", FT=Name.Btn, T="b", MK=Dictionary(CA="sauf accord")),
    "a field that runs": annotation("/Widget", FT=Name.Tx, T="t", AA=Dictionary(C=PROGRAM)),
    "a stamp from right to left": stamp((590, 420, 5, 400)),
    "a stamp on paper alone": stamp(IN_MARGIN, 4 | 32),
    "a stamp on a turned page": lambda pdf: turned(pdf, stamp((400, 590, 420, 800))),
    "a stamp on a shifted page": lambda pdf: shifted(pdf, stamp((200, -100, 400, -80))),
    "opened, then run": rooted("/OpenAction", Dictionary(S=Name.Named, N=Name.FirstPage, Next=Array([PROGRAM]))),
    "another file opened": rooted("/OpenAction", Dictionary(S=Name.GoToR, F="autre.pdf", D=Array([0, Name.Fit]))),
    "a bookmark that hides": bookmarked(Dictionary(S=Name.Hide, T="x", H=False)),
    "steps of a show": of_page("/PresSteps", Dictionary(NA=PROGRAM)),
    "a part of a page shown": rooted("/ViewerPreferences", Dictionary(ViewArea=Name.ArtBox)),
    "some pages printed": rooted("/ViewerPreferences", Dictionary(PrintPageRange=Array([1, 2]))),
    "read otherwise": element(S=Name.P, ActualText="La convention dure dix ans."),
    "read in full otherwise": element(S=Name.Span, E="dix ans"),
    "a paragraph called a picture": element(S=Name.P, Alt="La convention dure dix ans."),
    "replaced, its key in code": marked(b"/Actual#54ext (dix ans)"),
    "replaced, in brackets": marked(b"/ActualText (dix (10) ans)"),
    "described otherwise": marked(b"/Alt (dix ans)"),
    "replaced, for all pages": inherited("Properties", lambda _: Dictionary(ActualText="dix ans")),
    "blended, for all pages": inherited("ExtGState", lambda _: Dictionary(BM=Name.Darken)),
    "blended, in forms": deeply,
    "no ink": with_resource("ColorSpace", ink("/Separation", Name("/None"))),
    "no inks": with_resource("ColorSpace", ink("/DeviceN", Array([Name("/None")]))),
    "another black": with_resource("ColorSpace", ink("/Separation", Name.Vernis), "DefaultGray"),
    "a picture for paper": with_resource("XObject", picture(Alternates=Array([Dictionary(DefaultForPrinting=True)]))),
    "a picture elsewhere": with_resource("XObject", picture(OPI=Dictionary())),
    "PostScript": with_resource("XObject", lambda pdf: Stream(pdf, b"showpage", Subtype=Name.PS)),
    "a page of another file": with_resource("XObject", lambda pdf: form(pdf, b"", Ref=Dictionary(F="autre.pdf"))),
    "a content elsewhere": lambda pdf: pdf.pages[PAGE].Contents.__setitem__("/F", pikepdf.String("autre.bin")),
}  # fmt: skip
SOUND: dict[str, Edit] = {
    "a link": annotation("/Link", Border=Array([0, 0, 0]), A=ELSEWHERE),
    "a link as Word makes them": annotation("/Link", BS=Dictionary(W=0), A=ELSEWHERE),
    "a framed link in the margin": annotation("/Link", IN_MARGIN, A=ELSEWHERE),
    "an empty signature field": annotation("/Widget", FT=Name.Sig, T="s", MK=Dictionary(), F=4),
    "opened at a page": rooted("/OpenAction", Dictionary(S=Name.GoTo, D=Array([0, Name.Fit]))),
    "a bookmark": bookmarked(ELSEWHERE),
    "not scaled": rooted("/ViewerPreferences", Dictionary(PrintScaling=Name("/None"), ViewArea=Name.CropBox)),
    "a picture described": element(S=Name.Figure, Alt="Le logo"),
    "a ligature": element(S=Name.Span, ActualText="ffi"),
    "an ink of its own": with_resource("ColorSpace", ink("/Separation", Name.Black)),
}


def of_structure(path: Path, edit: Edit) -> list[tuple[str, str]]:
    """What is told of the structure of a PDF, once edited: codes and pages."""
    with pikepdf.open(PDF) as pdf:
        edit(pdf)
        pdf.save(path)
    pages = read_pdf(path)
    return [
        (one.code, one.under) for one in structure_foreign(path, pages, {p.number: Zones(TEXT, None) for p in pages})
    ]


@pytest.mark.parametrize("way", WAYS)
def test_what_programs_show_otherwise_is_told(tmp_path: Path, way: str) -> None:
    told = of_structure(tmp_path / "revenu.pdf", WAYS[way])
    assert told
    assert {code for code, _ in told} <= {"foreign-content", "drawn-otherwise"}


@pytest.mark.parametrize("way", SOUND)
def test_what_all_programs_show_alike_is_no_alarm(tmp_path: Path, way: str) -> None:
    assert of_structure(tmp_path / "revenu.pdf", SOUND[way]) == []


@pytest.mark.parametrize("put", [turned, shifted])
def test_a_stamp_is_where_its_page_shows_it(tmp_path: Path, put: Callable[[pikepdf.Pdf, Edit], None]) -> None:
    """In the upper right corner, whichever way the page is turned."""
    place = (5, 430, 40, 590) if put is turned else (430, 300, 590, 338)
    assert of_structure(tmp_path / "revenu.pdf", lambda pdf: put(pdf, stamp(place))) == [("by-hand", "Page 3")]


def test_a_joined_file_is_noted(tmp_path: Path) -> None:
    with pikepdf.open(PDF) as pdf:
        pdf.attachments["preuve.xml"] = b"<preuve/>"
        pdf.save(tmp_path / "revenu.pdf")
    report = verify([tmp_path], VerifyOptions(data=DATA, jobs=1))
    assert [document.status for document in report.documents] == ["intact"]
    assert [(p.code, p.severity) for p in report.problems] == [("attached-file", Severity.NOTICE)]


# --- Files that say two things -----------------------------------------------------------------------------


def written(old: str, new: str) -> bytes:
    """The PDF with something else in its bytes, as many."""
    with pikepdf.open(PDF) as pdf:
        out = BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    changed = re.sub(old.encode(), new.encode(), out.getvalue(), count=1)
    assert changed != out.getvalue()
    return changed


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [(r"/Count [5-9]", "/Count 2", "unreadable"), ("/StructParents 0", "/A 1 /A 2       ", "doubtful")],
)
def test_a_file_that_says_two_things_is_not_intact(tmp_path: Path, old: str, new: str, status: str) -> None:
    (tmp_path / "revenu.pdf").write_bytes(written(old, new))
    assert [one.status for one in verify([tmp_path], VerifyOptions(data=DATA, jobs=1)).documents] == [status]
