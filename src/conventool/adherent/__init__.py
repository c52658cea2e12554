"""The adherent, a public body: its fields, name, seat, signatory and decision."""
