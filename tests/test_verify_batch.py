"""The folder of a batch, weeks later: what changed in it, and what the returned copies say that was not sent."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from conventool.batch.found import BatchOptions, Unwatched
from conventool.commands.batch import batch
from conventool.commands.verify import VerifyOptions, verify
from conventool.core.errors import ExitCode, UnreadableError
from conventool.dossier import tracking_workbook as followup
from conventool.dossier.manifest import Manifest, changes
from test_batch import FOUR
from word_by_hand import Opened


@pytest.fixture
def produced(tmp_path: Path) -> Path:
    options = BatchOptions("convention-services-numeriques", tmp_path / "lot")
    batch(FOUR / "utf-8.csv", options, Unwatched())
    return tmp_path / "lot"


def altered(path: Path, old: str, new: str, to: Path | None = None) -> Path:
    document = Opened.of(path.read_bytes())
    before = dict(document.parts)
    document.parts = {name: data.replace(old.encode(), new.encode()) for name, data in before.items()}
    assert old == new or document.parts != before
    return document.saved(to or path)


def test_a_folder_as_it_was_is_sound(produced: Path) -> None:
    report = verify([], VerifyOptions(manifest=produced / "manifeste.json"))
    assert (report.exit_code, report.problems) == (ExitCode.DONE, [])
    assert report.summary["intact"] == len(list(produced.glob("*.docx"))) > 0


def test_missing_changed_and_altered_files_are_told_apart(produced: Path) -> None:
    gone, resaved, edited, *_ = sorted(produced.glob("*.docx"))
    gone.unlink()
    altered(resaved, "", "")
    altered(edited, "au moins 3 mois", "au moins 1 mois")
    report = verify([], VerifyOptions(manifest=produced / "manifeste.json"))
    assert report.exit_code is ExitCode.PROBLEMS
    assert {(problem.code, problem.place.file) for problem in report.problems} == {
        ("file-missing", str(gone)),
        ("file-changed", str(resaved)),
        ("file-changed", str(edited)),
        ("altered-text", str(edited)),
    }
    statuses = {document.path: document.status for document in report.documents if document.status != "intact"}
    assert statuses == {resaved: "changed", edited: "altered"}
    assert report.summary["missing"] == 1


def test_values_are_held_against_the_documents_sent(produced: Path, tmp_path: Path) -> None:
    sent = min(produced.glob("*armentieres*.docx"))
    returned = altered(sent, "(59280)", "(59290)", to=tmp_path / sent.name)
    assert verify([returned], VerifyOptions()).problems == []
    (problem,) = verify([returned], VerifyOptions(manifest=produced / "manifeste.json")).problems
    assert problem.code == "altered-value"
    assert "« (59280) » → « (59290) »" in problem.message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\n]}\n", b""),
        (b'"key":', b'"clef":'),
        (b'"documents":', b'"document":'),
        (b'"code_postal":"59280"', b'"code_postal":59280'),
        (b'"path":', b'"path":3,"way":'),
        ("é".encode(), b"\xe9"),
        (b'"runs": [', b'"runs": {'),
    ],
)
def test_a_manifest_that_lost_or_changed_a_piece_is_refused_with_its_line(
    produced: Path, old: bytes, new: bytes
) -> None:
    """It cannot say what was produced, and must not seem to."""
    path = produced / "manifeste.json"
    whole = path.read_bytes()
    path.write_bytes(whole.replace(old, new))
    assert path.read_bytes() != whole
    with pytest.raises(UnreadableError, match="pas un manifeste de conventool") as caught:
        verify([], VerifyOptions(manifest=path))
    assert caught.value.problems[0].place.line


def ways(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to a value and to each within it."""
    yield way
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from ways(inner, (*way, key))


def with_another(line: Any, way: tuple[Any, ...], other: object) -> Any:
    """A line whose value at the end of the way is another; without it where that is None."""
    if not way:
        return other
    line = copy.deepcopy(line)
    *sections, last = way
    within = line
    for key in sections:
        within = within[key]
    if other is None:
        within.pop(last)
    else:
        within[last] = other
    return line


@pytest.mark.parametrize("number", [1, 3])
def test_a_manifest_with_any_other_value_is_refused_or_read_as_it_is(produced: Path, number: int) -> None:
    """A run (line 1) or an adherent (line 3) edited by hand: what is let through can be told and listed again."""
    path = produced / "manifeste.json"
    lines = path.read_text(encoding="utf-8").splitlines()
    line, comma = json.loads(lines[number].rstrip(",")), "," * lines[number].endswith(",")
    refused, read = 0, 0
    for way, other in product(list(ways(line)), [None, 3, "x", ["x"], {}, True, "\x01<&"]):
        changed = with_another(line, way, other)
        lines[number] = json.dumps(changed, ensure_ascii=False) + comma
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        try:
            found = Manifest(path)
            entries = [entry for _, entry in found.entries()]
            list(changes(path))
        except UnreadableError:
            refused += 1
            continue
        read += 1
        copies = {key: whose for one in found.runs.values() for key, whose in one.copies.items()}
        followup.write(BytesIO(), copies, entries, len(entries))
        assert all(map(str, (problem for entry in entries for problem in entry.problems)))
    assert refused > read > 0


@pytest.mark.parametrize("content", [None, "pas un manifeste"])
def test_what_is_no_manifest_is_refused(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "manifeste.json"
    if content:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableError):
        verify([], VerifyOptions(manifest=path))
