"""What people and events can do here: one verb a file."""
