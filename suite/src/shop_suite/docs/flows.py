"""What follows from what, drawn from the declarations alone.

A drawing shows what may be said, not what is said each time: a handler declares all it may publish.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from shop_events.contract import Contract
from shop_suite.docs.town import WRITTEN, Door, Entry, Town

FIRST: Final = "order.placed"
_SHAPES: Final = {
    Door.REQUEST: '(["{}"])',
    Door.EVENT: '["{}"]',
    Door.DEADLINE: '{{{{"{}"}}}}',
    Door.CHORE: '[/"{}"/]',
}
_LEGEND: Final = """\
Rounded: a request from outside. Rectangle: a handler. Hexagon: a deadline. Slanted: a chore.
Flag: an event. An arrow means *may*: which of them are said this time is for the code to know."""


def flow_pages(town: Town) -> dict[str, str]:
    """The pages below docs/flows, by path."""
    pages = {
        "flows/README.md": _town_page(town),
        "flows/order-saga.md": _saga_page(town),
        **{f"flows/{name}.md": _service_page(town, name) for name in town.services},
    }
    return {path: WRITTEN + text for path, text in pages.items()}


def _town_page(town: Town) -> str:
    links = "\n".join(
        f"* [{name}]({name}.md): what goes in, what comes out" for name in town.services
    )
    return f"""\
# Who tells whom what

{_drawing("flowchart LR", _between(town))}

* [order-saga](order-saga.md): all that an order may set in motion
{links}

What each event says is in [events](../events/README.md).
"""


def _between(town: Town) -> Iterator[str]:
    told: dict[tuple[str, str], list[str]] = {}
    for contract in town.contracts:
        for listener in sorted({one.service for one in town.listeners(contract)}):
            told.setdefault((contract.by, listener), []).append(contract.name)
    for (speaker, listener), names in sorted(told.items()):
        yield f'{speaker} -->|"{"<br/>".join(names)}"| {listener}'


def _service_page(town: Town, service: str) -> str:
    entries = town.of(service)
    rows = "\n".join(_row(one) for one in entries)
    return f"""\
# What goes into {service}, and what comes out

{_drawing("flowchart LR", _lines(entries))}

{_LEGEND}

| when | function | meaning | may say |
|---|---|---|---|
{rows}
"""


def _row(entry: Entry) -> str:
    said = ", ".join(_link(contract) for contract in entry.publishes) or "nothing"
    when = _link(entry.hears) if entry.hears else f"{entry.door} `{entry.label}`"
    return f"| {when} | `{entry.name}` | {entry.meaning} | {said} |"


def _saga_page(town: Town) -> str:
    starts = [one for one in town.contracts if _starts_something(town, one)]
    starts.sort(key=lambda one: (one.name != FIRST, one.name))
    chapters = "\n".join(_chapter(town, start) for start in starts)
    return f"""\
# All that an order may set in motion

One chapter for each event that people, carriers, banks or time may bring about and that somebody
listens to. A solid arrow is what brings it about (any one of them), an open one an event, in the
order in which it is first reached. An event *may* follow; which one does is for the code to know.

{chapters}"""


def _starts_something(town: Town, contract: Contract) -> bool:
    from_outside = any(one.door is not Door.EVENT for one in town.publishers(contract))
    return from_outside and bool(town.listeners(contract))


def _chapter(town: Town, start: Contract) -> str:
    talk = [*_beginnings(town, start), *_talk(_following(town, start))]
    here = [*_met(town, talk)]
    return f"## {start.name}\n\n{_drawing('sequenceDiagram', [*here, *talk])}\n"


def _beginnings(town: Town, start: Contract) -> Iterator[str]:
    for one in town.publishers(start):
        if one.door is Door.REQUEST:
            yield f"outside->>{one.service}: {one.label}"
        elif one.door is not Door.EVENT:
            yield f"{one.service}->>{one.service}: {one.door} {one.label}"


def _met(town: Town, talk: Iterable[str]) -> Iterator[str]:
    text = "\n".join(talk)
    if "outside->>" in text:
        yield "actor outside"
    yield from (f"participant {name}" for name in town.services if f"{name}:" in text)


def _following(town: Town, start: Contract) -> list[Entry]:
    """The handlers that may be reached from this event, nearest first."""
    found: list[Entry] = []
    told = [start]
    for contract in told:  # grows while it is walked
        for listener in town.listeners(contract):
            if listener not in found:
                found.append(listener)
                told += [one for one in listener.publishes if one not in told]
    return found


def _talk(entries: Iterable[Entry]) -> Iterator[str]:
    for one in entries:
        if one.hears:
            yield f"{one.hears.by}-){one.service}: {one.hears.name}"
            yield f"Note over {one.service}: {one.name}"


def _lines(entries: Iterable[Entry]) -> Iterator[str]:
    events: dict[str, None] = {}
    for one in entries:
        node = _node(one.service, one.door, one.label)
        label = one.name if one.door is Door.EVENT else one.label
        yield node + _SHAPES[one.door].format(f"{one.service}<br/>{label}")
        if one.hears:
            events[one.hears.name] = None
            yield f"{_node(one.hears.name)} --> {node}"
        for contract in one.publishes:
            events[contract.name] = None
            yield f"{node} --> {_node(contract.name)}"
    yield from (f'{_node(name)}>"{name}"]' for name in events)


def _node(*words: str) -> str:
    return "_".join("".join(c if c.isalnum() else "_" for c in word) for word in words)


def _link(contract: Contract) -> str:
    return f"[{contract.name}](../events/{contract.routing_key}.md)"


def _drawing(kind: str, lines: Iterable[str]) -> str:
    body = "\n".join(f"    {line}" for line in lines)
    return f"```mermaid\n{kind}\n{body}\n```"
