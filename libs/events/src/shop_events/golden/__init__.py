"""One message of every version of every event ever published, kept for ever.

Each file ``libs/events/golden/<routing key>.json`` holds the headers and the data as they were on
the wire. A reader that cannot read one of them would lose a real message. ``contracts.json``
beside them remembers every field that was ever promised.

    python -m shop_events.golden add     writes what is new, and refuses to change what is there
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from shop_events.contract import (
    CONTRACTS,
    Contract,
    Contracts,
    Event,
    aggregate_id,
    contract_of,
)
from shop_events.envelope import Envelope, from_headers, to_headers
from shop_events.wire import UPCASTERS, Upcasters, decode, to_plain

# In the repository. An installed package has none: only whoever changes a contract needs it.
FOLDER: Final = Path(__file__).parents[3] / "golden"
SAID_AT: Final = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class NoReader(LookupError):
    """No contract of this process reads messages of that version: they would all be parked."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One message as it was on the wire."""

    headers: Mapping[str, str]
    data: Mapping[str, Any]

    @property
    def envelope(self) -> Envelope:
        """What its headers say."""
        return from_headers(self.headers)

    @property
    def body(self) -> bytes:
        """Its data as JSON."""
        return json.dumps(self.data, ensure_ascii=False).encode()

    def text(self) -> str:
        """What is committed."""
        whole = {"headers": self.headers, "data": self.data}
        return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def read_samples(folder: Path = FOLDER) -> dict[str, Sample]:
    """Every committed message, by routing key."""
    found = {path.stem: json.loads(path.read_text()) for path in folder.glob("*.v[0-9]*.json")}
    return {key: Sample(found[key]["headers"], found[key]["data"]) for key in sorted(found)}


def sample_of(happened: Event) -> Sample:
    """What would be on the wire if ``happened`` were published as the first of its aggregate."""
    contract = contract_of(happened)
    envelope = Envelope(
        id=str(uuid5(NAMESPACE_URL, contract.routing_key)),
        source=f"/jishi/{contract.by}",
        type=contract.name,
        version=contract.version,
        subject=aggregate_id(happened),
        sequence=1,
        time=SAID_AT,
        correlation_id=str(uuid5(NAMESPACE_URL, "a walk through the town")),
        traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    )
    return Sample(to_headers(envelope), to_plain(happened))


def reader_of(
    sample: Sample, *, known: Contracts = CONTRACTS, upcasters: Upcasters = UPCASTERS
) -> Contract:
    """The newest contract that reads messages like ``sample``, directly or through upcasters.

    Raises:
        NoReader: there is none.
    """
    envelope = sample.envelope
    for contract in reversed(_versions(envelope.type, known)):
        oldest = upcasters.oldest_readable(contract.name, contract.version)
        if oldest <= envelope.version <= contract.version:
            return contract
    raise NoReader(f"Nothing reads {envelope.routing_key} any more.")


def read_sample(
    sample: Sample, *, known: Contracts = CONTRACTS, upcasters: Upcasters = UPCASTERS
) -> Event:
    """The sample as an event of the newest contract that reads it.

    Raises:
        NoReader: no contract does.
        Unreadable: the contract does not read this message.
    """
    wanted = reader_of(sample, known=known, upcasters=upcasters)
    return decode(wanted.type, sample.envelope.version, sample.body, upcasters=upcasters)


def _versions(name: str, known: Contracts) -> list[Contract]:
    same = [contract for contract in known.all() if contract.name == name]
    return sorted(same, key=lambda contract: contract.version)
