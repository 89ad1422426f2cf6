"""Builders with names, for cart's tests and the journeys. Imported by tests alone."""
