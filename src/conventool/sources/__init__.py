"""Data files → rows, each value with its place."""
