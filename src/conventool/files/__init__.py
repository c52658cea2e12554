"""Wanted files compared with the disk; written whole or not at all; names legal on every system."""
