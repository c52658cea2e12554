"""``verify`` of annexes when there is neither data nor dossier: the catalogue, and what the files say of each other."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from in_process import command

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "adherent-complet.yaml"
SHIPPED = ROOT / "templates" / "convention-services-numeriques"
NBSP = "\u00a0"

Changes = Sequence[tuple[str, str]]
LINE = (("22,50 €</w:t>", "12,50 €</w:t>"), ("4,50 €</w:t>", "2,50 €</w:t>"), ("27,00 €</w:t>", "15,00 €</w:t>"))
COHERENT = (  # every amount of a cheaper band, every sum made anew
    ("800,00 €", "400,00 €"), ("160,00 €", "80,00 €"), ("960,00 €", "480,00 €"), ("1 182,50 €", "782,50 €"),
    ("176,50 €", "96,50 €"), ("1 359,00 €", "879,00 €"), ("640,00 €", "320,00 €"), ("128,00 €", "64,00 €"),
    ("768,00 €", "384,00 €"), ("1 022,50 €", "702,50 €"), ("144,50 €", "80,50 €"), ("1 167,00 €", "783,00 €"),
)  # fmt: skip


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole file of Armentières."""
    folder = tmp_path_factory.mktemp("sent") / "armentieres"
    assert command("fill", EXAMPLE, "-o", folder).code == 0
    return folder


@pytest.fixture(scope="module")
def hem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole file of Hem."""
    folder = tmp_path_factory.mktemp("hem")
    data = EXAMPLE.read_text(encoding="utf-8").replace("59017", "59299")
    (folder / "hem.yaml").write_text(data, encoding="utf-8")
    assert command("fill", folder / "hem.yaml", "-o", folder).code == 0
    return folder


def of(folder: Path, *names: str) -> list[Path]:
    return [path for name in names for path in sorted(folder.glob(f"{name}*.docx"))]


WHOLE = ("convention", "annexe", "deliberation", "courrier")


def changed(path: Path, target: Path, changes: Changes) -> Path:
    with zipfile.ZipFile(path) as was, zipfile.ZipFile(target, "w") as becomes:
        for name in was.namelist():
            data = was.read(name)
            if name == "word/document.xml":
                for old, new in ((old.encode(), new.encode()) for old, new in _spaced(changes)):
                    assert old in data, old
                    data = data.replace(old, new, 1)
            becomes.writestr(name, data)
    return target


def _spaced(changes: Changes) -> list[tuple[str, str]]:
    return [(old.replace(" €", f"{NBSP}€").replace("1 ", f"1{NBSP}"),
             new.replace(" €", f"{NBSP}€").replace("1 ", f"1{NBSP}")) for old, new in changes]  # fmt: skip


def told(*paths: Path, template: Path = SHIPPED) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """The status of each file, and of each problem its code, its file and what it says."""
    said = command("verify", *paths, "-t", template, "--json").told
    statuses = {Path(one["path"]).name: one["status"] for one in said["documents"]}
    problems = [
        (one["code"], Path(one["place"]["file"]).name, one["message"].replace(NBSP, " ")) for one in said["problems"]
    ]
    return statuses, problems


def codes(problems: list[tuple[str, str, str]]) -> list[str]:
    return [code for code, _, _ in problems]


@pytest.mark.slow
def test_untouched_files_are_intact_together_and_alone(sent: Path, hem: Path) -> None:
    statuses, problems = told(*of(sent, *WHOLE), *of(hem, "convention", "annexe"))
    assert (set(statuses.values()), problems) == ({"intact"}, [])
    for alone in of(sent, "annexe-2", "deliberation"):
        assert told(alone) == ({alone.name: "intact"}, [])


ALTERED: dict[str, tuple[Changes, str, list[str], str]] = {
    "one amount": (LINE[:1], "altered", ["altered-value"], "Sauvegarde externalisée 50 Go 12,50 € 4,50 € 27,00 €"),
    "a line with its VAT": (LINE, "altered", ["altered-value"], "Sauvegarde externalisée 50 Go 12,50 € 2,50 € 15,00 €"),
    "a sum": ((("1 359,00 €", "1 259,00 €"),), "altered", ["altered-value"], "année : « 1 359,00 € » → « 1 259,00 € »"),
    "all of it, and it adds up": (COHERENT, "doubtful", ["not-reproduced"] * 2, "26 998 habitants"),
    "the population too": (
        ((f"26{NBSP}998", f"15{NBSP}000"), (f"26{NBSP}998", f"15{NBSP}000"), *COHERENT),
        "doubtful", ["population-mismatch"], "26 998.",
    ),
    "a quantity": ((("50 Go", "5 Go"),), "doubtful", ["not-reproduced"], "5 Go 20,00 € 4,00 € 24,00 €"),
    "a service that is not sold": (
        (("Sauvegarde externalisée", "Archivage"),),
        "doubtful", ["not-reproduced"], "« Archivage 50 Go 22,50 € 4,50 € 27,00 € »",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ALTERED)
def test_what_annexe_2_cannot_say_is_found_without_data(sent: Path, tmp_path: Path, case: str) -> None:
    changes, status, expected, words = ALTERED[case]
    (annexe,) = of(sent, "annexe-2")
    back = changed(annexe, tmp_path / annexe.name, changes)
    statuses, problems = told(back)
    assert (statuses[back.name], codes(problems)) == (status, expected)
    assert words in problems[0][2]


@pytest.mark.slow
def test_the_texts_of_the_catalogue_are_looked_at(sent: Path, tmp_path: Path) -> None:
    (first,), (third,) = of(sent, "annexe-1"), of(sent, "annexe-3")
    back = [changed(first, tmp_path / first.name, [("Circuit de visa", "Circuit gratuit de visa")]),
            changed(third, tmp_path / third.name, [("Union européenne", "Hors de l’Union")])]  # fmt: skip
    for path, words in zip(back, ("Circuit gratuit de visa", "Hors de l’Union"), strict=True):
        statuses, problems = told(path)
        assert (statuses[path.name], codes(problems)) == ("doubtful", ["not-reproduced"])
        assert words in problems[0][2]


@pytest.mark.slow
def test_a_catalogue_that_changed_since_is_no_alteration_and_the_one_kept_is_asked(sent: Path, tmp_path: Path) -> None:
    (annexe,) = of(sent, "annexe-2")
    template = tmp_path / "modele"
    shutil.copytree(SHIPPED, template)
    catalogue = (SHIPPED / "catalogue.yaml").read_text(encoding="utf-8")
    (template / "catalogue.yaml").write_text(catalogue.replace('"0,45"', '"0,60"'), encoding="utf-8")
    statuses, problems = told(annexe, template=template)
    assert (statuses[annexe.name], codes(problems)) == ("doubtful", ["not-reproduced", "not-reproduced"])
    shutil.copytree(SHIPPED, template / "anciennes" / "2025")
    assert told(annexe, template=template) == ({annexe.name: "intact"}, [])


@pytest.mark.slow
def test_an_annexe_that_is_missing_or_given_twice_is_told(sent: Path, tmp_path: Path) -> None:
    files = of(sent, "convention", "annexe-1", "annexe-2", "annexe-3")
    statuses, problems = told(*[path for path in files if "annexe-2" not in path.name])
    ((code, where, message),) = problems
    assert (code, where, statuses[where]) == ("missing-piece", files[0].name, "doubtful")
    assert message.startswith("« Annexe n°2 – Participation financière")
    for known in (["--data", EXAMPLE], ["--dossier", sent]):
        said = command("verify", *files[:4], *files[5:], *known, "--json").told
        assert [one["code"] for one in said["problems"] if one["severity"] != "notice"] == ["missing-piece"]
    # an annexe alone, or a convention alone, owes nothing
    for alone in (files[0], files[4]):
        assert told(alone)[1] == []
    again = Path(shutil.copy(files[4], tmp_path / "encore.docx"))
    statuses, problems = told(*files, again)
    assert (codes(problems), set(statuses.values())) == (["duplicate-piece"], {"intact"})
    other = changed(files[4], tmp_path / "autre.docx", LINE)
    statuses, problems = told(*files, other)
    assert (codes(problems), statuses[other.name]) == (["altered-value", "duplicate-piece"], "altered")


@pytest.mark.slow
def test_another_adherents_annexe_is_told(sent: Path, hem: Path) -> None:
    files = of(sent, "convention", "annexe-1", "annexe-3")
    (strange,) = of(hem, "annexe-2")
    statuses, problems = told(*files, strange)
    assert codes(problems) == ["missing-piece", "piece-of-another"]
    assert (problems[1][1], statuses[strange.name]) == (strange.name, "doubtful")
    assert "« Commune de Hem »" in problems[1][2]
    assert "« Commune d’Armentières »" in problems[1][2]


def test_pieces_that_do_not_say_the_same_are_told(sent: Path, tmp_path: Path) -> None:
    files = of(sent, "convention", "annexe", "courrier")
    (model,) = of(sent, "deliberation")
    cases: dict[str, tuple[Changes, str]] = {
        "sum": ([("1 359,00 €", "1 259,00 €")], "« 1 259,00 € », et « Annexe n°2"),
        "services": ([("Sauvegarde externalisée, ", "")], "Services choisis"),
        "person": ([("Madame Jeanne", "Madame Jean"), (">Jeanne", ">Jean")], "« Madame Jean MARTIN », et « Convention"),
    }
    for name, (changes, words) in cases.items():
        back = changed(model, tmp_path / f"{name}.docx", changes)
        statuses, problems = told(*files, back)
        assert (statuses[back.name], set(codes(problems))) == ("doubtful", {"pieces-differ"})
        assert words in problems[0][2]


def test_a_pdf_with_some_of_its_annexes_lacks_the_others(sent: Path) -> None:
    from conventool.returned.following import owed_beside
    from conventool.template.folder import TemplateFolder

    whole: Any = TemplateFolder.open(SHIPPED)
    assert owed_beside(whole, {"convention"}, None) == []
    assert owed_beside(whole, {"convention", "annexe-1", "annexe-3"}, None) == ["annexe-2"]
    assert owed_beside(whole, {"convention", "annexe-1"}, {"annexe-1", "annexe-3"}) == ["annexe-3"]


@pytest.mark.parametrize(
    ("old", "new"), [("50 Go", "1 " * 5000), ("50 Go", "9" * 400), ("22,50 €", "9" * 400), ("22,50 €", "2,2,2 €")]
)
def test_numbers_that_are_none_are_no_fault_of_the_program(sent: Path, tmp_path: Path, old: str, new: str) -> None:
    (annexe,) = of(sent, "annexe-2")
    back = changed(annexe, tmp_path / annexe.name, [(old, new)])
    statuses, problems = told(back)
    assert statuses[back.name] in {"altered", "doubtful"}
    assert problems
