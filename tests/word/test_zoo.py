"""Filling never makes a document worse: every animal of the zoo, kept and unwrapped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from conventool import Control, Template
from conventool.word.compiler import Mode
from conventool.word.values import Value
from documents.flat import flat
from documents.judges import audit, entries_of, structure_faults, texts_of
from documents.make import files_of
from documents.zoo import ZOO

FILLABLE = {"text", "rich", "list", "combo", "date", "checkbox"}
UNTOUCHABLE = {"building-block", "group", "citation"}

every_document = pytest.mark.parametrize("make", ZOO.values(), ids=ZOO.keys())
both_modes = pytest.mark.parametrize("mode", ["keep", "unwrap"])


def value_for(control: Control, number: int) -> tuple[Value, str]:
    """A value that the control must take, and the text that must be read afterwards."""
    text = f"Valeur {number} <&> « é »"
    match control.kind:
        case "date":
            return date(2026, 3, 12), "12 mars 2026" if control.date_format == "d MMMM yyyy" else "2026"
        case "list":
            return control.items[0].value, control.items[0].text
        case "checkbox":
            return "oui", "☒"
        case "combo" if number % 2:
            return control.items[1].text, control.items[1].text
        case _:
            return text, text


def chosen(template: Template, *, outermost: bool) -> dict[str, tuple[Value, str]]:
    """Values for as many controls as can be filled at once: the innermost, or the outermost."""
    controls = template.controls
    parents = {control.parent for control in controls}
    bound_to: set[object] = set()
    picked: dict[str, tuple[Value, str]] = {}
    for index, control in enumerate(controls):
        if control.kind not in FILLABLE or control.tracked or {"repeat", "repeat-item"} & within(template, control):
            continue
        if outermost and (control.parent is not None or holds_untouchable(template, index)):
            continue
        if not outermost and index in parents:
            continue
        key = control.binding and (control.binding.store, control.binding.xpath)
        if key and key in bound_to:
            continue
        bound_to.add(key)
        picked[control.address] = value_for(control, index)
    return picked


def within(template: Template, control: Control) -> set[str]:
    """The kinds of the controls around one."""
    kinds: set[str] = set()
    while control.parent is not None:
        control = template.controls[control.parent]
        kinds.add(control.kind)
    return kinds


def holds_untouchable(template: Template, index: int) -> bool:
    return any(control.kind in UNTOUCHABLE and index in lineage(template, control) for control in template.controls)


def lineage(template: Template, control: Control) -> set[int]:
    found = set()
    while control.parent is not None:
        found.add(control.parent)
        control = template.controls[control.parent]
    return found


@every_document
@both_modes
@pytest.mark.parametrize("outermost", [False, True], ids=["inner", "outer"])
def test_no_document_gets_worse(make: Callable[[], bytes], mode: Mode, outermost: bool, scratch: Path) -> None:
    """Filled controls hold their values; what Word would reproach was there before; other parts are as they were."""
    original = make()
    template = Template.from_bytes(original)
    picked = chosen(template, outermost=outermost)

    filled = template.fill({address: value for address, (value, _) in picked.items()}, mode)

    read = texts_of(filled).replace("\N{NO-BREAK SPACE}", " ")
    for address, (_, expected) in picked.items():
        assert expected in read, address
    assert not audit(filled, scratch) - audit(original, scratch)
    assert not structure_faults(filled) - structure_faults(original)
    touched = {site.part for control in template.controls if control.address in picked for site in control.sites}
    before, after = entries_of(original), entries_of(filled)
    assert list(before) == list(after)
    for name in before:
        if name not in touched and not name.startswith("customXml/item") and name != "docProps/core.xml":
            if name == "[Content_Types].xml" and b"template.main" in before[name][0].replace(b"\0", b""):
                continue
            if name not in {control.part for control in template.controls if control.bound}:
                assert before[name] == after[name], name


@every_document
def test_flat_documents_have_no_control(make: Callable[[], bytes], scratch: Path) -> None:
    """Without any control the words are the same, and nothing is worse."""
    original = make()

    bare = flat(original)

    assert not audit(bare, scratch) - audit(original, scratch)
    assert not any(
        b":sdt>" in data or b"<sdt" in data for name, data in files_of(bare).items() if "glossary" not in name
    )
    assert texts_of(bare).split() == texts_of(original).split()


@every_document
def test_every_address_means_its_control_only(make: Callable[[], bytes]) -> None:
    """What ``inspect`` prints can be typed."""
    template = Template.from_bytes(make())

    for control in template.controls:
        assert template.find(control.address) is control
    assert len({control.address for control in template.controls}) == len(template.controls)


@every_document
@both_modes
def test_filling_again_starts_from_the_template(make: Callable[[], bytes], mode: Mode) -> None:
    """A template that has served in other shapes gives the bytes of one that has not."""
    original = make()
    used = Template.from_bytes(original)
    inner = {a: v for a, (v, _) in chosen(used, outermost=False).items()}
    outer = {a: v for a, (v, _) in chosen(used, outermost=True).items()}
    for values in (inner, outer, {}, dict(list(inner.items())[:1]), inner):
        assert used.fill(values, mode) == Template.from_bytes(original).fill(values, mode)


@every_document
def test_nothing_to_fill_changes_nothing(make: Callable[[], bytes]) -> None:
    """With no value every part is as it lay."""
    original = make()

    filled = entries_of(Template.from_bytes(original).fill({}))

    for name, entry in entries_of(original).items():
        if name != "[Content_Types].xml":
            assert filled[name] == entry


@every_document
def test_no_prompt_is_left(make: Callable[[], bytes]) -> None:
    """A filled control neither says that it shows its prompt nor looks so."""
    template = Template.from_bytes(make())
    picked = chosen(template, outermost=False)
    if not picked:
        pytest.skip("nothing to fill")

    after = Template.from_bytes(template.fill({a: v for a, (v, _) in picked.items()}))

    filled = [i for i, control in enumerate(template.controls) if control.address in picked]
    for index in filled:
        assert after.controls[index].filled, template.controls[index].address
    if len(picked) == len(template.controls):
        bare = template.fill({a: v for a, (v, _) in picked.items()}, "unwrap")
        part = template.controls[0].part
        outside = [run for run in prompts(make(), part) if not list(run.iterancestors("{*}sdt"))]
        assert len(prompts(bare, part)) == len(outside)


def prompts(data: bytes, part: str) -> list[etree._Element]:
    """The runs that look like a prompt."""
    looks = ("PlaceholderText", "Textedelespacerserv")
    return [
        run
        for run in etree.fromstring(files_of(data)[part]).iter("{*}r")
        for style in run.iterfind("{*}rPr/{*}rStyle")
        if style.get(next(iter(style.attrib))) in looks
    ]


@every_document
def test_oddities_are_told_without_error(make: Callable[[], bytes]) -> None:
    """Each oddity has a code and a message."""
    for problem in Template.from_bytes(make()).warnings:
        assert problem.code
        assert problem.message
        assert problem.severity in {"warning", "notice"}
