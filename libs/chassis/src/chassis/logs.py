"""Logs: one line of JSON per entry on stdout, in UTC, with service and trace.

Everything goes through the standard library's ``logging``; ``extra={...}`` adds fields. What is
written is data, never layout: a line break in a value stays inside its JSON text.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping, MutableMapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any, Final, TextIO

import orjson
import structlog

# Not escaped by JSON and yet able to break or turn a line on a terminal: DEL and C1 controls,
# line and paragraph separators, bidirectional overrides (ASVS 16.4.1).
_UNSAFE: Final = {
    code: f"\\u{code:04x}"
    for code in (*range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}

Entry = MutableMapping[str, Any]

# What the present request or task is about: said in each of its lines. One variable of our own,
# because structlog makes its variables with their first use, and two threads may make two.
about: ContextVar[Mapping[str, str]] = ContextVar("about", default=MappingProxyType({}))


def setup(service: str, *, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send everything this process logs to ``stream`` (stdout) as JSON lines."""
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(formatter(service))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("alembic").setLevel("WARNING")  # it speaks whenever anybody looks


def formatter(service: str) -> logging.Formatter:
    """Writes an entry; ``service`` is whose it is where the entry itself does not say."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            _merge,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            _says(service),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.EventRenamer("message"),
            _in_order,
            structlog.processors.JSONRenderer(serializer=_write),
        ],
    )


def _merge(_logger: Any, _method: str, entry: Entry) -> Entry:
    return {**about.get(), **entry}


def _says(service: str) -> Callable[[Any, str, Entry], Entry]:
    def add(_logger: Any, _method: str, entry: Entry) -> Entry:
        entry.setdefault("service", service)
        return entry

    return add


def _in_order(_logger: Any, _method: str, entry: Entry) -> Entry:
    """What a person looks for first stands first."""
    first = ("time", "level", "service", "message")
    return {name: entry[name] for name in first if name in entry} | dict(entry)


def _write(entry: Any, **_options: Any) -> str:
    return orjson.dumps(entry, default=str).decode().translate(_UNSAFE)
