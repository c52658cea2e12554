"""``conventool completion``: what a shell is told, and a real bash that asks."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from test_command import ROOT, run


def completed(words: str, *, cwd: Path) -> list[str]:
    """What the program proposes to bash for the last word."""
    asked = {"_CONVENTOOL_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    return run(cwd=cwd, **asked).stdout.split("\n")[:-1]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("conventool fi", ["fill"]),
        ("conventool va", ["validate"]),
        ("conventool batch --seul", ["--seulement"]),
        ("conventool fill -t conv", ["convention-services-numeriques"]),
        ("conventool communes Hazeb", ["Hazebrouck"]),
        ("conventool completion z", ["zsh"]),
    ],
)
def test_what_is_proposed(words: str, expected: list[str], tmp_path: Path) -> None:
    """Commands, options, templates, communes."""
    assert completed(words, cwd=tmp_path) == expected


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_a_script_for_each_shell(shell: str, tmp_path: Path) -> None:
    """It calls the program back by the variable that it listens to."""
    done = run("completion", shell, cwd=tmp_path)
    assert done.returncode == 0
    assert f"complete_{shell}" in done.stdout
    assert "conventool" in done.stdout


@pytest.mark.parametrize("shell", ["fish", "powershell"])
def test_what_is_said_of_an_option_is_one_line(shell: str, tmp_path: Path) -> None:
    """Each line is a proposal: a long help, broken, would be two."""
    line = "conventool fill --signat"
    asked = {"_CONVENTOOL_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": line, "COLUMNS": "60"}
    asked |= {"_TYPER_COMPLETE_WORD_TO_COMPLETE": "--signat", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    (proposed,) = run(cwd=tmp_path, **asked).stdout.splitlines()
    assert proposed.endswith("écrit signataires.csv.")


def test_powershell_is_given_names_with_an_apostrophe_in_quotes(tmp_path: Path) -> None:
    """Its ’ begins a text as ' does (PowerShell's language specification, 2.3.5.2)."""
    script = run("completion", "powershell", cwd=tmp_path).stdout
    assert r"""$(if ($command -match "[\s'\u2019]") { "`"$command`"" } else { $command }), $command,""" in script


def test_an_unknown_shell(tmp_path: Path) -> None:
    """Exit 2, with those that there are."""
    done = run("completion", "cmd", cwd=tmp_path)
    assert done.returncode == 2
    assert "powershell" in done.stderr


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_a_real_bash(tmp_path: Path) -> None:
    """The script is taken, and its function finds the command."""
    program = tmp_path / "conventool"
    program.write_text(
        f'#!/bin/sh\nPYTHONPATH={ROOT / "src"} exec {sys.executable} -m conventool "$@"\n', encoding="utf-8"
    )
    program.chmod(0o755)
    ask = """
        eval "$(conventool completion bash)"
        COMP_WORDS=(conventool comm); COMP_CWORD=1
        _conventool_completion conventool
        echo "${COMPREPLY[@]}"
    """
    done = subprocess.run(
        ["bash", "-c", ask],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.split() == ["communes"]
