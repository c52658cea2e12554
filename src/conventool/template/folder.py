"""A template folder: ``template.yaml``, which holds the meaning, and the Word document, which holds the text."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, InstanceOf, ValidationError

from conventool.adherent.fields import CONTACT, Given
from conventool.catalogue import CATALOGUE
from conventool.catalogue.words import LISTS
from conventool.core.errors import FillError, TemplateError, reason
from conventool.core.problems import Place, Problem, Severity
from conventool.core.row import Path as Way
from conventool.core.row import Row
from conventool.deadlines.terms import Period, PeriodError, Terms, as_json, parse_period
from conventool.files.inside import leads_out
from conventool.sources.yaml_file import read_yaml
from conventool.template.expressions import Expression
from conventool.template.fields import Champ, FieldError, Name, YesNo
from conventool.template.pieces import CONVENTION, piece_rows
from conventool.text.french import DateError, parse_date
from conventool.text.numbers import NumberError
from conventool.text.suggestions import did_you_mean, listed
from conventool.word.controls import Control
from conventool.word.template import Template

if TYPE_CHECKING:
    from conventool.catalogue.tariff import Catalogue

__all__ = [
    "DEFAULT",
    "MANIFEST",
    "Manifest",
    "Party",
    "TemplateFolder",
    "find_template",
    "hidden_by",
    "known_templates",
]

DEFAULT = "convention-services-numeriques"
MANIFEST = "template.yaml"


def _expression(value: Any) -> Expression:
    if isinstance(value, Expression):
        return value
    if not isinstance(value, str):
        raise ValueError('il manque un texte ; pour ne rien imprimer, écrivez "".')
    return Expression(value)


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


@dataclass(eq=False, repr=False)
class TemplateFolder:
    """A manifest and its document, checked against each other.

    Attributes:
        folder: where they are.
        manifest: what the manifest says.
        row: of the manifest, or of what it says of this piece.
        key: of the piece that this is.
        others: by key, the other pieces, each a template of its own; only the first one has them.
        is_first: is this the first piece, the document that the data are those of?
    """

    folder: Path
    manifest: Manifest
    row: Row
    key: str = CONVENTION
    others: Mapping[str, TemplateFolder] = field(default_factory=dict)
    is_first: bool = True

    @classmethod
    def open(cls, folder: Path) -> TemplateFolder:
        """Read the manifest in a folder.

        Raises:
            UnreadableError: it is missing or is no YAML.
            TemplateError: it does not say what a manifest must say: every problem, with line and column.
        """
        row = next(read_yaml(folder / MANIFEST))
        rows = piece_rows(row)
        manifests = {}
        problems: list[Problem] = []
        for key, one in rows.items():
            try:
                manifests[key] = _manifest(one)
            except TemplateError as error:
                problems += error.problems
            else:
                problems += _outside(folder, manifests[key], one)
        problems = problems or list(_at_odds(manifests, rows))
        if problems:
            raise TemplateError(*dict.fromkeys(problems))
        (first, main), *others = manifests.items()
        pieces = {key: cls(folder, manifest, rows[key], key, is_first=False) for key, manifest in others}
        return cls(folder, main, rows[first], first, pieces)

    @property
    def named(self) -> dict[str, str]:
        """Its name and its folder, as reports tell them."""
        return {"name": self.folder.name, "folder": str(self.folder)}

    @property
    def pieces(self) -> Mapping[str, TemplateFolder]:
        """By key, all the pieces, this one first."""
        return {self.key: self, **self.others}

    @cached_property
    def document(self) -> Template:
        """The Word document, every control of which is served.

        Raises:
            TemplateError: it is not sound, or it and the manifest do not fit: every problem.
        """
        document = Template.open(self.folder / self.manifest.document, renew=self.manifest.actualiser)
        problems = self.misfits(document)
        if problems:
            raise TemplateError(*problems)
        return document

    @cached_property
    def catalogue(self) -> Catalogue | None:
        """The services and prices beside the manifest; None where there are none.

        Raises:
            TemplateError: it is not sound: every problem, with its line.
        """
        from conventool.catalogue.catalogue import read_catalogue  # noqa: PLC0415 (few data need it)

        path = self.folder / CATALOGUE
        return read_catalogue(path) if path.is_file() else None

    def placed(self, problem: Problem, row: Place) -> Problem:
        """The refusal of a control, at the line of the manifest that gives it its value.

        Args:
            problem: as [Template.prepare][conventool.word.template.Template.prepare] tells it.
            row: where the data are from which the value was made.
        """
        address = self._address_of.get(problem.place.control or "")
        if address is None:
            return problem
        place = self.row.where(("controles", address))._replace(control=problem.place.control)
        about = f"La valeur vient de cette ligne du modèle, pour les données de {row}."
        return problem._replace(place=place, hint=" ".join(filter(None, [problem.hint, about])))

    @cached_property
    def _address_of(self) -> dict[str, str]:
        """By the address of each control, the address by which the manifest calls it."""
        return {
            control.address: address
            for address in self.manifest.controles
            for control in self.document.find_all(address)
        }

    @staticmethod
    def _unknown(document: Template, address: str, place: Place) -> list[Problem]:
        """Why an address means no control, or several without a tag in common."""
        try:
            document.find_all(address)
        except FillError as error:
            nearest = did_you_mean(address, (control.tag for control in document.controls if control.tag))
            return [problem._replace(place=place, hint=nearest or problem.hint) for problem in error.problems]
        return []

    def misfits(self, document: Template) -> list[Problem]:
        """Where manifest and document do not fit.

        Returns:
            A problem for each entry that meets no control, or several without a tag in common, and for each control
            that no entry serves or leaves: its prompt would stay in the signed original.
        """
        problems: list[Problem] = []
        met: dict[str, str] = {}
        ways: list[Way] = [("controles", address) for address in self.manifest.controles]
        ways += [("laisser", rank) for rank in range(len(self.manifest.laisser))]
        for way in ways:
            address = str(way[1]) if way[0] == "controles" else self.manifest.laisser[int(way[1])]
            place = self.row.where_named(way) if way[0] == "controles" else self.row.where(way)
            if unknown := self._unknown(document, address, place):
                problems += unknown
                continue
            controls = document.find_all(address)
            others = {met[control.address] for control in controls if control.address in met}
            met |= {control.address: address for control in controls}
            for other in sorted(others):
                message = f"« {address} » désigne le même contrôle que « {other} »."
                problems.append(Problem("control-conflict", message, "Gardez une des deux lignes.", place=place))
            problems += self._misfits_inside(document, address, controls[0]) if way[0] == "controles" else ()
        if self.manifest.apercu is not None:
            problems += self._unknown(document, self.manifest.apercu, self.row.where(("apercu",)))
        if self.manifest.actualiser and not document.has_settings:
            message = "« actualiser » demande un réglage que ce document ne peut pas porter : il n’a pas de paramètres."
            place = self.row.where(("actualiser",))
            problems.append(Problem("bad-value", message, "Enregistrez-le de nouveau dans Word.", place=place))
        unserved = (c for c in document.controls if c.kind not in _NOT_TO_FILL and not _is_met(c, document, met))
        return problems + [self._unserved(control) for control in unserved]

    def misfits_of_signatures(self, document: Template) -> Iterator[Problem]:
        """The texts below which it is to be signed that a document does not have, or has several times."""
        for party, text in self.manifest.signatures.items():
            if (times := document.count(text)) != 1:
                message = f"« {text} » est {times} fois dans le texte du document ; il y faut une fois."
                hint = "Écrivez un texte du bloc de ce signataire, sous lequel il y a la place de signer."
                place = self.row.where(("signatures", party))
                yield Problem("no-signature-block", message, hint, f"signatures.{party}", text, place)

    def _misfits_inside(self, document: Template, address: str, section: Control) -> Iterator[Problem]:
        """Where the fields of a ``liste`` and the controls of its repeating section do not fit."""
        names = self.manifest.names_in(address)
        if names is None:
            return
        place = self.row.where(("controles", address))
        if section.kind != "repeat":
            message = f"« {address} » reçoit une liste, et n’est pas une section répétée."
            yield Problem("bad-value", message, "Dans Word, entourez ces lignes d’une section répétée.", place=place)
            return
        inside = document.first_item(section)
        served: set[str] = set()
        for name in names:
            try:
                served |= {control.address for control in document.find_all(name, section)}
            except FillError as error:
                hint = did_you_mean(name, (control.tag for control in inside if control.tag))
                yield from (problem._replace(place=place, hint=hint or problem.hint) for problem in error.problems)
        others = (c for c in inside if c.kind not in _NOT_TO_FILL and c.address not in served)
        yield from (self._unserved(control) for control in others)

    def _unserved(self, control: Control) -> Problem:
        file = str(self.folder / self.manifest.document)
        return Problem(
            "control-unbound",
            f"Rien dans le manifeste ne remplit le contrôle « {control.alias or control.address} » du document.",
            f"Ajoutez sous « controles », dans {MANIFEST}, une ligne pour « {control.tag or control.address} ».",
            place=Place(file=file, part=control.part, control=control.address, context=control.context),
        )


def _is_met(control: Control, document: Template, met: Mapping[str, str]) -> bool:
    """Does an entry serve or leave the control, or one that it stands in?"""
    around: Control | None = control
    while around is not None:
        if around.address in met:
            return True
        around = None if around.parent is None else document.controls[around.parent]
    return False


_NOT_TO_FILL = frozenset({"building-block", "group", "citation", "picture", "repeat-item", "other"})


def known_templates() -> dict[str, Path]:
    """The templates that come with the program, by name."""
    return {path.name: path for path in sorted(_home().iterdir()) if (path / MANIFEST).is_file()}


def find_template(name: str) -> Path:
    """The folder that a name or a path means: one beside the work comes before one of the program's.

    Args:
        name: the name of a template, in ``templates/`` or here or of those that come with the program; or the path of a
            template folder.

    Raises:
        TemplateError: there is none.
    """
    known = known_templates()
    try:
        for path in (Path("templates") / name, Path(name)):
            if (path / MANIFEST).is_file():
                return path
        what = f"Le dossier « {name} » ne contient pas de {MANIFEST}." if Path(name).is_dir() else None
    except OSError as error:
        what = f"Le modèle « {name} » ne peut pas être lu : {reason(error)}."
    if name in known:
        return known[name]
    listed = ", ".join(f"« {other} »" for other in known)
    message, hint = (
        what or f"Aucun modèle « {name} ».",
        f"Donnez un dossier de modèle, un .docx, ou un de ces noms : {listed}.",
    )
    raise TemplateError(Problem("unreadable", message, hint))


def hidden_by(folder: Path) -> Problem | None:
    """Tell that a folder is used in the place of the template of the program that has its name."""
    known = known_templates().get(folder.absolute().name)
    if known is None or known.samefile(folder):
        return None
    message = f"Le modèle est celui du dossier {folder}, non celui du programme qui porte le même nom."
    return Problem("local-template", message, place=Place(file=str(folder / MANIFEST)), severity=Severity.NOTICE)


def _home() -> Path:
    """The templates' folder: in the installed package, or beside the sources."""
    installed = Path(__file__).parents[1] / "templates"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "templates"


def _manifest(row: Row) -> Manifest:
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
        field, place = ".".join(map(str, way)), row.where(way)
        for name in sorted(expression.members("champs") - manifest.champs.keys()):
            hint = did_you_mean(name, manifest.champs) or "Déclarez-le sous « champs »."
            yield Problem(
                "bad-expression", f"« {field} » : le champ « {name} » n’existe pas.", hint, field, place=place
            )
        if not manifest.adherent and "adherent" in expression.names:
            message = f"« {field} » : le modèle dit « adherent: non », et nomme pourtant l’adhérent."
            yield Problem("bad-expression", message, "Prenez un mot de « champs ».", field, place=place)


def _at_odds(manifests: Mapping[str, Manifest], rows: Mapping[str, Row]) -> Iterator[Problem]:
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


def _outside(folder: Path, manifest: Manifest, row: Row) -> Iterator[Problem]:
    """The files that the manifest names and that are not in its folder, which may be a link to another."""
    named: list[tuple[Way, str]] = [(("document",), manifest.document)]
    named += [(("annexes", rank, "fichier"), one.fichier) for rank, one in enumerate(manifest.annexes)]
    homes = (folder, Path(os.path.realpath(folder / MANIFEST)).parent)
    for way, name in named:
        reasons = [leads_out(home, name) for home in homes]
        if why := all(reasons) and reasons[0]:
            message = f"« {name} » n’est pas dans le dossier du modèle : ce chemin {why}."
            hint = "Copiez ce fichier dans ce dossier, et donnez son chemin à partir de là."
            yield Problem("path-outside", message, hint, ".".join(map(str, way)), name, row.where(way))


def _problem(row: Row, detail: Any) -> Problem:
    """Pydantic's finding in the words of who keeps the manifest."""
    way: Way = tuple(part for part in detail["loc"] if part != "[key]")
    field = ".".join(map(str, way))
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
