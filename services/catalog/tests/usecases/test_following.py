"""What follows from what others tell: who sells, what is in stock, what was sold, what moved."""

from concurrent.futures import ThreadPoolExecutor, wait

from catalog_service.testing import LAN, MEI, Stall, a_mug, a_sku, a_teapot, lan, mei
from catalog_service.usecases.follow_others import follow_stock
from catalog_service.usecases.tell_state import present_products
from shop_events.contracts.catalog import ProductStatus


def test_a_suspended_merchants_products_are_not_sold_and_come_back_with_him(stall: Stall) -> None:
    product = stall.sells()
    stall.sells(a_teapot(), lan)

    stall.hears_merchant(MEI, active=False, version=2)
    assert stall.finds() == ["紫砂茶壶"]
    last = stall.told(product["id"])[-1]
    assert (last.status, {sku.active for sku in last.skus}) == (ProductStatus.PUBLISHED, {False})
    late = stall.sells(a_mug(skus=[a_sku("LATE")]))
    assert stall.finds() == ["紫砂茶壶"]
    assert not stall.told(late["id"])[-1].skus[0].active

    stall.hears_merchant(MEI, active=True, version=1)  # older: it changes nothing
    assert stall.finds() == ["紫砂茶壶"]
    stall.hears_merchant(MEI, active=True, version=3)

    assert len(stall.finds()) == 3
    assert stall.told(product["id"])[-1].skus[0].active
    assert stall.problems() == []


def test_a_merchant_is_suspended_while_he_publishes(stall: Stall) -> None:
    drafts = [stall.drafts(a_mug(skus=[a_sku(f"M-{n}")]))["id"] for n in range(6)]
    stall.bench.app  # noqa: B018 - made once, before the threads ask for it

    with ThreadPoolExecutor(2) as pool:
        publishing = pool.submit(lambda: [stall.publishes(one) for one in drafts])
        suspending = pool.submit(lambda: stall.hears_merchant(MEI, active=False, version=2))
        publishing.result(timeout=30)
        suspending.result(timeout=30)
    stall.bench.do_chores()

    assert stall.finds() == []
    assert stall.problems() == []


def test_stock_told_before_the_product_is_remembered(quick_stall: Stall) -> None:
    quick_stall.hears_stock("sku-mug", "plenty", version=3)
    quick_stall.hears_stock("sku-mug", "none", version=2)

    body = a_mug(skus=[a_sku("MUG", sku_id="sku-mug")], publish=True)
    quick_stall.bench.client(mei).post("/dev/products", body)

    assert quick_stall.lists()["items"][0]["in_stock"]
    quick_stall.hears_stock("sku-mug", "none", version=4)
    assert not quick_stall.lists()["items"][0]["in_stock"]


def test_a_product_that_is_put_up_while_its_stock_is_told_is_in_stock(stall: Stall) -> None:
    body = a_mug(skus=[a_sku("MUG", sku_id="sku-mug")], publish=True)
    client = stall.bench.client(mei)

    with ThreadPoolExecutor(1) as pool:
        with stall.bench.database.begin() as tx:
            follow_stock(tx, "sku-mug", band="plenty", version=1)
            putting_up = pool.submit(client.post, "/dev/products", body)
            wait([putting_up], timeout=1)  # it must not get by
        assert putting_up.result(timeout=30).status_code == 201

    assert stall.lists()["items"][0]["in_stock"]
    assert stall.problems() == []


def test_two_skus_of_a_product_told_of_at_once_come_out_right(stall: Stall) -> None:
    skus = stall.sells()["skus"]

    with ThreadPoolExecutor(2) as pool:
        bands = zip(skus, ("plenty", "none"), strict=True)
        list(pool.map(lambda one: stall.hears_stock(one[0]["sku_id"], one[1]), bands))

    assert stall.lists()["items"][0]["in_stock"]
    assert stall.problems() == []


def test_row_22_an_order_is_counted_once_however_often_it_is_told(quick_stall: Stall) -> None:
    product = quick_stall.sells()
    sku_id = product["skus"][0]["sku_id"]

    for _ in range(2):
        quick_stall.hears_sold(sku_id, 3, order_id="o-1")
    quick_stall.hears_sold(sku_id, 1, order_id="o-2")
    quick_stall.hears_sold("sku-of-nobody", 1, order_id="o-3")

    assert quick_stall.lists()["items"][0]["sales"] == 4
    assert (
        quick_stall.bench.client(mei).get(f"/merchant/products/{product['id']}").get_json()["sales"]
        == 4
    )
    assert len(quick_stall.told(product["id"])) == 2, "a sale is no change of the product"
    assert quick_stall.problems() == []


def test_row_16_what_lies_in_a_category_moves_with_it_and_is_told(stall: Stall) -> None:
    product = stall.sells()
    stall.puts_category("garden", None, {"en": "Garden"})

    stall.puts_category("kitchen", "garden", {"en": "Kitchen"})
    stall.bench.do_chores()

    assert stall.told(product["id"])[-1].category_path == ("garden", "kitchen", "cups")
    assert (stall.finds(category="garden"), stall.finds(category="home")) == (["手工马克杯"], [])
    assert stall.problems() == []


def test_a_new_subscriber_is_told_what_the_others_know(quick_stall: Stall) -> None:
    known = [
        quick_stall.sells()["id"],
        quick_stall.sells(a_teapot(), lan)["id"],
        quick_stall.drafts({})["id"],
    ]
    quick_stall.hears_merchant(LAN, active=False, version=2)

    with quick_stall.bench.database.read() as connection:
        first = present_products(connection, "", 2)
        rest = present_products(connection, first[-1].product_id, 2)

    assert [*first, *rest] == [quick_stall.told(one)[-1] for one in sorted(known)]
