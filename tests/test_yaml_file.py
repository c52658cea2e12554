"""YAML gives texts with their places, or says in French, with line and column, why it does not."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from conventool.core.errors import UnreadableError
from conventool.core.problems import Place
from conventool.core.row import Row
from conventool.sources import yaml_file
from conventool.sources.yaml_file import parse_yaml, read_yaml


@pytest.fixture(params=["C", "Python"])
def _each_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both of PyYAML's parsers: the wheel of some platforms lacks the quick one."""
    if request.param == "Python":
        monkeypatch.setattr(yaml_file, "_LOADER", yaml.SafeLoader)


@pytest.mark.usefixtures("_each_parser")
@pytest.mark.parametrize(
    "written",
    ["59000", "02100", "0o17", "0x1F", "1e3", "1_000", ".5", "3.10", "non", "no", "NO", "oui", "yes", "true",
     "off", "2026-03-12", "2026-03-12T00:00:00", "08/09/2026", "1:30", "=", ".inf", "+33", "nulle", "L'Orée"],
)  # fmt: skip
def test_a_plain_scalar_is_the_text_that_was_written(written: str) -> None:
    (row,) = parse_yaml(f"a: {written}\n")
    assert row.values == {"a": written}


@pytest.mark.usefixtures("_each_parser")
@pytest.mark.parametrize(("written", "value"), [
    ("", None), ("~", None), ("null", None), ("NULL", None), ('""', ""), ("''", ""),
    ('"null"', "null"), ("'~'", "~"),
])  # fmt: skip
def test_null_is_none_only_when_plain(written: str, value: str | None) -> None:
    (row,) = parse_yaml(f"a: {written}\n")
    assert row.values == {"a": value}


@pytest.mark.usefixtures("_each_parser")
def test_every_key_and_value_has_its_line_and_column() -> None:
    (row,) = parse_yaml("# début\r\nnom:   Lille\r\n\r\nreprésentant:\r\n  nom: É\r\n  rôles: [a, 'b']\r\n", "x.yaml")

    def at(line: int, column: int) -> Place:
        return Place(file="x.yaml", line=line, column=column)

    assert row.values == {"nom": "Lille", "représentant": {"nom": "É", "rôles": ["a", "b"]}}
    assert row.place == at(2, 1)
    assert row.where(("nom",)) == at(2, 8)
    assert row.where_named(("représentant",)) == at(4, 1)
    assert row.where(("représentant", "nom")) == at(5, 8)
    assert row.where_named(("représentant", "nom")) == at(5, 3)
    assert row.where(("représentant", "rôles", 1)) == at(6, 14)
    assert row.where_named(("représentant", "prénom")) == at(4, 1)


@pytest.mark.usefixtures("_each_parser")
def test_a_list_gives_a_row_for_each_adherent() -> None:
    rows = list(parse_yaml("- nom: A\n- nom: B\n  nom: C\n", "x.yaml"))
    assert [row.place.line for row in rows] == [1, 2]
    assert not rows[0].problems
    (problem,) = rows[1].problems
    assert (problem.code, problem.place.line, problem.place.column) == ("duplicate-field", 3, 3)
    assert list(parse_yaml("[]")) == []


HOSTILE = {
    "alias bomb": ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]", 1, 4, "ancres"),
    "alias": ("a: *b", 1, 4, "renvois"),
    "anchor on the list": ("&a\n- b: c", 1, 1, "ancres"),
    "anchored key": ("&a b: c", 1, 1, "ancres"),
    "Python object": ("a: !!python/object/apply:os.system [ls]", 1, 4, "étiquettes"),
    "known tag": ("a: !!int 3", 1, 4, "étiquettes"),
    "own tag": ("a: 1\nb: !x 3", 2, 4, "étiquettes"),
    "undeclared tag handle": ("a: !e!x 3", 1, 4, ""),
    "merge key": ("a: 1\n<<: {b: 1}", 2, 1, "fusion"),
    "several documents": ("a: 1\n---\nb: 1", 2, 1, "plusieurs documents"),
    "empty": ("", 1, 1, "vide"),
    "only a comment": ("# rien\n", 1, 1, "vide"),
    "a text": ("bonjour", 1, 1, "adhérent"),
    "a list of texts": ("- a: 1\n- b", 2, 3, "adhérent"),
    "an empty item": ("- a: 1\n-\n", 2, 2, "adhérent"),
    "a list as key": ("? [a]\n: b", 1, 3, "nom de champ"),
    "tab as indentation": ("a:\n\tb: c", 2, 1, "tabulation"),
    "unclosed quote": ('a: "x\nb: y\n', 1, 4, "jamais fermé"),
    "unclosed brace": ("a: {b: c\n", 1, 4, "jamais fermé"),
    "unclosed bracket": ("a: 1\nb: [c, d", 2, 4, "jamais fermé"),
    "colon in a value": ("a: b: c", 1, 5, "Deux-points"),
    "at sign": ("a: @b", 1, 4, "« @ »"),
    "bad escape": ('a: "C:\\Windows"', 1, None, "oblique"),
    "key without colon": ("a: 1\nb\n", 2, 1, "Il manque « : »"),
    "control character": ("a: b\nc: d\x07e", 2, 5, "U+0007"),
    "NUL": ("a: b\0", 1, 5, "U+0000"),
    "line separator": ("a: b\u2028c", 1, 5, "U+2028"),
    "next line": ("a: b\x85c", 1, 5, "U+0085"),
    "too deep": ("[" * 5000 + "]" * 5000, None, None, "imbriquées"),
    "too deep in blocks": ("- " * 5000 + "a", None, None, ""),
}  # fmt: skip


@pytest.mark.usefixtures("_each_parser")
@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_or_broken_yaml_is_refused_with_its_place(case: str) -> None:
    text, line, column, words = HOSTILE[case]
    if text.startswith("["):
        text = "a: " + text
    with pytest.raises(UnreadableError) as caught:
        list(parse_yaml(text, "x.yaml"))
    (problem,) = caught.value.problems
    assert caught.value.exit_code == 3
    assert words in problem.message
    assert problem.place.file == "x.yaml"
    assert problem.place.line
    assert line is None or problem.place.line == line
    assert column is None or problem.place.column == column


@pytest.mark.usefixtures("_each_parser")
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "cp1252", "cp850", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_is_read_in_every_charset_of_an_office(tmp_path: Path, charset: str) -> None:
    (tmp_path / "a.yaml").write_bytes("nom: Liévin\r\ncommune: Béthune\r\n".encode(charset))
    assert [row.values for row in read_yaml(tmp_path / "a.yaml")] == [{"nom": "Liévin", "commune": "Béthune"}]


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(UnreadableError, match=r"ligne 2, colonne 1.*U\+001A"):
        list(read_yaml(tmp_path / "a.yaml"))


@pytest.mark.usefixtures("_each_parser")
def test_a_byte_order_mark_shifts_no_column(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfnom: Li\xc3\xa9vin\n")
    (row,) = read_yaml(path)
    assert row.values == {"nom": "Liévin"}
    assert row.where(("nom",)) == Place(file=str(path), line=1, column=6)


def test_missing_files_folders_and_huge_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (tmp_path / "absent.yaml", tmp_path / "a" / "b.yaml", tmp_path):
        with pytest.raises(UnreadableError):
            list(read_yaml(path))
    monkeypatch.setattr(yaml_file, "SIZE_LIMIT", 10)
    (tmp_path / "big.yaml").write_text("a: " + "x" * 10, encoding="utf-8")
    with pytest.raises(UnreadableError, match="dépasse"):
        list(read_yaml(tmp_path / "big.yaml"))


@given(st.text() | st.text(max_size=20).map("nom: {}".format))
def test_any_text_is_read_or_refused(text: str) -> None:
    rows: list[Row] = []
    with suppress(UnreadableError):
        rows.extend(parse_yaml(text))
    assert all(isinstance(row.values, dict) for row in rows)


KEYS = st.text("abcdefgé_", min_size=1)
TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cn", "Co"]))


@given(st.dictionaries(KEYS, TEXTS | st.dictionaries(KEYS, TEXTS)))
def test_what_an_independent_writer_quotes_comes_back(values: dict[str, str | dict[str, str]]) -> None:
    def quote(text: str) -> str:
        return "'" + text.replace("'", "''") + "'"

    lines = []
    for key, value in values.items():
        if isinstance(value, str):
            lines.append(f"{key}: {quote(value)}")
        else:
            lines.append(f"{key}: {{" + ", ".join(f"{k}: {quote(v)}" for k, v in value.items()) + "}")
    (row,) = parse_yaml("{}" if not lines else "\n".join(lines))
    assert row.values == values


def test_the_path_may_be_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text("a: 1\n", encoding="utf-8")
    (row,) = read_yaml(Path("a.yaml"))
    assert row.place.file == "a.yaml"
