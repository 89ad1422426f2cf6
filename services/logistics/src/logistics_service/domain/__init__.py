"""What stock, fulfilments and parcels are and may become: plain Python and values, nothing else."""
