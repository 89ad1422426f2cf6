"""Pages written from the declarations in the code: `make docs`; `make check` fails if they drift.

docs/events/README.md         every event: who says it, who listens, what it means
docs/events/<key>.md          one event: fields, an example, publishers, listeners
docs/events/asyncapi.json     the same for programs, AsyncAPI 3.0
docs/flows/README.md          which service tells which what
docs/flows/<service>.md       what goes in and what comes out of a service
docs/flows/order-saga.md      all that an order may set in motion
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from chassis.service import Service
from shop_events.golden import FOLDER, read_samples
from shop_suite.docs.asyncapi import asyncapi_page
from shop_suite.docs.events import event_pages
from shop_suite.docs.flows import flow_pages
from shop_suite.docs.town import Town, look_at
from shop_suite.services import load_services


def write_docs(root: Path, services: Iterable[Service] | None = None) -> list[Path]:
    """Write all pages below ``root``/docs and delete those nothing stands behind any more.

    Raises:
        KeyError: a field has no row in `shop_events.contracts.words`, or an event no golden sample.
    """
    town = look_at(load_services() if services is None else services)
    pages = {f"docs/{name}": text for name, text in pages_of(town).items()}
    for folder in ("docs/events", "docs/flows"):
        (root / folder).mkdir(parents=True, exist_ok=True)
        for path in (root / folder).iterdir():
            if path.is_file() and f"{folder}/{path.name}" not in pages:
                path.unlink()
    for name, text in pages.items():
        (root / name).write_text(text)
    return [root / name for name in pages]


def pages_of(town: Town) -> dict[str, str]:
    """Every page by its path below docs/, always the same for the same code."""
    samples = read_samples(FOLDER)
    return {
        **event_pages(town, samples),
        "events/asyncapi.json": asyncapi_page(town, samples),
        **flow_pages(town),
    }
