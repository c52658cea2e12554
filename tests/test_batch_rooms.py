"""The parts of a batch, each alone: what is given back, kept in the dossier, named."""

from __future__ import annotations

import pickle
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from slugify import slugify

from conventool.cli.tally import changes_told, kinds_told
from conventool.core.errors import OutputError
from conventool.core.problems import Place, Problem, Severity
from conventool.dossier.records import (
    place_from,
    place_json,
    problem_from,
    problem_values,
    problems_from,
    problems_json,
)
from conventool.dossier.run_view import Noticed, Tally
from conventool.files.filenames import safe_name
from conventool.sources.formulas import harmless, restored


@given(st.text())
def test_a_cell_made_harmless_comes_back_and_begins_no_formula(text: str) -> None:
    assert restored(harmless(text)) == text
    assert harmless(text)[:1] not in {"=", "+", "-", "@", "\t", "\r"}


def test_a_problem_survives_the_dossier() -> None:
    source = Path("/lists/l.csv")
    place = Place(file=str(source), sheet="Feuil1", line=3, column="CP")
    problem = Problem("bad-date", "message", "hint", "decision.date", "31/02", place, Severity.WARNING)
    assert problem_from(problem_values(problem, source), source) == problem
    assert problems_from(problems_json([problem])) == [problem]


def test_a_file_of_the_source_is_called_as_it_is_called_today(tmp_path: Path) -> None:
    """The folder may be moved: only the name is kept; the place of anything else is kept whole."""
    text = place_json(Place(file="/old/l.csv", line=3), Path("/old/l.csv"))
    assert place_from(text, Path("/new/l.csv")) == Place(file=str(Path("/new/l.csv")), line=3)
    assert place_from(text, Path("/new/rejets.csv")) == Place(file="l.csv", line=3)
    inside = place_json(Place(file="/old/lists/a.yaml"), Path("/old/lists"))
    assert place_from(inside, tmp_path) == Place(file=str(tmp_path / "a.yaml"))
    other = place_json(Place(file="/t/template.yaml", line=64), Path("/old/l.csv"))
    assert place_from(other, Path("/new/l.csv")) == Place(file="/t/template.yaml", line=64)


def test_an_error_travels_from_a_worker_with_its_problems() -> None:
    error = pickle.loads(pickle.dumps(OutputError(Problem("unwritable", "disque plein"))))
    assert [problem.message for problem in error.problems] == ["disque plein"]


@given(st.text("aéÀç _-/0129ABœ’'.,&;#xÿñZ", max_size=30))
def test_the_short_way_to_a_file_name_leads_where_the_long_one_does(text: str) -> None:
    slug = slugify(text.replace("’", "-"), regex_pattern=r"[^-a-z0-9_]+").strip("-_")
    name = safe_name(text, ".docx")
    assert name in {f"{slug}.docx", f"_{slug}.docx"} if slug else name.startswith("document-")


def test_what_was_repaired_and_assumed_comes_first_in_words_with_its_fields() -> None:
    def noticed(code: str, field: str, number: int, message: str) -> Noticed:
        return Noticed(code, field, number, Problem(code, message, severity=Severity.NOTICE))

    error = Problem("bad-date", "« 31/02 » n’existe pas.")
    tally = Tally(
        [(Severity.ERROR, "bad-date", 4, (error,)), (Severity.NOTICE, "filled-in", 1200, ())],
        [noticed("filled-in", "code_postal", 1200, "x"), noticed("repaired", "decision.date", 1, "« a » est lu b.")],
    )
    assert list(changes_told(tally)) == [
        ("Corrigé à la lecture (1\u00a0fois)", "date de la décision, 1\u00a0fois : « a » est lu b"),
        ("Supposé, faute d’indication (1\u00a0200\u00a0fois)", "code postal du siège, 1\u00a0200\u00a0fois"),
    ]
    (kind,) = kinds_told(tally, quiet=False)
    assert kind[:2] == (Severity.ERROR, "4")
    assert kind[3:] == ("bad-date", (error,), True)
    assert "calendrier" in kind.words
