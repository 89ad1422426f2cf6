"""What may be sent back, and who is told."""

import pytest

from aftersales_service.testing import Desk, ann, bob, cancelled, completed, confirmed, received

DAY_S = 24 * 3600


def test_a3_what_was_received_may_be_sent_back_for_seven_days(desk: Desk) -> None:
    desk.hears(confirmed({"1": 3, "2": 1}), desk.delivered("p-1", {"1": 2}), received("p-1"))

    answer = desk.asks().get_json()

    assert answer["until"] == "2026-11-29T08:00:00Z"
    mugs, teapot = answer["lines"]
    assert mugs == {
        "order_line_id": "1",
        "sku_id": "sku-1",
        "merchant_id": "m-mei",
        "ordered": 3,
        "delivered": 2,
        "received": 2,
        "returnable": 2,
    }
    assert (teapot["delivered"], teapot["returnable"]) == (0, 0)

    desk.bench.advance(7 * DAY_S)
    assert desk.returnable() == {"1": 0, "2": 0}


def test_a_parcel_that_is_not_received_yet_opens_no_window(quick_desk: Desk) -> None:
    quick_desk.hears(confirmed({"1": 2}), quick_desk.delivered("p-1", {"1": 2}))

    answer = quick_desk.asks().get_json()

    assert (answer["until"], answer["lines"][0]["delivered"]) == (None, 2)
    assert quick_desk.returnable() == {"1": 0}


def test_the_window_counts_from_the_last_receipt(quick_desk: Desk) -> None:
    first, second = quick_desk.delivered("p-1", {"1": 1}), quick_desk.delivered("p-2", {"1": 1})
    quick_desk.hears(confirmed({"1": 2}), first, received("p-1"))
    quick_desk.bench.advance(5 * DAY_S)
    quick_desk.hears(second, received("p-2"))
    quick_desk.bench.advance(5 * DAY_S)

    assert quick_desk.returnable() == {"1": 2}


@pytest.mark.parametrize("the_end", [completed(), cancelled()], ids=["completed", "cancelled"])
def test_nothing_of_an_order_that_is_over_may_be_sent_back(
    quick_desk: Desk, the_end: object
) -> None:
    quick_desk.hears(confirmed({"1": 2}), quick_desk.delivered("p-1", {"1": 2}), received("p-1"))
    quick_desk.hears(the_end)

    assert quick_desk.asks().get_json()["until"] is None
    assert quick_desk.returnable() == {"1": 0}


def test_somebody_elses_order_is_like_a_missing_one(quick_desk: Desk) -> None:
    quick_desk.hears(confirmed({"1": 2}))

    theirs, missing = quick_desk.asks(by=bob), quick_desk.asks("o-none")

    assert (theirs.status_code, missing.status_code) == (404, 404)
    assert theirs.get_json()["code"] == missing.get_json()["code"] == "order_not_found"
    assert quick_desk.asks(by=None).status_code == 401


@pytest.mark.parametrize("query", [{}, {"order_id": "a b"}, {"order_id": "o-1", "more": "1"}])
def test_a_question_that_is_none_names_its_field(quick_desk: Desk, query: dict[str, str]) -> None:
    answer = quick_desk.bench.client(ann).get("/aftersales/eligible", query_string=query)

    assert answer.status_code == 422
    assert answer.get_json()["errors"]
