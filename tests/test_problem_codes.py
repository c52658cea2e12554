"""Every problem code is known, explained and used."""

from __future__ import annotations

import runpy
from pathlib import Path

from conventool.core.problem_codes import PROBLEM_CODES
from problem_codes_in_source import CODE, codes_used

ROOT = Path(__file__).parent.parent


def test_every_code_that_the_program_uses_is_explained() -> None:
    """One that is new joins `conventool.core.problem_codes`."""
    assert {code: where for code, where in codes_used().items() if code not in PROBLEM_CODES} == {}


def test_every_code_that_is_explained_is_used() -> None:
    assert set(PROBLEM_CODES) - set(codes_used()) == set()


def test_a_code_says_what_it_means_and_what_to_do() -> None:
    for code, meaning in PROBLEM_CODES.items():
        assert CODE.fullmatch(code)
        assert all(text.endswith(".") and text[0].isupper() and "'" not in text for text in meaning), code


def test_the_page_is_the_list() -> None:
    """`python tools/build_codes_page.py` writes it."""
    written = runpy.run_path(str(ROOT / "tools" / "build_codes_page.py"))["page"]()
    assert ROOT.joinpath("docs", "codes.md").read_text(encoding="utf-8") == written
