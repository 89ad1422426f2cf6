"""What the kiosk and its supplier say. Their own set, so that the shop's catalogue stays clean."""

from shop_events import Event, Money, event
from shop_events.contract import Contracts, Kind

KNOWN = Contracts()  # of their own: the suite's catalogue has no kiosk


@event("kiosk_sale.made", version=1, by="kiosk", key="sale_id", known=KNOWN)
class SaleMade(Event):
    """Somebody bought mugs."""

    sale_id: str
    buyer: str
    mugs: int
    total: Money


@event("kiosk_sale.forgotten", version=1, by="kiosk", key="sale_id", known=KNOWN)
class SaleForgotten(Event):
    """Nobody came for the mugs."""

    sale_id: str


@event("kiosk_delivery.arrived", version=1, by="supplier", key="delivery_id", known=KNOWN)
class DeliveryArrived(Event):
    """The supplier brought mugs."""

    delivery_id: str
    mugs: int


@event("kiosk_shelf.changed", version=1, by="kiosk", key="kind", kind=Kind.STATE, known=KNOWN)
class ShelfChanged(Event):
    """How many of a kind are left."""

    kind: str
    left: int
    version: int
