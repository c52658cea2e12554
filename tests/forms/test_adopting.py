"""Forms as they are received become templates: what is recognised, what is turned into controls, what stays."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openxml_audit import FileFormat, OpenXmlValidator  # type: ignore[import-untyped]
from test_placeholders import counts, texts

from conventool.batch.options import RunOptions
from conventool.commands.adopt import Adopted, adopt, adopted
from conventool.commands.batch import batch
from conventool.commands.check import check_template
from conventool.commands.fill import fill
from conventool.commands.read import ReadOptions, read
from conventool.commands.verify import VerifyOptions, verify
from conventool.core.errors import ExitCode, OutputError, UsageError
from conventool.core.problems import Severity
from conventool.core.watch import NOBODY
from conventool.template.folder import TemplateFolder
from conventool.word.adoption import prepare_form
from conventool.word.package import Package
from conventool.word.template import Template
from documents.flat import flat
from edits import DOCUMENT, FOOTER, MAIN, TEMPLATE, control, edited, minimal, paragraph, parts, rezipped

CASES = Path(__file__).parents[1] / "cases" / "forms"
LEFT_OVER = {"03-publipostage": {"leftover-placeholder"}, "17-reperes-coupes": {"leftover-placeholder"}}
ORIGINAL = TemplateFolder.open(TEMPLATE)
BLANKS = (
    "Choisissez un élément.", "Nom de l’adhérent.", "Adresse.", "Commune.", "(Code postal.)", "Nom du représentant.",
    "Organe délibérant.", "Cliquez ou appuyez ici pour entrer une date.",
)  # fmt: skip


def nameless() -> bytes:
    """The convention as a colleague would send it: no tag, no title."""
    files = parts(DOCUMENT)
    for part in (MAIN, FOOTER):
        files[part] = re.sub(rb'<w:(?:tag|alias) w:val="[^"]*"/>', b"", files[part])
    return rezipped(files)


def with_controls(data: bytes, *placeholders: str) -> bytes:
    return prepare_form(Package(data, "x.docx"), placeholders)[0]


def propose(body: str, *placeholders: str) -> Adopted:
    return adopted(Package(minimal(body), "x.docx"), placeholders, name="x.docx", folder="x")


def entries(folder: Path) -> dict[str, str]:
    """The lines of a manifest's controls, read without the package under test."""
    text = (folder / "template.yaml").read_text(encoding="utf-8").partition("controles:")[2]
    return dict(re.findall(r'^  (\w+): "(.*)"', text, re.MULTILINE))


def test_the_convention_without_its_names_is_recognised_whole(tmp_path: Path) -> None:
    """Tags and expressions proposed are those that the project's own manifest has, all thirty-four."""
    form = tmp_path / "convention.docx"
    form.write_bytes(nameless())
    report = adopt(form, tmp_path / "modele")
    assert report.problems == []
    assert entries(tmp_path / "modele") == entries(TEMPLATE)
    manifest = TemplateFolder.open(tmp_path / "modele").manifest
    assert manifest.parties == ORIGINAL.manifest.parties
    assert list(manifest.exemplaires) == list(ORIGINAL.manifest.exemplaires)
    assert check_template(tmp_path / "modele").problems == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every name is Unicode")
def test_a_form_whose_name_the_system_cannot_decode_becomes_a_template_that_lists_are_filled_with(
    tmp_path: Path,
) -> None:
    form, folder = tmp_path / "f\udcff.docx", tmp_path / "m\udcff"
    form.write_bytes(nameless())
    assert adopt(form, folder).problems == []
    assert check_template(folder).problems == []
    assert TemplateFolder.open(folder).manifest.document == "f_.docx"
    source = Path(__file__).parents[1] / "cases/batch/quatre-adherents/utf-8.csv"
    report = batch(source, RunOptions(str(folder), tmp_path / "out"), NOBODY)
    assert (report.exit_code, report.summary["created"]) == (ExitCode.DONE, 12)


def test_only_the_parts_with_new_tags_change(tmp_path: Path) -> None:
    """Every other part is byte for byte that of the form; tags apart, the changed ones too."""
    form = tmp_path / "convention.docx"
    form.write_bytes(nameless())
    adopt(form, tmp_path / "modele")
    before, after = parts(form), parts(tmp_path / "modele" / "convention.docx")
    assert list(before) == list(after)
    assert {name for name in before if before[name] != after[name]} == {MAIN, FOOTER}
    untagged = re.sub(rb'<w:tag w:val="[^"]*"/>', b"", after[MAIN])
    declaration = rb"<\?xml.*?\?>\s*"
    assert re.sub(declaration, b"", untagged) == re.sub(declaration, b"", before[MAIN])


def test_a_form_of_bare_words_becomes_a_template(tmp_path: Path) -> None:
    """The convention with its controls taken off: its prompts become controls again, and all are recognised."""
    form = tmp_path / "convention.docx"
    form.write_bytes(flat(DOCUMENT.read_bytes()))
    report = adopt(form, tmp_path / "modele", placeholders=BLANKS)
    wanted = entries(TEMPLATE)
    blank_tags = """
        forme nom adresse commune code_postal representant fonction organe decision_date signature_fibre_date
        signature_cdg59_date signature_collectivite_date signature_collectivite_titre signature_collectivite_nom
    """
    assert entries(tmp_path / "modele") == {tag: wanted[tag] for tag in blank_tags.split()}
    document = tmp_path / "modele" / "convention.docx"
    assert [str(error) for error in OpenXmlValidator(FileFormat.MICROSOFT_365).validate(document).errors] == []
    # the words that would have to agree are said to be fixed, each with its paragraph
    fixed = [
        (problem.message.split("«")[1].split("»")[0].strip(), problem.place.paragraph) for problem in report.problems
    ]
    assert fixed == [("de", 11), ("à", 11), ("sise", 11), ("représentée", 11), ("autorisé", 11), ("désignée", 12)]
    assert check_template(tmp_path / "modele").problems == []


@pytest.mark.parametrize(
    ("asked", "text", "prompts"),
    [
        ("[…]", "Le [nom de la commune] et [date]", ["[nom de la commune]", "[date]"]),
        ("[...]", "Le [nom]", ["[nom]"]),
        ("……", "Fait à ………………, le ..........", ["………………", ".........."]),
        ("……", "Nom : ________", ["________"]),
        ("{{ x }}", "Entre {{ commune.nom }} et nous", ["{{ commune.nom }}"]),
        ("«…»", "Entre «Nom_commune» et nous", ["«Nom_commune»"]),
        ("Nom de l’adhérent.", "Nom de l’adhérent. et Nom de l’adhérent.", ["Nom de l’adhérent."] * 2),
        ("sise", "sise ici, mais non précisee ni assise", ["sise"]),
        ("(x)", "f(x) puis (x)", ["(x)"]),
    ],
)
def test_placeholders_become_controls(asked: str, text: str, prompts: list[str]) -> None:
    """A text or a family of texts; whole words only; the text reads as before."""
    data = with_controls(minimal(paragraph(text)), asked)
    template = Template.from_bytes(data)
    assert [one.placeholder for one in template.controls] == prompts
    assert not any(one.filled for one in template.controls)
    assert "".join(re.findall(r">([^<>]*)</w:t>", parts(data)[MAIN].decode("utf-8"))) == text


def test_a_placeholder_across_runs_is_one_control_that_keeps_its_look() -> None:
    """Word splits texts at will; what surrounds the placeholder stays in its own runs."""
    bold = "<w:r><w:rPr><w:b/></w:rPr><w:t>{}</w:t></w:r>"
    data = with_controls(
        minimal(paragraph(bold.format("avant [nom"), bold.format(" complet"), bold.format("] après"))), "[…]"
    )
    template = Template.from_bytes(data)
    [found] = template.controls
    assert (found.placeholder, found.alias) == ("[nom complet]", "nom complet")
    body = parts(template.fill({found.address: "Hem"}))[MAIN].decode("utf-8")
    assert re.findall(r"<w:t[^>]*>([^<]*)</w:t>", body) == ["avant ", "Hem", " après"]
    assert body.count("<w:b/>") == 4  # three runs, and the control's own memory of its look


def test_a_prompt_that_speaks_of_a_date_becomes_a_date_picker() -> None:
    """In French, as the project's own."""
    template = Template.from_bytes(with_controls(minimal(paragraph("le [date de séance]")), "[…]"))
    [found] = template.controls
    assert (found.kind, found.date_format, found.language) == ("date", "d MMMM yyyy", "fr-FR")


def test_merge_fields_become_controls() -> None:
    """Fields in one element and fields in several; other fields stay."""
    simple = '<w:fldSimple w:instr=" MERGEFIELD Nom_commune \\* MERGEFORMAT ">'
    simple += "<w:r><w:t>«Nom_commune»</w:t></w:r></w:fldSimple>"
    page = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    instruction = '<w:r><w:instrText xml:space="preserve"> MERGEFIELD "Code postal" </w:instrText></w:r>'
    complex_ = (
        mark.format("begin") + instruction + mark.format("separate") + "<w:r><w:t>«CP»</w:t></w:r>" + mark.format("end")
    )
    data = with_controls(minimal(paragraph("à ", simple, " ", complex_, " p. ", page)), "MERGEFIELD")
    assert [(one.alias, one.text) for one in Template.from_bytes(data).controls] == [
        ("Nom commune", "«Nom_commune»"),
        ("Code postal", "«CP»"),
    ]
    body = parts(data)[MAIN].decode("utf-8")
    assert "MERGEFIELD" not in body
    assert "fldChar" not in body
    assert " PAGE " in body


def test_what_stands_in_controls_and_tracked_changes_is_left_alone() -> None:
    """Nothing is wrapped twice, and nobody's change is hidden."""
    deleted = '<w:del w:id="1" w:author="x"><w:r><w:delText>[a]</w:delText></w:r></w:del>'
    inserted = '<w:ins w:id="2" w:author="x"><w:r><w:t>[b]</w:t></w:r></w:ins>'
    body = paragraph(control("<w:text/>", "[c]", tag="c"), deleted, inserted)
    files = minimal(body)
    assert parts(with_controls(files, "[…]")) == parts(files)


def test_tags_are_unique_plain_and_told_from_the_words_around() -> None:
    """From the title, the prompt, else the words before; existing tags stay and are not given again."""
    adoption = propose(
        paragraph(control("<w:text/>", "Élu référent", properties='<w:alias w:val="Élu référent"/>'))
        + paragraph(control("<w:text/>", "Élu référent"))
        + paragraph("Montant annuel en euros : ", control("<w:text/>", ""))
        + paragraph(control("<w:text/>", "Durée", tag="elu_referent_3"))
        + paragraph(control("<w:text/>", "Élu référent"))
    )
    tags = [one.tag for one in Template.from_bytes(adoption.document).controls]
    assert tags == ["elu_referent", "elu_referent_2", "montant_annuel_en_euros", "elu_referent_3", "elu_referent_4"]


def test_what_is_not_recognised_receives_a_field_of_the_template_s_own(tmp_path: Path) -> None:
    """Called as the form calls it, with what the form says already as its default; no warning, and it works at once."""
    form = tmp_path / "x.docx"
    form.write_bytes(
        minimal(
            paragraph(control("<w:text/>", "Nom de la commune."))
            + paragraph(control("<w:text/>", "Couleur du logo"))
            + paragraph("Logo ", control("<w:text/>", "bleu", prompt=False))
        )
    )
    report = adopt(form, tmp_path / "modele")
    assert report.problems == []
    assert report.summary == {"controls": 3, "recognised": 1, "champs": 2, "undecided": 0}
    manifest = (tmp_path / "modele" / "template.yaml").read_text(encoding="utf-8")
    assert '  nom: "{{ adherent.nom }}"  # d’après « Nom de la commune. »\n' in manifest
    assert "  couleur_du_logo: {type: texte, libelle: Couleur du logo}\n" in manifest
    assert "  logo: {type: texte, libelle: Logo, defaut: bleu}\n" in manifest
    said = "n’est pas une donnée de l’adhérent (« Logo [bleu] »)"
    assert f'  logo: "{{{{ champs.logo }}}}"  # {said}\n' in manifest
    assert check_template(tmp_path / "modele").problems == []


def test_a_form_with_nothing_to_fill_is_refused_with_what_to_type() -> None:
    """No control, and nothing asked for."""
    with pytest.raises(UsageError) as refused:
        propose(paragraph("Un texte."))
    assert "--placeholder" in (refused.value.problems[0].hint or "")


def test_a_folder_that_holds_other_files_is_not_overwritten(tmp_path: Path) -> None:
    """Nothing is written over what differs, unless asked."""
    form, folder = tmp_path / "x.docx", tmp_path / "modele"
    form.write_bytes(minimal(paragraph(control("<w:text/>", "Commune"))))
    adopt(form, folder)
    adopt(form, folder)
    (folder / "template.yaml").write_text("titre: le mien\n", encoding="utf-8")
    with pytest.raises(OutputError):
        adopt(form, folder)
    assert (folder / "template.yaml").read_text(encoding="utf-8") == "titre: le mien\n"
    adopt(form, folder, force=True)
    assert "commune" in (folder / "template.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", sorted(CASES.glob("*.do[ct]x")), ids=lambda form: form.stem)
def test_a_form_becomes_a_template_that_works_unedited(form: Path, tmp_path: Path) -> None:
    """It passes every check, which fills it for all kinds of adherents; what it holds is all there, in its order."""
    folder = tmp_path / "modele"
    adopt(form, folder, placeholders=["[…]", "{{ x }}", "MERGEFIELD"])
    checked = check_template(folder)
    errors = [problem for problem in checked.problems if problem.severity is Severity.ERROR]
    assert {problem.code for problem in errors} <= LEFT_OVER.get(form.stem, set())
    assert checked.documents > 0
    before, after = form.read_bytes(), (folder / f"{form.stem}.docx").read_bytes()
    assert texts(after) == texts(before)
    assert counts(after) == counts(before)
    types = parts(folder / f"{form.stem}.docx")["[Content_Types].xml"]
    assert b"wordprocessingml.document.main+xml" in types
    assert b"template.main+xml" not in types


def test_what_holds_more_than_text_stays_whole_when_filled(tmp_path: Path) -> None:
    """A table in a control, words in bold: filling the others leaves them."""
    for name in ("14-clause-riche", "a5-tableau-dans-un-controle"):
        adopt(CASES / f"{name}.docx", tmp_path / name)
        template = TemplateFolder.open(tmp_path / name)
        filled = template.document.fill({"nom": "Hem"})
        before = (CASES / f"{name}.docx").read_bytes()
        prompt = next(one.text for one in Template.from_bytes(before).controls if one.tag == "nom")
        assert texts(filled) == [text.replace(prompt, "Hem") for text in texts(before)]
        assert counts(filled) == counts(before)


def test_nothing_but_an_adherent_s_own_data_is_guessed(tmp_path: Path) -> None:
    """The beginning of a mission is no decision; what is not the adherent's is a field, of its control's type."""
    adopt(CASES / "mise-a-disposition.docx", tmp_path / "modele")
    found = entries(tmp_path / "modele")
    assert {tag: expression for tag, expression in found.items() if "champs." not in expression} == {
        "adresse": "{{ adherent.adresse }}, {{ adherent.code_postal }} {{ adherent.ville }}",
        "representant": "{{ adherent.representant }}",
        "decision_date": "{{ adherent.decision_date }}",
    }
    declared = TemplateFolder.open(tmp_path / "modele").manifest.champs
    assert {name: (one.type, one.libelle) for name, one in declared.items()} == {
        "choix": ("choix", None),
        "texte": ("texte", None),
        "qualite": ("choix", "Qualité"),
        "mission": ("texte", "Mission"),
        "date_de_debut_de_mission": ("date", "Date de début de mission"),
        "duree": ("choix", "Durée"),
        "elle_est_renouvelable": ("oui-non", "Elle est renouvelable"),
        "montant_horaire_ttc": ("texte", "Montant horaire TTC"),
        "pour_la_collectivite_daccueil": ("date", "Pour la collectivité d’accueil"),
    }
    assert declared["duree"].choix == ("1 mois", "3 mois", "6 mois", "1 an")


@pytest.mark.parametrize(
    ("kind", "before", "prompt"),
    [
        ("<w:date/>", "le ", "Date de début de mission"),
        ("<w:text/>", "", "Population de la commune"),
        ("<w:text/>", "", "Adresse du chantier"),
        ("<w:text/>", "Adresse du chantier : ", "Adresse."),
        ("<w:text/>", "", "Nom"),
        ("<w:text/>", "", "Titre"),
        ("<w:text/>", "", "Code du marché"),
        ("<w:date/>", "Fait le ", "Cliquez ou appuyez ici pour entrer une date."),
        ("<w:text/>", "", "Nom de la mission"),
        ("<w:text/>", "", "Fonction de l’agent mis à disposition"),
    ],
)
def test_a_word_of_an_adherent_among_others_is_no_proof(kind: str, before: str, prompt: str) -> None:
    """Every word of the title, the prompt and the label must belong to the field."""
    adoption = propose(paragraph(before, control(kind, prompt)) if before else paragraph(control(kind, prompt)))
    assert "adherent." not in adoption.manifest
    assert "adherent: non" in adoption.manifest
    assert "laisser:" not in adoption.manifest


@pytest.mark.parametrize(
    ("prompt", "expression"),
    [
        ("Nom de la collectivité", "{{ adherent.nom }}"),
        ("Dénomination de l’établissement public", "{{ adherent.nom }}"),
        ("Ville", "{{ adherent.ville }}"),
        ("Siège social", "{{ adherent.adresse }}"),
        ("N° SIRET", "{{ adherent.siret }}"),
        ("CP", "{{ adherent.code_postal }}"),
        ("Nom et prénom du Maire ou du Président", "{{ adherent.representant }}"),
        ("Qualité du signataire", "{{ adherent.fonction }}"),
    ],
)
def test_the_words_of_forms_for_what_is_known_of_an_adherent(prompt: str, expression: str) -> None:
    """Whatever the order and the little words."""
    adoption = propose(paragraph(control("<w:text/>", prompt)))
    assert f': "{expression}"  # d’après « {prompt} »' in adoption.manifest


TAGS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\u2028\u2029"), max_size=20
)


@settings(max_examples=40, deadline=None)
@given(st.lists(TAGS.filter(str.strip), min_size=1, max_size=3, unique=True))
@example(["commune: nom", '{"id": 1}', "oui"])
@example(["tag:x", "x", "# note"])
@example(["x#2", "- a", "12"])
def test_any_tag_can_be_named_in_a_manifest(tags: list[str]) -> None:
    """Quoted as YAML needs it, and told from other addresses."""
    body = "".join(
        paragraph(control("<w:text/>", f"Champ {i}", tag=escape(tag, {'"': "&quot;"}))) for i, tag in enumerate(tags)
    )
    adoption = propose(body)
    with TemporaryDirectory() as folder:
        for name, data in adoption.files.items():
            Path(folder, name).parent.mkdir(exist_ok=True)
            Path(folder, name).write_bytes(data)
        template = TemplateFolder.open(Path(folder))
        assert template.misfits(template.document) == []
        served = [template.document.find(address).tag for address in template.manifest.controles]
        assert served == [one.tag for one in Template.from_bytes(adoption.document).controls]


def test_adopting_again_by_force_keeps_what_was_decided(tmp_path: Path) -> None:
    """The form may come again, changed: the manifest's own lines stay, new controls are proposed."""
    form, folder = tmp_path / "x.docx", tmp_path / "modele"
    first = paragraph(control("<w:text/>", "Nom de la commune.", tag="nom")) + paragraph(
        control("<w:text/>", "Durée", tag="duree")
    )
    form.write_bytes(minimal(first))
    adopt(form, folder)
    manifest = folder / "template.yaml"
    text = manifest.read_text(encoding="utf-8")
    text = text.replace("reconduction: tacite", "reconduction: expresse\napercu: tag:nom")
    text = re.sub(r'nom: "{{ adherent.nom }}".*', 'nom: "la ville de {{ adherent.nom }}"', text)
    text = re.sub(r"champs:\n.*", "", text).replace('"{{ champs.duree }}"', '"trois ans"')
    manifest.write_text(text, encoding="utf-8")
    form.write_bytes(minimal(first + paragraph(control("<w:text/>", "Code postal", tag="cp"))))
    adopt(form, folder, force=True)
    kept = TemplateFolder.open(folder).manifest
    assert entries(folder) == {
        "nom": "la ville de {{ adherent.nom }}",
        "duree": "trois ans",
        "cp": "{{ adherent.code_postal }}",
    }
    assert (kept.reconduction, kept.apercu, kept.laisser) == ("expresse", "tag:nom", ())


def test_the_document_of_the_project_keeps_its_tags() -> None:
    """Adopting what has tags changes nothing in it."""
    adoption = adopted(Package.open(DOCUMENT), (), name="convention.docx", folder="x")
    assert parts(adoption.document) == parts(DOCUMENT)


def test_a_golden_text_is_made_with_the_folder(tmp_path: Path) -> None:
    """So that ``check`` has nothing to complain of."""
    form = tmp_path / "convention.docx"
    form.write_bytes(edited(DOCUMENT, lambda text: text.replace("50 euros", "55 euros")))
    adopt(form, tmp_path / "modele")
    golden = (TEMPLATE / "convention.txt").read_text(encoding="utf-8")
    assert (tmp_path / "modele" / "convention.txt").read_text(encoding="utf-8") == golden.replace(
        "50 euros", "55 euros"
    )


def test_each_control_of_a_tag_is_verified(tmp_path: Path) -> None:
    """One value goes to both; a document that says another in the second is told."""
    form, folder, returned = tmp_path / "x.docx", tmp_path / "modele", tmp_path / "retour.docx"
    name = control("<w:text/>", "Nom de la commune.", tag="nom")
    form.write_bytes(minimal(paragraph("Entre la commune de ", name) + paragraph("Pour ", name, ", le maire.")))
    adopt(form, folder)
    data = tmp_path / "hem.yaml"
    data.write_text(
        "forme: commune\nnom: Hem\nadresse: 1 rue Haute\ncode_postal: 59510\n"
        "representant: {civilite: Madame, prenom: Jeanne, nom: MARTIN}\ndecision: {date: 2026-03-01}\n",
        encoding="utf-8",
    )
    options = VerifyOptions(template=str(folder), jobs=1, data=data)
    files = parts(TemplateFolder.open(folder).document.fill({"nom": "Hem"}))
    returned.write_bytes(rezipped(files))
    assert [problem.code for problem in verify([returned], options).problems] == []
    before, _, after = files[MAIN].rpartition(b"Hem")
    returned.write_bytes(rezipped(files | {MAIN: before + b"Lens" + after}))
    [problem] = verify([returned], options).problems
    assert "Lens" in f"{problem.message} {problem.value}"


def test_a_merge_field_in_capitals_goes_through_a_filter(tmp_path: Path) -> None:
    """The filled document has them, and the value comes back as it was printed."""
    code = r"MERGEFIELD Objet \* Upper"
    marks = [
        '<w:fldChar w:fldCharType="begin"/>', f'<w:instrText xml:space="preserve"> {code} </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>', "<w:t>«Objet»</w:t>", '<w:fldChar w:fldCharType="end"/>',
    ]  # fmt: skip
    form, folder = tmp_path / "x.docx", tmp_path / "modele"
    form.write_bytes(minimal(paragraph("Objet : ", *(f"<w:r>{mark}</w:r>" for mark in marks))))
    report = adopt(form, folder, placeholders=["MERGEFIELD"])
    assert entries(folder) == {"objet": "{{ champs.objet | majuscule }}"}
    assert "merge-switch-lost" not in {problem.code for problem in report.problems}


def test_of_a_form_that_does_not_print_all_of_an_adherent_the_rest_is_read(tmp_path: Path) -> None:
    """What is not printed is noted, and the reading is sound; what is printed and missing is not."""
    form, folder = tmp_path / "f.docx", tmp_path / "modele"
    named = (
        control("<w:text/>", f"{name}.", tag=tag) for name, tag in (("Adresse", "adresse"), ("Mission", "mission"))
    )
    form.write_bytes(minimal(paragraph("Adresse : ", next(named), ". Mission : ", next(named))))
    adopt(form, folder)
    (done,) = fill(folder / "exemples" / "exemple.yaml", RunOptions(str(folder), tmp_path / "o")).documents
    report = read([done.path], ReadOptions(str(folder)))
    assert report.data == [{"adresse": "4 place du Général-de-Gaulle", "mission": "Exemple (Mission)"}]
    assert [(one.code, one.severity.value) for one in report.problems] == [("not-printed", "notice")]
    assert "« forme »" in next(iter(report.problems)).message.replace("\u00a0", " ")
    assert report.exit_code == 0
    done.path.write_bytes(edited(done.path, lambda text: text.replace("4 place du Général-de-Gaulle", "")))
    report = read([done.path], ReadOptions(str(folder)))
    assert ("missing-field", "adresse") in {(one.code, one.field) for one in report.problems}
    assert report.exit_code == 1
