"""What ``template.yaml`` may say, and what is wrong with what one says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, InstanceOf, ValidationError

from conventool.adherent.fields import CONTACT, Given
from conventool.catalogue.words import LISTS
from conventool.core.errors import TemplateError
from conventool.core.problems import Problem
from conventool.core.row import Path as Way
from conventool.core.row import Row, dotted
from conventool.deadlines.terms import Period, PeriodError, Terms, as_json, parse_period
from conventool.template.expressions import Expression
from conventool.template.fields import Champ, FieldError, Name, YesNo
from conventool.text.dates import DateError, parse_date
from conventool.text.numbers import NumberError
from conventool.text.suggestions import did_you_mean, listed

__all__ = ["MANIFEST", "Manifest", "Party", "at_odds", "read_manifest"]

MANIFEST = "template.yaml"


def _expression(value: Any) -> Expression:
    if isinstance(value, Expression):
        return value
    if not isinstance(value, str):
        raise ValueError('il manque un texte ; pour ne rien imprimer, écrivez "".')
    return _read(value)


_read = lru_cache(maxsize=256)(Expression)
"""The expression that a text is: pieces repeat those of the convention."""


def _day(value: Any) -> Any:
    """A date as the data of an adherent may write it; Pydantic alone would take a number for a date."""
    return parse_date(value) if isinstance(value, str) else value


def _period(value: Any) -> Any:
    return parse_period(value) if isinstance(value, str) else value


FileName = Annotated[str, Field(pattern=r"^[^/\\:\x00-\x1f]+\.\w+$")]
CopyKey = Annotated[str, Field(pattern=r"^[^:]+$")]
"""The dossier writes the title of an amendment before it, and a colon between."""
Formula = Annotated[Expression, BeforeValidator(_expression)]
Day = Annotated[date, BeforeValidator(_day)]
Length = Annotated[InstanceOf[Period], BeforeValidator(_period)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, str_min_length=1)


class Party(_Section):
    """A party whose signatory and decision are the template's: those change with elections.

    ``courriel`` and ``telephone`` are those by which a platform asks for the signature.
    """

    civilite: Literal["Madame", "Monsieur"]
    prenom: str
    nom: str
    fonction: str
    decision: Day
    courriel: str | None = None
    telephone: str | None = None


class Annexed(_Section):
    """A PDF file that is put behind the documents; its path begins at the template's folder.

    Its links to the web and to mail stay unless ``liens`` is false.
    """

    fichier: str
    titre: str
    liens: bool = True


class Manifest(_Section):
    """What ``template.yaml`` says.

    Attributes:
        titre: the document's title.
        document: name of the Word document, in the same folder.
        fichier: the name of the files produced, without suffix.
        exemplaires: the copies, key and whose each is, in order.
        parties: the parties whose data are the template's.
        reconduction: the default where the data say nothing.
        date_en_blanc: what an unknown date of signature prints.
        apercu: address of the control whose paragraph is shown after filling.
        annexes: what is put behind the documents that become PDF.
        controles: by address, what each control receives.
        laisser: addresses of controls that stay as they are, with all that they hold.
        adherent: is a document made for an adherent?
        champs: the fields that the data have besides those of an adherent.
        duree: of the convention and of each renewal; without it, nothing is said of its deadlines.
        renouvellements: how often it may be renewed.
        preavis: how long before the end of a period a party answers.
        factures: from one invoice to the next, the first on the day of effect.
        sortie: how long before an anniversary the adherent announces that it leaves.
        sortie_autres: how long before leaving another party announces it, on any day.
        actualiser: is Word to renew every field when it opens a document?
        signatures: who signs, in order: the key of a party, or another for the adherent; and a text of the document,
            printed once, below which is room to sign.
        suit: of a piece, the one whose PDF files it ends; None if it has PDF files of its own.
        annonce: of a piece, what is said where it is not written.
        si: of a piece, an expression; where it gives nothing, the piece is not written.
    """

    titre: str
    document: FileName
    fichier: Formula
    exemplaires: Annotated[Mapping[CopyKey, str], Field(min_length=1)]
    parties: Mapping[str, Party] = Field(default_factory=dict)
    reconduction: Literal["tacite", "expresse"] = "tacite"
    date_en_blanc: str = "………………………………"
    apercu: str | None = None
    annexes: tuple[Annexed, ...] = ()
    controles: Mapping[str, Formula] = Field(default_factory=dict)
    laisser: tuple[str, ...] = ()
    adherent: YesNo = True
    champs: Mapping[Name, Champ] = Field(default_factory=dict)
    duree: Length | None = None
    renouvellements: Annotated[int, Field(ge=0, le=20)] = 0
    preavis: Length | None = None
    factures: Length | None = None
    sortie: Length | None = None
    sortie_autres: Length | None = None
    actualiser: YesNo = False
    signatures: Mapping[Name, str] = Field(default_factory=dict)
    suit: str | None = None
    annonce: str | None = None
    si: Formula | None = None

    @property
    def formulas(self) -> Iterator[tuple[Way, Expression]]:
        """Every expression, with the way to it."""
        yield ("fichier",), self.fichier
        for address, expression in self.controles.items():
            yield ("controles", address), expression
        if self.si:
            yield ("si",), self.si

    def list_in(self, address: str) -> Champ | None:
        """The ``liste`` that a control receives, which then is a repeating section."""
        named = [self.champs.get(name) for name in self.controles[address].members("champs")]
        return next((champ for champ in named if champ and champ.type == "liste"), None)

    def names_in(self, address: str) -> Iterable[str] | None:
        """What the elements hold of the list that a control receives, be it a field or the catalogue's."""
        champ = self.list_in(address)
        of_catalogue = (LISTS[name] for name in self.controles[address].members("contribution") if name in LISTS)
        return champ.champs if champ else next(of_catalogue, None)

    @property
    def terms(self) -> Terms | None:
        """The rules of its deadlines; None where the manifest gives none."""
        if self.duree is None:
            return None
        return Terms(self.duree, self.renouvellements, self.preavis, self.factures, self.sortie, self.sortie_autres)

    @property
    def terms_as_json(self) -> dict[str, Any] | None:
        """The same, with how a convention is renewed where the data do not say, for the dossier."""
        return as_json(self.terms, self.reconduction) if self.terms else None


def read_manifest(row: Row) -> Manifest:
    """What a manifest, or what it says of one piece, means.

    Raises:
        TemplateError: it does not say what a manifest must say: every problem, with line and column.
    """
    problems = list(row.problems)
    try:
        manifest = Manifest.model_validate(row.values)
    except ValidationError as error:
        problems += [_problem(row, detail) for detail in error.errors()]
    else:
        problems += _misused_names(manifest, row)
        if not problems:
            return manifest
    raise TemplateError(*problems)


def _misused_names(manifest: Manifest, row: Row) -> Iterator[Problem]:
    """Names of fields that are an adherent's, signatories that are nobody, words of expressions that nothing gives."""
    for name in manifest.champs:
        if manifest.adherent and name in Given.model_fields and name not in CONTACT:
            message = f"« champs.{name} » a le nom d’un champ de l’adhérent."
            hint = "Donnez-lui un autre nom ; ou écrivez « adherent: non », si le modèle n’en demande pas."
            yield Problem("duplicate-field", message, hint, f"champs.{name}", place=row.where_named(("champs", name)))
    theirs = [party for party in manifest.signatures if party not in manifest.parties]
    for party in theirs[1:]:
        message = f"« {party} » n’est pas une partie du modèle, et « {theirs[0]} » est déjà l’adhérent."
        hint = did_you_mean(party, manifest.parties) or "Nommez-la sous « parties »."
        place = row.where_named(("signatures", party))
        yield Problem("bad-choice", message, hint, f"signatures.{party}", party, place)
    for way, expression in manifest.formulas:
        field, place = dotted(way), row.where(way)
        for name in sorted(expression.members("champs") - manifest.champs.keys()):
            hint = did_you_mean(name, manifest.champs) or "Déclarez-le sous « champs »."
            yield Problem(
                "bad-expression", f"« {field} » : le champ « {name} » n’existe pas.", hint, field, place=place
            )
        if not manifest.adherent and "adherent" in expression.names:
            message = f"« {field} » : le modèle dit « adherent: non », et nomme pourtant l’adhérent."
            yield Problem("bad-expression", message, "Prenez un mot de « champs ».", field, place=place)


def at_odds(manifests: Mapping[str, Manifest], rows: Mapping[str, Row]) -> Iterator[Problem]:
    """Pieces that follow none before them, and copies of two pieces that have one key."""
    before: dict[str, str] = {}
    for rank, (key, manifest) in enumerate(manifests.items()):
        row = rows[key]
        if manifest.suit is not None and manifest.suit not in list(manifests)[:rank]:
            message = f"« {key} » suit « {manifest.suit} », qui n’est pas une pièce d’avant elle."
            hint = did_you_mean(manifest.suit, list(manifests)[:rank]) or "Nommez une pièce écrite plus haut."
            yield Problem("bad-choice", message, hint, "suit", manifest.suit, row.where(("suit",)))
        if manifest.suit is not None and len(manifest.exemplaires) > 1:
            message = f"« {key} » suit « {manifest.suit} » : elle est écrite une fois, sans exemplaires."
            yield Problem("bad-choice", message, "Ôtez « exemplaires ».", place=row.where_named(("exemplaires",)))
        for copy in manifest.exemplaires:
            if copy in before:
                message = f"« {copy} » est la clé d’un exemplaire de « {before[copy]} » et de « {key} »."
                yield Problem("duplicate-field", message, "Changez l’une des deux.", place=row.where(("exemplaires",)))
            before[copy] = key


def _problem(row: Row, detail: Any) -> Problem:
    """Pydantic's finding in the words of who keeps the manifest."""
    way: Way = tuple(part for part in detail["loc"] if part != "[key]")
    field = dotted(way)
    value = detail["input"] if isinstance(detail["input"], str) else None
    place = row.where_named(way) if detail["type"] == "extra_forbidden" else row.where(way)
    code, message, hint = _said(detail)
    return Problem(code, f"« {field} » {message}", hint, field, value, place)


def _said(detail: Any) -> tuple[str, str, str]:
    """Code, message and hint for one of Pydantic's findings."""
    error = detail.get("ctx", {}).get("error")
    match detail["type"]:
        case "extra_forbidden":
            inside: dict[str, type[BaseModel]] = {"annexes": Annexed, "champs": Champ, "parties": Party}
            fields = inside[detail["loc"][0]].model_fields if len(detail["loc"]) > 1 else Manifest.model_fields
            return "unknown-field", "n’est pas un champ du manifeste.", f"Champs d’ici : {', '.join(fields)}."
        case "literal_error":
            choices = re.findall("'([^']+)'", detail["ctx"]["expected"])
            return "bad-choice", "n’a pas une valeur possible.", f"Écrivez {listed(choices)}."
        case "value_error" if isinstance(error, DateError | FieldError | NumberError | PeriodError):
            return error.code, f": {error}", error.hint
        case "string_pattern_mismatch" if detail["loc"][0] in _NAMES:
            return _NAMES[detail["loc"][0]]
        case "value_error":
            return "bad-expression", f": {error}", _EXPRESSIONS
    return _SAID.get(detail["type"], ("bad-value", "doit être un simple texte.", "Voyez la documentation des modèles."))


_FIELD_NAME = (
    "bad-value",
    "n’est pas un nom de champ.",
    "Écrivez un seul mot : des lettres, des chiffres, « _ » ; « libelle » dit comment il se lit.",
)
_COPY_KEY = ("bad-value", "n’est pas la clé d’un exemplaire.", "Écrivez un mot sans deux-points : collectivite.")
_NAMES = {"champs": _FIELD_NAME, "signatures": _FIELD_NAME, "exemplaires": _COPY_KEY}
_EXPRESSIONS = "Les expressions s’écrivent « {{ adherent.nom }} » ; la documentation des modèles dit leurs mots."
_EMPTY = ("bad-value", "est vide.", "Complétez cette ligne.")
_NO_SECTION = ("bad-value", "doit contenir des lignes « nom: valeur ».", "Écrivez-les dessous, en retrait.")
_NO_NUMBER = ("bad-value", "doit être un nombre entier, de 0 à 20.", "Écrivez par exemple 1.")
_SAID = {
    **dict.fromkeys(["int_parsing", "int_type", "greater_than_equal", "less_than_equal"], _NO_NUMBER),
    "missing": ("missing-field", "manque dans le manifeste.", "Ajoutez cette ligne."),
    "string_pattern_mismatch": ("bad-value", "n’est pas un nom de fichier.", f"Le document est voisin de {MANIFEST}."),
    **dict.fromkeys(["string_too_short", "too_short"], _EMPTY),
    **dict.fromkeys(["model_type", "dict_type", "mapping_type"], _NO_SECTION),
    "tuple_type": ("bad-value", "doit être une liste.", "Écrivez chaque élément après un tiret."),
}
