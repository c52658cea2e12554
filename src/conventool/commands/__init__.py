"""What each command does, every stage named in order."""
