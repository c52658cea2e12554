"""What every room uses: problems as values, errors with exit codes, reports, the clock, rows, worker processes."""
