"""The events of the suite, one module per producing service.

Compatibility (EVENTS.md row 22): a field may be added with a default; any other change is a new
version beside the old one, with an upcaster that leads from the old to the new.
"""
