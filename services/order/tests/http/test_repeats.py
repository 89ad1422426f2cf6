"""E7: who saw no answer asks again with the same key, and nothing happens twice."""

from order_service.testing import ann
from order_service.testing_market import Market, mei


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
