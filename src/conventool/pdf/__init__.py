"""The one door to LibreOffice: Word documents in, checked PDF files in place out."""
