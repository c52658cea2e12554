"""A LibreOffice that fails as the real one does. What each document says decides what becomes of it.

``CRASH n`` ends it with status n when it comes to that document, ``HANG`` makes it wait for ever, ``NOTHING`` writes no
PDF, ``RUBBISH`` and ``EMPTY`` write no PDF under that name, ``FORM``, ``PLAIN``, ``UNTAGGED`` and ``LOOSE`` write a PDF
that is not what was asked. A document that says ``ONCE`` as well is well behaved from its second time on.
In the folder ``FAKE_STATE`` it notes its calls and the processes it starts.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import pikepdf

STATE = Path(os.environ["FAKE_STATE"])
MOST = 247  # the real one silently drops the others


def main() -> int:
    if "--version" in sys.argv:
        sys.stdout.write(os.environ.get("FAKE_VERSION", "LibreOffice 7.4.7.2 40(Build:2)"))
        return 0
    home = next(Path(a.removeprefix("-env:UserInstallation=file://")) for a in sys.argv if a.startswith("-env:"))
    at = sys.argv.index("--outdir")
    out, documents = Path(sys.argv[at + 1]), sys.argv[at + 2 :]
    # as soffice starts soffice.bin; by the name of that folder the tests find it
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", str(STATE)])
    with (STATE / "calls").open("a") as calls:
        calls.write(f"{home.parent.name} {len(documents)}\n")
    (STATE / "home").write_text(str(home))
    tempfile.mkdtemp(prefix="lu", suffix=".tmp")  # the real one leaves it when it is killed
    lock = home / "lock"
    if lock.exists():
        sys.stderr.write("profile in use")
        return 1
    lock.touch()
    try:
        status = work(home, out, documents)
    finally:
        lock.unlink()
    if status == 0:
        child.kill()
    return status


def work(home: Path, out: Path, documents: list[str]) -> int:
    if os.environ.get("FAKE_81") and not (home / "user" / "started").exists():
        (home / "user" / "started").touch()
        return 81
    for document in documents[:MOST]:
        time.sleep(float(os.environ.get("FAKE_SECONDS", "0")))
        text = os.environ.get("FAKE_ALL") or text_of(document)
        status = convert(text, out / f"{Path(document).stem}.pdf")
        if status:
            sys.stderr.write("terminate called after throwing an instance of 'std::bad_alloc'")
            return status
    return 0


def text_of(document: str) -> str:
    with zipfile.ZipFile(document) as archive:
        return "".join(re.findall("<w:t[^>]*>([^<]*)</w:t>", archive.read("word/document.xml").decode("utf-8")))


def convert(text: str, target: Path) -> int:
    mood = text.split(maxsplit=1)[0] if text else ""
    if "ONCE" in text:
        seen = STATE / f"seen-{re.sub('[^0-9A-Za-z]', '-', text)}"
        mood = "" if seen.exists() else mood
        seen.touch()
    if mood == "CRASH":
        return int(text.split()[1])
    if mood == "HANG":
        time.sleep(600)
    elif mood == "RUBBISH":
        target.write_bytes(b"%PDF-1.6 rubbish")
    elif mood == "EMPTY":
        target.write_bytes(b"")
    elif mood != "NOTHING":
        write_pdf(text, target, mood)
    return 0


def write_pdf(text: str, target: Path, mood: str) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    part = "" if mood == "PLAIN" else "<pdfaid:part>2</pdfaid:part>"
    pdf.Root.Metadata = pdf.make_stream(part.encode(), Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
    if mood != "UNTAGGED":
        pdf.Root.StructTreeRoot = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot))
    if mood == "FORM":
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array())
    if mood == "LOOSE":
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdf.make_indirect(font)))
    pdf.docinfo["/Subject"] = text
    beside = target.with_name(f"lu{os.getpid()}.tmp")
    pdf.save(beside, fix_metadata_version=False)
    beside.rename(target)


if __name__ == "__main__":
    sys.exit(main())
