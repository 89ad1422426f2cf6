"""A new mail address or number somebody wants to be reached by, until it counts.

It counts once it is proved to be theirs. Where it takes the place of another one, that one's owner
agrees too, with something that was sent there (FEATURES row 2): neither alone changes anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from account_service.domain.code import Purpose
from account_service.domain.identifier import Identifier

OPEN_FOR: Final = timedelta(hours=24)  # as long as its links count
AT_MOST: Final = 5  # mail addresses of one account, and as many numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where somebody wants to be reached: one at a time for mail, one for telephone.

    ``replaces`` is given up for it; without it the new one is a further one. ``done``: it counts.
    """

    account_id: str
    to: Identifier
    replaces: Identifier | None
    expires_at: datetime
    proved: bool = False  # at the new one
    agreed: bool = False  # at the old one
    done: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether all who are asked have answered."""
        return self.proved and (self.agreed or self.replaces is None)

    def is_open(self, now: datetime) -> bool:
        """Whether an answer still counts."""
        return not self.done and now < self.expires_at

    def concerns(self, identifier: Identifier) -> bool:
        """Whether this is the one side of it or the other."""
        return identifier in (self.to, self.replaces)

    def answered_at(self, identifier: Identifier) -> Move:
        """This one once whoever reads what is sent there said yes."""
        if identifier == self.to:
            return replace(self, proved=True)
        return replace(self, agreed=True)

    def asked_again(self, wish: Move, now: datetime) -> Move:
        """The wish, with what was answered already if it is the same one."""
        if not self.is_open(now) or (self.to, self.replaces) != (wish.to, wish.replaces):
            return wish
        return replace(self, expires_at=wish.expires_at)

    def unanswered(self) -> Mapping[Identifier, Purpose]:
        """Where an answer is waited for, and for which question."""
        asked = {} if self.proved else {self.to: Purpose.CHANGE_ADDRESS}
        if self.replaces is not None and not self.agreed:
            asked[self.replaces] = Purpose.LEAVE_ADDRESS
        return asked
