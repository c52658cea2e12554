"""The commands: arguments in, a report out, which ``execution`` prints and turns into the exit code.

Each imports what it needs when it runs, so that help comes at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.completion import completion_init, get_completion_script  # type: ignore[attr-defined]
from typer.exceptions import TyperException

from conventool import __version__
from conventool.cli import options as opt
from conventool.cli.execution import empty_report, run, show
from conventool.cli.french_help import FrenchGroup, usage_problem
from conventool.cli.settings import find_settings
from conventool.cli.terminal import prepare_streams, silence
from conventool.core.errors import ConventoolError, ExitCode, UsageError
from conventool.core.problems import Problem
from conventool.core.report import Report
from conventool.core.watch import Watch
from conventool.pdf.profiles import Profile
from conventool.template import DEFAULT

__all__ = ["app", "execute", "main"]

_COMPLETION = "_CONVENTOOL_COMPLETE"
"""The variable by which a shell asks for completions."""
_QUOTED = """$(if ($command -match "[\\s'\\u2019]") { "`"$command`"" } else { $command })"""
"""For PowerShell: a name in quotes where it holds a space or an apostrophe, which begins a text there, curly or not."""

app = typer.Typer(
    cls=FrenchGroup,
    help="Remplit les conventions Word des collectivités : trois exemplaires, en bon français.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"conventool {__version__}")
        raise typer.Exit


@app.callback()
def _program(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 (its callback does it)
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Affiche la version.")
    ] = False,
) -> None:
    context.default_map = find_settings(Path.cwd()).by_command()


@FrenchGroup.command
def fill(
    context: typer.Context,
    adherent: opt.Adherent = None,
    dossier: opt.KnownIn = None,
    name_in_dossier: opt.KnownAs = None,
    template: opt.Template = DEFAULT,
    pieces: opt.Pieces = None,
    output: opt.Output = opt.DEFAULT_OUTPUT,
    controls: opt.Controls = "keep",
    pdf: opt.Pdf = False,
    pdf_only: opt.PdfOnly = False,
    pdf_profile: opt.PdfProfile = None,
    signature: opt.Signature = None,
    settings: opt.Set = None,
    force: opt.Force = False,
    allow_revisions: opt.AllowRevisions = False,
    name: opt.Name = None,
    prune: opt.Prune = False,
    dry_run: opt.DryRun = False,
) -> Report:
    """Remplit les trois exemplaires de la convention d’un adhérent.

    « --dossier » et « --adherent » font un avenant ou une lettre d’après un dossier déjà produit.
    """
    from conventool.commands import fill as command

    known = opt.known_in(adherent, dossier, name_in_dossier, opt.asked_for(context, "output"))
    paper = opt.paper(pdf, pdf_only, pdf_profile, signature)
    options = command.RunOptions(
        template, output, controls=controls, force=force, dry_run=dry_run, paper=paper, prune=prune,
        fixed=opt.fixed_values(settings), allow_revisions=allow_revisions, name=name,
        pieces=opt.wanted_pieces(pieces),
    )  # fmt: skip
    return command.fill_from_dossier(*known, options) if known else command.fill(adherent or Path(), options)


@FrenchGroup.command
def batch(
    watch: Watch,
    source: opt.DataFile,
    template: opt.Template = DEFAULT,
    pieces: opt.Pieces = None,
    output: opt.Output = opt.DEFAULT_OUTPUT,
    controls: opt.Controls = "keep",
    pdf: opt.Pdf = False,
    pdf_only: opt.PdfOnly = False,
    pdf_profile: opt.PdfProfile = None,
    signature: opt.Signature = None,
    jobs: opt.BatchJobs = None,
    rejects: opt.Rejects = None,
    sheet: opt.Sheet = None,
    columns: opt.Columns = None,
    settings: opt.Set = None,
    visible: opt.Visible = False,
    lines: opt.Lines = None,
    only: opt.Only = None,
    strict: opt.Strict = False,
    force: opt.Force = False,
    allow_revisions: opt.AllowRevisions = False,
    name: opt.Name = None,
    prune: opt.Prune = False,
    dry_run: opt.DryRun = False,
) -> Report:
    """Remplit les trois exemplaires de chaque adhérent d’une liste."""
    from conventool.commands import batch as command

    options = command.RunOptions(
        template, output, controls, force, dry_run, strict, 1 if jobs is None else jobs, rejects, sheet, columns,
        opt.fixed_values(settings), visible, opt.paper(pdf, pdf_only, pdf_profile, signature, jobs or 0),
        prune, lines=lines, only=only, allow_revisions=allow_revisions, name=name, pieces=opt.wanted_pieces(pieces),
    )  # fmt: skip
    return command.batch(source, options, watch)


@FrenchGroup.command
def pdf(
    watch: Watch,
    documents: opt.WordDocuments,
    output: opt.PdfOutput = None,
    profile: opt.KindOfPdf = Profile.PDFA_2B,
    signature: opt.Signature = None,
    template: opt.Template = DEFAULT,
    jobs: opt.PdfJobs = 0,
    force: opt.Force = False,
) -> Report:
    """Convertit en PDF, par LibreOffice, des documents qui existent."""
    from conventool.commands import pdf as command

    options = command.PdfOptions(profile, output, force, jobs, signature is not None, template)
    return command.pdf(documents, options, watch)


@FrenchGroup.command
def validate(
    watch: Watch,
    source: opt.DataFile,
    template: opt.Template = DEFAULT,
    jobs: opt.Jobs = 1,
    sheet: opt.Sheet = None,
    columns: opt.Columns = None,
    settings: opt.Set = None,
    visible: opt.Visible = False,
    lines: opt.Lines = None,
    only: opt.Only = None,
) -> Report:
    """Vérifie une liste d’adhérents, ou un seul, sans rien écrire."""
    from conventool.commands import batch as command

    options = command.RunOptions(
        template, Path(), jobs=jobs, sheet=sheet, columns=columns,
        fixed=opt.fixed_values(settings), visible_only=visible, lines=lines, only=only,
    )  # fmt: skip
    return command.validate(source, options, watch)


@FrenchGroup.command
def communes(words: opt.Words, as_json: opt.Json = False) -> None:
    """Cherche une commune, une intercommunalité ou un département dans le répertoire officiel."""

    def work() -> Report:
        from conventool.commands import communes as command

        return command.communes(" ".join(words))

    run("communes", work, as_json=as_json, quiet=False)


@FrenchGroup.command
def inspect(document: opt.WordDocument) -> Report:
    """Montre les contrôles de contenu d’un document Word.

    L’adresse de chacun, son genre, ses choix, son texte d’espace réservé ou son texte, et où il se trouve.
    """
    from conventool.commands import inspect as command

    return command.inspect(document)


@FrenchGroup.command
def adopt(
    document: opt.WordDocument,
    output: opt.NewTemplate,
    placeholder: opt.Placeholder = None,
    force: opt.Force = False,
) -> Report:
    """Fait un modèle d’un formulaire Word tel que reçu.

    Les contrôles reçoivent une balise, un manifeste est proposé, et ce qui reste à décider est dit.
    """
    from conventool.commands import adopt as command

    return command.adopt(document, output, placeholders=placeholder or (), force=force)


@FrenchGroup.command
def schema(
    template: opt.Template = DEFAULT,
    output: opt.SchemaOutput = None,
    force: opt.Force = False,
) -> Report:
    """Donne le schéma JSON des données d’un modèle.

    Un éditeur de YAML s’en sert pour proposer et vérifier les champs (docs/donnees.md).
    """
    from conventool.commands import schema as command

    return command.schema(template, output, force=force)


@FrenchGroup.command
def modele(
    template: opt.Template = DEFAULT,
    output: opt.ExampleOutput = None,
    force: opt.Force = False,
) -> Report:
    """Dit ce qu’un modèle demande : chaque champ, s’il est requis, un exemple.

    Avec « -o », l’exemple est écrit dans un fichier, à corriger puis à donner à « fill ».
    """
    from conventool.commands import modele as command

    return command.modele(template, output, force=force)


@FrenchGroup.command
def check(
    templates: opt.Templates = None,
    update: opt.Update = False,
    annotate: opt.Annotate = None,
    junit: opt.Junit = None,
    github: opt.Github = False,
    force: opt.Force = False,
    as_json: opt.Json = False,
) -> Report:
    """Vérifie que les modèles se remplissent encore.

    Chaque modèle est rempli pour toutes les formes d’adhérents, en tous ses exemplaires.
    """
    from conventool.cli import findings
    from conventool.commands import check as command

    report = command.check(templates or (), update=update, annotate=annotate, force=force)
    if junit:
        findings.write_junit(report, junit, force=force)
        report.files = {**report.files, "junit": junit}
    if github and not as_json:
        typer.echo("\n".join(findings.github_annotations(report)))
    return report


@FrenchGroup.command
def read(
    watch: Watch,
    files: opt.FilledDocuments,
    template: opt.TheirTemplate = None,
    output: opt.DataOutput = None,
    force: opt.Force = False,
) -> Report:
    """Relit les données dans des conventions remplies."""
    from conventool.commands import read as command

    return command.read(files, command.ReadOptions(template, output, force), watch)


@FrenchGroup.command
def verify(
    watch: Watch,
    files: opt.ReturnedDocuments = None,
    template: opt.TheirTemplate = None,
    data: opt.TheirData = None,
    dossier: opt.TheirFolder = None,
    jobs: opt.VerifyJobs = None,
    images: opt.Images = None,
    force: opt.Force = False,
) -> Report:
    """Vérifie que le texte de documents revenus n’a pas changé."""
    from conventool.commands import verify as command

    return command.verify(files or [], command.VerifyOptions(template, data, dossier, jobs, images, force), watch)


@FrenchGroup.command
def suivi(
    folder: opt.Folder = opt.DEFAULT_OUTPUT,
    signers: opt.Signers = None,
    day: opt.SignedOn = None,
    party: opt.SignedBy = None,
    as_json: opt.Json = False,
) -> Report:
    """Dit où en sont les conventions, et met à jour le tableau suivi.xlsx.

    Ce qui a été saisi dans le tableau est repris d’abord. « --signer » note une signature à la main.
    """
    from conventool.commands import suivi as command

    signed = command.Signed(*opt.signature(signers, day, party)) if signers or day or party else None
    return command.suivi(folder, signed, details=as_json)


@FrenchGroup.command
def echeances(
    source: opt.FolderOrList = opt.DEFAULT_OUTPUT,
    template: opt.Template = DEFAULT,
    output: opt.DeadlinesOutput = None,
    each: opt.EachCalendar = False,
    sheet: opt.Sheet = None,
    columns: opt.Columns = None,
    force: opt.Force = False,
) -> Report:
    """Calcule les échéances des conventions : préavis, factures, fin ; un classeur et un calendrier."""
    from conventool.commands import echeances as command

    options = command.DeadlinesOptions(template, output, each, force, sheet, columns)
    return command.echeances(source, options)


@FrenchGroup.command
def courriels(
    folder: opt.Folder,
    model: opt.MailModel,
    force: opt.Force = False,
) -> Report:
    """Prépare un brouillon de courriel par adhérent, les bons fichiers joints ; n’envoie rien."""
    from conventool.commands import courriels as command

    return command.courriels(folder, model, force=force)


@FrenchGroup.command
def classeur(
    output: opt.WorkbookOutput,
    source: opt.ListToBring = None,
    template: opt.Template = DEFAULT,
    sheet: opt.Sheet = None,
    columns: opt.Columns = None,
    force: opt.Force = False,
) -> Report:
    """Prépare un classeur à remplir, avec ses listes de choix et ses contrôles, ou y reprend une liste.

    Ses colonnes sont celles que lit « batch » pour ce modèle.
    """
    from conventool.commands import classeur as command

    return command.classeur(source, template, output, sheet=sheet, columns=columns, force=force)


@FrenchGroup.command
def completion(shell: opt.Shell) -> None:
    """Écrit le script par lequel le terminal complète les commandes (docs/reglages.md)."""
    script = get_completion_script(prog_name="conventool", complete_var=_COMPLETION, shell=shell)
    typer.echo(script.replace("$command, $command,", f"{_QUOTED}, $command,"))


@FrenchGroup.command
def participations(
    watch: Watch,
    source: opt.DataFile,
    template: opt.Template = DEFAULT,
    output: opt.Output = opt.DEFAULT_OUTPUT,
    sheet: opt.Sheet = None,
    columns: opt.Columns = None,
    settings: opt.Set = None,
    visible: opt.Visible = False,
    lines: opt.Lines = None,
    only: opt.Only = None,
    force: opt.Force = False,
) -> Report:
    """Calcule ce que doit chaque adhérent d’une liste, ligne par ligne, année par année."""
    from conventool.commands import participations as command
    from conventool.commands.batch import RunOptions

    options = RunOptions(
        template, output, force=force, sheet=sheet, columns=columns, fixed=opt.fixed_values(settings),
        visible_only=visible, lines=lines, only=only,
    )  # fmt: skip
    return command.participations(source, options, watch)


@FrenchGroup.command
def page(
    template: opt.Template = DEFAULT,
    output: opt.Output = opt.DEFAULT_OUTPUT,
    port: opt.Port = 0,
    no_browser: opt.NoBrowser = False,
) -> None:
    """Ouvre une page dans le navigateur, sur cette machine seule : remplir, vérifier, suivre."""

    def work() -> Report:
        try:
            from conventool.page.server import serve
        except ModuleNotFoundError as error:
            hint = (
                'Selon votre installation : uv tool install "conventool[page]", '
                'pipx install --force "conventool[page]" ou python -m pip install "conventool[page]"'
            )
            raise UsageError(Problem("usage", f"La page demande « {error.name} ».", hint)) from error
        from conventool.files.scratch import scratch_folder

        with scratch_folder() as scratch:
            serve(template, output, scratch, port, browser=not no_browser, told=typer.echo)
        return Report("page")

    run("page", work, as_json=False, quiet=False)


def main() -> None:
    """The program, from its arguments to the end of the process."""
    sys.exit(execute())


def execute() -> int:
    """Do what the arguments ask.

    Returns:
        The exit code: every way out has one, and no user sees a traceback for what they did.
    """
    prepare_streams()
    if _COMPLETION in os.environ:
        os.environ["COLUMNS"] = "999"  # else Rich breaks a long help, and a shell proposes its second line
        completion_init()  # Typer does it only where its own options install completion, and those speak English
    try:
        code = app(standalone_mode=False, prog_name="conventool")  # under whatever name a launcher has
    except TyperException as error:
        code = _misused(error)
    except ConventoolError as error:  # of the settings, before any command begins
        report = Report("conventool", problems=error.problems, exit_code=error.exit_code)
        code = show(report, as_json="--json" in sys.argv, quiet=False)
    except (KeyboardInterrupt, typer.Abort):  # so soon that nothing is begun
        code = ExitCode.INTERRUPTED
    except BrokenPipeError:
        silence("stdout")
        code = ExitCode.DONE
    except OSError:  # of the help or the version, which Typer prints itself
        silence("stdout")
        code = ExitCode.UNWRITABLE
    return int(code or 0)


def _misused(error: TyperException) -> ExitCode:
    """Say what is wrong with the command line, in JSON if it asks for JSON."""
    message = usage_problem(error)
    if len(sys.argv) == 1:  # the message is the help itself
        typer.echo(message, err=True)
        return ExitCode.USAGE
    problem = Problem("usage", message, "Écrivez « conventool --help » pour voir l’aide.")
    context = getattr(error, "ctx", None)  # of the command, where it was found
    report = empty_report(str(context.info_name) if context else "conventool", problem, exit_code=ExitCode.USAGE)
    return show(report, as_json="--json" in sys.argv, quiet=False)
