"""The arguments and options of the commands; those that several share stand here once."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from conventool.cli.settings import MOST_JOBS, find_settings
from conventool.core.errors import UsageError
from conventool.core.problems import Problem
from conventool.pdf.profiles import Profile

if TYPE_CHECKING:
    from conventool.documents.pdf_files import Paper

DEFAULT_OUTPUT = Path("conventions")


def _template_names(incomplete: str) -> list[str]:
    """For the shell: the templates whose names begin so."""
    from conventool.template.folder import known_templates  # noqa: PLC0415 (help comes without templates)

    return [name for name in known_templates() if name.startswith(incomplete)]


def _commune_names(incomplete: str) -> list[tuple[str, str]]:
    """For the shell: the communes whose names begin so, and their codes."""
    from conventool.register.communes import Register  # noqa: PLC0415 (help comes without the register)

    found = Register.open().search(incomplete, fuzzy=False) if len(incomplete) > 1 else []
    return [(commune.nom, commune.code) for commune in found[:_MOST_COMPLETED]]


_MOST_COMPLETED = 40

# what cannot be read is told by what reads it, in French and with its own exit code, not by Typer
_path_argument = partial(typer.Argument, readable=False)
_path_option = partial(typer.Option, readable=False)
_PROFILES = "|".join(Profile)

# --- What is given -----------------------------------------------------------------------------------------

Adherent = Annotated[Path | None, _path_argument(metavar="ADHÉRENT.yaml", help="Les données d’un adhérent.")]
KnownIn = Annotated[
    Path | None,
    _path_option(
        "--dossier", metavar="DOSSIER", help="Prend les données dans ce dossier déjà produit ; le document y va aussi."
    ),
]
KnownAs = Annotated[
    str | None,
    typer.Option("--adherent", metavar="NOM", help="L’adhérent de ce dossier : nom, code INSEE ou SIREN."),
]
DataFile = Annotated[
    Path, _path_argument(metavar="LISTE", help="Un fichier .csv, .xlsx, .xls, .ods ou .yaml, ou un dossier de .yaml.")
]
WordDocument = Annotated[Path, _path_argument(metavar="DOCUMENT.docx", help="Un document Word.")]
WordDocuments = Annotated[
    list[Path], _path_argument(metavar="DOCUMENT.docx", help="Des documents Word, ou leurs dossiers.")
]
FilledDocuments = Annotated[
    list[Path], _path_argument(metavar="FICHIER…", help="Documents remplis, ou leurs dossiers.")
]
ReturnedDocuments = Annotated[
    list[Path] | None, _path_argument(metavar="FICHIER…", help="Documents .docx ou .pdf reçus, ou leurs dossiers.")
]
Words = Annotated[
    list[str],
    typer.Argument(
        metavar="MOTS", help="Un nom, un sigle, un code INSEE ou postal, un SIREN.", autocompletion=_commune_names
    ),
]
Templates = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="MODÈLE…", help="Noms ou dossiers de modèles ; à défaut, tous.", autocompletion=_template_names
    ),
]
Shell = Annotated[
    Literal["bash", "zsh", "fish", "powershell"],
    typer.Argument(metavar="bash|zsh|fish|powershell", help="L’interpréteur de commandes."),
]

Folder = Annotated[Path, _path_argument(metavar="DOSSIER", help="Le dossier produit par « batch » ou « fill ».")]
FolderOrList = Annotated[
    Path, _path_argument(metavar="DOSSIER|LISTE", help="Le dossier produit par « batch », une liste, ou un adhérent.")
]

# --- Of the data -------------------------------------------------------------------------------------------

Sheet = Annotated[str | None, typer.Option("--sheet", metavar="NOM", help="Feuille du classeur.")]
Columns = Annotated[
    Path | None,
    _path_option("--columns", metavar="FICHIER", help="Fichier YAML qui dit ce que contient chaque colonne."),
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="CHAMP=VALEUR", help="Valeur d’un champ, quoi que disent les données : forme=commune."
    ),
]
Visible = Annotated[bool, typer.Option("--visible", help="Laisse de côté les lignes que la feuille masque ou filtre.")]
Lines = Annotated[
    str | None, typer.Option("--lignes", metavar="3-7,12", help="Lignes à prendre, par leurs numéros dans le fichier.")
]
Only = Annotated[
    str | None, typer.Option("--seulement", metavar="TEXTE", help="Ne prend que les lignes qui contiennent ce texte.")
]
Strict = Annotated[bool, typer.Option("--strict", help="N’écrit rien si une ligne est rejetée.")]

# --- Of the result -----------------------------------------------------------------------------------------

Template = Annotated[
    str,
    typer.Option(
        "--template",
        "-t",
        metavar="MODÈLE",
        help="Nom d’un modèle, son dossier, ou un document .docx.",
        autocompletion=_template_names,
    ),
]
Pieces = Annotated[
    str | None,
    typer.Option(
        "--pieces", metavar="PIÈCE,…", help="Pièces du modèle à écrire ; à défaut, toutes celles qui ont lieu d’être."
    ),
]
Output = Annotated[Path, _path_option("--output", "-o", metavar="DOSSIER", help="Dossier des documents produits.")]
Controls = Annotated[
    Literal["keep", "unwrap"],
    typer.Option("--controls", metavar="keep|unwrap", help="Garde les contrôles, ou n’en laisse que le texte."),
]
Rejects = Annotated[
    Path | None, _path_option("--rejects", metavar="FICHIER", help="Fichier des lignes rejetées, à corriger.")
]
Force = Annotated[bool, typer.Option("--force", help="Remplace les fichiers qui diffèrent.")]
AllowRevisions = Annotated[
    bool, typer.Option("--allow-revisions", help="Remplit aussi un modèle qui contient des modifications suivies.")
]
Name = Annotated[
    str | None,
    typer.Option("--name", metavar="MOTIF", help='Nom des fichiers d’un formulaire sans manifeste : "{{ nom }}".'),
]
Prune = Annotated[
    bool, typer.Option("--prune", help="Retire du dossier les fichiers remplacés que personne n’a modifiés.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Dit ce qui serait fait, sans rien écrire.")]
Pdf = Annotated[bool, typer.Option("--pdf/--sans-pdf", help="Fait aussi un PDF de chaque document, par LibreOffice.")]
PdfOnly = Annotated[bool, typer.Option("--pdf-only", help="Ne garde que les PDF.")]
PdfProfile = Annotated[
    Profile | None,
    typer.Option("--pdf-profile", metavar=_PROFILES, help="Profil des PDF ; à défaut, pdfa-2b. Demande aussi les PDF."),
]
Signature = Annotated[
    Literal["champs"] | None,
    typer.Option(
        "--signature",
        metavar="champs",
        help="Fait des PDF où chaque partie a un champ de signature vide, et écrit signataires.csv.",
    ),
]
KindOfPdf = Annotated[Profile, typer.Option("--profile", metavar=_PROFILES, help="Profil des PDF.")]
PdfOutput = Annotated[
    Path | None,
    _path_option("--output", "-o", metavar="DOSSIER", help="Dossier des PDF ; à défaut, à côté de chaque document."),
]
NewTemplate = Annotated[Path, _path_option("--output", "-o", metavar="DOSSIER", help="Dossier du modèle à créer.")]
Placeholder = Annotated[
    list[str] | None,
    typer.Option(
        "--placeholder",
        metavar="TEXTE",
        help="Texte à changer en contrôle, ou une famille : […], ……, «…», {{ x }}, MERGEFIELD.",
    ),
]
DataOutput = Annotated[
    Path | None,
    _path_option("--output", "-o", metavar="FICHIER", help="Le fichier à écrire : .yaml, .csv ou .xlsx."),
]

Signers = Annotated[
    list[str] | None,
    typer.Option("--signer", metavar="NOM", help="Adhérent dont une partie a signé : son nom ou son code INSEE."),
]
SignedOn = Annotated[str | None, typer.Option("--le", metavar="DATE", help="Jour de cette signature.")]
SignedBy = Annotated[
    str | None, typer.Option("--par", metavar="PARTIE", help="Qui a signé : fibre, cdg59 ou collectivite.")
]
MailModel = Annotated[
    Path, _path_option("--modele", metavar="FICHIER", help="Le modèle du courriel : sujet, texte, pièces, en YAML.")
]
DeadlinesOutput = Annotated[
    Path | None,
    _path_option("--output", "-o", metavar="DOSSIER", help="Où écrire ; à défaut, dans le dossier donné, ou ici."),
]
EachCalendar = Annotated[
    bool, typer.Option("--par-adherent", help="Écrit aussi un calendrier par adhérent, dans « echeances ».")
]
ListToBring = Annotated[
    Path | None, _path_argument(metavar="LISTE", help="Une liste à reprendre ; à défaut, le classeur est vide.")
]
WorkbookOutput = Annotated[Path, _path_option("--output", "-o", metavar="CLASSEUR.xlsx", help="Le classeur à écrire.")]
ExampleOutput = Annotated[
    Path | None, _path_option("--output", "-o", metavar="FICHIER.yaml", help="Où écrire l’exemple.")
]
SchemaOutput = Annotated[
    Path | None, _path_option("--output", "-o", metavar="FICHIER.json", help="Le fichier à écrire.")
]

# --- Of check and verify -----------------------------------------------------------------------------------

Update = Annotated[bool, typer.Option("--update", help="Accepte le texte des documents comme référence.")]
Annotate = Annotated[
    Path | None,
    _path_option(
        "--annotate", metavar="COPIE.docx", help="Écrit une copie du document, avec un commentaire à chaque défaut."
    ),
]
Junit = Annotated[Path | None, _path_option("--junit", metavar="FICHIER.xml", help="Écrit le résultat en JUnit XML.")]
Github = Annotated[
    bool,
    typer.Option(
        "--github",
        envvar="GITHUB_ACTIONS",
        show_envvar=False,
        help="Écrit des annotations GitHub ; automatique dans GitHub Actions.",
    ),
]
TheirTemplate = Annotated[
    str | None,
    typer.Option(
        "--template",
        "-t",
        metavar="MODÈLE",
        help="Leur modèle ; à défaut, il est trouvé d’après eux.",
        autocompletion=_template_names,
    ),
]
TheirData = Annotated[
    Path | None, _path_option("--data", metavar="FICHIER", help="Les données des adhérents, à comparer aussi.")
]
TheirFolder = Annotated[
    Path | None,
    _path_option(
        "--dossier", metavar="DOSSIER", help="Le dossier où ils ont été produits ; seul, il dit ce qui y a changé."
    ),
]

Images = Annotated[
    Path | None,
    _path_option("--images", metavar="DOSSIER", help="Où dessiner chaque différence, avec une page à imprimer."),
]

# --- Of the work -------------------------------------------------------------------------------------------

Json = Annotated[bool, typer.Option("--json", help="Écrit le résultat en JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="N’écrit que les problèmes.")]
Jobs = Annotated[
    int, typer.Option("--jobs", "-j", min=0, max=MOST_JOBS, metavar="N", help="Nombre de processus ; 0 : un par cœur.")
]
BatchJobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        "-j",
        min=0,
        max=MOST_JOBS,
        metavar="N",
        help="Nombre de processus ; 0 : un par cœur. À défaut, un seul, mais un LibreOffice par cœur.",
    ),
]
PdfJobs = Annotated[
    int,
    typer.Option("--jobs", "-j", min=0, max=MOST_JOBS, metavar="N", help="Nombre de LibreOffice ; 0 : un par cœur."),
]
VerifyJobs = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=1, max=MOST_JOBS, metavar="N", help="Processus ; par défaut, un par cœur."),
]


Port = Annotated[
    int, typer.Option("--port", min=0, max=65535, metavar="N", help="Port de la page ; 0 : un port libre.")
]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="N’ouvre pas le navigateur.")]


def fixed_values(settings: list[str] | None) -> dict[str, str]:
    """The values of ``--set``, by field, and of the settings for the fields that it does not name.

    Raises:
        UsageError: one has no name, or no value.
    """
    values = dict(find_settings(Path.cwd()).fixed)
    for setting in settings or ():
        name, equals, value = setting.partition("=")
        if not equals or not name.strip():
            message = f"« --set {setting} » ne donne pas de valeur à un champ."
            raise UsageError(Problem("usage", message, "Écrivez CHAMP=VALEUR, par exemple --set forme=commune."))
        values[name.strip()] = value.strip()
    return values


def signature(signers: list[str] | None, day: str | None, party: str | None) -> tuple[list[str], str, str]:
    """What ``--signer``, ``--le`` and ``--par`` say together.

    Raises:
        UsageError: one of them is missing.
    """
    if not (signers and day and party):
        message = "« --signer », « --le » et « --par » vont ensemble."
        hint = "Écrivez par exemple : conventool suivi lot --signer Armentières --le 2026-04-02 --par collectivite"
        raise UsageError(Problem("usage", message, hint))
    return signers, day, party


def asked_for(context: typer.Context, name: str) -> str | None:
    """The option of this name, if the command line itself gives it: settings and defaults do not count."""
    source = context.get_parameter_source(name)
    return f"--{name}" if source is not None and source.name == "COMMANDLINE" else None


_NO_DATA = (
    "« conventool modele -o adherent.yaml » en écrit un exemple, « conventool classeur » prépare une liste à remplir."
)
_FROM_DOSSIER = "Écrivez : conventool fill --dossier conventions --adherent Armentières --template avenant"


def known_in(
    source: Path | None, dossier: Path | None, name: str | None, output: str | None
) -> tuple[Path, str] | None:
    """The folder and the name of ``--dossier`` and ``--adherent``; None where a file of data is given.

    Args:
        source: the file.
        dossier: of ``--dossier``.
        name: of ``--adherent``.
        output: the option by which another folder is asked for, if one is.

    Raises:
        UsageError: there are data from both, from neither, or only one of the two options; or another folder is asked.
    """
    if dossier and name and source is None:
        if output:
            message = "Un document fait d’après un dossier va dans ce dossier."
            raise UsageError(Problem("usage", message, f"Ôtez « {output} ».", output))
        return dossier, name
    if dossier or name:
        message = "« --dossier » et « --adherent » vont ensemble, et tiennent lieu de fichier de données."
        raise UsageError(Problem("usage", message, _FROM_DOSSIER))
    if source is None:
        raise UsageError(Problem("usage", "Il manque « ADHÉRENT.yaml ».", _NO_DATA))
    return None


def wanted_pieces(text: str | None) -> tuple[str, ...] | None:
    """The keys in ``--pieces``, which commas part; None for all."""
    keys = tuple(filter(None, (key.strip() for key in (text or "").split(","))))
    return keys or None


def paper(pdf: bool, pdf_only: bool, profile: Profile | None, signature: str | None, jobs: int = 0) -> Paper | None:
    """What PDF files are asked for, by any of the options that ask for some."""
    if not (pdf or pdf_only or profile or signature):
        return None
    from conventool.documents.pdf_files import Paper  # noqa: PLC0415 (most documents stay in Word)

    return Paper(profile or Profile.PDFA_2B, pdf_only, jobs, to_sign=signature is not None)
