"""The commands: arguments in, exit code out. Each imports what it needs when it runs, so that help comes at once."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

# before Typer, which imports Pydantic: no plugins are used, and to look for them costs a tenth of the start-up
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

import typer
from typer.exceptions import TyperException

from conventool import __version__
from conventool.commandline import FrenchCommand, FrenchGroup, usage_problem
from conventool.errors import ConventoolError, ExitCode

if TYPE_CHECKING:
    from conventool.report import Report

__all__ = ["app", "main"]

DEFAULT_TEMPLATE = "convention-services-numeriques"

app = typer.Typer(
    cls=FrenchGroup,
    help="Remplit les conventions Word des collectivités : trois exemplaires, en bon français.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)

_Template = Annotated[
    str,
    typer.Option("--template", "-t", metavar="MODÈLE", help="Nom d’un modèle, son dossier, ou un document .docx."),
]
_Output = Annotated[Path, typer.Option("--output", "-o", metavar="DOSSIER", help="Dossier des documents produits.")]
_Controls = Annotated[
    Literal["keep", "unwrap"],
    typer.Option("--controls", metavar="keep|unwrap", help="Garde les contrôles, ou n’en laisse que le texte."),
]
_Force = Annotated[bool, typer.Option("--force", help="Remplace les fichiers qui diffèrent.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Dit ce qui serait fait, sans rien écrire.")]
_Json = Annotated[bool, typer.Option("--json", help="Écrit le résultat en JSON.")]
_Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="N’écrit que les problèmes.")]


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


@app.command(cls=FrenchCommand)
def fill(
    adherent: Annotated[Path, typer.Argument(metavar="ADHÉRENT.yaml", help="Les données d’un adhérent.")],
    template: _Template = DEFAULT_TEMPLATE,
    output: _Output = Path("conventions"),
    controls: _Controls = "keep",
    force: _Force = False,
    dry_run: _DryRun = False,
    as_json: _Json = False,
    quiet: _Quiet = False,
) -> None:
    """Remplit les trois exemplaires de la convention d’un adhérent."""

    def work() -> Report:
        from conventool import pipeline

        options = pipeline.FillOptions(template, output, controls, force, dry_run)
        return pipeline.fill(adherent, options)

    _run("fill", work, as_json=as_json, quiet=quiet)


@app.command(cls=FrenchCommand)
def communes(
    words: Annotated[list[str], typer.Argument(metavar="MOTS", help="Un nom, un code INSEE ou un code postal.")],
    as_json: _Json = False,
) -> None:
    """Cherche une commune dans le répertoire officiel."""

    def work() -> Report:
        from conventool import lookup

        return lookup.communes(" ".join(words))

    _run("communes", work, as_json=as_json, quiet=False)


@app.command(cls=FrenchCommand)
def read(
    files: Annotated[list[Path], typer.Argument(metavar="FICHIER…", help="Documents remplis, ou leurs dossiers.")],
    template: Annotated[
        str | None,
        typer.Option("--template", "-t", metavar="MODÈLE", help="Leur modèle ; sans lui, il est trouvé."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FICHIER", help="Le fichier à écrire : .yaml, .csv ou .xlsx."),
    ] = None,
    force: _Force = False,
    as_json: _Json = False,
    quiet: _Quiet = False,
) -> None:
    """Relit les données dans des conventions remplies."""

    def work() -> Report:
        from conventool.returned.reading import ReadOptions
        from conventool.returned.reading import read as read_all

        return read_all(files, ReadOptions(template, output, force))

    _run("read", work, as_json=as_json, quiet=quiet)


@app.command(cls=FrenchCommand)
def verify(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FICHIER…", help="Documents .docx ou .pdf revenus, ou leurs dossiers.")
    ] = None,
    template: Annotated[
        str | None,
        typer.Option("--template", "-t", metavar="MODÈLE", help="Leur modèle ; sans lui, il est trouvé."),
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--data", metavar="FICHIER", help="Les données des adhérents, à comparer aussi.")
    ] = None,
    manifest: Annotated[
        Path | None, typer.Option("--manifest", metavar="FICHIER", help="Le manifeste du lot qui les a produits.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, metavar="N", help="Processus ; par défaut, un par cœur.")
    ] = None,
    as_json: _Json = False,
    quiet: _Quiet = False,
) -> None:
    """Vérifie que le texte de documents revenus est toujours celui du modèle."""

    def work() -> Report:
        from conventool.returned.verifying import VerifyOptions
        from conventool.returned.verifying import verify as verify_all

        return verify_all(files or [], VerifyOptions(template, data, manifest, jobs))

    _run("verify", work, as_json=as_json, quiet=quiet)


def _run(command: str, work: Callable[[], Report], *, as_json: bool, quiet: bool) -> None:
    """Do the work of a command, print its report, and end with its exit code."""
    from conventool.console import show
    from conventool.report import Report

    try:
        report = work()
    except ConventoolError as error:
        report = Report(command, problems=error.problems, exit_code=error.exit_code)
    show(report, as_json=as_json, quiet=quiet)
    raise typer.Exit(report.exit_code)


def main() -> None:
    """The program: every way out has an exit code, and no user sees a traceback for something they did."""
    gc.set_threshold(100_000, 50, 50)  # start-up makes many objects and no garbage
    _prepare_streams()
    try:
        code = app(standalone_mode=False)
    except TyperException as error:
        _complain(usage_problem(error), "Écrivez « conventool --help » pour voir l’aide.")
        code = ExitCode.USAGE
    except KeyboardInterrupt:
        _complain("Interrompu.", "Rien d’incomplet n’a été laissé ; relancez la même commande pour continuer.")
        code = ExitCode.INTERRUPTED
    sys.exit(int(code or 0))


def _prepare_streams() -> None:
    """Let no console refuse a character: what a Windows code page cannot show becomes a question mark."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _complain(message: str, hint: str) -> None:
    typer.echo(f"{message}\n{hint}", err=True)
