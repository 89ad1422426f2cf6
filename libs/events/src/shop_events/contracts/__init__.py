"""The events of the suite, one module per producing service.

Compatibility (EVENTS.md row 22): a field may be added with a default; any other change is a new
version beside the old one, with an upcaster that leads from the old to the new.
"""

from importlib import import_module
from pkgutil import iter_modules


def load_all() -> None:
    """Make every contract known, whoever asked for which so far."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
