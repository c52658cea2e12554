"""A list of adherents → their documents: checked whole, then written; interrupted, then taken up again."""
