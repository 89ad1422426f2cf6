"""What money may do here: plain Python and values, nothing else."""
