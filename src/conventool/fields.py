"""The fields an adherent's data may have, and a row checked against them: structure, lengths, characters.

What the words mean is not looked at here, only that each is a text, or a date, where one belongs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from conventool.cleaning import clean, find_illegal, repair_mojibake
from conventool.problems import Problem, Severity
from conventool.proposals import closest

if TYPE_CHECKING:
    from conventool.sources.row import Row

__all__ = [
    "FIELDS",
    "Given",
    "GivenDecision",
    "GivenDelegation",
    "GivenRepresentant",
    "GivenSignatures",
    "Reading",
]

TEXT_LIMIT = 250
_MOST_UNKNOWN = 50

Day: TypeAlias = "date | str"
"""A date where the file's own type says so, else a text."""


class GivenDelegation(NamedTuple):
    """By which decision someone else than the executive signs."""

    texte: str | None = None
    arrete: str | None = None
    date: Day | None = None


class GivenRepresentant(NamedTuple):
    """Who signs."""

    civilite: str | None = None
    prenom: str | None = None
    nom: str | None = None
    fonction: str | None = None
    delegation: GivenDelegation | None = None


class GivenDecision(NamedTuple):
    """What authorised the signature."""

    organe: str | None = None
    date: Day | None = None
    numero: str | None = None


class GivenSignatures(NamedTuple):
    """When each party signed, where that is known."""

    fibre: Day | None = None
    cdg59: Day | None = None
    collectivite: Day | None = None


class Given(NamedTuple):
    """An adherent's data as given: every field optional, texts on one clean line.

    ``appellation`` and ``genre`` serve the kind ``autre``, whose every word the data gives; ``appellation`` may also
    replace the usual name of any other kind.
    """

    forme: str | None = None
    appellation: str | None = None
    genre: str | None = None
    code_insee: str | None = None
    nom: str | None = None
    article: str | None = None
    siret: str | None = None
    adresse: str | None = None
    code_postal: str | None = None
    commune: str | None = None
    representant: GivenRepresentant = GivenRepresentant()
    decision: GivenDecision = GivenDecision()
    reconduction: str | None = None
    signatures: GivenSignatures = GivenSignatures()


_SECTIONS: Mapping[str, Any] = {
    "": Given,
    "representant": GivenRepresentant,
    "representant.delegation": GivenDelegation,
    "decision": GivenDecision,
    "signatures": GivenSignatures,
}

_ABOUT: Mapping[str, tuple[str, str]] = {
    "forme": ("la forme de l’adhérent", "commune"),
    "appellation": ("l’appellation de l’adhérent, avec son article", "Le Groupement d’intérêt public"),
    "genre": ("le genre de cette appellation", "m"),
    "code_insee": ("le code INSEE de la commune", "59017"),
    "nom": ("le nom de l’adhérent", "Armentières"),
    "article": ("le mot de liaison avant le nom", "d’"),
    "siret": ("le SIRET ou le SIREN de l’adhérent", "21590017000013"),
    "adresse": ("l’adresse du siège", "4 place du Général-de-Gaulle"),
    "code_postal": ("le code postal du siège", "59280"),
    "commune": ("la commune du siège", "Armentières"),
    "reconduction": ("le mode de reconduction", "tacite"),
    "representant.civilite": ("la civilité du représentant", "Madame"),
    "representant.prenom": ("le prénom du représentant", "Jeanne"),
    "representant.nom": ("le nom du représentant", "MARTIN"),
    "representant.fonction": ("la fonction du représentant", "Maire"),
    "representant.delegation.texte": ("la formule de délégation", "Pour le Maire et par délégation"),
    "representant.delegation.arrete": ("le numéro de l’arrêté de délégation", "2026-12"),
    "representant.delegation.date": ("la date de l’arrêté de délégation", "2026-03-03"),
    "decision.organe": ("l’organe délibérant", "du conseil municipal"),
    "decision.date": ("la date de la décision", "2026-03-12"),
    "decision.numero": ("le numéro de la décision", "2026-12"),
    "signatures.fibre": ("la date de signature de La Fibre Numérique 59 62", "2026-03-20"),
    "signatures.cdg59": ("la date de signature du CDG 59", "2026-03-20"),
    "signatures.collectivite": ("la date de signature de la collectivité", "2026-03-20"),
}
"""What each field is, to be said in a sentence, and an example."""

FIELDS: tuple[str, ...] = tuple(_ABOUT)
"""The path of every field that holds a value: ``representant.nom``."""

_DAYS = frozenset(path for path in FIELDS if path.endswith(".date") or path.startswith("signatures."))


class Reading:
    """A row being read: its fields, and the problems met so far.

    Attributes:
        problems: everything found, in the order it was found.
    """

    def __init__(self, row: Row) -> None:
        self._row = row
        self._spoilt: set[str] = set()
        self._written: dict[str, str] = {}
        self.problems: list[Problem] = list(row.problems)

    @property
    def failed(self) -> bool:
        """Whether anything found forbids to go on to a document."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)

    def given(self) -> Given:
        """Take the row's fields; what is no text, too long or unprintable is reported and left out."""
        given: Given = self._section("", self._cleaned(self._row.values, ()))
        return given

    def _section(self, section: str, values: Mapping[str, Any]) -> Any:
        """The fields of one section that are what they must be; the others are reported."""
        model, taken = _SECTIONS[section], {}
        for name, value in values.items():
            path = f"{section}.{name}" if section else name
            if name not in model._fields:
                continue
            if path in _SECTIONS and isinstance(value, Mapping):
                taken[name] = self._section(path, value)
            elif self._fits(path, value):
                taken[name] = value
        self._report_unknown(section, [name for name in values if name not in model._fields])
        return model(**taken)

    def _fits(self, path: str, value: Any) -> bool:
        """Is the value of the type and length of its field? It is reported if not."""
        shown = printable(value[:TEXT_LIMIT]) if isinstance(value, str) else None
        if path in _SECTIONS:
            message, names = f"Sous « {path} », on attend des champs.", ", ".join(_SECTIONS[path]._fields)
            self.error("bad-value", path, message, f"Écrivez-les en retrait, dessous : {names}.", shown)
        elif isinstance(value, str):
            if len(value) <= TEXT_LIMIT:
                return True
            message = f"{_sentence(path)} compte {len(value)} caractères, pour {TEXT_LIMIT} au plus."
            self.error("too-long", path, message, "Abrégez.", shown)
        elif isinstance(value, date):
            if path in _DAYS:
                return True
            message = f"{_sentence(path)} est ici une date, sans doute devinée par le tableur."
            self.error("bad-value", path, message, "Mettez la cellule au format Texte et retapez-la.", str(value))
        else:
            message = f"{_sentence(path)} doit être une simple valeur."
            self.error("bad-value", path, message, f"Écrivez par exemple « {_ABOUT[path][1]} ».", shown)
        return False

    def _report_unknown(self, section: str, names: Sequence[str]) -> None:
        """Report fields that do not exist; what one was meant for is then not missing. Of very many, the first."""
        for name in names[:_MOST_UNKNOWN]:
            meant = _nearest_field(name, section)
            self._spoilt |= {meant} if meant else set()
            path, hint = f"{section}.{name}" if section else name, _where_it_belongs(meant, section)
            self.error("unknown-field", path, f"Le champ « {printable(name)} » n’existe pas.", hint, None)
        if (more := len(names) - _MOST_UNKNOWN) > 0:
            message = f"Autres champs qui n’existent pas : {more}."
            self.error("unknown-field", section, message, _where_it_belongs(None, section), None)

    def _cleaned(self, values: Mapping[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
        """The values without the empty ones, texts repaired; unprintable ones reported and left out."""
        cleaned: dict[str, Any] = {}
        for name, value in values.items():
            here = (*path, name)
            if isinstance(value, Mapping):
                cleaned[name] = self._cleaned(value, here)
            elif isinstance(value, str):
                text = self._clean_text(value, ".".join(here))
                if text or (text is not None and here == ("article",)):
                    cleaned[name] = text
            elif value is not None:
                cleaned[name] = value
        return cleaned

    def _clean_text(self, text: str, path: str) -> str | None:
        """The text repaired where that is safe; None for one that is reported as unusable."""
        self._written[path] = printable(text)
        if meant := repair_mojibake(text):
            hint = "Enregistrez de nouveau le fichier en UTF-8, ou corrigez la valeur."
            if "\ufffd" not in meant:
                hint = f"Vouliez-vous dire « {clean(meant)[0]} » ? {hint}"
            self.error("mojibake", path, "Les accents de cette valeur ont été abîmés.", hint, text)
            return None
        if illegal := find_illegal(text):
            message = f"Cette valeur contient le caractère interdit U+{ord(illegal):04X}, invisible."
            self.error("illegal-character", path, message, "Retapez la valeur.", printable(text))
            return None
        repaired, repairs = clean(text)
        if repairs and len(repaired) <= TEXT_LIMIT:
            message = f"« {text.strip()} » est lu « {repaired} » ({', '.join(repairs)})."
            self.notice("repaired", path, message, text)
        return repaired

    def error(self, code: str, path: str, message: str, hint: str | None, value: str | None) -> None:
        """Report what forbids the document."""
        self._report(Severity.ERROR, code, path, message, hint=hint, value=value)

    def warning(self, code: str, path: str, message: str, hint: str | None, value: str | None) -> None:
        """Report what a person should look at."""
        self._report(Severity.WARNING, code, path, message, hint=hint, value=value)

    def notice(self, code: str, path: str, message: str, value: str | None = None) -> None:
        """Report a safe repair or a default."""
        self._report(Severity.NOTICE, code, path, message, hint=None, value=value)

    def missing(self, path: str, hint: str | None = None) -> None:
        """Report a field without which there is no document, unless its value was reported as unusable."""
        if not self.spoilt(path):
            about, example = _ABOUT[path]
            hint = hint or f"Ajoutez « {path} », par exemple « {example} »."
            self.error("missing-field", path, f"Il manque {about}.", hint, None)

    def default(self, path: str, value: str) -> None:
        """Tell what was assumed for a field left empty."""
        self.notice("filled-in", path, f"Faute d’indication, {_ABOUT[path][0]} est « {value} ».")

    def adopt(self, problems: Iterable[Problem], soften: Collection[str] = ()) -> None:
        """Take problems found by others, and give them their places.

        Args:
            problems: what was found; what is missing because its value was unusable is no news.
            soften: codes of errors that are only warnings here.
        """
        for problem in problems:
            if problem.code != "missing-field" or not self.spoilt(problem.field or ""):
                softer = Severity.WARNING if problem.code in soften else problem.severity
                self._add(replace(problem, severity=softer))

    def spoilt(self, path: str) -> bool:
        """Whether this field, or what holds it, was already reported as unusable."""
        return any(path == spoilt or path.startswith(f"{spoilt}.") for spoilt in self._spoilt)

    def _report(
        self, severity: Severity, code: str, path: str, message: str, *, hint: str | None, value: str | None
    ) -> None:
        self._add(Problem(code, message, hint, path, value, severity=severity))

    def _add(self, problem: Problem) -> None:
        """Keep a problem, with the value as it was written and its place, or that of the field's name."""
        path, value = problem.field or "", problem.value
        way = tuple(path.split("."))
        if value is None:
            place = self._row.where_named(way)
        else:
            place, value = self._row.where(way), self._written.get(path, value)
        if problem.severity is Severity.ERROR:
            self._spoilt.add(path)
        self.problems.append(replace(problem, place=place, value=value))


def printable(text: str) -> str:
    """The text with what no terminal should receive written as an escape."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in _BLANKS else f"\\u{ord(char):04x}" for char in text)


_BLANKS = frozenset("\n\t\u00a0\u202f")


def _sentence(path: str) -> str:
    """What a field is, to begin a sentence with."""
    about = _ABOUT[path][0]
    return about[0].upper() + about[1:]


def _nearest_field(name: str, section: str) -> str | None:
    """The path of the field that an unknown name most likely means: one beside it, else one elsewhere."""
    for paths in (_fields_in(section), FIELDS):
        by_name = {path.rpartition(".")[2]: path for path in reversed(paths)}
        by_name |= {path.replace(".", "_"): path for path in paths}
        if nearest := closest(name, by_name):
            return by_name[nearest]
    return None


def _where_it_belongs(meant: str | None, section: str) -> str:
    """What to write instead of an unknown field."""
    siblings = _fields_in(section)
    if meant is None:
        return f"Champs possibles ici : {', '.join(path.rpartition('.')[2] for path in siblings)}."
    above, _, last = meant.rpartition(".")
    where = f", sous « {above} »" if above and meant not in siblings else ""
    return f"Vouliez-vous dire « {last} »{where} ?"


def _fields_in(section: str) -> tuple[str, ...]:
    return tuple(f"{section}.{name}" if section else name for name in _SECTIONS[section]._fields)
