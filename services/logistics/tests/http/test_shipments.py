import pytest

from chassis.testing import merchant, shopper
from logistics_service.testing import LIN, MUG, TEA, AnOrder, a_line
from services.logistics.tests.town import Town, sqlite_alone
from shop_events import faults
from shop_events.contracts.logistics import ParcelPacked, ParcelShipped


@pytest.fixture
def shipment(town: Town) -> str:
    """Ann's confirmed order of two mugs of Mo's, to be packed."""
    town.stocks(9)
    order = AnOrder("o-1", a_line("1", quantity=2))
    town.hears(order.placed(), order.details(), order.confirmed())
    return town.fulfilment().id


def test_a_shipment_is_packed_and_shipped(town: Town, shipment: str) -> None:
    packed = town.mo.post(f"/shipments/{shipment}/pack")
    shipped = town.mo.post(f"/shipments/{packed.json['id']}/ship", {"carrier": "swift"})

    assert packed.status_code == 201
    assert (shipped.status_code, shipped.json["state"]) == (200, "shipped")
    assert town.carrier().bookings() == {packed.json["id"]: shipped.json["waybill"]}
    (event,) = town.said(ParcelShipped)
    assert (event.carrier, event.waybill) == ("swift", shipped.json["waybill"])
    assert town.counters() == (7, 0, 0)


@sqlite_alone
def test_shipping_what_is_not_packed_packs_all_of_it(town: Town, shipment: str) -> None:
    town.mo.post(f"/shipments/{shipment}/ship", {"carrier": "swift"})

    assert len(town.said(ParcelPacked)) == len(town.said(ParcelShipped)) == 1


def test_shipping_again_gives_the_same_waybill_and_moves_nothing(town: Town, shipment: str) -> None:
    first = town.mo.post(f"/shipments/{shipment}/ship", {"carrier": "swift"})
    again = town.mo.post(f"/shipments/{shipment}/ship", {"carrier": "swift"})

    assert again.json["waybill"] == first.json["waybill"]
    assert len(town.said(ParcelShipped)) == 1
    assert town.counters() == (7, 0, 0)


@sqlite_alone
def test_a_waybill_of_ones_own_is_taken_as_it_is(town: Town, shipment: str) -> None:
    mine = {"carrier": "snail", "waybill": "SN-1"}

    answer = town.mo.post(f"/shipments/{shipment}/ship", mine)

    assert answer.json["waybill"] == "SN-1"
    assert town.carrier("snail").bookings() == {}


def test_a_carrier_gives_a_waybill_to_one_parcel_only(town: Town, shipment: str) -> None:
    town.mo.post(f"/shipments/{shipment}/ship", {"carrier": "snail", "waybill": "SN-1"})
    other = AnOrder("o-2")
    town.hears(other.placed(), other.confirmed())
    second = f"/shipments/{town.fulfilment('o-2').id}/ship"

    taken = town.mo.post(second, {"carrier": "snail", "waybill": "SN-1"})
    of_another = town.mo.post(second, {"carrier": "swift", "waybill": "SN-1"})

    assert (taken.status_code, taken.json["code"]) == (409, "waybill_taken")
    assert of_another.status_code == 200


def test_a_shipped_parcel_gets_no_second_waybill(town: Town, shipment: str) -> None:
    town.mo.post(f"/shipments/{shipment}/ship", {"carrier": "snail", "waybill": "SN-1"})

    answer = town.mo.post(f"/shipments/{shipment}/ship", {"carrier": "snail", "waybill": "SN-2"})

    assert (answer.status_code, answer.json["code"]) == (409, "waybill_taken")


@sqlite_alone
def test_a_carrier_we_do_not_know_is_refused_before_anything_is_packed(
    town: Town, shipment: str
) -> None:
    answer = town.mo.post(f"/shipments/{shipment}/ship", {"carrier": "stork"})

    assert (answer.status_code, answer.json["code"]) == (422, "unknown_carrier")
    assert town.said(ParcelPacked) == []


@sqlite_alone
def test_while_the_carrier_is_silent_nothing_is_shipped(town: Town, shipment: str) -> None:
    town.silence()
    silent = town.mo.post(f"/shipments/{shipment}/ship", {"carrier": "swift"})
    town.speech()
    spoken = town.mo.post(f"/shipments/{shipment}/ship", {"carrier": "swift"})

    assert (silent.status_code, silent.json["code"]) == (503, "carrier_does_not_answer")
    assert spoken.status_code == 200
    assert len(town.said(ParcelPacked)) == len(town.said(ParcelShipped)) == 1


@pytest.mark.parametrize("point", ["outside.before_call", "outside.after_call"])
def test_a_crash_around_the_call_costs_no_waybill_and_doubles_none(
    town: Town, shipment: str, point: str
) -> None:
    faults.arm(f"{point}:1:raise")
    try:
        with pytest.raises(faults.Injected):
            town.mo.post(f"/shipments/{shipment}/ship", {"carrier": "swift"})
    finally:
        faults.arm("")
    assert town.said(ParcelShipped) == []

    shipped = town.mo.post(f"/shipments/{shipment}/ship", {"carrier": "swift"}).json

    assert town.carrier().bookings() == {shipped["id"]: shipped["waybill"]}
    assert town.counters() == (7, 0, 0)


def test_a_part_is_packed_and_shipped_on_its_own(town: Town, shipment: str) -> None:
    one = {"lines": [{"line_id": "1", "quantity": 1}]}
    town.mo.post(f"/shipments/{shipment}/pack", one)
    town.mo.post(f"/shipments/{shipment}/ship", {"carrier": "swift"})

    seen = town.mo.get(f"/shipments/{shipment}").json

    assert seen["status"] == "to_pack"
    assert seen["lines"][0]["shipped"] == 1
    assert town.counters() == (8, 0, 1)


@sqlite_alone
def test_shipping_a_part_again_does_not_ship_the_rest(town: Town, shipment: str) -> None:
    """Whoever lost the answer asks again, and nobody has packed the rest."""
    one = {"lines": [{"line_id": "1", "quantity": 1}]}
    town.mo.post(f"/shipments/{shipment}/pack", one)
    first = town.mo.post(f"/shipments/{shipment}/ship", {"carrier": "swift"})

    again = town.mo.post(f"/shipments/{shipment}/ship", {"carrier": "swift"})

    assert again.json["waybill"] == first.json["waybill"]
    assert len(town.said(ParcelShipped)) == 1
    town.mo.post(f"/shipments/{shipment}/pack")
    rest = town.mo.post(f"/shipments/{shipment}/ship", {"carrier": "swift"})
    assert rest.json["id"] != first.json["id"]


@sqlite_alone
def test_one_of_several_packed_parcels_must_be_named(town: Town, shipment: str) -> None:
    one = {"lines": [{"line_id": "1", "quantity": 1}]}
    parcels = [town.mo.post(f"/shipments/{shipment}/pack", one).json["id"] for _ in range(2)]

    unnamed = town.mo.post(f"/shipments/{shipment}/ship", {"carrier": "swift"})
    named = town.mo.post(f"/shipments/{parcels[1]}/ship", {"carrier": "swift"})

    assert (unnamed.status_code, unnamed.json["code"]) == (409, "several_parcels")
    assert named.json["id"] == parcels[1]


@sqlite_alone
@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([{"line_id": "1", "quantity": 3}], 409),
        ([{"line_id": "9", "quantity": 1}], 409),
        ([{"line_id": "1", "quantity": 1}, {"line_id": "1", "quantity": 1}], 422),
        ([{"line_id": "1", "quantity": 0}], 422),
        ([], 422),
    ],
)
def test_f2_only_what_is_there_is_packed(
    town: Town, shipment: str, lines: object, status: int
) -> None:
    answer = town.mo.post(f"/shipments/{shipment}/pack", {"lines": lines})

    assert answer.status_code == status
    assert town.said(ParcelPacked) == []


def test_one_merchants_hold_does_not_stop_anothers_parcel(town: Town) -> None:
    town.stocks(5, MUG)
    town.stocks(5, TEA, of=LIN)
    order = AnOrder("o-1", a_line("1"), a_line("2", TEA, of=LIN))
    town.hears(order.placed(), order.confirmed())
    mine, theirs = town.fulfilment().id, town.fulfilment(of=LIN).id

    held = town.mo.post(f"/merchant/fulfilments/{mine}/hold")

    assert held.json["status"] == "on_hold"
    ship = {"carrier": "swift"}
    assert town.mo.post(f"/shipments/{mine}/pack").json["code"] == "fulfilment_on_hold"
    assert town.mo.post(f"/shipments/{mine}/ship", ship).json["code"] == "fulfilment_on_hold"
    assert town.lin.post(f"/shipments/{theirs}/ship", ship).status_code == 200
    town.mo.post(f"/merchant/fulfilments/{mine}/release")
    assert town.mo.post(f"/shipments/{mine}/ship", ship).status_code == 200


def test_what_is_shipped_is_not_held_any_more(town: Town, shipment: str) -> None:
    town.ships()

    assert town.mo.post(f"/merchant/fulfilments/{shipment}/hold").status_code == 409


@sqlite_alone
def test_a_cancelled_parcel_is_not_shipped(town: Town, shipment: str) -> None:
    parcel = town.mo.post(f"/shipments/{shipment}/pack").json["id"]
    town.hears(AnOrder("o-1", a_line("1", quantity=2)).cancellation_requested())

    answer = town.mo.post(f"/shipments/{parcel}/ship", {"carrier": "swift"})

    assert (answer.status_code, answer.json["code"]) == (409, "illegal_transition")
    assert town.carrier().bookings() == {}


def test_the_owner_sees_parcels_and_where_they_are(town: Town, shipment: str) -> None:
    waybill = town.ships()
    town.sees(waybill, "in_transit", hour=1)

    (seen,) = town.ann.get("/shipments?order_id=o-1").json["items"]
    (parcel,) = seen["parcels"]

    (trace,) = parcel["traces"]
    assert (trace["state"], trace["at"]) == ("in_transit", "2026-11-22T09:00:00Z")
    assert trace["sentence"] == {"zh-CN": "【Depot 7】包裹运输中", "en": "Depot 7: On its way"}
    assert town.ann.get(f"/shipments/{parcel['id']}").json == seen
    assert town.ann.get(f"/tracking/{waybill}").json == parcel


@sqlite_alone
def test_what_names_a_person_is_kept_by_no_cache(town: Town, shipment: str) -> None:
    town.ships()

    for path in ("/shipments?order_id=o-1", f"/shipments/{shipment}", "/merchant/shipments"):
        assert town.mo.get(path).headers["Cache-Control"] == "no-store"


@sqlite_alone
@pytest.mark.parametrize("who", ["bob", "lin"])
def test_a_foreign_shipment_looks_exactly_like_a_missing_one(
    town: Town, shipment: str, who: str
) -> None:
    waybill, caller = town.ships(), getattr(town, who)

    assert caller.get("/shipments?order_id=o-1").json["items"] == []
    for real, missing in (
        (f"/shipments/{shipment}", "/shipments/nowhere"),
        (f"/tracking/{waybill}", "/tracking/nowhere"),
    ):
        foreign, absent = caller.get(real), caller.get(missing)
        assert foreign.status_code == absent.status_code == 404
        assert foreign.json["code"] == absent.json["code"]


@sqlite_alone
@pytest.mark.parametrize(
    "path",
    [
        "/shipments/{}/pack",
        "/shipments/{}/hand-over",
        "/shipments/{}/ship",
        "/merchant/fulfilments/{}/hold",
        "/merchant/fulfilments/{}/release",
    ],
)
def test_only_its_own_merchant_works_on_a_shipment(town: Town, shipment: str, path: str) -> None:
    body = {"carrier": "swift"} if path.endswith("ship") else None
    address = path.format(shipment)

    assert town.lin.post(address, body).status_code == 404
    assert town.ann.post(address, body).status_code == 403
    assert town.nobody.post(address, body).status_code == 401
    assert town.said(ParcelPacked) == []


def test_a_merchants_work_comes_in_heaps_and_pages(town: Town) -> None:
    town.stocks(9)
    for number in range(3):
        order = AnOrder(f"o-{number}")
        town.hears(order.placed(), order.confirmed())
    town.ships("o-1")

    to_pack = town.mo.get("/merchant/shipments?status=to_pack").json
    first = town.mo.get("/merchant/shipments?limit=2").json
    rest = town.mo.get(f"/merchant/shipments?limit=2&cursor={first['next_cursor']}").json

    assert [one["order_id"] for one in to_pack["items"]] == ["o-0", "o-2"]
    assert [one["order_id"] for one in first["items"] + rest["items"]] == ["o-0", "o-1", "o-2"]
    assert rest["next_cursor"] is None
    assert town.lin.get("/merchant/shipments").json["items"] == []


@sqlite_alone
def test_a_token_of_a_merchant_does_not_open_a_shoppers_orders(town: Town, shipment: str) -> None:
    as_account = town.bench.client(merchant("ann", of="m-other"))
    as_merchant = town.bench.client(shopper("m-mo"))

    assert as_account.get(f"/shipments/{shipment}").status_code == 404
    assert as_merchant.get(f"/shipments/{shipment}").status_code == 404


@sqlite_alone
def test_a_registered_letter_has_its_carriers_number(town: Town) -> None:
    town.stocks(9)
    shipment = town.confirmed(AnOrder(delivery_method="post"))

    answer = town.mo.post(f"/shipments/{shipment}/ship", {"carrier": "yunlu"})

    assert answer.json["carrier"] == "yunlu"
