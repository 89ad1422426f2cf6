"""The codes carriers have for what they see, mapped to ours (DOMAIN.md F1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from logistics_service.domain.trace import Note, Sighting


class Form(StrEnum):
    """How a carrier's push is written; `http/pushes.py` reads each."""

    PLAIN = "plain"  # one sighting in our own words
    LIST = "list"  # all sightings so far, the newest first, in Chinese time
    SHORT = "short"  # one sighting, seconds since 1970


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a code says in our words."""

    state: Sighting
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Codes:
    """A carrier's codes, each with its meaning. Of two with one meaning it writes the first."""

    meanings: Mapping[str, Meaning]

    def code_of(self, state: Sighting, note: Note | None = None) -> str:
        """The carrier's code for this; without the note where it has none for both."""
        for wanted in (Meaning(state=state, note=note), Meaning(state=state)):
            for code, meaning in self.meanings.items():
                if meaning == wanted:
                    return code
        raise LookupError(f"This carrier has no code for {state}.")


def _codes(table: Mapping[str, Sighting | tuple[Sighting, Note]]) -> Codes:
    meanings = {}
    for code, says in table.items():
        state, note = says if isinstance(says, tuple) else (says, None)
        meanings[code] = Meaning(state=state, note=note)
    return Codes(meanings)


_S: Final = Sighting

PLAIN: Final = _codes({one.value: one for one in Sighting})

# Numbers in the manner of 快递100 (the list quoted at F1), with the finer ones of three digits.
NUMBERS: Final = _codes(
    {
        "0": _S.IN_TRANSIT,
        "1": _S.COLLECTED,
        "2": _S.EXCEPTION,
        "3": _S.SIGNED,
        "4": _S.RETURNED_TO_SENDER,
        "5": _S.OUT_FOR_DELIVERY,
        "6": _S.RETURNING,
        "7": (_S.IN_TRANSIT, Note.REROUTED),
        "10": (_S.IN_TRANSIT, Note.AT_CUSTOMS),
        "11": (_S.IN_TRANSIT, Note.AT_CUSTOMS),
        "12": (_S.IN_TRANSIT, Note.THROUGH_CUSTOMS),
        "13": (_S.EXCEPTION, Note.AT_CUSTOMS),
        "14": _S.REFUSED,
        "205": _S.FAILED_ATTEMPT,
        "208": _S.LOST,
        "501": (_S.OUT_FOR_DELIVERY, Note.AT_COUNTER),
    }
)

LETTERS: Final = _codes(
    {
        "PU": _S.COLLECTED,
        "DEP": _S.IN_TRANSIT,
        "ARR": _S.IN_TRANSIT,
        "FWD": (_S.IN_TRANSIT, Note.REROUTED),
        "CUS": (_S.IN_TRANSIT, Note.AT_CUSTOMS),
        "OFD": _S.OUT_FOR_DELIVERY,
        "LCK": (_S.OUT_FOR_DELIVERY, Note.AT_COUNTER),
        "NA": _S.FAILED_ATTEMPT,
        "POD": _S.SIGNED,
        "EXC": _S.EXCEPTION,
        "REF": _S.REFUSED,
        "RTS": _S.RETURNING,
        "RTD": _S.RETURNED_TO_SENDER,
        "LST": _S.LOST,
    }
)
