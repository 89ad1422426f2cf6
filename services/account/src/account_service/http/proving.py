"""What routes do between two transactions: passwords are checked and hashed outside of them."""

from __future__ import annotations

from collections.abc import Iterable

from flask import request

from account_service.config import AccountSettings
from account_service.domain.account import Account
from account_service.domain.caller import Caller, caller_of
from account_service.domain.errors import WrongPassword
from account_service.domain.identifier import Identifier
from account_service.domain.password import must_be_good
from account_service.hashing import Hashing, common_passwords, hashing_of
from account_service.usecases.ask_password_again import count_password_try, forgive_password_tries
from chassis.requests import begin, client_address, current_identity, current_runtime


def caller() -> Caller:
    """Who asks, by device and network."""
    agent = request.headers.get("User-Agent", "")
    return caller_of(user_agent=agent, address=client_address())


def hashing() -> Hashing:
    """What makes and checks password hashes here."""
    return hashing_of(current_runtime().settings_as(AccountSettings))


def me_again(password: str, *, field: str = "password") -> Account:
    """Whoever is signed in, if they know the password too.

    Raises:
        WrongPassword: they do not.
        TooManyTries: it was tried too often.
        TooBusy: too many are hashed at this moment.
    """
    with begin() as tx:
        mine = count_password_try(tx, current_identity().subject, caller())
    if not hashing().fits(mine.password_hash, password):
        raise WrongPassword(field)
    with begin() as tx:
        forgive_password_tries(tx, mine.id)
    return mine


def hash_of(
    password: str,
    *,
    name: str,
    identifiers: Iterable[Identifier],
    field: str = "password",
) -> str:
    """The hash of a password somebody chose.

    Raises:
        WeakPassword: it would be guessed.
        TooBusy: too many are hashed at this moment.
    """
    about = [name, *(one.value for one in identifiers)]
    must_be_good(password, about=about, common=common_passwords(), field=field)
    return hashing().hash(password)
