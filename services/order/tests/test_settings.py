"""Row 85: how long an order waits for its money, by payment method."""

from datetime import timedelta

import pytest

from chassis.testing import Bench, bench_fixture
from order_service.config import PayWithin
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
