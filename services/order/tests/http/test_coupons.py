"""C1 to C6, rows 45 and 54: coupons are claimed, taken, used and given back, each once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from chassis.testing import Bench, admin, merchant, shopper
from order_service.store.shop_tables import coupons
from order_service.testing import LAN, Shop, ann, bob
from order_service.testing_market import Market, a_product, lan, mei, yuan
from shop_events.contracts.account import AccountErased

A_DAY_S = 24 * 60 * 60
FIVE_MUGS = ("mug", 6)  # 119.40


def code_of(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def at_once(bench: Bench, posts: list[tuple[str, str, object]]) -> list[TestResponse]:
    """Each of (who, path, body), all at the same moment."""
    start = Barrier(len(posts))
    bench.app  # noqa: B018 - made once, before the threads ask for it

    def post(one: tuple[str, str, object]) -> TestResponse:
        client = bench.client(shopper(one[0]))
        start.wait(timeout=10)
        return client.post(one[1], one[2])

    with ThreadPoolExecutor(len(posts)) as pool:
        return list(pool.map(post, posts))


def test_c1_a_coupon_is_locked_by_its_order_used_when_it_is_paid(
    market: Market, shop: Shop
) -> None:
    coupon = market.claims(market.promotes())
    assert market.coupon(coupon)["state"] == "issued"

    order_id = market.places(FIVE_MUGS)
    assert (market.coupon(coupon)["state"], market.coupon(coupon)["order_id"]) == (
        "locked",
        order_id,
    )

    shop.reserves(order_id)
    shop.pays(order_id)
    assert market.coupon(coupon)["state"] == "used"
    assert shop.sees(order_id)["total"]["amount"] == "109.40"
    assert shop.problems() == []


def test_row_54_a_cancelled_order_gives_its_coupon_back(market: Market, shop: Shop) -> None:
    coupon = market.claims(market.promotes())
    order_id = market.places(FIVE_MUGS)

    shop.cancels(order_id)

    assert (market.coupon(coupon)["state"], market.coupon(coupon)["order_id"]) == ("issued", None)
    assert market.quotes(FIVE_MUGS)["discount"]["amount"] == "10.00"


def test_row_54_a_coupon_that_expired_meanwhile_is_good_for_three_more_days(
    market: Market, shop: Shop
) -> None:
    soon = (market.bench.clock.now() + timedelta(minutes=20)).isoformat()
    coupon = market.claims(market.promotes(use_until=soon))
    market.places(FIVE_MUGS)

    market.bench.advance(30 * 60)

    given_back = market.coupon(coupon)
    assert (given_back["state"], given_back["valid_until"][:16]) == ("issued", "2026-11-25T08:30")
    market.bench.advance(3 * A_DAY_S)
    assert market.coupon(coupon)["state"] == "expired"


def test_c3_an_order_that_was_paid_and_wholly_cancelled_gives_its_coupon_back(
    quick_market: Market, quick_shop: Shop
) -> None:
    coupon = quick_market.claims(quick_market.promotes())
    order_id = quick_market.places(FIVE_MUGS)
    quick_shop.reserves(order_id)
    quick_shop.pays(order_id)

    quick_shop.keeps(order_id, "f-1", {"1": 6})
    quick_shop.pays_all_back()

    assert quick_shop.status(order_id) == "cancelled"
    assert quick_market.coupon(coupon)["state"] == "issued"
    assert quick_shop.problems() == []


def test_c1_one_coupon_is_never_in_two_orders_however_many_come_at_once(market: Market) -> None:
    market.claims(market.promotes())
    quotes = [market.quotes(FIVE_MUGS) for _ in range(6)]
    assert {quote["discount"]["amount"] for quote in quotes} == {"10.00"}

    answers = at_once(
        market.bench,
        [("ann", "/orders", {"quote_id": q["id"], "payment_method": "card"}) for q in quotes],
    )

    assert sorted(one.status_code for one in answers) == [201] + [409] * 5
    assert {code_of(one)[1] for one in answers if one.status_code == 409} == {"coupon_taken"}


def test_row_45_of_five_coupons_fifteen_people_get_exactly_five(market: Market, shop: Shop) -> None:
    promotion = market.promotes(total=5)

    answers = at_once(
        market.bench, [(f"u{n}", f"/coupons/{promotion}/claim", None) for n in range(15)]
    )

    assert sorted(one.status_code for one in answers) == [201] * 5 + [409] * 10
    assert {code_of(one)[1] for one in answers if one.status_code == 409} == {"coupons_gone"}
    assert shop.problems() == []


def test_row_45_somebody_who_claims_many_times_at_once_gets_what_one_may_have(
    market: Market,
) -> None:
    promotion = market.promotes(per_user=2)

    answers = at_once(market.bench, [("ann", f"/coupons/{promotion}/claim", None)] * 8)

    assert sorted(one.status_code for one in answers) == [201] * 2 + [409] * 6
    (own,) = market.bench.client(mei).get("/promotions").get_json()["items"]
    assert own["claimed"] == 2, "a refused claim takes none from the stock"


def test_c2_a_coupon_is_claimed_in_its_time_and_used_in_its_time(quick_market: Market) -> None:
    now = quick_market.bench.clock.now()
    later = (now + timedelta(days=1)).isoformat()
    promotion = quick_market.promotes(claim_from=later, use_days=2)
    refused = quick_market.bench.client(ann).post(f"/coupons/{promotion}/claim")
    assert code_of(refused) == (409, "not_claimable")

    quick_market.bench.advance(A_DAY_S)
    coupon = quick_market.claims(promotion)
    assert quick_market.coupon(coupon)["valid_until"].startswith("2026-11-25")

    quick_market.bench.advance(2 * A_DAY_S)
    assert quick_market.quotes(FIVE_MUGS)["discounts"] == []


def test_a_coupon_of_tomorrow_is_told_and_not_used_today(quick_market: Market) -> None:
    tomorrow = (quick_market.bench.clock.now() + timedelta(days=1)).isoformat()
    quick_market.claims(quick_market.promotes(use_from=tomorrow))

    (missed,) = quick_market.quotes(FIVE_MUGS)["missed"]

    assert missed["code"] == "not_yet"


def test_c5_a_merchants_coupon_touches_its_own_lines_only(quick_market: Market) -> None:
    quick_market.claims(quick_market.promotes(by=lan, min_spend=yuan("0.00")))

    lines = quick_market.quotes(("mug", 1), ("teapot", 1))["lines"]

    assert [line["discount_share"]["amount"] for line in lines] == ["0.00", "10.00"]


def test_row_47_minimum_spend_is_measured_on_the_goods_that_count(quick_market: Market) -> None:
    quick_market.claims(quick_market.promotes(by=lan))  # 88 yuan of teapot do not make a hundred

    quote = quick_market.quotes(("mug", 9), ("teapot", 1))

    assert quote["discounts"] == []
    assert quote["missed"][0]["why"].endswith("差 ¥12.00 可用。")


def test_a_coupon_for_products_counts_for_those(market: Market) -> None:
    market.bench.hears(a_product("cup", price="30.00"))
    terms = {"scope": "products", "product_ids": ["p-cup"], "min_spend": yuan("0.00")}
    market.claims(market.promotes(percent=10, **terms))

    lines = market.quotes(("mug", 1), ("cup", 2))["lines"]

    assert [line["discount_share"]["amount"] for line in lines] == ["0.00", "6.00"]


def test_c6_the_shops_own_coupon_comes_after_on_what_is_left(quick_market: Market) -> None:
    quick_market.bench.hears(a_product("vase", price="100.00"))
    quick_market.claims(quick_market.promotes(percent=40, min_spend=yuan("0.00")))
    everything = {"percent": 70, "scope": "all", "min_spend": yuan("0.00")}
    quick_market.claims(quick_market.promotes(by=admin(), **everything))

    quote = quick_market.quotes(("vase", 1))

    assert [one["amount"]["amount"] for one in quote["discounts"]] == ["40.00", "42.00"]
    assert quote["lines"][0]["payable"]["amount"] == "18.00", "40 % and 70 % are not 110 %"


def test_row_44_the_best_single_coupon_of_a_merchant_is_taken_by_itself(
    quick_market: Market,
) -> None:
    quick_market.claims(quick_market.promotes(title="small"))
    quick_market.claims(quick_market.promotes(title="large", amount=yuan("30.00")))

    quote = quick_market.quotes(FIVE_MUGS)

    assert [one["title"] for one in quote["discounts"]] == ["large"]
    assert [(one["code"], one["why"]) for one in quote["missed"]] == [
        ("other_better", "「small」：「large」更优惠。")
    ]


def test_the_shopper_may_choose_another_coupon_or_none(quick_market: Market) -> None:
    small = quick_market.claims(quick_market.promotes(title="small"))
    large = quick_market.claims(quick_market.promotes(title="large", amount=yuan("30.00")))

    assert quick_market.quotes(FIVE_MUGS, coupon_codes=[small])["discount"]["amount"] == "10.00"
    assert quick_market.quotes(FIVE_MUGS, coupon_codes=[])["discount"]["amount"] == "0.00"
    both = quick_market.asks(FIVE_MUGS, coupon_codes=[small, large])
    assert (both.status_code, list(both.get_json()["errors"])) == (422, ["coupon_codes.1"])


def test_a_foreign_coupon_is_answered_like_a_missing_one(market: Market) -> None:
    theirs = market.claims(market.promotes(), by=bob)

    foreign = market.asks(FIVE_MUGS, coupon_codes=[theirs]).get_json()
    missing = market.asks(FIVE_MUGS, coupon_codes=["c-missing"]).get_json()

    assert foreign["errors"] == {"coupon_codes.0": [f"You have no free coupon {theirs}."]}
    assert foreign["code"] == missing["code"] == "coupons_refused"


def test_c3_a_coupon_that_gives_nothing_is_not_consumed(
    quick_market: Market, quick_shop: Shop
) -> None:
    quick_market.bench.hears(a_product("gift", price="0.00"))
    coupon = quick_market.claims(quick_market.promotes(min_spend=yuan("0.00")))

    quick_market.places(("gift", 1))

    assert quick_market.coupon(coupon)["state"] == "issued"


def test_m5_a_coupon_above_the_goods_makes_them_free_and_leaves_the_shipping(
    quick_market: Market,
) -> None:
    quick_market.claims(quick_market.promotes(amount=yuan("500.00"), min_spend=yuan("0.00")))

    quote = quick_market.quotes(("mug", 1))

    assert (quote["discount"]["amount"], quote["total"]["amount"]) == ("19.90", "8.00")


def test_c8_a_promotion_is_changed_before_it_starts_and_only_ended_after(market: Market) -> None:
    client = market.bench.client(mei)
    later = (market.bench.clock.now() + timedelta(hours=1)).isoformat()
    promotion = market.promotes(claim_from=later)

    changed = client.patch(f"/promotions/{promotion}", {"title": "Twelve off"})
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    stale = client.patch(f"/promotions/{promotion}", {"total": 5}, headers={"If-Match": '"1"'})
    assert code_of(stale) == (412, "promotion_stale")

    market.bench.advance(3600)
    late = client.patch(f"/promotions/{promotion}", {"title": "Thirteen off"})
    assert code_of(late) == (409, "promotion_started")


def test_an_ended_promotion_gives_no_more_coupons_and_takes_none_back(market: Market) -> None:
    promotion = market.promotes()
    market.claims(promotion)
    client = market.bench.client(mei)

    ended = client.post(f"/promotions/{promotion}/end").get_json()

    assert ended["ended_at"] == client.post(f"/promotions/{promotion}/end").get_json()["ended_at"]
    refused = market.bench.client(bob).post(f"/coupons/{promotion}/claim")
    assert code_of(refused) == (409, "not_claimable")
    assert market.quotes(FIVE_MUGS)["discount"]["amount"] == "10.00"


def test_another_merchants_promotion_is_not_there(quick_market: Market) -> None:
    promotion = quick_market.promotes()
    stranger = quick_market.bench.client(lan)

    answers = [
        stranger.patch(f"/promotions/{promotion}", {"title": "Mine"}),
        stranger.post(f"/promotions/{promotion}/end"),
        quick_market.bench.client(admin()).post(f"/promotions/{promotion}/end"),
    ]

    assert {code_of(one) for one in answers} == {(404, "promotion_not_found")}
    assert stranger.get("/promotions").get_json()["items"] == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": yuan("0.00")}, "amount"),
        ({"amount": yuan("-1.00")}, "amount"),
        ({"percent": 101}, "percent"),
        ({"scope": "all"}, "scope"),
        ({"scope": "products"}, "product_ids"),
        ({"total": 0}, "total"),
        ({"per_user": 101}, "per_user"),
        ({"use_until": "2020-01-01T00:00:00Z"}, "use_until"),
        ({"claim_until": "2020-01-01T00:00:00Z"}, "claim_until"),
        ({"min_spend": {"amount": "1.00", "currency": "USD"}}, "min_spend"),
        ({"merchant_id": LAN}, "merchant_id"),
        ({"claimed": 3}, "claimed"),
    ],
    ids=str,
)
def test_a_promotion_that_makes_no_sense_is_refused_by_its_field(
    quick_market: Market, wrong: dict[str, object], field: str
) -> None:
    answer = quick_market.bench.client(mei).post("/promotions", quick_market.a_promotion(**wrong))

    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [field])


def test_the_claim_centre_says_what_can_be_had(market: Market) -> None:
    taken, free = market.promotes(title="taken"), market.promotes(title="free")
    market.claims(taken)
    over = market.promotes(title="over")
    market.bench.client(mei).post(f"/promotions/{over}/end")

    items = market.bench.client(ann).get("/coupons").get_json()["items"]

    assert [(one["id"], one["mine"], one["left"]) for one in items] == [
        (free, 0, True),
        (taken, 1, False),
    ]


def test_the_auditor_finds_coupons_that_do_not_fit_their_orders(market: Market, shop: Shop) -> None:
    market.claims(market.promotes())
    market.places(FIVE_MUGS)
    with market.bench.database.begin() as tx:
        tx.connection.execute(update(coupons).values(state="used"))

    (found,) = shop.problems()

    assert "is used, and its order is placed" in found


def test_merchants_and_shoppers_keep_to_their_doors(quick_market: Market) -> None:
    bench = quick_market.bench
    staff = merchant("mo")

    assert bench.client(ann).get("/promotions").status_code == 403
    assert bench.client(staff).get("/coupons").status_code == 403
    assert bench.client(staff).get("/coupons/mine").status_code == 403
    assert bench.client().get("/coupons").status_code == 401


def test_an_erased_account_leaves_amounts_and_no_person(market: Market, shop: Shop) -> None:
    order_id = market.places(("mug", 1))
    open_quote = market.quotes(("mug", 1))

    market.bench.hears(AccountErased(account_id="ann"))
    market.bench.hears(AccountErased(account_id="ann"))

    seen = shop.sees(order_id)
    assert seen["destination"] == {
        "recipient": "", "phone": "", "address": "", "division_code": "310101",
    }  # fmt: skip
    assert seen["total"]["amount"] == "27.90"
    assert market.orders(open_quote).status_code == 404
