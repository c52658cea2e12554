"""What the documents for readers claim: commands and options that there are, rooms that there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import forks

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "conventool"
MAP = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
A_FILE = re.compile(r"`([\w/.-]+/[\w.-]+\.(?:py|tsv|csv|sql|md|cmd|yaml))`(?: \(([^()]*)\))?")
"""A file on the map, and the names in it that stand in brackets behind."""
PLACES = [line for line in MAP.split("\n") if line.startswith("| ") and A_FILE.search(line)]
PAGES = [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").glob("*.md"))]


@cache
def help_of(*command: str) -> str:
    """What the program itself says of a command."""
    done = forks.run([*command, "--help"])
    done.check_returncode()
    return done.stdout


def options_in(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--?[a-z][\w-]*", text))


def code_of(page: Path) -> Iterator[str]:
    """What stands in blocks and between backticks: what readers type, and what they see."""
    text = page.read_text(encoding="utf-8")
    for block in re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield from block.splitlines()
    yield from re.findall(r"^    +(.*)$", text, re.MULTILINE)
    yield from re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_shows_is_one(page: Path) -> None:
    """Readers type what they read: each command exists, with each of the options beside it."""
    for line in code_of(page):
        for name, rest in re.findall(r"\bconventool (?!import\b)([a-z]+)\b(.*)", line):
            assert options_in(rest) <= options_in(help_of(name)), line


def test_every_room_is_on_the_map() -> None:
    """The architecture's page tells the concern of each module and package."""
    inside = SOURCE.iterdir()
    rooms = [path.stem for path in inside if path.suffix == ".py" or (path / "__init__.py").exists()]
    named = set(re.findall(r"`(\w+)(?:\.py|/)?`", MAP))
    assert set(rooms) - {"__init__", "__main__"} <= named


@pytest.mark.parametrize("line", PLACES, ids=lambda line: line.split("|")[1].strip()[:40])
def test_every_place_of_a_change_is_there(line: str) -> None:
    """Of each row of the architecture's tables the files, and the names in them that stand in brackets behind one."""
    for file, names in A_FILE.findall(line):
        (found,) = [path for home in (SOURCE, ROOT) if (path := home / file).is_file()]
        text = found.read_text(encoding="utf-8")
        told = re.findall(r"`(\w+)`", names)
        assert [name for name in told if not re.search(rf"\b{name}\b", text)] == []


def test_both_readmes_show_the_same_commands() -> None:
    """Whoever reads one of them misses nothing of the other."""
    english, french = (
        re.findall(r"^\| `conventool (\w+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
        for name in ("README.md", "README.fr.md")
    )
    assert "fill" in english
    assert english == french
    assert sorted(english) == sorted(re.findall(r"^  (\w+)  ", help_of().partition("Commandes")[2], re.MULTILINE))
