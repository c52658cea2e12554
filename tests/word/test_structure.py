"""Where a value goes besides the text: looks, ranges, bound data, repeated items, twins; and what is in conflict."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from conventool import Blank, FillError, Template
from conventool.word.values import Value
from documents.judges import audit, structure_faults, text_of, texts_of
from documents.make import bookmark, bound, custom_xml, docx, files_of, p, prompt, r, sdt, text_box
from documents.zoo import CORE, CORE_PREFIXES, FRENCH_DATE, FRENCH_LIST, ITEM, RICH, SECTION, STORE, TEXT, ZOO

W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def opened(name: str) -> Template:
    return Template.from_bytes(ZOO[name]())


def root_of(data: bytes, part: str = "word/document.xml") -> etree._Element:
    return etree.fromstring(files_of(data)[part])


def runs_with(root: etree._Element, text: str) -> list[etree._Element]:
    return [run for run in root.iter(f"{W}r") if text_of(run) == text]


def codes(template: Template, values: dict[str, Value]) -> list[str]:
    with pytest.raises(FillError) as caught:
        template.fill(values)
    return [problem.code for problem in caught.value.problems]


# ---------------------------------------------------------------------------------------------- looks and ranges


@pytest.mark.parametrize(("tag", "look"), [("du contrôle", "b"), ("du texte", "sz"), ("du texte", "rStyle")])
def test_the_look_is_the_controls_own_or_that_of_its_text(tag: str, look: str) -> None:
    """``w:sdtPr/w:rPr`` first; a text that was no prompt keeps its look."""
    (run,) = runs_with(root_of(opened("looks_of_every_origin").fill({tag: "Z"})), "Z")

    assert run.find(f"{W}rPr/{W}{look}") is not None


def test_a_prompts_look_gives_way_to_the_paragraphs() -> None:
    """The new text looks as the paragraph's mark does."""
    (run,) = runs_with(
        root_of(opened("looks_of_every_origin").fill({"du paragraphe": date(2026, 3, 2)})), "2\xa0mars\xa02026"
    )

    assert [etree.QName(e).localname for e in run.iterfind(f"{W}rPr/*")] == ["i", "lang"]


def test_a_raised_ordinal_keeps_the_order_of_its_properties(scratch: Path) -> None:
    """``w:vertAlign`` stands before ``w:lang``."""
    original = ZOO["looks_of_every_origin"]()
    filled = Template.from_bytes(original).fill({"du paragraphe": date(2026, 3, 1)}, "unwrap")

    (run,) = runs_with(root_of(filled), "er")
    assert [etree.QName(e).localname for e in run.iterfind(f"{W}rPr/*")] == ["i", "vertAlign", "lang"]
    assert not audit(filled, scratch) - audit(original, scratch)


def test_a_blanks_flag_stands_in_its_place() -> None:
    """After the lock, before the binding and the kind."""
    control = sdt(r("x"), FRENCH_DATE, tag="t", extra='<w:lock w:val="sdtLocked"/>' + bound("/a[1]", STORE))
    filled = Template.from_bytes(docx(p(control))).fill({"t": Blank("…")})

    (properties,) = root_of(filled).iter(f"{W}sdtPr")
    assert [etree.QName(e).localname for e in properties] == ["tag", "lock", "showingPlcHdr", "dataBinding", "date"]


@pytest.mark.parametrize("control", ["run", "bloc"])
def test_ranges_stay_whole(control: str) -> None:
    """Every marker that stood in the control is there afterwards, in the same order."""
    template = opened("ranges_that_cross")
    markers = ("bookmarkStart", "bookmarkEnd", "permStart", "permEnd")

    def marks(data: bytes) -> list[tuple[str, str | None]]:
        found = root_of(data).iter(*(W + name for name in markers))
        return sorted((etree.QName(e).localname, e.get(f"{W}id")) for e in found)

    for mode in ("keep", "unwrap"):
        filled = template.fill({control: "Z"}, mode)
        assert marks(filled) == marks(ZOO["ranges_that_cross"]())
        for identifier in ("1", "2", "3", "6"):
            order = [e.tag for e in root_of(filled).iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")
                     if e.get(f"{W}id") == identifier]  # fmt: skip
            assert order == [f"{W}bookmarkStart", f"{W}bookmarkEnd"]


def test_a_comments_anchor_stays() -> None:
    """Filling a control with a comment on it does not lose the comment."""
    root = root_of(opened("headers_footers_notes_and_comments").fill({"t": "Z"}))

    assert len(list(root.iter(f"{W}commentReference"))) == 1
    assert len(list(root.iter(f"{W}commentRangeEnd"))) == 1


def test_a_nested_cell_keeps_no_flag_of_its_prompt() -> None:
    """The value of an outer cell control must not pass for the inner one's prompt."""
    root = root_of(opened("nested_four_deep").fill({"autour": "Z", "enveloppe": "Y"}))

    for text in "ZY":
        (run,) = runs_with(root, text)
        controls = list(run.iterancestors(f"{W}sdt"))
        assert not [c for c in controls if c.find(f"{W}sdtPr/{W}showingPlcHdr") is not None]


def test_a_hidden_paragraph_mark_does_not_hide_the_value() -> None:
    """The mark's own hiding is no look of text."""
    template = Template.from_bytes(
        docx(p(sdt(prompt(), TEXT, tag="t", showing=True), "<w:rPr><w:b/><w:vanish/></w:rPr>"))
    )
    (run,) = runs_with(root_of(template.fill({"t": "Z"})), "Z")

    assert [etree.QName(e).localname for e in run.iterfind(f"{W}rPr/*")] == ["b"]


# ------------------------------------------------------------------------------------------------ bound data


def bound_data(filled: bytes) -> etree._Element:
    return root_of(filled, "customXml/item1.xml")


def test_a_bound_control_changes_its_data_and_all_that_show_it() -> None:
    """One value, one node, three controls, two parts."""
    filled = opened("bound_to_custom_xml").fill({"tag:nom": "Hem & Cie\n2"})

    assert bound_data(filled)[0].text == "Hem & Cie\n2"
    assert texts_of(filled).count("Hem & Cie\n2") == 3
    assert [e.tag for e in bound_data(filled).iter(etree.Comment)], "the rest of the data stays"
    assert bound_data(filled)[-1].text == "intact"


def test_a_bound_list_stores_its_value_and_shows_its_text() -> None:
    """A text control bound to the same node shows what is stored."""
    filled = opened("bound_to_custom_xml").fill({"forme": "L’Établissement public"})

    assert bound_data(filled)[1].text == "ep"
    assert texts_of(filled).splitlines().count("ep") == 1
    assert "L’Établissement public" in texts_of(filled)


def test_a_text_sets_the_list_bound_to_the_same_data() -> None:
    """And the other way: the list shows the text of the value; an unknown value as it is."""
    template = opened("bound_to_custom_xml")

    assert "La Commune" in texts_of(template.fill({"forme en texte": "commune"}))
    assert texts_of(template.fill({"forme en texte": "inconnu"})).splitlines().count("inconnu") == 2


@pytest.mark.parametrize(("tag", "value", "index", "stored"), [
    ("jour", date(2026, 3, 1), 2, "2026-03-01T00:00:00"), ("accord", "oui", 3, "true"), ("accord", False, 3, "false"),
])  # fmt: skip
def test_dates_and_boxes_are_stored_as_xml_writes_them(tag: str, value: Value, index: int, stored: str) -> None:
    """xsd:dateTime and xsd:boolean."""
    assert bound_data(opened("bound_to_custom_xml").fill({tag: value}))[index].text == stored


def test_an_attribute_can_be_bound() -> None:
    """Quotes and newlines included."""
    filled = opened("bound_to_custom_xml").fill({"attribut": 'a "b" <c>\n&\td'})

    assert bound_data(filled).get("genre") == 'a "b" <c>\n&\td'


@pytest.mark.parametrize(("document", "tag"), [
    ("bound_to_custom_xml", "sans chemin"), ("bound_by_odd_paths", "calcul"), ("bound_by_odd_paths", "préfixe"),
    ("bound_by_odd_paths", "faux"), ("bound_by_odd_paths", "rien"),
    ("bound_to_a_missing_store", "orphelin"),
])  # fmt: skip
def test_data_that_is_missing_leaves_the_text_alone_filled(document: str, tag: str) -> None:
    """And the oddity is told."""
    template = opened(document)

    assert "Zut" in texts_of(template.fill({tag: "Zut"}))
    assert any(o.code == "data-missing" and tag in str(o.place) for o in template.warnings)


def test_document_properties_are_filled_even_where_there_is_no_element_yet() -> None:
    """Word knows an empty subject; the file may have no element for it."""
    filled = opened("bound_to_core_properties").fill({"titre": "Le titre", "sujet": "Le sujet"})
    core = root_of(filled, "docProps/core.xml")

    assert [(etree.QName(e).localname, e.text) for e in core] == [("title", "Le titre"), ("subject", "Le sujet")]
    assert texts_of(filled).count("Le titre") == 2


def test_a_binding_without_identifier_finds_its_data() -> None:
    """In the first custom XML part where its path leads somewhere."""
    control = sdt(r("x"), TEXT, tag="t", extra='<w:dataBinding w:xpath="/b[1]/c[1]"/>')
    parts = {**custom_xml("<a/>", STORE), **custom_xml("<b><c/></b>", STORE.replace("8", "9"), 2)}
    filled = Template.from_bytes(docx(p(control), parts)).fill({"t": "Z"})

    assert root_of(filled, "customXml/item2.xml")[0].text == "Z"


def test_a_prompts_flag_can_be_switched_off() -> None:
    """``w:val="0"``: the control is filled, and keeps its look; made blank, the flag is on again."""
    off = sdt(r("déjà", "<w:b/>"), TEXT, tag="t", showing=True).replace("showingPlcHdr", 'showingPlcHdr w:val="0"')
    template = Template.from_bytes(docx(p(off)))

    assert template.controls[0].filled
    assert runs_with(root_of(template.fill({"t": "Z"})), "Z")[0].find(f"{W}rPr/{W}b") is not None
    assert not Template.from_bytes(template.fill({"t": Blank("…")})).controls[0].filled


def test_a_value_is_not_lost_in_an_outer_control_bound_to_the_same_data() -> None:
    """The outer one is left as it is: Word will show the data in it."""
    inner = sdt(r("x"), TEXT, tag="dedans", extra=bound("/a[1]/b[1]", STORE))
    outer = sdt(p(r("avant ") + inner), RICH, tag="dehors", extra=bound("/a[1]/b[1]", STORE))
    filled = Template.from_bytes(docx(outer, custom_xml("<a><b/></a>", STORE))).fill({"dedans": "Z"})

    assert texts_of(filled).strip() == "avant Z"
    assert bound_data(filled)[0].text == "Z"


def test_two_values_for_the_same_data_are_a_conflict() -> None:
    """Only one could be stored; the same one twice is no harm."""
    template = opened("bound_to_custom_xml")

    assert codes(template, {"tag:nom": "a", "tag:nom encore": "b"}) == ["control-conflict"]
    assert "same" in texts_of(template.fill({"tag:nom": "same", "tag:nom encore": "same"}))


@pytest.mark.parametrize(("name", "one", "other"), [
    ("bound_to_custom_xml", {"tag:nom": "a", "tag:nom encore": "a"}, {"tag:nom": "b", "tag:nom encore": "b"}),
    ("bound_to_custom_xml", {"forme en texte": "commune"}, {"forme en texte": "inconnu"}),
    ("repeating_rows", {"rangs": [{"nom": "A"}, {"nom": "B"}]}, {"rangs": [{"nom": "C"}]}),
    ("repeating_rows", {"rangs": [{"nom": "A"}]}, {"rangs": []}),
    ("repeating_rows", {"rangs": None}, {"rangs": [{"nom": "A"}]}),
])  # fmt: skip
def test_a_copy_is_prepared_beside_another_as_by_itself(
    name: str, one: dict[str, Value], other: dict[str, Value]
) -> None:
    """Where a value shows in several controls, or has items, nothing of the other copy stays."""
    template = opened(name)
    assert template.prepare(other, like=template.prepare(one)) == template.prepare(other)


def test_a_bound_picture_is_left_alone() -> None:
    """What cannot show the value is not destroyed."""
    image = sdt(r("image"), "<w:picture/>", tag="image", extra=bound("/a[1]/b[1]", STORE))
    text = sdt(r("x"), TEXT, tag="texte", extra=bound("/a[1]/b[1]", STORE))
    filled = Template.from_bytes(docx(p(image + text), custom_xml("<a><b/></a>", STORE))).fill({"texte": "Z"})

    assert texts_of(filled).strip() == "imageZ"


# ------------------------------------------------------------------------------------------ repeating sections


@pytest.mark.parametrize("mode", ["keep", "unwrap"])
@pytest.mark.parametrize("names", [["Un"], ["Un", "Deux"], [f"N{n}." for n in range(40)]])
def test_a_section_has_as_many_items_as_the_list(names: list[str], mode: str, scratch: Path) -> None:
    """Each with its own value, the first item as pattern, bookmarks once."""
    original = ZOO["repeating_section"]()
    filled = Template.from_bytes(original).fill({"élus": [{"élu": name} for name in names]}, mode)  # type: ignore[arg-type]

    assert texts_of(filled).splitlines()[: len(names)] == [f"Élu : {name} !" for name in names]
    assert not audit(filled, scratch) - audit(original, scratch)
    assert not structure_faults(filled) - structure_faults(original)
    assert len(list(root_of(filled).iter(f"{W}bookmarkStart"))) == 1


def test_an_unwrapped_section_leaves_no_control() -> None:
    """Neither section, nor item, nor what is in it."""
    filled = opened("repeating_section").fill({"élus": [{"élu": "a"}, {"élu": "b"}], "après": "c"}, "unwrap")

    assert not list(root_of(filled).iter(f"{W}sdt"))


def test_clones_have_identifiers_of_their_own() -> None:
    """Paragraphs', drawings' and controls' alike."""
    inside = sdt(p(r("x") + text_box(p(sdt(r("y"), TEXT, tag="t", identifier=4)))), ITEM, identifier=3)
    inside = inside.replace("<w:p>", '<w:p w14:paraId="00000001" w14:textId="00000002">')
    filled = Template.from_bytes(docx(sdt(inside, SECTION, tag="s"))).fill({"s": [{"t": "a"}, {"t": "b"}, {"t": "c"}]})

    root = root_of(filled)
    drawings = [e.get("id") for e in root.iter("{*}docPr")]
    assert len(drawings) == len(set(drawings)) == 3
    paragraphs = [e.get(f"{{{W14}}}paraId") for e in root.iter(f"{W}p") if e.get(f"{{{W14}}}paraId")]
    assert len(paragraphs) == 3, "those of the first item: a shape, its twin, and their paragraph"
    assert not structure_faults(filled)


def test_rows_repeat_with_typed_values() -> None:
    """A table's rows are items like others."""
    values: dict[str, Value] = {
        "rangs": [{"nom": "A", "jour": date(2026, 3, 1)}, {"nom": "B", "jour": "2026-03-02"}, {"nom": "C"}]
    }
    root = root_of(opened("repeating_rows").fill(values))

    rows = [[text_of(cell).strip() for cell in row.iter(f"{W}tc")] for row in root.iter(f"{W}tr")]
    assert rows == [["Nom", "Jour"], ["A", "1er\xa0mars\xa02026"], ["B", "2\xa0mars\xa02026"], ["C", "Cliquez ici."]]


def test_nested_sections_repeat_their_data_too() -> None:
    """Text and data say the same, at every depth."""
    people: list[dict[str, Value]] = [
        {"n": "x", "sous": [{"m": "x1"}, {"m": "x2"}]},
        {"n": "y", "sous": [{"m": "y1"}]},
        {"n": "z", "sous": [{"m": "z1"}, {"m": "z2"}, {"m": "z3"}]},
    ]
    filled = opened("repeating_nested_and_bound").fill({"section": people})

    data = bound_data(filled)
    stored = [(e.findtext("n"), [m.text for m in e.iter("m")]) for e in data.iter("e")]
    assert stored == [("x", ["x1", "x2"]), ("y", ["y1"]), ("z", ["z1", "z2", "z3"])]
    assert data.findtext("total") == "2"
    assert texts_of(filled).split()[:9] == ["x", "x1", "x2", "y", "y1", "z", "z1", "z2", "z3"]
    xpaths = [e.get(f"{W}xpath") for e in root_of(filled).iter("{*}dataBinding")]
    assert "/r[1]/e[3]/s[1]/m[3]" in xpaths


def test_twins_of_a_section_repeat_alike() -> None:
    """In the shape and in its older form."""
    filled = opened("repeating_with_twins").fill({"s": [{"n": "a"}, {"n": "b"}]})

    choice, fallback = (text_of(e) for e in root_of(filled).iter(f"{W}txbxContent"))
    assert choice == fallback == "a\nb\n"


def test_problems_inside_items_are_all_told() -> None:
    """Wrong addresses and wrong values of every item."""
    template = opened("repeating_rows")
    values: dict[str, Value] = {"rangs": [{"nom": "A", "jour": "hier"}, {"prénom": "B"}]}

    assert codes(template, values) == ["bad-date", "control-missing"]
    assert template.prepare({"rangs": []})
    assert codes(template, {"rangs": "A"}) == ["bad-value"]
    assert codes(template, {"rangs": ["A"]}) == ["bad-value"]  # type: ignore[list-item]


# -------------------------------------------------------------------------------------- addresses and conflicts


def test_twins_are_one_control_filled_alike() -> None:
    """A text box is written twice in the file, once for older programs."""
    template = opened("text_box_twins")
    filled = template.fill({"jumeau": "Zoé", "Jumelle": "ep"})

    assert [len(control.sites) for control in template.controls] == [2, 2, 1]
    choice, fallback = (text_of(e) for e in root_of(filled).iter(f"{W}txbxContent"))
    assert choice == fallback == "Zoé\nL’Établissement public\n"


def test_an_address_that_means_none_or_several_lists_what_there_is() -> None:
    """The hint can be copied."""
    template = opened("names_that_look_like_addresses")
    with pytest.raises(FillError) as missing:
        template.find("rien")
    with pytest.raises(FillError) as several:
        template.find("kind:text")

    assert missing.value.problems[0].code == "control-missing"
    assert all(control.address in (missing.value.problems[0].hint or "") for control in template.controls)
    assert several.value.problems[0].code == "control-ambiguous"
    assert "« text:un », « text:deux »" in (several.value.problems[0].hint or "")


def test_one_value_fills_all_controls_of_a_tag() -> None:
    """Unless one of them is meant, by its rank."""
    template = opened("names_that_look_like_addresses")
    assert [control.address for control in template.find_all("x")] == ["text:un", "text:deux"]
    assert [control.text for control in Template.from_bytes(template.fill({"tag:x": "tous"})).controls][:2] == [
        "tous"
    ] * 2
    one = Template.from_bytes(template.fill({"tag:x#2": "un seul"}))
    assert [control.text for control in one.controls][:2] == [template.controls[0].text, "un seul"]
    assert codes(template, {"tag:x": "tous", "tag:x#2": "un autre"}) == ["control-conflict"]


@pytest.mark.parametrize(("address", "index"), [
    ("tag:x#1", 0), ("x#1", 0), ("text:deux", 1), ("trois#1", 2), ("tag:tag:x", 4), ("six", 6), ("alias:x", 6),
    ("deux  espaces ", 7), ('{"json": [1, 2]}', 8), ("text:text:un", 9), ("kind:text#13", 12), ("neuf", 12),
])  # fmt: skip
def test_addresses_of_every_form(address: str, index: int) -> None:
    """Tag, alias, prompt, rank, or a bare word."""
    template = opened("names_that_look_like_addresses")

    assert template.find(address) is template.controls[index]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "#",
        "#1",
        "tag:",
        "x#0",
        "x#99",
        "x#-1",
        "kind:",
        "tag:x#1#1",
        "#" * 5000,
        "x" + "#1" * 5000,
        "x#" + "9" * 5000,
    ],
)
def test_odd_addresses_mean_nothing(address: str) -> None:
    """They are an error like any other."""
    with pytest.raises(FillError):
        opened("names_that_look_like_addresses").find(address)


def test_conflicts_are_refused() -> None:
    """The same control twice; a control and one inside it; a control whose filling would erase a table of contents."""
    template = Template.from_bytes(
        docx(
            sdt(p(sdt(r("x"), TEXT, tag="dedans", alias="titre")), RICH, tag="dehors")
            + sdt(sdt(p(r("Sommaire")), '<w:docPartObj><w:docPartGallery w:val="x"/></w:docPartObj>'), RICH, tag="a")
        )
    )

    assert codes(template, {"dedans": "a", "titre": "a"}) == ["control-conflict"]
    assert codes(template, {"dedans": "a", "dehors": "b"}) == ["control-conflict"]
    assert codes(template, {"a": "b"}) == ["control-conflict"]
    assert codes(template, {"rien": "", "dedans": "a\0"}) == ["control-missing", "illegal-character"]


@pytest.mark.parametrize("tag", ["dedans", "autour", "aspect", "marque"])
def test_tracked_changes_are_refused_by_name(tag: str) -> None:
    """In the control, around it, in its look, in its paragraph's mark."""
    template = opened("tracked_changes")

    assert codes(template, {tag: "Z"}) == ["control-tracked"]
    assert "Z" in texts_of(template.fill({"libre": "Z"}))


@pytest.mark.parametrize("tag", ["sommaire", "citation", "image", "biblio", "groupe", "équation"])
def test_what_word_computes_is_never_filled(tag: str) -> None:
    """Tables of contents, citations, pictures, groups; what stands inside a group is free."""
    template = opened("kinds_that_are_not_filled")

    assert codes(template, {tag: "Z"}) == ["control-unfillable"]
    assert "Z" in texts_of(template.fill({"dans-groupe": "Z"}))


# ------------------------------------------------------------------------------------------------- descriptions


def test_a_prompt_is_known_by_flag_by_look_or_by_the_glossary() -> None:
    """Whatever the style's id, in whatever language."""
    template = opened("a_localised_prompt_style")

    assert [(c.filled, c.placeholder) for c in template.controls] == [(False, "Nom.")] * 4
    (filled,) = opened("a_glossary").controls
    assert (filled.filled, filled.text, filled.placeholder) == (True, "rempli", "Écrivez le nom.")


def test_a_control_tells_the_words_around_it() -> None:
    """In its paragraph; or, for a cell, beside it."""
    first = opened("every_kind_in_a_run").controls[0]
    assert first.context == "Avant [Cliquez ici.] après."
    third = opened("words_in_rows_around").controls[2]
    assert third.context == "Ligne 2 : [Cliquez ici.]" or third.context.startswith("[")


def test_warnings_name_what_is_odd() -> None:
    """Each with a code of its own."""
    seen = {name: {warning.code for warning in opened(name).warnings} for name in ZOO}

    assert "macros" in seen["a_document_with_macros"]
    assert "duplicate-tag" in seen["repeating_section"]
    assert {"control-without-properties", "control-without-content"} <= seen["no_properties_no_content"]
    assert {"duplicate-control-id", "control-without-tag"} <= seen["identifiers_missing_negative_duplicated"]
    assert "control-tracked" in seen["tracked_changes"]
    assert not seen["every_kind_in_a_run"]
    assert not seen["text_box_twins_that_differ"]


@pytest.mark.parametrize(("name", "suffix", "main_type"), [
    ("a_template_of_word", ".docx", b"wordprocessingml.document.main"),
    ("a_template_of_word_in_utf_16", ".docx", b"wordprocessingml.document.main"),
    ("a_document_with_macros", ".docm", b"document.macroEnabled.main"),
    ("locks", ".docx", b"wordprocessingml.document.main"),
])  # fmt: skip
def test_a_copy_is_a_document(name: str, suffix: str, main_type: bytes) -> None:
    """Word refuses a ``.docx`` that says it is a template."""
    template = opened(name)

    assert template.suffix == suffix
    assert main_type in files_of(template.fill({}))["[Content_Types].xml"]
    assert b"template.m" not in files_of(template.fill({}))["[Content_Types].xml"]


def test_another_process_writes_the_same_bytes(tmp_path: Path) -> None:
    """Nothing random, nothing of the clock, no order of a set."""
    source = tmp_path / "a.docx"
    source.write_bytes(
        docx(
            p(sdt(prompt(), TEXT, tag="a", showing=True) + bookmark(1, r("x")))
            + p(text_box(p(sdt(r("y"), FRENCH_LIST, tag="b"))))
        )
    )
    script = (
        "import sys, hashlib; from conventool import Template\n"
        "data = Template.open(sys.argv[1]).fill({'a': 'é\\n', 'b': 'ep'})\n"
        "print(hashlib.sha256(data).hexdigest())"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", script, str(source)], capture_output=True, text=True, check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip

    assert runs[0] == runs[1]


def test_blank_bound_property() -> None:
    """A title that stays blank empties the property, or Word would print the old one."""
    path = bound("/ns1:coreProperties[1]/ns0:title[1]", CORE, CORE_PREFIXES)
    filled = Template.from_bytes(docx(p(sdt(r("Titre"), TEXT, tag="t", extra=path)))).fill({"t": Blank("…")})

    assert not root_of(filled, "docProps/core.xml")[0].text


def test_a_date_in_a_rich_control_is_not_typed() -> None:
    """Rich text takes text; only a date control formats."""
    assert codes(opened("several_runs"), {"riche": date(2026, 3, 1)}) == ["bad-value"]
