"""The services of the town, in the order in which an order meets them."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from chassis.service import Service

NAMES: Final = ("order", "payment", "logistics")


def load_services() -> tuple[Service, ...]:
    """Every service's page."""
    return tuple(load_service(name) for name in NAMES)


def load_service(name: str) -> Service:
    """One service's page.

    Raises:
        ModuleNotFoundError: there is no such service.
    """
    service = import_module(f"{name}_service.service").service
    if not isinstance(service, Service):
        raise TypeError(f"{name}_service.service.service is not a Service.")
    return service
