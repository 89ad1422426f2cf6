"""Builders with names, for aftersales's tests and the journeys. Imported by tests alone."""
