"""Drafts of mail, read by another library than the one that wrote them, and by hand."""

from __future__ import annotations

import base64
import quopri
import re
import shutil
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conventool.authoring.samples import samples
from conventool.batch.options import RunOptions
from conventool.commands.batch import batch
from conventool.commands.courriels import _message, courriels
from conventool.core.errors import ConventoolError, ExitCode, OutputError
from conventool.core.report import Report
from conventool.core.watch import NOBODY
from conventool.template import DEFAULT
from conventool.template.bindings import WORDS_OF_ADHERENT, adherent_words

openpyxl: Any = pytest.importorskip("openpyxl")
fast_mail_parser: Any = pytest.importorskip("fast_mail_parser")
"""In Rust; Python's own ``email``, which writes the drafts, has no part in it."""

HEAD = "forme;code_insee;adresse;code_postal;representant_civilite;representant_prenom;representant_nom;decision_date\n"
ROW = "commune;{};1 rue A;{};Madame;Jeanne;MARTIN;2026-03-12\n"
MODEL = """sujet: "Convention à signer – {{ adherent.designation }}"
texte: |
  Bonjour,

  Pour {{ adherent.representant }}, l’exemplaire de {{ adherent.nom }}, daté du {{ adherent.decision_date }}.
pieces: [collectivite]
format: docx
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    (folder / "liste.csv").write_text(HEAD + ROW.format("59017", "59280") + ROW.format("59481", "59530"), "utf-8")
    batch(folder / "liste.csv", RunOptions(DEFAULT, folder / "lot"), NOBODY)
    book = openpyxl.load_workbook(folder / "lot/suivi.xlsx")
    sheet = book["Suivi"]
    column = next(cell.column for cell in sheet[1] if cell.value == "Courriel")
    sheet.cell(2, column).value = "mairie@exemple.fr ; secretariat@exemple.fr"
    book.save(folder / "lot/suivi.xlsx")
    return folder / "lot"


@pytest.fixture
def lot(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "lot"))


def drafted(lot: Path, text: str = MODEL, **options: Any) -> Report:
    model = lot.parent / "courriel.yaml"
    model.write_text(text, "utf-8")
    return courriels(lot, model, **options)


def parts(data: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    """The head of a message, and of each of its parts the head and the bytes: by hand, of RFC 2045 and 2046."""
    head, _, body = data.partition(b"\r\n\r\n")
    boundary = re.search(rb'boundary="([^"]+)"', head)
    assert boundary
    found = []
    for piece in body.split(b"--" + boundary[1])[1:-1]:
        about, _, content = piece.strip(b"\r\n").partition(b"\r\n\r\n")
        decode = base64.b64decode if b"base64" in about else quopri.decodestring
        found.append((about.decode("ascii"), decode(content)))
    return head.decode("ascii"), found


def test_a_draft_says_and_holds_what_its_model_says(lot: Path) -> None:
    report = drafted(lot)
    (document,) = report.documents
    data = document.path.read_bytes()
    head, (text, attached) = parts(data)
    headers = dict(line.split(": ", 1) for line in re.sub(r"\r\n[ \t]+", " ", head).split("\r\n"))
    assert headers["To"] == "mairie@exemple.fr, secretariat@exemple.fr"
    assert headers["X-Unsent"] == "1"
    assert "Date" not in headers
    assert str(make_header(decode_header(headers["Subject"]))) == "Convention à signer – Commune d’Armentières"
    said = text[1].decode("utf-8").replace("\r\n", "\n")
    assert said == ("Bonjour,\n\nPour Madame Jeanne MARTIN, l’exemplaire de Armentières, daté du 12\xa0mars\xa02026.")
    name = "convention_commune-d-armentieres_59280_3-collectivite.docx"
    assert f'filename="{name}"' in re.sub(r"\r\n[ \t]+", " ", attached[0])
    assert attached[1] == (lot / name).read_bytes()


def test_another_library_reads_the_draft(lot: Path) -> None:
    (document,) = drafted(lot).documents
    mail = fast_mail_parser.parse_email(document.path.read_bytes())
    assert mail.subject == "Convention à signer – Commune d’Armentières"
    assert [one.address for one in mail.to] == ["mairie@exemple.fr", "secretariat@exemple.fr"]
    assert mail.text_plain[0].replace("\r\n", "\n").startswith("Bonjour,\n\nPour Madame Jeanne MARTIN, l’exemplaire")
    name = "convention_commune-d-armentieres_59280_3-collectivite.docx"
    assert [(one.filename, one.content) for one in mail.attachments] == [(name, (lot / name).read_bytes())]
    assert mail.warnings == []


LINES = st.text(st.characters(categories=["L", "M", "N", "P", "S"], include_characters=" \u00a0"), max_size=120)


@settings(deadline=None, max_examples=60)
@given(LINES.map(str.strip).filter(bool), st.lists(LINES, min_size=1, max_size=6), st.binary(max_size=400))
def test_whatever_is_said_arrives(
    tmp_path_factory: pytest.TempPathFactory, subject: str, lines: list[str], data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "Délibération n° 3 – Hénin-Beaumont « œuvre » & co.pdf"
    path.write_bytes(data)
    text = "\n".join(lines)
    mail = fast_mail_parser.parse_email(_message("mairie@exemple.fr", subject, text, [path]))
    assert mail.subject == subject
    (said,) = mail.text_plain
    assert said.replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")
    assert [(one.filename, one.content, one.mimetype) for one in mail.attachments] == [
        (path.name, data, "application/pdf"),
    ]  # fmt: skip


def test_the_address_of_the_list_is_the_drafts_until_another_is_typed(tmp_path: Path) -> None:
    listed, lot = tmp_path / "liste.csv", tmp_path / "lot"
    head, row = HEAD.replace("\n", ";Mail mairie;Téléphone\n"), ROW.format("59017", "59280")
    listed.write_text(head + row.replace("\n", ";mairie@exemple.fr;03 20 00 00 00\n"), "utf-8")
    batch(listed, RunOptions(DEFAULT, lot), NOBODY)

    def to() -> list[str]:
        (document,) = drafted(lot, force=True).documents
        return [one.address for one in fast_mail_parser.parse_email(document.path.read_bytes()).to]

    assert to() == ["mairie@exemple.fr"]
    book = openpyxl.load_workbook(lot / "suivi.xlsx")
    sheet = book["Suivi"]
    head_cells = [cell.value for cell in sheet[1]]
    assert sheet.cell(2, head_cells.index("Téléphone") + 1).value == "03 20 00 00 00"
    sheet.cell(2, head_cells.index("Courriel") + 1).value = "maire@exemple.fr"
    book.save(lot / "suivi.xlsx")
    batch(listed, RunOptions(DEFAULT, lot), NOBODY)
    assert to() == ["maire@exemple.fr"]


def test_who_has_no_draft_is_told_and_listed(lot: Path) -> None:
    report = drafted(lot)
    assert (report.exit_code, report.summary["drafts"], report.summary["without"]) == (ExitCode.PROBLEMS, 1, 1)
    assert [(one.code, one.value) for one in report.problems] == [("mail-address", "Le Quesnoy")]
    head, first, second = openpyxl.load_workbook(lot / "bordereau.xlsx").active.iter_rows(values_only=True)
    assert first[head.index("Brouillon")] == "armentieres-59280.eml"
    assert "adresse" in second[head.index("Pourquoi il manque")]


def test_the_list_has_room_for_every_line_of_its_cells(lot: Path) -> None:
    """LibreOffice prints what is wrapped over the line below, unless a line is as high as it needs."""
    drafted(lot, MODEL.replace("Convention à signer", "Convention à signer et à renvoyer " * 6))
    sheet = openpyxl.load_workbook(lot / "bordereau.xlsx").active
    widths = [sheet.column_dimensions[cell.column_letter].width for cell in sheet[1]]
    for row in (2, 3):
        needed = max(len(str(cell.value or "")) / width for cell, width in zip(sheet[row], widths, strict=True))
        assert sheet.row_dimensions[row].height >= 15 * needed
    assert sheet.page_setup.orientation == "landscape"


def test_the_same_drafts_twice_and_none_replaced_unasked(lot: Path) -> None:
    drafted(lot)
    before = {path.name: path.read_bytes() for path in (lot / "courriels").iterdir()}
    assert [one.status for one in drafted(lot).documents] == ["identical"]
    assert {path.name: path.read_bytes() for path in (lot / "courriels").iterdir()} == before
    other = MODEL.replace("Bonjour", "Bonsoir")
    with pytest.raises(OutputError):
        drafted(lot, other)
    assert {path.name: path.read_bytes() for path in (lot / "courriels").iterdir()} == before
    assert [one.status for one in drafted(lot, other, force=True).documents] == ["replaced"]


def test_a_missing_file_and_too_big_ones_are_told(lot: Path) -> None:
    (report,) = [drafted(lot, MODEL.replace("docx", "pdf"))]
    assert sorted(one.code for one in report.problems) == ["file-missing", "mail-address"]
    (copy,) = lot.glob("*armentieres*collectivite.docx")
    copy.write_bytes(b"x" * (21 * 1024 * 1024))
    assert "mail-too-big" in [one.code for one in drafted(lot).problems]
    assert not (lot / "courriels").exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (MODEL.replace("adherent.nom", "adherent.prenom"), "texte"),
        (MODEL.replace("{{ adherent.designation }}", "{{ adherent"), "sujet"),
        (MODEL.replace("docx", "odt"), "format"),
        (MODEL.replace("collectivite", "mairie"), "pieces"),
        (MODEL.replace("sujet", "objet"), "objet"),
        ("sujet: a\n", "texte"),
    ],
)
def test_a_model_that_is_wrong_says_where(lot: Path, wrong: str, field: str) -> None:
    with pytest.raises(ConventoolError) as raised:
        drafted(lot, wrong)
    assert raised.value.exit_code is ExitCode.UNREADABLE
    assert field in {problem.field for problem in raised.value.problems}
    assert all(problem.place.line for problem in raised.value.problems)
    assert not (lot / "courriels").exists()


def test_every_word_that_nothing_gives_is_told_at_once_though_nobody_has_a_draft(lot: Path) -> None:
    wrong = 'sujet: "{{ adherent.nomm }}"\ntexte: "{{ adherent.signatures.fibree }} {{ exemplaire }}"\nformat: pdf\n'
    with pytest.raises(ConventoolError) as raised:
        drafted(lot, wrong)
    told = [(one.field, one.place.line, str(one.hint).replace("\xa0", " ")) for one in raised.value.problems]
    assert told == [
        ("sujet", 1, "Vouliez-vous dire « nom » ?"),
        ("texte", 2, "On peut écrire : adherent."),
        ("texte", 2, "Vouliez-vous dire « fibre » ?"),
    ]


@pytest.mark.parametrize("field", ["sujet", "texte"])
def test_a_value_that_an_adherent_does_not_have_keeps_its_draft_only(lot: Path, field: str) -> None:
    lines = {"sujet": "Convention", "texte": "Bonjour"} | {field: "{{ adherent.siret }}"}
    report = drafted(lot, "".join(f'{name}: "{text}"\n' for name, text in lines.items()) + "format: docx\n")
    (problem,) = (one for one in report.problems if one.value != "Le Quesnoy")
    assert (problem.code, problem.field, problem.message.split("\xa0")[0]) == ("missing-field", field, "Armentières")
    assert (report.exit_code, report.summary["drafts"]) == (ExitCode.PROBLEMS, 0)


def test_the_words_that_a_model_may_say_are_those_that_an_adherent_has() -> None:
    adherent = samples()[0].adherent
    assert adherent is not None
    words = adherent_words(adherent)
    assert words.keys() == set(WORDS_OF_ADHERENT["adherent"])
    for name in ("signatures", "protection"):
        assert words[name].keys() == set(WORDS_OF_ADHERENT[f"adherent.{name}"])


@pytest.mark.parametrize("wrong", ["", "- a\n"])
def test_a_model_of_another_shape_is_told_by_its_own_example(lot: Path, wrong: str) -> None:
    with pytest.raises(ConventoolError) as raised:
        drafted(lot, wrong)
    assert "sujet: …" in (raised.value.problems[0].hint or "")


@pytest.mark.parametrize("address", ["pas une adresse", "a@b", "a@b.fr\nBcc: x@y.fr", "<a@b.fr> x"])
def test_what_is_no_address_is_told(lot: Path, address: str) -> None:
    book = openpyxl.load_workbook(lot / "suivi.xlsx")
    sheet = book["Suivi"]
    column = next(cell.column for cell in sheet[1] if cell.value == "Courriel")
    sheet.cell(2, column).value = address
    book.save(lot / "suivi.xlsx")
    (problem, _) = drafted(lot).problems
    assert problem.code == "mail-address"
    assert "n’est pas une adresse" in problem.message
