"""Turn a link or code that came back into a verified account."""

from __future__ import annotations

import logging

from account_service.domain.caller import Caller
from account_service.domain.code import Purpose
from account_service.store import accounts, codes
from account_service.usecases.check_code import Proof, check_code
from account_service.usecases.limit_tries import limit_tries
from account_service.usecases.open_session import SignedIn, open_session
from account_service.usecases.own_identifier import own_identifier
from shop_events import Tx

log = logging.getLogger(__name__)


def verify_identifier(tx: Tx, proof: Proof, caller: Caller) -> SignedIn | None:
    """The address is verified and its owner signed in; None if nothing is proved by that.

    Publishes AccountVerified and AccountContactChanged. A link counts once, and every other one
    that was sent to the same address is void with it.

    Raises:
        TooManyTries: too many were tried from that network.
        AccountIsDisabled: the shop closed the account.
        AddressTaken: another account proved the address first.
    """
    limit_tries(tx, network=caller.network)
    code = check_code(tx, proof, Purpose.VERIFY)
    if code is None:
        return None
    account = accounts.get(tx.connection, code.account_id, locked=True)
    if not codes.use(tx.connection, code):
        return None
    account = own_identifier(
        tx,
        account,
        code.identifier,
        password_hash=code.password_hash,
        display_name=code.display_name,
    )
    log.info("Account %s verified an address by %s.", account.id, code.identifier.channel)
    return open_session(tx, account, caller)
