"""The commands: arguments in, exit code out. Each imports what it needs when it runs, so that help comes at once."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from conventool import __version__
from conventool.commandline import FrenchCommand, FrenchGroup, usage_problem
from conventool.errors import ConventoolError, ExitCode, reason
from conventool.problems import NOWHERE, Place, Problem
from conventool.terminal import prepare_streams, silence

if TYPE_CHECKING:
    from conventool.printing import Paper
    from conventool.report import Report

__all__ = ["app", "main"]

DEFAULT_TEMPLATE = "convention-services-numeriques"


@click.group(
    cls=FrenchGroup,
    help="Remplit les conventions Word des collectivités : trois exemplaires, en bon français.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="conventool", message="%(prog)s %(version)s", help="Affiche la version.")
def app() -> None:
    """The program."""


_PATH = click.Path(path_type=Path, readable=False)  # who reads a file tells why it cannot be read
_PROFILE = click.Choice(["pdfa-2b", "pdfa-3b", "pdfa-2b-ua", "pdf"])
_JOBS = click.IntRange(min=0)
_Mode = Literal["keep", "unwrap"]

_list = click.argument(
    "source", type=_PATH, metavar="LISTE", help="Un fichier .csv, .xlsx, .ods ou .yaml, ou un dossier de .yaml."
)
_template = click.option(
    *("--template", "-t"),
    default=DEFAULT_TEMPLATE,
    show_default=True,
    metavar="MODÈLE",
    help="Nom d’un modèle, son dossier, ou un document .docx.",
)
_output = click.option(
    *("--output", "-o"),
    type=_PATH,
    default=Path("conventions"),
    show_default=True,
    metavar="DOSSIER",
    help="Dossier des documents produits.",
)
_controls = click.option(
    "--controls",
    type=click.Choice(["keep", "unwrap"]),
    default="keep",
    show_default=True,
    metavar="keep|unwrap",
    help="Garde les contrôles, ou n’en laisse que le texte.",
)
_pdf = click.option("--pdf", is_flag=True, help="Fait aussi un PDF de chaque document, par LibreOffice.")
_pdf_only = click.option("--pdf-only", is_flag=True, help="Ne garde que les PDF.")
_pdf_profile = click.option(
    "--pdf-profile",
    type=_PROFILE,
    metavar="|".join(_PROFILE.choices),
    help="Genre des PDF ; à défaut, pdfa-2b. Vaut demande de PDF.",
)
_force = click.option("--force", is_flag=True, help="Remplace les fichiers qui diffèrent.")
_dry_run = click.option("--dry-run", is_flag=True, help="Dit ce qui serait fait, sans rien écrire.")
_json = click.option("--json", "as_json", is_flag=True, help="Écrit le résultat en JSON.")
_quiet = click.option("--quiet", "-q", is_flag=True, help="N’écrit que les problèmes.")
_jobs = click.option(
    *("--jobs", "-j"),
    type=_JOBS,
    default=1,
    show_default=True,
    metavar="N",
    help="Nombre de processus ; 0 : un par cœur.",
)
_sheet = click.option("--sheet", metavar="NOM", help="Feuille du classeur.")
_columns = click.option("--columns", type=_PATH, metavar="FICHIER", help="Fichier YAML : en-tête de colonne, champ.")
_its_template = click.option("--template", "-t", metavar="MODÈLE", help="Leur modèle ; sans lui, il est trouvé.")


def _paper(pdf: bool, pdf_only: bool, profile: str | None) -> Paper | None:
    if not (pdf or pdf_only or profile):
        return None
    from conventool.pdf.jobs import Profile
    from conventool.printing import Paper

    return Paper(Profile(profile or Profile.PDFA_2B), pdf_only)


@app.command(cls=FrenchCommand)
@click.argument("adherent", type=_PATH, metavar="ADHÉRENT.yaml", help="Les données d’un adhérent.")
@_template
@_output
@_controls
@_pdf
@_pdf_only
@_pdf_profile
@_force
@_dry_run
@_json
@_quiet
def fill(
    adherent: Path,
    template: str,
    output: Path,
    controls: _Mode,
    pdf: bool,
    pdf_only: bool,
    pdf_profile: str | None,
    force: bool,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> ExitCode:
    """Remplit les trois exemplaires de la convention d’un adhérent."""

    def work() -> Report:
        from conventool import pipeline

        paper = _paper(pdf, pdf_only, pdf_profile)
        options = pipeline.FillOptions(template, output, controls, force, dry_run, paper)
        return pipeline.fill(adherent, options)

    return _run("fill", work, as_json=as_json, quiet=quiet)


@app.command(cls=FrenchCommand)
@_list
@_template
@_output
@_controls
@_pdf
@_pdf_only
@_pdf_profile
@_jobs
@click.option("--rejects", type=_PATH, metavar="FICHIER", help="Fichier des lignes rejetées, à corriger.")
@_sheet
@_columns
@click.option("--strict", is_flag=True, help="N’écrit rien si une ligne est rejetée.")
@_force
@_dry_run
@_json
@_quiet
def batch(
    source: Path,
    template: str,
    output: Path,
    controls: _Mode,
    pdf: bool,
    pdf_only: bool,
    pdf_profile: str | None,
    jobs: int,
    rejects: Path | None,
    sheet: str | None,
    columns: Path | None,
    strict: bool,
    force: bool,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> ExitCode:
    """Remplit les trois exemplaires de chaque adhérent d’une liste."""

    def work() -> Report:
        from conventool.batch import run
        from conventool.console import progress

        options = run.BatchOptions(
            template, output, controls, force, dry_run, strict, jobs, rejects, sheet, columns,
            _paper(pdf, pdf_only, pdf_profile),
        )  # fmt: skip
        with progress(shown=not (as_json or quiet)) as watch:
            return run.batch(source, options, watch)

    return _run("batch", work, as_json=as_json, quiet=quiet)


@app.command(cls=FrenchCommand)
@click.argument("documents", type=_PATH, nargs=-1, required=True, metavar="DOCUMENT.docx…", help="Des documents Word.")
@click.option(
    *("--output", "-o"), type=_PATH, metavar="DOSSIER", help="Dossier des PDF ; à défaut, à côté de chaque document."
)
@click.option(
    "--profile",
    type=_PROFILE,
    default="pdfa-2b",
    show_default=True,
    metavar="|".join(_PROFILE.choices),
    help="Genre des PDF.",
)
@click.option(
    *("--jobs", "-j"),
    type=_JOBS,
    default=1,
    show_default=True,
    metavar="N",
    help="Nombre de LibreOffice ; 0 : un par cœur.",
)
@_force
@_json
@_quiet
def pdf(
    documents: tuple[Path, ...],
    output: Path | None,
    profile: str,
    jobs: int,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> ExitCode:
    """Convertit en PDF, par LibreOffice, des documents qui existent."""

    def work() -> Report:
        from conventool import converting
        from conventool.console import progress
        from conventool.pdf.jobs import Profile

        options = converting.PdfOptions(Profile(profile), output, force, jobs)
        with progress(shown=not (as_json or quiet), unit="documents") as watch:
            return converting.pdf(documents, options, watch)

    return _run("pdf", work, as_json=as_json, quiet=quiet)


@app.command(cls=FrenchCommand)
@_list
@_template
@_jobs
@_sheet
@_columns
@_json
@_quiet
def validate(
    source: Path, template: str, jobs: int, sheet: str | None, columns: Path | None, as_json: bool, quiet: bool
) -> ExitCode:
    """Vérifie une liste d’adhérents, ou un seul, sans rien écrire."""

    def work() -> Report:
        from conventool.batch import run
        from conventool.console import progress

        options = run.BatchOptions(template, Path(), jobs=jobs, sheet=sheet, columns=columns)
        with progress(shown=not (as_json or quiet)) as watch:
            return run.validate(source, options, watch)

    return _run("validate", work, as_json=as_json, quiet=quiet)


@app.command(cls=FrenchCommand)
@click.argument("words", nargs=-1, required=True, metavar="MOTS…", help="Un nom, un code INSEE ou un code postal.")
@_json
def communes(words: tuple[str, ...], as_json: bool) -> ExitCode:
    """Cherche une commune dans le répertoire officiel."""

    def work() -> Report:
        from conventool import lookup

        return lookup.communes(" ".join(words))

    return _run("communes", work, as_json=as_json, quiet=False)


@app.command(cls=FrenchCommand)
@click.argument("document", type=_PATH, metavar="DOCUMENT.docx", help="Un document Word.")
@_json
@_quiet
def inspect(document: Path, as_json: bool, quiet: bool) -> ExitCode:
    """Montre les contrôles de contenu d’un document Word.

    L’adresse de chacun, son genre, ses choix, son invite ou son texte, et où il se trouve.
    """

    def work() -> Report:
        from conventool import inspecting

        return inspecting.inspect(document)

    return _run("inspect", work, as_json=as_json, quiet=quiet)


@app.command(cls=FrenchCommand)
@click.argument("document", type=_PATH, metavar="DOCUMENT.docx", help="Un formulaire Word.")
@click.option(*("--output", "-o"), type=_PATH, required=True, metavar="DOSSIER", help="Dossier du modèle à créer.")
@click.option(
    "--placeholder",
    "placeholders",
    multiple=True,
    metavar="INVITE",
    help="Texte à changer en contrôle, ou une famille : […], ……, «…», {{ x }}, MERGEFIELD.",
)
@_force
@_json
@_quiet
def adopt(
    document: Path, output: Path, placeholders: tuple[str, ...], force: bool, as_json: bool, quiet: bool
) -> ExitCode:
    """Fait un modèle d’un formulaire Word tel que reçu.

    Les contrôles reçoivent une balise, un manifeste est proposé, et ce qui reste à décider est dit.
    """

    def work() -> Report:
        from conventool import adopting

        return adopting.adopt(document, output, placeholders=placeholders, force=force)

    return _run("adopt", work, as_json=as_json, quiet=quiet)


@app.command(cls=FrenchCommand)
@click.argument(
    "templates",
    nargs=-1,
    metavar="[MODÈLE…]",
    help="Noms ou dossiers de modèles ; à défaut, tous ceux du projet.",
)
@click.option("--update", is_flag=True, help="Accepte le texte des documents comme référence.")
@click.option(
    "--annotate", type=_PATH, metavar="COPIE.docx", help="Écrit une copie du document, un commentaire par défaut."
)
@click.option("--junit", type=_PATH, metavar="FICHIER.xml", help="Écrit le résultat en JUnit XML.")
@click.option(
    "--github",
    is_flag=True,
    envvar="GITHUB_ACTIONS",
    help="Écrit des annotations GitHub ; d’office dans ses actions.",
)
@_json
@_quiet
def check(
    templates: tuple[str, ...],
    update: bool,
    annotate: Path | None,
    junit: Path | None,
    github: bool,
    as_json: bool,
    quiet: bool,
) -> ExitCode:
    """Vérifie que les modèles se remplissent encore.

    Chaque modèle est rempli pour toutes les formes d’adhérents, en tous ses exemplaires.
    """

    def work() -> Report:
        from conventool import checking, findings

        report = checking.check(templates, update=update, annotate=annotate)
        if junit:
            findings.write_junit(report, junit)
        if github and not as_json:
            click.echo("\n".join(findings.github_annotations(report)))
        return report

    return _run("check", work, as_json=as_json, quiet=quiet)


@app.command(cls=FrenchCommand)
@click.argument(
    "files", type=_PATH, nargs=-1, required=True, metavar="FICHIER…", help="Documents remplis, ou leurs dossiers."
)
@_its_template
@click.option(*("--output", "-o"), type=_PATH, metavar="FICHIER", help="Le fichier à écrire : .yaml, .csv ou .xlsx.")
@_force
@_json
@_quiet
def read(
    files: tuple[Path, ...], template: str | None, output: Path | None, force: bool, as_json: bool, quiet: bool
) -> ExitCode:
    """Relit les données dans des conventions remplies."""

    def work() -> Report:
        from conventool.returned.reading import ReadOptions
        from conventool.returned.reading import read as read_all

        return read_all(files, ReadOptions(template, output, force))

    return _run("read", work, as_json=as_json, quiet=quiet)


@app.command(cls=FrenchCommand)
@click.argument(
    "files",
    type=_PATH,
    nargs=-1,
    metavar="[FICHIER…]",
    help="Documents .docx ou .pdf revenus, ou leurs dossiers.",
)
@_its_template
@click.option("--data", type=_PATH, metavar="FICHIER", help="Les données des adhérents, à comparer aussi.")
@click.option(
    "--manifest",
    type=_PATH,
    metavar="FICHIER",
    help="Le manifeste de leur lot ; seul, il dit ce qui y a changé.",
)
@click.option(*("--jobs", "-j"), type=click.IntRange(min=1), metavar="N", help="Processus ; par défaut, un par cœur.")
@_json
@_quiet
def verify(
    files: tuple[Path, ...],
    template: str | None,
    data: Path | None,
    manifest: Path | None,
    jobs: int | None,
    as_json: bool,
    quiet: bool,
) -> ExitCode:
    """Vérifie que le texte de documents revenus n’a pas changé."""

    def work() -> Report:
        from conventool.returned.verifying import VerifyOptions
        from conventool.returned.verifying import verify as verify_all

        return verify_all(files, VerifyOptions(template, data, manifest, jobs))

    return _run("verify", work, as_json=as_json, quiet=quiet)


def _run(command: str, work: Callable[[], Report], *, as_json: bool, quiet: bool) -> ExitCode:
    """Do the work of a command, print its report, and return its exit code."""
    from conventool.report import Report

    try:
        report = work()
    except ConventoolError as error:
        report = Report(command, problems=error.problems, exit_code=error.exit_code)
    except OSError as error:  # of a path that its room took for granted
        report = Report(command, problems=[_refused(error)], exit_code=ExitCode.UNREADABLE)
    except KeyboardInterrupt:
        report = Report(command, problems=[_INTERRUPTED], exit_code=ExitCode.INTERRUPTED)
    except Exception as error:  # whatever it is, it is ours
        report = Report(command, problems=[_bug(error)], exit_code=ExitCode.BUG)
    return _show(report, as_json=as_json, quiet=quiet)


_INTERRUPTED = Problem("interrupted", "Interrompu.", "Rien d’incomplet n’a été laissé ; relancez la même commande.")


def _refused(error: OSError) -> Problem:
    place = Place(file=str(error.filename)) if error.filename else NOWHERE
    return Problem("unreadable", f"Le système ne le permet pas : {reason(error)}.", place=place)


def _bug(error: Exception) -> Problem:
    """Confess a bug: what a developer needs goes into a file, for the user to hand on."""
    import platform
    import traceback
    from tempfile import NamedTemporaryFile

    hint = "Signalez-le à l’équipe du projet, avec la commande tapée."
    with (
        suppress(OSError),
        NamedTemporaryFile(
            "w", prefix="conventool-", suffix=".log", delete=False, encoding="utf-8", errors="backslashreplace"
        ) as log,
    ):
        log.write(f"conventool {__version__}, Python {platform.python_version()}, {platform.platform()}\n\n")
        traceback.print_exception(error, file=log)
        hint = f"Signalez-le à l’équipe du projet, avec la commande tapée et ce fichier : {log.name}"
    return Problem("bug", f"Le programme s’est trompé ({type(error).__name__}) ; vos données n’y sont pour rien.", hint)


def _show(report: Report, *, as_json: bool, quiet: bool) -> ExitCode:
    """Print a report; the exit code says so when it cannot be printed."""
    if quiet and not as_json and report.uneventful:
        return report.exit_code  # without Rich, which takes as long to import as three copies to fill
    from conventool.console import show, show_problems

    try:
        show(report, as_json=as_json, quiet=quiet)
        sys.stdout.flush()
    except OSError as error:
        silence("stdout")
        with suppress(OSError):
            show_problems([Problem("unwritable", f"Le résultat ne peut pas être affiché : {reason(error)}.")])
        return ExitCode.UNWRITABLE
    return report.exit_code


def main() -> None:
    """The program: every way out has an exit code, and no user sees a traceback for something they did."""
    gc.set_threshold(500_000, 50, 50)  # start-up makes many objects and no garbage
    prepare_streams()
    try:
        code = app(standalone_mode=False)
    except click.UsageError as error:
        code = _misused(usage_problem(error))
    except click.Abort:
        code = ExitCode.INTERRUPTED
    gc.freeze()  # what is left needs no collecting on the way out
    sys.exit(int(code or 0))


def _misused(message: str) -> ExitCode:
    """Say what is wrong with the command line, in JSON if it asks for JSON."""
    from conventool.report import Report

    if len(sys.argv) == 1:  # the message is the help itself
        click.echo(message, err=True)
        return ExitCode.USAGE
    problem = Problem("usage", message, "Écrivez « conventool --help » pour voir l’aide.")
    report = Report("conventool", problems=[problem], exit_code=ExitCode.USAGE)
    return _show(report, as_json="--json" in sys.argv, quiet=False)
