"""A template folder: its manifest, its words, its expressions."""

DEFAULT = "convention-services-numeriques"
"""Name of the template that serves where none is named."""
