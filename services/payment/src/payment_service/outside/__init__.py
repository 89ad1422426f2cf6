"""What is not ours: payment providers, and a pretend one."""
