"""A mistyped waybill is put right in the order, whenever its buyer's order hears of it."""

import itertools

import pytest

from order_service.testing import Shop, a_mug, ann
from shop_events.contracts.logistics import ParcelWaybillCorrected, ShipmentLine

NEWS = ["ships", "corrects", "corrects_again"]


def tell(shop: Shop, order_id: str, news: str) -> None:
    """One of NEWS, as logistics tells it."""
    if not news.startswith("corrects"):
        getattr(shop, news)(order_id, "p-1", {"1": 1})
        return
    version = 1 if news == "corrects" else 2
    shop.bench.hears(
        ParcelWaybillCorrected(
            parcel_id="p-1",
            fulfilment_id="f-1",
            order_id=order_id,
            carrier="yunlu",
            waybill=f"YL-{version}",
            lines=(ShipmentLine(line_id="1", sku_id="sku-mug", quantity=1),),
            version=version,
        )
    )


@pytest.mark.parametrize("told", list(itertools.permutations(NEWS)), ids="-".join)
def test_row_77_the_last_waybill_stands_in_whatever_order_it_is_told(
    quick_shop: Shop, told: tuple[str, ...]
) -> None:
    order_id = quick_shop.confirms(a_mug())

    for news in told * 2:
        tell(quick_shop, order_id, news)

    (parcel,) = quick_shop.sees(order_id)["parcels"]
    label = (parcel["state"], parcel["carrier"], parcel["waybill"])
    assert label == ("shipped", "yunlu", "YL-2")


def test_row_77_the_buyer_reads_once_that_a_waybill_was_put_right(shop: Shop) -> None:
    order_id = shop.confirms(a_mug())

    for news in ("ships", "corrects", "corrects"):
        tell(shop, order_id, news)

    for language, said in (
        ("en", "A parcel goes by another number: yunlu YL-1."),
        ("zh-CN", "包裹运单号已更正：yunlu YL-1。"),
    ):
        asked = {"Accept-Language": language}
        answer = shop.bench.client(ann).get(f"/orders/{order_id}/timeline", headers=asked)
        assert [row["text"] for row in answer.get_json()["items"]].count(said) == 1


def test_row_77_a_parcel_heard_of_by_its_correction_alone_is_on_its_way(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug())

    tell(quick_shop, order_id, "corrects")

    assert quick_shop.status(order_id) == "shipped"
    assert quick_shop.sees(order_id)["parcels"][0]["waybill"] == "YL-1"
