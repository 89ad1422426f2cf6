"""A carrier told where a parcel is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from logistics_service.domain.fulfilment import Fulfilment
from logistics_service.domain.parcel import ENDED, Parcel
from logistics_service.domain.stock import MovementType
from logistics_service.domain.trace import STATES, Sighting, Trace
from logistics_service.domain.way import UNTRACED
from logistics_service.store import fulfilments, orders, questions, traces
from logistics_service.usecases import messages, times
from logistics_service.usecases.collect_cash import collect_cash
from logistics_service.usecases.forget_people import forget_when_due
from logistics_service.usecases.move_units import move_units
from shop_events import Event, Tx
from shop_events.contracts.logistics import (
    CashCollected,
    ParcelDelivered,
    ParcelLost,
    ParcelRefused,
    ParcelReturned,
    ParcelTraceAdded,
    StockLevelChanged,
    TraceState,
)

# What a trace may lead to.
TOLD: Final[tuple[type[Event], ...]] = (
    ParcelTraceAdded,
    ParcelDelivered,
    ParcelRefused,
    ParcelReturned,
    ParcelLost,
    CashCollected,
    StockLevelChanged,
)


def follow_parcel(tx: Tx, waybill: str, trace: Trace) -> bool:
    """Put the trace in its place and move the parcel if it leads on; False when it was known.

    Traces may come late, twice and in any order; the parcel never moves back (F1). Publishes
    ParcelTraceAdded for each new trace, and once per parcel ParcelDelivered (with CashCollected
    where it is paid at the door), ParcelRefused, ParcelReturned (the goods are back in stock) or
    ParcelLost. Idempotent on the carrier's event id, and on parcel, state and instant.

    Raises:
        WaybillNotFound: no parcel of this carrier has it (yet); the carrier tries again.
    """
    parcel_id = fulfilments.parcel_of(tx.connection, trace.carrier, waybill)
    fulfilment = fulfilments.lock(tx.connection, parcel_id)
    if not traces.add(tx.connection, parcel_id, trace):
        return False
    before = fulfilment.parcel(parcel_id)
    parcel = before.seen(STATES[trace.state], trace.at)
    fulfilments.save(tx.connection, fulfilment, fulfilment.with_parcel(parcel))
    _listen_on(tx, parcel)
    tx.publish(_trace_added(parcel, trace))
    if _is_news(tx, parcel, trace) and trace.state in _NEWS:
        _NEWS[trace.state](tx, fulfilment, parcel)
    return True


def _is_news(tx: Tx, parcel: Parcel, trace: Trace) -> bool:
    """Whether the parcel went through that state, and this is the first one heard of it.

    A late "refused" of a parcel that is on its way back already is news, too.
    """
    went_through = parcel.went_through(STATES[trace.state])
    return went_through and traces.times_seen(tx.connection, parcel.id, trace.state) == 1


def _deliver(tx: Tx, fulfilment: Fulfilment, parcel: Parcel) -> None:
    tx.publish(
        ParcelDelivered(
            parcel_id=parcel.id,
            order_id=parcel.order_id,
            lines=messages.shipment_lines(parcel.lines),
            signed_at=parcel.state_at,
        )
    )
    collect_cash(tx, fulfilment, parcel)


def _refuse(tx: Tx, fulfilment: Fulfilment, parcel: Parcel) -> None:
    del fulfilment  # its goods are on their way back
    lines = messages.shipment_lines(parcel.lines)
    tx.publish(ParcelRefused(parcel_id=parcel.id, order_id=parcel.order_id, lines=lines))


def _take_back(tx: Tx, fulfilment: Fulfilment, parcel: Parcel) -> None:
    move_units(
        tx,
        MovementType.RETURNED,
        parcel.lines,
        warehouse_id=fulfilment.warehouse_id,
        cause=f"parcel:{parcel.id}",
    )
    lines = messages.shipment_lines(parcel.lines)
    tx.publish(ParcelReturned(parcel_id=parcel.id, order_id=parcel.order_id, lines=lines))


def _lose(tx: Tx, fulfilment: Fulfilment, parcel: Parcel) -> None:
    del fulfilment  # its goods left the stock when they were shipped
    lines = messages.shipment_lines(parcel.lines)
    tx.publish(ParcelLost(parcel_id=parcel.id, order_id=parcel.order_id, lines=lines))


_NEWS: Final[dict[Sighting, Callable[[Tx, Fulfilment, Parcel], None]]] = {
    Sighting.SIGNED: _deliver,
    Sighting.REFUSED: _refuse,
    Sighting.RETURNED_TO_SENDER: _take_back,
    Sighting.LOST: _lose,
}


def _listen_on(tx: Tx, parcel: Parcel) -> None:
    if parcel.state in ENDED:
        tx.unschedule(times.SILENT_PARCEL, parcel.id)
        questions.drop(tx.connection, parcel.id)
        order = orders.get(tx.connection, parcel.order_id)
        forget_when_due(tx, parcel.order_id, order.account_id if order else None)
    elif parcel.carrier not in UNTRACED:
        listen_for(tx, parcel.id)


def listen_for(tx: Tx, parcel_id: str) -> None:
    """From now on a carrier that says nothing is asked, and after two days people are warned."""
    tx.schedule(times.SILENT_PARCEL, parcel_id, tx.now + times.SILENCE)
    questions.put(tx.connection, parcel_id, tx.now + times.ask_after(0))


def _trace_added(parcel: Parcel, trace: Trace) -> ParcelTraceAdded:
    return ParcelTraceAdded(
        parcel_id=parcel.id,
        order_id=parcel.order_id,
        state=TraceState(trace.state),
        place=trace.place,
        at=trace.at,
    )
