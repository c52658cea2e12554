"""Planted alterations: every one is found where it was planted, and nothing else is."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from conventool.commands.verify import VerifyOptions, verify
from conventool.core.errors import ExitCode
from conventool.template import DEFAULT
from conventool.template.folder import TemplateFolder, find_template
from conventool.word.values import Blank, Value
from word_by_hand import SPACE, Opened, W, flattened

VALUES: dict[str, Value] = {
    "forme": "La Commune", "nom_lien": "d’", "nom": "Armentières", "sise": "sise",
    "adresse": "4 place du Général-de-Gaulle", "commune_lien": "à ", "commune": "Armentières",
    "code_postal": "(59280)", "representee": "représentée", "representant": "Madame Jeanne MARTIN",
    "fonction": "sa Maire,", "autorise": "autorisée", "organe": "du conseil municipal",
    "decision_date": date(2026, 3, 12), "designee": "désignée", "reconduction": "tacite",
    "signature_collectivite_date": date(2026, 4, 2), "signature_collectivite_titre": "La Maire",
    "signature_fibre_date": Blank("………………………"), "signature_cdg59_date": Blank("………………………"),
    "signature_collectivite_nom": "Jeanne MARTIN", "exemplaire": "Exemplaire n° 2/3 – CDG 59",
}  # fmt: skip
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HOMOGLYPHS = {"a": "а", "e": "е", "o": "о", "c": "с", "p": "р", "A": "Α", "E": "Е"}


@cache
def sound(mode: str) -> bytes:
    document = TemplateFolder.open(find_template(DEFAULT)).document
    return document.fill(VALUES, "keep" if mode == "keep" else "unwrap")


def said(element: etree._Element, tag: str = f"{W}t") -> str:
    return "".join(str(text) for text in element.itertext(tag))


def paragraphs(root: etree._Element) -> list[tuple[str, etree._Element]]:
    """The paragraphs that hold no control, each with its heading: what the test's own eyes see."""
    heading, found = "Début du document", []
    for paragraph in root.iter(f"{W}p"):
        text = said(paragraph)
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        named = str(style.get(f"{W}val")) if style is not None else ""
        if re.match("Titre[123d]|Preambule", named) or re.match(r"(ARTICLE|Article) \d|PREAMBULE", text):
            heading = text
        alone = paragraph.find(f".//{W}sdt") is None and next(paragraph.iterancestors(f"{W}tc"), None) is None
        if alone and len(text) > 25 and "Armentières" not in text and "reconduction tacite de" not in text:
            found.append((heading, paragraph))
    return found


Alter = Callable[[random.Random, etree._Element], str | None]
"""Alters a paragraph; gives what the report must name, or None where the paragraph has nothing to alter so."""


def in_text(pattern: str, replacement: Callable[[re.Match[str], random.Random], str]) -> Alter:
    def alter(rng: random.Random, paragraph: etree._Element) -> str | None:
        places = [(t, m) for t in paragraph.iter(f"{W}t") for m in re.finditer(pattern, t.text or "")]
        if not places:
            return None
        t, match = rng.choice(places)
        text, new = t.text or "", replacement(match, rng)
        t.text = text[: match.start()] + new + text[match.end() :]
        return new.strip() or match[0].strip()

    return alter


def run_after(paragraph: etree._Element, text: str, look: str = "") -> etree._Element:
    run = etree.fromstring(
        f'<w:r xmlns:w="{W[1:-1]}"><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'
    )
    paragraph.append(run)
    return run


def hidden(look: str) -> Alter:
    def alter(rng: random.Random, paragraph: etree._Element) -> str:
        run_after(paragraph, " sauf clause contraire", look)
        return "sauf clause contraire"

    return alter


def made_hidden(rng: random.Random, paragraph: etree._Element) -> str:
    for run in paragraph.iter(f"{W}r"):
        look = run.find(f"{W}rPr")
        if look is None:
            look = etree.SubElement(run, f"{W}rPr")
            run.insert(0, look)
        etree.SubElement(look, f"{W}vanish")
    return said(paragraph)[:20]


def tracked(tag: str) -> Alter:
    def alter(rng: random.Random, paragraph: etree._Element) -> str:
        change = etree.SubElement(paragraph, f"{W}{tag}")
        change.set(f"{W}id", "9001")
        change.set(f"{W}author", "Paul Durand")
        runs = list(paragraph.iterchildren(f"{W}r"))
        if tag == "ins":
            change.append(run_after(paragraph, " ou davantage"))
            return "ou davantage"
        run = runs[-1]
        change.append(run)
        for t in list(run.iter(f"{W}t")):
            t.tag = f"{W}delText"
        return said(run, f"{W}delText")[:20]

    return alter


def deleted(rng: random.Random, paragraph: etree._Element) -> str:
    words = said(paragraph)
    parent = paragraph.getparent()
    assert parent is not None
    parent.remove(paragraph)
    return words[:20]


def inserted(rng: random.Random, paragraph: etree._Element) -> str:
    new = etree.fromstring(
        f'<w:p xmlns:w="{W[1:-1]}"><w:r><w:t>La pénalité est de {rng.randint(100, 999)} euros.</w:t></w:r></w:p>'
    )
    paragraph.addnext(new)
    return "La pénalité est de"


def moved(rng: random.Random, paragraph: etree._Element) -> str:
    words = said(paragraph)
    body = paragraph.getparent()
    assert body is not None
    siblings = [p for p in body.iterchildren(f"{W}p") if p is not paragraph]
    here = body.index(paragraph)
    far = [p for p in siblings if abs(body.index(p) - here) > 3]
    rng.choice(far).addnext(paragraph)
    return words[:20]


def boxed(rng: random.Random, paragraph: etree._Element) -> str:
    """A text box, as old and new versions of Word keep it, that the template does not have."""
    paragraph.append(etree.fromstring(
        f'<w:r xmlns:w="{W[1:-1]}" xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape><v:textbox><w:txbxContent>'
        "<w:p><w:r><w:t>Sous réserve de financement.</w:t></w:r></w:p>"
        "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    ))  # fmt: skip
    return "Sous réserve de financement."


def imported(rng: random.Random, paragraph: etree._Element) -> str:
    """Another file that Word takes in as it opens the document."""
    paragraph.addnext(etree.Element(f"{W}altChunk", {f"{{{R}}}id": "rId99"}))
    return "contenu d’un autre fichier"


def swapped(match: re.Match[str], rng: random.Random) -> str:
    pairs = {"la": "le", "le": "la", "les": "des", "des": "les", "de": "sans", "du": "au", "une": "cette", "un": "ce"}
    return pairs[match[0]]


ALTERATIONS: dict[str, tuple[str, Alter]] = {
    "digit": ("altered-text", in_text(r"\d", lambda m, rng: str((int(m[0]) + rng.randint(1, 9)) % 10))),
    "article": ("altered-text", in_text(r"\b(?:la|le|les|des|de|du|une|un)\b", swapped)),
    "word out": ("altered-text", in_text(r"\b\w{4,}\b ", lambda m, rng: "")),
    "word in": ("altered-text", in_text(r"(?<=\w) (?=\w)", lambda m, rng: " éventuellement ")),
    "ne … pas": (
        "altered-text",
        in_text(r"\bpourra\b|\bsera\b|\bseront\b|\best\b|\bdoit\b|\bsont\b", lambda m, rng: f"ne {m[0]} pas"),
    ),
    "negation out": ("altered-text", in_text(r"\b(?:ne |n’|pas )", lambda m, rng: "")),
    "sign": ("altered-text", in_text(r"[,;.:()]", lambda m, rng: "")),
    "look-alike": ("look-alike", in_text("[aeocpAE]", lambda m, rng: HOMOGLYPHS[m[0]])),
    "no width": ("look-alike", in_text(r"(?<=\w)(?=\w)", lambda m, rng: "\u200b")),
    "paragraph out": ("altered-text", deleted),
    "paragraph in": ("altered-text", inserted),
    "paragraph moved": ("altered-text", moved),
    "tracked insertion": ("tracked-change", tracked("ins")),
    "tracked deletion": ("tracked-change", tracked("del")),
    "hidden": ("hidden-text", hidden("<w:vanish/>")),
    "white": ("hidden-text", hidden('<w:color w:val="FFFFFF"/>')),
    "one point": ("hidden-text", hidden('<w:sz w:val="2"/>')),
    "made hidden": ("altered-text", made_hidden),
    "imported": ("hidden-text", imported),
    "text box": ("altered-text", boxed),
}


def planted(sort: str, mode: str, seed: int, path: Path) -> tuple[str, str]:
    """Write a document with one alteration; give the heading it is under, and words that the report must name."""
    rng = random.Random(f"{sort} {seed}")
    while True:
        document = Opened.of(sound(mode))
        root = document.root()
        heading, paragraph = rng.choice(paragraphs(root))
        words = ALTERATIONS[sort][1](rng, paragraph)
        if words is not None:
            document.put(root)
            document.saved(path)
            where = f"{heading}, zone de texte".replace("Début du document, z", "Z") if sort == "text box" else heading
            return where, " ".join(words.split())[:12]


@pytest.mark.parametrize("mode", ["keep", "unwrap"])
@pytest.mark.parametrize("sort", ALTERATIONS)
def test_every_alteration_is_found_where_it_is(tmp_path: Path, sort: str, mode: str) -> None:
    code = ALTERATIONS[sort][0]
    expected = {seed: planted(sort, mode, seed, tmp_path / f"{seed}.docx") for seed in range(8)}
    report = verify([tmp_path], VerifyOptions(jobs=1))
    assert report.exit_code is ExitCode.PROBLEMS
    assert {problem.code for problem in report.problems} <= {code, "hidden-text" if sort == "made hidden" else code}
    for seed, (where, words) in expected.items():
        messages = [
            p.message.replace("\u00a0", " ")
            for p in report.problems
            if p.code == code and p.place.file == str(tmp_path / f"{seed}.docx")
        ]
        assert len(messages) == 1 or (sort == "ne … pas" and len(messages) == 2), (seed, messages)
        assert all(message.startswith(f"{where} : ") for message in messages), (where, messages)
        assert sort == "no width" or len(messages) == 2 or any(words in message for message in messages), (
            words,
            messages,
        )


WORDS = ["digit", "article", "word out", "word in", "sign", "look-alike", "no width"]


def altered_between_blanks(sort: str, seed: int) -> Opened:
    """A document with one alteration in the fixed text of a paragraph that holds controls."""
    rng = random.Random(f"{sort} {seed}")
    document = Opened.of(sound("keep"))
    root = document.root()
    holding = [p for p in root.iter(f"{W}p") if p.find(f".//{W}sdt") is not None]
    while True:
        outside = [t for t in rng.choice(holding).iter(f"{W}t") if next(t.iterancestors(f"{W}sdt"), None) is None]
        alone = etree.Element(f"{W}p")
        for t in outside:
            etree.SubElement(alone, f"{W}t").text = t.text
        if ALTERATIONS[sort][1](rng, alone) is not None:
            for t, altered in zip(outside, alone, strict=True):
                t.text = altered.text
                t.set(SPACE, "preserve")
            document.put(root)
            return document


@pytest.mark.parametrize("sort", WORDS)
def test_alterations_between_blanks_are_found_too(tmp_path: Path, sort: str) -> None:
    """One problem for each, of its sort, where the document still has its controls.

    Where only their text is left, a comma that parts two blanks can be missed by both.
    """
    for seed in range(8):
        document = altered_between_blanks(sort, seed)
        document.saved(tmp_path / f"{seed}-controls.docx")
        document.change(flattened).saved(tmp_path / f"{seed}-text.docx")
    report = verify([tmp_path], VerifyOptions(jobs=1))
    told = [(problem.place.file, problem.code) for problem in report.problems]
    for path in tmp_path.glob("*.docx"):
        codes = [code for file, code in told if file == str(path)]
        if path.stem.endswith("controls") or sort != "sign":
            assert codes == [ALTERATIONS[sort][0]], path.name
        else:
            assert codes, path.name


@pytest.mark.parametrize("mode", ["keep", "unwrap"])
@pytest.mark.parametrize(
    ("old", "new"), [("CDG 59", "CDG 60"), ("n° 2/3", "n° 3/3"), ("Exemplaire", "Exemplaire provisoire")]
)
def test_an_edit_of_the_footer_is_found(tmp_path: Path, mode: str, old: str, new: str) -> None:
    document = Opened.of(sound(mode))
    footer = next(name for name in document.parts if "footer" in name and "_rels" not in name)
    document.parts[footer] = document.parts[footer].replace(old.encode(), new.encode())
    report = verify([document.saved(tmp_path / "revenu.docx")], VerifyOptions())
    assert report.exit_code is ExitCode.PROBLEMS
    assert [p.message for p in report.problems if "Pied de page" in p.message or "exemplaire" in p.message]


@pytest.mark.parametrize("mode", ["keep", "unwrap"])
def test_a_sound_document_raises_no_alarm(tmp_path: Path, mode: str) -> None:
    report = verify([Opened.of(sound(mode)).saved(tmp_path / "revenu.docx")], VerifyOptions())
    assert (report.exit_code, report.problems) == (ExitCode.DONE, [])


def everywhere(mode: str, old: str, new: str) -> Opened:
    """A document with something replaced wherever it stands."""
    document = Opened.of(sound(mode))
    root = document.root()
    for t in root.iter(f"{W}t"):
        t.text = (t.text or "").replace(old, new)
    document.put(root)
    return document


@pytest.mark.parametrize("mode", ["keep", "unwrap"])
def test_one_character_replaced_everywhere_is_told_once(tmp_path: Path, mode: str) -> None:
    """As when a program made all apostrophes straight; those of the values are no alteration at all."""
    document = everywhere(mode, "’", "'")
    (problem,) = verify([document.saved(tmp_path / "revenu.docx")], VerifyOptions()).problems
    assert problem.code == "look-alike"
    assert "U+0027 APOSTROPHE" in problem.message
    assert "comme 60 autres passages" in problem.message


@pytest.mark.parametrize("mode", ["keep", "unwrap"])
@pytest.mark.parametrize(("old", "new"), [("e", HOMOGLYPHS["e"]), ("o", "0"), ("la ", "une ")])
def test_a_document_altered_everywhere_is_still_known(tmp_path: Path, mode: str, old: str, new: str) -> None:
    document = everywhere(mode, old, new)
    problems = verify([document.saved(tmp_path / "revenu.docx")], VerifyOptions()).problems
    assert len(problems) > 3
    assert "unknown-template" not in {problem.code for problem in problems}
    assert not any("\0" in problem.message for problem in problems)


def as_word_saves(rng: random.Random, root: etree._Element) -> None:
    """Runs cut in pieces, each with its rsid; spelling marks, bookmarks, smart tags, the page breaks as last drawn."""
    for run in list(root.iter(f"{W}r")):
        t = run.find(f"{W}t")
        if t is None or len(run.findall(f"{W}t")) > 1 or len(t.text or "") < 4:
            continue
        text, look = t.text or "", run.find(f"{W}rPr")
        cut = rng.randrange(1, len(text))
        rest = etree.Element(f"{W}r", {f"{W}rsidR": "00C0FFEE"})
        if look is not None:
            rest.append(deepcopy(look))
        if rng.random() < 0.2:
            etree.SubElement(rest, f"{W}lastRenderedPageBreak")
        etree.SubElement(rest, f"{W}t", {SPACE: "preserve"}).text = text[cut:]
        t.text = text[:cut]
        t.set(SPACE, "preserve")
        between = rng.choice([
            [etree.Element(f"{W}proofErr", {f"{W}type": "spellStart"})],
            [etree.Element(f"{W}bookmarkStart", {f"{W}id": "9", f"{W}name": "_Hlk1"}),
             etree.Element(f"{W}bookmarkEnd", {f"{W}id": "9"})],
            [],
        ])  # fmt: skip
        for element in (rest, *reversed(between)):
            run.addnext(element)
        if rng.random() < 0.2:
            tag = etree.Element(f"{W}smartTag", {f"{W}element": "PersonName"})
            run.addprevious(tag)
            tag.append(run)


@pytest.mark.parametrize("mode", ["keep", "unwrap"])
def test_what_word_rewrites_on_saving_is_no_alteration(tmp_path: Path, mode: str) -> None:
    for seed in range(8):
        document = Opened.of(sound(mode))
        for part in ("word/document.xml", "word/footer1.xml"):
            document.change(lambda root, seed=seed: as_word_saves(random.Random(seed), root), part)  # type: ignore[misc]
        document.saved(tmp_path / f"{seed}.docx")
    report = verify([tmp_path], VerifyOptions())
    assert (report.problems, report.summary["intact"]) == ([], 8)


def rewritten(change: Callable[[str], str]) -> Iterator[bytes]:
    for mode in ("keep", "unwrap"):
        document = Opened.of(sound(mode))
        root = document.root()
        for t in root.iter(f"{W}t"):
            t.set(SPACE, "preserve")
            t.text = change(t.text or "")
        document.put(root)
        yield document.parts["word/document.xml"]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace(" ", "  "),
        lambda text: re.sub(r"(\w{4})(\w{4})", "\\1\u00ad\\2", text),
        lambda text: text.replace("-", "\u2011"),
        lambda text: text.replace("é", "e\u0301"),
    ],
    ids=["non-breaking spaces", "double spaces", "soft hyphens", "hyphens that do not break", "accents apart"],
)
def test_what_programs_rewrite_is_no_alteration(tmp_path: Path, change: Callable[[str], str]) -> None:
    for part in rewritten(change):
        document = Opened.of(sound("keep"))
        document.parts["word/document.xml"] = part
        report = verify([document.saved(tmp_path / "revenu.docx")], VerifyOptions())
        assert report.problems == []


@pytest.mark.parametrize(("kind", "told"), [("attachedTemplate", []), ("image", ["foreign-content"])])
def test_a_model_on_the_sender_s_disk_draws_nothing_and_a_picture_elsewhere_does(
    tmp_path: Path, kind: str, told: list[str]
) -> None:
    """Word names the model that a document is attached to; a picture of another file shows what that file holds."""
    document = Opened.of(sound("keep"))
    assert "word/_rels/settings.xml.rels" not in document.parts
    document.parts["word/_rels/settings.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        'Target="file:///C:/Mod%C3%A8les/Normal.dotm" TargetMode="External"/></Relationships>'
    ).encode()
    report = verify([document.saved(tmp_path / "revenu.docx")], VerifyOptions())
    assert [problem.code for problem in report.problems] == told
