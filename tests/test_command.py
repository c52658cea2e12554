"""`conventool` as a process: what its callers see. Nothing of the package is imported here."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import forks
from dossiers import documents_in
from wordtext import document_text

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "adherent.yaml"
EXAMPLE_LIST = ROOT / "examples" / "communes.csv"
TEMPLATE = ROOT / "templates" / "convention-services-numeriques"
ON_POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX alone has this")


def run(*arguments: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program run to its end, never with a traceback; what starts with Python is that of the tests."""
    done = forks.run(arguments, cwd, environment)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def start(*arguments: object, cwd: Path, program: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """The program started and run to its end, never with a traceback."""
    entry = ["-c", program] if program else ["-m", "conventool"]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"} | environment
    done = subprocess.run(
        [sys.executable, *entry, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        cwd=cwd,
        env=environment,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


# --- Exit codes and output ---------------------------------------------------------------------------------


def test_three_copies_are_written_and_told(tmp_path: Path) -> None:
    """Exit 0; the files on stdout, what was assumed on stderr."""
    done = start("fill", EXAMPLE, cwd=tmp_path)
    names = sorted(documents_in(tmp_path / "conventions"))
    assert done.returncode == 0
    assert [name.rpartition("_")[2] for name in names] == ["1-fibre.docx", "2-cdg59.docx", "3-collectivite.docx"]
    assert all(name in done.stdout for name in names)
    assert done.stdout.count("créé") == 3
    assert "Faute d’indication" in done.stderr
    assert "Faute d’indication" not in done.stdout


def test_second_run_changes_nothing(tmp_path: Path) -> None:
    run("fill", EXAMPLE, cwd=tmp_path)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "conventions").iterdir()}
    done = run("fill", EXAMPLE, cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.count("inchangé") == 3
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "conventions").iterdir()} == before


def test_another_process_at_another_time_writes_the_same_bytes(tmp_path: Path) -> None:
    """Neither hash seeds, nor the clock, nor SOURCE_DATE_EPOCH, nor the time zone leave a trace."""
    start("fill", EXAMPLE, "-o", "a", cwd=tmp_path, PYTHONHASHSEED="1", TZ="UTC")
    start("fill", EXAMPLE, "-o", "b", cwd=tmp_path, PYTHONHASHSEED="2", TZ="Asia/Tokyo", SOURCE_DATE_EPOCH="1")
    assert documents_in(tmp_path / "a") == documents_in(tmp_path / "b")


def test_quiet_says_nothing_when_all_is_well(tmp_path: Path) -> None:
    done = run("fill", EXAMPLE, "--quiet", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(documents_in(tmp_path / "conventions")) == 3


def test_dry_run_writes_nothing(tmp_path: Path) -> None:
    done = run("fill", EXAMPLE, "--dry-run", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.count("à écrire") == 3
    assert list(tmp_path.iterdir()) == []


def test_different_file_is_never_overwritten_without_force(tmp_path: Path) -> None:
    """Exit 4, every file in the way named, and not one of the others written."""
    run("fill", EXAMPLE, cwd=tmp_path)
    first, second, third = sorted((tmp_path / "conventions").glob("*.docx"))
    first.write_bytes(b"signed by hand")
    second.write_bytes(b"and this one too")
    third.unlink()
    before = documents_in(tmp_path)
    done = run("fill", EXAMPLE, cwd=tmp_path)
    assert done.returncode == 4
    assert done.stdout == ""
    assert all(path.name in done.stderr for path in (first, second))
    assert "--force" in done.stderr
    assert documents_in(tmp_path) == before
    done = run("fill", EXAMPLE, "--force", cwd=tmp_path)
    assert done.returncode == 0
    assert [done.stdout.count(word) for word in ("remplacé", "créé")] == [2, 1]
    assert b"signed by hand" not in documents_in(tmp_path).values()


def test_problems_of_the_data_are_told_all_at_once(tmp_path: Path) -> None:
    """Exit 1, each problem with file, line and column; nothing written."""
    data = tmp_path / "x.yaml"
    data.write_text("forme: comune\nrepresentant:\n  civilite: Docteur\n", encoding="utf-8")
    done = run("fill", data, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert f"{data}, ligne 1, colonne 8" in done.stderr
    assert f"{data}, ligne 3, colonne 13" in done.stderr
    assert "[unknown-kind]" in done.stderr
    assert "Vouliez-vous dire « commune » ?" in done.stderr.replace("\xa0", " ")
    assert not (tmp_path / "conventions").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 2),
        (["fil"], 2),
        (["fill"], 2),
        (["fill", "a.yaml", "b.yaml"], 2),
        (["fill", "a.yaml", "--nimp"], 2),
        (["fill", "a.yaml", "--controls", "both"], 2),
        (["fill", "a.yaml", "--force=x"], 2),
        (["fill", "a.yaml", "--output"], 2),
        (["fill", "liste.yaml"], 2),
        (["fill", "vide.yaml"], 3),
        (["fill", "rien.yaml"], 3),
        (["fill", "absent.yaml"], 3),
        (["fill", "."], 3),
        (["fill", "absent/x.yaml"], 3),
        (["fill", "liste.yaml/x.yaml"], 3),
        (["fill", EXAMPLE, "-t", "absent"], 3),
        (["fill", EXAMPLE, "-t", "."], 3),
        (["fill", EXAMPLE, "-t", ""], 3),
        (["fill", EXAMPLE, "-o", "liste.yaml"], 4),
        (["fill", EXAMPLE, "-o", "liste.yaml/sous/dossier"], 4),
        (["fill", EXAMPLE, "-o", "x" * 300], 4),
        (["fill", EXAMPLE, "-t", "x" * 300], 3),
        (["batch", "x" * 300], 3),
        pytest.param(["verify", "x" * 300], 3, marks=ON_POSIX),
    ],
)
def test_exit_code_tells_what_kind_of_trouble(arguments: list[object], code: int, tmp_path: Path) -> None:
    """In French, on stderr."""
    (tmp_path / "liste.yaml").write_text("- {forme: commune}\n- {forme: commune}\n", encoding="utf-8")
    (tmp_path / "vide.yaml").write_bytes(b"")
    (tmp_path / "rien.yaml").write_bytes(b"[]")
    before = documents_in(tmp_path)
    done = run(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr
    assert not [word for word in ("No such", "Error", "Invalid", "not a", "Usage") if word in done.stderr]
    assert documents_in(tmp_path) == before


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["--nimp"], 2), (["x.yaml"], 1), (["absent.yaml"], 3), ([EXAMPLE, "-o", "x.yaml"], 4)],
)
def test_json_is_one_object_whatever_happens(arguments: list[object], code: int, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("forme: commune", encoding="utf-8")
    done = run("fill", *arguments, "--json", cwd=tmp_path)
    told = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (code, "")
    assert told["exit_code"] == code
    assert told["problems"][0]["severity"] == "error"


def test_json_is_one_object_as_documented(tmp_path: Path) -> None:
    done = run("fill", EXAMPLE, "--json", cwd=tmp_path)
    told = json.loads(done.stdout)
    assert done.stderr == ""
    assert list(told) == [
        "command", "version", "exit_code", "summary", "template", "settings", "files", "documents", "problems",
    ]  # fmt: skip
    assert (told["command"], told["exit_code"]) == ("fill", 0)
    assert told["summary"].pop("seconds") > 0
    assert told["summary"] == {
        "adherents": 1,
        "accepted": 1,
        "rejected": 0,
        "documents": 3,
        "created": 3,
        "identical": 0,
        "replaced": 0,
    }
    assert [document["copy"] for document in told["documents"]] == ["fibre", "cdg59", "collectivite"]
    for document in told["documents"]:
        data = (tmp_path / document["path"]).read_bytes()
        assert list(document) == ["adherent", "copy", "path", "format", "status", "sha256", "bytes"]
        assert (document["adherent"], document["format"], document["status"]) == ("Armentières", "docx", "created")
        assert document["bytes"] == len(data)
        assert document["sha256"] == sha256(data).hexdigest()
    for problem in told["problems"]:
        assert list(problem) == ["severity", "code", "message", "hint", "field", "value", "place"]
        assert {"file", "sheet", "line", "column"} <= set(problem["place"])
        assert problem["severity"] == "notice"


# --- Consoles ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"PYTHONIOENCODING": "utf-8"}, "créé"),
        ({"PYTHONIOENCODING": "cp1252"}, "cr\ufffd\ufffd"),
        ({"PYTHONIOENCODING": "ascii"}, "cree"),
        ({"PYTHONIOENCODING": "", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "cree"),
        ({"PYTHONIOENCODING": "utf-8", "NO_COLOR": "1", "FORCE_COLOR": ""}, "créé"),
        ({"PYTHONIOENCODING": "utf-8", "TERM": "dumb", "COLUMNS": "1"}, "créé"),
    ],
)
def test_no_console_stops_the_program(environment: dict[str, str], said: str, tmp_path: Path) -> None:
    """What a console cannot show is said in plainer letters; what is not a terminal gets no colours."""
    done = start("fill", EXAMPLE, cwd=tmp_path, **environment)
    assert done.returncode == 0
    assert done.stdout.count(said) == 3
    assert "\x1b" not in done.stdout + done.stderr
    assert "?" not in done.stdout


@pytest.mark.parametrize("width", range(40, 80, 3))
def test_no_line_of_a_table_ends_between_a_sign_and_its_word(width: int, tmp_path: Path) -> None:
    row = "commune;59017;99999;1 rue Haute;Madame;Jeanne;MARTIN;2026-03-12"
    headers = "Forme;Code INSEE;Code postal;Adresse;Civilité;Prénom;Nom du représentant;Date de délibération"
    (tmp_path / "l.csv").write_text(f"{headers}\n{row}\n", encoding="utf-8")
    done = run("validate", "l.csv", cwd=tmp_path, COLUMNS=str(width))
    assert "«\N{NO-BREAK SPACE}99999\N{NO-BREAK SPACE}»" in done.stderr
    assert not re.search(r"« *$|^ *[»:;?!]", done.stderr, re.MULTILINE)


@ON_POSIX
@pytest.mark.parametrize("options", ["", "--json"])
@pytest.mark.parametrize(("redirection", "code"), [(">&-", 0), (">&- 2>&-", 0), (">/dev/full", 4), ("| true", 0)])
def test_lost_output_is_no_crash(options: str, redirection: str, code: int, tmp_path: Path) -> None:
    """A closed, full or deserted stdout: the files are there all the same, and the exit code says the rest."""
    if "full" in redirection and not Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    script = f'"{sys.executable}" -m conventool fill "{EXAMPLE}" {options} {redirection}\nexit ${{PIPESTATUS[0]}}'
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    command = ["bash", "-c", script]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, timeout=60, check=False)
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr
    assert len(documents_in(tmp_path / "conventions")) == 3


@ON_POSIX
@pytest.mark.parametrize("command", ["verify", "read", "pdf"])
def test_a_device_without_end_is_refused_unread(command: str, tmp_path: Path) -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("no device without end")
    done = run(command, "/dev/zero", cwd=tmp_path)
    assert done.returncode == 3
    assert "périphérique" in done.stderr


@ON_POSIX
@pytest.mark.parametrize("option", ["--help", "--version", "fill --help"])
def test_help_that_cannot_be_shown_is_no_crash(option: str, tmp_path: Path) -> None:
    """A full stdout: exit 4, and no traceback."""
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    command = ["bash", "-c", f'"{sys.executable}" -m conventool {option} > /dev/full']
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (4, b"")


def imported(*arguments: str, cwd: Path) -> set[str]:
    """The modules and packages that a command has imported by its end."""
    program = (
        f"import sys; sys.argv = {['conventool', *arguments]!r}\n"
        "from conventool.cli.app import execute\n"
        "code = execute()\n"
        "sys.stderr.write(' '.join(sys.modules))\n"
        "sys.exit(code)"
    )
    done = start(cwd=cwd, program=program)
    assert done.returncode == 0
    modules = set(done.stderr.split())
    return modules | {module.partition(".")[0] for module in modules}


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_help_and_version_import_nothing_heavy(option: str, tmp_path: Path) -> None:
    """Whoever only asks for the version waits for neither XML nor expressions."""
    heavy = {"lxml", "jinja2", "rich", "yaml", "babel", "stdnum", "conventool.commands.fill"}
    assert imported(option, cwd=tmp_path).isdisjoint(heavy)


@pytest.mark.parametrize("option", ["--quiet", "--controls=keep"])
def test_fill_imports_only_what_one_adherent_needs(option: str, tmp_path: Path) -> None:
    """What serves lists, PDF files, mistakes or a person's eyes is not waited for."""
    needless = {
        *("asyncio", "babel", "concurrent", "multiprocessing", "pikepdf", "pypdfium2", "python_calamine", "rapidfuzz"),
        *("rich", "ssl", "stdnum", "xlrd"),
        *("conventool.batch.pdf_stage", "conventool.batch.rejects", "conventool.cli.console", "conventool.pdf.convert"),
        *("conventool.returned", "conventool.sources.headers", "conventool.text.stories"),
        *("conventool.documents.elision", "conventool.documents.form_filler", "conventool.documents.known"),
        *("conventool.adherent.section_lines", "conventool.adherent.split_cells"),
    }
    assert imported("fill", str(EXAMPLE), option, cwd=tmp_path).isdisjoint(needless)


def test_fill_compiles_few_patterns(tmp_path: Path) -> None:
    """Those that few data need are compiled once something like them is met: half of some 150, ten milliseconds."""
    program = (
        "import re, sys; from conventool.cli.app import execute\n"
        "execute()\n"
        "ours = [module for name, module in sys.modules.items() if name.startswith('conventool')]\n"
        "compiled = {id(one) for module in ours for one in vars(module).values() if isinstance(one, re.Pattern)}\n"
        "sys.stderr.write(str(len(compiled)))"
    )
    assert int(start("fill", EXAMPLE, "--quiet", cwd=tmp_path, program=program).stderr) < 90


def test_at_its_end_no_cycle_of_garbage_is_looked_for(tmp_path: Path) -> None:
    """What the program has made is out of the collector's reach once all that is done at the end was done."""
    program = (
        "import atexit, gc, sys; atexit.register(lambda: sys.stderr.write(str(gc.get_freeze_count())))\n"
        "from conventool.__main__ import main\n"
        "main()"
    )
    assert int(start("--version", cwd=tmp_path, program=program).stderr) > 5_000


COMMANDS = ("fill", "batch", "pdf", "validate", "communes", "inspect", "adopt", "check", "read", "verify")


@pytest.mark.parametrize("arguments", [["--help"], *([command, "--help"] for command in COMMANDS)])
def test_help_is_french_throughout(arguments: list[str], tmp_path: Path) -> None:
    """No English word, no sign that only a programmer reads, no sentence cut short."""
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 0
    foreign = ("Usage", "Options:", "Show", "default", "required", "exit", "env var", "...", "x>", "<", "{D", "{F")
    assert not [sign for sign in foreign if sign in done.stdout]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--nimp", "L’option « --nimp » n’existe pas."),
        ("fil", "La commande « fil » n’existe pas. Vouliez-vous dire « fill » ?"),
        ("fill", "Il manque « ADHÉRENT.yaml »."),
        ("fill a b", "En trop : « b »."),
        ("fill a --output", "L’option « --output » attend une valeur."),
        ("fill a --forces", "L’option « --forces » n’existe pas. Options proches : --force, --pieces."),
        ("fill a --force=1", "L’option « --force » ne prend pas de valeur."),
        ("fill a --controls z", "« z » n’est pas possible pour --controls ; on peut écrire « keep », « unwrap »."),
        ("batch a -j z", "Il faut un nombre entier pour --jobs / -j."),
        ("verify a -j 0", "Il faut au moins 1 pour --jobs / -j."),
        ("adopt a", "Il manque l’option « --output / -o »."),
    ],
)
def test_misuse_is_told_in_french(arguments: str, said: str, tmp_path: Path) -> None:
    done = run(*arguments.split(), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr.replace("\N{NO-BREAK SPACE}", " ")


# --- Hostile input -----------------------------------------------------------------------------------------


def test_broken_template_and_hostile_data_end_without_a_traceback(tmp_path: Path) -> None:
    """Exit 3; the many ways are tried without a process of their own in ``test_fill_hostile.py``."""
    shutil.copytree(TEMPLATE, tmp_path / "t")
    manifest = tmp_path / "t" / "template.yaml"
    text = manifest.read_text(encoding="utf-8")
    line = text[: text.index("{{ adherent.nom }}")].count("\n") + 1
    manifest.write_text(text.replace("{{ adherent.nom }}", "{{ ''.__class__ }}", 1), encoding="utf-8")
    (tmp_path / "x.yaml").write_bytes(b"a: &a [x]\nb: *a\n")
    for arguments, place in (
        ([EXAMPLE, "-t", "t"], f"{Path('t', 'template.yaml')}, ligne {line}, colonne 8"),
        (["x.yaml"], "x.yaml, ligne 1, colonne 4"),
    ):
        done = run("fill", *arguments, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (3, "")
        assert place in done.stderr
    assert not (tmp_path / "conventions").exists()


def test_markup_in_values_is_text_and_nothing_else(tmp_path: Path) -> None:
    """XML, Jinja, Rich's markup and terminal codes in the data reach the document as they are, or are refused."""
    wild = "<w:t>&amp; ]]> {{ x }} {% y %} [bold]z[/] %s {0}"
    data = EXAMPLE.read_text(encoding="utf-8").replace("4 place du Général-de-Gaulle", json.dumps(wild))
    (tmp_path / "x.yaml").write_text(data, encoding="utf-8")
    done = run("fill", "x.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    written = list((tmp_path / "conventions").glob("*.docx"))
    assert len(written) == 3
    for path in written:
        assert any(f"sise {wild}, à" in text for text, _ in document_text(path))


def test_terminal_codes_in_a_list_are_not_obeyed(tmp_path: Path) -> None:
    """A header, a value and a file's name, in every place where a list's report repeats them."""
    header = EXAMPLE_LIST.read_text(encoding="utf-8-sig").splitlines()[0]
    (tmp_path / "l.csv").write_text(f"{header};\x1b[31mrouge\x1b]0;\nCCAS;;;;\x1b[32mMadam;;;;\n", encoding="utf-8")
    done = run("batch", "l.csv", "-o", "x\x1b[33m", cwd=tmp_path)
    assert done.returncode == 1
    assert "\\u001b[31mrouge" in done.stderr
    assert "\x1b" not in done.stdout + done.stderr


def test_warnings_are_readable_on_black_and_on_white(tmp_path: Path) -> None:
    """Bold yellow vanishes on white, and a message must not be dimmed because its code is."""
    header, *rows = EXAMPLE_LIST.read_text(encoding="utf-8-sig").splitlines()
    lines = [f"{header};Machin", *(f"{row};" for row in rows)]
    (tmp_path / "l.csv").write_text("\n".join(lines), encoding="utf-8")
    done = start("batch", "l.csv", "--dry-run", cwd=tmp_path, FORCE_COLOR="1", TERM="xterm", COLUMNS="200")
    assert "\x1b[30;43mAttention\x1b[0m" in done.stderr
    assert re.search(r"\x1b\[2m\[unknown-field\]\x1b\[0m", done.stderr)
    assert "\x1b[1;33m" not in done.stderr


def test_marks_of_check_are_told_apart_in_a_code_page_that_lacks_them(tmp_path: Path) -> None:
    done = start("check", "denonciation", cwd=tmp_path, PYTHONIOENCODING="cp1252")
    assert "\n+ " in done.stdout
    assert "\n? " not in done.stdout


def test_terminal_codes_of_a_name_are_not_obeyed(tmp_path: Path) -> None:
    done = run("fill", "\x1b[31m\x07rouge.yaml", cwd=tmp_path)
    assert done.returncode == 3
    assert "rouge.yaml" in done.stderr
    assert "\x1b" not in done.stderr
    assert "\x07" not in done.stderr


WORDS = st.sampled_from(
    ["fill", "communes", "-o", "-t", "--output=x", "--json", "-q", "--force", "--dry-run", "--controls", "unwrap", "-",
     "--", ".", "..", "x.yaml", "convention-services-numeriques", "", "-h", "--version", "é", "«", "\n", "-qf", "--no"]
)  # fmt: skip
ARGUMENT = WORDS | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=5)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ARGUMENT, max_size=6))
def test_any_command_line_ends_with_a_promised_code(tmp_path: Path, arguments: list[str]) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode in {0, 1, 2, 3, 4}, (arguments, done.stderr)
    assert done.stdout or done.stderr or {"-q", "--quiet"} & set(arguments)


# --- Accidents ---------------------------------------------------------------------------------------------


@ON_POSIX
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root reads and writes everything")
@pytest.mark.parametrize(
    ("arguments", "mode", "target", "code"),
    [
        (["fill", "x.yaml", "-o", "out"], 0o000, "x.yaml", 3),
        (["fill", "x.yaml", "-o", "out"], 0o500, "out", 4),
        (["fill", "out/x.yaml"], 0o000, "out", 3),
        (["fill", "x.yaml", "-t", "out"], 0o000, "out", 3),
        (["batch", "out"], 0o000, "out", 3),
        (["batch", "out/x.csv"], 0o000, "out", 3),
        (["verify", "--data", "x.yaml", "x.docx"], 0o000, "x.yaml", 3),
    ],
)
def test_missing_rights_are_told(arguments: list[str], mode: int, target: str, code: int, tmp_path: Path) -> None:
    shutil.copy(EXAMPLE, tmp_path / "x.yaml")
    (tmp_path / "out").mkdir()
    (tmp_path / target).chmod(mode)
    done = run(*arguments, cwd=tmp_path)
    (tmp_path / target).chmod(0o700)
    assert done.returncode == code
    assert "accès refusé" in done.stderr


@ON_POSIX
def test_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    """Exit 4; the old files whole, no new ones, no scraps."""
    start("fill", EXAMPLE, cwd=tmp_path)
    kept, *others = sorted((tmp_path / "conventions").glob("*.docx"))
    kept.write_bytes(b"old")
    for path in others:
        path.unlink()
    before = documents_in(tmp_path)
    program = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "from conventool.cli.app import main\n"
        "main()"
    )
    done = start("fill", EXAMPLE, "--force", cwd=tmp_path, program=program)
    assert done.returncode == 4
    assert "[unwritable]" in done.stderr
    assert documents_in(tmp_path) == before


PAUSED = """
import sys, time
import conventool.{module} as module
real = module.{name}
def paused(*arguments, **options):
    print("ready", file=sys.stderr, flush=True)
    time.sleep(30)
    return real(*arguments, **options)
module.{name} = paused
from conventool.cli.app import main
main()
"""


@ON_POSIX
@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("commands.fill", "read_yaml"),
        ("batch.worker", "compare"),
        ("files.writing", "os.fsync"),
        ("cli.plain", "show_plainly"),
    ],
)
def test_interruption_leaves_nothing_half_done(module: str, name: str, tmp_path: Path) -> None:
    """Exit 130 wherever Ctrl-C falls: all three files or none, and no scraps."""
    program = PAUSED.format(module=module, name=name)
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", program, "fill", str(EXAMPLE)]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        assert process.stderr.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=20)
    assert process.returncode == 130
    assert module == "cli.plain" or "Interrompu" in told
    assert "Traceback" not in told
    left = documents_in(tmp_path)
    assert len(left) == (3 if module == "cli.plain" else 0)
    assert all(file.endswith(".docx") for file in left)


@ON_POSIX
@pytest.mark.parametrize("module", ["typer", "conventool.core.errors"])
def test_interruption_during_the_imports_is_silent(module: str, tmp_path: Path) -> None:
    program = (
        "import os, signal, sys\n"
        "class Slow:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {module!r}: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Slow())\n"
        "from conventool.__main__ import main\n"
        "main()"
    )
    done = start("fill", EXAMPLE, cwd=tmp_path, program=program)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


@ON_POSIX
@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_interruption_where_python_lets_no_error_through_comes_again(number: str, tmp_path: Path) -> None:
    program = (
        "import os, signal, sys, time\n"
        f"signal.signal(signal.{number}, signal.SIG_DFL)\n"  # whoever runs the tests may ignore it
        "import conventool.commands.fill as fill_command\n"
        "class Deaf:\n"
        f"    def __del__(self): os.kill(os.getpid(), signal.{number})\n"
        "def fill(*arguments):\n"
        "    Deaf()\n"
        "    time.sleep(20)\n"
        "    raise KeyError('went on')\n"
        "fill_command.fill = fill\n"
        "from conventool.__main__ import main\n"
        "main()"
    )
    done = start("fill", EXAMPLE, cwd=tmp_path, program=program)
    assert done.returncode == 130
    assert "Interrompu" in done.stderr
    assert "Traceback" not in done.stderr


def test_bug_of_ours_is_confessed(tmp_path: Path) -> None:
    """Exit 70, a short message that says how to report it; the traceback is in a file."""
    program = (
        "import conventool.commands.fill as fill_command\n"
        "def fill(*arguments): raise KeyError('oups')\n"
        "fill_command.fill = fill\n"
        "from conventool.cli.app import main\n"
        "main()"
    )
    logs = tmp_path / "logs"
    logs.mkdir()
    for options in ([], ["--json"]):
        done = start("fill", EXAMPLE, *options, cwd=tmp_path, program=program, TMPDIR=str(logs), TEMP=str(logs))
        told = json.loads(done.stdout)["problems"][0]["hint"] if options else done.stderr
        (log,) = logs.iterdir()
        assert done.returncode == 70
        assert str(log) in told
        assert "oups" not in done.stderr
        assert "KeyError: 'oups'" in log.read_text(encoding="utf-8")
        log.unlink()
