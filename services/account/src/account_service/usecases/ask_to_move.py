"""Want to be reached elsewhere: by a new mail address or number, in place of an old one or besides.

The answer is the same whether the new one is free or somebody's: nobody looks before it was given.
"""

from __future__ import annotations

from account_service.domain.account import Account
from account_service.domain.identifier import Identifier
from account_service.domain.identifier_errors import NothingToReplace, TooManyIdentifiers
from account_service.domain.move import AT_MOST, OPEN_FOR, Move
from account_service.store import codes, moves
from account_service.usecases.ask_password_again import still_with_password
from account_service.usecases.send_asked import ask_for_message
from shop_events import Tx


def ask_to_move(
    tx: Tx, before: Account, to: Identifier, *, replaces: Identifier | None = None
) -> None:
    """Ask whoever reads the new one, and the one it replaces, to confirm it.

    The same wish again has it sent again, once a minute to each, and keeps what was confirmed;
    another wish takes the place of this one, and its links count no more.

    Raises:
        WrongPassword: the password was changed in this very moment.
        NothingToReplace: what it is to replace is not theirs, or is another kind of thing.
        TooManyIdentifiers: they have five of the kind.
    """
    account = still_with_password(tx, before)
    _must_fit(account, to, replaces)
    wish = Move(account_id=account.id, to=to, replaces=replaces, expires_at=tx.now + OPEN_FOR)
    known = moves.get(tx.connection, account.id, to.channel)
    move = known.asked_again(wish, tx.now) if known else wish
    if move is wish:
        codes.forget_moves(tx.connection, account.id, to.channel)
    moves.put(tx.connection, move)
    # Counters are locked in one order, whoever wants whose address.
    for one, purpose in sorted(move.unanswered().items(), key=lambda item: item[0].fingerprint):
        ask_for_message(tx, one, purpose, account_id=account.id)


def _must_fit(account: Account, to: Identifier, replaces: Identifier | None) -> None:
    if replaces is None:
        if sum(one.channel is to.channel for one in account.verified) >= AT_MOST:
            raise TooManyIdentifiers(to.channel, AT_MOST)
    elif replaces not in account.verified or replaces.channel is not to.channel or replaces == to:
        raise NothingToReplace(replaces)
