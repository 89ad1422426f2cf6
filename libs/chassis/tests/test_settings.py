"""Settings come from the environment, all faults at once, and secrets never come out."""

import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest

from chassis.settings import Env, Secret, ServiceSettings, SettingsWrong, load, look
from chassis.tokens import SigningKey

KEYS = orjson.dumps({"keys": [SigningKey.generate("k1").public()]}).decode()
GIVEN = {"SHOP_TOKEN_KEYS": KEYS, "KIOSK_DATABASE_URL": "sqlite:///kiosk.db"}


@dataclass(frozen=True, kw_only=True)
class KioskSettings(ServiceSettings):
    stool: bool = False
    price_factor: float = 1.0
    newspapers: tuple[str, ...] = ()


def read(**given: str) -> KioskSettings:
    return load(KioskSettings, service="kiosk", environ={**GIVEN, **given})


def test_a_setting_for_one_service_beats_the_one_for_all() -> None:
    settings = read(SHOP_LOG_LEVEL="WARNING", KIOSK_LOG_LEVEL="DEBUG")

    assert settings.log_level == "DEBUG"
    assert read(SHOP_LOG_LEVEL="WARNING").log_level == "WARNING"


def test_each_text_becomes_what_its_field_is() -> None:
    settings = read(
        SHOP_ENV="dev",
        KIOSK_STOOL="true",
        KIOSK_PRICE_FACTOR="1.5",
        KIOSK_NEWSPAPERS="Jishi Daily, The Mug",
        KIOSK_WEB_THREADS="8",
    )

    assert settings.env is Env.DEV
    assert settings.stool is True
    assert settings.price_factor == 1.5
    assert settings.newspapers == ("Jishi Daily", "The Mug")
    assert settings.web_threads == 8
    assert settings.database_url == Secret("sqlite:///kiosk.db")


def test_it_is_production_unless_somebody_says_otherwise() -> None:
    assert read().env is Env.PROD


def test_who_answers_http_in_production_is_given_the_gateways_keys() -> None:
    def given(**more: str) -> KioskSettings:
        return load(KioskSettings, service="kiosk", environ={**GIVEN, **more}, answers=True)

    with pytest.raises(SettingsWrong, match=r"GATEWAY_KEYS\) is not set: it would"):
        given()
    with pytest.raises(SettingsWrong) as caught:
        given(KIOSK_GATEWAY_KEYS="nonsense")

    assert len(caught.value.problems) == 1
    assert given(SHOP_GATEWAY_KEYS=KEYS).gateway_keys is not None
    assert given(SHOP_ENV="dev").gateway_keys is None


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("amqp://kiosk:p%40ss@rabbit/shop\n")

    settings = read(KIOSK_BROKER_URL_FILE=str(file))

    assert settings.broker_url is not None
    assert settings.broker_url.reveal() == "amqp://kiosk:p%40ss@rabbit/shop"


def test_a_secret_file_that_is_no_text_does_not_come_out(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_bytes(b"hunter2 \xff")

    with pytest.raises(SettingsWrong) as caught:
        read(KIOSK_BROKER_URL_FILE=str(file))

    assert "KIOSK_BROKER_URL_FILE is not readable." in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_all_that_is_wrong_is_told_at_once_and_by_name() -> None:
    environ = {"KIOSK_WEB_THREADS": "many", "KIOSK_BROKER_URL_FILE": "/no/such/file"}

    with pytest.raises(SettingsWrong) as caught:
        load(KioskSettings, service="kiosk", environ=environ)

    said = str(caught.value)
    assert "KIOSK_DATABASE_URL (or SHOP_DATABASE_URL) is not set" in said
    assert "KIOSK_TOKEN_KEYS" in said
    assert "KIOSK_WEB_THREADS is not readable" in said
    assert "KIOSK_BROKER_URL_FILE names a file that cannot be read" in said
    assert len(caught.value.problems) == 4


def test_a_setting_given_twice_is_not_guessed() -> None:
    with pytest.raises(SettingsWrong, match="both set"):
        read(KIOSK_BROKER_URL="amqp://a", KIOSK_BROKER_URL_FILE="/b")


def test_an_empty_text_is_no_setting() -> None:
    with pytest.raises(SettingsWrong, match="KIOSK_DATABASE_URL"):
        read(KIOSK_DATABASE_URL="")


@pytest.mark.parametrize(
    "show",
    [str, repr, "{}".format, "{:>40}".format, "%s".__mod__, lambda one: str([one])],
)
def test_a_secret_does_not_come_out_by_printing(show: Any) -> None:
    assert "hunter2" not in show(Secret("hunter2"))


def test_settings_are_printed_without_their_secrets() -> None:
    assert "hunter2" not in repr(read(KIOSK_DATABASE_URL="postgresql://k:hunter2@db/k"))


def test_a_secret_is_not_pickled() -> None:
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(Secret("hunter2"))


def test_each_setting_is_told_with_its_source_and_without_its_secret() -> None:
    environ = {**GIVEN, "KIOSK_DATABASE_URL": "postgresql://k:hunter2@db/k"}

    told = "\n".join(map(str, look(KioskSettings, service="kiosk", environ=environ)))

    assert "hunter2" not in told
    assert "database_url                     ***  (KIOSK_DATABASE_URL)" in told
    assert "KeySet(k1)  (SHOP_TOKEN_KEYS)" in told
    assert "web_threads                      4  (default)" in told


def test_a_clock_that_can_be_moved_is_for_development_alone(tmp_path: Path) -> None:
    clock = str(tmp_path / "clock")

    assert read(SHOP_DEV_CLOCK_FILE=clock, SHOP_ENV="dev").dev_clock_file == Path(clock)
    with pytest.raises(SettingsWrong, match="development shop alone"):
        read(SHOP_DEV_CLOCK_FILE=clock)
