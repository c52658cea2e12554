"""What a template remembers from one filling to the next never shows in the result."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conventool.core.errors import FillError
from conventool.word.template import Mode, Template
from conventool.word.values import Blank, Value

CONVENTION = Path(__file__).parents[1] / "templates/convention-services-numeriques/convention.docx"
TEMPLATE = Template.open(CONVENTION)

VALUES = st.fixed_dictionaries(
    {
        "tag:nom": st.sampled_from(["Armentières", "Laon", "A & B", "x"]),
        "tag:adresse": st.sampled_from(["1 rue Haute", "1 rue Haute\n2 étage", ""]),
        "tag:reconduction": st.sampled_from(["tacite", "expresse"]),
        "tag:decision_date": st.sampled_from([date(2026, 3, 1), date(2026, 3, 12), Blank("……"), Blank("…")]),
        "tag:exemplaire": st.sampled_from(["1/3", "2/3", "3/3"]),
    },
    optional={"tag:forme": st.sampled_from(["La Commune", "Le Syndicat mixte", None])},
)


@settings(max_examples=15, deadline=None)
@given(st.lists(VALUES, min_size=2, max_size=8), st.sampled_from(["keep", "unwrap"]))
def test_a_filling_is_the_same_whatever_was_filled_before(fillings: list[dict[str, Value]], mode: str) -> None:
    for values in fillings:
        fresh = Template.open(CONVENTION)
        assert TEMPLATE.fill(values, mode) == fresh.fill(values, mode)  # type: ignore[arg-type]
        prepared = TEMPLATE.prepare(values, mode)  # type: ignore[arg-type]
        assert TEMPLATE.fill_prepared(prepared) == fresh.fill(values, mode)  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(VALUES, VALUES, st.sampled_from(["keep", "unwrap"]))
def test_a_copy_like_another_is_prepared_as_by_itself(
    one: dict[str, Value], other: dict[str, Value], mode: Mode
) -> None:
    alone = TEMPLATE.prepare(other, mode)
    assert TEMPLATE.prepare(other, mode, like=TEMPLATE.prepare(one)) == alone
    assert TEMPLATE.prepare(other, mode, like=TEMPLATE.prepare(one, mode)) == alone


def test_what_only_another_copy_has_wrong_is_told() -> None:
    values: dict[str, Value] = {"tag:reconduction": "tacite", "tag:nom": "Laon"}
    with pytest.raises(FillError) as refused:
        TEMPLATE.prepare(values | {"tag:reconduction": "jamais"}, like=TEMPLATE.prepare(values))
    assert [problem.code for problem in refused.value.problems] == ["bad-choice"]


@given(VALUES)
def test_the_order_of_the_values_does_not_matter(values: dict[str, Value]) -> None:
    assert TEMPLATE.fill(values) == TEMPLATE.fill(dict(reversed(values.items())))


def test_a_value_refused_is_refused_again() -> None:
    values: dict[str, Value] = {"tag:reconduction": "tacite", "tag:nom": "Laon"}
    assert TEMPLATE.prepare(values)
    for _ in range(2):
        with pytest.raises(FillError) as refused:
            TEMPLATE.prepare(values | {"tag:reconduction": "jamais"})
        assert [problem.code for problem in refused.value.problems] == ["bad-choice"]
    assert TEMPLATE.prepare(values)


def test_threads_may_share_a_template() -> None:
    """What one thread fills never shows in the document of another."""
    texts = [control.address for control in TEMPLATE.controls if control.kind == "text"]
    values = [dict.fromkeys(texts, name) for name in ("Armentières", "Laon")]

    def fill_again_and_again(mine: dict[str, str]) -> set[bytes]:
        return {TEMPLATE.fill(mine) for _ in range(4000)}

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(2) as threads:
            filled = list(threads.map(fill_again_and_again, values))
    finally:
        sys.setswitchinterval(interval)
    assert filled == [{Template.open(CONVENTION).fill(mine)} for mine in values]
