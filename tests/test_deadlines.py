"""What a convention makes due, beside dates counted apart by dateutil, and the files as other programs read them."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from conventool.commands.echeances import DeadlinesOptions, echeances
from conventool.core.errors import ConventoolError, ExitCode, OutputError
from conventool.deadlines.calendar_file import write_calendar
from conventool.deadlines.days import about_day
from conventool.deadlines.followed import Dated
from conventool.deadlines.schedule import Course, Deadline, Kind, effect_of, end_of, schedule
from conventool.deadlines.terms import Period, PeriodError, Terms, parse_period
from conventool.template import DEFAULT
from conventool.template.folder import TemplateFolder, find_template

openpyxl: Any = pytest.importorskip("openpyxl")
relativedelta: Any = pytest.importorskip("dateutil.relativedelta").relativedelta

SEED = Terms(Period(24, "article 3"), 1, Period(3, "article 3"), Period(12), Period(3, "article 6"), Period(6))
DAYS = [date(2024, 1, 1) + timedelta(days) for days in range(1461)]
TABLE = Path(__file__).parent / "cases/echeances/signes.csv"


def told(course: Course) -> set[tuple[date, str]]:
    return {(one.day, f"{one.kind}{one.number or ''}") for one in schedule(course, SEED)}


def oracle(first: date, years: int) -> set[tuple[date, str]]:
    """The dates of the seed, counted by dateutil, for a convention that lasts two years or four."""

    def after(number: int, months: int = 0) -> Any:
        return first + relativedelta(years=number) - relativedelta(months=months)

    found = {(first, "effet"), (first, "facture"), (after(1), "facture1"), (after(1), "anniversaire1")}
    found |= {(after(1, 3), "sortie1"), (after(2, 3), "preavis1"), (after(years), "fin")}
    if years == 4:
        found |= {(after(2), "facture2"), (after(3), "facture3"), (after(2), "reconduction1")}
        found |= {(after(2, 3), "sortie2"), (after(3, 3), "sortie3"), (after(3), "anniversaire3")}
    return found


def test_every_first_day_of_four_years_tacite_or_expresse_renewed_or_not() -> None:
    for first in DAYS:
        refused = first + relativedelta(years=2) - relativedelta(months=3)  # a letter of the last day
        assert told(Course(first, "tacite")) == oracle(first, 4), first
        assert told(Course(first, "tacite", denounced=refused)) == oracle(first, 2), first
        assert told(Course(first, "expresse")) == oracle(first, 2), first
        assert told(Course(first, "expresse", renewed=1)) == oracle(first, 4), first


def test_the_dates_of_a_29_february() -> None:
    """By hand: DOMAIN, deadlines."""
    found = {(one.kind, one.number): one.day for one in schedule(Course(date(2024, 2, 29), "tacite"), SEED)}
    assert [found[Kind.INVOICE, number] for number in range(4)] == [
        date(2024, 2, 29), date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28),
    ]  # fmt: skip
    assert found[Kind.END, 0] == date(2028, 2, 29)
    assert [found[Kind.EXIT, number] for number in (1, 2, 3)] == [
        date(2024, 11, 28), date(2025, 11, 28), date(2026, 11, 28),
    ]  # fmt: skip
    longer = SEED._replace(renewals=2)
    notices = {
        one.number: one.day for one in schedule(Course(date(2024, 2, 29), "tacite"), longer) if one.kind == "preavis"
    }
    assert notices == {1: date(2025, 11, 28), 2: date(2027, 11, 29)}


@pytest.mark.parametrize(
    ("letter", "end"),
    [("2026-12-31", "2027-03-31"), ("2027-01-01", "2028-03-31"), ("2027-12-31", "2028-03-31"),
     ("2028-01-01", "2029-03-31"), ("2029-06-01", "2030-03-31")],
)  # fmt: skip
def test_a_denunciation_ends_the_convention_on_the_first_anniversary_that_it_is_in_time_for(
    letter: str, end: str
) -> None:
    course = Course(date(2026, 3, 31), "tacite", denounced=date.fromisoformat(letter))
    assert end_of(course, SEED) == date.fromisoformat(end)
    assert max(one.day for one in schedule(course, SEED)) == date.fromisoformat(end)


@pytest.mark.parametrize(
    ("letter", "end", "invoices"),
    [
        ("2026-05-01", "2026-11-01", ["2026-03-31"]),
        ("2026-08-31", "2027-02-28", ["2026-03-31"]),  # a month without that day: its last
        ("2026-09-30", "2027-03-30", ["2026-03-31"]),
        ("2026-10-01", "2027-04-01", ["2026-03-31", "2027-03-31"]),
        ("2029-09-30", "2030-03-30", ["2026-03-31", "2027-03-31", "2028-03-31", "2029-03-31"]),
        ("2029-10-01", "2030-03-31", ["2026-03-31", "2027-03-31", "2028-03-31", "2029-03-31"]),  # it is over before
    ],
)
def test_another_party_leaves_six_months_after_its_letter(letter: str, end: str, invoices: list[str]) -> None:
    course = Course(date(2026, 3, 31), "tacite", denounced=date.fromisoformat(letter), by_another=True)
    found = schedule(course, SEED)
    assert end_of(course, SEED).isoformat() == end
    assert [one.day.isoformat() for one in found if one.kind == "facture"] == invoices
    assert [one.day.isoformat() for one in found if one.kind == "fin"] == [end]
    assert max(one.day for one in found).isoformat() == end
    (last,) = [one for one in found if one.kind == "fin"]
    assert ("dénoncée" in last.text) is (end != "2030-03-31")


def test_express_renewal_is_never_told_as_sure_and_tacit_renewal_is_told_with_its_condition() -> None:
    expresse = schedule(Course(date(2026, 4, 7), "expresse"), SEED)
    assert max(one.day for one in expresse) == date(2028, 4, 7)
    assert [one.text for one in expresse if one.kind is Kind.END] == [
        "Fin de la convention, faute de reconduction écrite"
    ]
    assert "sans écrit, elle ne l’est pas" in next(one.text for one in expresse if one.kind is Kind.NOTICE)
    for one in schedule(Course(date(2026, 4, 7), "tacite"), SEED):
        beyond = one.day > date(2028, 4, 7) or one.kind is Kind.RENEWAL or (one.kind, one.number) == (Kind.INVOICE, 2)
        assert bool(one.condition) == beyond, one


def test_no_first_day_while_a_signature_is_missing() -> None:
    assert effect_of([date(2026, 4, 2), None, date(2026, 4, 3)]) is None
    assert effect_of([]) is None
    assert effect_of([date(2026, 4, 2), date(2026, 4, 7), date(2026, 4, 3)]) == date(2026, 4, 7)


def test_days_are_told_as_they_are() -> None:
    assert about_day(date(2027, 2, 7)) == "dimanche"
    assert about_day(date(2026, 4, 6)) == "jour férié (Lundi de Pâques)"
    assert about_day(date(2026, 11, 1)) == "dimanche, jour férié (Toussaint)"
    assert about_day(date(2026, 4, 7)) == ""


def test_the_rules_of_the_seed_stand_in_its_manifest() -> None:
    terms = TemplateFolder.open(find_template(DEFAULT)).manifest.terms
    assert terms
    assert [str(one) for one in (terms.duration, terms.notice, terms.invoices, terms.exit, terms.others_exit)] == [
        "2 ans", "3 mois", "1 an", "3 mois", "6 mois",
    ]  # fmt: skip
    assert terms.renewals == 1


def test_a_period_is_some_months_and_the_article_that_says_so() -> None:
    assert parse_period("1 an") == Period(12, "")
    assert parse_period("18 mois") == Period(18, "")
    assert parse_period(" 2 ans (article 3) ") == Period(24, "article 3")


@pytest.mark.parametrize("text", ["", "2", "deux ans", "0 mois", "2 ans article 3", "2 siècles", "2ans", "-1 an"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(PeriodError):
        parse_period(text)


def test_a_manifest_with_a_wrong_rule_says_where(tmp_path: Path) -> None:
    source = find_template(DEFAULT)
    text = (source / "template.yaml").read_text("utf-8")
    wrong = text.replace("preavis: 3 mois (article 3)", "preavis: trois mois").replace(
        "renouvellements: 1", "renouvellements: x"
    )
    (tmp_path / "template.yaml").write_text(wrong, "utf-8")
    with pytest.raises(ConventoolError) as raised:
        TemplateFolder.open(tmp_path)
    found = {problem.field: (problem.code, problem.place.line) for problem in raised.value.problems}
    lines = wrong.splitlines()
    assert found == {
        name: ("bad-value", next(n for n, line in enumerate(lines, 1) if line.startswith(name)))
        for name in ("preavis", "renouvellements")
    }


# --- The command -------------------------------------------------------------------------------------------


@pytest.fixture
def stable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1775000000")  # 31 March 2026


@pytest.mark.usefixtures("stable")
def test_a_list_becomes_a_workbook_by_date_and_calendars_that_another_library_reads(tmp_path: Path) -> None:
    options = DeadlinesOptions(DEFAULT, tmp_path / "out", each=True)
    report = echeances(TABLE, options)
    assert (report.exit_code, report.summary["dated"], report.summary["undated"]) == (ExitCode.DONE, 3, 1)
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").rglob("*.*")}
    assert echeances(TABLE, options).exit_code is ExitCode.DONE
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").rglob("*.*")} == before
    assert sorted(before) == [
        "armentieres-59280.ics", "echeances.ics", "echeances.xlsx", "hazebrouck-59190.ics", "hem-59510.ics",
    ]  # fmt: skip

    book = openpyxl.load_workbook(tmp_path / "out/echeances.xlsx")
    due, undated, known = (list(sheet.iter_rows(min_row=2, values_only=True)) for sheet in book)
    days: list[Any] = [row[0] for row in due]
    assert days == sorted(days)
    assert days[0].date() == date(2024, 2, 29)
    assert [row[:3] for row in undated] == [("Lille", "La Commune", "59000")]
    assert undated[0][3] == "Signature manquante : La Collectivité."
    assert any("prudente" in str(row[0]) for row in known)
    assert any("6 mois après leur lettre (article 6)" in str(row[0]) for row in known)

    events = events_of((tmp_path / "out/echeances.ics").read_bytes())
    assert len(events) == report.summary["deadlines"] == len(due)
    assert len({str(event["uid"]) for event in events}) == len(events)
    by_day = sorted((event["dtstart"].dt, str(event["summary"])) for event in events)
    assert (date(2028, 2, 29), "Armentières : fin de la convention") in by_day
    assert (date(2028, 5, 7), "Hazebrouck : fin de la convention, faute de reconduction écrite") in by_day
    assert not any(event["dtstart"].dt > date(2028, 5, 7) and "Hazebrouck" in event["summary"] for event in events)
    assert events_of(before["hem-59510.ics"])[0]["dtend"].dt - events[0]["dtstart"].dt >= timedelta(1)


def events_of(data: bytes) -> list[Any]:
    calendar = Calendar.from_ical(data)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    return list(calendar.walk("VEVENT"))


def test_identifiers_stay_when_a_date_moves_and_every_text_comes_through() -> None:
    deadline = Deadline(
        date(2026, 4, 7), Kind.INVOICE, 1, "Facture ; avec, des \\ signes\net deux lignes", "article 4", "si é" * 40
    )
    one = Dated(
        "Œuvre d’été ; « n° 1 », \\n" * 9,
        "La Commune",
        "59000",
        "t commune 59017",
        "tacite",
        date(2026, 4, 7),
        (deadline,),
    )
    moved = one._replace(deadlines=(deadline._replace(day=date(2026, 5, 7)),))
    events = []
    for adherent in (one, moved):
        file = BytesIO()
        write_calendar(file, [adherent], date(2026, 3, 31))
        events += events_of(file.getvalue())
    assert events[0]["uid"] == events[1]["uid"]
    assert str(events[0]["summary"]) == f"{one.nom} : f{deadline.text[1:]}"
    assert deadline.condition in str(events[0]["description"])
    alarm = events[0].walk("VALARM")[0]
    assert alarm["trigger"].dt == -timedelta(6, hours=15)


@pytest.mark.usefixtures("stable")
def test_a_file_of_somebody_else_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "echeances.ics").write_text("BEGIN:VCALENDAR", "utf-8")
    with pytest.raises(OutputError):
        echeances(TABLE, DeadlinesOptions(DEFAULT, tmp_path))
    assert (tmp_path / "echeances.ics").read_text("utf-8") == "BEGIN:VCALENDAR"
    (tmp_path / "echeances.ics").unlink()
    (tmp_path / "echeances.xlsx").write_bytes(b"notes")
    with pytest.raises(OutputError):
        echeances(TABLE, DeadlinesOptions(DEFAULT, tmp_path))
    assert echeances(TABLE, DeadlinesOptions(DEFAULT, tmp_path, force=True)).exit_code is ExitCode.DONE


def test_a_row_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "liste.csv"
    broken.write_text(TABLE.read_text("utf-8").replace("59350;1 rue A;59000", "99999;1 rue A;59000"), "utf-8")
    report = echeances(broken, DeadlinesOptions(DEFAULT, tmp_path / "out"))
    assert (report.exit_code, report.summary["adherents"]) == (ExitCode.PROBLEMS, 3)
    assert report.errors
