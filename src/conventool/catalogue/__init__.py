"""The services of a convention and their prices: what ``catalogue.yaml`` says, and what it makes an adherent pay."""

CATALOGUE = "catalogue.yaml"
"""Name of the file, beside a template's manifest."""
