"""What is not ours: carriers. A protocol, and a pretend one for tests, demos and development."""
