"""Builders with names, for catalog's tests and the journeys. Imported by tests alone."""
