"""The French that the code holds: no-break spaces inside, typographic apostrophes."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from conventool.core.problems import bound
from conventool.text.suggestions import count_others
from in_process import command

SOURCE = Path(__file__).parents[1] / "src" / "conventool"
FILES = sorted(SOURCE.rglob("*.py"))
FRENCH = re.compile(r"[a-zéèà]{2,} [a-zéèàA-Z«{]")
BREAKABLE = re.compile(r"(?<=[\wéèà»)}]) [:;!?»]|« |[a-zéà]'[a-zéà]|(?<=[a-zéèà»])[!?»;]")
PATTERN = re.compile(r"\\[a-zA-Z]|\(\?|\b(SELECT|WHERE|ORDER BY)\b|sans-serif|trebuchet")


def texts(file: Path) -> Iterator[str]:
    """The texts of a module, its docstrings and its regular expressions left out; « {} » for what is put in."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    aside = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    aside |= {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if node in aside:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)


def test_no_line_can_break_before_a_sign_of_french() -> None:
    found = [
        (file.name, text)
        for file in FILES
        for text in texts(file)
        if FRENCH.search(text) and not PATTERN.search(text) and BREAKABLE.search(text)
    ]
    assert not found


def test_nor_in_the_pages() -> None:
    """Their own words, without marks and expressions."""
    found = [
        (file.name, words)
        for file in sorted((SOURCE / "page" / "templates").iterdir())
        for words in re.split(r"\{[{%#].*?[}%#]\}|</?\w[^>{]*>", file.read_text(encoding="utf-8"))
        if re.search(r"(?m)^ [:;!?»]|\S [:;!?»]|« ", words)
    ]
    assert not found


def test_the_rule_finds_what_it_looks_for() -> None:
    assert all(map(BREAKABLE.search, ("Lu : rien", "dire « Hem", "Hem »", "l'adresse", "quoi?", "lu; vu")))


def test_one_other_is_not_said_as_several() -> None:
    assert [count_others(number) for number in (1, 2, 12)] == ["1 autre", "2 autres", "12 autres"]


TOLD = re.compile(r"« | [»:;?!](?!\w)|\bn° |\bart\. \w|\d (?:[€%]|ans?|mois|lignes?|colonnes?|caractères)\b")
"""What a line could break at, in a text as it is told."""


@pytest.mark.parametrize("name", ["signataires.csv", "numero-date.xlsx"])
def test_what_a_command_tells_cannot_break_before_a_sign(name: str, tmp_path: Path) -> None:
    """In JSON and in the file of rejected rows; a terminal binds what it wraps, a pipe wraps nothing."""
    source, out = Path(__file__).with_name("cases") / "lists" / name, tmp_path / "out"
    done = command("batch", source, "-o", out, "--json")
    texts = [problem[key] or "" for problem in done.told["problems"] for key in ("message", "hint")]
    assert len(texts) > 10
    texts += [line for path in out.glob("rejets.csv") for line in _reasons(path)]
    assert not [text for text in texts if TOLD.search(text)]


def _reasons(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row[0] for row in csv.reader(file, delimiter=";")]


def test_a_bound_text_is_as_long_as_it_was() -> None:
    text = "« a » n° 12, art. L. 2122-18 : 12 lignes, 5 %, 1 200,50 € ; 3 mois ?"
    assert bound(text).replace("\u00a0", " ") == text
    assert not TOLD.search(bound(text))
    assert bound("forme: autre, 12 mars, 3 mars") == "forme: autre, 12 mars, 3 mars"
