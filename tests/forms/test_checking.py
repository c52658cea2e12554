"""Each kind of defect is planted in the project's template: it is found, where it is, and nothing else is."""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from time import process_time

import pytest
from openxml_audit import FileFormat, OpenXmlValidator  # type: ignore[import-untyped]

from conventool.adherent.kinds import KINDS
from conventool.authoring import trial
from conventool.authoring.samples import samples, samples_for
from conventool.cli.app import execute
from conventool.cli.findings import github_annotations, junit_xml
from conventool.commands import check as check_command
from conventool.commands.check import CHECKS, Checked, check, check_template
from conventool.core.errors import ExitCode, TemplateError, UsageError
from conventool.core.problems import Severity
from conventool.template.wording import words
from conventool.word.document import Document
from conventool.word.package import Package
from conventool.word.text import text_lines
from conventool.word.validation import audit
from documents.zoo import ZOO
from edits import DOCUMENT, FOOTER, MAIN, TEMPLATE, edited, minimal, parts, rezipped

Change = Callable[[str], str]


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """A copy of the project's template."""
    return Path(shutil.copytree(TEMPLATE, tmp_path / "modele"))


@pytest.fixture
def folder(whole: Path) -> Path:
    """The same without its annexes and letters, to be broken."""
    break_manifest(whole, lambda text: text[: text.index("\npieces:") + 1])
    return whole


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the adherents one in nine is tried: enough for a defect that no word of theirs shows."""
    monkeypatch.setattr(trial, "samples_for", lambda template: islice(samples_for(template), 0, None, 9))


def swap(old: str, new: str) -> Change:
    return lambda text: text.replace(old, new, 1)


def break_document(folder: Path, change: Change, part: str = MAIN) -> None:
    (folder / "convention.docx").write_bytes(edited(DOCUMENT, change, part))


def break_manifest(folder: Path, change: Change) -> None:
    path = folder / "template.yaml"
    before = path.read_text(encoding="utf-8")
    assert change(before) != before
    path.write_text(change(before), encoding="utf-8")


def found(checked: Checked) -> dict[str, list[str]]:
    """The codes of the defects, by check; checks without defect left out."""
    return {name: [problem.code for problem in problems] for name, problems in checked.found.items() if problems}


def test_the_project_s_own_template_is_sound() -> None:
    """No defect at all, in all copies of every sample, in a few seconds of processor."""
    started = process_time()
    checked = check_template(TEMPLATE)
    assert found(checked) == {}
    assert list(checked.found) == list(CHECKS)
    assert checked.documents == 3 * len(list(samples()))
    assert process_time() - started < 20


def test_samples_are_of_every_kind_and_both_genders() -> None:
    """Every kind in the feminine and the masculine, every way to link a commune's name, both renewals, a delegation."""
    tried = [sample.adherent for sample in samples() if sample.adherent]
    wanted = {(key, civility) for key in KINDS if key != "autre" for civility in ("Madame", "Monsieur")}
    assert wanted <= {(adherent.forme, adherent.representant.civilite) for adherent in tried}
    assert {words(adherent).nom_lien for adherent in tried} == {"de ", "d’", "du ", "des ", ""}
    assert {words(adherent).commune_lien for adherent in tried} == {"à ", "au ", "aux "}
    assert {adherent.reconduction for adherent in tried} == {None, "tacite", "expresse"}
    assert any(adherent.representant.delegation for adherent in tried)
    assert "autre" in {adherent.forme for adherent in tried}


# what is changed, in which part, and what must be found
DOCUMENT_DEFECTS = {
    "two controls of one identifier": (
        swap('<w:id w:val="592621097"/>', '<w:id w:val="592620001"/>'), MAIN,
        {"word": ["invalid-for-word"]},
    ),
    "a paragraph in a control inside a sentence": (
        swap("<w:sdtContent><w:r><w:t xml:space=\"preserve\">sise</w:t></w:r></w:sdtContent>",
             "<w:sdtContent><w:p><w:r><w:t>sise</w:t></w:r></w:p></w:sdtContent>"), MAIN,
        {"word": ["invalid-for-word"], "text": ["altered-text", "altered-text"]},
    ),
    "a cell that holds nothing": (
        swap("</w:tc></w:tr>", "</w:tc><w:tc><w:tcPr/></w:tc></w:tr>"), MAIN,
        {"word": ["invalid-for-word"]},
    ),
    "a bookmark that does not end": (
        swap("<w:body><w:p>", '<w:body><w:p><w:bookmarkStart w:id="7" w:name="ici"/>'), MAIN,
        {"word": ["invalid-for-word"]},
    ),
    "two bookmarks of one name": (
        swap("<w:body><w:p>", '<w:body><w:p><w:bookmarkStart w:id="7" w:name="ici"/><w:bookmarkEnd w:id="7"/>'
             '<w:bookmarkStart w:id="8" w:name="ici"/><w:bookmarkEnd w:id="8"/>'), MAIN,
        {"word": ["invalid-for-word"]},
    ),
    "a relationship to nothing": (
        swap("theme/theme1.xml", "theme/theme9.xml"), "word/_rels/document.xml.rels",
        {"word": ["invalid-for-word"]},
    ),
    "an element that Word does not know": (
        swap("<w:sectPr>", '<w:sectPr><w:inconnu w:val="1"/>'), MAIN,
        {"word": ["invalid-for-word"]},
    ),
    "a part that is no XML": (
        lambda text: text[:-1], "word/theme/theme1.xml",
        {"word": ["unreadable"]},
    ),
    "a control that lost its tag's name": (
        swap('<w:tag w:val="sise"/>', '<w:tag w:val="autre"/>'), MAIN,
        {"manifest": ["control-missing", "control-unbound"]},
    ),
    "two controls of one tag": (
        swap('<w:tag w:val="sise"/>', '<w:tag w:val="adresse"/>'), MAIN,
        {"manifest": ["control-missing"]},
    ),
    "a word of the text": (
        swap("un coût de 50 euros", "un coût de 55 euros"), MAIN,
        {"text": ["altered-text"]},
    ),
    "a paragraph more": (
        swap("<w:sectPr", "<w:p><w:r><w:t>Clause ajoutée.</w:t></w:r></w:p><w:sectPr"), MAIN,
        {"text": ["altered-text"]},
    ),
    "a paragraph less": (
        lambda text: re.sub(r"<w:p>(?:(?!<w:p>).)*Les factures seront déposées.*?</w:p>", "", text), MAIN,
        {"text": ["altered-text"]},
    ),
    "the footer's text": (
        swap("<w:r><w:t>/</w:t></w:r>", "<w:r><w:t> sur </w:t></w:r>"), FOOTER,
        {"text": ["altered-text"]},
    ),
    "a choice gone from a closed list": (
        swap('<w:listItem w:displayText="expresse" w:value="expresse"/>', ""), MAIN,
        {"lists": ["list-item-missing"]},
    ),
    "a choice gone from a list that takes others": (
        swap('<w:listItem w:displayText="La Régie" w:value="La Régie"/>', ""), MAIN,
        {"lists": ["list-item-missing"]},
    ),
    "a prompt left as plain text": (
        swap("Pour le CDG59", "Pour le CDG59 Choisissez un élément."), MAIN,
        {"text": ["altered-text"], "prompts": ["leftover-placeholder"]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("defect", DOCUMENT_DEFECTS)
def test_a_defect_of_the_document_is_found_and_nothing_else(
    folder: Path, defect: str, request: pytest.FixtureRequest
) -> None:
    """Broken in one place, it is told under its own check alone, and located in the document."""
    change, part, expected = DOCUMENT_DEFECTS[defect]
    if "lists" not in expected:
        request.getfixturevalue("few")
    break_document(folder, change, part)
    checked = check_template(folder)
    assert found(checked) == expected
    for problem in checked.problems:
        assert problem.place.file is not None
        assert problem.place.part is not None or problem.place.line is not None
        if problem.code not in {"invalid-for-word", "unreadable", "control-missing", "control-ambiguous"}:
            assert problem.place.paragraph is not None
            assert problem.place.context


def test_a_document_with_tracked_changes_in_a_control_is_told(folder: Path) -> None:
    """Such a control cannot be filled: nothing renders until the change is accepted."""
    break_document(folder, swap('<w:r><w:t xml:space="preserve">sise</w:t></w:r>',
                                '<w:ins w:id="9" w:author="x" w:date="2026-01-01T00:00:00Z"><w:r>'
                                "<w:t>sise</w:t></w:r></w:ins>"))  # fmt: skip
    checked = check_template(folder)
    assert found(checked) == {"rendering": ["control-tracked"]}
    assert checked.found["rendering"][0].place.paragraph == 11


MANIFEST_DEFECTS = {
    "a control that nothing serves": (
        swap('  sise: "{{ adherent.sise }}"\n', ""),
        {"manifest": ["control-unbound"]},
    ),
    "a line that meets no control": (
        swap("  sise: ", '  siege: "x"\n  sise: '),
        {"manifest": ["control-missing"]},
    ),
    "a word that does not exist": (
        swap("adherent.sise", "adherent.sisee"),
        {"rendering": ["bad-expression"]},
    ),
    "two words that do not exist": (
        lambda text: text.replace("adherent.sise", "adherent.sisee").replace("adherent.nom }}", "adherent.nome }}"),
        {"rendering": ["bad-expression", "bad-expression"]},
    ),
    "a date that is none": (
        swap("{{ adherent.decision_date }}", "{{ adherent.nom }}"),
        {"rendering": ["bad-date"] * 13},
    ),
    "copies of one name": (
        swap("_{{ exemplaire.rang }}-{{ exemplaire.cle }}", ""),
        {"rendering": ["bad-expression"]},
    ),
    "a prompt given as a value": (
        swap('"{{ adherent.organe }}"', '"Organe délibérant."'),
        {"prompts": ["leftover-placeholder"]},
    ),
}


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("defect", MANIFEST_DEFECTS)
def test_a_defect_of_the_manifest_is_found_and_nothing_else(folder: Path, defect: str) -> None:
    """Broken in one line, it is told under its own check alone, at its line or its control."""
    change, expected = MANIFEST_DEFECTS[defect]
    break_manifest(folder, change)
    checked = check_template(folder)
    got = found(checked)
    if defect == "a date that is none":  # once for each name that is refused, however many those are
        assert set(got) == {"rendering"}
        assert set(got["rendering"]) == {"bad-date"}
    else:
        assert got == expected
    for problem in checked.problems:
        assert problem.place.line is not None or problem.place.paragraph is not None


def test_what_does_not_open_ends_the_checks(folder: Path) -> None:
    """A damaged document or manifest is one defect; the checks that need it are not made."""
    (folder / "convention.docx").write_bytes(b"PK")
    assert found(check_template(folder)) == {"document": ["unreadable"]}
    (folder / "template.yaml").write_text("titre: x\n", encoding="utf-8")
    checked = check_template(folder)
    assert list(checked.found) == ["document"]
    assert {problem.code for problem in checked.problems} == {"missing-field"}


def test_an_adherent_of_the_template_s_own_is_tried(folder: Path) -> None:
    """``exemples/`` may hold what a template must cope with; a faulty one is told with its line."""
    (folder / "exemples").mkdir()
    sound = (TEMPLATE.parents[1] / "examples" / "adherent.yaml").read_text(encoding="utf-8")
    (folder / "exemples" / "un.yaml").write_text(sound, encoding="utf-8")
    checked = check_template(folder)
    assert found(checked) == {}
    assert checked.documents == 3 * (len(list(samples())) + 1)
    (folder / "exemples" / "un.yaml").write_text(sound.replace("commune\n", "comune\n", 1), encoding="utf-8")
    checked = check_template(folder)
    assert found(checked)["rendering"][0] == "unknown-kind"


@pytest.mark.usefixtures("few")
def test_golden_text_is_written_anew_only_when_asked(folder: Path) -> None:
    """Missing or different it is a defect; ``--update`` writes it and shows what changed."""
    golden = folder / "convention.txt"
    before = golden.read_text(encoding="utf-8")
    golden.unlink()
    assert found(check_template(folder)) == {"text": ["golden-missing"]}
    assert not golden.exists()
    assert found(check_template(folder, update=True)) == {}
    assert golden.read_text(encoding="utf-8") == before
    break_document(folder, swap("un coût de 50 euros", "un coût de 55 euros"))
    [problem] = check_template(folder).problems
    assert problem.message == "Texte changé : « coût de 50 euros de » devient « coût de 55 euros de »."
    refused = check([str(folder)], update=True)
    assert refused.exit_code is ExitCode.UNWRITABLE
    assert "+Chaque intervention" in refused.texts[0]
    assert golden.read_text(encoding="utf-8") == before
    report = check([str(folder)], update=True, force=True)
    assert report.exit_code is ExitCode.DONE
    assert "-Chaque intervention" in report.texts[0]
    assert "+Chaque intervention" in report.texts[0]
    assert golden.read_text(encoding="utf-8") == before.replace("50 euros", "55 euros")


def test_production_reads_the_golden_text_that_the_judge_reads() -> None:
    """The kept text of the project's template, made by other code, is reproduced to the letter."""
    document = Document(Package.open(DOCUMENT))
    text = "".join(f"{line}\n" for line, _ in text_lines(document))
    assert text == (TEMPLATE / "convention.txt").read_text(encoding="utf-8")


@pytest.mark.usefixtures("few")
def test_a_control_may_be_left_as_it_is(folder: Path) -> None:
    """Named under « laisser », it need not be served; what is named there must exist, and be named once."""
    break_manifest(folder, swap('  sise: "{{ adherent.sise }}"\n', ""))
    assert found(check_template(folder)) == {"manifest": ["control-unbound"]}
    break_manifest(folder, lambda text: text + "laisser: [sise]\n")
    assert found(check_template(folder)) == {}
    break_manifest(folder, swap("laisser: [sise]", "laisser: [sise, rien, adresse]"))
    problems = check_template(folder).found["manifest"]
    assert [problem.code for problem in problems] == ["control-missing", "control-conflict"]
    assert all((problem.place.line or 0) > 60 for problem in problems)


def test_warnings_alone_do_not_fail(folder: Path) -> None:
    """A combo box takes any text: an item that it lacks is told, and the exit code stays 0."""
    break_document(folder, swap('<w:listItem w:displayText="La Régie" w:value="La Régie"/>', ""))
    report = check([str(folder)])
    assert [problem.severity for problem in report.problems] == [Severity.WARNING]
    assert report.exit_code is ExitCode.DONE


def test_without_names_every_template_is_checked(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the program, and those of ./templates; on no adherents, for their names are asked alone."""
    monkeypatch.setattr(check_command, "try_samples", lambda *_: trial.Trial())
    (tmp_path / "templates").mkdir()
    shutil.move(whole, tmp_path / "templates" / "modele")
    monkeypatch.chdir(tmp_path)
    names = [checked.name for checked in check([]).templates]
    pieces = ["annexe-1", "annexe-2", "annexe-3", "deliberation", "courrier"]
    assert names == ["avenant", TEMPLATE.name, *(f"{TEMPLATE.name}, {piece}" for piece in pieces),
                     "denonciation", "modele", *(f"modele, {piece}" for piece in pieces)]  # fmt: skip
    with pytest.raises(UsageError):
        check([], annotate=tmp_path / "copie.docx")
    with pytest.raises(TemplateError):
        check(["inconnu"])


@pytest.fixture
def broken(folder: Path) -> Path:
    """Three defects: one in a paragraph, one in the footer, one in the manifest."""
    files = parts(edited(DOCUMENT, swap("un coût de 50 euros", "un coût de 55 euros")))
    files[FOOTER] = files[FOOTER].replace(b"<w:r><w:t>/</w:t></w:r>", b"<w:r><w:t> sur </w:t></w:r>")
    (folder / "convention.docx").write_bytes(rezipped(files))
    break_manifest(folder, swap('  sise: "{{ adherent.sise }}"\n', ""))
    return folder


@pytest.mark.usefixtures("few")
def test_json_and_junit_and_annotations_tell_the_same(broken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three renderings of one result, of a template with an annexe."""
    pieces = (TEMPLATE / "template.yaml").read_text(encoding="utf-8").partition("\npieces:\n")[2]
    break_manifest(broken, lambda text: f"{text}pieces:\n{pieces.partition('  annexe-2:')[0]}")
    monkeypatch.chdir(broken)
    report = check([str(broken)])
    assert report.exit_code is ExitCode.PROBLEMS
    told = json.loads(json.dumps(report.as_json()))
    assert (told["summary"]["templates"], told["summary"]["sound"]) == (2, 1)  # the annexe is as it was
    checks = told["templates"][0]["checks"]
    assert {name: len(problems) for name, problems in checks.items() if problems} == {"manifest": 1, "text": 2}
    place = checks["manifest"][0]["place"]
    assert (place["part"], place["paragraph"], place["control"]) == (MAIN, 11, "tag:sise")

    suite = ET.fromstring(junit_xml(report))[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == (str(len(CHECKS)), "2", "0")
    assert len(suite.findall("testcase/failure")) == 3

    lines = list(github_annotations(report))
    assert len(lines) == 3
    assert lines[0].startswith("::error file=convention.docx,title=control-unbound::")
    assert all("\n" not in line for line in lines)


@pytest.mark.usefixtures("few")
def test_annotated_copy_has_a_comment_at_each_defect(broken: Path, tmp_path: Path) -> None:
    """The comments stand where the defects are; the text stays as it was and Word opens the copy."""
    copy = tmp_path / "copie.docx"
    check([str(broken)], annotate=copy)
    assert [str(error) for error in OpenXmlValidator(FileFormat.MICROSOFT_365).validate(copy).errors] == []
    before, after = parts(broken / "convention.docx"), parts(copy)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {MAIN, "word/comments.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"}
    comments = after["word/comments.xml"].decode("utf-8")
    assert comments.count("<w:comment ") == 3
    assert "55 euros" in comments
    body = after[MAIN].decode("utf-8")
    around = re.findall(r'<w:commentRangeStart w:id="\d"/>(.*?)<w:commentRangeEnd', body)
    assert any('<w:tag w:val="sise"/>' in one and len(one) < 1000 for one in around)
    assert any("55 euros" in one for one in around)
    assert re.sub(r"<w:commentRange\w+ w:id=\"\d\"/>|<w:r><w:commentReference w:id=\"\d\"/></w:r>", "", body) == re.sub(
        r"^<\?xml.*?\?>\s*", lambda match: match[0], before[MAIN].decode("utf-8")
    ).replace('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>', body.split("\n", 1)[0], 1)


@pytest.mark.parametrize("name", ["convention.docx", "template.yaml"])
def test_nothing_is_annotated_where_the_template_cannot_be_read(name: str, broken: Path, tmp_path: Path) -> None:
    """A copy with a comment at some of the defects would say that the others are none."""
    (broken / name).write_bytes(b"PK: nothing that can be read")
    report = check([str(broken)], annotate=tmp_path / "copie.docx")
    assert (report.exit_code, report.files) == (ExitCode.PROBLEMS, {})
    assert not (tmp_path / "copie.docx").exists()


@pytest.mark.usefixtures("few")
def test_annotating_twice_goes_on_counting(broken: Path, tmp_path: Path) -> None:
    """A document that holds comments already keeps them, and numbers go on; that it holds some is told too."""
    first, second = tmp_path / "1.docx", tmp_path / "2.docx"
    check([str(broken)], annotate=first)
    shutil.copy(first, broken / "convention.docx")
    check([str(broken)], annotate=second)
    numbers = re.findall(rb'<w:comment w:id="(\d+)"', parts(second)["word/comments.xml"])
    assert numbers == [b"0", b"1", b"2", b"3", b"4", b"5", b"6"]
    assert [str(error) for error in OpenXmlValidator(FileFormat.MICROSOFT_365).validate(second).errors] == []


@pytest.mark.usefixtures("few")
def test_the_command_writes_for_people_scripts_and_github(
    broken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table on stdout, defects on stderr, annotations in GitHub's actions, and exit 1."""
    monkeypatch.setattr("sys.argv", ["conventool", "check", str(broken), "--junit", str(tmp_path / "junit.xml")])
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert execute() == ExitCode.PROBLEMS
    out, err = capsys.readouterr()
    assert out.count("::error ") == 3
    assert "✗   le texte est celui de référence : 2 défauts" in out
    assert err.count("Erreur [altered-text]") == 2
    assert ET.parse(tmp_path / "junit.xml").getroot().tag == "testsuites"


@pytest.mark.parametrize(
    "name",
    ["strict_edition", "python_docx", "libreoffice_kinds_in_blocks", "libreoffice_kinds_in_cells",
     "libreoffice_kinds_in_runs", "libreoffice_stories", "libreoffice_text_boxes"],
)  # fmt: skip
def test_what_other_programs_write_is_no_alarm(name: str) -> None:
    """Word opens the files of LibreOffice, of python-docx and of the strict edition without a question."""
    assert audit(ZOO[name]()) == []


def test_what_the_validator_finds_is_told_in_french() -> None:
    """What it comes to, then its own words."""
    findings = audit(ZOO["controls_in_links_fields_and_marks"]())
    assert findings is not None
    [finding] = findings
    assert (finding.part, finding.what) == (MAIN, "il contient un élément ou une valeur que le format n’admet pas")
    assert "inconnu" in finding.description


def test_the_validator_is_asked_of_a_file_of_its_kind() -> None:
    """A document with macros is called ``.docm``: the validator holds any other name against it."""
    files = parts(minimal("<w:p/>"))
    kind = b"application/vnd.ms-word.document.macroEnabled.main+xml"
    types = files["[Content_Types].xml"].replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", kind
    )
    document = rezipped(files | {"[Content_Types].xml": types})
    told = {suffix: [one.description for one in audit(document, suffix) or ()] for suffix in (".docx", ".docm")}
    assert any("extension" in one for one in told[".docx"])
    assert not any("extension" in one for one in told[".docm"])
