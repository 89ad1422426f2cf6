"""Keys rotate while the processes run, and no request fails of it (SECURITY.md part 2)."""

import json
import os
from pathlib import Path

import pytest

from chassis import watched_file
from chassis.settings import Env, ServiceSettings, SettingsWrong, load
from chassis.signing import SigningKeys, pem_of, thumbprint
from chassis.testing import shopper
from chassis.tokens import SigningKey, TokenCheck, TokenRefused
from shop_events import SystemClock
from tests.support import eventually

OLD = SigningKey.generate("old")
NEW = SigningKey.generate("new")


@pytest.fixture
def looked_at_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits two seconds for each look; one test below does."""
    monkeypatch.setattr(watched_file, "LOOK_EVERY_S", 0.05)


def publish(path: Path, *keys: SigningKey) -> None:
    """As it is done well: written beside it, then moved over it."""
    text = json.dumps({"keys": [key.public() for key in keys]})
    beside = path.with_suffix(".new")
    beside.write_text(text)
    beside.replace(path)


def check_of(path: Path) -> TokenCheck:
    environ = {"KIOSK_DATABASE_URL": "sqlite://", "SHOP_TOKEN_KEYS_FILE": str(path)}
    given = load(ServiceSettings, service="kiosk", environ=environ)
    return TokenCheck(
        keys=given.token_keys,
        issuer=given.token_issuer,
        audience=given.token_audience,
        clock=SystemClock(),
    )


def passes(check: TokenCheck, key: SigningKey) -> bool:
    try:
        check.identity(key.mint(shopper(), now=SystemClock().now()))
    except TokenRefused:
        return False
    return True


@pytest.mark.usefixtures("looked_at_often")
def test_a_key_that_was_published_counts_without_a_restart_and_one_that_went_counts_no_more(
    tmp_path: Path,
) -> None:
    file = tmp_path / "jwks.json"
    publish(file, OLD)
    check = check_of(file)
    assert passes(check, OLD)
    assert not passes(check, NEW)

    publish(file, OLD, NEW)
    eventually(lambda: passes(check, NEW))
    assert passes(check, OLD)

    publish(file, NEW)
    eventually(lambda: not passes(check, OLD))
    assert passes(check, NEW)


@pytest.mark.usefixtures("looked_at_often")
@pytest.mark.parametrize("harm", ["broken", "gone"])
def test_a_key_file_that_cannot_be_read_any_more_changes_nothing(
    tmp_path: Path, harm: str, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "jwks.json"
    publish(file, OLD)
    check = check_of(file)

    if harm == "gone":
        file.unlink()
    else:
        file.write_text("{")
    eventually(lambda: passes(check, OLD) and "cannot be read" in caplog.text)

    assert passes(check, OLD)


def test_the_first_of_the_private_keys_signs_and_all_are_published(tmp_path: Path) -> None:
    file = tmp_path / "keys.pem"
    file.write_text(pem_of(OLD) + pem_of(NEW))
    os.utime(file, (1, 1))
    keys = SigningKeys.from_file(file)
    assert keys.signing().name == "old"
    assert [key["kid"] for key in keys.public()] == ["old", "new"]

    file.write_text(pem_of(NEW) + pem_of(OLD))
    eventually(lambda: keys.signing().name == "new")


def test_a_private_key_without_a_name_is_called_by_its_thumbprint() -> None:
    nameless = pem_of(OLD).partition("\n")[2]

    (public,) = SigningKeys.from_text(nameless).public()

    assert public["kid"] == thumbprint(OLD.private)
    assert len(str(public["kid"])) == 43
    assert "d" not in public


@pytest.mark.parametrize(
    "text",
    ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", pem_of(OLD) * 2],
    ids=["no key", "a broken key", "one id twice"],
)
def test_private_keys_that_cannot_be_used_are_refused_at_the_start(text: str) -> None:
    with pytest.raises(ValueError, match=r"it holds no|cannot be read|the same id"):
        SigningKeys.from_text(text)


def test_a_missing_key_file_is_told_like_every_other_fault_of_the_settings(tmp_path: Path) -> None:
    environ = {
        "KIOSK_DATABASE_URL": "sqlite://",
        "SHOP_TOKEN_KEYS_FILE": str(tmp_path / "none.json"),
        "SHOP_ENV": Env.DEV.value,
    }

    with pytest.raises(SettingsWrong, match="SHOP_TOKEN_KEYS_FILE names a file that cannot"):
        load(ServiceSettings, service="kiosk", environ=environ)
