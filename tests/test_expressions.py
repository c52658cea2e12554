"""What a manifest's expressions can say, and that they can do nothing else."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conventool.template.expressions import Expression, ExpressionError, Together

WORDS = {"nom": "Hem", "jour": date(2026, 3, 1), "rien": None, "adherent": {"nom": "Lille", "siret": None}}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("", ""),
        ("mot", "mot"),
        ("{{ nom }}", "Hem"),
        ("{{ nom }}\n", "Hem"),
        ("{{ nom }} ", "Hem "),
        ("{{ jour }}", date(2026, 3, 1)),
        ("le {{ jour }}", "le 1er\N{NO-BREAK SPACE}mars\N{NO-BREAK SPACE}2026"),
        ("{{ nom ~ ', le ' ~ jour }}", "Hem, le 1er\N{NO-BREAK SPACE}mars\N{NO-BREAK SPACE}2026"),
        ("{{ rien or 'sans' }}", "sans"),
        ("{{ 'a' if nom == 'Hem' else 'b' }}", "a"),
        ("{{ 'a' if nom in ('Hem', 'Lille') else 'b' }}", "a"),
        ("{{ adherent['nom']|upper }} n° {{ 3 }}", "LILLE n° 3"),
        ("{{ adherent.absent|default('–') }}", "–"),
        ("{% raw %}{{ nom }}{% endraw %}", "{{ nom }}"),
    ],
)
def test_expression_gives(source: str, value: object) -> None:
    assert Expression(source)(WORDS) == value


@pytest.mark.parametrize(
    "source", ["{{ absent }}", "{{ nom if rien else absent }}", "x {{ rien }}", "{{ nom ~ rien }}", "{{ rien|upper }}"]
)
def test_nothing_is_never_printed_as_a_word(source: str) -> None:
    """No "None" in a signed original."""
    with pytest.raises(ExpressionError):
        Expression(source)(WORDS)


@pytest.mark.parametrize(
    "source",
    [
        "adherent.__class__",
        "adherent['__class__']",
        "adherent.nom.__class__",
        "jour.__class__.__mro__",
        "adherent.__init__",
    ],
)
def test_nothing_of_python_is_reached_through_the_words(source: str) -> None:
    with pytest.raises(ExpressionError):
        Expression(f"{{{{ {source} }}}}")(WORDS)


def test_a_word_is_found_before_the_method_that_has_its_name() -> None:
    assert Expression("{{ a.items }}")({"a": {"items": "mot"}}) == "mot"


def test_among_many_the_failing_one_is_found() -> None:
    together = Together({"a": Expression("{{ nom }}"), "b": Expression("{{ adherent.x }}")})
    with pytest.raises(ExpressionError):
        together(WORDS)
    failing = together.failing(WORDS)
    assert failing
    assert (failing[0], str(failing[1])) == ("b", "le mot «\N{NO-BREAK SPACE}x\N{NO-BREAK SPACE}» n’existe pas.")


PIECES = st.sampled_from(
    ["{{", "}}", "{%", "%}", "{#", "#}", "nom", "adherent.nom", "(", ")", "[", "]", "{", "}", ":", ",", "'", '"', "|",
     "upper", " if ", " else ", " or ", " not ", " in ", " is ", "~", "+", "-", "*", "**", "/", "%", "==", "<", "1",
     "1.5", "1e999", "'x'", "none", "true", "self", "loop", "super", "__class__", ".", "\\", "\n", "set x=", "raw"]
)  # fmt: skip
SOURCES = (
    st.text() | st.lists(PIECES, max_size=12).map("".join) | st.lists(PIECES).map(lambda p: f"{{{{{''.join(p)}}}}}")
)


@given(SOURCES)
def test_any_source_gives_a_value_or_a_reason(source: str) -> None:
    """Whatever it holds, a manifest's text is understood or refused, in French."""
    with suppress(ExpressionError):
        value = Expression(source)(WORDS)
        lines = source.replace("\r\n", "\n").replace("\r", "\n")  # Jinja's own reading of line ends
        assert any(opening in source for opening in ("{{", "{%", "{#")) or value.strip() == lines.strip()
