"""Pure text: French, dates, cleaning, suggestions, the text of a document as it is read."""
