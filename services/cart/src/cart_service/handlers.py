"""What cart does when something happened elsewhere."""

from __future__ import annotations

from cart_service.usecases.end_carts import forget_account
from cart_service.usecases.keep_copies import keep_level, keep_product
from cart_service.usecases.take_out_bought import take_out_bought
from chassis.revocation import listen as listen_for_revocations
from shop_events import Subscriptions, Tx
from shop_events.contracts.account import AccountErased
from shop_events.contracts.catalog import ProductChanged
from shop_events.contracts.logistics import StockLevelChanged
from shop_events.contracts.order import OrderPlaced

subscriptions = Subscriptions("cart")
listen_for_revocations(subscriptions)


@subscriptions.on(ProductChanged)
def keep_product_when_changed(event: ProductChanged, tx: Tx) -> None:
    """Titles, options, prices and whether it is sold."""
    keep_product(tx, event)


@subscriptions.on(StockLevelChanged)
def keep_level_when_changed(event: StockLevelChanged, tx: Tx) -> None:
    """How many can be had."""
    keep_level(tx, event)


@subscriptions.on(OrderPlaced)
def take_out_when_placed(event: OrderPlaced, tx: Tx) -> None:
    """What was bought need not be bought again."""
    take_out_bought(
        tx,
        event.order_id,
        account_id=event.account_id,
        bought=[(line.sku_id, line.quantity) for line in event.lines],
    )


@subscriptions.on(AccountErased)
def forget_when_erased(event: AccountErased, tx: Tx) -> None:
    """Nobody's cart."""
    forget_account(tx, event.account_id)
