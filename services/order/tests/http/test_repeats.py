"""E7: who saw no answer asks again with the same key, and nothing happens twice."""

from sqlalchemy import select

from chassis.idempotency_table import first_answers
from order_service.testing import Shop, a_mug, ann
from order_service.testing_market import Market, mei
from shop_events.contracts.order import OrderReceived


def test_e7_a_repeated_claim_takes_no_second_coupon(quick_market: Market) -> None:
    promotion_id = quick_market.promotes(per_user=2)
    client = quick_market.bench.client(ann)

    first, again = (client.post(f"/coupons/{promotion_id}/claim", key="k1") for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.get_json() == first.get_json()
    assert len(client.get("/coupons/mine").get_json()["items"]) == 1


def test_e7_a_repeated_offer_is_one_promotion(quick_market: Market) -> None:
    client, offer = quick_market.bench.client(mei), quick_market.a_promotion()

    first, again = (client.post("/promotions", offer, key="k1") for _ in range(2))

    assert again.get_json() == first.get_json()
    assert again.headers["ETag"] == first.headers["ETag"]
    assert len(client.get("/promotions").get_json()["items"]) == 1


def test_e7_a_repeated_receipt_confirms_no_parcel_that_came_in_between(shop: Shop) -> None:
    order_id = shop.confirms(a_mug(2))
    client, path = shop.bench.client(ann), f"/orders/{order_id}/confirm-receipt"
    shop.delivers(order_id, "p-1", {"1": 1})
    first = client.post(path, key="k1")
    shop.delivers(order_id, "p-2", {"1": 1})

    again = client.post(path, key="k1")

    assert first.get_json()["status"] == again.get_json()["status"] == "partially_received"
    assert [one.parcel_ids for one in shop.bench.said(OrderReceived)] == [("p-1",)]
    with shop.bench.database.read() as connection:
        query = select(first_answers.c.body).where(first_answers.c.key == "k1")
        kept = connection.execute(query).scalar_one()
    assert kept.split() == ["{}"], "answers kept for repeats hold nobody's order"
    assert client.post(path, key="k2").get_json()["status"] == "received"
