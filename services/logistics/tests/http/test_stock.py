import pytest

from logistics_service.domain.stock import MOST_ON_HAND
from logistics_service.testing import MUG, AnOrder, a_line
from services.logistics.tests.town import Town

RECEIVED = {"type": "received", "quantity": 5}


def test_who_receives_a_sku_first_owns_it(town: Town) -> None:
    mine = town.mo.post(f"/stock/{MUG}/movements", RECEIVED)
    theirs = town.lin.post(f"/stock/{MUG}/movements", RECEIVED)

    assert (mine.status_code, mine.json["available"]) == (201, 5)
    assert (theirs.status_code, theirs.json["code"]) == (404, "sku_not_found")
    assert town.counters() == (5, 0, 0)


def test_the_stock_of_another_merchant_looks_like_none(town: Town) -> None:
    town.stocks(5)

    theirs, missing = town.lin.get(f"/stock/{MUG}"), town.lin.get("/stock/sku-nowhere")

    assert theirs.status_code == missing.status_code == 404
    assert theirs.json["code"] == missing.json["code"]


def test_a_merchant_sees_what_is_promised_and_what_can_be_sold(town: Town) -> None:
    town.stocks(9)
    order = AnOrder("o-2")
    town.hears(AnOrder("o-1", a_line("1", quantity=2)).placed(), order.placed())
    town.hears(order.confirmed())

    seen = town.mo.get(f"/stock/{MUG}").json

    assert (seen["available"], seen["band"]) == (6, "plenty")
    assert seen["levels"] == [
        {
            "warehouse_id": "main",
            "on_hand": 9,
            "held": 2,
            "allocated": 1,
            "safety": 0,
            "available": 6,
        }
    ]


def test_the_same_request_twice_moves_once(town: Town) -> None:
    first = town.mo.post(f"/stock/{MUG}/movements", RECEIVED, key="k-1")
    again = town.mo.post(f"/stock/{MUG}/movements", RECEIVED, key="k-1")

    assert again.json == first.json
    assert again.headers["Idempotency-Replayed"] == "true"
    assert town.counters() == (5, 0, 0)


def test_a_movement_needs_an_idempotency_key(town: Town) -> None:
    assert town.mo.post(f"/stock/{MUG}/movements", RECEIVED, key="").status_code == 400


def test_s7_what_is_promised_cannot_be_counted_away(town: Town) -> None:
    town.stocks(5)
    town.hears(AnOrder("o-1", a_line("1", quantity=3)).placed())
    lost = {"type": "adjusted", "quantity": -3, "reason": "a shelf fell"}

    answer = town.mo.post(f"/stock/{MUG}/movements", lost)

    assert (answer.status_code, answer.json["code"]) == (409, "on_hand_below_promised")
    assert answer.json["detail"] == "There would be 2 of sku-mug on hand, and 3 are promised."
    assert town.counters() == (5, 3, 0)


def test_what_is_not_promised_can(town: Town) -> None:
    town.stocks(5)
    town.hears(AnOrder("o-1", a_line("1", quantity=3)).placed())
    lost = {"type": "adjusted", "quantity": -2, "reason": "a shelf fell"}

    assert town.mo.post(f"/stock/{MUG}/movements", lost).status_code == 201
    assert town.counters() == (3, 3, 0)


@pytest.mark.parametrize("bench", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"type": "adjusted", "quantity": 1}, "reason_missing"),
        ({"type": "adjusted", "quantity": 1, "reason": "  "}, "reason_missing"),
        ({"type": "adjusted", "quantity": 0, "reason": "why not"}, "quantity_missing"),
        ({"type": "received", "quantity": 0}, "quantity_missing"),
        ({"type": "received", "quantity": -1}, "quantity_missing"),
        ({"type": "shipped", "quantity": 1}, "validation_failed"),
        ({"type": "held", "quantity": 1}, "validation_failed"),
        ({"type": "received", "quantity": "5"}, "validation_failed"),
        ({"type": "received", "quantity": 1.5}, "validation_failed"),
        ({"type": "received", "quantity": 10**9}, "validation_failed"),
        ({"type": "received", "quantity": 5, "merchant_id": "m-lin"}, "validation_failed"),
    ],
)
def test_a_movement_that_makes_no_sense_is_refused(town: Town, body: object, code: str) -> None:
    town.stocks(5)

    answer = town.mo.post(f"/stock/{MUG}/movements", body)

    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert town.counters() == (5, 0, 0)


def test_a_sku_that_is_no_id_is_refused(town: Town) -> None:
    assert town.mo.post(f"/stock/{'x' * 65}/movements", RECEIVED).status_code == 422


def test_a_counter_never_runs_over(town: Town) -> None:
    town.stocks(MOST_ON_HAND - 5)

    too_much = town.mo.post(f"/stock/{MUG}/movements", {"type": "received", "quantity": 6})

    assert (too_much.status_code, too_much.json["code"]) == (409, "too_much_stock")
    assert town.mo.post(f"/stock/{MUG}/movements", RECEIVED).json["available"] == MOST_ON_HAND


@pytest.mark.parametrize("bench", ["sqlite"], indirect=True)
def test_only_what_a_merchant_may_write_into_the_ledger_is_offered(town: Town) -> None:
    answer = town.mo.post(f"/stock/{MUG}/movements", {"type": "stolen", "quantity": 1})

    assert answer.json["errors"] == {"type": ["Must be one of: received, adjusted."]}
