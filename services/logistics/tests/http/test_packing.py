"""The merchant's work: heaps, scanning, batches, handing over, waybills (FEATURES 75, 77, 78)."""

import pytest
from sqlalchemy import select

from logistics_service.store.tables import waybill_changes
from logistics_service.testing import LIN, MUG, POT, TEA, AnOrder, a_line
from services.logistics.tests.town import Town, at_once, sqlite_alone
from shop_events.contracts.logistics import (
    CashCollected,
    ParcelDelivered,
    ParcelReturned,
    ParcelShipped,
)


@pytest.fixture
def day(town: Town) -> Town:
    """Three orders of Ann's at Mo's: o-0 to be packed, o-1 packed, o-2 shipped by Shunda."""
    town.stocks(9)
    town.stocks(9, POT)
    for number, sku_id in enumerate((MUG, MUG, POT)):
        town.confirmed(AnOrder(f"o-{number}", a_line("1", sku_id)))
    town.mo.post(f"/shipments/{town.fulfilment('o-1').id}/pack")
    town.ships("o-2", carrier="shunda")
    return town


def orders(town: Town, query: str) -> list[str]:
    return [one["order_id"] for one in town.mo.get(f"/merchant/shipments?{query}").json["items"]]


def test_row_75_work_lies_in_heaps_that_are_counted(day: Town) -> None:
    assert orders(day, "status=to_pack") == ["o-0"]
    assert orders(day, "status=packed") == ["o-1"]
    assert orders(day, "status=shipped") == ["o-2"]
    assert day.mo.get("/merchant/shipments").json["counts"] == {
        "to_pack": 1,
        "packed": 1,
        "shipped": 1,
        "on_hold": 0,
        "cancelled": 0,
    }
    assert day.lin.get("/merchant/shipments").json["counts"]["to_pack"] == 0


def test_work_is_found_by_carrier_number_waybill_and_sku(day: Town) -> None:
    waybill = day.fulfilment("o-2").parcels[0].waybill

    assert orders(day, "carrier=shunda") == ["o-2"]
    assert orders(day, "q=N-o-1") == ["o-1"]
    assert orders(day, f"q={waybill}") == ["o-2"]
    assert orders(day, f"q={MUG}") == ["o-0", "o-1"]
    assert orders(day, f"q={MUG}&status=packed") == ["o-1"]
    assert day.lin.get(f"/merchant/shipments?q={MUG}").json["items"] == []


def test_what_is_on_a_parcel_can_be_scanned(day: Town) -> None:
    (parcel,) = day.fulfilment("o-2").parcels

    for code in (parcel.waybill, parcel.id, parcel.fulfilment_id, "N-o-2"):
        assert day.mo.get(f"/merchant/scan/{code}").json["order_id"] == "o-2"
        foreign, missing = day.lin.get(f"/merchant/scan/{code}"), day.lin.get("/merchant/scan/x")
        assert (foreign.status_code, foreign.json["code"]) == (404, missing.json["code"])


def test_of_a_batch_each_is_shipped_or_says_why_not(day: Town) -> None:
    ids = [day.fulfilment(f"o-{number}").id for number in (0, 1, 2)]

    answer = day.mo.post(
        "/merchant/shipments/ship", {"shipments": [*ids, "nowhere", ids[0]], "carrier": "yunlu"}
    )

    first, second, third, nowhere = answer.json["items"]
    assert answer.status_code == 200
    assert first["parcel"]["waybill"].startswith("YL")
    assert second["parcel"]["state"] == "shipped"
    assert third["problem"]["code"] == "waybill_taken"
    assert nowhere["problem"] == {
        "status": 404,
        "code": "shipment_not_found",
        "detail": "There is no shipment nowhere.",
    }
    assert len(day.said(ParcelShipped)) == 3


@sqlite_alone
def test_a_foreign_shipment_in_a_batch_looks_like_a_missing_one(day: Town) -> None:
    body = {"shipments": [day.fulfilment("o-0").id], "carrier": "swift"}

    (answer,) = day.lin.post("/merchant/shipments/ship", body).json["items"]

    assert answer["problem"]["code"] == "shipment_not_found"
    assert day.fulfilment("o-0").status == "to_pack"


@sqlite_alone
def test_row_77_a_carrier_is_known_by_the_prefix_of_its_waybills(day: Town) -> None:
    shipment = day.fulfilment("o-0").id

    answer = day.mo.post(f"/shipments/{shipment}/ship", {"waybill": "YL0000000042"})

    assert (answer.json["carrier"], answer.json["waybill"]) == ("yunlu", "YL0000000042")


@sqlite_alone
@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({}, "carrier_unclear", "carrier"),
        ({"waybill": "XX1"}, "waybill_malformed", "waybill"),
        ({"waybill": "YL1", "carrier": "yunlu"}, "waybill_malformed", "waybill"),
        ({"waybill": "YL0000000042", "carrier": "shunda"}, "waybill_malformed", "waybill"),
        ({"waybill": "YL 1", "carrier": "yunlu"}, "validation_failed", "waybill"),
        ({"carrier": "own"}, "unknown_carrier", "carrier"),
    ],
)
def test_a_carrier_or_waybill_that_cannot_be_is_refused_before_anything_is_packed(
    day: Town, body: object, code: str, field: str
) -> None:
    answer = day.mo.post(f"/shipments/{day.fulfilment('o-0').id}/ship", body)

    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert list(answer.json["errors"]) == [field]
    assert day.fulfilment("o-0").parcels == ()


def test_of_two_parcels_that_take_one_waybill_at_once_one_gets_it(day: Town) -> None:
    codes: list[int] = []

    def ship(order_id: str) -> None:
        body = {"carrier": "shunda", "waybill": "SD9999999999"}
        path = f"/shipments/{day.fulfilment(order_id).id}/ship"
        codes.append(day.mo.post(path, body).status_code)

    at_once(lambda: ship("o-0"), lambda: ship("o-1"))

    assert sorted(codes) == [200, 409]


def test_row_77_a_mistyped_waybill_is_put_right_and_who_did_is_kept(day: Town) -> None:
    (parcel,) = day.fulfilment("o-2").parcels
    path, right = f"/shipments/{parcel.id}/waybill", {"waybill": "YL0000000077"}

    first, again = day.mo.patch(path, right), day.mo.patch(path, right)

    assert (first.json["carrier"], first.json["waybill"]) == ("yunlu", "YL0000000077")
    assert again.json == first.json
    with day.bench.database.read() as connection:
        (row,) = connection.execute(select(waybill_changes)).all()
    assert (row.changed_by, row.old_waybill, row.new_waybill) == (
        "mo",
        parcel.waybill,
        "YL0000000077",
    )


def test_a_waybill_under_which_the_parcel_was_seen_stays(day: Town) -> None:
    (parcel,) = day.fulfilment("o-2").parcels
    day.sees(str(parcel.waybill), "collected", carrier="shunda")

    answer = day.mo.patch(f"/shipments/{parcel.id}/waybill", {"waybill": "YL0000000077"})

    assert (answer.status_code, answer.json["code"]) == (409, "already_traced")


def test_a_waybill_is_put_right_by_its_own_merchant_on_a_parcel_that_left(day: Town) -> None:
    gone, packed = day.fulfilment("o-2").parcels[0], day.fulfilment("o-1").parcels[0]
    taken, free = {"waybill": gone.waybill}, {"waybill": "YL0000000077"}

    assert day.lin.patch(f"/shipments/{gone.id}/waybill", free).status_code == 404
    assert day.mo.patch(f"/shipments/{gone.fulfilment_id}/waybill", free).status_code == 404
    assert day.mo.patch(f"/shipments/{packed.id}/waybill", free).json["code"] == (
        "illegal_transition"
    )
    day.mo.post(f"/shipments/{packed.id}/ship", {"carrier": "shunda"})
    assert day.mo.patch(f"/shipments/{packed.id}/waybill", taken).json["code"] == "waybill_taken"


def test_row_78_a_part_goes_first_and_another_merchants_goods_go_their_own_way(town: Town) -> None:
    town.stocks(9)
    town.stocks(9, TEA, of=LIN)
    order = AnOrder("o-1", a_line("1", quantity=3), a_line("2", TEA, of=LIN))
    mine = town.confirmed(order)
    one = {"lines": [{"line_id": "1", "quantity": 1}]}
    first = town.mo.post(f"/shipments/{mine}/pack", one).json
    town.mo.post(f"/shipments/{first['id']}/ship", {"carrier": "shunda"})
    town.mo.post(f"/shipments/{mine}/pack")
    second = town.mo.post(f"/shipments/{mine}/ship", {"carrier": "yunlu"}).json

    items = {
        one["merchant_id"]: one for one in town.ann.get("/shipments?order_id=o-1").json["items"]
    }

    assert [line["quantity"] for line in second["lines"]] == [2]
    assert (items["m-mo"]["status"], items["m-lin"]["status"]) == ("shipped", "to_pack")
    assert {one["carrier"] for one in items["m-mo"]["parcels"]} == {"shunda", "yunlu"}


@sqlite_alone
def test_untracked_post_has_a_number_of_ours_and_nobody_waits_for_word(town: Town, caplog) -> None:
    town.stocks(9)
    shipment = town.confirmed(AnOrder(delivery_method="post"))

    answer = town.mo.post(f"/shipments/{shipment}/ship")
    town.bench.advance(100 * 3600)

    assert (answer.status_code, answer.json["carrier"]) == (200, "post")
    assert answer.json["waybill"].startswith("IN")
    assert town.mo.post(f"/shipments/{shipment}/ship").json["waybill"] == answer.json["waybill"]
    assert caplog.messages == []


@sqlite_alone
def test_who_fetches_goods_shows_a_code_that_the_merchant_does_not_know(town: Town) -> None:
    town.stocks(9)
    shipment = town.confirmed(AnOrder(delivery_method="pick_up"))
    packed = town.mo.post(f"/shipments/{shipment}/pack").json
    (parcel,) = town.ann.get(f"/shipments/{shipment}").json["parcels"]
    code = parcel["pick_up_code"]
    wrong = {"code": "000000" if code != "000000" else "000001"}

    refused = town.mo.post(f"/shipments/{shipment}/hand-over", wrong)
    handed = town.mo.post(f"/shipments/{shipment}/hand-over", {"code": code})
    again = town.mo.post(f"/shipments/{shipment}/hand-over", {"code": code})

    assert packed["pick_up_code"] is None
    assert (refused.status_code, refused.json["code"]) == (409, "wrong_pick_up_code")
    assert (handed.status_code, handed.json["state"]) == (200, "signed")
    assert again.json == handed.json
    assert len(town.said(ParcelShipped)) == len(town.said(ParcelDelivered)) == 1
    assert town.counters() == (8, 0, 0)


def test_without_a_code_the_merchants_word_counts(town: Town) -> None:
    town.stocks(9)
    shipment = town.confirmed(AnOrder(delivery_method="pick_up"))

    assert town.mo.post(f"/shipments/{shipment}/hand-over").json["state"] == "signed"


@sqlite_alone
def test_what_the_buyer_fetches_is_not_shipped_and_what_a_carrier_brings_not_handed_over(
    town: Town,
) -> None:
    town.stocks(9)
    fetched = town.confirmed(AnOrder("o-1", delivery_method="pick_up"))
    brought = town.confirmed(AnOrder("o-2"))

    ship = town.mo.post(f"/shipments/{fetched}/ship", {"carrier": "swift"})
    hand = town.mo.post(f"/shipments/{brought}/hand-over")

    assert (ship.status_code, ship.json["code"]) == (409, "not_by_carrier")
    assert (hand.status_code, hand.json["code"]) == (409, "not_by_hand")
    assert town.lin.post(f"/shipments/{fetched}/hand-over").status_code == 404
    assert town.said(ParcelShipped) == []


@sqlite_alone
def test_our_own_people_bring_goods_and_take_the_cash(town: Town) -> None:
    town.stocks(9)
    order = AnOrder(delivery_method="own_delivery", on_delivery=True)
    shipment = town.confirmed(order)

    shipped = town.mo.post(f"/shipments/{shipment}/ship").json
    town.mo.post(f"/shipments/{shipment}/hand-over")

    (cash,) = town.said(CashCollected)
    assert (shipped["carrier"], cash.carrier, cash.amount) == ("own", "own", order.total)


def test_what_our_own_people_could_not_hand_over_is_back_at_once(town: Town) -> None:
    town.stocks(9)
    shipment = town.confirmed(AnOrder(delivery_method="own_delivery", on_delivery=True))
    town.mo.post(f"/shipments/{shipment}/ship")

    refused = town.mo.post(f"/shipments/{shipment}/hand-over", {"outcome": "refused"})
    later = town.mo.post(f"/shipments/{shipment}/hand-over")

    assert refused.json["state"] == later.json["state"] == "returned_to_sender"
    assert len(town.said(ParcelReturned)) == 1
    assert town.said(ParcelDelivered) == town.said(CashCollected) == []
    assert town.counters() == (9, 0, 0)


@sqlite_alone
def test_names_and_phones_are_masked_but_for_who_packs(town: Town) -> None:
    town.stocks(9)
    shipment = town.confirmed(AnOrder())
    one, heap = f"/shipments/{shipment}", "/merchant/shipments"
    masked = {"recipient": "A**", "phone": "138****0000", "address": "West L***"}

    before = town.mo.get(one).json["destination"]
    town.mo.post(f"{one}/pack")
    packing = town.mo.get(one).json["destination"]
    listed = town.mo.get(heap).json["items"][0]["destination"]
    town.sees(town.ships(), "signed")
    arrived = town.mo.get(one).json["destination"]

    assert before == listed == arrived == town.ann.get(one).json["destination"] == masked
    assert packing == {"recipient": "Ann", "phone": "13800000000", "address": "West Lake 1"}
