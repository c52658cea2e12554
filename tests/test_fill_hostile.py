"""Hostile and broken input: an error that says where, exit 3, nothing written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from conventool.batch.options import RunOptions
from conventool.commands.fill import fill
from conventool.core.errors import UnreadableError
from conventool.core.problems import Place, Problem

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "adherent.yaml"
TEMPLATE = ROOT / "templates" / "convention-services-numeriques"


def refusal(folder: Path, *, source: Path = EXAMPLE, template: Path = TEMPLATE) -> tuple[Problem, ...]:
    """Why this cannot be read; nothing is written."""
    with pytest.raises(UnreadableError) as refused:
        fill(source, RunOptions(str(template), folder / "out"))
    assert not (folder / "out").exists()
    assert all(problem.message and problem.hint != "" for problem in refused.value.problems)
    return refused.value.problems


def changed(folder: Path, old: str = "", new: str = "") -> Path:
    """A copy of the project's template, one passage of its manifest replaced."""
    shutil.copytree(TEMPLATE, folder)
    manifest = folder / "template.yaml"
    text = manifest.read_text(encoding="utf-8")
    assert old in text
    manifest.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "expression",
    [
        "{{ ''.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ adherent.nom|attr('__class__') }}",
        "{{ adherent['__class__'] }}",
        "{{ cycler }}",
        "{{ self }}",
        "{{ lipsum(n=100000) }}",
        "{{ 'a'*10**9 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '{:1000000000}'.format(1) }}",
        "{{ 'a'.ljust(1000000000) }}",
        "{{ 'a'|center(1000000000) }}",
        "{{ adherent.nom|batch(1000000000, 'a')|list }}",
        "{{ adherent.nom|replace('', 'aaaaaaaaaa') }}",
        "{{ adherent.nom.upper }}",
        "{{ range(1000000000) }}",
        "{% for x in 'a' %}{% endfor %}",
        "{% include 'template.yaml' %}",
        "{{ ((((((((((adherent.nom)))))))))) " + "~ 'a'" * 150 + " }}",
        "{{ " + "(" * 400 + "1" + ")" * 400 + " }}",
        "{{ " + "not " * 100 + "1 }}",
        "{{ 1e999 }}",
        "{{ mot_inconnu }}",
        "{{ adherent.mot_inconnu }}",
        "{{ adherent.nom if adherent.siret }}",
        "{{ adherent.siret }}",
        "Commune {{ adherent.siret }}",
        "{{ adherent }}",
        "{{ adherent.nom",
        "{{ }}",
    ],
)
def test_expression_reaches_for_nothing_but_its_words(expression: str, tmp_path: Path) -> None:
    """Exit 3 with line and column of the manifest, at once, and nothing written."""
    quoted = "'" + expression.replace("'", "''") + "'"
    template = changed(tmp_path / "t", '"{{ adherent.nom }}"', quoted)
    (problem,) = refusal(tmp_path, template=template)
    assert problem.code == "bad-expression"
    assert problem.place == Place(str(template / "template.yaml"), line=65, column=8)


@pytest.mark.parametrize(
    ("old", "new", "line", "column"),
    [
        ("titre:", "titr:", 4, 1),
        ("document: convention.docx", "document: /etc/passwd", 5, 11),
        ("document: convention.docx", "document: ../x/convention.docx", 5, 11),
        ("document: convention.docx", 'document: "a\\0b.docx"', 5, 11),
        ("document: convention.docx", "document: [a]", 5, 11),
        ("_{{ exemplaire.rang }}-{{ exemplaire.cle }}", "", 8, 10),
        ("  fibre: La Fibre Numérique 59 62", "  fibre:", 11, 9),
        ("civilite: Monsieur", "civilite: Docteur", 18, 15),
        ("decision: 2024-02-21", "decision: 1708473600", 22, 15),
        ("decision: 2024-02-21", "decision: 2024-02-30", 22, 15),
        ("    nom: COULON\n", "", 18, 5),
        ("    nom: COULON", "    nom: COULON\n    age: 40", 21, 5),
        ("reconduction: tacite", "reconduction: jamais", 31, 15),
        ('  nom: "', '  nomx: "', 65, 3),
        ('  nom: "{{ adherent.nom }}"', "  nom:", 65, 7),
        ('  nom: "{{ adherent.nom }}"', "  nom: [a]", 65, 8),
        ('  nom: "', '  tag:nom: "x"\n  nom: "', 66, 3),
        ('  nom: "{{ adherent.nom }}"', '  nom: "x"\n  nom: "y"', 66, 3),
        ("titre: ", "titre: &ancre ", 4, 8),
        ("titre: ", "titre: !!python/name:os.system ", 4, 8),
        ("titre: ", "\ttitre: ", 4, 1),
    ],
)
def test_broken_manifest_is_told_with_its_place(old: str, new: str, line: int, column: int, tmp_path: Path) -> None:
    template = changed(tmp_path / "t", old, new)
    places = [problem.place for problem in refusal(tmp_path, template=template)]
    assert Place(str(template / "template.yaml"), line=line, column=column) in places


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('nom: "{{ adherent.nom }}"', 'nom: "{{ adherent.decision_date }}"', ("bad-value", 65, "tag:nom")),
        ('"{{ adherent.decision_date }}"', '"{{ adherent.nom }}"', ("bad-date", 76, "tag:decision_date")),
        ('"{{ adherent.reconduction or reconduction }}"', '"tacit"', ("bad-choice", 79, "tag:reconduction")),
    ],
)
def test_value_that_a_control_refuses_is_told_with_the_line_that_gave_it(
    old: str, new: str, told: tuple[str, int, str], tmp_path: Path
) -> None:
    template = changed(tmp_path / "t", old, new)
    problems = [*fill(EXAMPLE, RunOptions(str(template), tmp_path / "out")).errors]
    assert {(problem.code, problem.place.line, problem.place.control) for problem in problems} == {told}
    assert {problem.place.file for problem in problems} == {str(template / "template.yaml")}


def test_control_that_nothing_serves_is_told(tmp_path: Path) -> None:
    """Its prompt would stay in the signed original."""
    template = changed(tmp_path / "t", '  nom: "{{ adherent.nom }}"\n', "")
    (problem,) = refusal(tmp_path, template=template)
    assert (problem.code, problem.place.control) == ("control-unbound", "tag:nom")


@pytest.mark.parametrize("what", ["missing", "empty", "folder", "text", "truncated", "ole2"])
def test_broken_document_of_a_template_is_told(what: str, tmp_path: Path) -> None:
    template = changed(tmp_path / "t")
    document = template / "convention.docx"
    good = document.read_bytes()
    document.unlink()
    if what == "folder":
        document.mkdir()
    elif what != "missing":
        ole2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096)
        document.write_bytes({"empty": b"", "text": b"Bonjour", "truncated": good[:9999], "ole2": ole2}[what])
    (problem,) = refusal(tmp_path, template=template)
    assert problem.place.file == str(document)


@pytest.mark.parametrize(
    "data",
    [
        b"a: &a [x]\nb: *a\n",
        b"a: !!python/object/apply:os.system ['id']\n",
        b"[" * 100_000,
        b"{a: " * 5_000,
        b"\x00\x01\x02",
        bytes(range(256)),
        b'forme: "commune\n',
        b"forme: commune\n---\nforme: commune\n",
        b"x" * 1_000_000,
        b"",
        b"[]",
    ],
)
def test_hostile_data_is_refused(data: bytes, tmp_path: Path) -> None:
    source = tmp_path / "x.yaml"
    source.write_bytes(data)
    (problem,) = refusal(tmp_path, source=source)
    assert (problem.code, problem.place.file) == ("unreadable", str(source))
    assert len(str(problem)) < 1_000
