"""An annex shows what it shows and does nothing; what the whole claims is true of the whole."""

from __future__ import annotations

import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from conventool.core.problems import Problem
from conventool.pdf.annexes import append_annexes, breaks
from conventool.pdf.jobs import Annex, Job
from conventool.pdf.metadata import describe
from conventool.pdf.passive import make_passive
from conventool.pdf.profiles import Profile

HOSTILE = Path(__file__).parents[1] / "cases" / "hostile" / "annex-launch-pdfa.pdf"
ACTS = (b"/Launch", b"/JavaScript", b"/JS", b"/SubmitForm", b"/GoToR", b"/GoToE", b"/ImportData", b"/EmbeddedFile",
        b"/AcroForm", b"/OpenAction", b"/AA", b"/RichMedia", b"/Movie", b"/FileAttachment", b"/XFA", b"/Named",
        b"/Hide", b"cmd.exe")  # fmt: skip

Spoil = Callable[[pikepdf.Pdf], None]


def action(kind: str, **more: Any) -> Dictionary:
    return Dictionary(S=Name(f"/{kind}"), **more)


def note(pdf: pikepdf.Pdf, kind: str, **more: Any) -> None:
    annotation = Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=[0, 0, 90, 90], F=4, **more)
    page = pdf.pages[0].obj
    page.Annots = Array([*page.get("/Annots", []), pdf.make_indirect(annotation)])


def click(kind: str, **more: Any) -> Spoil:
    return lambda pdf: note(pdf, "Link", A=action(kind, **more))


def attach(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["virus.exe"] = b"MZ"


def open_with_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = action("JavaScript", JS=String("app.alert(1)"), Next=Array([action("Launch", F="cmd.exe")]))


def name_a_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=[String("a"), action("JavaScript", JS="1")]))


def act_on_page(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.AA = Dictionary(O=action("Launch", F="cmd.exe"))


def act_under_the_mouse(pdf: pikepdf.Pdf) -> None:
    note(pdf, "Link", AA=Dictionary(E=action("JavaScript", JS="1")))


def make_form(pdf: pikepdf.Pdf) -> None:
    note(pdf, "Widget", FT=Name.Tx, T="nom", V="Hem", DA="/Helv 12 Tf 0 g", A=action("SubmitForm", F="http://x.fr"))
    fonts = Dictionary(Helv=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    pdf.Root.AcroForm = Dictionary(
        Fields=pdf.pages[0].obj.Annots, NeedAppearances=True, DR=Dictionary(Font=fonts), XFA=pdf.make_stream(b"x")
    )


def attach_to_page(pdf: pikepdf.Pdf) -> None:
    note(pdf, "FileAttachment", FS=Dictionary(Type=Name.Filespec, EF=Dictionary(F=pdf.make_stream(b"MZ"))))


def draw_another_file(pdf: pikepdf.Pdf) -> None:
    form = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9],
                           Ref=Dictionary(F="autre.pdf", Page=0))  # fmt: skip
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(A=form))


def draw_a_stream_elsewhere(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Contents = pdf.make_stream(b"", F=String("/etc/passwd"))


def attached(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """A file that a drawing or a text of the page is associated with (ISO 32000-2, 14.13)."""
    file = pdf.make_stream(b"MZ", Type=Name.EmbeddedFile)
    return Array([pdf.make_indirect(Dictionary(Type=Name.Filespec, F="virus.exe", EF=Dictionary(F=file)))])


def attach_to_drawing(pdf: pikepdf.Pdf) -> None:
    form = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9], AF=attached(pdf))
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(A=form))


def attach_to_text(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Resources = Dictionary(Properties=Dictionary(A=Dictionary(AF=attached(pdf))))


def attach_to_font(pdf: pikepdf.Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, AF=attached(pdf))
    pdf.pages[0].obj.Resources = Dictionary(Font=Dictionary(A=pdf.make_indirect(font)))


def act_in_a_drawing(pdf: pikepdf.Pdf) -> None:
    act = Dictionary(O=action("Launch", F="cmd.exe"))
    form = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9], AA=act)
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(A=form))


def attach_deep_in_names(pdf: pikepdf.Pdf) -> None:
    leaf = pdf.make_indirect(Dictionary(Limits=["a", "a"], Names=[String("a"), attached(pdf)[0]]))
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Kids=[leaf]))


def act_on_a_field(pdf: pikepdf.Pdf) -> None:
    make_form(pdf)
    pdf.Root.AcroForm.Fields[0].AA = Dictionary(K=action("JavaScript", JS="1"), C=action("ResetForm"))
    pdf.Root.AcroForm.CO = pdf.Root.AcroForm.Fields


SPOILS: dict[str, tuple[Spoil, str]] = {
    "launch": (click("Launch", F="cmd.exe"), "lancement"),
    "launch-after": (click("URI", URI="https://exemple.fr", Next=action("Launch", F="cmd.exe")), "lancement"),
    "script": (click("JavaScript", JS="1"), "JavaScript"),
    "submit": (click("SubmitForm", F="http://x.fr"), "formulaire"),
    "other-file": (click("GoToR", F="autre.pdf", D=[0, Name.Fit]), "autre fichier"),
    "attached-file": (click("GoToE", D=[0, Name.Fit]), "fichier joint"),
    "import": (click("ImportData", F="x.fdf"), "lecture"),
    "attachment": (attach, "fichier joint"),
    "open": (open_with_script, "JavaScript"),
    "named-script": (name_a_script, "JavaScript"),
    "page-action": (act_on_page, "lancement"),
    "mouse": (act_under_the_mouse, "JavaScript"),
    "form": (make_form, "formulaire"),
    "attached-note": (attach_to_page, "fichier joint"),
    "sound": (lambda pdf: note(pdf, "Movie", Movie=Dictionary(F="a.avi")), "son ou une vidéo"),
    "reference": (draw_another_file, "autre fichier"),
    "attached-drawing": (attach_to_drawing, "fichier joint"),
    "attached-text": (attach_to_text, "fichier joint"),
    "attached-font": (attach_to_font, "fichier joint"),
    "drawing-action": (act_in_a_drawing, "lancement"),
    "deep-attachment": (attach_deep_in_names, "fichier joint"),
    "field-action": (act_on_a_field, "JavaScript"),
    "rendition": (click("Rendition", JS=String("1"), OP=0), "son ou une vidéo"),
    "three-dimensions": (lambda pdf: note(pdf, "3D", **{"3DD": pdf.make_stream(b"U3D")}), "trois dimensions"),
    "rich-media": (lambda pdf: note(pdf, "RichMedia", RichMediaContent=Dictionary()), "son ou une vidéo"),
    "stream-elsewhere": (draw_a_stream_elsewhere, "autre fichier"),
}  # fmt: skip


SILENT: dict[str, Spoil] = {
    "thread": click("Thread", F="autre.pdf", D=0),
    "hide": click("Hide", T="nom"),
    "layers": click("SetOCGState", State=Array([Name.Toggle])),
    "reset": click("ResetForm"),
    "view": click("GoTo3DView"),
    "named": click("Named", N=Name.Print),
    "transition": lambda pdf: pdf.pages[0].obj.__setattr__("Trans", Dictionary(S=Name.Fly)),
    "address": click("URI", URI="file:///etc/passwd"),
}  # fmt: skip


def annex(path: Path, spoil: Spoil) -> Annex:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(300, 300))
        spoil(pdf)
        pdf.save(path)
    return Annex(path, "Annexe 1")


def joined(annex: Annex, tmp_path: Path) -> tuple[bytes, list[Problem]]:
    """The whole, uncompressed, and what was told."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    claims, _, problems = append_annexes(pdf, Job(b"", tmp_path / "c.pdf", annexes=(annex,)), "C", Profile.PDF)
    describe(pdf, "C", None, claims)
    pdf.save(tmp_path / "whole.pdf", compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.all,
             object_stream_mode=pikepdf.ObjectStreamMode.disable)  # fmt: skip
    return (tmp_path / "whole.pdf").read_bytes(), problems


@pytest.mark.parametrize("name", SPOILS)
def test_what_acts_does_not_come_along_and_is_told(tmp_path: Path, name: str) -> None:
    spoil, word = SPOILS[name]
    data, problems = joined(annex(tmp_path / "a.pdf", spoil), tmp_path)
    assert [sign for sign in ACTS if sign in data] == []
    (problem,) = problems
    assert problem.code == "annex-passive"
    assert word in problem.message


@pytest.mark.parametrize("name", SILENT)
def test_what_does_little_does_not_come_along_either(tmp_path: Path, name: str) -> None:
    data, problems = joined(annex(tmp_path / "a.pdf", SILENT[name]), tmp_path)
    assert [sign for sign in (*ACTS, b"/Annots", b"/Trans", b"etc/passwd") if sign in data] == []
    assert problems == []


def test_a_filled_form_still_shows_its_values(tmp_path: Path) -> None:
    data, _ = joined(annex(tmp_path / "a.pdf", make_form), tmp_path)
    assert b"Hem" in data


@pytest.mark.parametrize(("address", "stays"), [
    ("https://exemple.fr", True), ("mailto:mairie@exemple.fr", True), ("file:///etc/passwd", False),
    ("javascript:alert(1)", False), ("smb://exemple/x", False),
])  # fmt: skip
def test_links_to_the_web_stay_unless_they_are_not_wanted(tmp_path: Path, address: str, stays: bool) -> None:
    made = annex(tmp_path / "a.pdf", click("URI", URI=String(address)))
    assert (address.encode() in joined(made, tmp_path)[0]) is stays
    assert address.encode() not in joined(Annex(made.path, "A", links=False), tmp_path)[0]


def test_an_annex_that_does_nothing_is_as_it_was(tmp_path: Path) -> None:
    made = annex(
        tmp_path / "a.pdf", lambda pdf: setattr(pdf.pages[0].obj, "Contents", pdf.make_stream(b"0 0 9 9 re f"))
    )
    with pikepdf.open(made.path) as pdf:
        assert make_passive(pdf, links=True) == []
        assert pdf.pages[0].Contents.read_bytes() == b"0 0 9 9 re f"


def test_a_claim_is_checked_on_the_whole(tmp_path: Path) -> None:
    """This annex says that it is PDF/A and would launch a program: disarmed, the whole is what it claims."""
    pdf = pikepdf.open(HOSTILE)
    claims, pieces, problems = append_annexes(
        pdf, Job(b"", tmp_path / "c.pdf", annexes=(Annex(HOSTILE, "A"),)), "C", Profile.PDFA_2B
    )
    assert (claims.part, [problem.code for problem in problems]) == (2, ["annex-passive"])
    assert len(pieces) == 1


def test_an_annex_that_lies_about_its_standard_costs_the_claim(tmp_path: Path) -> None:
    """A font that is not in it: the metadata say PDF/A all the same."""
    with pikepdf.open(HOSTILE) as pdf:
        font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        pdf.pages[0].obj.Resources.Font = Dictionary(F9=font)
        pdf.pages[0].obj.Contents = pdf.make_stream(b"BT /F9 12 Tf 9 9 Td (Hem) Tj ET")
        pdf.save(tmp_path / "liar.pdf", fix_metadata_version=False)
    whole = pikepdf.open(HOSTILE)
    make_passive(whole, links=False)
    job = Job(b"", tmp_path / "c.pdf", annexes=(Annex(HOSTILE, "Un"), Annex(tmp_path / "liar.pdf", "Deux")))
    claims, pieces, _ = append_annexes(whole, job, "C", Profile.PDFA_2B)
    describe(whole, "C", None, claims)
    whole.save(tmp_path / "whole.pdf", fix_metadata_version=False)
    problem = breaks(whole, (tmp_path / "whole.pdf").read_bytes(), 2, pieces)
    assert problem is not None
    assert problem.code == "annex-not-pdfa"
    assert "« Deux »" in problem.message
    assert "« Un »" not in problem.message


BOMB = """
import re, sys
from pathlib import Path
from conventool.pdf.annexes import append_annexes
from conventool.pdf.jobs import Annex, Job
from conventool.pdf.profiles import Profile
import pikepdf
pdf = pikepdf.new()
pdf.add_blank_page()
_, joined, problems = append_annexes(
    pdf, Job(b"", Path("c.pdf"), annexes=(Annex(Path(sys.argv[1]), "A"),)), "C", Profile.PDFA_2B
)
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]  # its own, not that of who started it
print(len(joined), problems[0].code, int(peak) // 1024)
"""


def with_object_stream(data: bytes) -> bytes:
    """A PDF whose catalogue is in an object stream (ISO 32000-1, 7.5.7 and 7.5.8)."""
    keys = b"1 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length " + str(len(data)).encode()
    objects = b"%PDF-1.7\n" + keys + b">>stream\n" + data + b"\nendstream endobj\n"
    rows = [(0, 0, 0), (1, 9, 0), (1, len(objects), 0), (2, 1, 0)]
    table = b"".join(kind.to_bytes(1) + place.to_bytes(4) + rank.to_bytes(1) for kind, place, rank in rows)
    keys = b"2 0 obj<</Type/XRef/Size 10/W[1 4 1]/Root 9 0 R/Index[0 3 9 1]/Length " + str(len(table)).encode()
    end = b"\nendstream endobj\nstartxref\n" + str(len(objects)).encode() + b"\n%%EOF"
    return objects + keys + b">>stream\n" + table + end


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is told otherwise")
@pytest.mark.parametrize("where", ["metadata", "objects"])
def test_a_stream_that_inflates_without_end_is_refused(tmp_path: Path, where: str) -> None:
    """A megabyte that is far more once inflated: told, and not taken into memory."""
    deflate, blank = zlib.compressobj(9), b" " * (1 << 20)
    packed = [deflate.compress(b"9 0 <</A/B>>"), *(deflate.compress(blank) for _ in range(256)), deflate.flush()]
    if where == "metadata":
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            pdf.Root.Metadata = pikepdf.Stream(pdf, b"")
            pdf.Root.Metadata.write(b"".join(packed), filter=Name.FlateDecode)
            pdf.save(tmp_path / "a.pdf", fix_metadata_version=False)
    else:
        (tmp_path / "a.pdf").write_bytes(with_object_stream(b"".join(packed)))
    run = [sys.executable, "-c", BOMB, str(tmp_path / "a.pdf")]
    told = subprocess.run(run, capture_output=True, text=True, check=True, timeout=60).stdout.split()
    assert told[:2] == ["0", "annex-unreadable"]
    assert int(told[2]) < 300
