"""What order answers, and to whom."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from werkzeug.test import TestResponse

from chassis.testing import Bench, admin, merchant
from order_service.testing import Shop, a_mug, a_quote, a_teapot, ann, bob
from shop_events import new_id
from shop_events.contracts.order import OrderPlaced
from shop_events.testing.waiting import eventually

TEN_MINUTES_S = 10 * 60
AT_ONCE = 20


def wanted(quote_id: str, **more: object) -> dict[str, object]:
    return {"quote_id": quote_id, "payment_method": "card", **more}


def code_of(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def everybody_at_once(
    bench: Bench, bodies: list[dict[str, object]], keys: list[str]
) -> list[TestResponse]:
    start = Barrier(len(bodies))
    bench.app  # noqa: B018 - made once, before the threads ask for it

    def post(body: dict[str, object], key: str) -> TestResponse:
        client = bench.client(ann)
        start.wait(timeout=10)
        return client.post("/orders", body, key=key)

    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(post, bodies, keys))


def test_an_order_is_answered_with_its_number_and_where_it_is(bench: Bench, shop: Shop) -> None:
    quote = shop.quotes(a_mug(2), a_teapot(), discount="10.00", shipping="8.00")

    answer = bench.client(ann).post("/orders", wanted(quote, note="Ring twice"))

    order = answer.get_json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/orders/{order['id']}"
    assert order["status"] == "placed"
    assert order["total"] == {"amount": "125.80", "currency": "CNY"}
    assert [line["payable"]["amount"] for line in order["lines"]] == ["36.69", "81.11"]
    assert order["number"].startswith("261122")


def test_m3_o5_lines_keep_what_was_allocated_to_them(shop: Shop) -> None:
    order_id = shop.places(a_mug(1, price="3.33"), a_mug(2, price="3.33"), discount="1.00")

    shares = [line["discount_share"]["amount"] for line in shop.sees(order_id)["lines"]]

    assert shares == ["0.33", "0.67"]


def test_m5_a_discount_above_the_goods_leaves_the_shipping(shop: Shop) -> None:
    order_id = shop.places(a_mug(), discount="100.00", shipping="8.00")

    assert shop.sees(order_id)["total"]["amount"] == "8.00"


def test_row_55_the_same_key_gives_the_same_order(bench: Bench, shop: Shop) -> None:
    body = wanted(shop.quotes(a_mug()))

    first = bench.client(ann).post("/orders", body, key="k-1")
    second = bench.client(ann).post("/orders", body, key="k-1")

    assert second.get_json() == first.get_json()
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(bench.said(OrderPlaced)) == 1


def test_without_a_key_nothing_is_ordered(quick_bench: Bench, quick_shop: Shop) -> None:
    answer = quick_bench.client(ann).post("/orders", wanted(quick_shop.quotes(a_mug())), key="")

    assert code_of(answer) == (400, "idempotency_key_required")


def test_row_55_twenty_requests_with_one_key_make_one_order(bench: Bench, shop: Shop) -> None:
    body = wanted(shop.quotes(a_mug()))

    answers = everybody_at_once(bench, [body] * AT_ONCE, ["k-1"] * AT_ONCE)

    assert {one.status_code for one in answers} <= {201, 409}
    made = [one.get_json()["id"] for one in answers if one.status_code == 201]
    refused = {code_of(one)[1] for one in answers if one.status_code == 409}
    assert len(set(made)) == 1
    assert refused <= {"idempotency_key_in_use"}
    assert len(bench.said(OrderPlaced)) == 1


def test_twenty_requests_for_one_quote_make_one_order(bench: Bench, shop: Shop) -> None:
    body = wanted(shop.quotes(a_mug()))

    answers = everybody_at_once(bench, [body] * AT_ONCE, [new_id() for _ in range(AT_ONCE)])

    statuses = sorted(one.status_code for one in answers)
    assert statuses == [201] + [409] * (AT_ONCE - 1)
    assert {code_of(one)[1] for one in answers if one.status_code == 409} == {"quote_used"}
    assert len(bench.said(OrderPlaced)) == 1


def test_e6_a_quote_is_good_for_ten_minutes(bench: Bench, shop: Shop) -> None:
    in_time, too_late = shop.quotes(a_mug()), shop.quotes(a_mug())

    bench.advance(TEN_MINUTES_S - 1)
    assert bench.client(ann).post("/orders", wanted(in_time)).status_code == 201

    bench.advance(1)
    answer = bench.client(ann).post("/orders", wanted(too_late))
    assert code_of(answer) == (409, "quote_expired")


def test_a_used_quote_makes_no_second_order(bench: Bench, shop: Shop) -> None:
    quote = shop.quotes(a_mug())
    bench.client(ann).post("/orders", wanted(quote))

    assert code_of(bench.client(ann).post("/orders", wanted(quote))) == (409, "quote_used")


def same_but_for_the_id(foreign: TestResponse, missing: TestResponse, *ids: str) -> bool:
    def body(answer: TestResponse) -> str:
        document = {**answer.get_json(), "trace_id": ""}
        text = repr(sorted(document.items()))
        for one in ids:
            text = text.replace(one, "ID")
        return text

    return foreign.status_code == missing.status_code == 404 and body(foreign) == body(missing)


def test_a_foreign_quote_is_answered_like_a_missing_one(bench: Bench, shop: Shop) -> None:
    quote, missing = shop.quotes(a_mug(), by=bob), new_id()

    foreign = bench.client(ann).post("/orders", wanted(quote))
    absent = bench.client(ann).post("/orders", wanted(missing))

    assert same_but_for_the_id(foreign, absent, quote, missing)


def test_a_foreign_quote_that_was_used_tells_nothing_of_it(bench: Bench, shop: Shop) -> None:
    quote = shop.quotes(a_mug(), by=bob)
    bench.client(bob).post("/orders", wanted(quote))

    assert code_of(bench.client(ann).post("/orders", wanted(quote))) == (404, "quote_not_found")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/orders/{}"),
        ("POST", "/orders/{}/cancel"),
        ("POST", "/orders/{}/confirm-receipt"),
    ],
)
def test_a_foreign_order_is_answered_like_a_missing_one(
    bench: Bench, shop: Shop, method: str, path: str
) -> None:
    order_id, missing = shop.places(a_mug(), by=bob), new_id()

    foreign = bench.client(ann).send(method, path.format(order_id))
    absent = bench.client(ann).send(method, path.format(missing))

    assert same_but_for_the_id(foreign, absent, order_id, missing)
    assert shop.sees(order_id, by=bob)["status"] == "placed"


def test_a_foreign_parcel_is_answered_like_a_missing_one(bench: Bench, shop: Shop) -> None:
    mine = shop.confirms(a_mug())
    other = shop.confirms(a_mug())
    shop.delivers(mine, "p-mine", {"1": 1})
    shop.delivers(other, "p-other", {"1": 1})

    foreign = shop.receives(mine, parcel="p-other")
    absent = shop.receives(mine, parcel="p-missing")

    assert same_but_for_the_id(foreign, absent, "p-other", "p-missing")
    assert shop.status(other) == "shipped"


@pytest.mark.parametrize("somebody", [None, merchant("mei", of="m-mei"), admin()], ids=str)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/orders"),
        ("GET", "/orders/o-1"),
        ("POST", "/orders"),
        ("POST", "/orders/o-1/cancel"),
        ("POST", "/orders/o-1/confirm-receipt"),
        ("POST", "/dev/quotes"),
    ],
)
def test_only_shoppers_order(quick_bench: Bench, somebody: object, method: str, path: str) -> None:
    answer = quick_bench.client(somebody).send(method, path)  # type: ignore[arg-type]

    assert answer.status_code == (401 if somebody is None else 403)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "quote_id"),
        ({"quote_id": 7}, "quote_id"),
        ({"quote_id": "../x"}, "quote_id"),
        ({"payment_method": "gold"}, "payment_method"),
        ({"note": "x" * 501}, "note"),
        ({"total": {"amount": "0.01", "currency": "CNY"}}, "total"),
        ({"status": "paid"}, "status"),
        ({"account_id": "bob"}, "account_id"),
    ],
)
def test_a_body_that_does_not_fit_is_refused_by_the_name_of_its_field(
    quick_bench: Bench, quick_shop: Shop, body: dict[str, object], field: str
) -> None:
    given = wanted(quick_shop.quotes(a_mug())) | body if body else {"payment_method": "card"}

    answer = quick_bench.client(ann).post("/orders", given)

    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == [field]
    assert quick_bench.said(OrderPlaced) == []


def test_orders_are_listed_a_page_at_a_time_the_newest_first(bench: Bench, shop: Shop) -> None:
    placed = [shop.places(a_mug()) for _ in range(5)]
    shop.places(a_mug(), by=bob)

    seen, cursor = [], None
    for _ in range(3):
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = bench.client(ann).get("/orders", query_string=query).get_json()
        seen += [order["id"] for order in page["items"]]
        cursor = page["next_cursor"]

    assert seen == placed[::-1]
    assert cursor is None


def test_a_list_shows_each_order_as_its_own_page_does(bench: Bench, shop: Shop) -> None:
    shop.places(a_mug())
    shop.ships(shop.confirms(a_mug(2)), "p-1", {"1": 1})

    items = bench.client(ann).get("/orders").get_json()["items"]

    pages = [shop.sees(order["id"]) for order in items]
    assert items == [{name: page[name] for name in items[0]} for page in pages]
    assert [order["status"] for order in items] == ["partially_shipped", "placed"]


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "101"}, {"cursor": "x"}, {"who": "b"}])
def test_a_list_refuses_what_it_does_not_know(quick_bench: Bench, query: dict[str, str]) -> None:
    assert quick_bench.client(ann).get("/orders", query_string=query).status_code == 422


def test_a_forged_cursor_shows_nobody_elses_orders(bench: Bench, shop: Shop) -> None:
    shop.places(a_mug(), by=bob)
    mine = [shop.places(a_mug()) for _ in range(2)]
    first = bench.client(bob).get("/orders", query_string={"limit": "1"}).get_json()
    page = bench.client(ann).get("/orders", query_string={"limit": "1"}).get_json()

    theirs = bench.client(bob).get("/orders", query_string={"cursor": page["next_cursor"]})

    assert {one["id"] for one in theirs.get_json()["items"]} <= {first["items"][0]["id"]}
    assert not {one["id"] for one in theirs.get_json()["items"]} & set(mine)


def test_the_answer_waits_until_the_stock_has_answered(bench: Bench, shop: Shop) -> None:
    quote = shop.quotes(a_mug())
    start = Barrier(2)
    bench.app  # noqa: B018 - made once, before the thread asks for it

    def post() -> TestResponse:
        start.wait(timeout=10)
        return bench.client(ann).post("/orders", wanted(quote), headers={"Prefer": "wait=10"})

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(post)
        start.wait(timeout=10)
        (placed,) = eventually(lambda: bench.said(OrderPlaced))
        shop.reserves(placed.order_id)
        settled = answer.result(timeout=15)

    assert settled.get_json()["status"] == "awaiting_payment"
    assert settled.headers["Preference-Applied"] == "wait"


def test_the_answer_does_not_wait_longer_than_it_was_asked_to(
    quick_bench: Bench, quick_shop: Shop
) -> None:
    headers = {"Prefer": "wait=1"}

    answer = quick_bench.client(ann).post(
        "/orders", wanted(quick_shop.quotes(a_mug())), headers=headers
    )

    assert (answer.status_code, answer.get_json()["status"]) == (201, "placed")


def test_a_buyer_sees_his_order_and_nothing_of_how_we_keep_it(shop: Shop) -> None:
    assert set(shop.sees(shop.places(a_mug()))) == {
        "id", "number", "status", "cancel_reason", "payment_method", "delivery_method",
        "promise_days", "lines", "shipping", "total", "refunded", "parcels", "claims", "placed_at",
        "pay_by", "destination", "note", "explanation", "accepted_changes",
    }  # fmt: skip


def test_a_quote_answers_what_it_comes_to(quick_bench: Bench) -> None:
    body = a_quote(a_mug(2), discount="0.80", shipping="6.00")

    answer = quick_bench.client(ann).post("/dev/quotes", body)

    assert answer.get_json()["total"] == {"amount": "45.00", "currency": "CNY"}
