"""What a run is asked."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from conventool.documents.pdf_files import Paper
    from conventool.word.template import Mode

__all__ = ["RunOptions"]


class RunOptions(NamedTuple):
    """What ``fill`` and ``batch`` are asked.

    Attributes:
        template: name or folder of the template, or a bare Word form.
        output: folder of the result.
        controls: do filled controls stay controls?
        force: may documents that differ be replaced?
        dry_run: tell, and write nothing.
        strict: write nothing if a row is rejected.
        jobs: how many processes; 0 for one on each core.
        rejects: the file of rejected rows, if not in the output folder.
        sheet: of a workbook.
        columns: a file that says which header means which field.
        fixed: by field, the value of every row.
        visible_only: are rows that a sheet does not show left out?
        lines: of the list, those that are taken: ``3-7,12``; None for all.
        only: a text that a row must hold to be taken; None for all.
        paper: what PDF files are wanted besides, or instead.
        prune: remove the files that the folder's runs have superseded.
        pieces: keys of the pieces that are wanted; all where None.
        alone: the name of the only row, where there is one only: all of its files are written, or none.
        name: how the files of a bare form are called, by a pattern: ``{{ nom }}``.
        allow_revisions: may documents be written whose template has tracked changes?
        beside: number of the adherent of the folder's dossier beside whose convention the documents stand; None where
            the rows are adherents whose conventions are made.
    """

    template: str
    output: Path
    controls: Mode = "keep"
    force: bool = False
    dry_run: bool = False
    strict: bool = False
    jobs: int = 1
    rejects: Path | None = None
    sheet: str | None = None
    columns: Path | None = None
    fixed: Mapping[str, str] = MappingProxyType({})
    visible_only: bool = False
    paper: Paper | None = None
    prune: bool = False
    pieces: tuple[str, ...] | None = None
    alone: str | None = None
    lines: str | None = None
    only: str | None = None
    allow_revisions: bool = False
    name: str | None = None
    beside: int | None = None

    @property
    def chooses(self) -> bool:
        """Are some rows of the source left out, so that an adherent may be in it and yet not in the run?"""
        return self.visible_only or self.alone is not None or self.lines is not None or self.only is not None
