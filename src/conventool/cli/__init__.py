"""Arguments in, exit code out; a report as text, JSON, JUnit or annotations."""
