"""A hundred and sixty forms in the manner of ten programs: each becomes a template that works at once."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
import yaml
from test_placeholders import counts, texts

from conventool.commands.adopt import adopt
from conventool.commands.check import check_template
from conventool.commands.fill import RunOptions, fill
from conventool.commands.read import ReadOptions, read
from conventool.commands.verify import VerifyOptions, verify
from conventool.core.problems import Severity
from documents.producers import CONTENTS, PRODUCERS, form
from edits import MAIN, parts, rezipped

PAIRS = [
    pytest.param(*pair, marks=() if index % len(CONTENTS) == index // len(CONTENTS) else pytest.mark.slow)
    for index, pair in enumerate(product(PRODUCERS, CONTENTS))
]
"""All of them; each program with one content of its own in the fast tests."""


@pytest.mark.parametrize(("producer", "content"), PAIRS)
def test_a_form_of_any_program_becomes_a_template(producer: str, content: str, tmp_path: Path) -> None:
    """Text and objects are all there; it passes every check; values come back; a planted word is found, and only it."""
    path, folder = tmp_path / "formulaire.docx", tmp_path / "modele"
    path.write_bytes(form(producer, content))
    adopt(path, folder, placeholders=["[…]", "MERGEFIELD"])
    made = (folder / "formulaire.docx").read_bytes()
    assert texts(made) == texts(path.read_bytes())
    assert counts(made) == counts(path.read_bytes())
    checked = check_template(folder)
    assert [problem for problem in checked.problems if problem.severity is Severity.ERROR] == []
    assert checked.documents > 0

    report = fill(folder / "exemples" / "exemple.yaml", RunOptions(str(folder), tmp_path / "sortie"))
    assert report.errors == []
    returned, files = tmp_path / "retour.docx", parts(next(iter(report.documents)).path)
    returned.write_bytes(rezipped(files))
    given = yaml.safe_load((folder / "exemples" / "exemple.yaml").read_text(encoding="utf-8"))
    own = yaml.safe_load((folder / "template.yaml").read_text(encoding="utf-8")).get("champs", {})
    found = yaml.safe_load(read([returned], ReadOptions(template=str(folder))).raw) or {}
    assert {name: found.get(name) for name in own} == {name: given.get(name) for name in own}

    def told() -> set[str]:
        return {problem.code for problem in verify([returned], VerifyOptions(template=str(folder), jobs=1)).problems}

    before = told()
    assert before <= {"leftover-placeholder"}
    files[MAIN] = files[MAIN].replace(b"Lille.", b"Douai.")
    returned.write_bytes(rezipped(files))
    assert told() == before | {"altered-text"}
