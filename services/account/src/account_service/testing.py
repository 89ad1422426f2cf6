"""Builders with names, for account's tests and the journeys. Imported by tests alone."""
