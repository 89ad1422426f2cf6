"""The events for programs: an AsyncAPI 3.0 document with every event's producers and consumers."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Any, Final

import msgspec

from shop_events.contract import Contract
from shop_events.contracts.words import meaning
from shop_events.golden import Sample
from shop_events.golden.promises import promise_of
from shop_events.topology import exchange_for
from shop_events.values import MINOR_DIGITS, Money
from shop_suite.docs.town import Entry, Town, first_line

ASYNCAPI: Final = "3.0.0"
AMQP_BINDING: Final = "0.3.0"
_MONEY: Final = {
    "type": "object",
    "description": "An exact amount: a decimal text, never a float.",
    "properties": {
        "amount": {"type": "string", "pattern": r"^-?\d{1,16}(\.\d{1,4})?$"},
        "currency": {"type": "string", "enum": sorted(MINOR_DIGITS)},
    },
    "required": ["amount", "currency"],
}
_TEXT: Final = {"type": "string"}
_HEADERS: Final[Mapping[str, Any]] = {
    "type": "object",
    "description": "CloudEvents 1.0, binary mode; all values are text.",
    "properties": {
        "ce-specversion": {"const": "1.0"},
        "ce-id": {**_TEXT, "description": "Of the event; the same when it comes again."},
        "ce-source": {**_TEXT, "description": "/jishi/ and the producing service."},
        "ce-type": _TEXT,
        "ce-schemaversion": {**_TEXT, "pattern": r"^\d+$"},
        "ce-subject": {**_TEXT, "description": "The id of the aggregate it is about."},
        "ce-partitionkey": {**_TEXT, "description": "The same as the subject."},
        "ce-sequence": {**_TEXT, "pattern": r"^\d+$", "description": "1..n per aggregate."},
        "ce-time": {**_TEXT, "format": "date-time"},
        "ce-correlationid": {**_TEXT, "description": "The same for all that one cause led to."},
        "ce-causationid": {**_TEXT, "description": "The event that led to this one, if one did."},
        "ce-traceparent": {**_TEXT, "description": "W3C Trace Context."},
    },
    "required": [
        *("ce-specversion", "ce-id", "ce-source", "ce-type", "ce-schemaversion"),
        *("ce-subject", "ce-sequence", "ce-time", "ce-correlationid"),
    ],
}


def asyncapi_page(town: Town, samples: Mapping[str, Sample]) -> str:
    """The document as text."""
    types = [contract.type for contract in town.contracts]
    _, schemas = msgspec.json.schema_components(
        types, schema_hook=_schema, ref_template="#/components/schemas/{name}"
    )
    messages = {c.routing_key: _message(c, samples[c.routing_key]) for c in town.contracts}
    whole = {
        "asyncapi": ASYNCAPI,
        "info": {
            "title": "Jishi's events",
            "version": version("jishi-events"),
            "description": "Delivered at least once; be idempotent on ce-id. docs/subscribing.md.",
        },
        "defaultContentType": "application/json",
        "channels": {contract.routing_key: _channel(contract) for contract in town.contracts},
        "operations": dict(_operations(town)),
        "components": {"messages": messages, "schemas": {**schemas, "CloudEvent": _HEADERS}},
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _schema(wanted: type[Any]) -> dict[str, Any]:
    if wanted is Money:
        return dict(_MONEY)
    raise NotImplementedError(f"{wanted.__name__} has no schema.")


def _channel(contract: Contract) -> dict[str, Any]:
    exchange = {"name": exchange_for(contract), "type": "topic", "durable": True}
    return {
        "address": contract.routing_key,
        "description": first_line(contract.type),
        "messages": {"event": _ref("components", "messages", contract.routing_key)},
        "bindings": {
            "amqp": {
                "is": "routingKey",
                "exchange": {**exchange, "autoDelete": False},
                "bindingVersion": AMQP_BINDING,
            }
        },
    }


def _message(contract: Contract, sample: Sample) -> dict[str, Any]:
    return {
        "name": contract.routing_key,
        "title": contract.type.__name__,
        "summary": first_line(contract.type),
        "description": inspect.getdoc(contract.type),
        "contentType": "application/json",
        "headers": _ref("components", "schemas", "CloudEvent"),
        "payload": _ref("components", "schemas", contract.type.__name__),
        "tags": [{"name": str(contract.kind)}, {"name": f"by {contract.by}"}],
        "x-fields": {path: meaning(contract.name, path) for path in promise_of(contract)["fields"]},
        "examples": [{"headers": sample.headers, "payload": sample.data}],
    }


def _operations(town: Town) -> Iterator[tuple[str, dict[str, Any]]]:
    for contract in town.contracts:
        if said := town.publishers(contract):
            yield f"{contract.by}.says.{contract.routing_key}", _operation("send", contract, said)
        for service in town.services:
            heard = [one for one in town.listeners(contract) if one.service == service]
            if heard:
                name = f"{service}.hears.{contract.routing_key}"
                yield name, _operation("receive", contract, heard)


def _operation(action: str, contract: Contract, entries: list[Entry]) -> dict[str, Any]:
    where = "; ".join(f"{one.door} {one.label} ({one.name})" for one in entries)
    return {
        "action": action,
        "channel": _ref("channels", contract.routing_key),
        "summary": entries[0].meaning if len(entries) == 1 else first_line(contract.type),
        "description": where,
        "tags": [{"name": entries[0].service}],
        "messages": [_ref("channels", contract.routing_key, "messages", "event")],
    }


def _ref(*path: str) -> dict[str, str]:
    return {"$ref": "#/" + "/".join(path)}
