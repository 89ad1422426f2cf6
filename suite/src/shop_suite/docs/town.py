"""What the services declare, looked at from above: every entry point, every event."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from flask import Flask

from chassis.http.app import PREFIX
from chassis.routes import declared
from chassis.service import Service
from shop_events.contract import Contract, Event, contract_of
from shop_events.golden.__main__ import import_all_contracts

WRITTEN: Final = (
    "<!-- Written by `make docs` from the declarations in the code. Do not edit. -->\n\n"
)


class Door(StrEnum):
    """How something comes into a service."""

    REQUEST = "request"
    EVENT = "event"
    DEADLINE = "deadline"
    CHORE = "chore"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry point of a service. ``hears`` is the event it waits for, if it waits for one."""

    service: str
    door: Door
    name: str  # the function
    label: str  # what calls it: "POST /api/v1/orders", "order.pay_by"
    meaning: str
    publishes: tuple[Contract, ...]
    hears: Contract | None = None


@dataclass(frozen=True, slots=True)
class Town:
    """All services' entry points and all contracts, each in a stable order."""

    services: tuple[str, ...]
    contracts: tuple[Contract, ...]
    entries: tuple[Entry, ...]

    def publishers(self, contract: Contract) -> list[Entry]:
        """Where this event is said."""
        return [one for one in self.entries if contract in one.publishes]

    def listeners(self, contract: Contract) -> list[Entry]:
        """Where this event is heard. A listener to a later version reads this one by upcasters."""
        return [one for one in self.entries if one.hears == contract]

    def of(self, service: str) -> list[Entry]:
        """The entry points of a service that hear or say something."""
        return [one for one in self.entries if one.service == service]


def look_at(services: Iterable[Service]) -> Town:
    """Gather the declarations of these services."""
    known = list(services)
    contracts = tuple(import_all_contracts().all())
    entries = [one for service in known for one in _entries(service) if one.publishes or one.hears]
    return Town(tuple(service.name for service in known), contracts, tuple(entries))


def first_line(thing: object) -> str:
    """The first sentence or line of what a thing says about itself."""
    return (inspect.getdoc(thing) or "").partition("\n")[0].strip()


def _entries(service: Service) -> Iterator[Entry]:
    yield from _routes(service)
    known = service.subscriptions
    for heard in known.all():
        label = heard.contract.name
        yield _entry(service, Door.EVENT, label, heard.handler, heard.publishes, heard.contract)
    for due in known.all_deadlines():
        yield _entry(service, Door.DEADLINE, due.kind, due.handler, due.publishes)
    for chore in service.chores:
        yield _entry(service, Door.CHORE, chore.name, chore.run, chore.publishes)


def _routes(service: Service) -> Iterator[Entry]:
    app = Flask("declarations", static_folder=None)
    for blueprint in service.blueprints:
        app.register_blueprint(blueprint)
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        view = app.view_functions[rule.endpoint]
        methods = sorted(set(rule.methods or ()) - {"HEAD", "OPTIONS"})
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        label = f"{' '.join(methods)} {PREFIX}{path}"
        yield _entry(service, Door.REQUEST, label, view, declared(view).publishes)


def _entry(
    service: Service,
    door: Door,
    label: str,
    function: Callable[..., Any],
    publishes: Iterable[type[Event]],
    hears: Contract | None = None,
) -> Entry:
    said = sorted((contract_of(one) for one in publishes), key=lambda one: one.routing_key)
    return Entry(
        service=service.name,
        door=door,
        name=getattr(function, "__name__", label).lstrip("_"),
        label=label,
        meaning=first_line(function),
        publishes=tuple(said),
        hears=hears,
    )
