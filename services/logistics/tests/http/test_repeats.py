"""E7: a merchant who saw no answer sends the request again with its key."""

from logistics_service.testing import AnOrder, a_line
from services.logistics.tests.town import Town
from shop_events.contracts.logistics import ParcelPacked

ONE = {"lines": [{"line_id": "1", "quantity": 1}]}


def test_e7_a_part_that_is_packed_again_with_its_key_is_one_parcel(town: Town) -> None:
    town.stocks(9)
    shipment = town.confirmed(AnOrder("o-1", a_line("1", quantity=2)))

    first, again = (town.mo.post(f"/shipments/{shipment}/pack", ONE, key="k1") for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json == first.json
    assert len(town.said(ParcelPacked)) == 1
    assert town.mo.post(f"/shipments/{shipment}/pack", ONE, key="k2").json["id"] != first.json["id"]
