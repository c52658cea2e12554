"""Mark as decoration the lines and frames that LibreOffice leaves unmarked, which PDF/UA forbids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

import pikepdf

__all__ = ["mark_artifacts"]

_OPENS, _CLOSES = {"BDC", "BMC"}, {"EMC"}
_DRAWS = {"m", "l", "c", "v", "y", "h", "re", "W", "W*"}
_PAINTS = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*"}

_Operation: TypeAlias = pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage


def mark_artifacts(pdf: pikepdf.Pdf) -> None:
    """Mark every path that is painted outside marked content as an artifact (ISO 14289-1, 7.1).

    LibreOffice 7.4 tags text and pictures, but forgets the borders of paragraphs.
    """
    for page in pdf.pages:
        operations = pikepdf.parse_content_stream(page)
        marked = list(_marked(operations))
        if len(marked) > len(operations):
            page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(marked))


def _marked(operations: Iterable[_Operation]) -> Iterator[_Operation]:
    begin = pikepdf.ContentStreamInstruction([pikepdf.Name.Artifact], pikepdf.Operator("BMC"))
    end = pikepdf.ContentStreamInstruction([], pikepdf.Operator("EMC"))
    depth = 0
    path: list[_Operation] = []
    for operation in operations:
        name = str(operation.operator)
        depth += (name in _OPENS) - (name in _CLOSES)
        if depth == 0 and name in _DRAWS:
            path.append(operation)
            continue
        if path and name in _PAINTS:
            yield from (begin, *path, operation, end)
        else:
            yield from (*path, operation)
        path = []
    yield from path
