"""Is a returned document still the one that was sent? Every alteration with its place, and what hides in the file."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from os import cpu_count
from pathlib import Path
from time import perf_counter
from typing import Any

from conventool.adherent import read_adherent
from conventool.batch.manifest import Manifest, changes
from conventool.bindings import Binder
from conventool.communes import Register
from conventool.errors import ConventoolError, ExitCode, UnreadableError
from conventool.french import DateError, long_date, parse_date
from conventool.problems import Place, Problem, Severity
from conventool.report import DocumentDone, Report
from conventool.returned.alignment import Edit
from conventool.returned.documents import Compared, Laid, Returned, best_template, known_shapes, returned_files
from conventool.returned.lookalikes import is_alike, strangers
from conventool.returned.shape import Hole, TemplateShape
from conventool.sources import read_rows
from conventool.stories import Mark, StoryKind, levelled, squeezed
from conventool.word.values import Blank, prepare

__all__ = ["VerifyOptions", "verify"]

_PLACES: Mapping[StoryKind, str] = {
    "box": "Zone de texte",
    "header": "En-tête",
    "footer": "Pied de page",
    "note": "Note",
}
_LONGEST_SHOWN = 300
_WORTH_A_WORKER = 40
_RESTORE = "Le texte de la convention ne se modifie pas : redemandez un exemplaire conforme, ou passez un avenant."


@dataclass(frozen=True, slots=True)
class VerifyOptions:
    """What ``verify`` is asked.

    Attributes:
        template: name or folder of the template; None to find it among those of the program.
        data: the adherents' data, to hold the values against.
        manifest: the register of the batch that produced the documents.
        jobs: processes to share a folder among; None for one on each core.
    """

    template: str | None = None
    data: Path | None = None
    manifest: Path | None = None
    jobs: int | None = None


@dataclass(frozen=True, slots=True)
class _Sent:
    """A document as a batch produced it."""

    adherent: str
    copy: str
    path: Path
    sha256: str

    @property
    def is_there(self) -> bool:
        """Whether the batch's own file still is what it was."""
        try:
            return sha256(self.path.read_bytes()).hexdigest() == self.sha256
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class _Expected:
    """The values of one copy for one adherent, as its control prints each."""

    adherent: str
    copy: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Verified:
    """What became of one file."""

    document: DocumentDone
    problems: tuple[Problem, ...]


def verify(paths: Sequence[Path], options: VerifyOptions) -> Report:
    """Hold returned documents against their templates.

    Args:
        paths: documents, and folders of them; with a manifest there may be none: then all that it lists.
        options: what else is asked.

    Raises:
        ConventoolError: a template, the data or the manifest cannot be read, or there is no document.
    """
    started = perf_counter()
    sent = _sent(options.manifest) if options.manifest else {}
    changed = list(changes(options.manifest)) if options.manifest and not paths else []
    if options.manifest and not paths:
        paths = [one.path for name, one in sent.items() if name == one.path.name and one.path.is_file()]
    files = returned_files(paths) if paths or not changed else []
    differing = {problem.place.file for problem in changed}
    verified = [_rewritten(one, differing) for one in _spread(files, options, sent)]
    problems = [*changed, *(problem for one in verified for problem in one.problems)]
    bad = any(problem.severity is not Severity.NOTICE for problem in problems)
    unreadable = bool(verified) and all(one.document.status == "unreadable" for one in verified)
    code = ExitCode.UNREADABLE if unreadable else ExitCode.PROBLEMS if bad else ExitCode.DONE
    missing = sum(problem.code == "file-missing" for problem in changed)
    summary, documents = _summary(verified, missing, started), [one.document for one in verified]
    return Report("verify", summary, documents, problems, [_told(summary)], exit_code=code)


def _rewritten(verified: _Verified, differing: Container[str | None]) -> _Verified:
    """What was saved again is not what the batch produced, even where its text is."""
    document = verified.document
    if document.status == "intact" and str(document.path) in differing:
        return _Verified(document._replace(status="changed"), verified.problems)
    return verified


def _spread(files: Sequence[Path], options: VerifyOptions, sent: Mapping[str, _Sent]) -> Iterator[_Verified]:
    """The verified files in order, shared among processes where there are enough of them."""
    verifier = _Verifier.of(options, sent)  # here in any case: what is wrong with a template is told at once
    workers = min(options.jobs or cpu_count() or 1, max(1, len(files) // _WORTH_A_WORKER))
    if workers == 1:
        yield from map(verifier.verified, files)
        return
    with ProcessPoolExecutor(workers, initializer=_begin, initargs=(options, sent)) as pool:
        yield from pool.map(_verified, files, chunksize=_WORTH_A_WORKER // 2)


_of_this_process: _Verifier | None = None


def _begin(options: VerifyOptions, sent: Mapping[str, _Sent]) -> None:
    global _of_this_process  # noqa: PLW0603 (how a worker of a pool keeps what it needs)
    _of_this_process = _Verifier.of(options, sent)


def _verified(file: Path) -> _Verified:
    assert _of_this_process is not None  # the pool has begun every worker
    return _of_this_process.verified(file)


@dataclass
class _Verifier:
    """All that is needed to verify one file after the other."""

    templates: list[TemplateShape]
    sent: Mapping[str, _Sent]
    expected: Mapping[str, Sequence[_Expected]] = field(default_factory=dict)

    @classmethod
    def of(cls, options: VerifyOptions, sent: Mapping[str, _Sent]) -> _Verifier:
        """Make one ready.

        Raises:
            ConventoolError: a template or the data cannot be read, or are not sound.
        """
        templates = known_shapes(options.template)
        expected = {str(one.folder.folder): _expected(one, options.data) for one in templates} if options.data else {}
        return cls(templates, sent, expected)

    def verified(self, path: Path) -> _Verified:
        """Verify one file; one that cannot be read is a problem of its own and stops no other."""
        try:
            data = path.read_bytes()
        except OSError as error:
            problem = Problem("unreadable", f"Ce document ne peut pas être lu ({error.strerror}).", None)
            return self._done(path, b"", "unreadable", [problem], None)
        sent = self.sent.get(path.name) or self.sent.get(path.stem)
        if sent and sent.sha256 == sha256(data).hexdigest():
            return self._done(path, data, "intact", [], sent)
        try:
            compared = best_template(Returned(path), self.templates)
        except ConventoolError as error:
            return self._done(path, data, "unreadable", error.problems, sent)
        if compared is None:
            known = ", ".join(f"« {template.name} »" for template in self.templates)
            message = f"Ce document ne ressemble à aucun modèle connu ({known})."
            problem = Problem("unknown-template", message, "Donnez son modèle avec --template.")
            return self._done(path, data, "unknown", [problem], sent)
        problems = [*_alterations(compared), *_value_problems(compared), *self._unexpected(compared, sent)]
        grave = any(problem.severity is Severity.ERROR for problem in problems)
        status = "altered" if grave else "doubtful" if problems else "intact"
        return self._done(path, data, status, problems, sent, _copy_of(compared))

    def _unexpected(self, compared: Compared, sent: _Sent | None) -> Iterator[Problem]:
        """The values that are not those of the data, or without data those of the document as it was sent."""
        candidates = self.expected.get(str(compared.template.folder.folder), ())
        copy = _copy_of(compared)
        candidates = [one for one in candidates if copy in {one.copy, ""}] or candidates
        if sent and not candidates and sent.is_there:
            candidates = [_as_sent(sent, compared.template)]
        if not candidates:
            return
        near = min(candidates, key=lambda one: len(list(_unequal(one, compared))))
        for address, wanted, found in _unequal(near, compared):
            label = _holes(compared)[address].label
            message = f"{label} : « {wanted} » → « {found} »"
            hint = f"Ce qui était prévu pour « {near.adherent} » : « {wanted} »."
            yield Problem("altered-value", message, hint, address, found)

    @staticmethod
    def _done(  # noqa: PLR0917 (what became of a file, in order)
        path: Path, data: bytes, status: str, problems: Iterable[Problem], sent: _Sent | None, copy: str = ""
    ) -> _Verified:
        placed = tuple(_at_file(problem, path) for problem in problems)
        name = sent.adherent if sent else ""
        done = DocumentDone(
            name,
            sent.copy if sent else copy,
            path,
            path.suffix[1:].lower(),
            status,
            sha256(data).hexdigest(),
            len(data),
        )
        return _Verified(done, placed)


def _at_file(problem: Problem, path: Path) -> Problem:
    place = problem.place
    return Problem(
        problem.code, problem.message, problem.hint, problem.field, problem.value,
        Place(str(path), part=place.part, control=place.control, context=place.context), problem.severity,
    )  # fmt: skip


# --- Alterations -------------------------------------------------------------------------------------------


def _alterations(compared: Compared) -> Iterator[Problem]:
    """Everything in the document that is not the template's text."""
    for laid in compared.stories:
        for edit in laid.aligned.edits:
            yield _altered(edit, _where(laid, edit.passage))
        own = {(mark.kind, squeezed(mark.text)) for mark in laid.shape.marks}
        for mark in laid.story.marks:
            if (mark.kind, squeezed(mark.text)) not in own:
                yield _hidden(mark, _where(laid, laid.aligned.passage_at(mark.at)))


def _where(laid: Laid, passage: int) -> str:
    """The article, or the part of the page."""
    if laid.shape.kind != "body":
        return _PLACES[laid.shape.kind]
    passages = laid.shape.passages
    return (passages[passage].heading if passage < len(passages) else "") or "Début du document"


def _altered(edit: Edit, where: str) -> Problem:
    old, new = (_shortened(" ".join(f"{edit.before}{words}{edit.after}".split())) for words in (edit.old, edit.new))
    if edit.kind == "alike":
        signs = ", ".join(strangers(edit.old, edit.new)) or "signes invisibles"
        message = f"{where} : « {new} » imite le texte du modèle avec d’autres caractères ({signs})."
        hint = "À l’œil, rien ne change ; vérifiez d’où vient ce document."
        return Problem("look-alike", message, hint, value=edit.new, severity=Severity.WARNING)
    whole = not (edit.before or edit.after)
    if edit.kind == "moved":
        message = f"{where} : passage déplacé, « {_shortened(edit.new)} »"
    elif edit.kind == "inserted" and whole:
        message = f"{where} : passage ajouté, « {new} »"
    elif edit.kind == "deleted" and whole:
        message = f"{where} : passage supprimé, « {old} »"
    else:
        message = f"{where} : « {old} » → « {new} »"
    return Problem("altered-text", message, _RESTORE, value=edit.new or edit.old)


def _hidden(mark: Mark, where: str) -> Problem:
    """What a reader would not see as such."""
    words, by = _shortened(" ".join(mark.text.split())), f" de {mark.author}" if mark.author else ""
    match mark.kind:
        case "inserted" | "deleted":
            done = "insertion" if mark.kind == "inserted" else "suppression"
            message, hint = f"{where} : {done} suivie{by}, « {words} »", "Dans Word, onglet Révision, refusez-la."
            return Problem("tracked-change", message, hint, value=mark.text)
        case "hidden":
            message = f"{where} : texte caché, « {words} »"
            return Problem("hidden-text", message, "Il ne s’imprime pas, ou ne se voit pas.", value=mark.text)
    message = f"{where} : commentaire{by}, « {words} »"
    hint = "Répondez-y, puis supprimez-le du document."
    return Problem("comment", message, hint, value=mark.text, severity=Severity.WARNING)


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST_SHOWN:
        return text
    return f"{text[: _LONGEST_SHOWN // 2].rstrip()} […] {text[-_LONGEST_SHOWN // 2 :].lstrip()}"


# --- Values ------------------------------------------------------------------------------------------------


def _holes(compared: Compared) -> dict[str, Hole]:
    shapes = compared.template.stories
    return {hole.address: hole for shape in shapes for passage in shape.passages for hole in passage.holes}


def _value_problems(compared: Compared) -> Iterator[Problem]:
    """Values that cannot be: a prompt left, a text where only some words may stand, dates in impossible order."""
    holes = _holes(compared)
    for address, text in compared.values.items():
        hole = holes[address]
        if hole.shows_prompt(text):
            message = f"{hole.label} : l’invite « {text.strip()} » est restée."
            hint = "Le document a été signé incomplet ; complétez-le."
            yield Problem("leftover-placeholder", message, hint, address, text, severity=Severity.WARNING)
        elif not hole.accepts(text):
            told = (
                f"« {_shortened(text.strip())} » n’est pas une valeur possible ici"
                if text.strip()
                else "la valeur manque"
            )
            message = f"{hole.label} : {told}."
            yield Problem("altered-value", message, "Vérifiez ce passage.", address, text)
    yield from _date_order(compared, holes)


def _date_order(compared: Compared, holes: Mapping[str, Hole]) -> Iterator[Problem]:
    """A party that signed before the decision that lets it sign."""
    decided: dict[str, date] = {key: party.decision for key, party in compared.template.folder.manifest.parties.items()}
    signed: dict[str, date] = {}
    for address, text in compared.values.items():
        match = holes[address].match(text)
        for group, word in holes[address].words.items():
            day = _day(match[group]) if match else None
            if day and word == "decision_date":
                decided.setdefault("collectivite", day)
            elif day and word.startswith("signatures."):
                signed[word.partition(".")[2]] = day
    for party, day in signed.items():
        if party in decided and day < decided[party]:
            message = f"Signé le {long_date(day)}, avant la décision du {long_date(decided[party])} qui l’autorise."
            field_name = f"signatures.{party}"
            yield Problem("date-order", message, "Vérifiez les deux dates.", field_name, day.isoformat())


def _day(text: str | None) -> date | None:
    try:
        return parse_date(text or "")
    except DateError:
        return None


def _copy_of(compared: Compared) -> str:
    """Key of the copy that the document says it is; empty where it does not say."""
    for key, own in compared.template.copies.items():
        if own and all(squeezed(compared.values.get(address, "")) == squeezed(text) for address, text in own.items()):
            return key
    return ""


def _expected(template: TemplateShape, data: Path) -> list[_Expected]:
    """What each copy of each adherent's document must say.

    Raises:
        ConventoolError: the data cannot be read, or an adherent is not sound.
    """
    register, binder, document = Register.open(), Binder(template.folder), template.folder.document
    controls = {address: document.find(address) for address in template.folder.manifest.controles}
    expected = []
    for row in read_rows(data):
        adherent, problems = read_adherent(row, register)
        if adherent is None:
            raise UnreadableError(*(problem for problem in problems if problem.severity is Severity.ERROR))
        for copy in binder.copies(adherent):
            texts = {address: _printed(controls[address], value) for address, value in copy.values.items()}
            known = {address: text for address, text in texts.items() if text is not None}
            expected.append(_Expected(adherent.nom, copy.cle, known))
    return expected


def _as_sent(sent: _Sent, template: TemplateShape) -> _Expected:
    """What the batch's own file says, the lines left for a person to fill apart."""
    values = Compared.of(Returned(sent.path), template).values
    return _Expected(sent.adherent, sent.copy, {a: text for a, text in values.items() if text.strip(".…_ \n")})


def _printed(control: Any, value: Any) -> str | None:
    """What a value prints; None where a person is to write."""
    filling = None if isinstance(value, Blank) else prepare(control, value, runs=True)
    return None if filling is None or isinstance(filling, Problem) else levelled("".join(filling.pieces))


def _unequal(expected: _Expected, compared: Compared) -> Iterator[tuple[str, str, str]]:
    """Address, text expected and text found, where they are not drawn alike."""
    for address, found in compared.values.items():
        wanted = expected.values.get(address)
        if wanted is not None and not is_alike(wanted, found):
            yield address, wanted.strip(), found.strip()


# --- The batch's register, and the summary -----------------------------------------------------------------


def _sent(manifest: Path) -> dict[str, _Sent]:
    """The documents that a batch produced, by their names with and without a suffix: Word's may come back as a PDF.

    Raises:
        UnreadableError: the file is missing, or no register of a batch.
    """
    if not manifest.is_file():
        hint = "Donnez celui que « batch » écrit à côté des documents."
        raise UnreadableError(Problem("unreadable", "Ce manifeste n’existe pas.", hint, place=Place(str(manifest))))
    sent: dict[str, _Sent] = {}
    for _, entry in Manifest(manifest).entries():
        for file in entry.files:
            one = _Sent(entry.adherent, file.copy, manifest.with_name(file.name), file.sha256)
            sent[file.name] = one
            sent.setdefault(one.path.stem, one)
    return sent


def _summary(verified: Sequence[_Verified], missing: int, started: float) -> dict[str, Any]:
    statuses = [one.document.status for one in verified]
    return {
        "documents": len(statuses),
        **{status: statuses.count(status) for status in _TOLD if status != "missing"},
        "missing": missing,
        "seconds": round(perf_counter() - started, 3),
    }


_TOLD = {
    "intact": ("intact", "intacts"),
    "doubtful": ("à regarder", "à regarder"),
    "altered": ("modifié", "modifiés"),
    "unknown": ("sans modèle connu", "sans modèle connu"),
    "unreadable": ("illisible", "illisibles"),
    "changed": ("enregistré de nouveau", "enregistrés de nouveau"),
    "missing": ("disparu", "disparus"),
}


def _told(summary: Mapping[str, Any]) -> str:
    """The figures in a sentence."""
    counts = [f"{summary[status]} {words[summary[status] > 1]}" for status, words in _TOLD.items() if summary[status]]
    plural = "s" if summary["documents"] > 1 else ""
    return f"{summary['documents']} document{plural} vérifié{plural} : {', '.join(counts) or 'rien'}."
