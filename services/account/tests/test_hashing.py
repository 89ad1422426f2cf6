"""Hashes of passwords (SECURITY.md part 1, ASVS 11.4.2)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from account_service import hashing
from account_service.config import AccountSettings, Peppers
from account_service.domain.errors import TooBusy
from account_service.hashing import Hashing
from account_service.testing import NEW_PASSWORD, PASSWORD, cheap
from chassis.settings import Secret
from chassis.testing import ISSUER_KEY
from chassis.tokens import key_set_of


def settings(**changed: Any) -> AccountSettings:
    usual = AccountSettings(
        database_url=Secret("sqlite://"), token_keys=key_set_of(ISSUER_KEY), **cheap()
    )
    return replace(usual, **changed)


def test_11_4_2_a_shop_that_sets_nothing_hashes_with_argon2id_46_mib_and_one_pass() -> None:
    given = cheap()
    for name in ("password_memory_kib", "password_passes"):
        del given[name]
    real = AccountSettings(
        database_url=Secret("sqlite://"), token_keys=key_set_of(ISSUER_KEY), **given
    )

    stored = Hashing(real).hash(PASSWORD)

    assert stored.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert Hashing(real).fits(stored, PASSWORD)
    assert not Hashing(real).fits(stored, NEW_PASSWORD)


def test_nobodys_password_fits_nobody() -> None:
    made = Hashing(settings())

    assert not made.fits(None, "nobody has this password")


def test_a_password_is_the_same_however_a_keyboard_composes_it() -> None:
    made = Hashing(settings())

    assert made.fits(made.hash("cafe\u0301 au lait"), "caf\u00e9 au lait")


def test_a_pepper_is_needed_to_check_and_the_hash_says_which() -> None:
    old = Peppers.from_text("p1=first-secret-of-sixteen")
    both = Peppers.from_text("p2=second-secret-of-sixteen,p1=first-secret-of-sixteen")
    stored = Hashing(settings(password_peppers=old)).hash(PASSWORD)
    plain = Hashing(settings()).hash(PASSWORD)

    rotated = Hashing(settings(password_peppers=both))

    assert stored.startswith("p1$argon2id$")
    assert rotated.fits(stored, PASSWORD)
    assert rotated.fits(plain, PASSWORD)
    assert rotated.is_outdated(stored)
    assert rotated.is_outdated(plain)
    assert not rotated.is_outdated(rotated.hash(PASSWORD))
    with pytest.raises(LookupError, match="The pepper p1 is needed"):
        Hashing(settings()).fits(stored, PASSWORD)
    assert "secret" not in repr(both)


def test_more_than_so_many_hashes_at_once_are_answered_with_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hashing, "WAIT_FOR_A_PLACE_S", 0.01)
    made = Hashing(settings(password_hashes_at_once=1))
    inside, go_on = threading.Event(), threading.Event()

    class SlowHasher:
        def hash(self, password: bytes) -> str:
            inside.set()
            go_on.wait(10)
            return "$argon2id$"

    made._argon2 = SlowHasher()  # type: ignore[assignment]
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(made.hash, PASSWORD)
        assert inside.wait(10)
        with pytest.raises(TooBusy):
            made.hash(PASSWORD)
        go_on.set()
        assert first.result(10)


def test_settings_that_weaken_sessions_are_refused() -> None:
    with pytest.raises(ValueError, match="access_token_life_s is 3600"):
        settings(access_token_life_s=3600)
    for text in ("", "p1", "p1=short", "p1=long-enough-secret-1,p1=long-enough-secret-2"):
        with pytest.raises(ValueError, match="no list of id=secret"):
            Peppers.from_text(text)
