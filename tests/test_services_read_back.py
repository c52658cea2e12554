"""``read`` takes services back from annexes: what it gives, filled in again, gives the same documents."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conventool.catalogue.catalogue import read_catalogue
from conventool.word.package import Package
from in_process import command

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "templates" / "convention-services-numeriques"
TARIFFS = ROOT / "tests" / "cases" / "catalogue"
BASE: dict[str, Any] = {
    "forme": "commune", "code_insee": "59017", "adresse": "4 place du Général-de-Gaulle",
    "representant": {"civilite": "Madame", "prenom": "Jeanne", "nom": "MARTIN"}, "decision": {"date": "2026-03-12"},
}  # fmt: skip
PIECES = "convention,annexe-1,annexe-2"


def filled(tmp_path: Path, name: str, template: Path = SHIPPED, **data: Any) -> dict[str, bytes]:
    source = tmp_path / f"{name}.yaml"
    source.write_text(yaml.safe_dump({**BASE, **data}, allow_unicode=True), encoding="utf-8")
    said = command("fill", source, "-t", template, "-o", tmp_path / name, "--pieces", PIECES, "--json")
    assert said.code == 0, said.out
    return {path.name: path.read_bytes() for path in (tmp_path / name).glob("*.docx")}


def read_back(*paths: Path, template: Path = SHIPPED) -> tuple[int, list[dict[str, Any]], list[dict[str, Any]]]:
    said = command("read", *paths, "-t", template, "--json")
    return said.code, said.told["adherents"], said.told["problems"]


def template_with(tmp_path: Path, catalogue: str) -> Path:
    folder = tmp_path / "modele"
    shutil.copytree(SHIPPED, folder)
    (folder / "catalogue.yaml").write_text(catalogue, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"services": ["actes"]}, "actes"),
        ({"services": [{"sauvegarde": "1 500,5"}]}, "sauvegarde × 1500,5"),
        ({"services": [{"sauvegarde": "1,1250"}]}, "sauvegarde × 1,1250"),
        ({"services": "messagerie ; intervention × 1", "agents": 1}, "messagerie ; intervention × 1"),
        ({"services": ["convocations"], "population_municipale": 1}, "convocations"),
    ],
)
def test_what_was_chosen_comes_back(tmp_path: Path, data: dict[str, Any], expected: str) -> None:
    sent = filled(tmp_path, "sent", **data)
    code, (found,), problems = read_back(tmp_path / "sent")
    assert (code, problems, found["services"]) == (0, [], expected)
    for name in ("agents", "population_municipale"):
        assert found.get(name) == (str(data[name]) if name in data else None)
    assert filled(tmp_path, "again", **found) == sent


KEYS = tuple(read_catalogue(SHIPPED / "catalogue.yaml").services)
COUNTED = {"sauvegarde", "intervention"}


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sets(st.sampled_from(KEYS), min_size=1),
    st.decimals("0.01", 9_999, places=2),
    st.integers(0, 5_000),
    st.one_of(st.none(), st.integers(1, 50_000)),
)
def test_any_choice_comes_back(
    tmp_path: Path, chosen: set[str], quantity: Any, agents: int, people: int | None
) -> None:
    shutil.rmtree(tmp_path / "sent", ignore_errors=True)
    number = f"{quantity}".replace(".", ",")
    data: dict[str, Any] = {"services": [{key: number} if key in COUNTED else key for key in chosen], "agents": agents}
    data |= {} if people is None else {"population_municipale": people}
    sent = filled(tmp_path, "sent", **data)
    _, (found,), problems = read_back(tmp_path / "sent")
    assert problems == []
    shutil.rmtree(tmp_path / "again", ignore_errors=True)
    assert filled(tmp_path, "again", **found) == sent


def test_prices_with_names_and_two_bases_come_back(tmp_path: Path) -> None:
    parties = "protection: {fibre: {dpo: A, violations: B}, cdg59: {dpo: C, violations: D}}\n"
    folder = template_with(tmp_path, parties + (TARIFFS / "tarifs.yaml").read_text(encoding="utf-8"))
    filled(tmp_path, "sent", folder, services="cdg34 × 2,5 ; te90 × 33 ; cdg38 ; grille × 51", population=2001)
    code, (found,), problems = read_back(tmp_path / "sent", template=folder)
    assert (code, problems) == (0, [])
    assert found["services"] == "cdg38 ; cdg34 × 2,5 ; te90 × 33 ; grille × 51"
    assert found["population_municipale"] == "2001"


def test_an_annexe_alone_says_the_services_but_not_how_much(tmp_path: Path) -> None:
    filled(tmp_path, "sent", services="actes ; sauvegarde × 50")
    next((tmp_path / "sent").glob("annexe-2*")).unlink()
    code, (found,), problems = read_back(tmp_path / "sent")
    assert found["services"] == "actes ; sauvegarde"
    assert (code, [one["code"] for one in problems]) == (1, ["bad-quantity"])


def test_each_adherent_has_its_own_and_two_of_one_name_have_none(tmp_path: Path) -> None:
    jolimetz: dict[str, Any] = {"code_insee": "59325", "adresse": "1 place de la Mairie"}
    filled(tmp_path, "one", services="actes")
    filled(tmp_path, "two", services="convocations", **jolimetz)
    code, found, problems = read_back(tmp_path / "one", tmp_path / "two")
    assert (code, problems) == (0, [])
    assert {one["nom"]: one["services"] for one in found} == {"Armentières": "actes", "Jolimetz": "convocations"}
    filled(tmp_path, "three", services="convocations", **{**jolimetz, "adresse": "2 rue Neuve"})
    _, found, problems = read_back(tmp_path / "one", tmp_path / "two", tmp_path / "three")
    assert [one.get("services") for one in found if one["nom"] == "Jolimetz"] == [None, None]
    assert {one["code"] for one in problems} == {"other-piece"}


def test_a_changed_amount_is_told_and_an_unknown_service_is_not_read(tmp_path: Path) -> None:
    filled(tmp_path, "sent", services="actes ; sauvegarde × 50")
    annexe = next((tmp_path / "sent").glob("annexe-2*"))
    _replace(annexe, "22,50\u00a0€", "12,50\u00a0€")
    code, (found,), problems = read_back(tmp_path / "sent")
    assert (code, found["services"]) == (1, "actes ; sauvegarde × 50")
    (problem,) = problems
    assert (problem["code"], Path(problem["place"]["file"])) == ("not-reproduced", annexe)
    assert "50 Go 12,50 €" in problem["message"].replace("\u00a0", " ")
    _replace(annexe, "Sauvegarde externalisée", "Sauvegarde ailleurs")
    next((tmp_path / "sent").glob("annexe-1*")).unlink()
    _, (found,), problems = read_back(tmp_path / "sent")
    assert "services" not in found
    assert [one["code"] for one in problems] == ["not-read-back"]


def _replace(path: Path, old: str, new: str) -> None:
    import zipfile

    parts = {name: Package.open(path).read(name) for name in zipfile.ZipFile(path).namelist()}
    assert old.encode() in parts["word/document.xml"]
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data.replace(old.encode(), new.encode()))
