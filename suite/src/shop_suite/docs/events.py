"""One page for each event, and one with all of them."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from shop_events.contract import Contract, Kind
from shop_events.contracts.words import meaning
from shop_events.golden import Sample
from shop_events.golden.promises import promise_of
from shop_events.topology import exchange_for
from shop_suite.docs.town import WRITTEN, Door, Entry, Town, first_line

_KINDS: Final = {
    Kind.FACT: "a fact: it happened once",
    Kind.STATE: "a state: all there is to know now; a copy is replaced by it, unless it is older",
    Kind.PRIVATE: "private: it names a person, so it is in no log and only named services hear it",
}
_DOORS: Final = {
    Door.REQUEST: "`{}`",
    Door.EVENT: "when it hears `{}`",
    Door.DEADLINE: "when the deadline `{}` is due",
    Door.CHORE: "in its chore `{}`",
}
_HEAD: Final = """\
# The events

Every event of the town: who says it, who listens, and what it means. How to listen yourself is in
[subscribing.md](../subscribing.md); programs read [asyncapi.json](asyncapi.json); what follows from
what is drawn in [flows](../flows/README.md).

| event | kind | said by | heard by | meaning |
|---|---|---|---|---|
"""


def event_pages(town: Town, samples: Mapping[str, Sample]) -> dict[str, str]:
    """The pages below docs/events, by path."""
    pages = {f"events/{one.routing_key}.md": _page(town, one, samples) for one in town.contracts}
    rows = "\n".join(_row(town, contract) for contract in town.contracts)
    return {"events/README.md": f"{WRITTEN}{_HEAD}{rows}\n", **pages}


def _row(town: Town, contract: Contract) -> str:
    heard_by = sorted({one.service for one in town.listeners(contract)}) or ["nobody yet"]
    link = f"[{contract.routing_key}]({contract.routing_key}.md)"
    words = first_line(contract.type)
    return f"| {link} | {contract.kind} | {contract.by} | {', '.join(heard_by)} | {words} |"


def _page(town: Town, contract: Contract, samples: Mapping[str, Sample]) -> str:
    parts = [
        f"# {contract.routing_key}",
        inspect.getdoc(contract.type) or "",
        _facts(contract),
        "## Fields",
        "\n".join(_fields(contract)),
        "## Example",
        _example(samples[contract.routing_key]),
        "## Who says it",
        "\n".join(_said_by(town.publishers(contract))),
        "## Who listens",
        "\n".join(_heard_by(town.listeners(contract))),
    ]
    return WRITTEN + "\n\n".join(parts) + "\n"


def _facts(contract: Contract) -> str:
    about = contract.aggregate
    lines = [
        f"* It is {_KINDS[contract.kind]}.",
        f"* It is about one {about}, `{contract.key}`; those of one are numbered without gaps.",
        f"* Bind `{contract.routing_key}` at the exchange `{exchange_for(contract)}`.",
    ]
    if contract.listeners:
        lines.append(f"* Allowed to listen: {', '.join(sorted(contract.listeners))}.")
    return "\n".join(lines)


def _fields(contract: Contract) -> Iterator[str]:
    yield "| field | type | meaning |"
    yield "|---|---|---|"
    fields: Mapping[str, Mapping[str, Any]] = promise_of(contract)["fields"]
    for path, field in fields.items():
        words = meaning(contract.name, path)
        if "default" in field:
            words += f" May be left out, which means {json.dumps(field['default'])}."
        kind = field["type"].replace("list of object", "list of objects")
        yield f"| `{path}` | {kind} | {words} |"


def _example(sample: Sample) -> str:
    headers = "\n".join(f"{name}: {text}" for name, text in sample.headers.items())
    data = json.dumps(sample.data, ensure_ascii=False, indent=2)
    return f"```text\n{headers}\n```\n```json\n{data}\n```"


def _said_by(entries: Iterable[Entry]) -> Iterator[str]:
    said = [_sentence(one) for one in entries]
    yield from said or ["* Nobody yet: it is agreed, and its service does not say it so far."]


def _sentence(entry: Entry) -> str:
    where = _DOORS[entry.door].format(entry.label)
    words = f": {entry.meaning}" if entry.meaning else ""
    return f"* **{entry.service}**, {where} (`{entry.name}`){words}"


def _heard_by(entries: Iterable[Entry]) -> Iterator[str]:
    heard = []
    for one in entries:
        then = ", ".join(f"`{contract.name}`" for contract in one.publishes)
        may = f" It may then say {then}." if then else ""
        heard.append(f"* **{one.service}**, `{one.name}`: {one.meaning}{may}")
    yield from heard or ["* Nobody yet."]
