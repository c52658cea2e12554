"""Fields that repeat what a document says: after filling they show what Word would, and what they cannot is told."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import docx
import pytest
import yaml
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from conventool.word.package import Package
from conventool.word.table_sums import Sum
from conventool.word.template import Mode, Template
from conventool.word.text_walker import visible_text
from documents.producers import control, field, p, run
from edits import MAIN, minimal, parts

CASES = Path(__file__).parents[1] / "cases" / "forms"
NOM = control("<w:text/>", "Nom du titulaire.", "nom")


def lines(data: bytes) -> list[str]:
    """What a reader sees in the main text, paragraph by paragraph."""
    package = Package(data, "x.docx")
    return visible_text(package.parse(package.main_part)).split("\n")


def marked(name: str, *pieces: str) -> str:
    inner = "".join(piece if piece.startswith("<") else run(piece) for piece in pieces)
    return f'<w:bookmarkStart w:id="7" w:name="{name}"/>{inner}<w:bookmarkEnd w:id="7"/>'


def simple(code: str, result: str) -> str:
    return f'<w:fldSimple w:instr="{code}">{run(result)}</w:fldSimple>'


@pytest.mark.parametrize(
    ("repeated", "shown"),
    [
        (field("REF Titulaire \\h", "x"), "l’Entreprise Hem & Cie, ci-après"),
        (field("REF titulaire", "x"), "l’Entreprise Hem & Cie, ci-après"),
        (field("Titulaire", "x"), "l’Entreprise Hem & Cie, ci-après"),
        (simple(" REF Titulaire ", "x"), "l’Entreprise Hem & Cie, ci-après"),
        (field("REF Titulaire \\* MERGEFORMAT", "x"), "l’Entreprise Hem & Cie, ci-après"),
        (field("REF Titulaire \\* Upper", "x"), "L’ENTREPRISE HEM & CIE, CI-APRÈS"),
        (field("REF Titulaire \\* FirstCap", "x"), "L’Entreprise Hem & Cie, ci-après"),
        (field('REF "Titulaire" \\* lower \\h', "x"), "l’entreprise hem & cie, ci-après"),
        (field("REF Titulaire \\r", "2.1"), "2.1"),
        (field("REF Titulaire \\p", "ci-dessus"), "ci-dessus"),
        (field("REF Autre", "Erreur ! Source du renvoi introuvable."), "Erreur ! Source du renvoi introuvable."),
        (field("PAGEREF Titulaire", "12"), "12"),
    ],
)
@pytest.mark.parametrize("mode", ["keep", "unwrap"])
def test_a_reference_repeats_its_bookmark(repeated: str, shown: str, mode: Mode) -> None:
    """Before it or after it, with the fixed words that the bookmark holds besides the control."""
    held = p("Entre ", marked("Titulaire", "l’Entreprise ", NOM, ", ci-après"), " et nous")
    template = Template.from_bytes(minimal(p("Avant : ", repeated) + held + p("Après : ", repeated)))
    filled = lines(template.fill({"nom": "Hem & Cie"}, mode))
    assert filled[0] == f"Avant : {shown}"
    assert filled[2] == f"Après : {shown}"
    assert filled[1] == "Entre l’Entreprise Hem & Cie, ci-après et nous"


def test_a_reference_of_a_reference_and_of_a_sum() -> None:
    """However they stand, each comes after what it repeats; one that repeats itself stays as it is."""
    chain = p(field("REF B", "x")) + p(marked("B", field("REF A", "x"))) + p(marked("A", NOM))
    assert lines(Template.from_bytes(minimal(chain)).fill({"nom": "Hem"}))[:3] == ["Hem"] * 3
    circle = p(NOM) + p(marked("A", "un ", field("REF A", "rond")))
    assert lines(Template.from_bytes(minimal(circle)).fill({"nom": "Hem"}))[1].startswith("un ")


def test_what_a_reference_shows_has_the_look_of_what_it_repeats() -> None:
    """Or, with MERGEFORMAT, its own; the look of a prompt is gone."""
    bold = control("<w:text/>", "", "nom", content=run("Nom.", "<w:b/>"))
    body = p(marked("A", bold)) + p(field("REF A", "x")) + p(field("REF A \\* MERGEFORMAT", "x"))
    main = parts(Template.from_bytes(minimal(body)).fill({"nom": "Hem"}))[MAIN].decode()
    assert main.count('<w:rPr><w:b/></w:rPr><w:t xml:space="preserve">Hem</w:t>') == 2
    assert main.count(">Hem</w:t>") == 3


@pytest.mark.parametrize(
    "kept",
    [
        field("REF A", "ancien").replace('fldCharType="begin"', 'fldCharType="begin" w:fldLock="1"', 1),
        field("TITLE", "ancien"),  # this document has no title
        field('TITLE "autre"', "ancien"),
        field('IF 1 = 1 "ancien" "x"', "ancien"),
        f'<w:del w:id="9" w:author="x">{field("REF A", "ancien")}</w:del>',
    ],
)
def test_what_word_would_not_renew_so_stays(kept: str) -> None:
    """Locked, deleted, or of another kind."""
    filled = Template.from_bytes(minimal(p(marked("A", NOM)) + p(kept))).fill({"nom": "Hem"})
    assert b">ancien</w:t>" in parts(filled)[MAIN]


def test_several_paragraphs_are_told_and_left() -> None:
    """The result would not be a text in its paragraph."""
    body = (
        p('<w:bookmarkStart w:id="1" w:name="A"/>', NOM)
        + p("suite", '<w:bookmarkEnd w:id="1"/>')
        + p(field("REF A", "x"))
    )
    template = Template.from_bytes(minimal(body))
    assert lines(template.fill({"nom": "Hem"}))[2] == "x"
    [told] = [problem for problem in template.warnings if problem.code == "stale-field"]
    assert ": REF." in told.message


def test_a_case_with_everything() -> None:
    """REF, TITLE, DOCPROPERTY, a sum and the header; the table of contents keeps what it said, and that is told."""
    template = Template.open(CASES / "01-champs-derives.docx")
    values = yaml.safe_load((CASES / "01.yaml").read_text(encoding="utf-8"))
    filled = lines(template.fill(values))
    assert "Article 2. L’adhérent Commune de Vieux-Lavoir s’engage." in filled
    assert "Rappel de l’objet : Prestations numériques." in filled
    assert "Rappel 2 : Prestations numériques." in filled
    assert "2000" in filled
    codes = [problem.code for problem in template.told_when_filled]
    assert codes == ["stale-field", "leftover-placeholder"]
    assert ": TOC." in template.told_when_filled[0].message
    package = Package(template.fill(values), "x.docx")
    [header] = [name for name in package.entries if name.startswith("word/header")]
    assert visible_text(package.parse(header)).strip() == "Convention avec Vieux-Lavoir"


def test_a_file_name_is_that_of_the_copy() -> None:
    """Nothing of where the template was kept."""
    template = Template.open(CASES / "02-nom-de-fichier.docx")
    data = template.fill({"nom": "Hem"}, file="convention_Hem.docx")
    footer = parts(data)["word/footer1.xml"].decode()
    assert footer.count(">convention_Hem.docx</w:t>") == 2
    assert "Modeles" not in footer
    assert template.fill({"nom": "Hem"}, file="convention_Hem.docx") == data


# --- Sums: expected values are what Word writes with a French system ---------------------------------------


@pytest.mark.parametrize(
    ("texts", "picture", "shown"),
    [
        (["1200", "800"], None, "2000"),
        (["1 200,50", "800"], None, "2 000,5"),
        (["1 200,50 €", "800 €"], None, "2 000,50 €"),
        (["12,5", "7,5"], None, "20"),
        (["1200.50", "0.25"], None, "1200,75"),
        (["1 200", "(200)"], None, "1 000"),
        (["-5", "3"], None, "-2"),
        (["Montant", "3"], None, "3"),
        (["12 mois", "8 mois"], None, "20"),
        ([], None, "0"),
        (["800", "1 200,5"], "# ##0,00 €", "2 000,50 €"),
        (["800", "1200,5"], "0,00", "2000,50"),
        (["800", "1200"], "#,##0", "2,000"),
        (["0,5", "0,25"], "#,##0.00", "0.75"),
        (["1", "2"], "00", "03"),
        (["0,1", "0,2"], "0,0##", "0,3"),
        (["2", "-5"], "0 'points';(0)", "(3)"),
    ],
)
def test_a_sum_is_written_as_the_picture_or_the_cells_say(texts: list[str], picture: str | None, shown: str) -> None:
    """Thousands, decimals and the euro sign as they have them."""
    assert Sum((), False, picture).result(texts) == shown


def test_an_empty_cell_ends_a_sum_of_those_above() -> None:
    """As in Word, which wants a 0 there; one of named cells goes on."""
    assert Sum((), True, None).result(["5", "", "7"]) == "5"
    assert Sum((), False, None).result(["5", "", "7"]) == "12"


def cells(*rows: str) -> str:
    made = "".join(f"<w:tr>{''.join(f'<w:tc>{p(cell)}</w:tc>' for cell in row.split('|'))}</w:tr>" for row in rows)
    return f"<w:tbl>{made}</w:tbl>"


@pytest.mark.parametrize(
    ("formula", "row", "shown"),
    [
        ("=SUM(ABOVE)", "Total|@|x", "30"),
        ("=SUM(LEFT)", "7|@|9", "7"),
        ("=sum( RIGHT )", "7|@|9", "9"),
        ("=SUM(B2:B3)", "x|@|x", "30"),
        ("=SUM(B2;C3)", "x|@|x", "15"),
        ("=SUM(A1:C3)", "x|@|x", "38"),
        ("=SUM(A1:B9)", "x|@|x", "x"),
        ("=AVERAGE(ABOVE)", "x|@|x", "x"),
        ("=B2+B3", "x|@|x", "x"),
    ],
)
def test_the_cells_of_a_sum(formula: str, row: str, shown: str) -> None:
    """By direction or by name; a cell that holds the sum, and what is no sum, stays as it is."""
    rows = ["Objet|Prix|Lot", "a|@|3", "b|20|5"]
    text = cells(*rows, row)
    first, rest = text.split(p("@"), 1)
    body = first + p(control("<w:text/>", "0", "prix")) + rest.replace(p("@"), p(field(formula, "x")))
    filled = lines(Template.from_bytes(minimal(body)).fill({"prix": "10"}))
    assert filled[10] == shown


def test_a_sum_of_repeated_rows() -> None:
    """Of as many as there are."""
    item = "<w:sdt><w:sdtPr><w15:repeatingSectionItem/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    row = f"<w:tr><w:tc>{p('lot')}</w:tc><w:tc>{p(control('<w:text/>', 'Prix.', 'prix'))}</w:tc></w:tr>"
    section = f'<w:sdt><w:sdtPr><w:tag w:val="lots"/><w15:repeatingSection/></w:sdtPr><w:sdtContent>{item.format(row)}'
    total = f"<w:tr><w:tc>{p('Total')}</w:tc><w:tc>{p(field('=SUM(ABOVE)', '0'))}</w:tc></w:tr>"
    body = f"<w:tbl>{section}</w:sdtContent></w:sdt>{total}</w:tbl>"
    template = Template.from_bytes(minimal(body))
    lots = [{"prix": "100 €"}, {"prix": "50,50 €"}, {"prix": "1 000 €"}]
    assert "1 150,50 €" in lines(template.fill({"lots": lots}))


def with_headings(*blocks: str, header: str = "") -> Template:
    """A form with styles for headings, and a header."""
    document = docx.Document()
    for rank, block in enumerate(blocks):
        document.element.body.insert(rank, parse_xml(block.replace("<w:p>", f"<w:p {nsdecls('w')}>", 1)))
    if header:
        document.sections[0].header.paragraphs[0]._p.extend(
            parse_xml(p(header).replace("<w:p>", f"<w:p {nsdecls('w')}>", 1))
        )
    out = BytesIO()
    document.save(out)
    return Template.from_bytes(out.getvalue())


def heading(level: int, *pieces: str) -> str:
    return p(*pieces).replace("<w:p>", f'<w:p><w:pPr><w:pStyle w:val="Heading{level}"/></w:pPr>', 1)


def test_a_style_s_field_repeats_the_last_paragraph_before_it() -> None:
    """Else the first behind it; by the style's English or French name, or by its level."""
    filled = with_headings(
        p(field("STYLEREF &quot;Titre 1&quot;", "x")),
        heading(1, "Mission ", NOM),
        p(field("STYLEREF 1", "x"), " ; ", field("STYLEREF &quot;heading 1&quot; \\* Upper", "x")),
        heading(1, "Prix"),
        p(field("STYLEREF 1", "x"), " ; ", field("STYLEREF 2", "ancien"), " ; ", field("STYLEREF 1 \\n", "2")),
    ).fill({"nom": "Hem"})
    shown = lines(filled)
    assert (shown[0], shown[2], shown[4]) == ("Mission Hem", "Mission Hem ; MISSION HEM", "Prix ; ancien ; 2")


def test_in_a_header_it_is_known_where_there_is_one_such_paragraph_only() -> None:
    """Of several it is the one on the page, which Word alone knows: it stays, and is told."""
    styled = field("STYLEREF 1", "ancien")
    one = with_headings(heading(1, "Mission ", NOM), header=styled)
    two = with_headings(heading(1, "Mission ", NOM), heading(1, "Prix"), header=styled)
    told = [[problem.code for problem in form.told_when_filled].count("stale-field") for form in (one, two)]
    assert told == [0, 1]
    for form, shown in ((one, "Mission Hem"), (two, "ancien")):
        package = Package(form.fill({"nom": "Hem"}), "x.docx")
        [name] = [name for name in package.entries if "header" in name and "rels" not in name]
        assert visible_text(package.parse(name)).strip() == shown
