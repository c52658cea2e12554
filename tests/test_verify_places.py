"""Alterations beside the main text: text boxes, footers, comments; and templates that others have replaced."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from conventool.commands.fill import RunOptions, fill
from conventool.commands.read import ReadOptions, read
from conventool.commands.verify import VerifyOptions, verify
from conventool.core.errors import ExitCode, UsageError
from conventool.core.problems import Severity
from conventool.template.folder import TemplateFolder
from conventool.word.template import Mode
from test_verify_alterations import HOMOGLYPHS, VALUES, run_after, said, sound
from word_by_hand import CONVENTION, Opened, W, typed_over

MODES: tuple[Mode, ...] = ("keep", "unwrap")
NAMESPACES = (
    f'xmlns:w="{W[1:-1]}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
SETTLING, ENDING = "Article 4.2.1.", "ARTICLE 6."
BOXES = {
    SETTLING: ["Réservé au CDG 59", "Dossier suivi par le pôle numérique, réponse sous 15 jours."],
    ENDING: ["La résiliation ne donne lieu à aucun remboursement."],
}
Change = Callable[[etree._Element], None]


def box(lines: list[str]) -> etree._Element:
    """A text box as Word writes it: once for itself, once more for older programs."""
    paragraphs = "".join(f'<w:p><w:r><w:t xml:space="preserve">{line}</w:t></w:r></w:p>' for line in lines)
    inside = f"<w:txbxContent>{paragraphs}</w:txbxContent>"
    return etree.fromstring(
        f'<w:r {NAMESPACES}><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>{inside}'
        "</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>"
        f"{inside}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def put_boxes(root: etree._Element) -> None:
    """Anchor each box in the paragraph that follows its heading."""
    for heading, lines in BOXES.items():
        title = next(p for p in root.iter(f"{W}p") if said(p).startswith(heading))
        anchor = title.getnext()
        assert anchor is not None
        anchor.append(box(lines))


@pytest.fixture(scope="module")
def boxed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The convention with two text boxes."""
    folder = tmp_path_factory.mktemp("modele") / "avec-zones"
    shutil.copytree(CONVENTION, folder)
    document = folder / "convention.docx"
    Opened.of(document.read_bytes()).change(put_boxes).saved(document)
    return folder


def boxes_of(root: etree._Element) -> list[etree._Element]:
    return list(root.iter(f"{W}txbxContent"))


def in_boxes(old: str, new: str) -> Change:
    """Type over words of a box, in both its forms as Word does."""

    def change(root: etree._Element) -> None:
        texts = [t for inside in boxes_of(root) for t in inside.iter(f"{W}t") if old in (t.text or "")]
        assert len(texts) == 2
        for t in texts:
            t.text = (t.text or "").replace(old, new)

    return change


def in_one_form(old: str, new: str) -> Change:
    """Type over words of the form that older programs show, and leave the other."""

    def change(root: etree._Element) -> None:
        t = [t for inside in boxes_of(root) for t in inside.iter(f"{W}t") if old in (t.text or "")][-1]
        t.text = (t.text or "").replace(old, new)

    return change


def without_line(root: etree._Element) -> None:
    for inside in boxes_of(root):
        if said(inside).startswith("Réservé"):
            inside.remove(inside[0])


def without_box(root: etree._Element) -> None:
    run = next(r for r in root.iter(f"{W}r") if "remboursement" in said(r) and boxes_of(r))
    parent = run.getparent()
    assert parent is not None
    parent.remove(run)


def hidden_in_box(root: etree._Element) -> None:
    for inside in boxes_of(root)[2:]:
        run_after(inside[0], " sauf accord", "<w:vanish/>")


BOX_ALTERATIONS: dict[str, tuple[Change, str, str, str]] = {
    "digit": (in_boxes("15 jours", "45 jours"), SETTLING, "altered-text", "« sous 15 jours » → « sous 45 jours »"),
    "negation": (in_boxes("ne donne", "donne"), ENDING, "altered-text", "« résiliation donne »"),
    "word": (in_boxes("Dossier suivi", "Dossier non suivi"), SETTLING, "altered-text", "« Dossier non suivi »"),
    "look-alike": (in_boxes("aucun", HOMOGLYPHS["a"] + "ucun"), ENDING, "look-alike", "U+0430"),
    "one form only": (in_one_form("15 jours", "45 jours"), SETTLING, "altered-text", "« sous 45 jours »"),
    "line": (without_line, SETTLING, "altered-text", "passage supprimé, « Réservé au CDG 59 »"),
    "whole": (without_box, ENDING, "altered-text", "passage supprimé, « La résiliation ne donne"),
    "hidden": (hidden_in_box, ENDING, "hidden-text", "texte caché, « sauf accord »"),
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("sort", BOX_ALTERATIONS)
def test_an_edit_inside_a_text_box_is_told_with_its_article(boxed: Path, tmp_path: Path, sort: str, mode: Mode) -> None:
    change, heading, code, told = BOX_ALTERATIONS[sort]
    document = Opened.of(TemplateFolder.open(boxed).document.fill(VALUES, mode)).change(change)
    report = verify([document.saved(tmp_path / "revenu.docx")], VerifyOptions(template=str(boxed)))
    (problem,) = report.problems
    assert problem.code == code
    assert problem.message.startswith(heading)
    assert ", zone de texte : " in problem.message.replace("\u00a0", " ")
    assert told in problem.message.replace("\u00a0", " ")


@pytest.mark.parametrize("mode", MODES)
def test_a_text_box_as_it_was_raises_no_alarm(boxed: Path, tmp_path: Path, mode: Mode) -> None:
    document = Opened.of(TemplateFolder.open(boxed).document.fill(VALUES, mode))
    report = verify([document.saved(tmp_path / "revenu.docx")], VerifyOptions(template=str(boxed)))
    assert (report.exit_code, report.problems) == (ExitCode.DONE, [])


# --- The footer --------------------------------------------------------------------------------------------


def last_paragraph(root: etree._Element) -> etree._Element:
    return list(root.iter(f"{W}p"))[-1]


def added(look: str = "") -> Change:
    return lambda root: void(run_after(last_paragraph(root), " Projet sans valeur", look))


def void(_: object) -> None:
    """What is built is in the document already."""


def tracked(root: etree._Element) -> None:
    run = run_after(last_paragraph(root), " Projet sans valeur")
    change = etree.SubElement(last_paragraph(root), f"{W}ins", {f"{W}id": "9", f"{W}author": "Paul Durand"})
    change.append(run)


def new_line(root: etree._Element) -> None:
    line = f"<w:p {NAMESPACES}><w:r><w:t>Projet sans valeur</w:t></w:r></w:p>"
    root.append(etree.fromstring(line))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("change", "code", "told"),
    [
        (added(), "altered-text", "Pied de page : « / » → « / Projet sans valeur »"),
        (new_line, "altered-text", "Pied de page : passage ajouté, « Projet sans valeur »"),
        (added("<w:vanish/>"), "hidden-text", "Pied de page : texte caché, « Projet sans valeur »"),
        (added('<w:color w:val="FFFFFF"/>'), "hidden-text", "Pied de page : texte caché, « Projet sans valeur »"),
        (tracked, "tracked-change", "Pied de page : insertion suivie de Paul Durand, « Projet sans valeur »"),
    ],
    ids=["words", "line", "hidden", "white", "tracked"],
)
def test_an_edit_of_the_footer_is_told_for_what_it_is(
    tmp_path: Path, mode: Mode, change: Change, code: str, told: str
) -> None:
    document = Opened.of(sound(mode)).change(change, "word/footer1.xml")
    report = verify([document.saved(tmp_path / "revenu.docx")], VerifyOptions())
    assert [(problem.code, problem.message.replace("\u00a0", " ")) for problem in report.problems] == [(code, told)]


# --- Comments ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_a_comment_is_told_with_its_author_and_article(tmp_path: Path, mode: Mode) -> None:
    document = Opened.of(sound(mode))
    comment = '<w:comment w:id="4" w:author="Paul Durand"><w:p><w:r><w:t>Trop court ?</w:t></w:r></w:p></w:comment>'
    document.parts["word/comments.xml"] = f"<w:comments {NAMESPACES}>{comment}</w:comments>".encode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
    entry = f'<Relationship Id="rIdC" Type="{kind}" Target="comments.xml"/></Relationships>'
    rels = "word/_rels/document.xml.rels"
    document.parts[rels] = document.parts[rels].replace(b"</Relationships>", entry.encode())

    def refer(root: etree._Element) -> None:
        paragraph = next(p for p in root.iter(f"{W}p") if "trois (3) mois" in said(p))
        paragraph.append(etree.fromstring(f'<w:r {NAMESPACES}><w:commentReference w:id="4"/></w:r>'))

    (problem,) = verify([document.change(refer).saved(tmp_path / "revenu.docx")], VerifyOptions()).problems
    assert (problem.code, problem.severity) == ("comment", Severity.WARNING)
    assert problem.message == "ARTICLE 3. DUREE DE LA CONVENTION : commentaire de Paul Durand, « Trop court ? »"


# --- Templates that others have replaced -------------------------------------------------------------------

OLDER = {
    "2024": ("au moins 3 mois", "au moins 2 mois"),
    "2025": ("deux (2) ans, renouvelable", "trois (3) ans, renouvelable"),
}


@pytest.fixture(scope="module")
def replaced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template that keeps two earlier versions of itself."""
    folder = tmp_path_factory.mktemp("modele") / "ma-convention"
    shutil.copytree(CONVENTION, folder)
    for name, change in OLDER.items():
        shutil.copytree(CONVENTION, folder / "anciennes" / name)
        document = folder / "anciennes" / name / "convention.docx"
        Opened.of(document.read_bytes()).change(typed_over(dict([change]))).saved(document)
    return folder


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("version", ["", *OLDER])
def test_a_document_is_held_against_the_version_it_was_filled_from(
    replaced: Path, tmp_path: Path, version: str, mode: Mode
) -> None:
    """Which one is told, and is no alteration; a clause changed since is one, and the only one."""
    source = replaced / "anciennes" / version if version else replaced
    data = TemplateFolder.open(source).document.fill(VALUES, mode)
    options = VerifyOptions(template=str(replaced))
    same = verify([Opened.of(data).saved(tmp_path / "revenu.docx")], options)
    assert same.exit_code is ExitCode.DONE
    assert [problem.code for problem in same.problems] == ["earlier-template"] * bool(version)
    assert all(f"« {version} »" in problem.message.replace("\u00a0", " ") for problem in same.problems)
    document = Opened.of(data).change(typed_over({"50 euros": "5 euros"}))
    altered = verify([document.saved(tmp_path / "change.docx")], options)
    (problem,) = [problem for problem in altered.problems if problem.code != "earlier-template"]
    assert (problem.code, altered.exit_code) == ("altered-text", ExitCode.PROBLEMS)
    assert "« de 50 euros » → « de 5 euros »" in problem.message.replace("\u00a0", " ")


def test_an_earlier_version_of_what_was_sent_is_an_alteration(replaced: Path, tmp_path: Path) -> None:
    """The same values in the clauses of last year, under the name of a document of this year's."""
    data = Path(__file__).parents[1] / "examples" / "adherent.yaml"
    for source in (replaced, replaced / "anciennes" / "2025"):
        assert fill(data, RunOptions(str(source), tmp_path / source.name)).errors == []
    sent, back = (next((tmp_path / name).glob("*1-fibre.docx")) for name in ("ma-convention", "2025"))
    options = VerifyOptions(template=str(replaced), dossier=tmp_path / "ma-convention")
    (problem,) = verify([back], options).problems
    assert (problem.code, problem.severity) == ("earlier-template", Severity.ERROR)
    again = Opened.of(sent.read_bytes()).saved(tmp_path / sent.name)
    assert verify([again], options).problems == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("version", OLDER)
def test_an_earlier_version_is_read(replaced: Path, tmp_path: Path, version: str, mode: Mode) -> None:
    path = tmp_path / "revenu.docx"
    path.write_bytes(TemplateFolder.open(replaced / "anciennes" / version).document.fill(VALUES, mode))
    report = read([path], ReadOptions(template=str(replaced)))
    assert (report.problems, [data["nom"] for data in report.data]) == ([], ["Armentières"])


def test_a_template_may_be_named_by_its_document(tmp_path: Path) -> None:
    """Beside its manifest; alone, a form does not say what it means, and how to have it say so is told."""
    path = Opened.of(sound("keep")).saved(tmp_path / "revenu.docx")
    options = VerifyOptions(template=str(CONVENTION / "convention.docx"))
    assert verify([path], options).exit_code is ExitCode.DONE
    form = shutil.copy(CONVENTION / "convention.docx", tmp_path / "formulaire.docx")
    with pytest.raises(UsageError, match="conventool adopt"):
        verify([path], VerifyOptions(template=str(form)))


def test_a_document_of_nothing_known_is_told(tmp_path: Path) -> None:
    def other(root: etree._Element) -> None:
        for rank, t in enumerate(root.iter(f"{W}t")):
            t.text = f"Bail de chasse, clause {rank}."

    path = Opened.of(sound("keep")).change(other).saved(tmp_path / "bail.docx")
    assert [problem.code for problem in verify([path], VerifyOptions()).problems] == ["unknown-template"]
    assert [problem.code for problem in read([path], ReadOptions()).problems] == ["unknown-template"]


def test_many_paragraphs_that_are_gone_are_one_block(tmp_path: Path) -> None:
    """As a page's are that was taken out: the first and the last are named."""
    document = Opened.of(sound("unwrap"))
    root = document.root()
    body = root.find(f"{W}body")
    assert body is not None
    gone = [one for one in body.findall(f"{W}p") if said(one).strip()][30:36]
    for one in gone:
        body.remove(one)
    document.put(root)
    report = verify([document.saved(tmp_path / "ote.docx")], VerifyOptions(jobs=1))
    (problem,) = (one for one in report.problems if one.code == "altered-text")
    assert "6 passages supprimés d’affilée" in problem.message


def test_an_article_put_in_the_place_of_another_is_one_block(tmp_path: Path) -> None:
    """Whatever words both share: the parts between them would say nothing; lists that went with it are not missed."""
    new = ["La Fibre Numérique 59 62 est seule juge de la sécurité des services, et ne répond à la Collectivité, pour",
           "ses données, dans le cas de force majeure, de la perte de ses services ou de la Convention.",
           "Les dommages sont à la charge de la Collectivité."]  # fmt: skip
    document = Opened.of(sound("unwrap"))
    root = document.root()
    lines = [one for one in root.iter(f"{W}p") if said(one).strip()]
    texts = [said(one) for one in lines]
    start = texts.index("ARTICLE 5.2. RESPONSABILITE DE LA FIBRE NUMERIQUE 59 62") + 1
    end = texts.index("ARTICLE 5.3. RESPONSABILITE DU CDG 59")
    for one in lines[start + len(new) : end]:
        parent = one.getparent()
        assert parent is not None
        parent.remove(one)
    for one, words in zip(lines[start:], new, strict=False):
        first, *others = one.iter(f"{W}t")
        first.text = words
        for other in others:
            other.text = ""
    document.put(root)
    report = verify([document.saved(tmp_path / "change.docx")], VerifyOptions(jobs=1))
    (problem,) = report.problems
    assert problem.code == "altered-text"
    assert problem.value == " ".join(new)
    before = problem.message.partition(" → ")[0]
    assert texts[start][:60] in before
    assert texts[end - 1][-60:] in before


def test_what_was_put_in_for_a_space_is_told_with_it(tmp_path: Path) -> None:
    document = Opened.of(sound("unwrap")).change(typed_over({"Numérique 59 62 fournit": "Numérique 59/62 fournit"}))
    (problem,) = verify([document.saved(tmp_path / "barre.docx")], VerifyOptions(jobs=1)).problems
    assert problem.message.replace("\u00a0", " ").endswith(" : « 59 62 » → « 59/62 »")


def test_many_paragraphs_that_were_moved_are_one_block(tmp_path: Path) -> None:
    """As those of two pages that changed places."""
    document = Opened.of(sound("unwrap"))
    root = document.root()
    lines = [one for one in root.iter(f"{W}p") if said(one).strip()]
    texts = [said(one) for one in lines]
    start, end = texts.index("ARTICLE 6. RESILIATION DE LA CONVENTION"), texts.index("ARTICLE 8. LITIGES")
    last = next(rank for rank, text in enumerate(texts) if text.startswith("ARTICLE 9. "))
    for one in lines[start:end]:
        lines[last].addprevious(one)
    document.put(root)
    (problem,) = verify([document.saved(tmp_path / "change.docx")], VerifyOptions(jobs=1)).problems
    assert "passages déplacés d’affilée, de" in problem.message
    assert (problem.code, problem.message.count(" ARTICLE 6. ")) == ("altered-text", 0)


def test_what_is_gone_but_for_its_headings_is_one_block() -> None:
    """A document whose every plain paragraph is white tells some passages, with where each begins and ends."""
    report = verify([Path(__file__).parent / "cases/returns/docx/docdefaults-white.docx"], VerifyOptions(jobs=1))
    told = [one.message for one in report.problems if one.code == "altered-text"]
    assert len(told) == 5
    assert told[-1].startswith("ARTICLE 5.1. RESPONSABILITE DE LA COLLECTIVITE, jusqu’à ARTICLE 9. ANNEXES")
