"""The screens: a form in, a command's work, a page out. Each works without JavaScript."""

from __future__ import annotations

import json
import re
import secrets
import zipfile
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import jinja2
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from conventool.commands import batch, check, communes, echeances, fill, modele, signataires, suivi, verify
from conventool.core.errors import ConventoolError
from conventool.core.problem_codes import PROBLEM_CODES
from conventool.core.problems import Problem
from conventool.core.report import Report
from conventool.core.row import Row
from conventool.page.guard import RefusedError
from conventool.page.jobs import Done, Job, Jobs, outcome

__all__ = ["Screens"]

_HERE = Path(__file__).parent
_MOST_FILES, _MOST_FIELDS = 2000, 500
_ELEMENTS = 6
"""Lines that the form of a convention has for a field that is a list."""
_ASKED_FIRST = frozenset({"nom", "code_insee"})
"""Fields of which one is needed."""
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_Form = Mapping[str, str]


class Screens:
    """The application behind the address.

    Args:
        template: the one that screens begin with.
        folder: of the dossier, where documents are written.
        scratch: a private folder for what is sent, removed at the end.
        prefix: what every path begins with.

    Attributes:
        app: the application (ASGI 3).
        jobs: the work going on.
    """

    def __init__(self, template: str, folder: Path, scratch: Path, prefix: str) -> None:
        self._template, self._folder, self._scratch = template, folder, scratch
        self.jobs = Jobs()
        self._files: dict[str, Path] = {}
        self._archives: dict[str, Sequence[Path]] = {}
        self._pages = jinja2.Environment(loader=jinja2.FileSystemLoader(_HERE / "templates"), autoescape=True)
        self._pages.globals |= {
            "root": prefix,
            "folder": folder,
            "link": self._link,
            "named": _named,
            "senses": _SENSES,
        }
        routes: dict[str, Callable[[Request], Awaitable[Response]]] = {
            "/": self._home, "/convention": self._convention, "/communes.json": self._communes, "/liste": self._list,
            "/retours": self._returned, "/suivi": self._tracking, "/modeles": self._templates,
            "/travail/{name}": self._job, "/travail/{name}/etat": self._state, "/fichier/{name}": self._file,
            "/zip/{name}": self._zip, "/static/{name}": self._static,
        }  # fmt: skip
        self.app = Starlette(
            routes=[Route(path, screen, methods=["GET", "POST"]) for path, screen in routes.items()],
            exception_handlers={HTTPException: self._refused, RefusedError: self._refused, Exception: self._refused},
        )

    # --- Screens ---

    async def _home(self, request: Request) -> Response:
        return self._page("accueil.html", request)

    async def _convention(self, request: Request) -> Response:
        """One adherent: the form of a template's fields; sent, its documents or what is wrong, beside the fields."""
        values = await self._values(request) if request.method == "POST" else dict(request.query_params)
        chosen = dict(parse_qsl(values.pop("choisi", "")))
        action = "chercher" if request.method == "GET" else "choisir" if chosen else values.pop("action", "remplir")
        if chosen:  # of what was typed, all but the register's own stays
            values = {key: text for key, text in values.items() if key not in {"code_insee", "siret", "q"}} | chosen
        template = values.get("modele") or self._template
        fields, unknown = await run_in_threadpool(_fields_of, template)
        done = await run_in_threadpool(self._fill, template, values) if action == "remplir" else None
        found = await run_in_threadpool(_found, values.get("q", "")) if action == "chercher" else []
        wrong: dict[str, list[Problem]] = {}
        for problem in done.problems if done else ():
            wrong.setdefault(problem.field or "", []).append(problem)
        return self._page(
            "convention.html", request, template=template, templates=modele.templates(), fields=_elements(fields),
            first={one["path"] for one in fields if one["required"] or one["path"] in _ASKED_FIRST},
            shown={path for path in (*values, *wrong) if path}, problems=unknown, values=values, found=found,
            searched=action == "chercher" and "q" in values,
            done=done, wrong=wrong, zip=done and self._archive(done),
        )  # fmt: skip

    async def _communes(self, request: Request) -> Response:
        found = await run_in_threadpool(_found, request.query_params.get("q", ""))
        return JSONResponse(found)

    async def _list(self, request: Request) -> Response:
        """A list: dropped, it is checked, or its documents are made, while a bar tells how far that is."""
        if request.method == "GET":
            return self._page(
                "liste.html", request, template=self._template, templates=modele.templates(), kinds=modele.kinds(),
            )  # fmt: skip
        form = await self._form(request)
        (source,) = await self._received(form, "liste", most=1)
        options = batch.RunOptions(
            str(form.get("modele") or self._template), self._folder, force="force" in form,
            paper=_paper(form),
            fixed={"forme": str(form["forme"])} if form.get("forme") else {},
        )  # fmt: skip
        command = batch.validate if form.get("action") == "verifier" else batch.batch

        def work(job: Job) -> Report:
            job.expected = batch.count_rows(source, options)
            return command(source, options, job)

        return self._begun(command.__name__, work)

    async def _returned(self, request: Request) -> Response:
        """Documents that came back: a verdict for each, and what differs as pictures."""
        if request.method == "GET":
            return self._page("retours.html", request)
        form = await self._form(request)
        files = await self._received(form, "retours", most=_MOST_FILES)
        pictures = self._private()
        dossier = self._folder if "dossier" in form else None
        options = verify.VerifyOptions(dossier=dossier, images=pictures if "images" in form else None, force=True)
        return self._begun("verify", lambda job: verify.verify(files, options, job))

    async def _tracking(self, request: Request) -> Response:
        """Where each convention stands, and on request what is due, as a workbook and a calendar."""
        done = await run_in_threadpool(outcome, partial(suivi.suivi, self._folder), "suivi")
        due = None
        if request.method == "POST":
            options = echeances.DeadlinesOptions(self._template, self._private())
            due = await run_in_threadpool(outcome, partial(echeances.echeances, self._folder, options), "echeances")
        return self._page("suivi.html", request, done=done, due=due)

    async def _templates(self, request: Request) -> Response:
        """The templates; of one, what it asks for, its check, and its signatories to change."""
        values = await self._values(request) if request.method == "POST" else {}
        name = values.get("modele") or request.query_params.get("modele")
        done = None
        if name and values.get("action") == "verifier":
            done = await run_in_threadpool(outcome, partial(check.check, [name]), "check")
        elif name and values.get("action") == "signataires":
            changes = {key: text for key, text in values.items() if "." in key}
            done = await run_in_threadpool(outcome, partial(signataires.change, name, changes), "signataires")
        about = await run_in_threadpool(outcome, partial(modele.modele, name), "modele") if name else None
        parties = await run_in_threadpool(_parties, name) if name else ()
        return self._page(
            "modeles.html", request, templates=modele.templates(), name=name, about=about, done=done, parties=parties
        )

    # --- Work that goes on ---

    async def _job(self, request: Request) -> Response:
        job = self.jobs.get(request.path_params["name"])
        if job is None:
            raise HTTPException(404, "Ce travail n’est plus connu ; ce qu’il a écrit est dans le dossier.")
        archive = self._archive(job.done) if job.done else None
        return self._page(
            "travail.html", request, job=job, done=job.done, zip=archive, name=request.path_params["name"]
        )

    async def _state(self, request: Request) -> Response:
        job = self.jobs.get(request.path_params["name"])
        if job is None:
            raise HTTPException(404, "Ce travail n’est plus connu.")
        return JSONResponse({"stage": job.stage, "total": job.total, "steps": job.steps, "done": job.done is not None})

    def _begun(self, title: str, work: Callable[[Job], Report]) -> Response:
        name = self.jobs.start(title, work)
        return RedirectResponse(f"{self._pages.globals['root']}/travail/{name}", status_code=303)

    def _fill(self, template: str, values: _Form) -> Done:
        """Write what was typed as the data that ``fill`` reads, and fill."""
        source = self._private() / "adherent.yaml"
        source.write_text(_as_yaml(values), encoding="utf-8")
        options = fill.RunOptions(template, self._folder, force="force" in values, paper=_paper(values))
        return outcome(lambda: fill.fill(source, options), "fill")

    # --- What is sent, and what is fetched ---

    async def _form(self, request: Request) -> FormData:
        return await request.form(max_files=_MOST_FILES, max_fields=_MOST_FIELDS)

    async def _values(self, request: Request) -> dict[str, str]:
        """The fields of a form that say something."""
        form = await self._form(request)
        values = {name: text.strip() for name, text in form.items() if isinstance(text, str) and text.strip()}
        await form.close()
        return values

    async def _received(self, form: FormData, name: str, *, most: int) -> list[Path]:
        """The files of a form, in a private folder, under names that stay in it.

        Raises:
            HTTPException: there is none.
        """
        folder, paths = self._private(), []
        for upload in form.getlist(name)[:most]:
            if isinstance(upload, UploadFile) and upload.filename:
                path = folder / _safe(upload.filename)
                path = path if not path.exists() else folder / f"{secrets.token_hex(3)}_{path.name}"
                with path.open("wb") as file:
                    while piece := await upload.read(2**20):
                        file.write(piece)
                paths.append(path)
        await form.close()
        if not paths:
            raise HTTPException(400, "Aucun fichier n’a été choisi.")
        return paths

    def _private(self) -> Path:
        folder = self._scratch / secrets.token_hex(8)
        folder.mkdir(mode=0o700)
        return folder

    def _link(self, path: Path) -> str:
        """The address of a file that a screen offers; no other file can be fetched."""
        name = next((name for name, known in self._files.items() if known == path), None)
        if name is None:
            name = secrets.token_urlsafe(12)
            self._files[name] = path
        return f"{self._pages.globals['root']}/fichier/{name}"

    async def _file(self, request: Request) -> Response:
        path = self._files.get(request.path_params["name"])
        if path is None or not path.is_file():
            raise HTTPException(404, "Ce fichier n’est plus là.")
        if path.suffix == ".png":
            return FileResponse(path, media_type="image/png")
        return FileResponse(path, filename=path.name)

    def _archive(self, done: Done) -> str | None:
        """The address of a ZIP of the documents."""
        paths = [path for status, path in done.documents if status in _WRITTEN]
        if not paths:
            return None
        name = secrets.token_urlsafe(12)
        self._archives[name] = paths
        return f"{self._pages.globals['root']}/zip/{name}"

    async def _zip(self, request: Request) -> Response:
        paths = self._archives.get(request.path_params["name"])
        if paths is None:
            raise HTTPException(404, "Cette archive n’est plus là.")
        target = self._private() / "conventions.zip"
        await run_in_threadpool(_pack, target, paths)
        return FileResponse(target, filename=target.name, media_type="application/zip")

    async def _static(self, request: Request) -> Response:
        path = _HERE / "static" / request.path_params["name"]
        if path.parent != _HERE / "static" or not path.is_file():
            raise HTTPException(404, "Il n’y a rien à cette adresse.")
        return FileResponse(path, media_type=_TYPES.get(path.suffix))

    def _page(self, page: str, request: Request, status: int = 200, **words: Any) -> Response:
        text = self._pages.get_template(page).render(here=request.url.path, **words)
        return HTMLResponse(text, status_code=status)

    async def _refused(self, request: Request, error: Exception) -> Response:
        """Why a request is not answered; of what went wrong in the program, nothing that a person gave."""
        status, message = 500, ""
        if isinstance(error, RefusedError):
            status, message = error.status, error.message
        elif isinstance(error, HTTPException):
            status, message = error.status_code, "" if error.detail.isascii() else error.detail
        return self._page("refus.html", request, status, message=message or _IN_FRENCH.get(status, _IN_FRENCH[500]))


_SENSES = {code: meaning.sense.rstrip(".") for code, meaning in PROBLEM_CODES.items()}
_WRITTEN = frozenset({"created", "identical", "replaced"})
_IN_FRENCH = {
    400: "Cet envoi n’a pas pu être lu : un champ trop long, trop de champs, ou un fichier incomplet.",
    404: "Il n’y a rien à cette adresse.",
    405: "Cette adresse n’attend pas cela.",
    500: "Le programme s’est trompé ; vos données n’y sont pour rien.",
}


def _fields_of(template: str) -> tuple[Sequence[Mapping[str, Any]], Sequence[Problem]]:
    """What a template asks for, or why that is not known."""
    try:
        return modele.modele(template).own["fields"], ()
    except ConventoolError as error:
        return (), error.problems


def _elements(fields: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The fields as a form has them: those of a list's elements stand some times, numbered."""
    lists = {one["path"] for one in fields if one["type"] == "liste"}
    shown: list[Mapping[str, Any]] = []
    for one in fields:
        holder, _, inner = one["path"].partition("[].")
        if inner:
            shown += [dict(one, path=f"{holder}.{rank}.{inner}", label=f"{one['label']} ({rank + 1})", required=False)
                      for rank in range(_ELEMENTS)]  # fmt: skip
        elif one["path"] not in lists:
            shown.append(one)
    return shown


def _as_yaml(values: _Form) -> str:
    """What was typed, as nested data: every value a text."""
    given = {tuple(path.split(".")): text for path, text in values.items() if path not in _OF_THE_FORM}
    nested = Row({}).with_values(given).values
    return json.dumps(_numbered(nested), ensure_ascii=False, indent=1)  # JSON is YAML (YAML 1.2, 1.3)


_OF_THE_FORM = frozenset({"modele", "q", "pdf", "signature", "force"})


def _paper(asked: Collection[str]) -> Any:
    """The PDF files that a form asks for; signature fields stand in them only."""
    to_sign = "signature" in asked
    return batch.default_paper(to_sign=to_sign) if to_sign or "pdf" in asked else None


def _numbered(value: Any) -> Any:
    """Sections whose names are numbers are lists."""
    if not isinstance(value, dict):
        return value
    inner = {name: _numbered(one) for name, one in value.items()}
    return list(inner.values()) if inner and all(name.isdecimal() for name in inner) else inner


def _found(words: str) -> list[Mapping[str, Any]]:
    """The bodies of the register that some words name, each with the fields that it gives."""
    if len(words) < 2:
        return []
    report = communes.communes(words)
    found = [
        _offered(one, _posted(one), code_insee=one["code"], forme="commune")
        for one in sorted(report.found, key=lambda one: words.strip() not in one["codes_postaux"])
    ]
    found += [_offered(one, str(one["siren"]), siret=one["siren"], forme=one["forme"]) for one in report.epci]
    return found[:30]


def _offered(one: Mapping[str, Any], detail: str, **fields: object) -> Mapping[str, Any]:
    return {"nom": one["nom"], "detail": detail, "fields": {"nom": one["nom"], **fields}}


def _posted(commune: Mapping[str, Any]) -> str:
    """By which a commune is told from others: its postal codes first, for those are what people know."""
    return f"{', '.join(commune['codes_postaux'])} ; code INSEE {commune['code']}"


def _parties(name: str) -> Sequence[signataires.Signatory]:
    try:
        return signataires.signatories(name)
    except ConventoolError:
        return ()


def _pack(target: Path, paths: Sequence[Path]) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            if path.is_file():
                archive.write(path, path.name)


def _named(path: str) -> str:
    """The last part of a path, of whichever system."""
    return re.split(r"[/\\]", path)[-1]


def _safe(name: str) -> str:
    """A file's own name, without the folders and the signs that a sender may put into it."""
    cleaned = re.sub(r'[\x00-\x1f\x7f<>:"|?*]', "_", _named(name)).lstrip(".").rstrip(". ")[-120:]
    return cleaned or "document"
