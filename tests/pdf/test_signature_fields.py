"""Empty signature fields: where they go on a page, what they are in the file, what else a PDF may not hold."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from conventool.pdf.jobs import SignatureField
from conventool.pdf.signature_fields import add_fields, fields_of, has_other_fields
from conventool.pdf.signature_places import Box, NoPlaceError, Place, find_places

Line = tuple[float, float, str]
TEXTS = ("Pour la Commune", "Pour le Centre")
FIELDS = tuple(SignatureField(f"{rank}_x", text, text) for rank, text in enumerate(TEXTS, 1))


def pages(*contents: Sequence[Line | str]) -> bytes:
    """A PDF of which each page shows lines of Helvetica, 10 points, from their left end; or draws as it is told."""
    with pikepdf.new() as pdf:
        font = pdf.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
        )
        for content in contents:
            page = pdf.add_blank_page(page_size=(595, 842))
            page.obj.Resources = Dictionary(Font=Dictionary(F=font))
            drawn = [one if isinstance(one, str) else "BT /F 10 Tf {} {} Td ({}) Tj ET".format(*one) for one in content]
            page.contents_add("\n".join(drawn).encode("cp1252"))
        out = BytesIO()
        pdf.save(out)
    return out.getvalue()


def block(x: float, text: str, *below: Line | str) -> list[Line | str]:
    return [(x, 400, text), *below]


def places(*contents: Sequence[Line | str], fields: Sequence[SignatureField] = FIELDS) -> list[Place]:
    """The places on such pages, each clear of every word as Poppler places it."""
    data = pages(*contents)
    found = find_places(data, fields)
    for place in found:
        assert not [word for word in words(data, place.page) if meets(place.box, word)]
        assert place.box == tuple(map(round, place.box))
    return found


def words(data: bytes, page: int) -> list[Box]:
    told = subprocess.run(
        ["pdftotext", "-bbox", "-f", str(page + 1), "-l", str(page + 1), "-", "-"],
        input=data, capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip
    found = []
    for line in told.splitlines():
        if "<word" in line:
            left, top, right, bottom = (float(part.split('"')[0]) for part in line.split('="')[1:5])
            found.append(Box(left, 842 - bottom, right, 842 - top))
    return found


def meets(one: Box, other: Box) -> bool:
    return one.left < other.right and other.left < one.right and one.bottom < other.top and other.bottom < one.top


@pytest.fixture(autouse=True, scope="module")
def _poppler() -> None:
    try:
        subprocess.run(["pdftotext", "-v"], capture_output=True, check=False)
    except OSError:
        pytest.skip("pdftotext is not installed")


def test_side_by_side_each_stays_in_its_column() -> None:
    one, other = places([*block(80, TEXTS[0], (90, 300, "Jeanne MARTIN")), *block(380, TEXTS[1], (390, 300, "Zoé"))])
    assert one.box.right < other.box.left
    assert one.box.left >= 80
    assert (one.box.top, other.box.top) == (393, 393)
    assert one.box.bottom >= 308


def test_one_below_the_other() -> None:
    one, other = places([*block(80, TEXTS[0], (80, 320, "Jeanne MARTIN")), (80, 290, TEXTS[1]), (80, 200, "Zoé")])
    assert one.box.bottom > 320 > other.box.top
    assert other.box.bottom > 200


def test_a_title_of_several_lines_and_a_long_name_are_left_clear() -> None:
    title = [(85, 388.0 - 12 * rank, "Adjointe déléguée aux finances") for rank in range(5)]
    (place,) = places([*block(80, TEXTS[0], *title, (85, 250, "Jeanne"))], fields=FIELDS[:1])
    assert place.box.top < 388 - 12 * 4
    assert place.box.bottom > 250


def test_the_page_need_not_be_the_last() -> None:
    found = places([(80, 700, "Article 1")], [*block(80, TEXTS[0]), *block(380, TEXTS[1])], [(80, 700, "Annexe")])
    assert [place.page for place in found] == [1, 1]


def test_blocks_may_be_on_two_pages() -> None:
    assert [place.page for place in places(block(80, TEXTS[0]), block(80, TEXTS[1]))] == [0, 1]


def test_a_text_may_be_broken_over_two_lines() -> None:
    (place,) = places([(80, 400, "Pour la"), (80, 388, "Commune"), (80, 300, "Jeanne")], fields=FIELDS[:1])
    assert place.box.top < 388


def test_lines_may_be_set_close_to_each_other() -> None:
    """Their room overlaps; the title is left clear all the same."""
    (place,) = places([*block(80, TEXTS[0], (85, 394, "La Maire"), (85, 300, "Jeanne"))], fields=FIELDS[:1])
    assert place.box.top < 394


def test_a_style_may_print_capitals() -> None:
    """As written comes first: the same words in another case elsewhere are another text."""
    (place,) = places([*block(80, TEXTS[0].upper(), (85, 300, "Jeanne"))], fields=FIELDS[:1])
    (other,) = places([(80, 700, TEXTS[0].upper()), *block(80, TEXTS[0], (85, 300, "Jeanne"))], fields=FIELDS[:1])
    assert place.box == other.box


def test_a_frame_and_a_rule_bound_the_column() -> None:
    frame, rule = "70 280 200 140 re S", "400 250 m 400 450 l S"
    one, other = places(
        [frame, rule, *block(80, TEXTS[0]), *block(410, TEXTS[1]), (40, 700, "Article"), (500, 700, "Article")]
    )
    assert (one.box.left > 70, one.box.right < 270, one.box.bottom > 280) == (True, True, True)
    assert other.box.left > 400


def test_a_signature_is_no_wider_nor_higher_than_it_needs() -> None:
    (place,) = places([*block(250, TEXTS[0]), (40, 700, "x" * 100)], fields=FIELDS[:1])
    left, bottom, right, top = place.box
    assert right - left <= 190
    assert top - bottom <= 90
    assert left < 285 < right


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([*block(80, TEXTS[0])], "« Pour le Centre » (0 fois)"),
        ([*block(80, TEXTS[0]), *block(380, TEXTS[1]), (80, 600, TEXTS[0])], "« Pour la Commune » (2 fois)"),
        ([*block(80, TEXTS[0], *((85, 385.0 - 14 * n, "Lu") for n in range(27))), *block(380, TEXTS[1])],
         "sous « Pour la Commune », aucun espace vide"),
        ([(80, 50, TEXTS[0]), (380, 50, TEXTS[1])], "sous « Pour la Commune », aucun espace vide"),
        (["200 0 m 200 842 l S 130 0 m 130 842 l S", (132, 400, TEXTS[0]), (380, 400, TEXTS[1])],
         "sous « Pour la Commune », aucun espace vide"),
    ],
    ids=["one missing", "twice", "full", "at the foot", "too narrow"],
)  # fmt: skip
def test_without_a_place_it_is_said_why(content: list[Line | str], said: str) -> None:
    with pytest.raises(NoPlaceError, match="--signature") as caught:
        find_places(pages(content), FIELDS)
    assert said in str(caught.value).replace("\u00a0", " ")


def test_without_any_of_the_texts_there_are_no_places() -> None:
    assert find_places(pages([(80, 700, "Une lettre")]), FIELDS) == []


# --- In the file -------------------------------------------------------------------------------------------


def signable(path: Path) -> pikepdf.Pdf:
    data = pages([(80, 700, "Article 1")], [*block(80, TEXTS[0]), *block(380, TEXTS[1])])
    with pikepdf.open(BytesIO(data)) as pdf:
        assert add_fields(pdf, data, FIELDS)
        pdf.save(path)
    return pikepdf.open(path)


def test_a_field_is_empty_and_printed_and_has_a_look(tmp_path: Path) -> None:
    """As ISO 19005-2 asks (6.3.2, 6.3.3, 6.4.1), and as platforms find it."""
    with signable(tmp_path / "a.pdf") as pdf:
        assert set(pdf.Root.AcroForm.keys()) == {"/Fields", "/SigFlags"}
        fields = list(pdf.Root.AcroForm.Fields)
        assert [str(field.T) for field in fields] == ["1_x", "2_x"]
        assert [one.objgen for one in pdf.pages[1].Annots] == [field.objgen for field in fields]
        for field in fields:
            assert (str(field.FT), str(field.Subtype), int(field.F)) == ("/Sig", "/Widget", 4)
            assert not {"/V", "/A", "/AA"} & set(field.keys())
            left, bottom, right, top = map(float, field.Rect)
            assert set(field.AP.keys()) == {"/N"}
            assert list(map(float, field.AP.N.BBox)) == [0, 0, right - left, top - bottom]
            assert field.AP.N.read_bytes() == b""


def test_fields_are_read_back(tmp_path: Path) -> None:
    with signable(tmp_path / "a.pdf") as pdf:
        boxes = [tuple(map(float, field.Rect)) for field in pdf.Root.AcroForm.Fields]
    assert [(one.name, one.page, tuple(one.box)) for one in fields_of(tmp_path / "a.pdf")] == [
        ("1_x", 2, boxes[0]), ("2_x", 2, boxes[1]),
    ]  # fmt: skip


def test_the_same_bytes_again(tmp_path: Path) -> None:
    data = pages([*block(80, TEXTS[0]), *block(380, TEXTS[1])])
    saved = []
    for _ in range(2):
        with pikepdf.open(BytesIO(data)) as pdf:
            add_fields(pdf, data, FIELDS)
            out = BytesIO()
            pdf.save(out, deterministic_id=True)
            saved.append(out.getvalue())
    assert saved[0] == saved[1]


def other(pdf: pikepdf.Pdf, kind: str) -> None:
    fields = pdf.Root.AcroForm.Fields
    match kind:
        case "text":
            fields.append(pdf.make_indirect(Dictionary(FT=Name.Tx, T="nom")))
        case "signed":
            fields[0].V = Dictionary(Type=Name.Sig)
        case "group":
            fields[0].Kids = Array([])
        case "no fields":
            pdf.Root.AcroForm.Fields = Array([])
        case "XFA":
            pdf.Root.AcroForm.XFA = pdf.make_stream(b"<xdp/>")
        case "appearances":
            pdf.Root.AcroForm.NeedAppearances = True


@pytest.mark.parametrize("kind", ["text", "signed", "group", "no fields", "XFA", "appearances"])
def test_empty_signature_fields_pass_and_nothing_else(tmp_path: Path, kind: str) -> None:
    with signable(tmp_path / "a.pdf") as pdf:
        assert not has_other_fields(pdf)
        other(pdf, kind)
        assert has_other_fields(pdf)
    with pikepdf.new() as plain:
        assert not has_other_fields(plain)
