"""Have LibreOffice renew the tables of contents of documents before it makes PDF files of them.

``--convert-to`` alone does not. A macro in its settings does, at the event that comes before a copy is stored. It
leaves a mark in the PDF, so that one that did not run is never held to have renewed anything.
"""

from __future__ import annotations

from pathlib import Path

import pikepdf

__all__ = ["EVENT_SETTING", "is_renewed", "write_macro"]

_MARK = "tables renewed"

EVENT_SETTING = """<item oor:path="/org.openoffice.Setup/Office"><prop oor:name="ooSetupInstCompleted" oor:op="fuse">\
<value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Events/ApplicationEvents/Bindings"><node oor:name="OnCopyTo" \
oor:op="replace"><prop oor:name="BindingURL" oor:op="fuse"><value>macro:///Standard.Tables.Renew</value></prop>\
</node></item>
"""
"""What LibreOffice's settings say of the macro; a new profile would be filled with libraries that lack it."""

# twice: the pages are counted with a table as long as it was before
_MACRO = f"""Sub Renew
  On Error Resume Next
  Dim documents, document, tables, round, rank
  documents = StarDesktop.getComponents().createEnumeration()
  Do While documents.hasMoreElements()
    document = documents.nextElement()
    document.getTextFields().refresh()
    tables = document.getDocumentIndexes()
    For round = 1 To 2
      For rank = 0 To tables.getCount() - 1
        tables.getByIndex(rank).update()
      Next
    Next
    If Err = 0 Then document.DocumentProperties.Keywords = Array("{_MARK}")
  Loop
End Sub
"""
_FILES = {
    "script.xlc": """<!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd">
<library:libraries xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink">
<library:library library:name="Standard" xlink:href="$(USER)/basic/Standard/script.xlb/" xlink:type="simple" \
library:link="false"/>
</library:libraries>
""",
    "Standard/script.xlb": """<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" \
"library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false" \
library:passwordprotected="false">
<library:element library:name="Tables"/>
</library:library>
""",
    "Standard/Tables.xba": f"""<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" \
"module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Tables" script:language="StarBasic">\
{_MACRO}</script:module>
""",
}


def write_macro(user: Path) -> None:
    """Write the macro into the settings of a LibreOffice that has not been started with them yet.

    Args:
        user: their folder.

    Raises:
        OSError: it cannot be written.
    """
    for name, text in _FILES.items():
        file = user / "basic" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', encoding="utf-8")


def is_renewed(pdf: pikepdf.Pdf) -> bool:
    """Were the tables of contents renewed in a PDF as LibreOffice made it?"""
    return str(pdf.docinfo.get("/Keywords", "")) == _MARK
