"""The copy for LibreOffice says what the document says, and holds nothing that would change its look."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from io import BytesIO

import pytest
from lxml import etree

from conventool import Template
from conventool.core.errors import TemplateError
from conventool.word.print_copy import Copier, PrintCopy

from .conftest import make_docx, paragraph

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PROMPT_STYLE = '<w:style w:type="character" w:styleId="Invite"><w:name w:val="Placeholder Text"/></w:style>'


def control(text: str, *, flag: bool = False, style: str = "", tag: str = "") -> str:
    look = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    properties = (f'<w:tag w:val="{tag}"/>' if tag else "") + ("<w:showingPlcHdr/>" if flag else "")
    return (
        f"<w:sdt><w:sdtPr>{properties}<w:text/></w:sdtPr><w:sdtContent><w:r>{look}<w:t>{text}</w:t></w:r>"
        "</w:sdtContent></w:sdt>"
    )


def style(name: str, *, based_on: str = "", default: bool = False, font: str = "") -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"{" w:default=" + chr(34) + "1" + chr(34) if default else ""}>'
        f'<w:name w:val="{name}"/>'
        + (f'<w:basedOn w:val="{based_on}"/>' if based_on else "")
        + (f'<w:rPr><w:rFonts w:ascii="{font}"/></w:rPr>' if font else "")
        + "</w:style>"
    )


def styled(name: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{name}"/></w:pPr><w:r><w:t>Texte</w:t></w:r></w:p>'


def root_of(copy: PrintCopy, part: str) -> etree._Element:
    with zipfile.ZipFile(BytesIO(copy.data)) as archive:
        return etree.fromstring(archive.read(part))


def text_of(copy: PrintCopy) -> str:
    return "".join(text.text or "" for text in root_of(copy, "word/document.xml").iter(f"{W}t"))


def styles_of(copy: PrintCopy) -> set[str | None]:
    return {element.get(f"{W}styleId") for element in root_of(copy, "word/styles.xml").iter(f"{W}style")}


def test_controls_go_and_their_text_stays() -> None:
    inner = control("dedans")
    block = f"<w:sdt><w:sdtContent><w:p>{inner}</w:p></w:sdtContent></w:sdt>"
    body = f"<w:p><w:r><w:t>Avant </w:t></w:r>{control('Hem')}</w:p>{block}"
    copy = Copier().copy(make_docx(body), "a.docx")
    assert text_of(copy) == "Avant Hemdedans"
    assert not list(root_of(copy, "word/document.xml").iter(f"{W}sdt"))


def test_a_prompt_is_not_printed_and_is_told() -> None:
    body = f"<w:p>{control('Choisissez un élément.', flag=True, style='Invite')}{control('Hem')}</w:p>"
    copy = Copier().copy(make_docx(body, PROMPT_STYLE), "a.docx")
    assert text_of(copy) == "Hem"
    assert copy.prompts == ("Choisissez un élément.",)


def test_a_line_left_to_write_on_is_printed() -> None:
    """In Word it has the flag of a prompt, so that a click replaces it, but not its look."""
    copy = Copier().copy(make_docx(f"<w:p>{control('…………', flag=True)}</w:p>", PROMPT_STYLE), "a.docx")
    assert text_of(copy) == "…………"
    assert copy.prompts == ()


def test_a_blank_of_the_engine_is_printed() -> None:
    from conventool import Blank

    body = f"<w:p>{control('Date.', flag=True, style='Invite', tag='date')}</w:p>"
    filled = Template.from_bytes(make_docx(body, PROMPT_STYLE)).fill({"tag:date": Blank("………")})
    assert text_of(Copier().copy(filled, "a.docx")) == "………"


def test_styles_that_nothing_uses_go() -> None:
    styles = style("Normal", default=True) + style("Base") + style("Titre", based_on="Base") + style("Inutile")
    assert styles_of(Copier().copy(make_docx(styled("Titre"), styles), "a.docx")) == {"Normal", "Base", "Titre"}


@pytest.mark.parametrize("field", [
    '<w:p><w:r><w:instrText> STYLEREF "Inutile" </w:instrText></w:r></w:p>',
    '<w:p><w:fldSimple w:instr=" TOC \\t &quot;Inutile;1&quot; "/></w:p>',
])  # fmt: skip
def test_styles_that_a_field_may_name_stay(field: str) -> None:
    assert "Inutile" in styles_of(Copier().copy(make_docx(field, style("Inutile")), "a.docx"))


def test_documents_that_share_their_styles_use_different_ones() -> None:
    """What is remembered of one document does not leak into the next."""
    copier, styles = Copier(), style("Un") + style("Deux")
    assert [styles_of(copier.copy(make_docx(styled(name), styles), "a.docx")) for name in ("Un", "Deux", "Un")] == [
        {"Un"}, {"Deux"}, {"Un"},
    ]  # fmt: skip


def test_fonts_asked_for_are_those_of_the_styles_used() -> None:
    styles = style("Titre", font="Calibri") + style("Inutile", font="Comic Sans MS")
    assert Copier().copy(make_docx(styled("Titre"), styles), "a.docx").families == {"Calibri", "Times New Roman"}


def test_the_date_is_the_documents_own() -> None:
    copier = Copier()
    dates = [copier.copy(make_docx("<w:p/>", modified=date), "a").modified for date in ("2024-02-29T23:59:59Z", "hier")]
    assert dates == [datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC), None]


def test_parts_that_hold_no_control_keep_their_bytes() -> None:
    data = make_docx(paragraph("Texte"))
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(BytesIO(Copier().copy(data, "a").data)) as new:
        assert new.namelist() == old.namelist()
        assert new.read("word/document.xml") == old.read("word/document.xml")


def test_what_is_no_document_is_refused_by_name() -> None:
    with pytest.raises(TemplateError, match=r"brouillon\.docx"):
        Copier().copy(b"bonjour", "brouillon.docx")
