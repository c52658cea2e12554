"""The rooms of a batch, each alone: what is spooled, met before, counted, given back, named."""

from __future__ import annotations

import pickle
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st
from slugify import slugify

from conventool.batch.digests import Digests
from conventool.batch.seen import Seen
from conventool.batch.spool import Spool
from conventool.core.errors import OutputError
from conventool.core.problems import Place, Problem, Severity
from conventool.dossier.entries import Tally, problem_line, problem_of
from conventool.files.filenames import safe_name
from conventool.sources.formulas import harmless, restored


@given(st.text())
def test_a_cell_made_harmless_comes_back_and_begins_no_formula(text: str) -> None:
    assert restored(harmless(text)) == text
    assert harmless(text)[:1] not in {"=", "+", "-", "@", "\t", "\r"}


def test_a_spool_gives_its_items_back_in_order_as_often_as_asked() -> None:
    spool: Spool[int] = Spool()
    for number in range(1001):
        spool.append(number)
    first, second = iter(spool), iter(spool)
    assert [next(first), next(second), next(first)] == [0, 0, 1]
    assert list(spool) == list(range(1001))
    spool.append(1001)
    assert list(spool) == list(range(1002))
    assert len(spool) == 1002


def test_what_was_seen_is_found_by_any_of_its_keys() -> None:
    seen = Seen()
    seen.add(["siren 1", "nom a"], "ligne 2")
    assert seen.find(["siren 9", "nom a"]) == "ligne 2"
    assert seen.find(["siren 9"]) is None


def test_of_a_row_that_was_met_before_nothing_is_remembered() -> None:
    seen = Seen()
    assert seen.add(["a", "b"], "ligne 2")
    assert not seen.add(["c", "b"], "ligne 3")
    assert not seen.add(["d", "d"], "ligne 4")
    assert [seen.find([key]) for key in "abcd"] == ["ligne 2", "ligne 2", None, None]


def test_problems_are_counted_by_kind_the_gravest_first_with_few_examples() -> None:
    one, other = Tally(), Tally()
    one.add(Problem("filled-in", f"{n}", severity=Severity.NOTICE) for n in range(5))
    other.add(Problem("bad-date", f"{n}") for n in range(2))
    one.merge(other)
    assert [(severity, code, count, len(few)) for severity, code, count, few in one.groups()] == [
        (Severity.ERROR, "bad-date", 2, 2),
        (Severity.NOTICE, "filled-in", 5, 3),
    ]
    assert one.total() == 7


def test_a_problem_survives_the_register() -> None:
    place = Place(file="l.csv", sheet="Feuil1", line=3, column="CP")
    problem = Problem("bad-date", "message", "hint", "decision.date", "31/02", place, Severity.WARNING)
    assert problem_of(problem_line(problem)) == problem


def test_an_error_travels_from_a_worker_with_its_problems() -> None:
    error = pickle.loads(pickle.dumps(OutputError(Problem("unwritable", "disque plein"))))
    assert [problem.message for problem in error.problems] == ["disque plein"]


@given(st.text("aéÀç _-/0129ABœ’'.,&;#xÿñZ", max_size=30))
def test_the_short_way_to_a_file_name_leads_where_the_long_one_does(text: str) -> None:
    slug = slugify(text.replace("’", "-"), regex_pattern=r"[^-a-z0-9_]+").strip("-_")
    name = safe_name(text, ".docx")
    assert name in {f"{slug}.docx", f"_{slug}.docx"} if slug else name.startswith("document-")


_TAILS = st.lists(st.binary(max_size=3000), min_size=1, max_size=4)


@given(st.lists(st.tuples(st.binary(max_size=3000), _TAILS), min_size=1, max_size=4))
def test_documents_that_begin_alike_have_each_its_own_checksum(adherents: list[tuple[bytes, list[bytes]]]) -> None:
    digests = Digests()
    for beginning, tails in adherents:
        documents = [b"PK" * 400 + beginning + tail for tail in tails]
        assert list(digests(documents)) == [sha256(data).hexdigest() for data in documents]
