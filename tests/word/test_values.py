"""What goes into a control comes out of the document again, as its kind writes it; what does not suit is refused."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from conventool import Blank, FillError, Template
from conventool.word.compiler import Mode
from documents.judges import text_of
from documents.make import docx, files_of, p, prompt, r, sdt
from documents.zoo import CHECKBOX, FRENCH_COMBO, FRENCH_DATE, FRENCH_LIST, MULTILINE, RICH, TEXT

ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2

TEXTS = Template.from_bytes(docx(p(r("[") + sdt(prompt(), MULTILINE, tag="t", showing=True) + r("]"))))
KINDS = Template.from_bytes(
    docx(
        p(sdt(prompt(), TEXT, tag="texte", showing=True))
        + p(sdt(prompt("Choisissez."), FRENCH_LIST, tag="liste", showing=True))
        + p(sdt(prompt("Forme ?"), FRENCH_COMBO, tag="combo", showing=True))
        + p(sdt(prompt(), FRENCH_DATE, tag="date", showing=True))
        + p(sdt(r("☐"), CHECKBOX, tag="case"))
        + p(sdt(r("<w:x/>".replace("<w:x/>", "riche")), RICH, tag="riche"))
    )
)


def read(data: bytes) -> str:
    return text_of(etree.fromstring(files_of(data)["word/document.xml"]))


def code_of(template: Template, address: str, value: object) -> str:
    with pytest.raises(FillError) as caught:
        template.fill({address: value})  # type: ignore[dict-item]
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].place.control
    return caught.value.problems[0].code


@given(st.text(st.characters(codec=None), max_size=60), st.sampled_from(["keep", "unwrap"]))
def test_any_text_comes_out_again_or_is_refused(text: str, mode: Mode) -> None:
    """Every character that XML can hold is read back; one that it cannot hold is an error."""
    if ILLEGAL.search(text):
        assert code_of(TEXTS, "t", text) == "illegal-character"
    else:
        expected = text.replace("\r\n", "\n").replace("\r", "\n")
        assert read(TEXTS.fill({"t": text}, mode)) == f"[{expected}]\n"


@given(st.text("ab<&>\"'\n\t\u00a0 ", max_size=30))
def test_breaks_and_tabs_are_words_own(text: str) -> None:
    """A newline is ``w:br``, a tab ``w:tab``: no run's text holds either."""
    root = etree.fromstring(files_of(TEXTS.fill({"t": text}))["word/document.xml"])

    assert len(list(root.iter("{*}br"))) == text.count("\n")
    assert len(list(root.iter("{*}tab"))) == text.count("\t")
    assert not [t for t in root.iter("{*}t") if t.text and {"\n", "\t"} & set(t.text)]


def test_a_long_text_spans_several_stored_blocks() -> None:
    """A deflate block holds 65,535 bytes; a text may be longer."""
    text = "é" * 100_000

    assert text in read(TEXTS.fill({"t": text}))


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("La Commune", "La Commune"),
        ("commune", "La Commune"),
        ("la commune", "La Commune"),
        ("LA COMMUNE ", "La Commune"),
        ("l'etablissement PUBLIC", "L’Établissement public"),
        ("ep", "L’Établissement public"),
        ("Autre", "Autre"),
    ],
)
@pytest.mark.parametrize("control", ["liste", "combo"])
def test_lists_take_their_items_forgivingly(control: str, given_text: str, shown: str) -> None:
    """By display text or value, accents, case and apostrophes forgiven; the item's own spelling is written."""
    assert shown in read(KINDS.fill({control: given_text}))


@pytest.mark.parametrize("text", ["", " ", "Choisissez un élément.", "choisissez un element", "Choisissez."])
def test_a_list_is_never_set_to_its_prompt(text: str) -> None:
    """The prompt is no choice."""
    assert code_of(KINDS, "liste", text) == "bad-choice"


@pytest.mark.parametrize("text", ["Choisissez un élément.", "Forme ?"])
def test_a_combo_box_is_never_set_to_its_prompt(text: str) -> None:
    """Free text is welcome, a prompt is not."""
    assert code_of(KINDS, "combo", text) == "bad-choice"
    assert "Le Syndicat" in read(KINDS.fill({"combo": "Le Syndicat"}))


def test_a_list_says_what_it_offers() -> None:
    """The hint holds every choice, and no prompt."""
    with pytest.raises(FillError) as caught:
        KINDS.fill({"liste": "Le Département"})

    hint = caught.value.problems[0].hint or ""
    assert all(choice in hint for choice in ("« La Commune »", "« L’Établissement public »", "« Autre »"))
    assert "Choisissez" not in hint


@pytest.mark.parametrize(("value", "glyph", "state"), [
    (True, "☒", "1"), ("oui", "☒", "1"), ("OUI", "☒", "1"), ("x", "☒", "1"), (1, "☒", "1"), ("coché", "☒", "1"),
    (False, "☐", "0"), ("non", "☐", "0"), ("Non", "☐", "0"), (0, "☐", "0"), ("décoché", "☐", "0"),
])  # fmt: skip
def test_a_checkbox_takes_yes_and_no(value: bool | str | int, glyph: str, state: str) -> None:
    """The glyph in its font, and the state beside it."""
    root = etree.fromstring(files_of(KINDS.fill({"case": value}))["word/document.xml"])

    (checked,) = root.iter("{*}checked")
    assert checked.attrib.values() == [state]
    run = next(run for run in root.iter("{*}r") if text_of(run) == glyph)
    assert "MS Gothic" in next(run.iter("{*}rFonts")).attrib.values()


@pytest.mark.parametrize(("control", "value", "code"), [
    ("case", "peut-être", "bad-choice"), ("case", "", "bad-choice"), ("case", Blank("…"), "bad-choice"),
    ("date", "demain", "bad-date"), ("date", 20260312, "bad-date"), ("date", True, "bad-date"),
    ("date", "2026-02-30", "bad-date"), ("texte", True, "bad-value"), ("texte", 1.5, "bad-value"),
    ("texte", ["a"], "bad-value"), ("liste", date(2026, 1, 1), "bad-value"), ("texte", "\ud800", "illegal-character"),
    ("texte", "a\0", "illegal-character"), ("liste", "\x1b", "illegal-character"),
    ("texte", Blank("\x0b"), "illegal-character"),
])  # fmt: skip
def test_what_does_not_suit_is_refused(control: str, value: object, code: str) -> None:
    """Each kind has its own code, and the problem says which control."""
    assert code_of(KINDS, control, value) == code


def dated(pattern: str, language: str) -> Template:
    kind = f'<w:date><w:dateFormat w:val="{pattern}"/><w:lid w:val="{language}"/></w:date>'
    return Template.from_bytes(docx(p(sdt(r("x"), kind, tag="d"))))


NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(("pattern", "language", "day", "expected"), [
    ("d MMMM yyyy", "fr-FR", date(2026, 3, 12), f"12{NBSP}mars{NBSP}2026"),
    ("d MMMM yyyy", "fr-FR", date(2026, 8, 1), f"1er{NBSP}août{NBSP}2026"),
    ("dddd d MMMM yyyy", "fr-FR", date(2026, 1, 1), f"jeudi{NBSP}1er{NBSP}janvier{NBSP}2026"),
    ("dddd d MMMM yyyy", "fr-BE", date(2026, 3, 12), f"jeudi{NBSP}12{NBSP}mars{NBSP}2026"),
    ("dd/MM/yyyy", "fr-FR", date(2026, 3, 1), "01/03/2026"),
    ("d/M/yy", "fr-FR", date(2026, 3, 1), "1/3/26"),
    ("d MMM yyyy", "fr-FR", date(2026, 2, 2), f"2{NBSP}févr.{NBSP}2026"),
    ("MMMM yyyy", "fr-FR", date(2026, 12, 1), f"décembre{NBSP}2026"),
    ("MMMM d, yyyy", "en-US", date(2026, 3, 1), "March 1, 2026"),
    ("dddd, MMMM dd, yyyy", "en-US", date(2026, 3, 1), "Sunday, March 01, 2026"),
    ("d. MMMM yyyy", "de-DE", date(2026, 3, 1), "1. März 2026"),
    ("d' de 'MMMM' de 'yyyy", "es-ES", date(2026, 3, 1), "1 de marzo de 2026"),
    ("d' de 'MMMM' de 'yyyy", "ca-ES", date(2026, 3, 1), "1 de març de 2026"),
    ("d MMMM yyyy", "pl-PL", date(2026, 3, 1), "1 marca 2026"),
    ("MMMM yyyy", "pl-PL", date(2026, 3, 1), "marzec 2026"),
    ("d MMMM yyyy 'г.'", "ru-RU", date(2026, 3, 1), "1 марта 2026 г."),
    ("yyyy'年'M'月'd'日'", "ja-JP", date(2026, 3, 1), "2026年3月1日"),
    ("dddd d MMMM yyyy", "nl-NL", date(2026, 3, 1), "zondag 1 maart 2026"),
    ("d MMMM yyyy", "it-IT", date(2026, 3, 1), "1 marzo 2026"),
    ("yyyy-MM-dd", "", date(2026, 3, 1), "2026-03-01"),
    ("d MMMM yyyy", "zz-ZZ", date(2026, 3, 2), f"2{NBSP}mars{NBSP}2026"),
    ("dd/MM/yyyy HH:mm", "fr-FR", datetime(2026, 3, 1, 9, 5, tzinfo=UTC), "01/03/2026 09:05"),
    ("M/d/yyyy h:mm am/pm", "en-US", datetime(2026, 3, 1, 21, 5, tzinfo=UTC), "3/1/2026 9:05 PM"),
    ("'le 'd' 'MMMM", "fr-FR", date(2026, 3, 5), f"le{NBSP}5{NBSP}mars"),
    ("d, MMMM", "en-GB", date(2026, 3, 5), "5, March"),
])  # fmt: skip
def test_dates_are_written_in_the_controls_format_and_language(
    pattern: str, language: str, day: date, expected: str
) -> None:
    """As Word itself would write them."""
    data = dated(pattern, language).fill({"d": day})

    assert read(data).strip("\n") == expected
    stamp = re.search(rb'fullDate="([^"]*)"', files_of(data)["word/document.xml"])
    assert stamp is not None
    assert re.fullmatch(rb"2026-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp[1])


@pytest.mark.parametrize(("mode", "kind", "raised"), [("keep", FRENCH_DATE, False), ("unwrap", FRENCH_DATE, True)])
def test_the_first_of_the_month_is_raised_where_runs_are_allowed(mode: Mode, kind: str, raised: bool) -> None:
    """A date control holds one run; without the control "er" can stand above the line."""
    template = Template.from_bytes(docx(p(sdt(r("x", "<w:i/>"), kind, tag="d"))))

    root = etree.fromstring(files_of(template.fill({"d": date(2026, 3, 1)}, mode))["word/document.xml"])

    assert text_of(root).strip("\n") == f"1er{NBSP}mars{NBSP}2026"
    high = [text_of(run) for run in root.iter("{*}r") if run.find("{*}rPr/{*}vertAlign") is not None]
    assert high == (["er"] if raised else [])
    assert all(run.find("{*}rPr/{*}i") is not None for run in root.iter("{*}r"))


def test_a_blank_stays_to_be_filled() -> None:
    """Dots to write on, in Word still a prompt, still a date picker."""
    data = KINDS.fill({"date": Blank("………")})

    after = Template.from_bytes(data).find("date")
    assert (after.text, after.filled, after.kind) == ("………", False, "date")
    assert b"fullDate" not in files_of(data)["word/document.xml"]
    assert "………" in read(KINDS.fill({"date": Blank("………")}, "unwrap"))


def test_a_blank_leaves_a_list_to_be_chosen_from() -> None:
    """It is no choice that the list lacks: in Word the list still prompts, and still offers what it did."""
    before = KINDS.find("liste")
    after = Template.from_bytes(KINDS.fill({"liste": Blank("………")})).find("liste")
    assert (after.text, after.filled, after.items) == ("………", False, before.items)


def test_none_leaves_a_control_as_it_is() -> None:
    """None is no value."""
    assert KINDS.fill({"texte": None}) == KINDS.fill({})


@given(st.lists(st.tuples(st.sampled_from(["texte", "combo"]), st.text("abc é", min_size=1, max_size=8)), max_size=4))
def test_the_order_of_the_values_does_not_matter(pairs: list[tuple[str, str]]) -> None:
    """Values are told apart by address alone."""
    values = {address: text + "." for address, text in pairs}
    backwards = dict(reversed(values.items()))

    assert KINDS.fill(values) == KINDS.fill(backwards)
