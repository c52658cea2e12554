"""Making and trying templates: recognition of blanks, samples, golden text."""
