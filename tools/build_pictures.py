"""The pictures of the docs, made anew from what the program does today, so that they stay true.

    python tools/build_pictures.py

It needs LibreOffice, Poppler (``pdftoppm``) and Chromium, and writes ``docs/images/``.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageChops
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
CONVENTOOL = [sys.executable, "-m", "conventool"]


def main() -> None:
    """Make each picture."""
    with TemporaryDirectory() as name:
        work = Path(name)
        shutil.copytree(ROOT / "examples", work / "examples")
        documents(work)
        workbook(work)
        blank_list(work)
        terminal(work)
        page(work)


def run(work: Path, *arguments: str, **environment: str) -> str:
    """What a command of the program prints; both streams, as a terminal shows them."""
    return subprocess.run(
        [*CONVENTOOL, *arguments], cwd=work, env=os.environ | {"PYTHONPATH": str(ROOT / "src")} | environment,
        check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
    ).stdout  # fmt: skip


def documents(work: Path) -> None:
    """The first and the last page of a convention, side by side."""
    run(work, "fill", "examples/adherent.yaml", "--pdf-only", "-o", "papier")
    pages = pictures(min((work / "papier").glob("*.pdf")), dots=80)
    beside([pages[0], pages[-1]]).save(IMAGES / "exemplaire.png", optimize=True)


def workbook(work: Path) -> None:
    """What people see of an output folder."""
    run(work, "batch", "examples/communes.csv", "-o", "lot")
    trimmed(pictures(printed(work, work / "lot" / "suivi.xlsx"), dots=160)[0]).save(IMAGES / "suivi.png", optimize=True)


def blank_list(work: Path) -> None:
    """The first page of the list to fill in, with the rows of another."""
    run(work, "classeur", "examples/communes.csv", "-o", "liste.xlsx")
    trimmed(pictures(printed(work, work / "liste.xlsx"), dots=160)[0]).save(IMAGES / "classeur.png", optimize=True)


def printed(work: Path, book: Path) -> Path:
    """The PDF file that LibreOffice makes of a workbook."""
    convert = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(work), str(book)]
    subprocess.run(convert, check=True, capture_output=True)
    return work / f"{book.stem}.pdf"


def terminal(work: Path) -> None:
    """A mistake in the data, as a terminal of eighty columns shows it."""
    source = work / "examples" / "adherent.yaml"
    wrong = source.read_text(encoding="utf-8").replace("2026-03-12", "31/02/2026").replace('"59017"', '"59071"')
    source.write_text(wrong, encoding="utf-8")
    shown = run(work, "fill", "examples/adherent.yaml", FORCE_COLOR="1", COLUMNS="80")
    console = Console(record=True, width=80, file=io.StringIO(), force_terminal=True)
    console.print(Text("$ conventool fill examples/adherent.yaml"))
    console.print(Text.from_ansi(shown))
    drawing = work / "terminal.svg"
    drawing.write_text(console.export_svg(title="conventool"), encoding="utf-8")
    screenshot(drawing.as_uri(), work / "terminal.png", (1000, 520))
    trimmed(Image.open(work / "terminal.png").convert("RGB")).save(IMAGES / "terminal.png", optimize=True)


def page(work: Path) -> None:
    """The form of a convention in the browser."""
    command = [*CONVENTOOL, "page", "--no-browser"]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
    with subprocess.Popen(command, cwd=work, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        address = re.findall(r"http://\S+", server.stdout.readline())[0]
        asked = "convention?q=armenti&forme=commune&code_insee=59017&nom=Armenti%C3%A8res"
        screenshot(f"{address}{asked}", IMAGES / "page.png", (900, 1000))
        server.send_signal(signal.SIGINT)
        server.communicate()


def pictures(pdf: Path, *, dots: int) -> list[Image.Image]:
    """The pages of a PDF."""
    subprocess.run(["pdftoppm", "-r", str(dots), "-png", str(pdf), str(pdf.with_suffix(""))], check=True)
    return [Image.open(file) for file in sorted(pdf.parent.glob(f"{pdf.stem}-*.png"))]


def beside(pages: list[Image.Image], gap: int = 16) -> Image.Image:
    """Pages side by side on grey."""
    size = (sum(page.width for page in pages) + gap * (len(pages) + 1), max(page.height for page in pages) + 2 * gap)
    whole, left = Image.new("RGB", size, "#d0d0d6"), gap
    for one in pages:
        whole.paste(one, (left, gap))
        left += one.width + gap
    return whole


def trimmed(image: Image.Image) -> Image.Image:
    """A picture without the white around it."""
    box = ImageChops.difference(image.convert("RGB"), Image.new("RGB", image.size, "white")).getbbox()
    return image.crop(box) if box else image


def screenshot(address: str, target: Path, size: tuple[int, int]) -> None:
    """What Chromium shows at an address."""
    command = ["chromium", "--headless", "--no-sandbox", "--hide-scrollbars", f"--window-size={size[0]},{size[1]}"]
    subprocess.run([*command, f"--screenshot={target}", address], check=True, capture_output=True)


if __name__ == "__main__":
    main()
