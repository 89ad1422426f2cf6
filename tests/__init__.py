"""What no single service can test."""
