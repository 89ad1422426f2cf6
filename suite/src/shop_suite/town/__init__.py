"""The demo shop: two merchants and sixty things, written and drawn for this project."""
