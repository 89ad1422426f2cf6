"""A corrected waybill is read in the inbox, and nobody is mailed for it."""

import itertools

import pytest

from notification_service import testing
from shop_events.contracts.logistics import ParcelWaybillCorrected


def corrected(version: int) -> ParcelWaybillCorrected:
    return ParcelWaybillCorrected(
        parcel_id="pa-1",
        fulfilment_id="f-1",
        order_id=testing.ORDER,
        carrier="yunlu",
        waybill=f"YL-{version}",
        lines=(),
        version=version,
    )


NEWS = {"ships": testing.shipped(), "corrects": corrected(1), "corrects_again": corrected(2)}


@pytest.mark.parametrize("told", list(itertools.permutations(NEWS)), ids="-".join)
def test_row_77_the_last_waybill_is_read_in_one_notice_however_it_is_told(small_office, told):
    small_office.hears(testing.contact())
    small_office.hears(testing.placed())

    for news in told * 2:
        small_office.hears(NEWS[news])
        small_office.sends()

    (notice,) = small_office.inbox()
    assert notice["kind"] == "parcel_shipped"
    assert "YL-2" in notice["text"]
    reached = [letter.to for letter in small_office.sends()]
    assert reached != []
    assert len(reached) == len(set(reached)), "once by each channel, whatever is told"
