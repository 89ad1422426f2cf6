"""What is not ours: mail servers and SMS providers."""
