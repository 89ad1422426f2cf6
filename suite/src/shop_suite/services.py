"""The services of the town, in the order in which an order meets them."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Final

from chassis.service import Service

ROAD: Final = ("order", "payment", "logistics")  # what an order needs to be paid and delivered
NAMES: Final = (
    "account",
    "catalog",
    "cart",
    *ROAD,
    "aftersales",
    "review",
    "notification",
)


def load_services(names: Iterable[str] = NAMES) -> tuple[Service, ...]:
    """The services' pages; all of them unless said."""
    return tuple(load_service(name) for name in names)


def load_service(name: str) -> Service:
    """One service's page.

    Raises:
        ModuleNotFoundError: there is no such service.
    """
    service = import_module(f"{name}_service.service").service
    if not isinstance(service, Service):
        raise TypeError(f"{name}_service.service.service is not a Service.")
    return service
