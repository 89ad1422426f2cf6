"""Builders with names, for review's tests and the journeys. Imported by tests alone."""
