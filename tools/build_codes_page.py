"""Write ``docs/codes.md``: every problem code, what it means, what to do.

Run after a change of `conventool.core.problem_codes`::

    python tools/build_codes_page.py
"""

from __future__ import annotations

from pathlib import Path

from conventool.core.problem_codes import GROUPS

PAGE = Path(__file__).parent.parent / "docs" / "codes.md"
HEAD = """\
# Les codes des problèmes

Chaque problème a un code, le même d’une version à l’autre : c’est lui que lit un script, dans `--json`. Le même code
peut être une erreur (rien n’est produit pour cet adhérent), un avertissement (c’est produit, à regarder) ou un simple
avis (ce qui a été réparé ou supposé) ; le message dit lequel, où, et pourquoi.

Cette page est écrite par `tools/build_codes_page.py`.
"""


def page() -> str:
    """The page, as Markdown."""
    lines = [HEAD]
    for title, codes in GROUPS.items():
        lines += [f"## {title}", "", "| code | ce qu’il veut dire | que faire |", "|---|---|---|"]
        lines += [f"| `{code}` | {meaning.sense} | {meaning.remedy} |" for code, meaning in sorted(codes.items())]
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
