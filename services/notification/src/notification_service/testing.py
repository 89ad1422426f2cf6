"""Builders with names, for notification's tests and the journeys. Imported by tests alone."""
