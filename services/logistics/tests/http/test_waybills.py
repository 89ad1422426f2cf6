"""A waybill that was put right is told, and found (FEATURES 77)."""

from logistics_service.testing import AnOrder
from services.logistics.tests.town import Town
from shop_events.contracts.logistics import ParcelShipped, ParcelWaybillCorrected

FIRST, SECOND = "YL0000000077", "SD0000000077"


def test_row_77_who_was_told_a_mistyped_waybill_is_told_the_right_one(town: Town) -> None:
    town.stocks(9)
    town.confirmed(AnOrder())
    town.ships(carrier="shunda")
    (shipped,) = town.said(ParcelShipped)
    path = f"/shipments/{shipped.parcel_id}/waybill"

    for waybill in (FIRST, FIRST, SECOND):
        assert town.mo.patch(path, {"waybill": waybill}).status_code == 200

    first, second = town.said(ParcelWaybillCorrected)
    told = [(one.carrier, one.waybill, one.version) for one in (first, second)]
    assert told == [("yunlu", FIRST, 1), ("shunda", SECOND, 2)]
    assert (second.parcel_id, second.order_id) == (shipped.parcel_id, shipped.order_id)
    assert (second.fulfilment_id, second.lines) == (shipped.fulfilment_id, shipped.lines)
    assert town.ann.get(f"/tracking/{SECOND}").json["id"] == shipped.parcel_id
    assert town.ann.get(f"/tracking/{shipped.waybill}").status_code == 404
