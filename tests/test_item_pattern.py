"""The elements of a repeating section, told apart in what it says."""

from __future__ import annotations

import time

import pytest

from conventool.returned.item_pattern import ItemPattern, label_sign

CELLS = ItemPattern(("", "\n", "\n", " : ", "\n"), ("quoi", "pour", "nombre", "prix"))
LOT = ItemPattern(("Lot ", ""), ("nom",))

SPLIT = [
    (LOT, "Lot a\nLot b\n", [{"nom": "a"}, {"nom": "b"}]),
    (LOT, "Lot a\nsur deux lignes\nLot b", [{"nom": "a\nsur deux lignes"}, {"nom": "b"}]),
    (LOT, "", []),
    (LOT, "Tranche a", None),
    (CELLS, "x\ny\n3 : 4\nu\nv\n5 : 6", [
        {"quoi": "x", "pour": "y", "nombre": "3", "prix": "4"}, {"quoi": "u", "pour": "v", "nombre": "5", "prix": "6"},
    ]),
    (CELLS, "x\ny\n3 sauf 4", None),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "text", "items"), SPLIT)
def test_each_element_has_its_values(pattern: ItemPattern, text: str, items: list[dict[str, str]] | None) -> None:
    """By the template's words around them, and by its paragraphs; nothing else may stand among them."""
    assert pattern.split(text, on_paper=True) == items


@pytest.mark.parametrize("line", ["x y " * 30, "Lot a", "a : b", " : " * 40])
def test_no_text_takes_long(line: str) -> None:
    """What nearly is a section, three hundred lines of it, is known to be none at once."""
    begun = time.perf_counter()
    for pattern in (CELLS, LOT):
        pattern.split(f"{line}\n" * 299 + "!", on_paper=True)
    assert time.perf_counter() - begun < 2


def test_numbers_of_lists_stand_before_the_words_of_an_element() -> None:
    """They are none of its values, and may be any of their kind."""
    first, second = label_sign(0), label_sign(1)
    pattern = ItemPattern(
        (f"{first} Lot ", f"\n{second} Prix : ", ""), ("nom", "prix"), labels=(r"\w{1,9}\.", r"\w{1,9}\)")
    )
    text = "2. Lot a\na) Prix : 5\n3. Lot b\na) Prix : 6"
    items = [{"nom": "a", "prix": "5"}, {"nom": "b", "prix": "6"}]
    assert pattern.split(text, on_paper=True) == items
    assert pattern.text(items, ["2.", "a)", "3.", "a)"]) == text
    assert pattern.text(items) == "Lot a\nPrix : 5\nLot b\nPrix : 6"
    assert pattern.split(text.replace("Lot b", "Tranche b"), on_paper=False) is None
