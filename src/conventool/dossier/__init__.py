"""What an output folder knows: adherents, files, their states."""
