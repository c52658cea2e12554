"""Fields on paper: LibreOffice renews what it renews as Word does; of all others the last result is printed."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from conventool.commands.pdf import PdfOptions, pdf
from conventool.core.watch import NOBODY
from conventool.word.print_copy import Copier
from documents.producers import field, p, run

from .conftest import make_docx
from .test_lean import root_of, text_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{id_}"><w:name w:val="{name}"/></w:style>'
    for id_, name in (("Titre1", "heading 1"), ("Titre2", "heading 2"), ("Legende", "caption"), ("Article", "Article"))
)


def styled(style: str, *pieces: str) -> str:
    return p(*pieces).replace("<w:p>", f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>', 1)


def marked(name: str, text: str) -> str:
    return f'<w:bookmarkStart w:id="1" w:name="{name}"/>{run(text)}<w:bookmarkEnd w:id="1"/>'


def table_of_contents(code: str, *lines: str) -> str:
    """A field of several paragraphs, as Word writes it."""
    first, *others = lines
    begin, end = field(code.replace('"', "&quot;"), first).split(run(first))
    return p(begin, run(first)) + "".join(map(p, others)) + p(end)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ('IF 1 = 1 "ancien" "x"', "IF"), ("COMPARE 1 = 1", "COMPARE"), ("SECTIONPAGES", "SECTIONPAGES"),
        ("NOTEREF Nom", "NOTEREF"), ('STYLEREF "Titre 2"', "STYLEREF"), ("REF Nom \\r", "REF"), ("REF Nom \\p", "REF"),
        ("REF Absent", "REF"), ("REF Nom \\* Upper", "REF"), ("PAGEREF Absent", "PAGEREF"),
        ("PAGEREF Nom \\p", "PAGEREF"), ("SEQ Figure \\c", "SEQ"), ("SEQ Figure \\* ARABIC \\s 1", "SEQ"),
        ("TITLE", ""), ("NUMWORDS", ""), ("= 1 + 1", ""), ("SAVEDATE", ""), ("DOCPROPERTY Service", ""),
    ],
)  # fmt: skip
def test_what_libreoffice_makes_otherwise_is_printed_as_word_left_it(code: str, told: str) -> None:
    """It prints nothing for IF, an English word for a position, an error for a bookmark that is not there."""
    body = p("Avant ", field(code.replace('"', "&quot;"), "ancien"), " après") + styled("Titre1", marked("Nom", "Hem"))
    copy = Copier().copy(make_docx(body, STYLES), "a.docx")
    assert "".join(text_of(copy).split()) == "AvantancienaprèsHem"
    assert not list(root_of(copy, "word/document.xml").iter(f"{W}fldChar", f"{W}instrText"))
    assert copy.old == ((told,) if told else ())
    assert not copy.tables


@pytest.mark.parametrize(
    "code",
    ["PAGE", "NUMPAGES", "PAGEREF Nom \\h", "REF Nom \\h", "SEQ Figure \\* ARABIC", "SEQ Figure \\r 7", "DATE",
     'HYPERLINK "https://exemple.fr"', "SET x 1", "FORMTEXT"],
)  # fmt: skip
def test_what_it_makes_as_word_does_stays_a_field(code: str) -> None:
    body = p(field(code.replace('"', "&quot;"), "ancien")) + styled("Titre1", marked("Nom", "Hem"))
    copy = Copier().copy(make_docx(body, STYLES), "a.docx")
    assert [one.text for one in root_of(copy, "word/document.xml").iter(f"{W}instrText")]
    assert copy.old == ()


def test_a_style_s_text_that_is_the_document_s_is_not_told() -> None:
    body = styled("Titre1", run("Objet")) + p(
        field("STYLEREF 1", "Objet"), field("STYLEREF &quot;Titre 1&quot;", "Objet")
    )
    assert Copier().copy(make_docx(body, STYLES), "a.docx").old == ()
    assert Copier().copy(make_docx(body.replace(">Objet<", ">But<", 1), STYLES), "a.docx").old == ("STYLEREF",)


def test_numbers_are_counted_all_or_none() -> None:
    """Those that LibreOffice counts would be too low behind one that it does not."""
    body = p(field("SEQ Figure \\* ARABIC", "1")) + p(field("SEQ Figure \\n \\s 1", "5"))
    copy = Copier().copy(make_docx(body, STYLES), "a.docx")
    assert text_of(copy) == "15"
    assert copy.old == ("SEQ",)


def test_a_table_that_libreoffice_cannot_make_stays_as_it_is() -> None:
    for code in ("TOC \\b Nom", "TOC \\o &quot;1-2&quot; \\n", "INDEX", "TOA"):
        body = table_of_contents(code, "Ancien un\t1", "Ancien deux\t2")
        copy = Copier().copy(make_docx(body, STYLES), "a.docx")
        assert text_of(copy).startswith("Ancien un")
        assert (copy.tables, copy.old) == (False, (code.split()[0],))
        assert not list(root_of(copy, "word/document.xml").iter(f"{W}fldChar"))


@pytest.mark.slow
def test_tables_of_contents_are_renewed(tmp_path: Path) -> None:
    """By what each asks for; those that are not renewed are told, in ``pdf`` too."""
    body = (
        styled("Titre1", run("Objet"))
        + '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
        + styled("Titre2", run("Durée"))
        + '<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:r><w:t>Au plan</w:t></w:r></w:p>'
        + styled("Article", run("Article clair"))
        + styled("Legende", run("Figure "), field("SEQ Figure \\* ARABIC", "55"), run(" : carte"))
    )
    wanted = {
        'TOC \\o "1-2" \\h \\z \\u': ["Objet1", "Durée2", "Auplan2"],
        'TOC \\o "1-2"': ["Objet1", "Durée2"],
        'TOC \\o "1-1"': ["Objet1"],
        'TOC \\h \\t "Article;1"': ["Articleclair2"],
        'TOC \\c "Figure"': ["Figure1:carte2"],
        'TOC \\o "1-2" \\n': ["Ancien9"],
    }
    for rank, code in enumerate(wanted):
        document = make_docx(table_of_contents(code, "Ancien 9") + body, STYLES)
        (tmp_path / f"{rank}.docx").write_bytes(document)
    report = pdf(sorted(tmp_path.glob("*.docx")), PdfOptions(), NOBODY)
    for rank, lines in enumerate(wanted.values()):
        with pypdfium2.PdfDocument(tmp_path / f"{rank}.pdf") as made:
            shown = made[0].get_textpage().get_text_bounded().splitlines()
        squeezed = ["".join(line.replace(".", "").split()) for line in shown]
        assert [line for line in squeezed if line][: len(lines) + 1] == [*lines, "Objet"]
    told = [one.place.file for one in report.problems if one.code == "stale-field"]
    assert [Path(str(file)).name for file in told] == ["5.docx"]
