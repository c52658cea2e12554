"""The local page: each screen from end to end, and what does not come from its own browser."""

from __future__ import annotations

import io
import json
import re
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import docx
import httpx2 as httpx
import pytest
from starlette.testclient import TestClient

from conventool.core.report import Report
from conventool.page.guard import MOST_BYTES, Guard
from conventool.page.screens import Screens
from dossiers import documents_in
from test_command import ROOT

HERE = "http://127.0.0.1:8000"
PAGES = ROOT / "src" / "conventool" / "page"
ADHERENT = {
    "forme": "commune", "nom": "Armentières", "adresse": "4 place du Général-de-Gaulle",
    "representant.civilite": "Madame", "representant.prenom": "Jeanne", "representant.nom": "MARTIN",
    "decision.date": "12/03/2026",
}  # fmt: skip
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


class Browser(TestClient):
    """A browser that opened the page: it sends Host and Origin as one does."""

    def __init__(self, folder: Path) -> None:
        (folder / "scratch").mkdir()
        self.token = secrets.token_urlsafe(8)
        self.screens = Screens("convention-services-numeriques", folder / "lot", folder / "scratch", f"/{self.token}")
        super().__init__(Guard(self.screens.app, self.token, 8000), base_url=HERE, headers={"origin": HERE})

    def see(self, path: str, status: int = 200) -> str:
        answer = self.get(f"/{self.token}{path}")
        assert answer.status_code == status
        return answer.text

    def submit(self, path: str, **sent: object) -> str:
        """Send a form, and follow the work to its end."""
        answer = self.post(f"/{self.token}{path}", **sent)  # type: ignore[arg-type]
        for _ in range(600):
            if "/travail/" not in str(answer.url) or 'id="bar"' not in answer.text:
                break
            time.sleep(0.05)
            answer = self.get(str(answer.url))
        assert answer.status_code == 200, answer.text
        return answer.text


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """The page, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    one = Browser(tmp_path)
    yield one
    for job in one.screens.jobs.values():
        job.join()


def archive(browser: Browser, page: str) -> list[str]:
    """The names in the ZIP that a page offers."""
    address = re.search(r'href="([^"]*)">Tout télécharger \(ZIP\)', page)
    assert address
    return zipfile.ZipFile(io.BytesIO(browser.get(address[1]).content)).namelist()


def fetched(browser: Browser, page: str, name: str) -> bytes:
    address = re.search(rf'href="([^"]*)">{re.escape(name)}</a>', page)
    assert address, page
    return browser.get(address[1]).content


# --- Screens -----------------------------------------------------------------------------------------------


def test_one_convention(browser: Browser, tmp_path: Path) -> None:
    """The form asks what the template asks; sent, it gives three documents and the paragraph as it reads."""
    assert 'name="representant.nom"' in browser.see("/convention")
    page = browser.submit("/convention", data=ADHERENT)
    assert "La Commune d’Armentières sise 4 place" in page
    assert sorted(archive(browser, page)) == sorted(documents_in(tmp_path / "lot"))
    assert len(documents_in(tmp_path / "lot")) == 3


@pytest.mark.parametrize(("asked", "to_sign"), [({}, None), ({"pdf": "oui"}, False), ({"signature": "oui"}, True)])
def test_pdf_files_and_signature_fields_are_asked_for(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, asked: dict[str, str], to_sign: bool | None
) -> None:
    """The box is no field of the data; it asks for the PDF files too."""
    seen: list[tuple[str, Any]] = []

    def filled(source: Path, options: Any) -> Report:
        seen.append((source.read_text("utf-8"), options.paper))
        return Report("fill")

    monkeypatch.setattr("conventool.commands.fill.fill", filled)
    assert 'name="signature"' in browser.submit("/convention", data=ADHERENT | asked)
    ((data, paper),) = seen
    assert "signature" not in json.loads(data)
    assert (paper and paper.to_sign) is to_sign
    assert 'name="signature"' in browser.see("/liste")


def test_problems_stand_beside_their_fields(browser: Browser, tmp_path: Path) -> None:
    """What was typed is still there; the field that is wrong is described by its problem."""
    page = browser.submit("/convention", data=ADHERENT | {"decision.date": "31/02/2026", "nom": "Armentiere"})
    for path in ("decision.date", "nom"):
        block = re.search(rf'<div class="field bad">\s*<label for="f-{path}">.*?</div>\s*</div>', page, re.DOTALL)
        assert block
        assert f'aria-describedby="f-{path}-w"' in block[0]
    assert 'value="31/02/2026"' in page
    assert "Vouliez-vous dire Armentières" in page
    assert not (tmp_path / "lot").exists() or not documents_in(tmp_path / "lot")


def test_a_list_that_a_template_needs_is_asked_for_element_by_element(browser: Browser, tmp_path: Path) -> None:
    """Each with its fields together, before what may be left out; a problem stands beside the field of its element."""
    shutil.copytree(ROOT / "examples" / "mise-a-disposition", tmp_path / "templates" / "mise-a-disposition")
    page = browser.see("/convention?modele=mise-a-disposition")
    asked = re.findall(r'name="(materiel[^"]*)"', page.partition("<details")[0])
    assert asked[:4] == ["materiel.0.designation", "materiel.0.serie", "materiel.0.valeur", "materiel.1.designation"]
    first = {"materiel.0.designation": "Écran", "materiel.0.serie": "E1", "materiel.0.valeur": "89,90"}
    own = {
        "modele": "mise-a-disposition",
        "usage": "le prêt",
        "debut": "2026-05-01",
        "fin": "2026-10-31",
        "montant": "120",
    }
    refused = browser.submit("/convention", data=ADHERENT | own | first | {"materiel.1.designation": "Câble"})
    assert re.search(r'id="f-materiel.1.serie-w">.*?Il manque', refused, re.DOTALL)
    assert 'id="f-materiel.0.serie-w"' not in refused
    assert "exemplaires sont prêts" in browser.submit("/convention", data=ADHERENT | own | first)


def test_a_commune_is_found_while_typing(browser: Browser) -> None:
    """By the script as JSON, without it by links that fill the form."""
    found = browser.get(f"/{browser.token}/communes.json?q=hazebr").json()
    fields = {"nom": "Hazebrouck", "code_insee": "59295", "forme": "commune"}
    assert found[0] == {"nom": "Hazebrouck", "detail": "59190\u00a0; code INSEE 59295", "fields": fields}
    assert browser.get(f"/{browser.token}/communes.json?q=59270").json()[0]["nom"] == "Bailleul"
    typed = {"representant.nom": "LECOQTEST", "adresse": "1 rue Haute", "siret": "21590017600011", "pdf": "oui"}
    page = browser.submit("/convention", data={**typed, "q": "hazebr", "action": "chercher"})
    offered = re.search(r'name="choisi" value="([^"]*code_insee=59295[^"]*)"', page)
    assert offered
    filled = browser.submit("/convention", data={**typed, "q": "hazebr", "choisi": offered[1].replace("&amp;", "&")})
    for name, value in {"code_insee": "59295", "forme": "", "representant.nom": "LECOQTEST", "siret": ""}.items():
        assert f'name="{name}" value="{value}"' in filled or (name == "forme" and "<option selected>commune<" in filled)
    assert "exemplaires sont prêts" not in filled
    assert 'value="oui" checked' in filled


def test_a_commune_that_is_typed_but_not_chosen_is_looked_up(browser: Browser) -> None:
    """Enter, or the last button, where only the search was filled in: nothing is missing yet, there is a choice."""
    page = browser.submit("/convention", data={"q": "hazebr", "adresse": "1 rue Haute"})
    assert 'name="choisi"' in page
    assert "À corriger" not in page
    assert 'value="1 rue Haute"' in page


def test_a_row_given_twice_names_the_list_not_where_it_is_kept(browser: Browser, tmp_path: Path) -> None:
    """What a screen says names no private folder, and breaks no line before a sign."""
    lines = (ROOT / "examples" / "communes.csv").read_text(encoding="utf-8-sig").splitlines()
    files = {"liste": ("communes.csv", "\n".join([*lines, lines[1]]).encode(), "text/csv")}
    page = browser.submit("/liste", files=files, data={"action": "produire"})
    assert "déjà dans la liste (communes.csv, ligne 2)" in page
    assert str(tmp_path / "scratch") not in page
    due = browser.submit("/suivi", data={})
    assert "Calendrier\u00a0: echeances.ics" in due


def test_a_file_that_differs_is_named(browser: Browser) -> None:
    """What is in the way, by its name; the page offers to replace it."""
    browser.submit("/convention", data=ADHERENT)
    page = browser.submit("/convention", data=ADHERENT | {"adresse": "5 place du Général-de-Gaulle"})
    assert "convention_commune-d-armentieres_59280_2-cdg59.docx" in page
    assert "Remplacer les fichiers qui diffèrent" in page


def test_what_is_said_often_is_summed_up_by_kind_and_one_is_one(browser: Browser) -> None:
    head = "Forme;Commune;CP;Adresse;Maire;Date de délibération\n"
    towns = ("Armentières;59280", "Hem;59510", "Bailleul;59270", "Lille;59000", "Hazebrouck;59190")
    lines = [f"commune;{town};1 rue Haute;Mme Jeanne LECOQTEST;12/03/2026\n" for town in towns]
    files = {"liste": ("l.csv", (head + "".join(lines)).encode(), "text/csv")}
    page = browser.submit("/liste", files=files, data={"action": "produire"})
    assert re.search(r"<summary>À savoir, \d+\u00a0fois\u00a0: [^<]*</summary>", page)
    files = {"liste": ("l.csv", (head + lines[0]).encode(), "text/csv")}
    page = browser.submit("/liste", files=files, data={"action": "verifier"})
    assert "1 adhérent<" in page
    assert "1 accepté<" in page


def test_a_list_of_one_kind_whose_columns_do_not_say_it(browser: Browser) -> None:
    """The screen says that nothing was done, and has the field that is missing."""
    head = "nom;adresse;code_postal;representant_civilite;representant_prenom;representant_nom;decision_date\n"
    line = "CCAS de Bailleul;3 Grand-Place;59270;Madame;Anne;DURAND;2026-03-12\n"
    files = {"liste": ("liste.csv", (head + line).encode(), "text/csv")}
    refused = browser.submit("/liste", files=files, data={"action": "produire"})
    assert "Rien n’a été fait" in refused
    assert "Forme" in browser.see("/liste")
    done = browser.submit("/liste", files=files, data={"action": "produire", "forme": "ccas"})
    assert "C’est fait" in done
    assert "convention_ccas-de-bailleul_59270_1-fibre.docx" in done


def test_a_list(browser: Browser, tmp_path: Path) -> None:
    """What was understood, problems by line, the rejects and the documents to download."""
    text = (ROOT / "examples" / "communes.csv").read_text(encoding="utf-8-sig")
    first = text.splitlines()[1]
    wrong = first.replace("59017", "59999")
    files = {"liste": ("communes.csv", "\n".join([text.rstrip(), wrong]).encode(), "text/csv")}
    page = browser.submit("/liste", files=files, data={"action": "produire"})
    assert f"ligne {len(text.splitlines()) + 1}" in page
    assert "<td>Nom du représentant</td><td>representant.nom</td>" in page
    assert len(archive(browser, page)) == len(documents_in(tmp_path / "lot")) > 0
    assert b"59999" in fetched(browser, page, "rejets.csv")
    checked = browser.submit("/liste", files=files, data={"action": "verifier"})
    assert "Tout télécharger" not in checked


def test_documents_that_came_back(browser: Browser, tmp_path: Path) -> None:
    """A verdict for each; one that was altered is told with its article."""
    browser.submit("/convention", data=ADHERENT)
    name = min(documents_in(tmp_path / "lot"))
    sound = (tmp_path / "lot" / name).read_bytes()
    document, altered = docx.Document(io.BytesIO(sound)), io.BytesIO()
    for run in (run for paragraph in document.paragraphs for run in paragraph.runs):
        run.text = run.text.replace("mois", "jours") if "mois" in run.text else run.text
    document.save(altered)
    files = [("retours", (name, sound, "")), ("retours", ("autre.docx", altered.getvalue(), ""))]
    page = browser.submit("/retours", files=files)
    assert re.search(rf"intact</span> <a[^>]*>{re.escape(name)}", page)
    assert re.search(r"modifié</span> <a[^>]*>autre.docx", page)
    assert "ARTICLE 6" in page


def test_the_tracking(browser: Browser) -> None:
    """States, the workbook, and on request what is due."""
    assert "n’a pas de suivi" in browser.see("/suivi")
    browser.submit("/convention", data=ADHERENT)
    page = browser.see("/suivi")
    assert fetched(browser, page, "suivi.xlsx").startswith(b"PK")
    assert "Échéances" in browser.submit("/suivi", data={})


def test_templates(browser: Browser, tmp_path: Path) -> None:
    """What one asks for, its check; a signatory changed beside the work, the old template kept."""
    name = "convention-services-numeriques"
    assert "representant.nom" in browser.see(f"/modeles?modele={name}")
    page = browser.submit("/modeles", data={"modele": name, "action": "signataires", "fibre.nom": "D’ARTOIS: #1"})
    assert "le document s’ouvre" in page
    local = tmp_path / "templates" / name
    assert 'nom: "D’ARTOIS: #1"' in (local / "template.yaml").read_text(encoding="utf-8")
    (kept,) = (local / "anciennes").iterdir()
    original = ROOT / "templates" / name / "template.yaml"
    assert (kept / "template.yaml").read_bytes() == original.read_bytes()
    again = browser.submit("/modeles", data={"modele": name, "action": "signataires", "fibre.civilite": "Docteur"})
    assert "Erreur" in again
    assert "civilite: Monsieur" in (local / "template.yaml").read_text(encoding="utf-8")


def test_no_external_resource() -> None:
    """Every page and file is here; nothing is fetched from elsewhere, no script stands in a page."""
    for file in (PAGES / "templates").iterdir():
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"https?://|//[a-z]|\bstyle=|\son[a-z]+=", text), file
        assert not re.search(r"<script(?! src)", text), file


# --- What does not come from its own browser ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {}, 404),
        ("/wrong-token/", {}, 404),
        ("/{token}", {}, 404),
        ("/{token}x/", {}, 404),
        ("/{token}/", {"host": "attacker.example:8000"}, 421),
        ("/{token}/", {"host": "127.0.0.1:9"}, 421),
        ("/{token}/fichier/../guard.py", {}, 404),
        ("/{token}/fichier/..%2fguard.py", {}, 404),
        ("/{token}/fichier/nothing", {}, 404),
        ("/{token}/fichier/page.css/nothing", {}, 404),
        ("/{token}/travail/nothing", {}, 404),
        ("/{token}/nothing", {}, 404),
    ],
)
def test_refused(browser: Browser, path: str, headers: dict[str, str], status: int) -> None:
    answer = browser.get(path.format(token=browser.token), headers=headers)
    assert answer.status_code == status
    assert "text/html" in answer.headers["content-type"]
    assert "script-src 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "origin", ["http://attacker.example", "null", "https://127.0.0.1:8000", "http://127.0.0.1:9", ""]
)
def test_a_foreign_origin_writes_nothing(browser: Browser, origin: str, tmp_path: Path) -> None:
    answer = browser.post(f"/{browser.token}/convention", data=ADHERENT, headers={"origin": origin})
    assert answer.status_code == 403
    assert not (tmp_path / "lot").exists()


@pytest.mark.parametrize(
    "name",
    ["../../dehors.csv", "C:\\dehors.csv", "..\\dehors.csv", "/etc/dehors.csv", "a\nb.csv", ".csv", "x" * 300 + ".csv"],
)
def test_names_stay_inside(browser: Browser, name: str, tmp_path: Path) -> None:
    """Whatever an upload is called, it stands in its private folder."""
    files = {"liste": (name, (ROOT / "examples" / "communes.csv").read_bytes(), "text/csv")}
    browser.submit("/liste", files=files, data={"action": "verifier"})
    assert [path for path in tmp_path.rglob("*dehors*") if tmp_path / "scratch" not in path.parents] == []


def test_too_much(browser: Browser) -> None:
    """A request that says it is too long is not read; nor one that lies; nor a field of ten megabytes."""
    long = browser.post(f"/{browser.token}/liste", headers={"content-length": str(2 * 2**30)}, content=b"x")
    assert long.status_code == 413
    assert "Mo" in long.text
    field = browser.post(f"/{browser.token}/convention", data=ADHERENT | {"nom": "x" * 10 * 2**20})
    assert field.status_code == 400
    assert "champ trop long" in field.text
    many = browser.post(f"/{browser.token}/convention", data={f"f{n}": "x" for n in range(5000)})
    assert many.status_code == 400


def test_more_than_was_said(browser: Browser) -> None:
    """Sent in pieces without a length, it is ended at the bound."""

    def pieces() -> Iterator[bytes]:
        for _ in range(MOST_BYTES // 2**20 + 2):
            yield b"x" * 2**20

    answer = browser.post(
        f"/{browser.token}/liste", content=pieces(), headers={"content-type": "multipart/form-data; boundary=b"}
    )
    assert answer.status_code in {400, 413}


def test_markup_in_values_is_text(browser: Browser) -> None:
    page = browser.submit("/convention", data=ADHERENT | {"nom": HOSTILE, "representant.nom": HOSTILE})
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "<script>alert" not in browser.see("/convention?nom=" + HOSTILE)
    assert "<script>alert" not in browser.see("/convention?modele=" + HOSTILE)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\x00" * 4096, b"%PDF-1.7"])
def test_files_that_are_none(browser: Browser, content: bytes) -> None:
    for path, field, name in (
        ("/liste", "liste", "l.xlsx"),
        ("/retours", "retours", "r.docx"),
        ("/retours", "retours", "r.pdf"),
    ):
        page = browser.submit(path, files={field: (name, content, "")}, data={"action": "verifier"})
        assert "Erreur" in page
        assert "s’est trompé" not in page


@pytest.mark.parametrize("sections", [100, 20_000])
def test_a_path_of_thousands_of_sections_is_refused_in_words(browser: Browser, sections: int) -> None:
    page = browser.submit("/convention", data=ADHERENT | {".".join("a" * sections): "x"})
    assert "À corriger" in page
    assert "s’est trompé" not in page


def test_nothing_chosen(browser: Browser) -> None:
    answer = browser.post(f"/{browser.token}/liste", data={"action": "verifier"})
    assert (answer.status_code, "Aucun fichier" in answer.text) == (400, True)


# --- The process -------------------------------------------------------------------------------------------


def started(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """The program and its address."""
    command = [sys.executable, "-u", "-m", "conventool", "page", "--no-browser", "-o", "lot"]
    environment = {
        "PYTHONPATH": str(ROOT / "src"),
        "PATH": "/usr/bin:/bin",
        "TMPDIR": str(folder / "tmp"),
        "PYTHONUTF8": "1",
    }
    (folder / "tmp").mkdir(exist_ok=True)
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout
    return process, re.findall(r"http://\S+", process.stdout.readline())[0]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a signal that Windows has not")
def test_ended_in_the_middle_of_a_list(tmp_path: Path) -> None:
    """Ctrl-C while two thousand rows are made: what is there is whole, uploads are gone, the list can go on."""
    process, address = started(tmp_path)
    text = (ROOT / "examples" / "communes.csv").read_text(encoding="utf-8-sig").splitlines()
    rows = [text[0]] + [
        f"Autre;;Le Syndicat {n};{n} Grand-Place;Madame;Jeanne;MARTIN;Président;12/03/2026" for n in range(2000)
    ]
    origin = address.rsplit("/", 2)[0]
    sent = httpx.post(
        f"{address}liste",
        files={"liste": ("l.csv", "\n".join(rows).encode(), "text/csv")},
        data={"action": "produire"},
        headers={"origin": origin},
    )
    assert sent.status_code == 303
    seen = [httpx.get(f"{origin}{sent.headers['location']}/etat").json() for _ in range(3)]
    assert all(set(state) == {"stage", "total", "steps", "done"} for state in seen)
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=120)
    assert "Traceback" not in told
    assert list((tmp_path / "tmp").iterdir()) == []
    for path in (tmp_path / "lot").glob("*.docx"):
        assert zipfile.ZipFile(path).testzip() is None


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a signal that Windows has not")
def test_what_was_sent_to_a_page_that_was_killed_is_removed_by_the_next(tmp_path: Path) -> None:
    """As when its window is closed: nobody could remove the uploads."""
    process, address = started(tmp_path)
    files = {"liste": ("l.csv", (ROOT / "examples" / "communes.csv").read_bytes(), "text/csv")}
    httpx.post(f"{address}liste", files=files, headers={"origin": address.rsplit("/", 2)[0]})
    process.kill()
    process.communicate()
    left = set((tmp_path / "tmp").iterdir())
    assert len(list((tmp_path / "tmp").rglob("l.csv"))) == 1
    process, address = started(tmp_path)
    assert left.isdisjoint((tmp_path / "tmp").iterdir())
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a signal that Windows has not")
def test_a_thousand_requests_at_once(tmp_path: Path) -> None:
    """They are answered or refused in words; the program goes on, in bounded memory."""
    from concurrent.futures import ThreadPoolExecutor

    process, address = started(tmp_path)
    try:
        # one client: to make one takes longer than to answer; a connection for each request all the same
        with httpx.Client(timeout=60, headers={"Connection": "close"}) as client, ThreadPoolExecutor(64) as pool:
            answers = list(pool.map(lambda _: client.get(f"{address}convention?q=armen").status_code, range(1000)))
        assert set(answers) <= {200, 503}
        assert 200 in answers
        peak = int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text())[1])  # type: ignore[index]
        assert peak < 400 * 1024
        assert httpx.get(f"{address}liste").status_code == 200
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "conventool", "page", "--no-browser", "--port", port]
        environment = {"PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"}
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
    assert done.returncode == 2
    assert "déjà pris" in done.stderr


DRIVERS = ROOT / "tests" / "page"


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What drives a browser, and judges its pages."""
    if not shutil.which("chromium") or not shutil.which("node"):
        pytest.skip("no browser here")
    folder = tmp_path_factory.mktemp("npm")
    install = ["npm", "install", "--silent", "--no-save", "--prefix", str(folder), "axe-core@4", "puppeteer-core@23"]
    if subprocess.run(install, capture_output=True, timeout=300, check=False).returncode:
        pytest.skip("no registry here")
    return folder


@pytest.mark.slow
def test_in_a_real_browser(modules: Path, tmp_path: Path) -> None:
    """Chromium: axe finds nothing on any screen; the form is filled with the keyboard alone; no scroll at 320 px."""
    process, address = started(tmp_path)
    drive = ["node", str(DRIVERS / "axe.mjs"), address, str(modules), str(ROOT / "examples" / "communes.csv")]
    try:
        done = subprocess.run(drive, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert len(documents_in(tmp_path / "lot")) >= 3
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=120)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a signal that Windows has not")
def test_a_bar_that_moves_two_tabs_and_the_end_of_the_program(modules: Path, tmp_path: Path) -> None:
    """What the tabs of a browser see of it; on the disk, nothing is torn and the last list is made to its end."""
    process, address = started(tmp_path)
    head = "Forme;Nom;CP;Commune;Adresse;Civilité;Prénom;Nom du représentant;Date de délibération"
    line = "SIVU;Eaux {0};59280;Armentières;{0} rue {1};Madame;Jeanne;LECOQTEST;12/03/2026"
    lists = [tmp_path / "liste.csv", tmp_path / "autre.csv"]
    for path, street in zip(lists, ("Haute", "Basse"), strict=True):
        rows = [head, *(line.format(number, street) for number in range(1, 1501))]
        path.write_text("\n".join(rows), encoding="utf-8")
    drive = ["node", str(DRIVERS / "tabs.mjs"), address, str(modules), *map(str, lists), str(process.pid)]
    done = subprocess.run(drive, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        process.kill()
    told, _ = process.communicate(timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert told.endswith("La page est fermée.\n")
    assert len(documents_in(tmp_path / "lot")) == 4500
    assert all(zipfile.ZipFile(path).testzip() is None for path in (tmp_path / "lot").glob("*eaux-99*.docx"))
    with closing(sqlite3.connect(tmp_path / "lot" / "suivi.sqlite")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
