"""``python -m shop_events.golden add``: write down what is new; never change what is there."""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import shop_events.contracts
from shop_events.contract import CONTRACTS, Contracts, Event, contract_of
from shop_events.golden import FOLDER, Sample, read_samples, sample_of
from shop_events.golden.promises import Promise, differences, merged, promise_of
from shop_events.golden.samples import SAMPLES
from shop_events.wire import UPCASTERS, Upcasters, decode

PROMISES: Final = "contracts.json"


class PromiseBroken(Exception):
    """A contract or a sample differs from what was promised; nothing was written."""


def import_all_contracts() -> Contracts:
    """Every contract of the suite, imported and known."""
    for module in pkgutil.iter_modules(shop_events.contracts.__path__):
        importlib.import_module(f"shop_events.contracts.{module.name}")
    return CONTRACTS


def promises_of(known: Contracts) -> dict[str, Promise]:
    """What these contracts promise, by routing key."""
    return {contract.routing_key: promise_of(contract) for contract in known.all()}


def promised(folder: Path = FOLDER) -> dict[str, Promise]:
    """What was promised when somebody last ran ``add``, by routing key."""
    path = folder / PROMISES
    found: dict[str, Promise] = json.loads(path.read_text()) if path.exists() else {}
    return found


def add(
    folder: Path,
    samples: Iterable[Event],
    known: Contracts,
    *,
    upcasters: Upcasters = UPCASTERS,
) -> list[str]:
    """Write the samples and promises that are not there yet; say what was written.

    Raises:
        PromiseBroken: a committed sample would be another one, or a contract changed in a way
            that old or new messages do not bear. Nothing is written.
    """
    before, now = promised(folder), promises_of(known)
    _must_hold(differences(before, now, upcasters=upcasters).breaks)
    committed = read_samples(folder)
    fresh = {contract_of(one).routing_key: one for one in samples}
    _must_hold(
        f"{key}.json is committed and says something else than its example does now."
        for key in sorted(fresh.keys() & committed.keys())
        if not _says(committed[key], fresh[key])
    )
    new = {key: one for key, one in fresh.items() if key not in committed}
    return [*_write_samples(folder, new), *_write_promises(folder, merged(before, now))]


def main(words: Sequence[str]) -> int:
    """The exit status: 0, 1 for a broken promise, 2 for words that are not understood."""
    if list(words) != ["add"]:
        sys.stderr.write("usage: python -m shop_events.golden add\n")
        return 2
    try:
        written = add(FOLDER, SAMPLES, import_all_contracts())
    except PromiseBroken as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("".join(f"{line}\n" for line in written or ["Nothing is new."]))
    return 0


def _must_hold(broken: Iterable[str]) -> None:
    if sentences := list(broken):
        advice = "Make a new version beside the old one (shop_events.contracts)."
        raise PromiseBroken("\n".join([*sentences, advice]))


def _says(committed: Sample, happened: Event) -> bool:
    """Whether the message, read today, is this event: fields added since have their defaults."""
    wanted = contract_of(happened)
    same = decode(wanted.type, wanted.version, committed.body) == happened
    return same and committed.headers == sample_of(happened).headers


def _write_samples(folder: Path, new: dict[str, Event]) -> list[str]:
    for key, happened in new.items():
        (folder / f"{key}.json").write_text(sample_of(happened).text())
    return [f"{key}.json" for key in new]


def _write_promises(folder: Path, promises: dict[str, Promise]) -> list[str]:
    text = json.dumps(promises, ensure_ascii=False, indent=1) + "\n"
    path = folder / PROMISES
    if path.exists() and path.read_text() == text:
        return []
    path.write_text(text)
    return [PROMISES]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
