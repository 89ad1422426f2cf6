"""What people may see of shipments: owners their own, merchants theirs, nobody else anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from logistics_service.domain.errors import ShipmentNotFound, WaybillNotFound
from logistics_service.domain.fulfilment import Fulfilment
from logistics_service.domain.mask import masked
from logistics_service.domain.order import Destination, Order
from logistics_service.domain.parcel import ENDED, Parcel
from logistics_service.domain.trace import Trace
from logistics_service.domain.viewer import Viewer
from logistics_service.domain.work import Wanted
from logistics_service.store import fulfilments, orders, traces, work
from shop_events.sql import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentSeen:
    """A fulfilment with what its carriers told, and where it goes, as far as one may know.

    ``destination`` None: not told yet, or forgotten. ``shows_codes``: to the buyer alone, who
    shows the pick-up code at the counter, and may know who signed.
    """

    fulfilment: Fulfilment
    traces: dict[str, list[Trace]]
    number: str | None
    delivery_method: str | None
    destination: Destination | None
    shows_codes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelSeen:
    """A parcel and where it was seen."""

    parcel: Parcel
    traces: list[Trace]
    shows_codes: bool


def read_shipment(connection: Connection, shipment_id: str, viewer: Viewer) -> ShipmentSeen:
    """The shipment of this id, or with the parcel of this id.

    Raises:
        ShipmentNotFound: there is none, or it is somebody else's.
    """
    fulfilment = fulfilments.get(connection, shipment_id, viewer)
    return _seen(connection, [fulfilment], viewer, one=True)[0]


def read_shipments(connection: Connection, order_id: str, viewer: Viewer) -> list[ShipmentSeen]:
    """The order's shipments, as far as they are the viewer's; none yet, or none ever: none."""
    return _seen(connection, fulfilments.of_order(connection, order_id, viewer), viewer)


def read_tracking(connection: Connection, waybill: str, viewer: Viewer) -> ParcelSeen:
    """The parcel with this waybill, and where it was seen.

    Raises:
        WaybillNotFound: there is none, or it is somebody else's.
    """
    found = fulfilments.with_waybill(connection, waybill, viewer)
    if not found:
        raise WaybillNotFound(waybill)
    parcel = found[0]
    return ParcelSeen(
        parcel=parcel,
        traces=traces.of_parcels(connection, [parcel.id])[parcel.id],
        shows_codes=viewer.account_id is not None,
    )


def read_work(
    connection: Connection, wanted: Wanted, *, after: str | None, at_most: int
) -> list[ShipmentSeen]:
    """Such shipments of a merchant's, the oldest first."""
    found = work.page(connection, wanted, after=after, at_most=at_most)
    return _seen(connection, found, Viewer(merchant_id=wanted.merchant_id))


def count_work(connection: Connection, merchant_id: str) -> dict[str, int]:
    """How many shipments lie in each of the merchant's heaps."""
    return work.counts(connection, merchant_id)


def read_scanned(connection: Connection, merchant_id: str, code: str) -> ShipmentSeen:
    """The merchant's shipment with this on it: its id, a parcel's, a waybill, an order's number.

    Raises:
        ShipmentNotFound: there is none, or it is another merchant's.
    """
    found = work.scanned(connection, merchant_id, code)
    if not found:
        raise ShipmentNotFound(code)
    return _seen(connection, found[:1], Viewer(merchant_id=merchant_id), one=True)[0]


def _seen(
    connection: Connection, found: Iterable[Fulfilment], viewer: Viewer, *, one: bool = False
) -> list[ShipmentSeen]:
    """``one``: somebody works on it; lists show nobody's name."""
    shown = []
    for fulfilment in found:
        order = orders.get(connection, fulfilment.order_id)
        parcel_ids = [parcel.id for parcel in fulfilment.parcels]
        shown.append(
            ShipmentSeen(
                fulfilment=fulfilment,
                traces=traces.of_parcels(connection, parcel_ids),
                number=order.number if order else None,
                delivery_method=order.delivery_method if order else None,
                destination=_shown_to(viewer, fulfilment, order, one=one),
                shows_codes=viewer.account_id is not None,
            )
        )
    return shown


def _shown_to(
    viewer: Viewer, fulfilment: Fulfilment, order: Order | None, *, one: bool
) -> Destination | None:
    """Whole for the merchant who has a parcel of it in hand or under way; else masked."""
    if order is None or order.destination is None:
        return None
    in_hand = any(parcel.state not in ENDED for parcel in fulfilment.parcels)
    if one and viewer.merchant_id is not None and in_hand:
        return order.destination
    return masked(order.destination)
