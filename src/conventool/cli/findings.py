"""The findings of ``check`` for other programs: JUnit XML, and annotations of GitHub Actions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from conventool.cli.plain import visible
from conventool.commands.check import CHECKS, Checked, CheckReport
from conventool.core.problems import Severity
from conventool.files.plan import Wanted
from conventool.files.writing import write_as_planned

__all__ = ["github_annotations", "junit_xml", "write_junit"]

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTICE: "notice"}


def write_junit(report: CheckReport, path: Path, *, force: bool) -> None:
    """Write the findings as JUnit XML.

    Raises:
        OutputError: the file cannot be written, or another is in its place and may not be replaced.
    """
    write_as_planned([Wanted(path, junit_xml(report))], force=force)


def junit_xml(report: CheckReport) -> bytes:
    """The findings as JUnit XML: a suite for each template, a case for each check, a failure for each defect."""
    root = Element("testsuites", name="conventool check")
    for checked in report.templates:
        root.append(_suite(checked))
    for element in root.iter():  # some characters no XML may hold, and others mislead who reads it
        element.text = element.text and visible(element.text)
        element.attrib.update({name: visible(value) for name, value in element.attrib.items()})
    indent(root)
    data: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return data


def github_annotations(report: CheckReport) -> Iterator[str]:
    """The workflow commands that make GitHub show each defect at its file.

    Source: GitHub Actions, "Workflow commands", setting an error, warning or notice message.
    """
    for problem in report.problems:
        place = problem.place
        line, column = place.line, place.column if isinstance(place.column, int) else None
        fields = {"file": _relative(place.file), "line": line, "col": column, "title": problem.code}
        listed = ",".join(f"{key}={_escaped(visible(str(value)), ',:')}" for key, value in fields.items() if value)
        yield f"::{_LEVELS[problem.severity]} {listed}::{_escaped(visible(str(problem)))}"


def _suite(checked: Checked) -> Element:
    suite = Element("testsuite", name=checked.name, time=f"{checked.seconds:.3f}")
    for name, assured in CHECKS.items():
        case = SubElement(suite, "testcase", classname=checked.name, name=assured)
        problems = checked.found.get(name)
        if problems is None:
            SubElement(case, "skipped", message="Le document ou le manifeste ne s’ouvre pas.")
        for problem in problems or ():
            if problem.severity is Severity.ERROR:
                failure = SubElement(case, "failure", type=problem.code, message=problem.message)
                failure.text = str(problem)
            else:
                SubElement(case, "system-out").text = str(problem)
    cases = list(suite)
    suite.set("tests", str(len(cases)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    suite.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))
    return suite


def _relative(file: str | None) -> str | None:
    """The path as GitHub knows it: from the folder where the check runs."""
    if file is None:
        return None
    path = Path(file).resolve()
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else path.as_posix()


def _escaped(text: str, also: str = "") -> str:
    """Escape what a workflow command would take for its own signs; percent first."""
    for char in ("%", "\r", "\n", *also):
        text = text.replace(char, f"%{ord(char):02X}")
    return text
