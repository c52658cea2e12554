"""A template folder: its manifest, its words, its expressions."""
