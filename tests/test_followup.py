"""The workbook that people follow the conventions in, read back by openpyxl."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conventool.deadlines.terms import Period, Terms
from conventool.dossier import tracking_columns
from conventool.dossier import tracking_workbook as followup
from conventool.dossier.facts import Fact
from conventool.dossier.reading import Followed
from conventool.dossier.records import Piece
from conventool.dossier.standing import standing

openpyxl = pytest.importorskip("openpyxl")

COPIES = {"fibre": "La Fibre 59 & 62", "cdg": 'Le « "CDG" » 100 %s {x}'}
TODAY = date(2026, 4, 30)
TERMS = (Terms(Period(24), 1, Period(3), Period(12), Period(3)), "tacite")
# what XML 1.0 holds, and no line break but "\n": parsers must turn the others into that one
TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=40)


def entry(
    name: str = "Laon", *, told: str = "", files: tuple[Piece, ...] = (), postal: str = "02000", **more: Any
) -> Followed:
    return Followed(name, f"La {name}", postal, False, files, (told,) if told else (), copies=COPIES, **more)


def sheets(entries: list[Followed]) -> list[Any]:
    file = BytesIO()
    followup.write(file, followup.Contents(COPIES, iter(entries), TODAY))
    return list(openpyxl.load_workbook(file))


def lines(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(min_row=2, values_only=True))


def text_of(cell: str | None) -> str:
    return str(openpyxl.utils.escape.unescape(cell or ""))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
def test_every_text_is_there_as_it_is(texts: list[tuple[str, str]]) -> None:
    sheet, assumed = sheets([entry(name, told=told) for name, told in texts])
    found = [(text_of(line[0]), text_of(line[1])) for line in lines(sheet)]
    assert found == [(name, f"La {name}") for name, _ in texts]
    assert [(text_of(line[0]), text_of(line[1])) for line in lines(assumed)] == [one for one in texts if one[1]]


@pytest.mark.parametrize("number", [0, 1, 2, 250])
def test_there_are_as_many_lines_as_adherents_and_the_filter_knows(number: int) -> None:
    sheet, _ = sheets([entry(f"Commune {rank}", postal=f"{rank:05}") for rank in range(number)])
    assert [line[2] for line in lines(sheet)] == [f"{rank:05}" for rank in range(number)]
    assert sheet.max_row == number + 1
    assert sheet.auto_filter.ref == f"A1:S{number + 1}"  # the hidden column too: it is sorted with the others
    assert sheet.column_dimensions["S"].hidden
    assert sheet.freeze_panes == "B2"


def test_a_copy_that_is_not_there_has_no_link() -> None:
    both = (Piece("fibre", "a 1.docx"), Piece("cdg", "b.docx"), Piece("fibre", "a 1.pdf"))
    failed, taken = (Piece("cdg", "c.pdf", status="failed"),), (Piece("fibre", "d.docx", status="conflict"),)
    sheet, _ = sheets([entry(files=both), entry(files=failed), entry(files=taken), entry()])
    head = [cell.value for cell in sheet[1]]
    links = [[cell and str(cell).split('"')[1] for cell in line[-3:-1]] for line in lines(sheet)]  # before the hidden
    assert links == [["a%201.docx", "b.docx"], [None, "c.pdf"], ["d.docx", None], [None, None]]
    assert [line[head.index("État")] for line in lines(sheet)] == [
        "Produite", "PDF non produit", "Non écrite : un autre fichier porte ce nom", "Produite",
    ]  # fmt: skip
    assert sheet["R2"].value == f'=HYPERLINK("b.docx","{COPIES["cdg"].replace(chr(34), chr(34) * 2)}")'


def fact(value: Any) -> Fact:
    return Fact(value, "typed")


@pytest.mark.parametrize(
    ("facts", "text", "late"),
    [
        ({}, "Produite", False),
        ({"envoyee": date(2026, 4, 10)}, "Envoyée le 10 avril 2026", False),
        ({"envoyee": date(2026, 3, 10)}, "Envoyée le 10 mars 2026", True),
        ({"envoyee": "hier"}, "Produite", False),
        ({"retour.cdg": "intact"}, "Revenue", False),
        ({"retour.cdg": "altered", "signature.cdg": date(2026, 4, 2)}, f"Altérée : {COPIES['cdg']}", False),
        ({"signature.cdg": date(2026, 4, 2)}, f"Signée par {COPIES['cdg']}", False),
        (
            {"signature.cdg": date(2026, 4, 2), "signature.fibre": date(2026, 4, 7)},
            "Signée, effet le 7 avril 2026", False,
        ),
        (
            {"signature.cdg": date(2026, 4, 2), "signature.fibre": date(2026, 4, 7), "executoire": date(2026, 4, 9)},
            "Exécutoire le 9 avril 2026", False,
        ),
        (
            {"signature.cdg": date(2026, 4, 2), "signature.fibre": date(2026, 4, 7), "denoncee": date(2026, 4, 29)},
            "Dénoncée le 29 avril 2026, fin le 7 avril 2027", False,
        ),
        (
            {"signature.cdg": date(2022, 4, 2), "signature.fibre": date(2022, 4, 30), "envoyee": date(2022, 1, 1)},
            "Échue le 30 avril 2026", False,
        ),
        ({"signature.cdg": date(2022, 4, 2), "signature.fibre": "le 7"}, f"Signée par {COPIES['cdg']}", False),
    ],
)  # fmt: skip
def test_each_state_is_told(facts: dict[str, Any], text: str, late: bool) -> None:
    where = standing(entry(facts={name: fact(value) for name, value in facts.items()}, terms=TERMS), TODAY)
    assert (where.text.replace("\xa0", " "), where.late) == (text, late)


def test_a_signature_of_the_collectivite_before_its_decision_is_not_counted() -> None:
    one = entry(
        facts={"signature.collectivite": fact(date(2026, 4, 1))},
        understood={"decision": {"date": "2026-03-12", "recue_le": "2026-04-02"}},
    )._replace(copies={"collectivite": "La Collectivité"})
    assert standing(one, TODAY).effect is None
    later = one._replace(facts={"signature.collectivite": fact(date(2026, 4, 2))})
    assert standing(later, TODAY).effect == date(2026, 4, 2)


def test_the_sheet_fits_on_paper_with_dates_checked_and_states_in_colour() -> None:
    sheet, assumed = sheets([entry(told="Deux.")])
    assert lines(assumed) == [("Laon", "Deux.")]
    for one in (sheet, assumed):
        assert (one.page_setup.orientation, one.page_setup.fitToHeight) == ("landscape", 0)
        assert (one.sheet_properties.pageSetUpPr.fitToPage, one.print_title_rows) == (True, "$1:$1")
    assert sheet.row_dimensions[1].height > 40
    assert "D2" in str(next(iter(sheet.conditional_formatting)).sqref)


def printed(listed: tuple[str, ...] = (), arrangement: tuple[tuple[str, float | None], ...] = ()) -> tuple[str, int]:
    """The last column that is printed, and on how many pages beside each other."""
    copies = {"fibre": "La Fibre Numérique 59 62", "cdg59": "CDG 59", "collectivite": "La Collectivité"}
    file = BytesIO()
    contents = followup.Contents(copies, iter([entry()]), TODAY, arrangement=arrangement, listed=listed)
    followup.write(file, contents)
    sheet = openpyxl.load_workbook(file)["Suivi"]
    last = sheet.print_area.rpartition("$")[0].rpartition("$")[2]
    return sheet[f"{last}1"].value, sheet.page_setup.fitToWidth or 1


def test_what_can_be_read_on_one_page_is_printed_and_what_she_moves_there_too() -> None:
    assert printed() == ("Remarque", 1)
    assert printed(("Téléphone", "Secteur")) == ("Remarque", 1)
    assert printed(("Secteur",), (("Adhérent", None), ("Secteur", 16), ("Remarque", None))) == ("Dénoncée par", 1)
    assert printed(arrangement=(("Exemplaire CDG 59", 90), ("Remarque", 90), ("À moi", 90))) == ("Dénoncée par", 2)


def test_what_is_typed_is_checked_in_french() -> None:
    sheet, _ = sheets([entry()])
    head = [cell.value for cell in sheet[1]]
    checks = {
        head[next(iter(check.sqref.ranges)).min_col - 1]: check for check in sheet.data_validations.dataValidation
    }
    dated = {title for title, check in checks.items() if check.type == "date"}
    assert dated == {
        "Envoyée le", "Exécutoire le", "Reconduite par écrit le", "Dénoncée le",
        *(f"Date de signature : {whose}" for whose in COPIES.values()),
    }  # fmt: skip
    assert {title: check.type for title, check in checks.items() if title not in dated} == {
        "Dénoncée par": "list", "Courriel": "custom",
    }  # fmt: skip
    assert {check.errorStyle for check in checks.values()} == {"warning"}  # what she insists on is taken
    assert all(check.showErrorMessage and check.error.endswith(".") for check in checks.values())
    assert checks["Dénoncée par"].formula1 == '"' + ",".join(COPIES.values()).replace('"', '""') + '"'


def test_a_line_is_as_high_as_its_longest_text() -> None:
    """LibreOffice prints what is below a line break over the line above."""
    facts = {"remarque": fact("un\ndeux\ntrois"), "courriel": fact("x" * 60)}
    sheet, _ = sheets([entry(facts=facts), entry()])
    assert sheet.row_dimensions[2].height == 45
    assert sheet.row_dimensions[3].height is None


def test_what_was_assumed_of_an_adherent_is_one_line_as_high_as_it_needs() -> None:
    few, many = entry(told="Un."), entry("Lille")._replace(messages=tuple("abcde"))
    *_, assumed = sheets([few, entry("Lens"), many])
    assert lines(assumed) == [("Laon", "Un."), ("Lille", "a\nb\nc\nd\ne")]
    assert [assumed.row_dimensions[row].height for row in (2, 3)] == [45, 75]


def test_what_a_cell_cannot_hold_is_left_out() -> None:
    sheet, assumed = sheets([entry("a\x00\x1fb\ufffe", told="x" * 40_000)])
    assert (sheet["A2"].value, len(assumed["B2"].value)) == ("ab", 32_767)


def test_a_list_longer_than_a_sheet_goes_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followup, "_ROWS", 2)
    found = sheets([entry(f"Commune {rank}") for rank in range(5)])
    named = {sheet.title: [line[0] for line in lines(sheet)] for sheet in found}
    assert named == {
        "Suivi": ["Commune 0", "Commune 1"], "Suivi 2": ["Commune 2", "Commune 3"], "Suivi 3": ["Commune 4"],
        "Suppositions": [],
    }  # fmt: skip
    assert all(tracking_columns.is_ours(title) for title in named)
    assert not any(tracking_columns.is_ours(title) for title in ("Suivi de Paul", "Notes", "suivi"))
