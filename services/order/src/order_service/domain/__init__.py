"""What an order is and may become: plain Python and values, nothing else."""
