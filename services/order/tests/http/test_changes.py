"""Row 37, "consent for change": what differs from the quote is agreed to, or not ordered."""

from order_service.testing import LAN, Shop, ann
from order_service.testing_market import Market, a_product, a_zone, express, rates
from shop_events.contracts.catalog import ProductStatus

MUG = ("mug", 1)


def test_a_price_that_changed_needs_the_buyers_word_and_the_quote_stays_the_price(
    market: Market, shop: Shop
) -> None:
    quote = market.quotes(MUG)
    market.bench.hears(a_product("mug", price="17.90", version=2))

    refused = market.orders(quote)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "quote_changed")
    (change,) = refused.get_json()["changes"]
    assert change == {
        "id": "price:sku-mug:1790", "kind": "price", "about": "sku-mug", "was": "¥19.90",
        "now": "¥17.90", "acceptable": True,
    }  # fmt: skip

    order = market.orders(quote, accept_changes=[change["id"]]).get_json()
    assert order["total"] == quote["total"]
    assert shop.sees(order["id"])["accepted_changes"] == [change]


def test_a_change_after_the_buyers_word_needs_another(quick_market: Market) -> None:
    quote = quick_market.quotes(MUG)
    quick_market.bench.hears(a_product("mug", price="17.90", version=2))
    quick_market.bench.hears(a_product("mug", price="15.90", version=3))

    answer = quick_market.orders(quote, accept_changes=["price:sku-mug:1790"])

    assert answer.get_json()["code"] == "quote_changed"


def test_what_is_not_sold_any_more_cannot_be_agreed_to(quick_market: Market) -> None:
    quote = quick_market.quotes(MUG)
    quick_market.bench.hears(a_product("mug", status=ProductStatus.WITHDRAWN, version=2))

    answer = quick_market.orders(quote, accept_changes=["gone:sku-mug"])

    assert answer.get_json()["code"] == "quote_changed"
    assert [one["acceptable"] for one in answer.get_json()["changes"]] == [False]


def test_a_merchant_suspended_since_the_quote_sells_nothing(quick_market: Market) -> None:
    quote = quick_market.quotes(("teapot", 1))
    quick_market.suspends(LAN)

    assert quick_market.orders(quote).status_code == 409


def test_a_new_version_in_which_nothing_of_concern_changed_asks_for_nothing(
    quick_market: Market,
) -> None:
    quote = quick_market.quotes(MUG)
    quick_market.bench.hears(a_product("mug", weight_g=401, version=2))

    assert quick_market.orders(quote).status_code == 201


def test_freight_that_changed_needs_the_buyers_word(quick_market: Market) -> None:
    quote = quick_market.quotes(MUG)
    quick_market.bench.hears(rates(express(a_zone("9.00")), version=2))

    (change,) = _look(quick_market, quote["id"])["changes"]

    assert change["id"] == "shipping:express:900"
    assert quick_market.orders(quote).status_code == 409
    assert quick_market.orders(quote, accept_changes=[change["id"]]).status_code == 201


def test_a_title_that_changed_is_told(quick_market: Market) -> None:
    quote = quick_market.quotes(MUG)
    quick_market.bench.hears(a_product("mug", version=2, titles=a_product("bowl").titles))

    (change,) = _look(quick_market, quote["id"])["changes"]

    assert (change["kind"], change["was"], change["now"]) == ("goods", "mug 杯", "bowl 杯")


def test_cash_on_delivery_is_taken_where_the_quote_offers_it(quick_market: Market) -> None:
    by_post = quick_market.quotes(MUG, delivery_method="post")
    by_express = quick_market.quotes(MUG)

    refused = quick_market.orders(by_post, payment_method="cash_on_delivery")
    taken = quick_market.orders(by_express, payment_method="cash_on_delivery")

    assert refused.get_json()["code"] == "payment_method_not_offered"
    assert list(refused.get_json()["errors"]) == ["payment_method"]
    assert taken.status_code == 201


def test_a_refused_order_takes_nothing_along(quick_market: Market) -> None:
    coupon = quick_market.claims(quick_market.promotes())
    quote = quick_market.quotes(("mug", 6))
    quick_market.bench.hears(a_product("mug", price="17.90", version=2))

    quick_market.orders(quote)

    assert quick_market.coupon(coupon)["state"] == "issued"
    assert quick_market.bench.client(ann).get("/orders").get_json()["items"] == []


def _look(market: Market, quote_id: str) -> dict[str, object]:
    return market.bench.client(ann).get(f"/checkout/quotes/{quote_id}").get_json()
