"""Documents that come back: what was filled in, and whether the text around it is still the template's."""
