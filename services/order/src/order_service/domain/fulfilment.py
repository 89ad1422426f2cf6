"""What logistics said of its fulfilments: facts that are true for ever, heard in any order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Fact(StrEnum):
    """What was said of a fulfilment. One that is sent in part is cancelled and refused."""

    CREATED = "created"
    CANCELLED = "cancelled"  # what was still here stays here
    REFUSED = "refused"  # what is gone cannot be cancelled


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One fact about one fulfilment."""

    fulfilment_id: str
    fact: Fact


def cancelled(said: Iterable[Said]) -> set[str]:
    """The fulfilments of which nothing more will be packed or sent."""
    return {one.fulfilment_id for one in said if one.fact is Fact.CANCELLED}


def in_work(said: Iterable[Said]) -> set[str]:
    """The fulfilments that are being packed or of which something was sent."""
    said = tuple(said)
    sent = {one.fulfilment_id for one in said if one.fact is Fact.REFUSED}
    return {one.fulfilment_id for one in said} - cancelled(said) | sent
