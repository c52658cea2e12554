"""A first check of a row against the fields of an adherent: structure, length, characters, kind of value.

What a value means is read by the other modules of this package.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from conventool.adherent.fields import ABOUT, FIELDS, REQUIRED, SECTIONS, TEXT_LIMIT, Given
from conventool.adherent.plausibility import REFUSED, Nature, is_placeholder, nature
from conventool.core.problems import Problem, Severity
from conventool.text.cleaning import clean, damage, find_illegal, looks_alike, repair_mojibake, without_signs
from conventool.text.suggestions import closest

if TYPE_CHECKING:
    from conventool.core.row import Row

__all__ = ["Reading", "printable"]

_MOST_UNKNOWN = 50

_PATHS = {path.rpartition(".")[2]: path for path in reversed(FIELDS)} | {path: path for path in FIELDS}
_FIELD_IN_HINT = r"« (?P<path>[a-z_.]+)(?:: (?P<value>[^»]+))? »"


_AS_WRITTEN = frozenset({"annexes", "services"})
"""Fields that hold several things, which whoever takes them apart cleans; the names of files stay as they are."""


class Reading:
    """A row being read: its fields, and the problems met so far.

    Attributes:
        today: the day that dates are judged by.
        problems: everything found, in the order it was found.
    """

    def __init__(self, row: Row, today: date) -> None:
        self.today = today
        self._row = row
        self._spoilt = {problem.field for problem in row.problems if problem.field}
        self._written: dict[str, str] = {}
        found = (
            {(problem.message, problem.place): problem for problem in reversed(row.problems)} if row.problems else {}
        )
        self.problems: list[Problem] = [*reversed(found.values())]  # a cell of several fields is reported once

    @property
    def failed(self) -> bool:
        """Whether anything found forbids to go on to a document."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)

    def given(self) -> Given:
        """Take the row's fields; what is no text, too long or unprintable is reported and left out."""
        values = self._cleaned(self._row.values)
        while True:
            try:
                return Given.model_validate(values)
            except ValidationError as error:
                found = {_known_path(detail["loc"]): detail for detail in error.errors(include_url=False)}
                for path, detail in found.items():
                    self._spoil(values, path, detail)
                self._report_unknown(path for path, detail in found.items() if detail["type"] == "extra_forbidden")

    def _cleaned(self, values: Mapping[str, Any], section: str = "") -> dict[str, Any]:
        """The values without the empty ones, texts repaired; unprintable ones reported and left out."""
        cleaned: dict[str, Any] = {}
        for name, value in values.items():
            path = f"{section}{name}"
            if isinstance(value, str) and path not in _AS_WRITTEN:
                text = self._clean_text(value, path)
                if text or (text is not None and path == "article"):
                    cleaned[name] = text
            elif isinstance(value, Mapping):
                cleaned[name] = self._cleaned(value, f"{path}.")
            elif value is not None:
                cleaned[name] = value
        return cleaned

    def _clean_text(self, text: str, path: str) -> str | None:
        """The text repaired where that is safe; None for one that is reported as unusable."""
        self._written[path] = printable(text)
        if len(text) <= TEXT_LIMIT and _is_sound(text, path):
            return text
        if unusable := damage(text):
            code, message, hint = unusable
            self.error(code, path, message, hint, text if code == "mojibake" else printable(text))
            return None
        repaired, repairs = _repaired(text, path)
        if repaired and path in ABOUT and path != "article" and is_placeholder(repaired, path):
            message = f"« {repaired} » ne dit rien : ce champ est tenu pour vide."
            self.notice("placeholder", path, message, text)
            return None
        if path in _BARE:
            if _CUT.search(repaired):
                self.error("bad-value", path, f"« {repaired} » est coupé.", "Écrivez la valeur en entier.", text)
                return None
            self._doubt_markup(repaired, path, text)
            repaired = self._without_remark(repaired, path, text)
        if repairs and len(repaired) <= TEXT_LIMIT:
            self.repaired(path, text, repaired, f" ({', '.join(repairs)})")
        found = nature(repaired) if path in REFUSED and len(repaired) <= TEXT_LIMIT else None
        if found and found in REFUSED[path]:
            self.implausible(path, found, repaired)
            return None
        return repaired

    def _without_remark(self, text: str, path: str, written: str) -> str:
        """The value without « (à confirmer) », « - à définir » or « ? » behind it, which is told."""
        remark = re.search(_REMARK, text)
        if remark is None or not is_placeholder(remark["text"], path):
            return text
        bare = text[: remark.start()].strip()
        message = f"« {text} » est lu « {bare} », et reste à vérifier."
        self.warning("repaired", path, message, "Confirmez la valeur, puis ôtez la remarque.", written)
        return bare

    def _doubt_markup(self, text: str, path: str, written: str) -> None:
        """Warn of what remains of a formula, a web page or a template, and is printed as it is."""
        if sign := path in _MARKED and re.search(_MARKUP, text):
            message = f"« {text} » contient « {sign[0]} », qui serait imprimé tel quel."
            self.warning("bad-value", path, message, "Retapez la valeur, si ce signe n’en est pas.", written)

    def implausible(self, path: str, found: Nature, value: str) -> None:
        """Report a value that is something else than its field holds: a telephone number as a name."""
        message = f"« {value} » est {found.value}, non {ABOUT[path][0]}."
        hint = f"Écrivez par exemple « {ABOUT[path][1]} »."
        self.error("implausible-value", path, message, hint, value)

    def _spoil(self, values: dict[str, Any], loc: tuple[str, ...], detail: Any) -> None:
        """Report what Pydantic found at a place, and take it out."""
        *sections, name = loc
        path = ".".join(loc)
        for section in sections:
            values = values[section]
        value = values.pop(name)
        shown = printable(value[:TEXT_LIMIT]) if isinstance(value, str) else None
        match detail["type"]:
            case "extra_forbidden":
                return  # such fields are told together
            case _ if path == "annexes":
                hint = "Écrivez-les l’un sous l’autre, chacun après un tiret ; dans un tableau, séparés par « ; »."
                self.error("bad-value", path, "« annexes » attend les chemins de fichiers PDF.", hint, shown)
            case "string_too_long":
                message = f"{_sentence(path)} compte {len(value)} caractères, pour {TEXT_LIMIT} au plus."
                self.error("too-long", path, message, "Abrégez.", shown)
            case _ if path in SECTIONS:
                message = f"Sous « {path} », on attend des champs."
                self.error("bad-value", path, message, _how_to_write(path, shown), shown)
            case _ if isinstance(value, date):
                message = f"{_sentence(path)} est ici une date, sans doute devinée par le tableur."
                self.error("bad-value", path, message, "Mettez la cellule au format Texte et retapez-la.", str(value))
            case _:
                message = f"{_sentence(path)} doit être une simple valeur."
                self.error("bad-value", path, message, f"Écrivez par exemple « {ABOUT[path][1]} ».", shown)

    def _report_unknown(self, paths: Iterable[tuple[str, ...]]) -> None:
        """Report fields that do not exist; what one was meant for is then not missing. Of very many, the first."""
        from conventool.adherent.section_lines import section_called  # noqa: PLC0415 (most data have no such field)

        found: Counter[str] = Counter()
        for *sections, name in paths:
            section = ".".join(sections)
            found[section] += 1
            if found[section] <= _MOST_UNKNOWN:
                path, called = ".".join([*sections, name]), None if sections else section_called(name)
                meant = called or _nearest_field(name, section)
                self._spoilt |= {meant} if meant else set()
                hint = _how_to_write(called, self._written.get(path)) if called else _where_it_belongs(meant, section)
                if called and isinstance(self._row.values.get(name), Mapping):
                    hint = f"Appelez-le « {called} »."
                self.error("unknown-field", path, f"Le champ « {printable(name)} » n’existe pas.", hint, None)
        for section, number in found.items():
            if (more := number - _MOST_UNKNOWN) > 0:
                message = f"Autres champs qui n’existent pas : {more}."
                self.error("unknown-field", section, message, _where_it_belongs(None, section), None)

    def error(self, code: str, path: str, message: str, hint: str | None, value: str | None) -> None:
        """Report what forbids the document."""
        self._report(Severity.ERROR, code, path, message, hint=hint, value=value)

    def warning(self, code: str, path: str, message: str, hint: str | None, value: str | None) -> None:
        """Report what a person should look at."""
        self._report(Severity.WARNING, code, path, message, hint=hint, value=value)

    def notice(self, code: str, path: str, message: str, value: str | None = None) -> None:
        """Report a safe repair or a default."""
        self._report(Severity.NOTICE, code, path, message, hint=None, value=value)

    def repaired(self, path: str, text: str, read: str, why: str = "", *, code: str = "repaired") -> None:
        """Tell what a text was read as, where a reader sees a difference; ``why`` follows it with its own space."""
        if not looks_alike(text, read):
            written = printable(text.strip().replace("\n", "⏎"))
            self.notice(code, path, f"« {written} » est lu « {read} »{why}.", text)

    def missing(self, path: str, hint: str | None = None) -> None:
        """Report a field without which there is no document, unless its value was reported as unusable."""
        if not self.spoilt(path):
            about, example = ABOUT[path]
            hint = hint or f"{self._where_to_add(path)}, par exemple « {example} »."
            self.error("missing-field", path, f"Il manque {about}.", hint, None)

    def _where_to_add(self, path: str) -> str:
        """What to do for a value that is not there: in a table, to which column it goes."""
        if not self._row.cells:
            return f"Ajoutez « {path} »"
        column = self._column(path)
        return f"{'Remplissez' if column.startswith('la') else 'Ajoutez'} {column}"

    def _column(self, path: str) -> str:
        """The column of a field in the table that the row is of: the one that it has, or could have."""
        column = self._row.where_named(tuple(path.split("."))).column
        if isinstance(column, str):
            return f"la colonne « {column} »"
        named = re.sub(r"^(?:le|la|les) |^l’", "", ABOUT[path][0])
        return f"une colonne « {named[0].upper()}{named[1:]} »"

    def _by_columns(self, hint: str) -> str:
        """The hint for a table, which has columns where YAML has fields: « forme: autre », « representant.nom »."""

        def named(match: re.Match[str]) -> str:
            path = _PATHS.get(match["path"])
            value = match["value"]
            if path is None or (path == "commune" and not value):  # that is a kind of adherent, too
                return match[0]
            return f"« {value} » dans {self._column(path)}" if value else self._column(path)

        return re.sub(_FIELD_IN_HINT, named, hint)

    def refuse(self, parts: Mapping[str, object]) -> None:
        """Make sure that an adherent who is not accepted is told why: at least the parts that are not there.

        Args:
            parts: by path of a field or section, what was made of it; None where nothing was.
        """
        if not self.failed:
            for path in (path for path, part in parts.items() if part is None):
                message = f"De ce qui est écrit, {ABOUT[path][0]} ne se comprend pas."
                self.error("not-understood", path, message, f"Écrivez par exemple « {ABOUT[path][1]} ».", None)

    def default(self, path: str, value: str) -> None:
        """Tell what was assumed for a field left empty."""
        self.notice("filled-in", path, f"Faute d’indication, {ABOUT[path][0]} est « {value} ».")

    def adopt(self, problems: Iterable[Problem], soften: Collection[str] = ()) -> None:
        """Take problems found by others, and give them their places.

        Args:
            problems: what was found; what is missing because its value was unusable is no news.
            soften: codes of errors that are only warnings here.
        """
        for problem in problems:
            if problem.code != "missing-field" or not self.spoilt(problem.field or ""):
                softer = Severity.WARNING if problem.code in soften else problem.severity
                self._report(
                    softer, problem.code, problem.field or "", problem.message, hint=problem.hint, value=problem.value
                )

    def spoilt(self, path: str) -> bool:
        """Whether this field, or what holds it, was already reported as unusable."""
        return any(path == spoilt or path.startswith(f"{spoilt}.") for spoilt in self._spoilt)

    def _report(
        self, severity: Severity, code: str, path: str, message: str, *, hint: str | None, value: str | None
    ) -> None:
        """Keep a problem, with the value as it was written and its place, or that of the field's name."""
        way = _way(path)
        if hint and self._row.cells:
            hint = self._by_columns(hint)
        if value is None:
            place = self._row.where_named(way)
        else:
            place, value = self._row.where(way), self._written.get(path, value)
        if severity is Severity.ERROR:
            self._spoilt.add(path)
        self.problems.append(Problem(code, message, hint, path, value, place, severity))


@lru_cache(maxsize=4096)  # as many as there are fields, and places in their lists
def _way(path: str) -> tuple[str | int, ...]:
    """The path of a field as rows have it."""
    return tuple(int(part) if part.isdecimal() else part for part in path.split("."))


def _repaired(text: str, path: str) -> tuple[str, list[str]]:
    """The text repaired where that is safe, and what was repaired."""
    repaired, repairs = clean(text)
    if path in _CODES and _WITH_DECIMAL.fullmatch(repaired):
        return repaired[:-2], [*repairs, "décimale supprimée"]
    if path in _BARE and len(repaired) <= TEXT_LIMIT and not is_placeholder(repaired, path):
        bare = without_signs(repaired)
        return bare, repairs + ["signes autour supprimés"] * (bare != repaired)
    return repaired, repairs


_CODES = frozenset({"code_insee", "code_postal", "siret"})
_BARE = frozenset(REFUSED) - {"representant.delegation.texte"} | _CODES | {"representant.civilite"}
"""Fields whose value has no signs around it; the comma of a formula of delegation is wanted."""
_REMARK = r" (?:\(|[-–] )?(?P<text>\?+|(?<=\()[^()]+|(?<=[-–] )[^()–-]+)\)?$"
_MARKUP = r"[<>{}|=\\^~]|&#?\w+;"
"""What remains of a formula, of a web page or of a template."""
_MARKED = _BARE - {"representant.prenom", "representant.nom", "decision.numero"}  # which take fewer signs yet
_CUT = re.compile(r"(?:…|\.{3})$")
_WITH_DECIMAL = re.compile(r"\d+[.,]0")
"""A code that a program took for a number with decimals: « 59280.0 »."""


@lru_cache(maxsize=4096)  # the lines of a list repeat their titles, first names and dates
def _is_sound(text: str, path: str) -> bool:
    """Whether a text stays as it is, as nearly all do: nothing in it is to be repaired, doubted or refused."""
    if path in _CODES and text.endswith((".0", ",0")):
        return False
    if path in _BARE and not text.isalnum() and _is_odd(text, path):
        return False
    if not text.isprintable() or repair_mojibake(text) or find_illegal(text) or clean(text) != (text, []):
        return False
    doubted = path != "article" and is_placeholder(text, path)
    return not doubted and (path not in REFUSED or nature(text) not in REFUSED[path])


def _is_odd(text: str, path: str) -> bool:
    """Whether signs stand around a text, a remark behind it, it was cut, or holds markup."""
    if path in _MARKED and re.search(_MARKUP, text):
        return True
    if text and text[0].isalnum() and text[-1].isalnum() and " - " not in text and " – " not in text:
        return False
    return without_signs(text) != text or re.search(_REMARK, text) is not None or _CUT.search(text) is not None


def printable(text: str) -> str:
    """The text with what no terminal should receive written as an escape."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in _BLANKS else f"\\u{ord(char):04x}" for char in text)


_BLANKS = frozenset("\n\t\u00a0\u202f")


def _sentence(path: str) -> str:
    """What a field is, to begin a sentence with."""
    about = ABOUT[path][0]
    return about[0].upper() + about[1:]


def _known_path(loc: tuple[int | str, ...]) -> tuple[str, ...]:
    """Where an error is, without the branches of a union that Pydantic appends."""
    path: list[str] = []
    for part in loc:
        path.append(str(part))
        if ".".join(path) not in SECTIONS:
            break
    return tuple(path)


def _nearest_field(name: str, section: str) -> str | None:
    """The path of the field that an unknown name most likely means: one beside it, else one elsewhere."""
    for paths in (_fields_in(section), FIELDS):
        by_depth = sorted(paths, key=lambda path: path.count("."))  # of one name, the shallowest is meant
        by_name = {path.rpartition(".")[2]: path for path in reversed(by_depth)}
        by_name |= {path.replace(".", "_"): path for path in paths} | {path: path for path in paths}
        if nearest := closest(name, by_name):
            return by_name[nearest]
    return None


def _how_to_write(section: str, text: str | None) -> str:
    """The line to write in the place of a section that was written as a text, or under another name."""
    from conventool.adherent.section_lines import as_section  # noqa: PLC0415 (most data give sections as such)

    fields = [path for path in _fields_in(section) if path in REQUIRED] or [*_fields_in(section)]
    examples = {path.rpartition(".")[2]: ABOUT[path][1] for path in fields if path in FIELDS}
    line, is_theirs = as_section(section, text, examples)
    return f"Écrivez{'' if is_theirs else ' par exemple'} : {line}"


def _where_it_belongs(meant: str | None, section: str) -> str:
    """What to write instead of an unknown field."""
    siblings = _fields_in(section)
    if meant is None:
        return f"Champs possibles ici : {', '.join(path.rpartition('.')[2] for path in siblings)}."
    above, _, last = meant.rpartition(".")
    where = f", sous « {above} »" if above and meant not in siblings else ""
    return f"Vouliez-vous dire « {last} »{where} ?"


def _fields_in(section: str) -> tuple[str, ...]:
    return tuple(path for path in ABOUT if path.rpartition(".")[0] == section)
