"""What people and events can make of an order: one verb a file."""
