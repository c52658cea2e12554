"""The blank convention: its words, its controls, its styles, read without the package under test.

Run as a program, this file writes the golden text anew, after a change of the document that is meant:
``python tests/test_convention_docx.py``.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree
from openxml_audit import FileFormat, OpenXmlValidator  # type: ignore[import-untyped]

FOLDER = Path(__file__).parent.parent / "templates" / "convention-services-numeriques"
DOCUMENT = FOLDER / "convention.docx"
GOLDEN = FOLDER / "convention.txt"
SEED = Path(__file__).parent / "data" / "seed.txt"

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NAMESPACES = {"w": W.strip("{}"), "dc": "http://purl.org/dc/elements/1.1/"}
CHOOSE = "Choisissez un élément."
PICK_DATE = "Cliquez ou appuyez ici pour entrer une date."

# tag: (kind, text in the blank document, whether that text is a prompt)
CONTROLS = {
    "fibre_representant": ("text", "Monsieur Christophe COULON", False),
    "fibre_fonction": ("text", "son Président,", False),
    "fibre_autorise": ("text", "autorisé", False),
    "fibre_decision_date": ("date", "21 février 2024", False),
    "cdg59_representant": ("text", "Monsieur Éric DURAND", False),
    "cdg59_fonction": ("text", "son Président,", False),
    "cdg59_autorise": ("text", "autorisé", False),
    "cdg59_decision_date": ("date", "23 juin 2025", False),
    "forme": ("comboBox", CHOOSE, True),
    "nom_lien": ("text", "de ", False),
    "nom": ("text", "Nom de l’adhérent.", True),
    "sise": ("text", "sise", False),
    "adresse": ("text", "Adresse.", True),
    "commune_lien": ("text", "à ", False),
    "commune": ("text", "Commune.", True),
    "code_postal": ("text", "(Code postal.)", True),
    "representee": ("text", "représentée", False),
    "representant": ("text", "Nom du représentant.", True),
    "fonction": ("comboBox", CHOOSE, True),
    "autorise": ("text", "autorisé", False),
    "organe": ("text", "Organe délibérant.", True),
    "decision_date": ("date", PICK_DATE, True),
    "designee": ("text", "désignée", False),
    "reconduction": ("dropDownList", "tacite", False),
    "signature_fibre_date": ("date", PICK_DATE, True),
    "signature_fibre_titre": ("text", "Le Président", False),
    "signature_fibre_nom": ("text", "Christophe COULON", False),
    "signature_cdg59_date": ("date", PICK_DATE, True),
    "signature_cdg59_titre": ("text", "Le Président", False),
    "signature_cdg59_nom": ("text", "Éric DURAND", False),
    "signature_collectivite_date": ("date", PICK_DATE, True),
    "signature_collectivite_titre": ("comboBox", CHOOSE, True),
    "signature_collectivite_nom": ("text", "Nom du représentant.", True),
    "exemplaire": ("text", "\N{NO-BREAK SPACE}" * 5, True),
}

ITEMS = {
    "forme": [
        "La Commune",
        "La Communauté de communes",
        "La Communauté d’agglomération",
        "La Communauté urbaine",
        "La Métropole",
        "Le Syndicat intercommunal à vocation unique",
        "Le Syndicat intercommunal à vocation multiple",
        "Le Syndicat mixte",
        "Le Pôle d’équilibre territorial et rural",
        "Le Pôle métropolitain",
        "Le CCAS",
        "Le CIAS",
        "La Caisse des écoles",
        "L’Établissement public",
        "Le Département",
        "L’Office public de l’habitat",
        "Le Service départemental d’incendie et de secours",
        "La Régie",
    ],
    "fonction": [
        "son Maire,",
        "sa Maire,",
        "son Président,",
        "sa Présidente,",
        "son Directeur,",
        "sa Directrice,",
        "son Directeur général,",
        "sa Directrice générale,",
        "son Président du conseil départemental,",
        "sa Présidente du conseil départemental,",
        "son Président du conseil d’administration,",
        "sa Présidente du conseil d’administration,",
    ],
    "reconduction": ["tacite", "expresse"],
    "signature_collectivite_titre": [
        "Le Maire",
        "La Maire",
        "Le Président",
        "La Présidente",
        "Le Directeur",
        "La Directrice",
        "Le Directeur général",
        "La Directrice générale",
        "Le Président du conseil départemental",
        "La Présidente du conseil départemental",
        "Le Président du conseil d’administration",
        "La Présidente du conseil d’administration",
    ],
}

HEADINGS = [
    (1, "PREAMBULE"),
    (1, "ARTICLE 1. OBJET DE LA CONVENTION"),
    (1, "ARTICLE 2. DEFINITION DES MISSIONS DE LA FIBRE NUMERIQUE 59 62 ET DU CDG 59"),
    (2, "ARTICLE 2.1. MISSIONS REALISEES PAR LA FIBRE NUMERIQUE 59 62"),
    (2, "ARTICLE 2.2. MISSIONS REALISEES PAR LE CDG 59"),
    (1, "ARTICLE 3. DUREE DE LA CONVENTION"),
    (1, "ARTICLE 4. CONTRIBUTION FINANCIERE DE LA COLLECTIVITE"),
    (2, "ARTICLE 4.1. MONTANT DES CONTRIBUTIONS FINANCIERES"),
    (2, "ARTICLE 4.2. MODALITES DE REGLEMENT"),
    (3, "Article 4.2.1. MODALITES DE REGLEMENT AU CDG 59"),
    (3, "Article 4.2.2. MODALITES DE REGLEMENT A LA FIBRE NUMERIQUE 59 62"),
    (1, "ARTICLE 5. RESPONSABILITES"),
    (2, "ARTICLE 5.1. RESPONSABILITE DE LA COLLECTIVITE"),
    (2, "ARTICLE 5.2. RESPONSABILITE DE LA FIBRE NUMERIQUE 59 62"),
    (2, "ARTICLE 5.3. RESPONSABILITE DU CDG 59"),
    (1, "ARTICLE 6. RESILIATION DE LA CONVENTION"),
    (1, "ARTICLE 7. MODIFICATIONS"),
    (1, "ARTICLE 8. LITIGES"),
    (1, "ARTICLE 9. ANNEXES"),
]


def part(name: str) -> etree._Element:
    with zipfile.ZipFile(DOCUMENT) as package:
        return etree.fromstring(package.read(name))


def find(element: etree._Element, path: str) -> list[etree._Element]:
    return element.findall(path, NAMESPACES)


def value(element: etree._Element, path: str) -> str | None:
    found = element.find(path, NAMESPACES)
    return None if found is None else found.get(f"{W}val")


def text_of(element: etree._Element) -> str:
    signs = {f"{W}tab": "\t", f"{W}br": "\n"}
    pieces = (child for run in element.iter(f"{W}r") for child in run)
    return "".join(signs.get(str(piece.tag), piece.text or "") for piece in pieces)


def styles() -> dict[str, etree._Element]:
    return {str(style.get(f"{W}styleId")): style for style in find(part("word/styles.xml"), "w:style")}


def inherited(style_id: str, path: str) -> etree._Element | None:
    """What the style, or the nearest of those it is based on, says at ``path``."""
    known, current = styles(), style_id
    while current:
        found = known[current].find(path, NAMESPACES)
        if found is not None:
            return found
        current = value(known[current], "w:basedOn") or ""
    return None


def paragraphs(name: str = "word/document.xml") -> list[tuple[str, str]]:
    """Every paragraph's style and text, in the order of the document."""
    return [(value(p, "w:pPr/w:pStyle") or "", text_of(p)) for p in part(name).iter(f"{W}p")]


def document_text() -> str:
    """One paragraph a line, a list's bullets written out; the footer after an empty line."""
    bulleted = {key for key in styles() if inherited(key, "w:pPr/w:numPr") is not None}
    body = [("• " if style in bulleted else "") + text for style, text in paragraphs() if text]
    footer = [text for _, text in paragraphs("word/footer1.xml")]
    return "\n".join([*body, "", *footer]) + "\n"


def controls() -> dict[str, etree._Element]:
    found = [sdt for name in ("word/document.xml", "word/footer1.xml") for sdt in part(name).iter(f"{W}sdt")]
    return {str(value(sdt, "w:sdtPr/w:tag")): sdt for sdt in found}


def words(text: str) -> list[str]:
    """The words of the text, one broken after its own hyphen put together again."""
    return re.sub(r"(?<=\w)-\s+", "-", text).split()


def test_text_is_the_golden_text() -> None:
    """Whoever changes the legal text changes the text file beside it, and the diff shows what."""
    assert document_text() == GOLDEN.read_text(encoding="utf-8")


def test_words_are_those_of_the_seed_in_order() -> None:
    """The document says what the convention says, defects included, and nothing else but its footer."""
    body, _, footer = document_text().rpartition("\n\n")
    assert words(body) == words(SEED.read_text(encoding="utf-8"))
    assert footer.split() == ["1/5"]


@pytest.mark.parametrize("version", ["OFFICE_2010", "OFFICE_2019", "MICROSOFT_365"])
def test_outside_judge_finds_nothing(version: str) -> None:
    """Open XML SDK's rules, as ported by openxml-audit, have no complaint."""
    judge = OpenXmlValidator(FileFormat[version])
    assert [str(error) for error in judge.validate(DOCUMENT).errors] == []


def test_every_part_is_announced_and_wanted() -> None:
    """No part without a content type, no relationship to nothing, and no custom data left by an editor."""
    with zipfile.ZipFile(DOCUMENT) as package:
        names = set(package.namelist())
        assert package.testzip() is None
    overrides = {str(e.get("PartName")).lstrip("/") for e in part("[Content_Types].xml") if e.get("PartName")}
    assert overrides == {name for name in names if name.endswith(".xml")} - {"[Content_Types].xml"}
    for rels in (name for name in names if name.endswith(".rels")):
        folder = rels.split("_rels/")[0]
        assert {folder + str(e.get("Target")) for e in part(rels)} <= names


def test_controls_are_tagged_and_hold_the_blank_text() -> None:
    """Tags are the names that the manifest binds values to; texts are the seed's."""
    kinds = ("text", "date", "comboBox", "dropDownList")
    seen = {
        tag: (
            next(kind for kind in kinds if sdt.find(f"w:sdtPr/w:{kind}", NAMESPACES) is not None),
            text_of(sdt),
            sdt.find("w:sdtPr/w:showingPlcHdr", NAMESPACES) is not None,
        )
        for tag, sdt in controls().items()
    }
    assert seen == CONTROLS


@pytest.mark.parametrize("path", ["w:sdtPr/w:tag", "w:sdtPr/w:alias", "w:sdtPr/w:id"])
def test_names_of_controls_are_unique(path: str) -> None:
    """One tag, one title, one id each: every one is an address of its own."""
    everywhere = [sdt for name in ("word/document.xml", "word/footer1.xml") for sdt in part(name).iter(f"{W}sdt")]
    counts = Counter(value(sdt, path) or "" for sdt in everywhere)
    assert len(everywhere) == len(CONTROLS)
    assert "" not in counts
    assert max(counts.values()) == 1


def test_every_control_stands_inside_its_sentence() -> None:
    """Controls hold runs, in paragraphs: the sentence around them reads on."""
    for tag, sdt in controls().items():
        parent = sdt.getparent()
        assert parent is not None
        assert parent.tag == f"{W}p", tag
        assert [child.tag for child in find(sdt, "w:sdtContent/*")] == [f"{W}r"], tag


def test_prompts_are_grey_and_come_back() -> None:
    """A prompt wears the placeholder style, a value does not; an emptied control finds its prompt again."""
    style = next(key for key, s in styles().items() if value(s, "w:name") == "Placeholder Text")
    blocks = {
        value(block, "w:docPartPr/w:name"): text_of(block)
        for block in part("word/glossary/document.xml").iter(f"{W}docPart")
    }
    for tag, sdt in controls().items():
        worn = [value(run, "w:rPr/w:rStyle") for run in sdt.iter(f"{W}r")]
        _, text, prompting = CONTROLS[tag]
        assert worn == [style if prompting else None], tag
        prompt = blocks[value(sdt, "w:sdtPr/w:placeholder/w:docPart")]
        assert prompt == text if prompting else prompt, tag
    assert value(styles()[style], "w:rPr/w:color") == "666666"


def test_lists_offer_a_prompt_then_their_items() -> None:
    """The prompt item comes first and has no display text, as Word writes it."""
    for tag, expected in ITEMS.items():
        items = list(controls()[tag].iter(f"{W}listItem"))
        assert [item.get(f"{W}value") for item in items] == [CHOOSE, *expected]
        assert [item.get(f"{W}displayText") for item in items] == [None, *expected]


def test_dates_are_french_long_dates() -> None:
    """Pickers write « 23 juin 2025 »; a date already there is also held in machine form."""
    full = {}
    for tag, sdt in controls().items():
        date = sdt.find("w:sdtPr/w:date", NAMESPACES)
        if date is None:
            continue
        assert value(date, "w:dateFormat") == "d MMMM yyyy"
        assert value(date, "w:lid") == "fr-FR"
        assert value(date, "w:calendar") == "gregorian"
        if date.get(f"{W}fullDate"):
            full[tag] = date.get(f"{W}fullDate")
    assert full == {
        "fibre_decision_date": "2024-02-21T00:00:00Z",
        "cdg59_decision_date": "2025-06-23T00:00:00Z",
    }


def test_headings_make_the_outline() -> None:
    """The built-in heading styles, so that Word's navigation pane shows the articles."""
    levels = {}
    for key in styles():
        outline = inherited(key, "w:pPr/w:outlineLvl")
        if outline is not None:
            levels[key] = int(outline.get(f"{W}val") or "") + 1
            assert inherited(key, "w:pPr/w:keepNext") is not None, key
    assert [(levels[style], text) for style, text in paragraphs() if style in levels] == HEADINGS
    names = {value(style, "w:name") for style in styles().values()}
    assert {"Title", "heading 1", "heading 2", "heading 3", "Body Text", "List Bullet", "footer"} <= names


def test_bullets_are_a_list() -> None:
    """Four cases, bulleted by numbering and not by a character in the text."""
    style = next(key for key, s in styles().items() if value(s, "w:name") == "List Bullet")
    bullets = [text for key, text in paragraphs() if key == style]
    assert len(bullets) == 4
    assert not any(text.startswith("•") for text in bullets)
    level = part("word/numbering.xml").find("w:abstractNum/w:lvl", NAMESPACES)
    assert level is not None
    assert (value(level, "w:numFmt"), value(level, "w:lvlText"), value(level, "w:pStyle")) == (
        "bullet",
        "•",
        style,
    )


def test_signatures_stand_in_three_columns_that_cannot_break() -> None:
    """One row that stays whole, between the margins, held to the line above it."""
    body = part("word/document.xml")[0]
    table = next(body.iter(f"{W}tbl"))
    assert [len(find(row, "w:tc")) for row in find(table, "w:tr")] == [3]
    assert table.find("w:tr/w:trPr/w:cantSplit", NAMESPACES) is not None
    assert not [element for element in (table, *styles().values()) if list(element.iter(f"{W}tblBorders"))]
    before = table.getprevious()
    assert before is not None
    assert text_of(before) == "Fait en trois (3) exemplaires,"
    assert inherited(value(before, "w:pPr/w:pStyle") or "", "w:pPr/w:keepNext") is not None
    page, margins = (next(body.iter(f"{W}{name}")) for name in ("pgSz", "pgMar"))
    between = int(page.get(f"{W}w") or 0) - sum(int(margins.get(f"{W}{side}") or 0) for side in ("left", "right"))
    assert sum(int(column.get(f"{W}w") or 0) for column in find(table, "w:tblGrid/w:gridCol")) == between
    for cell in table.iter(f"{W}tc"):
        room = inherited(value(find(cell, "w:p")[-1], "w:pPr/w:pStyle") or "", "w:pPr/w:spacing")
        assert room is not None
        assert int(room.get(f"{W}before") or 0) >= 80 * 20, "a signature and a stamp need 80 points"


def test_looks_come_from_styles_alone() -> None:
    """Runs and paragraphs name a style and nothing else: the look is changed in one place."""
    for name in ("word/document.xml", "word/footer1.xml"):
        root = part(name)
        direct = {c.tag for p in root.iter(f"{W}pPr", f"{W}rPr") for c in p} - {f"{W}pStyle", f"{W}rStyle"}
        assert direct == set()
        assert all(value(p, "w:pPr/w:pStyle") in styles() for p in root.iter(f"{W}p"))
    assert [text for style, text in paragraphs() if not text] == [""], "only the paragraph that closes the table"


def test_document_is_french_titled_and_modern() -> None:
    """Language, title and compatibility mode are the document's own, not the reader's."""
    assert value(part("word/styles.xml"), "w:docDefaults/w:rPrDefault/w:rPr/w:lang") == "fr-FR"
    title = part("docProps/core.xml").findtext("dc:title", namespaces=NAMESPACES)
    assert title == "Convention relative aux prestations et à l’accompagnement sur des services numériques"
    modes = {s.get(f"{W}name"): s.get(f"{W}val") for s in part("word/settings.xml").iter(f"{W}compatSetting")}
    assert modes["compatibilityMode"] == "15"


def test_pages_are_a4_and_numbered() -> None:
    """The footer holds the copy mark on the left, then the page and the number of pages as real fields."""
    size = next(part("word/document.xml").iter(f"{W}pgSz"))
    assert (size.get(f"{W}w"), size.get(f"{W}h")) == ("11906", "16838")
    footer = part("word/footer1.xml")
    assert [str(f.get(f"{W}instr")).strip() for f in footer.iter(f"{W}fldSimple")] == ["PAGE", "NUMPAGES"]
    assert text_of(footer) == "\N{NO-BREAK SPACE}" * 5 + "\t1/5"


if __name__ == "__main__":
    GOLDEN.write_text(document_text(), encoding="utf-8", newline="\n")
