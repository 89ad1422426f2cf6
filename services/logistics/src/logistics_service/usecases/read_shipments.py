"""What people may see of shipments: owners their own, merchants theirs, nobody else anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from logistics_service.domain.errors import ShipmentNotFound, WaybillNotFound
from logistics_service.domain.fulfilment import Fulfilment, Status
from logistics_service.domain.order import Destination
from logistics_service.domain.parcel import Parcel
from logistics_service.domain.trace import Trace
from logistics_service.store import fulfilments, orders, traces
from shop_events.sql import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who is looking: a buyer by the account, or a merchant."""

    account_id: str | None = None
    merchant_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentSeen:
    """A fulfilment with what its carriers told, and where it goes (None: not told yet)."""

    fulfilment: Fulfilment
    traces: dict[str, list[Trace]]
    destination: Destination | None


def read_shipment(connection: Connection, shipment_id: str, viewer: Viewer) -> ShipmentSeen:
    """The shipment of this id, or with the parcel of this id.

    Raises:
        ShipmentNotFound: there is none, or it is somebody else's.
    """
    fulfilment = fulfilments.get(connection, shipment_id)
    if not _may_see(connection, fulfilment, viewer):
        raise ShipmentNotFound(shipment_id)
    return _seen(connection, [fulfilment])[0]


def read_shipments(connection: Connection, order_id: str, viewer: Viewer) -> list[ShipmentSeen]:
    """The order's shipments, as far as they are the viewer's; none yet, or none ever: none."""
    found = fulfilments.of_order(connection, order_id)
    return _seen(connection, [one for one in found if _may_see(connection, one, viewer)])


def read_tracking(
    connection: Connection, waybill: str, viewer: Viewer
) -> tuple[Parcel, list[Trace]]:
    """The parcel with this waybill, and where it was seen.

    Raises:
        WaybillNotFound: there is none, or it is somebody else's.
    """
    for fulfilment, parcel in fulfilments.with_waybill(connection, waybill):
        if _may_see(connection, fulfilment, viewer):
            return parcel, traces.of_parcels(connection, [parcel.id])[parcel.id]
    raise WaybillNotFound(waybill)


def read_work(
    connection: Connection,
    merchant_id: str,
    *,
    status: Status | None,
    after: str | None,
    at_most: int,
) -> list[ShipmentSeen]:
    """A merchant's shipments, the oldest first, in one heap or all."""
    found = fulfilments.of_merchant(
        connection, merchant_id, status=status, after=after, at_most=at_most
    )
    return _seen(connection, found)


def _may_see(connection: Connection, fulfilment: Fulfilment, viewer: Viewer) -> bool:
    if viewer.merchant_id is not None:
        return fulfilment.merchant_id == viewer.merchant_id
    order = orders.get(connection, fulfilment.order_id)
    return order is not None and order.account_id == viewer.account_id is not None


def _seen(connection: Connection, found: Iterable[Fulfilment]) -> list[ShipmentSeen]:
    shown = []
    for fulfilment in found:
        order = orders.get(connection, fulfilment.order_id)
        parcel_ids = [parcel.id for parcel in fulfilment.parcels]
        shown.append(
            ShipmentSeen(
                fulfilment=fulfilment,
                traces=traces.of_parcels(connection, parcel_ids),
                destination=order.destination if order else None,
            )
        )
    return shown
