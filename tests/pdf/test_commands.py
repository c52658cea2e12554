"""PDF files as users ask for them, the commands run as processes; LibreOffice is faked."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pikepdf
import pytest

import forks
from dossiers import documents_in, told_by

from .conftest import FakeOffice, make_docx, paragraph

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "adherent.yaml"
LIST = ROOT / "tests" / "cases" / "batch" / "quatre-adherents" / "utf-8.csv"
ENVIRONMENT = {"PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"}

# its text begins with the address, which the fake takes for an order
CONTROL = (
    '<w:p><w:sdt><w:sdtPr><w:tag w:val="adresse"/><w:text/></w:sdtPr>'
    "<w:sdtContent><w:r><w:t>x</w:t></w:r></w:sdtContent></w:sdt></w:p>"
)
MANIFEST = """
titre: Essai
document: essai.docx
fichier: "essai_{{ adherent.designation }}_{{ exemplaire.cle }}"
exemplaires: {un: Un, deux: Deux}
controles:
  adresse: "{{ adherent.adresse }}"
"""
ROW = "commune,{code},{postal},{address},Madame,Jeanne,MARTIN,2026-03-12\n"
HEADERS = "Forme,Code INSEE,CP,Adresse,Civilité,Prénom,Nom du représentant,Date de délibération\n"


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "conventool", *map(str, arguments)]


def run(*arguments: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    done = forks.run(arguments, cwd, ENVIRONMENT | environment)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def told(*arguments: object, cwd: Path, **environment: str) -> dict[str, dict[str, str]]:
    """What ``--json`` tells of each file, by name; checked against the disk."""
    done = run(*arguments, "--json", cwd=cwd, **environment)
    files = json.loads(done.stdout)["documents"]
    for file in files:
        if file["status"] not in {"planned", "conflict"}:
            data = (cwd / file["path"]).read_bytes()
            assert (file["sha256"], file["bytes"]) == (sha256(data).hexdigest(), len(data))
    return {Path(file["path"]).name: file for file in files}


def statuses(files: dict[str, dict[str, str]], suffix: str) -> list[str]:
    return [file["status"] for name, file in files.items() if name.endswith(suffix)]


def content(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in sorted(folder.iterdir())}


def documents_converted(fake: FakeOffice) -> int:
    return sum(number for _, number in fake.calls)


def write_template(folder: Path, manifest: str = MANIFEST) -> Path:
    folder.mkdir()
    (folder / "essai.docx").write_bytes(make_docx(CONTROL))
    (folder / "template.yaml").write_text(manifest, encoding="utf-8")
    return folder


def write_list(path: Path, *addresses: str) -> Path:
    communes = [("59017", "59280"), ("59481", "59530"), ("62043", "62730"), ("02408", "02000")]
    rows = (ROW.format(code=code, postal=postal, address=address)
            for (code, postal), address in zip(communes, addresses, strict=False))  # fmt: skip
    path.write_text(HEADERS + "".join(rows), encoding="utf-8")
    return path


def write_annex(path: Path, pages: int = 1) -> Path:
    path.parent.mkdir(exist_ok=True)
    with pikepdf.new() as annex:
        for _ in range(pages):
            annex.add_blank_page()
        annex.save(path)
    return path


# --- fill --------------------------------------------------------------------------------------------------


def test_fill_makes_a_pdf_beside_each_document_once(fake: FakeOffice, tmp_path: Path) -> None:
    first = told("fill", EXAMPLE, "--pdf", cwd=tmp_path)
    assert statuses(first, ".docx") == statuses(first, ".pdf") == ["created"] * 3
    assert {name.removesuffix(".docx") for name in first if name.endswith(".docx")} == {
        name.removesuffix(".pdf") for name in first if name.endswith(".pdf")
    }
    before = content(tmp_path / "conventions")
    assert statuses(told("fill", EXAMPLE, "--pdf", cwd=tmp_path), ".pdf") == ["identical"] * 3
    assert content(tmp_path / "conventions") == before
    assert fake.left_behind() == []


def test_fill_keeps_the_pdf_alone(fake: FakeOffice, tmp_path: Path) -> None:
    files = told("fill", EXAMPLE, "--pdf-only", cwd=tmp_path)
    assert sorted(documents_in(tmp_path / "conventions")) == sorted(files)
    assert statuses(files, ".pdf") == ["created"] * 3


def test_a_pdf_that_differs_is_replaced_by_force_only(fake: FakeOffice, tmp_path: Path) -> None:
    """It may be the signed one."""
    files = told("fill", EXAMPLE, "--pdf", cwd=tmp_path)
    signed = tmp_path / "conventions" / next(name for name in files if name.endswith("1-fibre.pdf"))
    made = signed.read_bytes()
    signed.write_bytes(b"signed")
    done = run("fill", EXAMPLE, "--pdf", cwd=tmp_path)
    assert (done.returncode, signed.read_bytes()) == (4, b"signed")
    assert "file-differs" in done.stderr
    assert signed.name in done.stderr
    assert statuses(told("fill", EXAMPLE, "--pdf", "--force", cwd=tmp_path), ".pdf") == [
        "replaced", "identical", "identical",
    ]  # fmt: skip
    assert signed.read_bytes() == made


def test_a_missing_office_is_told_with_the_line_to_type_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "un.docx").write_bytes(make_docx(paragraph("Texte")))
    for arguments in (["fill", EXAMPLE, "--pdf"], ["batch", LIST, "--pdf-only"], ["pdf", "un.docx", "-o", "sortie"]):
        done = run(*arguments, cwd=tmp_path, CONVENTOOL_SOFFICE="/nowhere/soffice")
        assert done.returncode == 5
        assert "pour installer LibreOffice" in done.stderr
        assert [path.name for path in tmp_path.iterdir()] == ["un.docx"]


def test_a_dry_run_needs_no_office_and_writes_nothing(tmp_path: Path) -> None:
    for arguments in (["fill", EXAMPLE], ["batch", LIST]):
        files = told(*arguments, "--pdf", "--dry-run", cwd=tmp_path, CONVENTOOL_SOFFICE="/nowhere/soffice")
        assert set(statuses(files, ".pdf")) == {"planned"}
        assert len(statuses(files, ".pdf")) == len(statuses(files, ".docx")) > 0
        assert list(tmp_path.iterdir()) == []


# --- pdf ---------------------------------------------------------------------------------------------------


def test_documents_that_exist_become_pdf_and_one_that_cannot_stops_no_other(fake: FakeOffice, tmp_path: Path) -> None:
    for name, text in {"un": "Texte", "deux": "NOTHING", "trois": "Texte"}.items():
        (tmp_path / f"{name}.docx").write_bytes(make_docx(paragraph(text)))
    done = run("pdf", "un.docx", "deux.docx", "trois.docx", "-j", "2", cwd=tmp_path)
    assert done.returncode == 5
    assert "LibreOffice 7.4.7.2" in done.stdout
    assert "conversion-failed" in done.stderr
    assert "deux.docx" in done.stderr
    assert sorted(path.name for path in tmp_path.glob("*.pdf")) == ["trois.pdf", "un.pdf"]
    assert fake.left_behind() == []


@pytest.mark.slow
def test_one_libreoffice_works_on_each_core_unless_told_otherwise(fake: FakeOffice, tmp_path: Path) -> None:
    names = [f"{number:02}.docx" for number in range(40)]
    for name in names:
        (tmp_path / name).write_bytes(make_docx(paragraph("Texte")))
    for folder, options, desks in [("a", [], min(os.cpu_count() or 1, 4)), ("b", ["--jobs", "1"], 1)]:
        before = len(fake.calls)
        assert run("pdf", *names, "-o", folder, *options, cwd=tmp_path, FAKE_SECONDS="0.05").returncode == 0
        assert len({desk for desk, _ in fake.calls[before:]}) == desks


def test_a_document_that_cannot_be_read_stops_no_other(fake: FakeOffice, tmp_path: Path) -> None:
    (tmp_path / "un.docx").write_bytes(make_docx(paragraph("Texte")))
    (tmp_path / "faux.docx").write_bytes(b"no zip")
    done = run("pdf", "un.docx", "faux.docx", "absent.docx", "-o", "sortie", cwd=tmp_path)
    assert done.returncode == 3
    assert done.stderr.count("Erreur") == 2
    assert [path.name for path in (tmp_path / "sortie").iterdir()] == ["un.pdf"]


def test_a_folder_means_the_word_documents_that_it_holds(fake: FakeOffice, tmp_path: Path) -> None:
    for name in ("lot/un.docx", "lot/sous/deux.docm", "lot/~$un.docx", "lot/.trois.docx", "quatre.docx"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(make_docx(paragraph("Texte")))
    (tmp_path / "lot" / "annexe.pdf").write_bytes(b"%PDF-1.7")
    assert run("pdf", "lot", "quatre.docx", "lot/un.docx", cwd=tmp_path).returncode == 0
    made = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.pdf"))
    assert made == ["lot/annexe.pdf", "lot/sous/deux.pdf", "lot/un.pdf", "quatre.pdf"]
    assert (tmp_path / "lot" / "annexe.pdf").read_bytes() == b"%PDF-1.7"
    (tmp_path / "vide").mkdir()
    (tmp_path / "vide" / "annexe.pdf").write_bytes(b"%PDF-1.7")
    done = run("pdf", "vide", cwd=tmp_path)
    assert done.returncode == 2
    assert "Aucun document .docx dans « vide »" in done.stderr.replace("\u00a0", " ")


def test_a_folder_that_was_not_looked_into_is_told(fake: FakeOffice, tmp_path: Path) -> None:
    (tmp_path / "ailleurs").mkdir()
    (tmp_path / "lot").mkdir()
    (tmp_path / "lot" / "un.docx").write_bytes(make_docx(paragraph("Texte")))
    (tmp_path / "lot" / "lien").symlink_to(tmp_path / "ailleurs")
    done = run("pdf", "lot", "--json", cwd=tmp_path)
    assert done.returncode == 1
    assert [one["code"] for one in json.loads(done.stdout)["problems"]] == ["folder-skipped"]
    assert (tmp_path / "lot" / "un.pdf").is_file()


def test_two_documents_of_one_name_are_refused(fake: FakeOffice, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "un.docx").write_bytes(make_docx(paragraph("Texte")))
    done = run("pdf", "a/un.docx", "b/un.docx", "-o", "sortie", cwd=tmp_path)
    assert done.returncode == 2
    assert not (tmp_path / "sortie").exists()
    assert run("pdf", "a/un.docx", "b/un.docx", cwd=tmp_path).returncode == 0


# --- batch -------------------------------------------------------------------------------------------------


def test_a_list_is_registered_with_its_pdf_files_and_done_once(fake: FakeOffice, tmp_path: Path) -> None:
    files = told("batch", LIST, "--pdf", "-o", "out", cwd=tmp_path)
    assert statuses(files, ".docx") == statuses(files, ".pdf") == ["created"] * 12
    listed = {file["path"]: file for file in told_by(tmp_path / "out")["piece"]}
    assert {name: file["sha256"] for name, file in listed.items()} == {
        name: file["sha256"] for name, file in files.items()
    }
    assert [path.endswith(".pdf") for path in listed].count(True) == 12
    assert not list((tmp_path / "out").glob(".conventool*"))
    before, calls = content(tmp_path / "out"), fake.calls
    assert statuses(told("batch", LIST, "--pdf", "-o", "out", cwd=tmp_path), ".pdf") == ["identical"] * 12
    assert (content(tmp_path / "out"), fake.calls) == (before, calls)


def test_a_row_corrected_has_its_own_pdf_files_made_and_no_others(fake: FakeOffice, tmp_path: Path) -> None:
    template = write_template(tmp_path / "essai")
    source = write_list(tmp_path / "l.csv", "1 rue A", "2 rue B")
    run("batch", source, "-t", template, "--pdf-only", "-o", "out", cwd=tmp_path)
    before = documents_converted(fake)
    write_list(source, "1 rue A", "3 rue C")
    files = told("batch", source, "-t", template, "--pdf-only", "--force", "-o", "out", cwd=tmp_path)
    assert statuses(files, ".pdf") == ["identical", "identical", "replaced", "replaced"]
    assert documents_converted(fake) == before + 2
    assert not list((tmp_path / "out").glob("*.docx"))


def test_a_document_that_fails_is_told_and_tried_again_the_next_time(fake: FakeOffice, tmp_path: Path) -> None:
    template = write_template(tmp_path / "essai")
    source = write_list(tmp_path / "l.csv", "1 rue A", "NOTHING", "2 rue B")
    for number in range(2):
        done = run("batch", source, "-t", template, "--pdf", "-o", "out", cwd=tmp_path)
        assert done.returncode == 5
        assert "conversion-failed" in done.stderr
        assert len(list((tmp_path / "out").glob("*.docx"))) == 6
        assert len(list((tmp_path / "out").glob("*.pdf"))) == 4, number
    told_of = told_by(tmp_path / "out")
    there = Counter(piece["adherent"] for piece in told_of["piece"] if piece["sha256"])
    assert [there[adherent["id"]] for adherent in told_of["adherent"]] == [4, 2, 4]


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_goes_on_where_it_was(fake: FakeOffice, tmp_path: Path, how: signal.Signals) -> None:
    """Nothing torn, no process left; what was made is not made again, what there was to say of it is said again."""
    write_annex(tmp_path / "a.pdf")
    head, *rows = LIST.read_text(encoding="utf-8").splitlines()
    listed = [f"{head},Annexes", *(f"{row},a.pdf" for row in rows)]
    (tmp_path / "l.csv").write_text("\n".join(listed), encoding="utf-8")
    arguments = ["batch", "l.csv", "--pdf", "-o", "out"]
    environment = os.environ | ENVIRONMENT | {"FAKE_SECONDS": "0.3"}
    process = subprocess.Popen(
        command(*arguments), cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    until = time.monotonic() + 30
    while len(list(tmp_path.glob("out/*.pdf"))) < 3 and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(how)
    process.communicate(timeout=20)
    assert process.returncode == 130
    assert fake.left_behind() == []
    made = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*.pdf")}
    assert 3 <= len(made) < 12
    for name in made:
        pikepdf.open(tmp_path / "out" / name).close()
    before = documents_converted(fake)
    again = json.loads(run(*arguments, "--json", cwd=tmp_path).stdout)
    papers = [one["status"] for one in again["documents"] if one["format"] == "pdf"]
    assert (len(papers), papers.count("identical")) == (12, len(made))
    assert [one["code"] for one in again["problems"]].count("annex-not-pdfa") == 4
    assert documents_converted(fake) - before <= 12 - len(made) + 1
    assert {name: (tmp_path / "out" / name).stat().st_mtime_ns for name in made} == made


# --- Annexes -----------------------------------------------------------------------------------------------


def test_annexes_of_the_template_are_appended_and_an_absent_one_is_named(fake: FakeOffice, tmp_path: Path) -> None:
    listed = "annexes:\n  - {fichier: tarifs.pdf, titre: Annexe 1}\n  - {fichier: absente.pdf, titre: Annexe 2}\n"
    template = write_template(tmp_path / "essai", MANIFEST + listed)
    with pikepdf.new() as annex:
        annex.add_blank_page()
        annex.add_blank_page()
        annex.save(template / "tarifs.pdf")
    for name, source in {"fill": EXAMPLE, "batch": write_list(tmp_path / "l.csv", "1 rue A")}.items():
        options = ["-t", template, "--pdf-profile", "pdf", "--json", "-o", name]
        done = run(name, source, *options, cwd=tmp_path, FAKE_ALL="PLAIN")
        assert done.returncode == 0, done.stderr
        absent = [one for one in json.loads(done.stdout)["problems"] if one["code"] == "annex-missing"]
        assert len(absent) == 1
        assert "absente.pdf" in absent[0]["message"]
        made = list((tmp_path / name).glob("*.pdf"))
        assert made
        for path in made:
            with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
                assert len(pdf.pages) == 3
                assert [item.title for item in outline.root][1:] == ["Annexe 1"]


def bookmarks(path: Path) -> list[str]:
    """Those behind the document's own."""
    with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
        return [item.title for item in outline.root][1:]


def test_annexes_named_in_the_data_are_looked_for_beside_them(fake: FakeOffice, tmp_path: Path) -> None:
    """Behind those of the template, in their order; an absent one is named with its place, once."""
    template = write_template(tmp_path / "essai", MANIFEST + "annexes:\n  - {fichier: a.pdf, titre: Tarifs}\n")
    write_annex(template / "a.pdf")
    write_annex(tmp_path / "donnees" / "Délibération d'Hazebrouck.pdf", 2)
    write_annex(tmp_path / "donnees" / "plan.pdf")
    names = ["Délibération d'Hazebrouck.pdf", "absente.pdf", "plan.pdf"]
    one, several = tmp_path / "donnees" / "a.yaml", tmp_path / "donnees" / "l.csv"
    listed = "".join(f"  - {name}\n" for name in names)
    one.write_text(f"{EXAMPLE.read_text(encoding='utf-8')}\nannexes:\n{listed}", encoding="utf-8")
    write_list(several, "1 rue A", "2 rue B")
    head, first, second = several.read_text(encoding="utf-8").splitlines()
    several.write_text(f"{head},Annexes\n{first},{'; '.join(names)}\n{second},\n", encoding="utf-8")
    for command, source, place in [("fill", one, None), ("batch", several, "Annexes")]:
        done = run(command, source, "-t", template, "--pdf-profile", "pdf", "--json", "-o", command, cwd=tmp_path)
        told = json.loads(done.stdout)
        (absent,) = [problem for problem in told["problems"] if problem["code"] == "annex-missing"]
        assert (done.returncode, absent["severity"], absent["value"]) == (0, "warning", "absente.pdf")
        where = Path(absent["place"]["file"]), absent["place"]["line"]
        lines = source.read_text(encoding="utf-8").splitlines()
        assert where[0] == source
        assert "absente.pdf" in lines[where[1] - 1]
        assert place in {None, absent["place"]["column"]}
        made = [Path(one["path"]) for one in told["documents"] if one["format"] == "pdf"]
        assert [bookmarks(tmp_path / path) for path in made] == [
            ["Tarifs", "Délibération d'Hazebrouck", "plan"], ["Tarifs", "Délibération d'Hazebrouck", "plan"],
            *([["Tarifs"], ["Tarifs"]] if command == "batch" else []),
        ]  # fmt: skip


@pytest.mark.slow
def test_an_annex_of_the_data_that_changed_has_its_adherents_pdf_files_made_again(
    fake: FakeOffice, tmp_path: Path
) -> None:
    """And no others; as long as nothing changes nothing is done, though there is something to say of the annex."""
    template, source = write_template(tmp_path / "essai"), write_list(tmp_path / "l.csv", "1 rue A", "2 rue B")
    head, first, second = source.read_text(encoding="utf-8").splitlines()
    source.write_text(f"{head},Annexes\n{first},a.pdf\n{second},b.pdf\n", encoding="utf-8")
    write_annex(tmp_path / "a.pdf")
    batch = ["batch", source, "-t", template, "--pdf", "--json", "-o", "out"]

    def documents_and_codes(*options: str) -> tuple[list[str], set[str], int]:
        before = documents_converted(fake)
        told = json.loads(run(*batch, *options, cwd=tmp_path).stdout)
        made = [one["status"] for one in told["documents"] if one["format"] == "pdf"]
        return made, {problem["code"] for problem in told["problems"]}, documents_converted(fake) - before

    both = {"annex-not-pdfa", "annex-missing"}
    made, codes, converted = documents_and_codes()
    assert (made, codes & both, converted) == (["created"] * 4, both, 4)
    made, codes, converted = documents_and_codes()
    assert (made, codes & both, converted) == (["identical"] * 4, both, 0)
    write_annex(tmp_path / "b.pdf")
    made, codes, converted = documents_and_codes()
    assert (made, converted) == (["identical", "identical", "conflict", "conflict"], 2)
    assert "file-differs" in codes
    made, codes, converted = documents_and_codes("--force")
    assert (made, converted) == (["identical", "identical", "replaced", "replaced"], 2)
    made, codes, converted = documents_and_codes()
    assert (made, codes & both, converted) == (["identical"] * 4, {"annex-not-pdfa"}, 0)
    write_annex(tmp_path / "a.pdf", 2)
    made, codes, converted = documents_and_codes("--force")
    assert (made, converted) == (["replaced", "replaced", "identical", "identical"], 2)


def test_a_manifest_that_lists_its_annexes_wrong_is_refused_at_the_line(tmp_path: Path) -> None:
    template = write_template(tmp_path / "essai", MANIFEST + "annexes:\n  - {fichier: a.pdf, title: Annexe}\n")
    done = run("fill", EXAMPLE, "-t", template, cwd=tmp_path)
    assert done.returncode == 3
    assert "annexes.0.title\u00a0» n’est pas un champ" in done.stderr
    assert "fichier, titre" in done.stderr


# --- With the real one -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_convention_on_paper_is_the_convention_in_word(tmp_path: Path) -> None:
    """Five pages, PDF/A-2b by an outside validator, and the same letters in the same order."""
    page = pytest.importorskip("page")
    from .test_real import letters_of_docx

    if shutil.which("soffice") is None or shutil.which("pdftotext") is None:
        pytest.skip("LibreOffice and pdftotext are needed")
    assert run("fill", EXAMPLE, "--pdf", cwd=tmp_path).returncode == 0
    made = sorted((tmp_path / "conventions").glob("*.pdf"))
    assert len(made) == 3
    for rank, path in enumerate(made, 1):
        with pikepdf.open(path) as pdf:
            assert len(pdf.pages) == 5
        assert [failure.rule_id for failure in page.validate_pdf(str(path), profile="2b").failures] == []
        text = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True).stdout.decode("utf-8")
        marks = [line for line in text.splitlines() if re.match(rf"Exemplaire n°\s{rank}/3", line)]
        assert len(marks) == 5
        lines = (line for line in text.replace("\f", "\n").splitlines() if line not in marks)
        letters = "".join("".join(lines).replace("•", "").split())
        assert letters == letters_of_docx(path.with_suffix(".docx").read_bytes())


@pytest.mark.slow
def test_a_pdf_made_of_another_document_is_told_then_made_again(fake: FakeOffice, tmp_path: Path) -> None:
    """By `fill` and `verify` as by `batch`; nobody having touched it, it takes no force to replace it."""
    data = tmp_path / "a.yaml"
    text = EXAMPLE.read_text(encoding="utf-8")
    data.write_text(text, encoding="utf-8")
    assert run("fill", data, "-o", "out", cwd=tmp_path).returncode == 0
    assert run("pdf", *sorted((tmp_path / "out").glob("*.docx")), cwd=tmp_path).returncode == 0
    assert run("verify", "--dossier", "out", cwd=tmp_path).returncode == 0
    data.write_text(text.replace("2026-03-12", "2026-03-13"), encoding="utf-8")
    done = run("fill", data, "-o", "out", "--force", cwd=tmp_path)
    assert (done.returncode, done.stderr.count("[pdf-outdated]"), done.stderr.count(".pdf")) == (0, 1, 3)
    done = run("verify", "--dossier", "out", cwd=tmp_path)
    assert done.returncode == 1
    assert "pdf-outdated" in done.stderr
    assert statuses(told("fill", data, "-o", "out", "--pdf", cwd=tmp_path), ".pdf") == ["replaced"] * 3
    assert run("verify", "--dossier", "out", cwd=tmp_path).returncode == 0


def test_pdf_is_alone_in_the_folder_that_it_writes_in(fake: FakeOffice, tmp_path: Path) -> None:
    from conventool.files.writing import alone_in

    assert run("fill", EXAMPLE, "-o", "out", cwd=tmp_path).returncode == 0
    with alone_in(tmp_path / "out"):
        done = run("pdf", *sorted((tmp_path / "out").glob("*.docx")), cwd=tmp_path)
    assert done.returncode == 4
    assert "Une autre commande" in done.stderr
    assert not list((tmp_path / "out").glob("*.pdf"))
