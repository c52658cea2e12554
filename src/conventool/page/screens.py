"""The screens: a form in, a command's work, a page out. Each works without JavaScript."""

from __future__ import annotations

import hashlib
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
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from conventool.commands import batch, check, communes, echeances, fill, modele, signataires, suivi, verify
from conventool.core.problem_codes import PROBLEM_CODES
from conventool.core.problems import Problem, bound
from conventool.core.report import Report
from conventool.core.row import Row
from conventool.page.guard import WRONG, RefusedError
from conventool.page.jobs import Done, Job, outcome

__all__ = ["Screens"]

_HERE = Path(__file__).parent
_STATIC = _HERE / "static"
_MOST_FILES, _MOST_FIELDS, _MOST_JOBS = 2000, 500, 50
_DEEPEST = 8
"""Sections of a field's path; no template has so many."""
_ELEMENTS = 6
"""Lines that the form of a convention has for a field that is a list."""
_ASKED_FIRST = frozenset({"nom", "code_insee"})
"""Fields of which one is needed."""
_OF_THE_FORM = frozenset({"modele", "q", "pdf", "signature", "force"})
"""What the form of a convention asks beside the fields of the data."""
_SENSES = {code: meaning.sense.rstrip(".") for code, meaning in PROBLEM_CODES.items()}
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}
_IN_FRENCH = {
    400: "Cet envoi n’a pas pu être lu : un champ trop long, trop de champs, ou un fichier incomplet.",
    404: "Il n’y a rien à cette adresse.",
    405: "Cette adresse n’attend pas cela.",
}
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
        jobs: the work going on or done, by its name; the oldest is forgotten.
    """

    def __init__(self, template: str, folder: Path, scratch: Path, prefix: str) -> None:
        self._template, self._folder, self._scratch, self._prefix = template, folder, scratch, prefix
        self.jobs: dict[str, Job] = {}
        self._key = secrets.token_bytes()
        self._files: dict[str, Sequence[Path]] = {path.name: [path] for path in _STATIC.iterdir()}
        self._pages = jinja2.Environment(loader=jinja2.FileSystemLoader(_HERE / "templates"), autoescape=True)
        self._pages.filters["said"] = self._said
        self._pages.globals |= {
            "root": prefix, "folder": folder, "link": self._link, "named": _named, "senses": _SENSES,
            "templates": modele.templates, "kinds": modele.kinds,
        }  # fmt: skip
        routes: dict[str, Callable[[Request], Awaitable[Response]]] = {
            "/": self._home, "/convention": self._convention, "/communes.json": self._communes, "/liste": self._list,
            "/retours": self._returned, "/suivi": self._tracking, "/modeles": self._templates,
            "/travail/{name}": self._job, "/travail/{name}/etat": self._state, "/fichier/{name}": self._file,
        }  # fmt: skip
        self.app = Starlette(
            routes=[Route(path, screen, methods=["GET", "POST"]) for path, screen in routes.items()],
            exception_handlers={HTTPException: self._refused, Exception: self._refused},
        )

    # --- Screens ---

    async def _home(self, request: Request) -> Response:
        return self._page("accueil.html", request)

    async def _convention(self, request: Request) -> Response:
        """One adherent: the form of a template's fields; sent, its documents or what is wrong, beside the fields."""
        sent = request.method == "POST"
        values = await self._values(request) if sent else dict(request.query_params)
        chosen = dict(parse_qsl(values.pop("choisi", "")))
        if chosen:  # of what was typed, all but the register's own stays
            values = {key: text for key, text in values.items() if key not in {"code_insee", "siret", "q"}} | chosen
        named = bool(values.keys() & _ASKED_FIRST) or "q" not in values
        fills = values.pop("action", "") != "chercher" and sent and named and not chosen
        template = values.get("modele") or self._template
        about = await run_in_threadpool(outcome, partial(modele.modele, template))
        done = await run_in_threadpool(self._fill, template, values) if fills else None
        wrong: dict[str, list[Problem]] = {}
        for problem in done.problems if done else ():
            wrong.setdefault(problem.field or "", []).append(problem)
        return self._page(
            "convention.html", request, template=template, fields=_elements(about.fields), values=values,
            problems=about.problems,
            shown={path for path in (*values, *wrong) if path}, done=done, wrong=wrong,
            found=await run_in_threadpool(_found, values["q"]) if "q" in values and not done else None,
        )  # fmt: skip

    async def _communes(self, request: Request) -> Response:
        found = await run_in_threadpool(_found, request.query_params.get("q", ""))
        return JSONResponse(found)

    async def _list(self, request: Request) -> Response:
        """A list: dropped, it is checked, or its documents are made, while a bar tells how far that is."""
        if request.method == "GET":
            return self._page("liste.html", request, template=self._template)
        form = await self._form(request)
        (source,) = await self._received(form, "liste", most=1)
        options = batch.RunOptions(
            str(form.get("modele") or self._template), self._folder, force="force" in form, paper=_paper(form),
            fixed={"forme": str(form["forme"])} if form.get("forme") else {},
        )  # fmt: skip
        command = batch.validate if form.get("action") == "verifier" else batch.batch

        def work(job: Job) -> Report:
            job.expected = batch.count_rows(source, options)
            return command(source, options, job)

        return self._begun(work)

    async def _returned(self, request: Request) -> Response:
        """Documents that came back: a verdict for each, and what differs as pictures."""
        if request.method == "GET":
            return self._page("retours.html", request)
        form = await self._form(request)
        files = await self._received(form, "retours", most=_MOST_FILES)
        pictures = self._private() if "images" in form else None
        options = verify.VerifyOptions(dossier=self._folder if "dossier" in form else None, images=pictures, force=True)
        return self._begun(lambda job: verify.verify(files, options, job))

    async def _tracking(self, request: Request) -> Response:
        """Where each convention stands, and on request what is due, as a workbook and a calendar."""
        done = await run_in_threadpool(outcome, partial(suivi.suivi, self._folder))
        due = None
        if request.method == "POST":
            options = echeances.DeadlinesOptions(self._template, self._private())
            due = await run_in_threadpool(outcome, partial(echeances.echeances, self._folder, options))
        return self._page("suivi.html", request, done=done, due=due)

    async def _templates(self, request: Request) -> Response:
        """The templates; of one, what it asks for, its check, and its signatories to change."""
        values = await self._values(request) if request.method == "POST" else {}
        name = values.get("modele") or request.query_params.get("modele")
        done = about = None
        parties: Sequence[signataires.Signatory] = ()
        if name and values.get("action") == "verifier":
            done = await run_in_threadpool(outcome, partial(check.check, [name]))
        elif name and values.get("action") == "signataires":
            changes = {key: text for key, text in values.items() if "." in key}
            done = await run_in_threadpool(outcome, partial(signataires.change, name, changes))
        if name:
            about = await run_in_threadpool(outcome, partial(modele.modele, name))
            parties = await run_in_threadpool(signataires.signatories, name) if about.well else ()
        return self._page("modeles.html", request, name=name, about=about, done=done, parties=parties)

    # --- Work that goes on ---

    def _begun(self, work: Callable[[Job], Report]) -> Response:
        job = Job(work)
        self.jobs[job.name] = job
        if len(self.jobs) > _MOST_JOBS:
            del self.jobs[next(iter(self.jobs))]
        job.start()
        return RedirectResponse(f"{self._prefix}/travail/{job.name}", status_code=303)

    def _asked(self, request: Request) -> Job:
        job = self.jobs.get(request.path_params["name"])
        if job is None:
            raise RefusedError(404, "Ce travail n’est plus connu ; ce qu’il a écrit est dans le dossier.")
        return job

    async def _job(self, request: Request) -> Response:
        job = self._asked(request)
        return self._page("travail.html", request, job=job, done=job.done)

    async def _state(self, request: Request) -> Response:
        job = self._asked(request)
        return JSONResponse({"stage": job.stage, "total": job.total, "steps": job.steps, "done": job.done is not None})

    def _fill(self, template: str, values: _Form) -> Done:
        """Write what was typed as the data that ``fill`` reads, and fill."""
        source = self._private() / "adherent.yaml"
        source.write_text(_as_yaml(values), encoding="utf-8")
        options = fill.RunOptions(template, self._folder, force="force" in values, paper=_paper(values))
        return outcome(lambda: fill.fill(source, options))

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
        """The files of a form, each in a private folder, under a name that stays in it.

        Raises:
            RefusedError: there is none.
        """
        paths = []
        for upload in form.getlist(name)[:most]:
            if isinstance(upload, UploadFile) and upload.filename:
                path = self._private() / _safe(upload.filename)
                with path.open("wb") as file:
                    while piece := await upload.read(2**20):
                        file.write(piece)
                paths.append(path)
        await form.close()
        if not paths:
            raise RefusedError(400, "Aucun fichier n’a été choisi.")
        return paths

    def _private(self) -> Path:
        folder = self._scratch / secrets.token_hex(8)
        folder.mkdir(mode=0o700)
        return folder

    def _link(self, *paths: Path) -> str:
        """The address of a file that a screen offers, or of a ZIP of several; no other file can be fetched."""
        name = hashlib.blake2b("\n".join(map(str, paths)).encode(), key=self._key, digest_size=16).hexdigest()
        self._files[name] = paths
        return f"{self._prefix}/fichier/{name}"

    async def _file(self, request: Request) -> Response:
        paths = [path for path in self._files.get(request.path_params["name"], ()) if path.is_file()]
        match paths:
            case []:
                raise RefusedError(404, "Ce fichier n’est plus là.")
            case [path] if path.suffix == ".png" or path.parent == _STATIC:
                return FileResponse(path, media_type=_TYPES[path.suffix])
            case [path]:
                return FileResponse(path, filename=path.name)
        target = self._private() / "conventions.zip"
        await run_in_threadpool(_pack, target, paths)
        return FileResponse(target, filename=target.name, background=BackgroundTask(target.unlink))

    def _page(self, page: str, request: Request, status: int = 200, **words: Any) -> Response:
        text = self._pages.get_template(page).render(here=request.url.path, **words)
        return HTMLResponse(text, status_code=status)

    def _said(self, text: object) -> str:
        """What a command says as a screen shows it: no line ends before a sign, no private folder is named."""
        private = rf"{re.escape(str(self._scratch))}[/\\][0-9a-f]+[/\\]"
        return bound(re.sub(private, "", str(text)))

    async def _refused(self, request: Request, error: Exception) -> Response:
        """Why a request is not answered; of what went wrong in the program, nothing that a person gave."""
        if not isinstance(error, RefusedError):
            status = getattr(error, "status_code", 500)
            error = RefusedError(status, _IN_FRENCH[status]) if status in _IN_FRENCH else WRONG
        return self._page("refus.html", request, error.status_code, message=error.detail)


def _elements(fields: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The fields as a form has them: a list's elements stand some times, numbered, asked first if it must be."""
    shown: list[Mapping[str, Any]] = []
    for one in fields:
        inner = [each for each in fields if each["path"].startswith(f"{one['path']}[].")]
        shown += [
            dict(each, path=each["path"].replace("[]", f".{rank}"), label=f"{each['label']} ({rank + 1})",
                 required=one["required"] and each["required"] and not rank, asked=one["required"])
            for rank in range(_ELEMENTS) for each in inner
        ]  # fmt: skip
        if not inner and "[]." not in one["path"]:
            shown.append(dict(one, asked=one["required"] or one["path"] in _ASKED_FIRST))
    return shown


def _as_yaml(values: _Form) -> str:
    """What was typed, as nested data: every value a text."""
    given = {tuple(path.split(".", _DEEPEST)): text for path, text in values.items() if path not in _OF_THE_FORM}
    nested = Row({}).with_values(given).values
    return json.dumps(_numbered(nested), ensure_ascii=False, indent=1)  # JSON is YAML (YAML 1.2, 1.3)


def _numbered(value: Any) -> Any:
    """Sections whose names are numbers are lists."""
    if not isinstance(value, dict):
        return value
    inner = {name: _numbered(one) for name, one in value.items()}
    return list(inner.values()) if inner and all(name.isdecimal() for name in inner) else inner


def _paper(asked: Collection[str]) -> Any:
    """The PDF files that a form asks for; signature fields stand in them only."""
    to_sign = "signature" in asked
    return batch.default_paper(to_sign=to_sign) if to_sign or "pdf" in asked else None


def _found(words: str) -> Sequence[Mapping[str, Any]]:
    """The bodies of the register that some words name: what tells each from others, and the fields that it gives."""
    if len(words) < 2:
        return ()
    report = communes.communes(words)
    found = [
        (f"{', '.join(one['codes_postaux'])} ; code INSEE {one['code']}",
         {"nom": one["nom"], "code_insee": one["code"], "forme": "commune"})
        for one in sorted(report.found, key=lambda one: words.strip() not in one["codes_postaux"])
    ]  # fmt: skip
    found += [
        (str(one["siren"]), {"nom": one["nom"], "siret": one["siren"], "forme": one["forme"]}) for one in report.epci
    ]
    return [{"nom": fields["nom"], "detail": detail, "fields": fields} for detail, fields in found[:30]]


def _pack(target: Path, paths: Sequence[Path]) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            archive.write(path, path.name)


def _named(path: str) -> str:
    """The last part of a path, of whichever system."""
    return re.split(r"[/\\]", path)[-1]


def _safe(name: str) -> str:
    """A file's own name, without the folders and the signs that a sender may put into it."""
    cleaned = re.sub(r'[\x00-\x1f\x7f<>:"|?*]', "_", _named(name)).lstrip(".").rstrip(". ")[-120:]
    return cleaned or "document"
