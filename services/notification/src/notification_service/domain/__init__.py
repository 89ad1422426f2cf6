"""The rules: plain Python and values, nothing else."""
