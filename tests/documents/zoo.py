"""A zoo: one small document for every kind, level and oddity of content controls that real files show.

Each function of ``ZOO`` makes one document; its name says what lives in it. README.md says where each is from.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from documents.make import (
    TRANSITIONAL,
    Part,
    bookmark,
    bound,
    cell,
    custom_xml,
    docx,
    p,
    prompt,
    r,
    row,
    sdt,
    story,
    table,
    text_box,
)

__all__ = ["FRENCH_LIST", "PICTURE", "STORE", "ZOO"]

STORE = "{8A7E1A8B-7E4C-4B1F-9D51-0F6E4E0D3C11}"
CORE = "{6C3C8BC8-F283-45AE-878A-BAB7291924A1}"
CORE_PREFIXES = (
    "xmlns:ns0='http://purl.org/dc/elements/1.1/' "
    "xmlns:ns1='http://schemas.openxmlformats.org/package/2006/metadata/core-properties' "
)
TEXT = "<w:text/>"
MULTILINE = '<w:text w:multiLine="1"/>'
RICH = "<w:richText/>"
FRENCH_DATE = (
    '<w:date><w:dateFormat w:val="d MMMM yyyy"/><w:lid w:val="fr-FR"/>'
    '<w:storeMappedDataAs w:val="dateTime"/><w:calendar w:val="gregorian"/></w:date>'
)
FRENCH_LIST = (
    '<w:dropDownList><w:listItem w:value="Choisissez un élément."/>'
    '<w:listItem w:displayText="La Commune" w:value="commune"/>'
    '<w:listItem w:displayText="L’Établissement public" w:value="ep"/><w:listItem w:value="Autre"/></w:dropDownList>'
)
FRENCH_COMBO = FRENCH_LIST.replace("dropDownList", "comboBox")
CHECKBOX = (
    '<w14:checkbox><w14:checked w14:val="0"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
    '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox>'
)
SECTION = "<w15:repeatingSection/>"
ITEM = "<w15:repeatingSectionItem/>"
TOC = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj>'
PICTURE = "<w:picture/>"
GROUP = "<w:group/>"
FILLABLE = {
    "text": TEXT,
    "lignes": MULTILINE,
    "riche": RICH,
    "sans": "",
    "liste": FRENCH_LIST,
    "combo": FRENCH_COMBO,
    "date": FRENCH_DATE,
    "case": CHECKBOX,
}

ZOO: dict[str, Callable[[], bytes]] = {}


def _lives_in(make: Callable[[], bytes]) -> Callable[[], bytes]:
    ZOO[make.__name__] = make
    return make


@_lives_in
def every_kind_in_a_run() -> bytes:
    return docx(
        "".join(
            p(r("Avant ") + sdt(prompt(), kind, tag=f"run-{name}", showing=True, identifier=100 + n) + r(" après."))
            for n, (name, kind) in enumerate(FILLABLE.items())
        )
    )


@_lives_in
def every_kind_in_a_block() -> bytes:
    return docx(
        "".join(
            sdt(p(prompt(), '<w:jc w:val="center"/>'), kind, tag=f"bloc-{name}", showing=True)
            for name, kind in FILLABLE.items()
        )
    )


@_lives_in
def every_kind_in_a_cell() -> bytes:
    return docx(
        table(
            *(
                row(cell(p(r(name))), sdt(cell(p(prompt())), kind, tag=f"cellule-{name}", showing=True))
                for name, kind in FILLABLE.items()
            ),
            columns=2,
        )
        + p()
    )


@_lives_in
def every_kind_in_a_row() -> bytes:
    return docx(
        table(
            row(cell(p(r("Titre")))),
            *(sdt(row(cell(p(prompt()))), kind, tag=f"ligne-{name}", showing=True) for name, kind in FILLABLE.items()),
        )
        + p()
    )


@_lives_in
def kinds_that_are_not_filled() -> bytes:
    return docx(
        sdt(p(r("Sommaire")), TOC, tag="sommaire")
        + p(sdt(r("[Dupont 2020]"), "<w:citation/>", tag="citation"))
        + p(sdt(r("image"), PICTURE, tag="image"))
        + sdt(p(r("Bibliographie")), "<w:bibliography/>", tag="biblio")
        + sdt(p(r("Groupe ") + sdt(r("dedans"), TEXT, tag="dans-groupe")), GROUP, tag="groupe")
        + p(sdt(r("x = 1"), "<w:equation/>", tag="équation"))
    )


@_lives_in
def nested_four_deep() -> bytes:
    inner = p(sdt(r("d ") + sdt(r("e"), TEXT, tag="e"), RICH, tag="d"))
    return docx(
        sdt(sdt(sdt(inner, RICH, tag="c"), RICH, tag="b"), RICH, tag="a")
        + table(row(sdt(sdt(cell(p(prompt())), TEXT, tag="cellule", showing=True), "", tag="autour")))
        + table(sdt(sdt(row(cell(p(prompt()))), TEXT, tag="rangée", showing=True), "", tag="enveloppe"))
        + sdt(table(row(cell(p(r("en table "))), cell(sdt(p(prompt()), TEXT, tag="f", showing=True)))), tag="g")
        + p()
    )


@_lives_in
def headers_footers_notes_and_comments() -> bytes:
    note = '<w:{0} w:id="1">{1}</w:{0}>'
    separator = '<w:{0} w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:{0}>'
    return docx(
        p(
            r("Texte")
            + '<w:r><w:footnoteReference w:id="1"/></w:r><w:r><w:endnoteReference w:id="1"/></w:r>'
            + '<w:commentRangeStart w:id="1"/>'
            + sdt(
                r("commenté") + '<w:commentRangeEnd w:id="1"/><w:r><w:commentReference w:id="1"/></w:r>', TEXT, tag="t"
            )
        ),
        {
            "word/header1.xml": story("header", p(sdt(prompt(), TEXT, tag="en-tête", showing=True))),
            "word/footer1.xml": story("footer", sdt(p(prompt()), FRENCH_DATE, tag="pied", showing=True)),
            "word/footnotes.xml": story(
                "footnotes",
                separator.format("footnote") + note.format("footnote", p(sdt(prompt(), TEXT, tag="note"))),
            ),
            "word/endnotes.xml": story(
                "endnotes", separator.format("endnote") + note.format("endnote", sdt(p(prompt()), RICH, tag="fin"))
            ),
            "word/comments.xml": story(
                "comments",
                '<w:comment w:id="1" w:author="A" w:initials="A">'
                + p(sdt(r("remarque"), TEXT, tag="commentaire"))
                + "</w:comment>",
            ),
        },
    )


@_lives_in
def text_box_twins() -> bytes:
    both = p(sdt(prompt(), TEXT, tag="jumeau", showing=True, identifier=5)) + sdt(
        p(prompt()), FRENCH_LIST, alias="Jumelle", showing=True
    )
    return docx(p(r("Avant ") + text_box(both) + sdt(r("x"), TEXT, tag="dehors")))


@_lives_in
def text_box_twins_that_differ() -> bytes:
    return docx(
        p(text_box(p(sdt(prompt(), TEXT, tag="neuf", showing=True)), p(sdt(prompt(), TEXT, tag="vieux", showing=True))))
        + p(text_box(p(sdt(prompt(), TEXT, tag="seul", showing=True)), p(r("rien"))))
    )


@_lives_in
def text_box_in_a_control() -> bytes:
    return docx(sdt(p(text_box(p(sdt(prompt(), TEXT, tag="dedans", showing=True)))), RICH, tag="dehors"))


@_lives_in
def bound_to_custom_xml() -> bytes:
    ns = "xmlns:c='urn:exemple:convention'"
    data = (
        '<c:convention xmlns:c="urn:exemple:convention" genre="vieux"><c:nom>Ancien</c:nom><c:forme>commune</c:forme>'
        "<c:jour/><c:accord>false</c:accord><!-- note --><c:reste>intact</c:reste></c:convention>"
    )
    path = "/c:convention[1]/c:%s[1]"
    return docx(
        p(sdt(r("Ancien"), TEXT, tag="nom", extra=bound(path % "nom", STORE, ns)))
        + sdt(p(r("Ancien")), TEXT, tag="nom encore", extra=bound(path % "nom", STORE.lower(), ns))
        + p(sdt(prompt(), FRENCH_LIST, tag="forme", showing=True, extra=bound(path % "forme", STORE, ns)))
        + p(sdt(prompt(), TEXT, tag="forme en texte", showing=True, extra=bound(path % "forme", STORE, ns)))
        + p(sdt(prompt(), FRENCH_DATE, tag="jour", showing=True, extra=bound(path % "jour", STORE, ns)))
        + p(sdt(r("☐"), CHECKBOX, tag="accord", extra=bound(path % "accord", STORE, ns)))
        + p(sdt(r("vieux"), TEXT, tag="attribut", extra=bound("/c:convention[1]/@genre", STORE, ns)))
        + p(sdt(r("perdu"), TEXT, tag="sans chemin", extra=bound("/c:convention[1]/c:absent[1]", STORE, ns))),
        {
            **custom_xml(data, STORE),
            "word/header1.xml": story(
                "header", p(sdt(r("Ancien"), TEXT, tag="nom en tête", extra=bound(path % "nom", STORE, ns)))
            ),
        },
    )


@_lives_in
def bound_by_odd_paths() -> bytes:
    paths = {
        "calcul": ("count(//*)", ""),
        "préfixe": ("/z:a[1]", "xmlns:='' xmlns:z"),
        "faux": ("/a[", ""),
        "rien": ("", ""),
        "texte": ("/a[1]/text()", ""),
    }
    return docx(
        p("".join(sdt(r("x"), TEXT, tag=tag, extra=bound(path, STORE, ns)) for tag, (path, ns) in paths.items())),
        custom_xml("<a>texte</a>", STORE),
    )


@_lives_in
def bound_to_a_missing_store() -> bytes:
    return docx(p(sdt(r("x"), TEXT, tag="orphelin", extra=bound("/a[1]", STORE))))


@_lives_in
def bound_to_core_properties() -> bytes:
    path = "/ns1:coreProperties[1]/ns0:%s[1]"
    return docx(
        p(sdt(r("Titre"), TEXT, tag="titre", extra=bound(path % "title", CORE, CORE_PREFIXES)))
        + p(sdt(r("Titre"), TEXT, alias="Titre", extra=bound(path % "title", CORE, CORE_PREFIXES)))
        + p(sdt(prompt(), TEXT, tag="sujet", showing=True, extra=bound(path % "subject", CORE, CORE_PREFIXES)))
    )


@_lives_in
def repeating_section() -> bytes:
    item = sdt(
        p(r("Élu : ") + sdt(prompt(), TEXT, tag="élu", showing=True, identifier=12) + bookmark(3, r(" !"))),
        ITEM,
        identifier=11,
    )
    other = sdt(p(sdt(prompt(), TEXT, tag="élu", showing=True, identifier=14)), ITEM, identifier=13)
    return docx(sdt(item + other, SECTION, tag="élus", identifier=10) + p(sdt(r("x"), TEXT, tag="après")))


@_lives_in
def repeating_rows() -> bytes:
    item = sdt(
        row(cell(p(sdt(prompt(), TEXT, tag="nom", showing=True))), sdt(cell(p(prompt())), FRENCH_DATE, tag="jour")),
        ITEM,
    )
    return docx(table(row(cell(p(r("Nom"))), cell(p(r("Jour")))), sdt(item, SECTION, tag="rangs"), columns=2) + p())


@_lives_in
def repeating_nested_and_bound() -> bytes:
    data = "<r><e><n>un</n><s><m>a</m></s></e><e><n>deux</n><s><m>b</m></s></e><total>2</total></r>"
    inner = sdt(
        sdt(p(sdt(r("a"), TEXT, tag="m", extra=bound("/r[1]/e[1]/s[1]/m[1]", STORE))), ITEM),
        SECTION,
        tag="sous",
        extra=bound("/r[1]/e[1]/s[1]/m", STORE, element="w15:dataBinding"),
    )
    item = sdt(p(sdt(r("un"), TEXT, tag="n", extra=bound("/r[1]/e[1]/n[1]", STORE))) + inner, ITEM)
    second = item.replace("/e[1]", "/e[2]").replace(r("un"), r("deux"))
    return docx(
        sdt(item + second, SECTION, tag="section", extra=bound("/r[1]/e", STORE, element="w15:dataBinding"))
        + p(sdt(r("un"), TEXT, tag="premier", extra=bound("/r[1]/e[1]/n[1]", STORE))),
        custom_xml(data, STORE),
    )


@_lives_in
def repeating_with_twins() -> bytes:
    section = sdt(sdt(p(sdt(prompt(), TEXT, tag="n", showing=True)), ITEM), SECTION, tag="s")
    return docx(p(text_box(section)))


@_lives_in
def strict_edition() -> bytes:
    return docx(
        p(sdt(prompt(), TEXT, tag="a", showing=True) + sdt(r("☐"), CHECKBOX, tag="b"))
        + sdt(p(prompt()), FRENCH_DATE, tag="c", showing=True),
        strict=True,
    )


@_lives_in
def another_prefix() -> bytes:
    return docx(p(sdt(prompt(), MULTILINE, tag="a", showing=True) + sdt(prompt(), FRENCH_DATE, tag="d")), prefix="ns7")


@_lives_in
def a_prefix_with_accents() -> bytes:
    return docx(p(sdt(prompt(), MULTILINE, tag="a", showing=True)), prefix="é")


@_lives_in
def the_default_namespace() -> bytes:
    return docx(
        p(sdt(prompt(), MULTILINE, tag="a", showing=True)) + sdt(p(prompt()), RICH, tag="b") + sdt("", TEXT, tag="c"),
        prefix="",
    )


@_lives_in
def identifiers_missing_negative_duplicated() -> bytes:
    return docx(
        p("".join(sdt(prompt(f"n° {n}"), TEXT, identifier=n) for n in (-5, -5, 2147483647, 0)))
        + p(sdt(prompt("sans"), TEXT) + sdt(prompt("sans"), TEXT))
    )


@_lives_in
def no_properties_no_content() -> bytes:
    return docx(
        p("<w:sdt><w:sdtContent><w:r><w:t>sans propriétés</w:t></w:r></w:sdtContent></w:sdt>")
        + p('<w:sdt><w:sdtPr><w:tag w:val="sans contenu"/><w:text/></w:sdtPr></w:sdt>')
        + '<w:sdt><w:sdtPr><w:tag w:val="bloc vide"/></w:sdtPr><w:sdtContent/></w:sdt>'
        + p('<w:sdt><w:sdtPr><w:tag w:val="vide"/><w:text/></w:sdtPr><w:sdtContent/></w:sdt>')
        + p("<w:sdt/>")
        + table(row(cell(p()), '<w:sdt><w:sdtPr><w:tag w:val="cellule vide"/></w:sdtPr><w:sdtContent/></w:sdt>'))
        + table(row(cell(p())), '<w:sdt><w:sdtPr><w:tag w:val="rangée vide"/></w:sdtPr><w:sdtContent/></w:sdt>')
        + p()
    )


@_lives_in
def a_localised_prompt_style() -> bytes:
    style = "Textedelespacerserv"
    return docx(
        p(sdt(prompt("Nom.", style), TEXT, tag="style et drapeau", showing=True))
        + p(sdt(prompt("Nom.", style), TEXT, tag="style sans drapeau"))
        + p(sdt(r("Nom."), TEXT, tag="drapeau sans style", showing=True))
        + sdt(
            p(prompt("Nom.", style), f'<w:rPr><w:rStyle w:val="{style}"/><w:b/></w:rPr>'),
            TEXT,
            tag="bloc",
            showing=True,
        ),
        prompt_style=style,
    )


@_lives_in
def looks_of_every_origin() -> bytes:
    return docx(
        p(sdt(prompt(), TEXT, tag="du contrôle", showing=True).replace("<w:sdtPr>", "<w:sdtPr><w:rPr><w:b/></w:rPr>"))
        + p(
            sdt(prompt(), FRENCH_DATE, tag="du paragraphe", showing=True),
            '<w:rPr><w:i/><w:lang w:val="fr-FR"/></w:rPr>',
        )
        + p(sdt(r("gras", '<w:rStyle w:val="Gras"/><w:sz w:val="30"/>'), TEXT, tag="du texte"))
        + p(sdt(r("☐", '<w:rStyle w:val="Gras"/><w:rFonts w:ascii="Arial"/><w:b/>'), CHECKBOX, tag="case"))
    )


@_lives_in
def tracked_changes() -> bytes:
    by = 'w:id="9" w:author="A" w:date="2026-01-01T00:00:00Z"'
    return docx(
        p(sdt(f"<w:ins {by}>{r('ajouté')}</w:ins>", TEXT, tag="dedans"))
        + p(f"<w:ins {by}>{sdt(r('x'), TEXT, tag='autour')}</w:ins>")
        + p(sdt(r("gras", f"<w:b/><w:rPrChange {by}><w:rPr/></w:rPrChange>"), TEXT, tag="aspect"))
        + sdt(p(r("x"), f"<w:rPr><w:ins {by}/></w:rPr>"), TEXT, tag="marque")
        + p(sdt(r("libre"), TEXT, tag="libre"))
    )


@_lives_in
def locks() -> bytes:
    return docx(
        p(
            "".join(
                sdt(r("x"), TEXT, tag=lock, extra=f'<w:lock w:val="{lock}"/>')
                for lock in ("sdtLocked", "contentLocked", "sdtContentLocked", "unlocked")
            )
        )
    )


@_lives_in
def ranges_that_cross() -> bytes:
    return docx(
        p(
            '<w:bookmarkStart w:id="1" w:name="a"/>'
            + sdt(
                r("un") + '<w:bookmarkEnd w:id="1"/><w:bookmarkStart w:id="2" w:name="b"/>' + r("deux"), TEXT, tag="run"
            )
            + '<w:bookmarkEnd w:id="2"/>'
        )
        + sdt(
            p('<w:permStart w:id="4" w:edGrp="everyone"/>' + r("trois") + '<w:bookmarkStart w:id="3" w:name="c"/>')
            + '<w:bookmarkStart w:id="6" w:name="f"/>'
            + p(r("quatre") + '<w:permEnd w:id="4"/>' + '<w:bookmarkEnd w:id="6"/>'),
            RICH,
            tag="bloc",
        )
        + p('<w:bookmarkEnd w:id="3"/>' + r("fin"))
    )


@_lives_in
def several_runs() -> bytes:
    return docx(
        p(
            sdt(
                '<w:proofErr w:type="spellStart"/><w:r w:rsidR="00A1"><w:t>Nom</w:t></w:r>'
                '<w:proofErr w:type="spellEnd"/><w:r w:rsidR="00A2"><w:tab/><w:t>du</w:t></w:r>'
                '<w:hyperlink w:anchor="x"><w:r><w:br/><w:t>maire</w:t></w:r></w:hyperlink>',
                TEXT,
                tag="t",
            )
        )
        + sdt(p(r("un")) + table(row(cell(p(r("deux"))))) + p(r("trois")), RICH, tag="riche")
    )


@_lives_in
def absolute_targets_and_another_name() -> bytes:
    return docx(
        p(sdt(prompt(), TEXT, tag="a", showing=True)),
        {"word/header3.xml": story("header", p(sdt(prompt(), TEXT, tag="h", showing=True)))},
        main="word/document2.xml",
        absolute=True,
    )


@_lives_in
def main_part_at_the_root() -> bytes:
    return docx(p(sdt(prompt(), TEXT, tag="a", showing=True)), main="texte.xml")


@_lives_in
def a_template_of_word() -> bytes:
    return docx(p(sdt(prompt(), TEXT, tag="a", showing=True)), suffix="dotx")


@_lives_in
def a_template_of_word_in_utf_16() -> bytes:
    return docx(p(sdt(prompt(), TEXT, tag="a", showing=True)), suffix="dotx", encoding="UTF-16")


@_lives_in
def a_document_with_macros() -> bytes:
    macros = Part(b"\xcc\x61 not real", "vbaProject", "application/vnd.ms-office.vbaProject")
    return docx(p(sdt(prompt(), TEXT, tag="a", showing=True)), {"word/vbaProject.bin": macros}, suffix="docm")


@_lives_in
def parts_in_utf_16() -> bytes:
    return docx(p(sdt(prompt("Été"), TEXT, tag="é", showing=True)), encoding="UTF-16")


@_lives_in
def comments_and_instructions_in_the_xml() -> bytes:
    noise = "<!-- remarque --><?instruction oui?>"
    return docx(
        f"{noise}<w:p>{noise}"
        + sdt(f"{noise}{r('x')}{noise}", f"{noise}<w:text/>", tag="a").replace(
            "<w:sdtContent>", f"{noise}<w:sdtContent>"
        )
        + f"</w:p>{noise}"
        + sdt(f"{noise}{p(noise + r('y'))}{noise}", RICH, tag="b")
    )


@_lives_in
def a_glossary() -> bytes:
    block = (
        '<w:docParts><w:docPart><w:docPartPr><w:name w:val="INVITE"/></w:docPartPr><w:docPartBody>'
        + p(prompt("Écrivez le nom."))
        + '</w:docPartBody></w:docPart><w:docPart><w:docPartPr><w:name w:val="AUTRE"/></w:docPartPr><w:docPartBody>'
        + p(sdt(r("pas à remplir"), TEXT, tag="glossaire"))
        + "</w:docPartBody></w:docPart></w:docParts>"
    )
    glossary = Part(
        block,
        "glossaryDocument",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.glossary+xml",
        root="glossaryDocument",
    )
    place = '<w:placeholder><w:docPart w:val="INVITE"/></w:placeholder>'
    return docx(p(sdt(r("rempli"), TEXT, tag="a", extra=place)), {"word/glossary/document.xml": glossary})


@_lives_in
def names_that_look_like_addresses() -> bytes:
    return docx(
        p(
            "".join(
                sdt(prompt(text), TEXT, tag=tag, alias=alias, showing=True)
                for tag, alias, text in (
                    ("x", "", "un"),
                    ("x", "", "deux"),
                    ("x#2", "", "trois"),
                    ("x#2", "", "trois"),
                    ("tag:x", "", "quatre"),
                    ("", "kind:text", "cinq"),
                    ("", "x", "six"),
                    ("deux  espaces ", "", "sept"),
                    ("{&quot;json&quot;: [1, 2]}", "", "huit"),
                    ("", "", "text:un"),
                    ("", "", ""),
                    ("", "", ""),
                    ("", "kind:text#12", "neuf"),
                )
            )
        )
    )


@_lives_in
def controls_in_links_fields_and_marks() -> bytes:
    field = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return docx(
        p(
            '<w:hyperlink w:anchor="a">'
            + sdt(prompt(), TEXT, tag="lien", showing=True)
            + "</w:hyperlink>"
            + field.format("begin")
            + '<w:r><w:instrText xml:space="preserve"> REF a </w:instrText></w:r>'
            + field.format("separate")
            + sdt(prompt(), TEXT, tag="champ", showing=True)
            + field.format("end")
            + '<w:smartTag w:uri="u" w:element="e">'
            + sdt(prompt(), TEXT, tag="marque", showing=True)
            + "</w:smartTag>"
        )
        + f'<w:customXml w:uri="u" w:element="e">{sdt(p(prompt()), TEXT, tag="bloc", showing=True)}</w:customXml>'
        + p(sdt(r("x") + "<w:inconnu/>", TEXT, tag="inconnu"))
    )


@_lives_in
def words_in_rows_around() -> bytes:
    many = "".join(
        row(cell(p(r(f"Ligne {n} : "))), cell(p(sdt(prompt(), TEXT, alias="Même titre", showing=True))))
        for n in range(60)
    )
    return docx(table(many, columns=2) + p())


@_lives_in
def python_docx() -> bytes:
    document = Document()
    document.add_heading("Convention", 1)
    paragraph = document.add_paragraph("Entre ", style="Intense Quote")
    paragraph._p.append(_control(prompt("Nom."), tag="nom"))
    document.add_paragraph("point", style="List Bullet")._p.addnext(_control(p(prompt("Adresse.")), tag="adresse"))
    cell_of_table = document.add_table(1, 2, style="Table Grid").cell(0, 1)
    cell_of_table._tc.insert(1, _control(p(prompt("Ville.")), tag="ville"))
    document.sections[0].header.paragraphs[0]._p.append(_control(prompt("Copie."), tag="copie"))
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _control(content: str, tag: str) -> BaseOxmlElement:
    declared = f'<w:sdt xmlns:w="{TRANSITIONAL}">'
    return parse_xml(sdt(content, TEXT, tag=tag, showing=True).replace("<w:sdt>", declared, 1))


for _path in sorted(Path(__file__).parent.glob("*.docx")):
    ZOO[f"libreoffice_{_path.stem}"] = _path.read_bytes
