"""How a quote may be paid is the quote's to say (API.md, GET /payments/methods)."""

from order_service.testing import ann, bob
from order_service.testing_market import Market

MUG = ("mug", 1)


def test_cash_is_not_offered_for_a_quote_whose_delivery_takes_none(quick_market: Market) -> None:
    by_post = quick_market.quotes(MUG, delivery_method="post")
    by_express = quick_market.quotes(MUG)
    client = quick_market.bench.client(ann)

    ways = [
        client.get(f"/payments/methods?quote_id={quote['id']}").get_json()["items"]
        for quote in (by_post, by_express)
    ]

    assert ways == [by_post["payment_methods"], by_express["payment_methods"]]
    said = [[(one["method"], one["offered"]) for one in items] for items in ways]
    assert said[0] == [("card", True), ("cash_on_delivery", False)]
    assert said[1] == [("card", True), ("cash_on_delivery", True)]


def test_without_a_quote_cash_on_delivery_depends_on_one(quick_market: Market) -> None:
    items = quick_market.bench.client().get("/payments/methods").get_json()["items"]

    assert [(one["method"], one["online"], one["needs"], one["offered"]) for one in items] == [
        ("card", True, ["card_token"], True),
        ("cash_on_delivery", False, [], None),
    ]


def test_somebody_elses_quote_is_answered_like_one_that_is_not_there(quick_market: Market) -> None:
    quote = quick_market.quotes(MUG)
    client = quick_market.bench.client(bob)

    theirs = client.get(f"/payments/methods?quote_id={quote['id']}")
    nobodys = client.get("/payments/methods?quote_id=nowhere")

    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.get_json()["code"] == nobodys.get_json()["code"]
