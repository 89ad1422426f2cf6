"""Look at a code or a link that came back."""

from __future__ import annotations

from dataclasses import dataclass

from account_service.domain.code import Code, Purpose
from account_service.domain.identifier import Identifier
from account_service.store import codes
from shop_events import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What somebody sends to prove an address: the token of a link, or the code they typed."""

    token: str | None = None
    code: str | None = None
    identifier: Identifier | None = None

    @property
    def field(self) -> str:
        """The field that is wrong where the proof is none."""
        return "code" if self.token is None else "token"


def check_code(
    tx: Tx, proof: Proof, purpose: Purpose, *, account_id: str | None = None
) -> Code | None:
    """What this proves; None if nothing. Typing a code counts as a try, so the caller commits.

    ``account_id``: whose it must be, where that is known; another's is none at all.
    """
    if proof.token is not None:
        code = codes.of_token(tx.connection, proof.token, purpose)
        secret = proof.token
    else:
        code, secret = _typed(tx, proof.identifier, purpose, account_id), proof.code or ""
    if code is None or not code.answers(secret, tx.now):
        return None
    if account_id not in (None, code.account_id):
        return None
    return code if proof.identifier in (None, code.identifier) else None


def _typed(
    tx: Tx, identifier: Identifier | None, purpose: Purpose, account_id: str | None
) -> Code | None:
    if identifier is None:
        return None
    code = codes.newest_of(tx.connection, identifier, purpose, account_id=account_id)
    if code is None:
        return None
    codes.count_try(tx.connection, code)
    return code.tried()
