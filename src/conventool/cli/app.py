"""The commands: arguments in, exit code out. Each imports what it needs when it runs, so that help comes at once."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Literal

# before Typer, which imports Pydantic: no plugins are used, and to look for them, or to import what would look for
# them, costs a tenth of the start-up; were Pydantic's module called otherwise one day, only the time would come back
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
_no_plugins = ModuleType("pydantic.plugin._loader")
_no_plugins.get_plugins = tuple  # type: ignore[attr-defined]
sys.modules.setdefault(_no_plugins.__name__, _no_plugins)
gc.set_threshold(500_000, 50, 50)  # start-up makes many objects and no garbage

import typer
from typer.exceptions import TyperException

from conventool import __version__
from conventool.cli.french_help import FrenchCommand, FrenchGroup, usage_problem
from conventool.cli.terminal import prepare_streams, silence
from conventool.core.errors import ConventoolError, ExitCode, UsageError, reason
from conventool.core.problems import NOWHERE, Place, Problem
from conventool.pdf.profiles import Profile

if TYPE_CHECKING:
    from conventool.core.report import Report
    from conventool.documents.pdf_files import Paper

__all__ = ["app", "execute", "main"]

DEFAULT_TEMPLATE = "convention-services-numeriques"

app = typer.Typer(
    cls=FrenchGroup,
    help="Remplit les conventions Word des collectivités : trois exemplaires, en bon français.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)

# what cannot be read is told by what reads it, in French and with its own exit code, not by Typer
_path_argument = partial(typer.Argument, readable=False)
_path_option = partial(typer.Option, readable=False)

_Template = Annotated[
    str,
    typer.Option("--template", "-t", metavar="MODÈLE", help="Nom d’un modèle, son dossier, ou un document .docx."),
]
_Output = Annotated[Path, _path_option("--output", "-o", metavar="DOSSIER", help="Dossier des documents produits.")]
_Controls = Annotated[
    Literal["keep", "unwrap"],
    typer.Option("--controls", metavar="keep|unwrap", help="Garde les contrôles, ou n’en laisse que le texte."),
]
_Force = Annotated[bool, typer.Option("--force", help="Remplace les fichiers qui diffèrent.")]
_Prune = Annotated[bool, typer.Option("--prune", help="Retire du dossier les fichiers remplacés, non modifiés.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Dit ce qui serait fait, sans rien écrire.")]
_Json = Annotated[bool, typer.Option("--json", help="Écrit le résultat en JSON.")]
_Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="N’écrit que les problèmes.")]
_PROFILES = "|".join(Profile)
_Pdf = Annotated[bool, typer.Option("--pdf", help="Fait aussi un PDF de chaque document, par LibreOffice.")]
_PdfOnly = Annotated[bool, typer.Option("--pdf-only", help="Ne garde que les PDF.")]
_PdfProfile = Annotated[
    Profile | None,
    typer.Option("--pdf-profile", metavar=_PROFILES, help="Genre des PDF ; à défaut, pdfa-2b. Vaut demande de PDF."),
]


def _paper(pdf: bool, pdf_only: bool, profile: Profile | None, jobs: int = 0) -> Paper | None:
    if not (pdf or pdf_only or profile):
        return None
    from conventool.documents.pdf_files import Paper

    return Paper(profile or Profile.PDFA_2B, pdf_only, jobs)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"conventool {__version__}")
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Affiche la version.")
    ] = False,
) -> None:
    pass


_Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="CHAMP=VALEUR", help="Valeur d’un champ, quoi que disent les données : forme=commune."
    ),
]


@app.command(cls=FrenchCommand)
def fill(
    adherent: Annotated[Path, _path_argument(metavar="ADHÉRENT.yaml", help="Les données d’un adhérent.")],
    template: _Template = DEFAULT_TEMPLATE,
    output: _Output = Path("conventions"),
    controls: _Controls = "keep",
    pdf: _Pdf = False,
    pdf_only: _PdfOnly = False,
    pdf_profile: _PdfProfile = None,
    settings: _Set = None,
    force: _Force = False,
    prune: _Prune = False,
    dry_run: _DryRun = False,
    as_json: _Json = False,
    quiet: _Quiet = False,
) -> None:
    """Remplit les trois exemplaires de la convention d’un adhérent."""

    def work() -> Report:
        from conventool.commands import fill as command

        paper = _paper(pdf, pdf_only, pdf_profile)
        options = command.RunOptions(
            template,
            output,
            controls=controls,
            force=force,
            dry_run=dry_run,
            paper=paper,
            prune=prune,
            fixed=_fixed(settings),
        )
        return command.fill(adherent, options)

    _run("fill", work, as_json=as_json, quiet=quiet)


_List = Annotated[
    Path, _path_argument(metavar="LISTE", help="Un fichier .csv, .xlsx, .ods ou .yaml, ou un dossier de .yaml.")
]
_Jobs = Annotated[int, typer.Option("--jobs", "-j", min=0, metavar="N", help="Nombre de processus ; 0 : un par cœur.")]
_Sheet = Annotated[str | None, typer.Option("--sheet", metavar="NOM", help="Feuille du classeur.")]
_Columns = Annotated[
    Path | None, _path_option("--columns", metavar="FICHIER", help="Fichier YAML : en-tête de colonne, champ.")
]
_Visible = Annotated[bool, typer.Option("--visible", help="Laisse de côté les lignes que la feuille masque ou filtre.")]


def _fixed(settings: list[str] | None) -> dict[str, str]:
    """The values of ``--set``, by field."""
    values = {}
    for setting in settings or ():
        name, equals, value = setting.partition("=")
        if not equals or not name.strip():
            message = f"« --set {setting} » ne donne pas de valeur à un champ."
            raise UsageError(Problem("usage", message, "Écrivez CHAMP=VALEUR, par exemple --set forme=commune."))
        values[name.strip()] = value.strip()
    return values


@app.command(cls=FrenchCommand)
def batch(
    source: _List,
    template: _Template = DEFAULT_TEMPLATE,
    output: _Output = Path("conventions"),
    controls: _Controls = "keep",
    pdf: _Pdf = False,
    pdf_only: _PdfOnly = False,
    pdf_profile: _PdfProfile = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            "-j",
            min=0,
            metavar="N",
            help="Nombre de processus ; 0 : un par cœur. À défaut, un seul, mais un LibreOffice par cœur.",
        ),
    ] = None,
    rejects: Annotated[
        Path | None, _path_option("--rejects", metavar="FICHIER", help="Fichier des lignes rejetées, à corriger.")
    ] = None,
    sheet: _Sheet = None,
    columns: _Columns = None,
    settings: _Set = None,
    visible: _Visible = False,
    strict: Annotated[bool, typer.Option("--strict", help="N’écrit rien si une ligne est rejetée.")] = False,
    force: _Force = False,
    prune: _Prune = False,
    dry_run: _DryRun = False,
    as_json: _Json = False,
    quiet: _Quiet = False,
) -> None:
    """Remplit les trois exemplaires de chaque adhérent d’une liste."""

    def work() -> Report:
        from conventool.cli.console import progress
        from conventool.commands import batch as command

        options = command.RunOptions(
            template, output, controls, force, dry_run, strict, 1 if jobs is None else jobs, rejects, sheet, columns,
            _fixed(settings), visible, _paper(pdf, pdf_only, pdf_profile, jobs or 0), prune,
        )  # fmt: skip
        with progress(shown=not (as_json or quiet)) as watch:
            return command.batch(source, options, watch)

    _run("batch", work, as_json=as_json, quiet=quiet)


@app.command(cls=FrenchCommand)
def pdf(
    documents: Annotated[list[Path], _path_argument(metavar="DOCUMENT.docx", help="Des documents Word.")],
    output: Annotated[
        Path | None,
        _path_option(
            "--output", "-o", metavar="DOSSIER", help="Dossier des PDF ; à défaut, à côté de chaque document."
        ),
    ] = None,
    profile: Annotated[Profile, typer.Option("--profile", metavar=_PROFILES, help="Genre des PDF.")] = Profile.PDFA_2B,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=0, metavar="N", help="Nombre de LibreOffice ; 0 : un par cœur.")
    ] = 0,
    force: _Force = False,
    as_json: _Json = False,
    quiet: _Quiet = False,
) -> None:
    """Convertit en PDF, par LibreOffice, des documents qui existent."""

    def work() -> Report:
        from conventool.cli.console import progress
        from conventool.commands import pdf as converting

        options = converting.PdfOptions(profile, output, force, jobs)
        with progress(shown=not (as_json or quiet), unit="documents") as watch:
            return converting.pdf(documents, options, watch)

    _run("pdf", work, as_json=as_json, quiet=quiet)


@app.command(cls=FrenchCommand)
def validate(
    source: _List,
    template: _Template = DEFAULT_TEMPLATE,
    jobs: _Jobs = 1,
    sheet: _Sheet = None,
    columns: _Columns = None,
    settings: _Set = None,
    visible: _Visible = False,
    as_json: _Json = False,
    quiet: _Quiet = False,
) -> None:
    """Vérifie une liste d’adhérents, ou un seul, sans rien écrire."""

    def work() -> Report:
        from conventool.cli.console import progress
        from conventool.commands import batch as command

        options = command.RunOptions(
            template, Path(), jobs=jobs, sheet=sheet, columns=columns, fixed=_fixed(settings), visible_only=visible
        )
        with progress(shown=not (as_json or quiet)) as watch:
            return command.validate(source, options, watch)

    _run("validate", work, as_json=as_json, quiet=quiet)


@app.command(cls=FrenchCommand)
def communes(
    words: Annotated[list[str], typer.Argument(metavar="MOTS", help="Un nom, un code INSEE ou postal, un SIREN.")],
    as_json: _Json = False,
) -> None:
    """Cherche une commune, une intercommunalité ou un département dans le répertoire officiel."""

    def work() -> Report:
        from conventool.commands import communes as lookup

        return lookup.communes(" ".join(words))

    _run("communes", work, as_json=as_json, quiet=False)


@app.command(cls=FrenchCommand)
def inspect(
    document: Annotated[Path, _path_argument(metavar="DOCUMENT.docx", help="Un document Word.")],
    as_json: _Json = False,
    quiet: _Quiet = False,
) -> None:
    """Montre les contrôles de contenu d’un document Word.

    L’adresse de chacun, son genre, ses choix, son invite ou son texte, et où il se trouve.
    """

    def work() -> Report:
        from conventool.commands import inspect as inspecting

        return inspecting.inspect(document)

    _run("inspect", work, as_json=as_json, quiet=quiet)


@app.command(cls=FrenchCommand)
def adopt(
    document: Annotated[Path, _path_argument(metavar="DOCUMENT.docx", help="Un formulaire Word.")],
    output: Annotated[Path, _path_option("--output", "-o", metavar="DOSSIER", help="Dossier du modèle à créer.")],
    placeholder: Annotated[
        list[str] | None,
        typer.Option(
            "--placeholder",
            metavar="INVITE",
            help="Texte à changer en contrôle, ou une famille : […], ……, «…», {{ x }}, MERGEFIELD.",
        ),
    ] = None,
    force: _Force = False,
    as_json: _Json = False,
    quiet: _Quiet = False,
) -> None:
    """Fait un modèle d’un formulaire Word tel que reçu.

    Les contrôles reçoivent une balise, un manifeste est proposé, et ce qui reste à décider est dit.
    """

    def work() -> Report:
        from conventool.commands import adopt as adopting

        return adopting.adopt(document, output, placeholders=placeholder or (), force=force)

    _run("adopt", work, as_json=as_json, quiet=quiet)


@app.command(cls=FrenchCommand)
def check(
    templates: Annotated[
        list[str] | None,
        typer.Argument(metavar="MODÈLE…", help="Noms ou dossiers de modèles ; à défaut, tous."),
    ] = None,
    update: Annotated[bool, typer.Option("--update", help="Accepte le texte des documents comme référence.")] = False,
    annotate: Annotated[
        Path | None,
        _path_option(
            "--annotate", metavar="COPIE.docx", help="Écrit une copie du document, un commentaire par défaut."
        ),
    ] = None,
    junit: Annotated[
        Path | None, _path_option("--junit", metavar="FICHIER.xml", help="Écrit le résultat en JUnit XML.")
    ] = None,
    github: Annotated[
        bool,
        typer.Option(
            "--github",
            envvar="GITHUB_ACTIONS",
            show_envvar=False,
            help="Écrit des annotations GitHub ; d’office dans ses actions.",
        ),
    ] = False,
    as_json: _Json = False,
    quiet: _Quiet = False,
) -> None:
    """Vérifie que les modèles se remplissent encore.

    Chaque modèle est rempli pour toutes les formes d’adhérents, en tous ses exemplaires.
    """

    def work() -> Report:
        from conventool.cli import findings
        from conventool.commands import check as checking

        report = checking.check(templates or (), update=update, annotate=annotate)
        if junit:
            findings.write_junit(report, junit)
        if github and not as_json:
            typer.echo("\n".join(findings.github_annotations(report)))
        return report

    _run("check", work, as_json=as_json, quiet=quiet)


@app.command(cls=FrenchCommand)
def read(
    files: Annotated[list[Path], _path_argument(metavar="FICHIER…", help="Documents remplis, ou leurs dossiers.")],
    template: Annotated[
        str | None,
        typer.Option("--template", "-t", metavar="MODÈLE", help="Leur modèle ; sans lui, il est trouvé."),
    ] = None,
    output: Annotated[
        Path | None,
        _path_option("--output", "-o", metavar="FICHIER", help="Le fichier à écrire : .yaml, .csv ou .xlsx."),
    ] = None,
    force: _Force = False,
    as_json: _Json = False,
    quiet: _Quiet = False,
) -> None:
    """Relit les données dans des conventions remplies."""

    def work() -> Report:
        from conventool.cli.console import progress
        from conventool.commands.read import ReadOptions
        from conventool.commands.read import read as read_all

        with progress(shown=not (as_json or quiet), unit="documents") as watch:
            return read_all(files, ReadOptions(template, output, force), watch)

    _run("read", work, as_json=as_json, quiet=quiet)


@app.command(cls=FrenchCommand)
def verify(
    files: Annotated[
        list[Path] | None,
        _path_argument(metavar="FICHIER…", help="Documents .docx ou .pdf revenus, ou leurs dossiers."),
    ] = None,
    template: Annotated[
        str | None,
        typer.Option("--template", "-t", metavar="MODÈLE", help="Leur modèle ; sans lui, il est trouvé."),
    ] = None,
    data: Annotated[
        Path | None, _path_option("--data", metavar="FICHIER", help="Les données des adhérents, à comparer aussi.")
    ] = None,
    dossier: Annotated[
        Path | None,
        _path_option(
            "--dossier", metavar="DOSSIER", help="Le dossier où ils ont été produits ; seul, il dit ce qui y a changé."
        ),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, metavar="N", help="Processus ; par défaut, un par cœur.")
    ] = None,
    images: Annotated[
        Path | None,
        _path_option("--images", metavar="DOSSIER", help="Où dessiner chaque différence, avec une page à imprimer."),
    ] = None,
    as_json: _Json = False,
    quiet: _Quiet = False,
) -> None:
    """Vérifie que le texte de documents revenus n’a pas changé."""

    def work() -> Report:
        from conventool.cli.console import progress
        from conventool.commands.verify import VerifyOptions
        from conventool.commands.verify import verify as verify_all

        with progress(shown=not (as_json or quiet), unit="documents") as watch:
            return verify_all(files or [], VerifyOptions(template, data, dossier, jobs, images), watch)

    _run("verify", work, as_json=as_json, quiet=quiet)


def _run(command: str, work: Callable[[], Report], *, as_json: bool, quiet: bool) -> None:
    """Do the work of a command, print its report, and end with its exit code."""
    from conventool.core.report import Report

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
    raise typer.Exit(_show(report, as_json=as_json, quiet=quiet))


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
    from conventool.cli.plain import show_plainly

    try:
        if as_json or not show_plainly(report):
            from conventool.cli.console import show

            show(report, as_json=as_json, quiet=quiet)
        sys.stdout.flush()
    except OSError as error:
        silence("stdout")
        from conventool.cli.console import show_problems

        with suppress(OSError):
            show_problems([Problem("unwritable", f"Le résultat ne peut pas être affiché : {reason(error)}.")])
        return ExitCode.UNWRITABLE
    return report.exit_code


def main() -> None:
    """The program, from its arguments to the end of the process.

    Python would first take apart all that was imported, which lasts as long as filling the three copies; once
    everything is written and closed, the system frees it at once.
    """
    code = execute()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        code = ExitCode.UNWRITABLE
    os._exit(code)


def execute() -> int:
    """Do what the arguments ask: every way out has an exit code, and no user sees a traceback for what they did."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # told to end, it leaves as little behind as after Ctrl-C
    prepare_streams()
    _keep_only(sys.argv[1:2])
    try:
        code = app(standalone_mode=False)
    except TyperException as error:
        code = _misused(usage_problem(error))
    except (KeyboardInterrupt, typer.Abort):  # so soon that nothing is begun
        code = ExitCode.INTERRUPTED
    except OSError:  # of the help or the version, which Typer prints itself
        silence("stdout")
        code = ExitCode.UNWRITABLE
    return int(code or 0)


def _keep_only(asked: list[str]) -> None:
    """Forget the other commands when one is asked for: Typer would read the signature of each before it runs one."""
    wanted = [one for one in app.registered_commands if one.callback and one.callback.__name__ in asked]
    app.registered_commands = wanted or app.registered_commands


def _misused(message: str) -> ExitCode:
    """Say what is wrong with the command line, in JSON if it asks for JSON."""
    from conventool.core.report import Report

    if len(sys.argv) == 1:  # the message is the help itself
        typer.echo(message, err=True)
        return ExitCode.USAGE
    problem = Problem("usage", message, "Écrivez « conventool --help » pour voir l’aide.")
    report = Report("conventool", problems=[problem], exit_code=ExitCode.USAGE)
    return _show(report, as_json="--json" in sys.argv, quiet=False)
