"""Documents that LibreOffice opened and saved again, as other formats too: no alarm, and the same data."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from adherents_at_random import adherents
from conventool.adherent.adherent import Adherent
from conventool.adherent.kinds import KINDS
from conventool.commands.verify import VerifyOptions, verify
from conventool.core.errors import ExitCode
from conventool.template.bindings import Binder
from documents.flat import flat
from test_read_back import MODES, adherent_of, copies_of, read_back, template, told
from test_returned_hiding import DATA, MADE
from word_by_hand import CONVENTION, Opened

SOFFICE = shutil.which("soffice")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")]


EACH = 3
"""Adherents of each kind."""


def some_adherents(kind: str, count: int) -> list[Adherent]:
    found: list[Adherent] = []

    @settings(max_examples=count, database=None, derandomize=True, phases=[Phase.generate], deadline=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(data=adherents((kind,)))
    def collect(data: dict[str, object]) -> None:
        found.append(adherent_of(data))

    collect()
    return found


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Adherent]]:
    """Documents of every kind of adherent, kept and unwrapped."""
    folder = tmp_path_factory.mktemp("filled")
    known: dict[str, Adherent] = {}
    for kind in KINDS:
        for rank, adherent in enumerate(some_adherents(kind, EACH)):
            for mode in MODES:
                name = f"{kind}-{rank}-{mode}"
                known[name] = adherent
                (folder / f"{name}.docx").write_bytes(random.Random(name).choice(copies_of(adherent, mode)))
    return folder, known


def converted(files: list[Path], to: str, out: Path) -> list[Path]:
    assert SOFFICE
    profile = (out.parent / "profile").as_uri()
    command = [SOFFICE, "--headless", "--norestore", f"-env:UserInstallation={profile}", "--convert-to", to,
               "--outdir", str(out), *map(str, files)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    found = sorted(out.glob(f"*.{to}"))
    assert len(found) == len(files)
    return found


def all_sound(files: list[Path], known: dict[str, Adherent]) -> None:
    report = verify(files, VerifyOptions())
    # a PDF alone does not say whether annexes ended it: noted
    assert [str(problem) for problem in report.problems if problem.code != "missing-content"] == []
    assert report.exit_code is ExitCode.DONE
    for file in files:
        extraction = read_back(file)
        assert not extraction.differences, file.name
        assert told(adherent_of(extraction.data)) == told(known[file.stem]), file.name


def test_saved_again_by_libreoffice(filled: tuple[Path, dict[str, Adherent]], tmp_path: Path) -> None:
    folder, known = filled
    all_sound(converted(sorted(folder.glob("*.docx")), "docx", tmp_path / "docx"), known)


def test_to_odt_and_back(filled: tuple[Path, dict[str, Adherent]], tmp_path: Path) -> None:
    folder, known = filled
    through = converted(sorted(folder.glob("*.docx")), "odt", tmp_path / "odt")
    all_sound(converted(through, "docx", tmp_path / "docx"), known)


@pytest.mark.parametrize("form", ["doc", "rtf"])
def test_to_older_formats_and_back(filled: tuple[Path, dict[str, Adherent]], tmp_path: Path, form: str) -> None:
    """They know no controls; the text is the same, and nothing that they add is taken for a forgery."""
    folder, _ = filled
    through = converted(sorted(folder.glob("*.docx"))[::6], form, tmp_path / form)
    files = converted(through, "docx", tmp_path / "docx")
    report = verify(files, VerifyOptions())
    assert [str(problem) for problem in report.problems] == []
    assert len(files) >= 20


@pytest.mark.usefixtures("confined_office")
@pytest.mark.parametrize("form", ["odt", "doc", "rtf"])
def test_another_word_processor(filled: tuple[Path, dict[str, Adherent]], tmp_path: Path, form: str) -> None:
    """Read through LibreOffice: at best to be looked at; a word that was changed is found, with its article."""
    folder, _ = filled
    sound, *others = sorted(folder.glob("*.docx"))[:3]
    files = converted([sound, *others], form, tmp_path / form)
    altered = Opened.of(sound.read_bytes())
    body = altered.parts["word/document.xml"]
    altered.parts["word/document.xml"] = body.replace(b"au moins 3 mois", b"au moins 1 mois")
    files += converted([altered.saved(tmp_path / "altere.docx")], form, tmp_path / f"{form}-altere")
    report = verify([tmp_path / form, files[-1]], VerifyOptions(jobs=1))
    assert [one.status for one in report.documents] == ["altered"] + ["doubtful"] * 3
    assert {one.path for one in report.documents} == set(files)
    assert [problem.code for problem in report.problems] == ["altered-text", *["converted"] * 4]
    found, *_ = report.problems
    assert found.place.file == str(files[-1])
    assert found.message.startswith("ARTICLE 6.")
    assert "3 mois" in found.message or "« 3 »" in found.message


def test_printed_to_pdf(filled: tuple[Path, dict[str, Adherent]], tmp_path: Path) -> None:
    """Each adherent in one of the two modes: on paper, without controls, they are the same."""
    folder, known = filled
    bare = tmp_path / "flat"
    bare.mkdir()
    for rank in range(EACH):
        for file in folder.glob(f"*-{rank}-{MODES[rank % 2]}.docx"):
            (bare / file.name).write_bytes(flat(file.read_bytes()))
    all_sound(converted(sorted(bare.glob("*.docx")), "pdf", tmp_path / "pdf"), known)


@pytest.mark.skipif(not list(Path("/usr/share/fonts").rglob("Z003-MediumItalic.*")), reason="Z003 is not installed")
def test_a_ligature_beside_a_letter_is_written_on_none(tmp_path: Path) -> None:
    """Z003 leans: the place of its fi reaches over the letter before it, and is that of both its letters."""
    document = Opened.of((Path(__file__).parent / "cases" / "returns" / "sound.docx").read_bytes())
    for part in (name for name in document.parts if name.endswith(".xml")):
        document.parts[part] = re.sub(
            rb'(w:(?:ascii|hAnsi|cs|eastAsia))(?:Theme)?="[^"]*"', rb'\1="Z003"', document.parts[part]
        )
    (paper,) = converted([document.saved(tmp_path / "revenu.docx")], "pdf", tmp_path / "pdf")
    report = verify([paper], VerifyOptions(data=DATA, jobs=1))
    assert [problem.code for problem in report.problems if problem.code != "missing-content"] == []


def test_alterations_show_in_pdf(tmp_path: Path) -> None:
    """The same changes as a reader of the paper would find."""
    (adherent,) = some_adherents("commune", 1)
    changes = {
        "mois": ("au moins 3 mois à l’avance", "au moins 1 mois à l’avance", "ARTICLE 6."),
        "ne": ("ne saurait être engagée dans", "saurait être engagée dans", "ARTICLE 5.2."),
        "pied": ("1/3 – La Fibre", "1/4 – La Fibre", "Pied de page"),
    }
    values = next(Binder(template()).copies(adherent)).values
    data = template().document.fill(values, "unwrap")
    files = []
    for name, (old, new, _) in changes.items():
        document = Opened.of(data)
        document.parts = {part: body.replace(old.encode(), new.encode()) for part, body in document.parts.items()}
        files.append(document.saved(tmp_path / f"{name}.docx"))
    for pdf in converted(files, "pdf", tmp_path / "pdf"):
        report = verify([pdf], VerifyOptions())
        errors = [problem.message for problem in report.problems if problem.code != "missing-content"]  # the annexes
        assert errors, pdf.name
        assert all(message.startswith(changes[pdf.stem][2]) or "exemplaire" in message for message in errors), errors


def test_annexes_of_the_template_are_no_alteration(tmp_path: Path) -> None:
    """As they are in the template's folder, behind the convention; one with another figure in it is told, or drawn."""
    (adherent,) = some_adherents("commune", 1)
    folder = tmp_path / "avec-annexes"
    shutil.copytree(CONVENTION, folder)
    for name, price in (("tarifs", 50), ("autres", 60)):
        text = f"Annexe 2. Tarifs\nL’heure d’intervention : {price} euros.\n\n\nAnnexe 3\nServices en ligne.\n"
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8-sig")
    (tmp_path / "convention.docx").write_bytes(copies_of(adherent, "unwrap")[0])
    names = ("convention.docx", "tarifs.txt", "autres.txt")
    made = converted([tmp_path / name for name in names], "pdf", tmp_path / "pdf")
    other, convention, prices = sorted(made)
    shutil.copy(prices, folder / "tarifs.pdf")
    with (folder / "template.yaml").open("a", encoding="utf-8") as manifest:
        manifest.write("annexes:\n  - {fichier: tarifs.pdf, titre: Tarifs}\n")
    hidden, noted = tmp_path / "cache.pdf", tmp_path / "note.pdf"
    white = b"Q q 1 g 150 700 200 120 re f Q"
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Rect=[60, 700, 200, 800], F=4)
    with pikepdf.open(prices) as pdf:
        pdf.pages[0].contents_add(pikepdf.Stream(pdf, b"q"), prepend=True)
        pdf.pages[0].contents_add(pikepdf.Stream(pdf, white))
        pdf.save(hidden)
    with pikepdf.open(prices) as pdf:
        pdf.pages[0].obj["/Annots"] = pdf.make_indirect(pikepdf.Array([note]))
        pdf.save(noted)
    told = []
    for annex in (prices, other, hidden, noted):
        with pikepdf.open(convention) as pdf, pikepdf.open(annex) as added:
            pdf.pages.extend(added.pages)
            pdf.save(tmp_path / f"revenu-{annex.name}")
        report = verify([tmp_path / f"revenu-{annex.name}"], VerifyOptions(template=str(folder)))
        told.append([(problem.code, "60 euros" in problem.message) for problem in report.problems
                     if problem.code != "missing-content"])  # fmt: skip
    assert told == [[], [("altered-text", True)], [("drawn-otherwise", False)],
                    [("foreign-content", False), ("drawn-otherwise", False)]]  # fmt: skip


def test_pages_of_another_adherent(tmp_path: Path) -> None:
    """A page that says something of its adherent, in the place of the same page of another; the others are the same."""
    person = {"civilite": "Monsieur", "prenom": "Paul", "nom": "DURAND"}
    people = [MADE, {**MADE, "code_insee": "62043", "adresse": "1 Grand-Place", "representant": person}]
    for name, data in zip("ab", people, strict=True):
        (tmp_path / f"{name}.docx").write_bytes(copies_of(adherent_of(data), "unwrap")[0])
    one, other = converted([tmp_path / "a.docx", tmp_path / "b.docx"], "pdf", tmp_path / "pdf")
    (tmp_path / "liste.yaml").write_text(json.dumps(people, ensure_ascii=False), encoding="utf-8")
    files = []
    for rank in (0, 2, -1):
        with pikepdf.open(one) as pdf, pikepdf.open(other) as taken:
            pdf.pages[rank] = taken.pages[rank]
            files.append(tmp_path / f"page {rank}.pdf")
            pdf.save(files[-1])
    report = verify(files, VerifyOptions(data=tmp_path / "liste.yaml", jobs=1))
    assert [document.status for document in report.documents] == ["altered", "intact", "altered"]
