"""What people, events and provider answers can do about money: one verb a file."""
