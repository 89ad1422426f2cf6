"""Row 85: how long an order waits for its money, by payment method."""

from datetime import timedelta

import pytest

from chassis.settings import Env, Secret
from chassis.testing import ISSUER_KEY, Bench, bench_fixture
from chassis.tokens import key_set_of
from order_service.config import OrderSettings, PayWithin
from order_service.service import service
from order_service.testing import Shop, a_mug

hasty_bench = bench_fixture(
    service, kinds=("sqlite",), pay_within=PayWithin.from_text("card=900, balance=60")
)


def test_row_85_each_payment_method_has_its_own_time(hasty_bench: Bench) -> None:
    shop = Shop(hasty_bench)
    by_card = shop.places(a_mug())
    by_alipay = shop.places(a_mug(), method="alipay")

    hasty_bench.advance(900)
    assert (shop.status(by_card), shop.status(by_alipay)) == ("cancelled", "placed")

    hasty_bench.advance(900)
    assert shop.sees(by_alipay)["cancel_reason"] == "expired"


def test_half_an_hour_unless_it_is_said() -> None:
    assert PayWithin().of("card") == timedelta(minutes=30)


@pytest.mark.parametrize("text", ["card", "card=", "card=59", "card=900;balance=60", "=900"])
def test_times_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected method=seconds"):
        PayWithin.from_text(text)


@pytest.mark.parametrize("method", ["crad", "cash_on_delivery"])
def test_a_time_for_what_nobody_waits_for_is_refused_by_name(method: str) -> None:
    with pytest.raises(ValueError, match=f"nothing waits for {method}; the methods are alipay,"):
        PayWithin.from_text(f"{method}=900")


def told(env: Env, text: str) -> OrderSettings:
    return OrderSettings(
        database_url=Secret("sqlite://"),
        token_keys=key_set_of(ISSUER_KEY),
        env=env,
        pay_within=PayWithin.from_text(text),
    )


@pytest.mark.parametrize("text", ["card=899", "card=900,alipay=3601"])
def test_row_85_an_open_shop_waits_from_fifteen_minutes_to_an_hour(text: str) -> None:
    odd = text.rpartition(",")[2].partition("=")[0]

    with pytest.raises(ValueError, match=f"gives {odd} less than 15 minutes or more than 60"):
        told(Env.PROD, text)

    assert told(Env.DEV, text).env is Env.DEV
    assert told(Env.PROD, "card=900,alipay=3600").pay_within.of("alipay") == timedelta(hours=1)
