"""Who signs for the parties that do not change: shown, and changed in the template's manifest after an election."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import yaml

from conventool.commands.check import CheckReport, check
from conventool.core.clock import today
from conventool.core.errors import UsageError
from conventool.core.problems import Place, Problem
from conventool.files.filenames import beside
from conventool.files.plan import Wanted
from conventool.files.reading import read_bytes
from conventool.files.scratch import scratch_folder
from conventool.files.writing import write_as_planned
from conventool.returned.comparison import EARLIER
from conventool.template.folder import LOCAL, TemplateFolder, find_template, known_templates
from conventool.template.manifest import MANIFEST

__all__ = ["Signatory", "change", "signatories"]

_MANIFEST = Path(MANIFEST)
_MOST_BYTES = 100 * 2**20


class Signatory(NamedTuple):
    """Who signs for a party.

    Attributes:
        key: of the party, as the manifest has it: ``fibre``.
        party: how people call it.
        fields: of the signatory and of the decision that authorises to sign, as texts.
    """

    key: str
    party: str
    fields: Mapping[str, str]


def signatories(template: str) -> tuple[Signatory, ...]:
    """Who signs for each party of a template.

    Raises:
        TemplateError: the template is missing, or is not sound.
    """
    manifest = TemplateFolder.open(find_template(template)).manifest
    return tuple(
        Signatory(
            key,
            manifest.exemplaires.get(key, key),
            {field: str(value) for field in type(party).model_fields if (value := getattr(party, field)) is not None},
        )
        for key, party in manifest.parties.items()
    )


def change(template: str, changes: Mapping[str, str]) -> CheckReport:
    """Change signatories, keep the template as it was in ``anciennes/``, and check the new one.

    A template of the program is first copied beside the work, into ``templates/``, where it comes before that one.

    Args:
        template: its name or folder.
        changes: by party and field, such as ``fibre.nom``, the new text.

    Raises:
        UsageError: nothing changes, or a field is none of a party's.
        TemplateError: the template is missing, or would not be sound; then nothing is written.
        OutputError: a folder cannot be written.
    """
    folder = find_template(template)
    before = {one.key: one.fields for one in signatories(template)}
    differing = {path: text for path, text in changes.items() if text != _at(before, path)}
    if not differing:
        raise UsageError(Problem("usage", "Rien n’a changé.", "Corrigez un nom, un titre ou une date."))
    files = {
        path.relative_to(folder): read_bytes(path, _MOST_BYTES)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and EARLIER not in path.relative_to(folder).parts
    }
    changed = _rewritten(files[_MANIFEST].decode("utf-8-sig"), differing, folder / MANIFEST)
    home = LOCAL / folder.name if folder in known_templates().values() else folder
    _write(home, files, changed.encode("utf-8"), is_new=home != folder)
    return check([str(home)])


def _at(told: Mapping[str, Mapping[str, str]], path: str) -> str:
    party, _, field = path.partition(".")
    try:
        return told[party][field]
    except KeyError as error:
        message = f"« {path} » n’est pas un champ d’une partie de ce modèle."
        raise UsageError(Problem("unknown-field", message, field=path)) from error


def _rewritten(text: str, changes: Mapping[str, str], manifest: Path) -> str:
    """The manifest with other texts in the place of some values; all else, comments too, stays as it is written."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    spans = []
    for path, new in changes.items():
        node = _value(root, ("parties", *path.split(".")))
        if node is None:
            raise UsageError(
                Problem("unknown-field", f"« {path} » n’est pas écrit dans le modèle.", place=Place(file=str(manifest)))
            )
        spans.append((node.start_mark.index, node.end_mark.index, _scalar(new)))
    for start, end, new in sorted(spans, reverse=True):
        text = f"{text[:start]}{new}{text[end:]}"
    return text


def _value(node: yaml.Node | None, path: Sequence[str]) -> yaml.ScalarNode | None:
    for name in path:
        inner = node.value if isinstance(node, yaml.MappingNode) else ()
        node = next((value for key, value in inner if key.value == name), None)
    return node if isinstance(node, yaml.ScalarNode) else None


def _scalar(text: str) -> str:
    """A text as YAML writes it on one line."""
    written = yaml.safe_dump(text, allow_unicode=True, width=10_000, default_style='"')
    return str(written).removesuffix("\n")


def _write(home: Path, files: Mapping[Path, bytes], manifest: bytes, *, is_new: bool) -> None:
    """Try the new manifest first, apart; then write the old files, and the new ones."""
    changed = {**files, _MANIFEST: manifest}
    with scratch_folder() as folder:
        trial = folder / home.name
        write_as_planned([Wanted(trial / file, data) for file, data in changed.items()], force=True)
        TemplateFolder.open(trial)
    earlier = next(folder for folder in beside(home / EARLIER / today().isoformat()) if not folder.exists())
    kept = [Wanted(earlier / file, data) for file, data in files.items()]
    wanted = changed if is_new else {_MANIFEST: manifest}
    write_as_planned([*kept, *(Wanted(home / file, data) for file, data in wanted.items())], force=not is_new)
