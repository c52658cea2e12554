"""Files that announce or hold far more than any list or form: refused in time, in little memory, by exit code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from conventool.sources.old_workbook import read_sheets
from conventool.sources.sheets import FAR_CELLS
from hostile_workbooks import WORKBOOKS, xlsb
from in_process import command

NOT_REFUSED = {"announced.xlsx", "corner.xlsx", "empty-rows.ods", "spaces.ods", "beyond.xlsx", "columns.ods"}
"""Those whose far cells cost nothing: there are few of them, and they are read as they are."""
SMALL = sorted(name for name in WORKBOOKS if name.startswith(("corner", "announced", "rows", "empty", "spaces", "bey")))


@pytest.mark.parametrize("name", SMALL)
def test_what_a_workbook_announces_is_not_believed(name: str, tmp_path: Path) -> None:
    source = tmp_path / name
    source.write_bytes(WORKBOOKS[name]())
    said = command("validate", source, "--json")
    assert said.code in ({1, 3} if name in NOT_REFUSED else {3})
    if name in {"corner.xls", "corner.xlsb"}:
        assert said.told["problems"][0]["message"] == FAR_CELLS[0]


def test_a_binary_workbook_of_ordinary_size_is_read(tmp_path: Path) -> None:
    """The reader apart gives what it is asked for, also of a sheet that begins and ends with empty rows."""
    source = tmp_path / "liste.xlsb"
    source.write_bytes(xlsb([(2, 1, 5.0), (2, 3, 7.5), (9_999, 2, 1.0)]))
    ((name, visible, lines, _),) = read_sheets(source)
    assert (name, visible) == ("Liste", True)
    for _ in range(2):
        found = [(line.number, [getattr(cell, "value", cell) for cell in line.cells]) for line in lines()]
        assert found == [(3, ["", 5, "", 7.5]), (10_000, ["", "", 1])]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is told in another unit")
@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_hostile_workbook_costs_little(name: str, tmp_path: Path) -> None:
    """Under 20 s of processor and 500 MB, the process that reads old workbooks included."""
    source = tmp_path / name
    source.write_bytes(WORKBOOKS[name]())
    measured = f"""
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "conventool", "validate", {str(source)!r}], capture_output=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(done.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
    done = subprocess.run([sys.executable, "-c", measured], capture_output=True, text=True, check=True)
    code, seconds, kilobytes = map(float, done.stdout.split())
    assert code in {1, 2, 3}
    assert seconds < 20
    assert kilobytes < 500_000
