"""Lists to fill in: what a template asks for as the columns of a workbook, and a list brought into them."""
