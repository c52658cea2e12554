"""The official register."""

from __future__ import annotations

import csv
import json
import re
import runpy
import subprocess
import sys
import tarfile
from collections import Counter, defaultdict
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conventool.register.communes import ATTRIBUTION, VINTAGE, Register, place_key
from conventool.register.table import DATA

REGISTER = Register.open()
BUILDER = Path(__file__).parent.parent / "tools" / "build_register.py"


def table(name: str) -> list[dict[str, str]]:
    """A table of the register, read by other means than the program's."""
    with DATA.joinpath(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


COMMUNES = table("communes.tsv")
FORMER = table("former.tsv")

RULES = {
    "0": (r"(.+)", r"de \1", r"à \1"),
    "1": (r"(.+)", r"d’\1", r"à \1"),
    "2": (r"Le (.+)", r"du \1", r"au \1"),
    "3": (r"(La .+)", r"de \1", r"à \1"),
    "4": (r"Les (.+)", r"des \1", r"aux \1"),
    "5": (r"(L’.+)", r"de \1", r"à \1"),
    "6": (r"Aux (.+)", r"des \1", r"aux \1"),
    "7": (r"(Las .+)", r"de \1", r"à \1"),
    "8": (r"(Los .+)", r"de \1", r"à \1"),
}


def test_every_present_commune_is_linked_by_the_rule_of_its_name() -> None:
    """INSEE's table, written here once more: every name has the shape its TNCC says, and both phrases."""
    assert len(COMMUNES) == 34_969
    for row in COMMUNES:
        shape, of, at = RULES[row["tncc"]]
        assert re.fullmatch(shape, row["nom"]), row
        commune = REGISTER.by_code(row["code"])
        assert commune is not None
        assert commune.de == re.sub(f"^{shape}$", of, row["nom"])
        assert commune.a == re.sub(f"^{shape}$", at, row["nom"])


def test_a_register_that_is_asked_often_answers_as_before() -> None:
    """It searches by halves, then by an index; what is not there is found by neither."""
    busy = Register.open()
    for row in COMMUNES[:2_000]:
        busy.by_code(row["code"])
    for code in (COMMUNES[0]["code"], COMMUNES[-1]["code"], *(row["code"] for row in COMMUNES[::1_000]), "0", "Z", ""):
        assert busy.by_code(code) == Register.open().by_code(code)


def test_initial_letters_do_not_tell() -> None:
    """In the Nord and the Pas-de-Calais, 94 communes in H elide and 12 do not, as INSEE says."""
    initials = Counter(
        row["tncc"] for row in COMMUNES if row["code"][:2] in {"59", "62"} and row["nom"].startswith("H")
    )
    assert initials == {"1": 94, "0": 12}


@pytest.mark.parametrize(
    ("code", "of", "at"),
    [
        ("59017", "d’Armentières", "à Armentières"),
        ("59299", "de Hem", "à Hem"),
        ("62458", "de Houlle", "à Houlle"),
        ("59295", "d’Hazebrouck", "à Hazebrouck"),
        ("62909", "d’Ytres", "à Ytres"),
        ("59481", "du Quesnoy", "au Quesnoy"),
        ("59368", "de La Madeleine", "à La Madeleine"),
        ("62043", "des Attaques", "aux Attaques"),
        ("59006", "de L’Orée de Mormal", "à L’Orée de Mormal"),
        ("59350", "de Lille", "à Lille"),
        ("62041", "d’Arras", "à Arras"),
        ("59606", "de Valenciennes", "à Valenciennes"),
        ("59178", "de Douai", "à Douai"),
        ("59392", "de Maubeuge", "à Maubeuge"),
        ("62498", "de Lens", "à Lens"),
        ("62826", "du Touquet-Paris-Plage", "au Touquet-Paris-Plage"),
        ("62764", "de Saint-Nicolas", "à Saint-Nicolas"),
        ("59220", "de Faches-Thumesnil", "à Faches-Thumesnil"),
        ("59512", "de Roubaix", "à Roubaix"),
        ("59599", "de Tourcoing", "à Tourcoing"),
        ("59043", "de Bailleul", "à Bailleul"),
        ("59328", "de Lambersart", "à Lambersart"),
        ("76351", "du Havre", "au Havre"),
        ("72181", "du Mans", "au Mans"),
        ("17300", "de La Rochelle", "à La Rochelle"),
        ("85191", "de La Roche-sur-Yon", "à La Roche-sur-Yon"),
        ("85194", "des Sables-d’Olonne", "aux Sables-d’Olonne"),
        ("91692", "des Ulis", "aux Ulis"),
        ("62427", "d’Hénin-Beaumont", "à Hénin-Beaumont"),
        ("60703", "des Marais", "aux Marais"),
        ("66104", "de Los Masos", "à Los Masos"),
        ("63448", "du Vernet-Chaméane", "au Vernet-Chaméane"),
        ("01001", "de L’Abergement-Clémenciat", "à L’Abergement-Clémenciat"),
        ("80829", "d’Y", "à Y"),
        ("98807", "de Hienghène", "à Hienghène"),
        ("98817", "du Mont-Dore", "au Mont-Dore"),
        ("98758", "d’Uturoa", "à Uturoa"),
        ("97411", "de Saint-Denis", "à Saint-Denis"),
        ("2A004", "d’Ajaccio", "à Ajaccio"),
        ("75056", "de Paris", "à Paris"),
    ],
)
def test_known_names_read_as_people_say_them(code: str, of: str, at: str) -> None:
    """Phrases written by hand, as signs and letterheads have them."""
    commune = REGISTER.by_code(code)
    assert commune is not None
    assert (commune.de, commune.a) == (of, at)


@given(st.text() | st.from_regex(r"[0-9][0-9AB][0-9]{3}", fullmatch=True))
def test_search_by_halves_agrees_with_reading_on(code: str) -> None:
    """A code is found exactly when the table has it."""
    found = REGISTER.by_code(code)
    assert (found.code if found else None) == (code if code in CODES else None)


CODES = {row["code"] for row in COMMUNES}


def test_every_commune_is_found_by_name_and_postal_code() -> None:
    """By its capitals without accents too, and homonyms apart by their postal codes."""
    for row in COMMUNES:
        postal = row["codes_postaux"].split(",")[0] or None
        shouted = re.sub(r"\bSAINT\b", "ST", row["nom"].upper().replace("’", " ").replace("-", " "))
        assert row["code"] in {commune.code for commune in REGISTER.by_name(shouted, postal)}, row


def test_former_communes_have_a_successor() -> None:
    """Every one, and it exists today."""
    for row in FORMER:
        former = REGISTER.former(row["code"])
        assert former is not None
        assert former.successor.code == row["successeur"]
        assert row["successeur"] in CODES
        if row["nom"]:
            assert former in REGISTER.former_by_name(row["nom"])


def test_postal_codes_are_those_of_the_communes() -> None:
    """Both ways, and a CEDEX code is nobody's."""
    assert {commune.nom for commune in REGISTER.by_postal_code("59280")} == {"Armentières", "Bois-Grenier"}
    assert {commune.nom for commune in REGISTER.by_postal_code("59350")} == {"Saint-André-lez-Lille"}
    assert REGISTER.by_postal_code("59611") == REGISTER.by_postal_code("59358") == []
    served: defaultdict[str, list[str]] = defaultdict(list)
    for row in COMMUNES:
        for postal in filter(None, row["codes_postaux"].split(",")):
            served[postal].append(row["code"])
    assert {row["code_postal"] for row in table("postal_codes.tsv")} == set(served)
    for postal, codes in served.items():
        assert [commune.code for commune in REGISTER.by_postal_code(postal)] == codes


def test_intercommunalities_and_departements_are_found() -> None:
    """By SIREN, by a name however spelled, by code."""
    arras = REGISTER.epci_by_siren("200033579")
    assert arras is not None
    assert (arras.type, arras.nom) == ("CU", "CU d’Arras")
    assert [epci.siren for epci in REGISTER.epci_by_name("ca de lens-lievin")] == ["246200364"]
    nord, corse = REGISTER.departement("NORD"), REGISTER.departement("2A")
    assert nord is not None
    assert corse is not None
    assert (nord.code, nord.de, corse.de) == ("59", "du Nord", "de la Corse-du-Sud")
    assert REGISTER.departement("Atlantide") is None


@pytest.mark.parametrize(
    ("written", "official"),
    [
        ("CA de Lens - Liévin", "CA de Lens - Liévin"),
        ("Lens-Liévin", "CA de Lens - Liévin"),
        ("PAYS DE MORMAL", "CC du Pays de Mormal"),
        ("coeur de flandre", "CA Coeur de Flandre"),
        ("Européenne de Lille", "Métropole Européenne de Lille"),
        ("l’Agglomération d’Agen", "CA Agglomération d’Agen"),
        ("Pays de Saint Malo Agglomération", "CA du Pays de Saint Malo Agglomération"),
        ("ST MARCELLIN VERCORS ISERE COMMUNAUTE", "CC Saint-Marcellin Vercors Isère Communauté"),
    ],
)
def test_an_intercommunality_is_found_with_its_prefix_and_link_or_without(written: str, official: str) -> None:
    """As lists have them; all names of the register by themselves too."""
    assert [epci.nom for epci in REGISTER.epci_by_name(written)] == [official]


def test_every_intercommunality_is_found_by_its_name() -> None:
    """DGCL's own; two of one name are both found."""
    for row in table("epci.tsv"):
        assert row["siren"] in {epci.siren for epci in REGISTER.epci_by_name(row["nom"])}
    assert {epci.type for epci in REGISTER.epci_by_name("du Sud")} == {"CC", "CA"}
    assert len(REGISTER.epci_by_name("CC des Quatre Rivières")) == 2


@pytest.mark.parametrize(
    ("written", "types", "official"),
    [
        ("MEL", ("METRO",), "Métropole Européenne de Lille"),
        ("Lille", ("METRO", "MET69"), "Métropole Européenne de Lille"),
        ("CCPC", ("CC",), "CC Pévèle-Carembault"),
        ("Pévèle Carambault", ("CC",), "CC Pévèle-Carembault"),
        ("Dunkerke", (), "CU de Dunkerque"),
    ],
)
def test_a_name_that_is_none_resembles_one(written: str, types: tuple[str, ...], official: str) -> None:
    """Its initials, a part of it or a slip; of the kind that is asked for."""
    assert official in [epci.nom for epci in REGISTER.resembling_epci(written, types)]
    assert all(epci.type in types or not types for epci in REGISTER.resembling_epci(written, types))


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Pavile-Caremboult", ["CC Pévèle-Carembault"]),  # 14 letters in their order, of 17 and 17: 28/34, 82.4 %
        ("Osurtas-Marduion", []),  # of « Osartis-Marquion » 13, of 16 and 16: 26/32, 81.3 %
    ],
)
def test_a_name_resembles_one_that_is_82_percent_alike(written: str, found: list[str]) -> None:
    assert [epci.nom for epci in REGISTER.resembling_epci(written)] == found


@pytest.mark.parametrize("written", ["La Réunion", "974", "reunion", "de La Réunion"])
def test_a_departement_is_found_with_its_article_or_without(written: str) -> None:
    """And by its code."""
    found = REGISTER.departement(written)
    assert found is not None
    assert found.code == "974"


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("armentieres", "59017"),
        ("ARMENTIER", "59017"),
        ("armentieeres", "59017"),
        ("st pol sur ternoise", "62767"),
        ("Quesnoy (Le)", "59481"),
        ("59017", "59017"),
        ("59280", "59280"),
        ("saint andre lille", "59527"),
        ("Les Moëres", "59260"),
        ("59404", "59260"),
        ("castillon lembeye", "64182"),
        ("noeux", "62617"),
    ],
)
def test_people_find_what_they_type(words: str, first: str) -> None:
    """Forgiving accents, case, abbreviations, a slip; by code, or by a name of the past."""
    assert REGISTER.search(words)[0].code == first


def test_a_five_digit_number_may_be_two_things() -> None:
    """An INSEE code first, then the communes that have it as postal code."""
    assert [commune.nom for commune in REGISTER.search("59350")] == ["Lille", "Saint-André-lez-Lille"]
    assert REGISTER.search("zzzzzzzz") == REGISTER.search("") == []


def test_a_commune_is_described_in_plain_values() -> None:
    """What `--json` prints survives JSON."""
    hesdin = REGISTER.by_code("62447")
    assert hesdin is not None
    described = REGISTER.describe(hesdin)
    assert json.loads(json.dumps(described)) == described
    assert described["nom"] == "Hesdin-la-Forêt"
    assert described["de"] == "d’Hesdin-la-Forêt"
    assert described["codes_postaux"] == ["62140"]
    assert described["anciens_noms"] == ["Hesdin", "Huby-Saint-Leu", "Marconne", "Sainte-Austreberthe"]
    assert described["epci"] == {"siren": "200044030", "nom": "CC des 7 Vallées"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ST POL SUR TERNOISE", "Saint-Pol-sur-Ternoise"),
        ("Saint André lès Lille", "Saint-André-lez-Lille"),
        ("ST VENANT S/ MER", "Saint-Venant-sur-Mer"),
        ("BOIS S/S FEUILLE", "Bois-sous-Feuille"),
        ("STE-MARIE", "Sainte-Marie"),
        ("QUESNOY (LE)", "Le Quesnoy"),
        ("OREE DE MORMAL (L')", "L’Orée de Mormal"),
    ],
)
def test_places_have_one_key_however_abbreviated(one: str, other: str) -> None:
    """The abbreviations of old lists."""
    assert place_key(one) == place_key(other)


def test_a_look_up_loads_no_more_than_it_needs() -> None:
    """No fuzzy matching to find what exists, and no table but the one that is asked."""
    program = (
        "import sys\n"
        "from conventool.register.communes import Register\n"
        "from conventool.adherent.commune_resolver import settle\n"
        "register = Register.open()\n"
        "assert not vars(register)\n"
        "assert settle(register, '59017', 'ARMENTIERES', '59280').commune\n"
        "assert list(vars(register)) == ['_communes']\n"
        "assert not {'rapidfuzz', 'babel', 'stdnum', 'pydantic'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_source_is_named() -> None:
    """Its licence asks for it."""
    assert str(VINTAGE) in ATTRIBUTION
    assert all(name in ATTRIBUTION for name in ("INSEE", "DGCL", "La Poste", "Etalab", "Licence Ouverte"))


def test_the_tables_are_built_from_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small package gives small tables, sorted, twice the same."""
    place = {"typeLiaison": 1, "type": "commune-actuelle", "codesPostaux": ["00200", "00100"]}
    communes = [
        {"code": "00002", "nom": "L'Île", **place, "typeLiaison": 5, "anciensCodes": ["00009", "00004"]},
        {"code": "00001", "nom": "Été (Canton d'Hiver)", **place, "siren": "123456789", "population": 7},
        {"code": "00004", "nom": "Vieux", "typeLiaison": 0, "type": "commune-deleguee", "chefLieu": "00002"},
    ]
    package = tmp_path / "package.tgz"
    with tarfile.open(package, "w:gz") as archive:
        for name, content in (
            ("communes", communes),
            (
                "epci",
                [{"code": "111111111", "nom": "CC d'Ici", "type": "CC", "membres": [{"code": "00001"}]}],
            ),
            ("departements", [{"code": "00", "nom": "Nulle-Part", "typeLiaison": 3}]),
        ):
            data = json.dumps(content).encode()
            member = tarfile.TarInfo(f"package/data/{name}.json")
            member.size = len(data)
            archive.addfile(member, BytesIO(data))
    monkeypatch.setattr(sys, "argv", ["build_register.py", str(package), "--output", str(tmp_path)])
    runpy.run_path(str(BUILDER), run_name="__main__")
    written = {path.name: path.read_text(encoding="utf-8").split("\n")[1:-1] for path in tmp_path.glob("*.tsv")}
    assert written == {
        "communes.tsv": [
            "00001\tÉté (Canton d’Hiver)\t1\t123456789\t00100,00200\t7\t111111111\t",
            "00002\tL’Île\t5\t\t00100,00200\t\t\t00004,00009",
        ],
        "former.tsv": ["00004\tVieux\tcommune-deleguee\t00002", "00009\t\tcommune-fusionnee\t00002"],
        "names.tsv": ["ete\t00001\t", "ete canton d hiver\t00001\t", "l ile\t00002\t", "vieux\t\t00004"],
        "postal_codes.tsv": ["00100\t00001,00002", "00200\t00001,00002"],
        "epci.tsv": ["111111111\tCC\tCC d’Ici"],
        "departements.tsv": ["00\tNulle-Part\t3"],
    }


@pytest.mark.parametrize(
    ("words", "communes", "epci", "departements"),
    [
        ("armentieres", ["Armentières", "La Chapelle-d’Armentières"], [], []),
        ("lens-liévin", [], ["CA de Lens - Liévin"], []),
        ("CU d’Arras", [], ["CU d’Arras"], []),
        ("200093201", [], ["Métropole Européenne de Lille"], []),
        ("Dunkerke", ["Dunkerque"], [], []),
        ("Pévèle Carambault", [], ["CC Pévèle-Carembault"], []),
        ("59", [], [], ["Nord"]),
        ("Loir-et-Cher", [], [], ["Loir-et-Cher"]),
        ("2A", [], [], ["Corse-du-Sud"]),
        ("zzzzzz", [], [], []),
    ],
)
def test_the_command_finds_communes_intercommunalities_and_departements(
    words: str, communes: list[str], epci: list[str], departements: list[str]
) -> None:
    """By what each is called, and by a slip of it where nothing is called so."""
    from conventool.commands.communes import communes as lookup

    found = lookup(words)
    report = found.as_json()
    assert json.loads(json.dumps(report)) == report
    assert [one["nom"] for one in report["departements"]] == departements
    assert [one["nom"] for one in report["communes"]][: len(communes)] == communes
    assert [one["nom"] for one in report["epci"]][: len(epci)] == epci
    assert bool(report["epci"]) == bool(epci)
    assert found.exit_code == (0 if communes or epci or departements else 1)


def test_initials_find_an_intercommunality_and_its_words_are_those_of_a_convention() -> None:
    from conventool.commands.communes import communes as lookup

    first = lookup("MEL").as_json()["epci"][0]
    assert first == {
        "siren": "200093201",
        "type": "METRO",
        "forme": "metropole",
        "nom": "Métropole Européenne de Lille",
        "denomination": "La Métropole Européenne de Lille",
        "communes": 95,
        "population": 1_195_234,
        "population_nature": "municipale",
        "population_annee": 2023,
    }


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("MEL", "Métropole Européenne de Lille"),
        ("la MEL", "Métropole Européenne de Lille"),
        ("m.e.l.", "Métropole Européenne de Lille"),
        ("CCFL", "CC Flandre Lys"),
        ("CUD", "CU de Dunkerque"),
        ("Nord", "Nord"),
        ("Lens", "Lens"),
        ("Hellemmes-Lille", "Lille"),
    ],
)
def test_what_is_called_just_so_is_shown_first(words: str, first: str, capsys: pytest.CaptureFixture[str]) -> None:
    from conventool.cli.console import show
    from conventool.commands.communes import communes as lookup

    show(lookup(words), as_json=False, quiet=False)
    shown = capsys.readouterr().out
    assert shown.startswith(f"{first}  ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Hellemmes", "Hellemmes-Lille est une commune associée de Lille"),
        ("Lomme", "Lomme est une commune associée de Lille"),
        ("Téteghem", "Téteghem est une commune déléguée de Téteghem-Coudekerque-Village"),
        ("Lille", None),
    ],
)
def test_a_former_commune_is_told_with_who_signs(words: str, said: str | None) -> None:
    from conventool.commands.communes import communes as lookup

    told = [problem.message for problem in lookup(words).problems]
    assert [message.partition("\u00a0:")[0] for message in told] == ([said] if said else [])
