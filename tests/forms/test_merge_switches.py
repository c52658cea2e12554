"""The switches of merge fields (ISO/IEC 29500-1, 17.16.4, 17.16.5.35) in an adopted template, as Word prints them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import docx
import pytest
import yaml

from conventool.commands.adopt import adopt
from conventool.commands.fill import RunOptions, fill
from conventool.commands.read import ReadOptions, read
from conventool.commands.verify import VerifyOptions, verify
from conventool.core.errors import TemplateError
from edits import minimal, paragraph


class Asked(NamedTuple):
    """A field's name and switches, what the manifest declares and serves, a value, what is printed between bars."""

    code: str
    declared: dict[str, str]
    served: str
    value: str
    printed: str


FIELDS = [
    Asked(r'Montant \# "# ##0,00 €"', {"type": "montant"}, " | nombre('# ##0,00 €')", "1234,50", "|1 234,50 €|"),
    Asked(r"Effectif \# #,##0", {"type": "entier"}, " | nombre('#,##0')", "12500", "|12 500|"),
    Asked(r'Telephone \# "00 00 00 00 00"', {"type": "texte"}, " | nombre('00 00 00 00 00')", "0612345678",
          "|06 12 34 56 78|"),
    Asked(r'Surface \# "0,000 ha"', {"type": "texte"}, " | nombre('0,000 ha')", "12,345", "|12,345 ha|"),
    Asked(r'Titre \f " "', {"type": "texte", "facultatif": "oui"}, " | apres(' ')", "Madame", "|Madame |"),
    Asked(r'Complement \b ", " \f ";"', {"type": "texte", "facultatif": "oui"}, " | avant(', ') | apres(';')",
          "bâtiment B", "|, bâtiment B;|"),
    Asked(r'Objet \* Upper \b "« " \f " »"', {"type": "texte", "facultatif": "oui"},
          " | majuscule | avant('« ') | apres(' »')", "ÉTUDE", "|« ÉTUDE »|"),
    Asked(r"Chef \* Caps", {"type": "texte"}, " | initiales", "Chef De Projet", "|Chef De Projet|"),
    Asked(r"Suite \* FirstCap \* MERGEFORMAT", {"type": "texte"}, " | initiale", "Une suite", "|Une suite|"),
    Asked(r"Petit \* lower", {"type": "texte"}, " | lower", "petit", "|petit|"),
    Asked(r'Debut \@ "dddd d MMMM yyyy" \* Upper', {"type": "date"}, " | date('dddd d MMMM yyyy') | majuscule",
          "2026-03-12", "|JEUDI 12 MARS 2026|"),
    Asked(r'Fin \@ "dd/MM/yy"', {"type": "date"}, "", "2026-04-12", "|12/04/26|"),
    Asked(r"""Jour \@ "d MMMM yyyy" \b "jusqu'au " """, {"type": "date", "facultatif": "oui"},
          " | date('d MMMM yyyy') | avant(\"jusqu'au \")", "2026-05-01", "|jusqu'au 1er mai 2026|"),
]  # fmt: skip


def merge_field(code: str) -> str:
    marks = (
        '<w:fldChar w:fldCharType="begin"/>', f'<w:instrText xml:space="preserve"> MERGEFIELD {code} </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>', "<w:t>«x»</w:t>", '<w:fldChar w:fldCharType="end"/>',
    )  # fmt: skip
    return "".join(f"<w:r>{mark}</w:r>" for mark in marks)


def name(asked: Asked) -> str:
    return asked.code.split()[0].lower()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("publipostage")
    lines = (paragraph(f"{name(asked)} : |", merge_field(asked.code), "|") for asked in FIELDS)
    (folder / "f.docx").write_bytes(minimal("".join(lines)))
    report = adopt(folder / "f.docx", folder / "modele", placeholders=["MERGEFIELD"])
    assert [problem.code for problem in report.problems] == []
    return folder / "modele"


def filled(template: Path, given: dict[str, str], folder: Path, mode: Any = "keep") -> tuple[Path, Path]:
    data = folder / "donnees.yaml"
    data.write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")
    (done,) = fill(data, RunOptions(str(template), folder / mode, controls=mode)).documents
    return done.path, data


def printed(path: Path) -> list[str]:
    said = (one.xpath("string(.)") for one in docx.Document(str(path)).element.body.xpath("./w:p"))
    return [text.partition(" : ")[2].replace("\u00a0", " ") for text in said]


def test_the_manifest_has_a_filter_for_each(template: Path) -> None:
    """And the field has the type that the picture is of; what something is put beside may be empty."""
    manifest = yaml.safe_load((template / "template.yaml").read_text(encoding="utf-8"))
    for asked in FIELDS:
        declared = {key: value for key, value in manifest["champs"][name(asked)].items() if key != "libelle"}
        assert declared == asked.declared
        assert manifest["controles"][name(asked)] == f"{{{{ champs.{name(asked)}{asked.served} }}}}"


@pytest.mark.parametrize("mode", ["keep", "unwrap"])
def test_values_are_printed_and_come_back(mode: Any, template: Path, tmp_path: Path) -> None:
    """With and without what may be empty, whose texts before and after are then not there."""
    optional = {name(asked) for asked in FIELDS if "facultatif" in asked.declared}
    everything = {name(asked): asked.value for asked in FIELDS}
    for rank, given in enumerate((everything, {key: everything[key] for key in everything if key not in optional})):
        (tmp_path / str(rank)).mkdir()
        path, data = filled(template, given, tmp_path / str(rank), mode)
        assert printed(path) == [asked.printed if name(asked) in given else "||" for asked in FIELDS]
        assert read([path], ReadOptions(str(template))).data == [given]
        assert verify([path], VerifyOptions(str(template), data, jobs=1)).problems == []


def test_values_are_changed_as_word_does(template: Path, tmp_path: Path) -> None:
    """Letters, spaces of a number; a text where a number was meant stays."""
    given = {name(asked): asked.value for asked in FIELDS} | {
        "objet": "Étude d’été", "chef": "chef de mi-temps d’été", "suite": "élan DE", "petit": "ÉTÉ",
        "telephone": "06 12 34 56 78", "surface": "à mesurer",
    }  # fmt: skip
    path, _ = filled(template, given, tmp_path)
    said = dict(zip(map(name, FIELDS), printed(path), strict=True))
    wanted = {
        "objet": "|« ÉTUDE D’ÉTÉ »|", "chef": "|Chef De Mi-Temps D’été|", "suite": "|Élan DE|", "petit": "|été|",
        "telephone": "|06 12 34 56 78|", "surface": "|à mesurer|",
    }  # fmt: skip
    assert {key: said[key] for key in wanted} == wanted


def test_what_nothing_keeps_is_told(tmp_path: Path) -> None:
    """A picture that counts paragraphs, a text with the braces of expressions, an ordinal; what else to do in IF."""
    body = paragraph(
        merge_field(r'Un \# "0 `figure`"'), merge_field(r'Deux \b "{{ x }}"'), merge_field(r"Trois \* OrdText")
    ) + paragraph(
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF </w:instrText></w:r>',
        merge_field("Quatre"),
        '<w:r><w:instrText> = "M" "né" "née"</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>',
    )
    (tmp_path / "f.docx").write_bytes(minimal(body))
    report = adopt(tmp_path / "f.docx", tmp_path / "modele", placeholders=["MERGEFIELD"])
    told = [
        (problem.code, problem.message.split("»")[0].split()[-1], problem.hint or "") for problem in report.problems
    ]
    assert [one[:2] for one in told[:4]] == [
        ("merge-switch-lost", "Un"), ("merge-switch-lost", "Deux"), ("merge-switch-lost", "Trois"),
        ("merge-field-left", "Quatre"),
    ]  # fmt: skip
    assert "if champs" in told[3][2]


def test_a_picture_without_digits_is_refused_at_its_line(template: Path, tmp_path: Path) -> None:
    """A manifest may have been edited."""
    text = (template / "template.yaml").read_text(encoding="utf-8").replace("nombre('#,##0')", "nombre('sans')")
    (tmp_path / "template.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "f.docx").write_bytes((template / "f.docx").read_bytes())
    with pytest.raises(TemplateError, match="aucun chiffre"):
        filled(tmp_path, {name(asked): asked.value for asked in FIELDS}, tmp_path)
