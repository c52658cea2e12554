"""Turns a row into documents, by a template folder or a bare form."""
