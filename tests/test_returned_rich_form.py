"""A returned form whose template strikes out, raises, counts, repeats, charts: none of it is exchanged unseen.

Beside what changes what Word or LibreOffice shows stands what changes nothing, and is intact.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from conventool.commands.adopt import adopt
from conventool.commands.fill import RunOptions, fill
from documents.rich_form import STORE, placed_box, rich_form
from test_returned_hiding import FOUND, Forge
from test_returned_parts import DOCUMENT, NUMBERING, RELATED, TYPES, put, several, statuses
from word_by_hand import Opened

CHART, OVER, DATA, SHAPES = (
    f"word/{name}.xml" for name in ("charts/chart", "drawings/over", "diagrams/data", "diagrams/shapes")
)
STORED, HEAD = "customXml/item1.xml", "word/head.xml"


def changed(part: str, pattern: str, new: str | Callable[[re.Match[str]], str]) -> Forge:
    """The first place of a pattern in a part is written anew."""

    def forge(document: Opened, _: object) -> None:
        text, count = re.subn(pattern, new, document.parts[part].decode(), count=1, flags=re.DOTALL)
        assert count, pattern
        document.parts[part] = text.encode()

    return forge


def added(part: str, data: str) -> Forge:
    def forge(document: Opened, _: object) -> None:
        document.parts[part] = data.encode()

    return forge


def looks(word: str, before: str, after: str) -> Forge:
    """A word of the template gets another look than it has there."""
    return changed(DOCUMENT, f'{re.escape(before)}</w:rPr>(<w:t xml:space="preserve">{word}<)', rf"{after}</w:rPr>\1")


def variants(newer: str, older: str, requires: str = "newer") -> Forge:
    run = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
    choices = "".join(
        f"<mc:{name}>{run.format(text) if text else ''}</mc:{name.partition(' ')[0]}>"
        for name, text in ((f'Choice Requires="{requires}"', newer), ("Fallback", older))
    )
    before = '<w:r><w:rPr/><w:t xml:space="preserve"> deux mois'
    return put(DOCUMENT, (before, f"<mc:AlternateContent>{choices}</mc:AlternateContent>{before}"))


def dated(pattern: str, new: str) -> Forge:
    return changed(DOCUMENT, rf'(<w:tag w:val="debut"/>.*?){pattern}', rf"\g<1>{new}")


def result(code: str, old: str, new: str) -> Forge:
    return changed(DOCUMENT, rf"(> {re.escape(code)} .*?>){old}<", rf"\g<1>{new}<")


STRUCK, HIGH, LOW = "<w:strike/>", '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'
BOOKMARK, BOOKMARK_END = '<w:bookmarkStart w:id="7" w:name="objet"/>', '<w:bookmarkEnd w:id="7"/>'
SECOND_STORE = several(
    added("customXml/item2.xml", "<donnees><service>Ventes</service></donnees>"),
    added("customXml/itemProps2.xml", f'<d:datastoreItem xmlns:d="urn:d" d:itemID="{STORE}"/>'),
    changed(RELATED, r'(<Relationship Id="store"( .*?)item1.xml"/>)', r'<Relationship Id="first"\2item2.xml"/>\1'),
    added(
        "customXml/_rels/item2.xml.rels",
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="p" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXmlProps" '
        'Target="itemProps2.xml"/></Relationships>',
    ),
)
WAYS: dict[str, Forge] = {
    "a word struck no longer": looks("trois", STRUCK, ""),
    "struck switched off": looks("trois", STRUCK, '<w:strike w:val="0"/>'),
    "struck no longer beside a value": looks("adjointe", STRUCK, ""),
    "struck no longer in a header": put(HEAD, (STRUCK, "")),
    "half of it struck": changed(DOCUMENT, "accord écrit<", "accord</w:t></w:r><w:r><w:t> écrit<"),
    "white instead of struck": looks("trois", STRUCK, f'{STRUCK}<w:color w:val="FFFFFF"/>'),
    "a digit raised no longer": looks("2", HIGH, ""),
    "the other one": looks("3", HIGH, ""),
    "lowered no longer": looks("2", LOW, ""),
    "lowered instead of raised": looks("3", HIGH, LOW),
    "words of a chart": put(CHART, ("Par habitant", "Par agent")),
    "figures of a chart": put(CHART, ("<c:v>12<", "<c:v>21<")),
    "words over a chart": put(OVER, ("hors taxes", "toutes taxes")),
    "shapes of a diagram": put(SHAPES, ("Dépôt", "Vente")),
    "other shapes of a diagram": several(
        added("word/diagrams/x.xml", "<d/>"), put(RELATED, ("diagrams/shapes.xml", "diagrams/x.xml"))
    ),
    "words for newer editions": variants("quatre-vingts ", ""),
    "the same words for newer editions": variants("vingt ", "vingt "),
    "words for older programs": variants("", "quatre-vingts ", "wps"),
    "a twin that says something else": changed(DOCUMENT, "(<v:textbox>.*?)mardi", r"\1lundi"),
    "another datum": changed(STORED, "<service>.*?<", "<service>Ventes<"),
    "bound to another datum": put(DOCUMENT, ("/donnees/service", "/donnees/autre")),
    "two stores of one name": SECOND_STORE,
    "a date bound": several(
        put(STORED, ("<autre>Ventes<", "<autre>2031-01-01<")),
        dated("<w:date ", f'<w:dataBinding w:xpath="/donnees/autre" w:storeItemID="{STORE}"/><w:date '),
    ),
    "a reference": result("REF objet \\h", "Article 1 – Objet", "Article 9 – Objet"),
    "its bookmark elsewhere": several(
        put(DOCUMENT, ('w:name="objet"', 'w:name="ailleurs"')),
        changed(DOCUMENT, r"(<w:r><w:rPr/><w:t[^>]*>Article 2[^/]*</w:t></w:r>)", f"{BOOKMARK}\\1{BOOKMARK_END}"),
    ),
    "a reference to where it stands": put(DOCUMENT, (" REF objet ", " REF objet \\p ")),
    "a page of another bookmark": put(DOCUMENT, ("PAGEREF objet", "PAGEREF autre")),
    "a number in a sequence": result("SEQ Figure", "2", "7"),
    "a sequence begun at fifty": put(DOCUMENT, (" SEQ Figure ", " SEQ Figure \\r 50 ")),
    "a column without width": put(DOCUMENT, ('w:w="3000"/></w:tblGrid>', 'w:w="1"/></w:tblGrid>')),
    "a head over one column": put(DOCUMENT, ('<w:gridSpan w:val="2"/>', "")),
    "pages of no size": put(DOCUMENT, ('w:w="11906" w:h="16838"', 'w:w="x" w:h="nan"')),
    "a box over other words": put(DOCUMENT, ("<wp:posOffset>4300000<", "<wp:posOffset>300000<")),
    "a box aligned": put(DOCUMENT, ("<wp:posOffset>4300000</wp:posOffset>", "<wp:align>left</wp:align>")),
    "a box over another paragraph": several(
        changed(DOCUMENT, r"<w:r><w:drawing><wp:anchor .*?</wp:anchor></w:drawing></w:r>", ""),
        changed(DOCUMENT, r"(<w:r><w:rPr/><w:t[^>]*>Le local)", lambda found: f"{placed_box()}{found[1]}"),
    ),
    "another watermark": put(HEAD, ("MODÈLE", "SANS VALEUR")),
    "a black one": put(HEAD, ('"silver"', '"black"')),
    "one before the text": put(HEAD, ("z-index:-", "z-index:")),
    "a small one": put(HEAD, ("width:400pt", "width:4pt")),
    "a level counted on": put(NUMBERING, ('<w:lvl w:ilvl="1">', '<w:lvl w:ilvl="1"><w:lvlRestart w:val="0"/>')),
}  # fmt: skip
SOUND: dict[str, Forge] = {
    "as it is": put(DOCUMENT),
    "struck in two runs": changed(
        DOCUMENT, "accord écrit<", f"accord</w:t></w:r><w:r><w:rPr>{STRUCK}</w:rPr><w:t> écrit<"
    ),
    "variants that say the same": changed(
        DOCUMENT,
        "(<w:r><w:rPr/><w:t[^>]*>La contribution :</w:t></w:r>)",
        r'<mc:AlternateContent><mc:Choice Requires="wps">\1</mc:Choice><mc:Fallback>\1</mc:Fallback>'
        "</mc:AlternateContent>",
    ),
    "a twin left out": changed(DOCUMENT, "<mc:Fallback>.*?</mc:Fallback>", ""),
    "bound to nothing": changed(DOCUMENT, "<w:dataBinding [^>]*/>", ""),
    "a sequence with its usual format": put(DOCUMENT, (" SEQ Figure ", " SEQ Figure \\* ARABIC ")),
    "a date of another language": dated('w:val="fr-FR"', 'w:val="nl-NL"'),
    "a date of another format": dated("d MMMM yyyy", "MMM yy"),
    "a date of another calendar": dated("gregorian", "hijri"),
    "a date of no language": dated('<w:lid w:val="fr-FR"/>', ""),
    "a box moved by a hair": put(DOCUMENT, ("<wp:posOffset>4300000<", "<wp:posOffset>4300360<")),
    "a watermark numbered anew": put(
        HEAD, ('id="s9" style="position:absolute;', 'id="s1" style=" position: absolute; ')
    ),
    "protected": put("word/settings.xml", ("</w:settings>", '<w:documentProtection w:edit="forms"/></w:settings>')),
    "a template by its type": put(TYPES, ("document.main+xml", "template.main+xml")),
    "pages in millimetres": put(DOCUMENT, ('w:w="11906" w:h="16838"', 'w:w="210mm" w:h="297mm"')),
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The form as a template, with a document filled from it."""
    folder = tmp_path_factory.mktemp("riche")
    (folder / "f.docx").write_bytes(rich_form())
    adopt(folder / "f.docx", folder / "modele")
    return folder / "modele"


@pytest.fixture(scope="module")
def filled(template: Path) -> bytes:
    options = RunOptions(str(template), template.parent / "s")
    (done,) = fill(template / "exemples" / "exemple.yaml", options).documents
    return done.path.read_bytes()


def found(template: Path, filled: bytes, folder: Path, ways: Mapping[str, Forge]) -> dict[str, str]:
    return statuses(folder, ways, str(template), filled)


@pytest.mark.slow
def test_nothing_of_a_rich_form_is_exchanged_unseen(template: Path, filled: bytes, tmp_path: Path) -> None:
    said = found(template, filled, tmp_path, WAYS)
    assert said.keys() == WAYS.keys()
    assert {way for way, status in said.items() if status not in FOUND} == set()


@pytest.mark.slow
def test_what_changes_nothing_in_a_rich_form_is_intact(template: Path, filled: bytes, tmp_path: Path) -> None:
    said = found(template, filled, tmp_path, SOUND)
    assert said.keys() == SOUND.keys()
    assert {way: status for way, status in said.items() if status != "intact"} == {}
