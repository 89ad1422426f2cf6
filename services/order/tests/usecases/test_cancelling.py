"""After confirmation logistics decides about goods, and the money follows them (O4)."""

import itertools
from dataclasses import replace

import pytest

from order_service.testing import LAN, Shop, a_mug, a_teapot, cny
from shop_events.contracts.order import (
    CancelReason,
    OrderCancellationRequested,
    OrderCancelled,
    OrderReceived,
)

AN_HOUR_S = 60 * 60


def test_before_confirmation_the_buyer_ends_an_order_alone(shop: Shop) -> None:
    order_id = shop.places(a_mug())

    answer = shop.cancels(order_id)

    assert answer.get_json()["status"] == "cancelled"
    assert shop.bench.said(OrderCancellationRequested) == []
    assert len(shop.bench.said(OrderCancelled)) == 1


def test_o4_a_confirmed_order_ends_when_its_goods_stay_and_its_money_is_back(
    quick_shop: Shop,
) -> None:
    order_id = quick_shop.confirms(a_mug(2), discount="0.01", shipping="8.00")

    assert quick_shop.cancels(order_id).get_json()["status"] == "cancelling"
    quick_shop.keeps(order_id, "f-1", {"1": 2})
    assert quick_shop.bench.said(OrderCancelled) == []

    (refund,) = quick_shop.refunds()
    assert refund.amount == cny("47.79")
    quick_shop.pays_back(refund)

    seen = quick_shop.sees(order_id)
    assert (seen["status"], seen["cancel_reason"]) == ("cancelled", "buyer")
    assert seen["refunded"] == seen["total"]
    assert quick_shop.problems() == []


def test_asking_twice_asks_logistics_once(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug())

    quick_shop.cancels(order_id)
    quick_shop.cancels(order_id)

    assert len(quick_shop.bench.said(OrderCancellationRequested)) == 1


def test_an_order_whose_parcel_is_gone_goes_on_and_cannot_be_cancelled_again(shop: Shop) -> None:
    order_id = shop.confirms(a_mug())
    shop.ships(order_id, "p-1", {"1": 1})
    shop.cancels(order_id)

    shop.will_not_keep(order_id, "f-1", {"1": 1})

    seen = shop.sees(order_id)
    assert (seen["status"], seen["cancel_reason"]) == ("shipped", None)
    again = shop.cancels(order_id)
    assert (again.status_code, again.get_json()["code"]) == (409, "order_not_cancellable")


def test_an_order_that_was_delivered_is_returned_and_not_cancelled(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug(2))
    quick_shop.delivers(order_id, "p-1", {"1": 1})
    quick_shop.delivers(order_id, "p-2", {"1": 1})

    refused = quick_shop.cancels(order_id)

    assert (refused.status_code, refused.get_json()["code"]) == (409, "order_not_cancellable")
    assert "was delivered. What you do not want to keep can be returned." in refused.text
    assert quick_shop.bench.said(OrderCancellationRequested) == []
    assert quick_shop.status(order_id) == "shipped"


def test_of_an_order_delivered_in_part_logistics_is_asked(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug(2))
    quick_shop.delivers(order_id, "p-1", {"1": 1})

    assert quick_shop.cancels(order_id).get_json()["status"] == "cancelling"


def test_m7_of_two_merchants_one_keeps_the_goods_and_the_others_are_on_their_way(
    quick_shop: Shop,
) -> None:
    order_id = quick_shop.confirms(a_mug(3), a_teapot(), discount="10.00", shipping="10.00")
    quick_shop.cancels(order_id)

    quick_shop.will_not_keep(order_id, "f-lan", {"2": 1})
    assert quick_shop.status(order_id) == "cancelling"
    quick_shop.keeps(order_id, "f-mei", {"1": 3})

    assert quick_shop.status(order_id) == "preparing"
    (refund,) = quick_shop.refunds()
    assert {share.line_id for share in refund.shares} == {"1", None}
    quick_shop.pays_back(refund)
    quick_shop.delivers(order_id, "p-lan", {"2": 1})
    quick_shop.receives(order_id)
    (received,) = quick_shop.bench.said(OrderReceived)
    assert {share.merchant_id for share in received.shares} == {LAN}
    earned = sum(share.amount.minor for share in received.shares)
    assert refund.amount.minor + earned == quick_shop.total(order_id).minor
    assert quick_shop.status(order_id) == "received"


def test_one_fulfilment_may_be_cancelled_in_part_and_refused_in_part(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug(3))
    quick_shop.cancels(order_id)

    quick_shop.keeps(order_id, "f-1", {"1": 1})
    assert quick_shop.status(order_id) == "cancelling"
    quick_shop.will_not_keep(order_id, "f-1", {"1": 2})

    assert quick_shop.status(order_id) == "preparing"
    assert quick_shop.facts(order_id).units["1"].cancelled == 1


def test_goods_that_the_seller_takes_back_unasked_are_paid_back(shop: Shop) -> None:
    order_id = shop.confirms(a_mug())

    shop.keeps(order_id, "f-1", {"1": 1})
    shop.pays_all_back()

    assert [one.reason for one in shop.bench.said(OrderCancelled)] == [CancelReason.MERCHANT]


def test_an_answer_given_twice_pays_back_once(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug(2), a_teapot())
    quick_shop.cancels(order_id)

    quick_shop.keeps(order_id, "f-1", {"1": 2})
    quick_shop.keeps(order_id, "f-1", {"1": 2})
    quick_shop.will_not_keep(order_id, "f-2", {"2": 1})
    quick_shop.will_not_keep(order_id, "f-2", {"2": 1})

    assert len(quick_shop.refunds()) == 1
    assert quick_shop.status(order_id) == "preparing"


def test_a_refund_that_failed_and_then_succeeds_ends_the_order(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug())
    quick_shop.cancels(order_id)
    quick_shop.keeps(order_id, "f-1", {"1": 1})
    (refund,) = quick_shop.refunds()

    quick_shop.fails_to_pay_back(refund)
    assert quick_shop.status(order_id) == "cancelling"
    assert quick_shop.sees(order_id)["refunded"]["amount"] == "0.00"

    quick_shop.pays_back(refund)
    quick_shop.fails_to_pay_back(refund)  # the failure is told late, once more
    seen = quick_shop.sees(order_id)
    assert (seen["status"], seen["refunded"]) == ("cancelled", seen["total"])
    assert len(quick_shop.bench.said(OrderCancelled)) == 1
    assert quick_shop.problems() == []


@pytest.mark.parametrize("told_first", ["by hand", "failure"])
def test_p3_people_who_pay_back_what_failed_end_the_order(shop: Shop, told_first: str) -> None:
    """Payment never takes a failed refund up again: without this the order would wait for ever."""
    order_id = shop.confirms(a_mug(2))
    shop.cancels(order_id)
    shop.keeps(order_id, "f-1", {"1": 2})
    (refund,) = shop.refunds()
    in_part = replace(refund, refund_id="r-part", amount=cny("1.00"))
    rest = replace(refund, refund_id="r-rest", amount=refund.amount - cny("1.00"))

    acts = [lambda: shop.fails_to_pay_back(refund), lambda: shop.pays_back(in_part)]
    for act in acts if told_first == "failure" else reversed(acts):
        act()
    assert shop.status(order_id) == "cancelling"
    shop.pays_back(rest)

    seen = shop.sees(order_id)
    assert (seen["status"], seen["refunded"]) == ("cancelled", seen["total"])
    assert len(shop.bench.said(OrderCancelled)) == 1
    assert shop.problems() == []


def test_p3_a_failure_told_after_people_paid_it_back_ends_the_order(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug())
    quick_shop.cancels(order_id)
    quick_shop.keeps(order_id, "f-1", {"1": 1})
    (refund,) = quick_shop.refunds()

    quick_shop.pays_back(replace(refund, refund_id="r-by-hand"))
    assert quick_shop.status(order_id) == "cancelling"
    quick_shop.fails_to_pay_back(refund)

    assert quick_shop.status(order_id) == "cancelled"
    assert quick_shop.problems() == []


@pytest.mark.parametrize("by_hand", ["1.00", "39.80"])
def test_m7_where_people_had_paid_a_part_back_the_rest_ends_the_order(
    shop: Shop, by_hand: str
) -> None:
    order_id = shop.confirms(a_mug(2))
    shop.cancels(order_id)
    shop.keeps(order_id, "f-1", {"1": 2})
    (refund,) = shop.refunds()

    shop.pays_back(replace(refund, refund_id="r-by-hand", amount=cny(by_hand)))
    shop.pays_back(replace(refund, amount=refund.amount - cny(by_hand)))

    seen = shop.sees(order_id)
    assert (seen["status"], seen["refunded"]) == ("cancelled", seen["total"])
    assert shop.problems() == []


def test_p9_money_that_nobody_waited_for_makes_no_failed_refund_good(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug())
    quick_shop.cancels(order_id)
    quick_shop.keeps(order_id, "f-1", {"1": 1})
    (refund,) = quick_shop.refunds()
    quick_shop.pays(order_id, "pay-twice")

    quick_shop.fails_to_pay_back(refund)
    quick_shop.pays_back(replace(refund, refund_id="r-of-pay-twice"))

    assert quick_shop.status(order_id) == "cancelling"


def test_e5_logistics_is_asked_again_every_hour_for_what_it_did_not_answer(shop: Shop) -> None:
    order_id = shop.confirms(a_mug(), a_teapot())
    shop.cancels(order_id)
    shop.keeps(order_id, "f-1", {"1": 1})

    shop.bench.advance(AN_HOUR_S)
    shop.bench.advance(AN_HOUR_S)

    asked = [one.line_ids for one in shop.bench.said(OrderCancellationRequested)]
    assert asked == [("1", "2"), ("2",), ("2",)]


def test_e5_one_answer_does_not_put_off_asking_for_the_others(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug(), a_teapot())
    quick_shop.cancels(order_id)
    quick_shop.bench.advance(AN_HOUR_S - 1)
    quick_shop.keeps(order_id, "f-1", {"1": 1})

    quick_shop.bench.advance(1)

    assert [one.line_ids for one in quick_shop.bench.said(OrderCancellationRequested)][1:] == [
        ("2",)
    ]


def test_e5_while_a_refund_is_missing_nobody_is_asked_and_a_deadline_remains(
    quick_shop: Shop,
) -> None:
    order_id = quick_shop.confirms(a_mug())
    quick_shop.cancels(order_id)
    quick_shop.keeps(order_id, "f-1", {"1": 1})

    quick_shop.bench.advance(AN_HOUR_S)

    assert len(quick_shop.bench.said(OrderCancellationRequested)) == 1
    assert quick_shop.problems() == []
    quick_shop.pays_all_back()
    quick_shop.bench.advance(AN_HOUR_S)
    assert quick_shop.status(order_id) == "cancelled"


def test_a_parcel_refused_while_a_cancellation_runs_is_paid_back_once(shop: Shop) -> None:
    order_id = shop.confirms(a_mug(3))
    shop.cancels(order_id)

    shop.refuses(order_id, "p-1", {"1": 2})
    assert shop.status(order_id) == "cancelling"
    shop.will_not_keep(order_id, "f-1", {"1": 2})
    assert shop.status(order_id) == "cancelling", "one unit is not answered for"
    shop.keeps(order_id, "f-1", {"1": 1})
    shop.pays_all_back()

    assert shop.status(order_id) == "cancelled"
    assert sum(one.amount.minor for one in shop.refunds()) == shop.total(order_id).minor


ANSWERS = ["kept", "refused", "at_door", "back"]


@pytest.mark.parametrize("told", list(itertools.permutations(ANSWERS)), ids="-".join)
def test_the_answers_to_a_cancellation_commute(quick_shop: Shop, told: tuple[str, ...]) -> None:
    order_id = quick_shop.confirms(a_mug(2), a_teapot(), discount="3.33", shipping="7.00")
    quick_shop.cancels(order_id)
    say = {
        "kept": lambda: quick_shop.keeps(order_id, "f-mei", {"1": 2}),
        "refused": lambda: quick_shop.will_not_keep(order_id, "f-lan", {"2": 1}),
        "at_door": lambda: quick_shop.refuses(order_id, "p-lan", {"2": 1}),
        "back": lambda: quick_shop.brings_back(order_id, "p-lan", {"2": 1}),
    }

    for one in told:
        say[one]()
    quick_shop.pays_all_back()

    assert quick_shop.status(order_id) == "cancelled"
    assert len(quick_shop.bench.said(OrderCancelled)) == 1
    assert sum(one.amount.minor for one in quick_shop.refunds()) == quick_shop.total(order_id).minor
    assert quick_shop.problems() == []


def test_a_fulfilment_cancelled_before_it_was_created_is_not_in_work(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug(), a_teapot())
    quick_shop.keeps(order_id, "f-mei", {"1": 1})

    quick_shop.starts(order_id, "f-mei", {"1": 1})
    assert quick_shop.status(order_id) == "paid"

    quick_shop.starts(order_id, "f-lan", {"2": 1}, merchant=LAN)
    assert quick_shop.status(order_id) == "preparing"


def test_a_packed_parcel_of_a_cancelled_fulfilment_is_shown_no_more(shop: Shop) -> None:
    order_id = shop.confirms(a_mug(2))
    shop.packs(order_id, "p-2", {"1": 1})
    shop.packs(order_id, "p-1", {"1": 1})
    shop.keeps(order_id, "f-1", {"1": 1})
    shop.ships(order_id, "p-1", {"1": 1})

    assert [parcel["id"] for parcel in shop.sees(order_id)["parcels"]] == ["p-1"]


def test_a_word_about_goods_after_an_unconfirmed_order_ended_costs_nothing(
    quick_shop: Shop,
) -> None:
    order_id = quick_shop.places(a_mug())
    quick_shop.cancels(order_id)

    quick_shop.keeps(order_id, "f-1", {"1": 1})
    quick_shop.refuses(order_id, "p-1", {"1": 1})
    quick_shop.delivers(order_id, "p-2", {"1": 1})
    quick_shop.bench.advance(30 * 24 * AN_HOUR_S)

    assert quick_shop.refunds() == []
    assert quick_shop.bench.said(OrderReceived) == []
    assert quick_shop.problems() == []


def test_an_order_that_is_over_cannot_be_cancelled(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug())
    quick_shop.delivers(order_id, "p-1", {"1": 1})
    quick_shop.receives(order_id)

    assert quick_shop.cancels(order_id).status_code == 409
    quick_shop.bench.advance(7 * 24 * AN_HOUR_S)
    assert quick_shop.status(order_id) == "completed"
    assert quick_shop.cancels(order_id).status_code == 409
