"""A long list comes a page at a time."""

import pytest

from chassis.testing import Bench, shopper


def test_pages_hold_every_row_once_and_only_ones_own(bench: Bench) -> None:
    ann, bob = bench.client(shopper("ann")), bench.client(shopper("bob"))
    bought = [ann.post("/sales", {"mugs": 1}).get_json()["id"] for _ in range(5)]
    bob.post("/sales", {"mugs": 1})

    seen, cursor, pages = [], None, 0
    while cursor or not pages:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        got = ann.get("/sales", query_string=query).get_json()
        seen += [item["id"] for item in got["items"]]
        cursor, pages = got["next_cursor"], pages + 1

    assert seen == bought
    assert pages == 3


def test_an_empty_list_is_a_list(kiosk: Bench) -> None:
    assert kiosk.client(shopper()).get("/sales").get_json() == {"items": [], "next_cursor": None}


def test_an_instant_goes_out_in_utc_with_a_z(kiosk: Bench) -> None:
    ann = kiosk.client(shopper())
    ann.post("/sales", {"mugs": 1})

    (item,) = ann.get("/sales").get_json()["items"]

    assert item["sold_at"] == "2026-11-22T08:00:00Z"


@pytest.mark.parametrize(
    ("prefer", "wait_s"),
    [("wait=5", 5), ("respond-async, wait=3", 3), ("wait=600", 10), ("wait=x", 0), ("", 0)],
)
def test_a_client_may_ask_us_to_hold_the_answer(kiosk: Bench, prefer: str, wait_s: int) -> None:
    from chassis import asked_wait_s

    heeding, asked = "/api/v1/kiosks", {"Prefer": prefer}
    with kiosk.app.test_request_context(heeding, method="POST", headers=asked):
        assert asked_wait_s() == wait_s
